"""The languages whose words can be read: a file for each."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from taskharbor.adapters.quick_add.language import Language
from taskharbor.adapters.quick_add.languages.english import ENGLISH
from taskharbor.adapters.quick_add.languages.german import GERMAN

LANGUAGES: Final[Mapping[str, Language]] = MappingProxyType({"de": GERMAN, "en": ENGLISH})
