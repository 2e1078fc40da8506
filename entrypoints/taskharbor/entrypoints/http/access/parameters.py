"""The parameters of the operations on workspaces, members, invitations, tokens and the audit."""

from typing import Final

from taskharbor.application.access.audit import DEFAULT_EVENTS
from taskharbor.application.access.directory_queries import DEFAULT_ITEMS
from taskharbor.entrypoints.http.requests.parameter import TEXT, Parameter, text
from taskharbor.entrypoints.http.requests.parameters import in_query, limit_of


def _in_path(name: str, description: str, *, example: str) -> Parameter[str]:
    return Parameter(
        name=name, where="path", schema=TEXT, description=description, parse=text, example=example, is_required=True
    )


WORKSPACE_ID: Final = _in_path("workspace", "The id of the workspace.", example="team")
MEMBER_ID: Final = _in_path("member", "The id of the member.", example="ada")
INVITATION_ID: Final = _in_path("invitation", "The id of the invitation.", example="9f86d081884c7d65")
TOKEN_ID: Final = _in_path("token", "The id of the token.", example="9f86d081884c7d65")
ITEMS_LIMIT: Final = limit_of("items", default=DEFAULT_ITEMS)
EVENTS_LIMIT: Final = limit_of("events", default=DEFAULT_EVENTS)
AFTER_ID: Final = in_query("after", "Start after this id.", TEXT, text, example="9f86d081884c7d65")
AFTER_EVENT: Final = in_query("after", "Where to continue: taken from the `next` link.", TEXT, text)
WITHOUT_EXPORT: Final = in_query(
    "without_export", "The id of the workspace, to delete it though it has changed since its last export.", TEXT, text
)
