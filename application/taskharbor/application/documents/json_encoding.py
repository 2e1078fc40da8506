"""JSON as text, as documents, histories and records are written."""

import json
from typing import Final

ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)

json_text: Final = ENCODER.encode
"""Return any JSON value as text."""
