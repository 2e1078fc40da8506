"""Write `rrule_js_vectors.json`: 300 random rules with what rrule.js makes of them.

npm install --prefix /tmp/rrule rrule@2.8.1
PYTHONPATH=tests python tests/data/recurrence/make_rrule_js_vectors.py /tmp/rrule
"""

import json
import sys
from pathlib import Path

from random_rules import answers_of_rrule_js, random_rules

NUMBER = 300


def main(folder: Path) -> None:
    version = json.loads((folder / "node_modules/rrule/package.json").read_text())["version"]
    answers = answers_of_rrule_js(random_rules(seed=5545, number=NUMBER + 20), folder)
    vectors = [answer for answer in answers if answer["expected"] is not None][:NUMBER]
    lines = ",\n".join(map(json.dumps, vectors))
    out = Path(__file__).with_name("rrule_js_vectors.json")
    out.write_text(f'{{"source": "rrule {version} from npm",\n"vectors": [\n{lines}\n]}}\n')
    print(len(vectors), "vectors")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
