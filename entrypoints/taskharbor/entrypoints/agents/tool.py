"""A tool: what agents call, and whether its arguments are what they must be."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator

from taskharbor.domain.access.permission import Permission
from taskharbor.domain.errors import InvalidValue
from taskharbor.entrypoints.agents.session import AgentSession

Json: TypeAlias = dict[str, Any]
Handler: TypeAlias = Callable[[AgentSession, Json], Awaitable[Json]]


@dataclass(frozen=True)
class Tool:
    """A tool.

    Attributes:
        name: what agents call.
        description: what it does.
        schema: of its arguments.
        needs: what the caller must be permitted to.
        handle: carries it out.
    """

    name: str
    description: str
    schema: Json
    needs: Permission
    handle: Handler

    @cached_property
    def _validator(self) -> Validator:
        return Draft202012Validator(self.schema)

    def check(self, arguments: Json) -> None:
        """Make sure that arguments are what the schema says.

        Raises:
            InvalidValue: for the first place that is not.
        """
        for error in self._validator.iter_errors(arguments):
            place = "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in error.absolute_path)
            raise InvalidValue(place.lstrip(".") or "arguments", _reason(error.validator, error.validator_value, error))


def _reason(rule: object, wanted: Any, error: Any) -> str:  # noqa: ANN401  # what a schema says
    match rule:
        case "required":
            return f"must have {', '.join(name for name in wanted if name not in error.instance)}"
        case "additionalProperties":
            unknown = [name for name in error.instance if name not in error.schema["properties"]]
            return f"must not have {', '.join(map(str, unknown))[:100]}: it has {', '.join(error.schema['properties'])}"
        case "enum":
            return f"must be one of {', '.join(wanted)}"
        case "type":
            return f"must be {' or '.join(wanted) if isinstance(wanted, list) else wanted}"
        case "minimum" | "maximum" | "minItems" | "maxItems":
            return f"breaks the rule {rule} {wanted}"
        case _:
            return f"breaks the rule {rule}"
