"""How the environment is read: PORT, variables that a cluster adds by itself, and unknown ones."""

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

from pydantic.fields import FieldInfo
from pydantic_settings import EnvSettingsSource

PREFIX: Final = "TASKHARBOR_"

# Kubernetes describes each Service to each container of its namespace: one named taskharbor, or taskharbor-db, is
# bound to be there, and gives TASKHARBOR_PORT=tcp://10.0.0.1:8000 among others.
_CLUSTER_NAME = re.compile(
    rf"{PREFIX}(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)"
)
_CLUSTER_VALUE = re.compile(r"(tcp|udp|sctp)://")
_OURS = (f"{PREFIX}TEST_",)
_OF_CLIENTS = frozenset({f"{PREFIX}SERVER", f"{PREFIX}TOKEN", f"{PREFIX}CONTEXT"})
"""What the commands on tasks read, and a server does not."""


class TaskharborEnvironment(EnvSettingsSource):
    """`TASKHARBOR_*`, and PORT, which many hosts set."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return the value of the variable, the key to report it under, and whether it is JSON."""
        value, key, is_complex = super().get_field_value(field, field_name)
        if field_name == "port" and (value is None or _CLUSTER_VALUE.match(str(value))):
            value = self.env_vars.get("port")
        return value, key, is_complex


def variable_of(field: str, environment: Mapping[str, str]) -> str:
    """Return the name of the variable from which `field` is read."""
    own = f"{PREFIX}{field.upper()}"
    if field == "port" and "PORT" in environment:
        value = environment.get(own, "")
        return "PORT" if not value or _CLUSTER_VALUE.match(value) else own
    return own


def unknown_variables(fields: Collection[str], environment: Mapping[str, str]) -> list[str]:
    """Return a phrase for each variable with our prefix that is none of `fields`: most likely a slip of the pen."""
    known = [f"{PREFIX}{field.upper()}" for field in fields]
    strangers = [
        name
        for name, value in environment.items()
        if name.upper().startswith(PREFIX)
        and name.upper() not in known
        and name.upper() not in _OF_CLIENTS
        and not name.upper().startswith(_OURS)
        and not _CLUSTER_NAME.fullmatch(name)
        and not _CLUSTER_VALUE.match(value)
    ]
    return [f"{name} is not a setting{_hint(name, known)}" for name in sorted(strangers)]


def _hint(name: str, known: list[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415  # a server that knows all its variables does without

    near = get_close_matches(name.upper(), known, n=1)
    return f" (did you mean {near[0]}?)" if near else ""
