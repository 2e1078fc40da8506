"""Every query of the Grafana dashboard and of the alert rules in `deploy/`."""

import json
import re
from pathlib import Path
from typing import Final, NamedTuple

import yaml

DEPLOY: Final = Path(__file__).parents[3] / "deploy"
DASHBOARD: Final = DEPLOY / "grafana" / "taskharbor.json"
ALERTS: Final = DEPLOY / "prometheus" / "alerts.yaml"

_NAME: Final = re.compile(r"\b(?:taskharbor|process)_\w+")
_STRINGS: Final = re.compile(r'"[^"]*"')
_THRESHOLD: Final = re.compile(r"\s*(?:[<>]=?|[=!]=)\s*[\d.]+\s*$")


class Query(NamedTuple):
    """One query.

    Attributes:
        where: what it is for.
        text: as Prometheus takes it.
        is_alert: whether it has a result only if something is wrong.
    """

    where: str
    text: str
    is_alert: bool

    @property
    def names(self) -> set[str]:
        """The metrics that it asks for."""
        return set(_NAME.findall(_STRINGS.sub('""', self.text)))

    @property
    def without_threshold(self) -> str:
        """What has a result in any case."""
        return _THRESHOLD.sub("", self.text) if self.is_alert else self.text


def panels() -> list[dict]:
    return [panel for panel in json.loads(DASHBOARD.read_text())["panels"] if panel["type"] != "row"]


def rules() -> list[dict]:
    return [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]


def all_queries() -> list[Query]:
    """Return them with the variables of Grafana filled in."""
    shown = [
        Query(f"{panel['title']} {target['refId']}", _filled(target["expr"]), is_alert=False)
        for panel in panels()
        for target in panel["targets"]
    ]
    return shown + [Query(rule["alert"], rule["expr"], is_alert=True) for rule in rules()]


def _filled(expression: str) -> str:
    filled = expression.replace("$instance", ".*").replace("$__rate_interval", "1m")
    assert "$" not in filled, filled
    return filled
