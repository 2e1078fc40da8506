"""The JSON bodies of requests about workspaces, members, invitations and tokens."""

from datetime import timedelta
from typing import Annotated, Any, Final, NotRequired

from pydantic import Field, TypeAdapter, with_config
from typing_extensions import TypedDict

from taskharbor.entrypoints.http.requests.errors import InvalidRequest
from taskharbor.entrypoints.http.schemas.bodies import STRICT

_MOST_SECONDS: Final = 10**9

Name = Annotated[str, Field(description="What people call it: one line, 1 to 500 characters.")]
RoleName = Annotated[str, Field(description="`owner`, `editor` or `viewer`.", examples=["editor"])]
MemberIdText = Annotated[
    str, Field(description="1 to 128 of `a-z 0-9 . _ @ + -`, starting with a letter or digit.", examples=["ada"])
]


@with_config(STRICT)
class NewWorkspaceBody(TypedDict):
    """A new workspace."""

    id: Annotated[str, Field(description="Its name in paths: 1 to 64 of `a-z 0-9 . _ -`.", examples=["team"])]
    name: NotRequired[Name]
    owner: NotRequired[Annotated[str, Field(description="Its owner, where there are no accounts.")]]


@with_config(STRICT)
class ChangeWorkspaceBody(TypedDict, total=False):
    """A JSON Merge Patch (RFC 7396): what is named changes, the rest stays."""

    name: Name
    archived: Annotated[bool, Field(description="Whether it can only be read.")]
    time_zone: Annotated[
        str | None,
        Field(
            description="The IANA name of the time zone of reminders of all-day tasks and of tasks without "
            "one; null for that of the service.",
            examples=["Europe/Berlin"],
        ),
    ]


@with_config(STRICT)
class MemberBody(TypedDict):
    """What somebody is in the workspace."""

    role: RoleName
    name: NotRequired[Name]


@with_config(STRICT)
class NewInvitationBody(TypedDict):
    """A new invitation."""

    role: RoleName
    expires_in: NotRequired[Annotated[int, Field(description="Seconds for which it is good; 604800 by default.")]]


@with_config(STRICT)
class AcceptBody(TypedDict):
    """An invitation and, unless the request says who it is from, who accepts it."""

    secret: Annotated[str, Field(description="That of the invitation.")]
    id: NotRequired[MemberIdText]
    name: NotRequired[Name]


@with_config(STRICT)
class NewTokenBody(TypedDict):
    """A new token."""

    name: Annotated[str, Field(description="What it is for: one line.", examples=["backup"])]
    scope: Annotated[str, Field(description="`read`, `write` or `manage`.", examples=["read"])]
    lists: NotRequired[Annotated[Any, Field(description="The ids of lists to which it is narrowed; null for all.")]]
    expires_in: NotRequired[
        Annotated[int | None, Field(description="Seconds for which it is good; 7776000 by default, null for ever.")]
    ]


NEW_WORKSPACE: Final = TypeAdapter(NewWorkspaceBody)
CHANGE_WORKSPACE: Final = TypeAdapter(ChangeWorkspaceBody)
MEMBER: Final = TypeAdapter(MemberBody)
NEW_INVITATION: Final = TypeAdapter(NewInvitationBody)
ACCEPT: Final = TypeAdapter(AcceptBody)
NEW_TOKEN: Final = TypeAdapter(NewTokenBody)


def life_from(seconds: int) -> timedelta:
    """Return how long something is good.

    Raises:
        InvalidRequest: if the number is out of all range.
    """
    if not 1 <= seconds <= _MOST_SECONDS:
        raise InvalidRequest.at(
            "body.expires_in", f"must be an integer from 1 to {_MOST_SECONDS}", code="invalid_value"
        )
    return timedelta(seconds=seconds)
