"""The JSON bodies of requests about what was."""

from typing import Annotated, Final, NotRequired

from pydantic import Field, TypeAdapter, with_config
from typing_extensions import TypedDict

from taskharbor.application.undo.undo_actor import MAX_UNDONE, PATIENCE
from taskharbor.entrypoints.http.schemas.bodies import STRICT


@with_config(STRICT)
class UndoActorBody(TypedDict):
    """Whose commits are undone, and which of them."""

    actor: Annotated[
        str,
        Field(
            description="Who, as the history calls it; of a token, its member and its name.",
            examples=["ada", "ada:laptop"],
        ),
    ]
    since: Annotated[
        str | int,
        Field(
            description=f"Commits after this revision or instant (RFC 3339). They are looked at for {PATIENCE:g} "
            f"seconds, and up to {MAX_UNDONE} of the actor undone; `continue_until` says where that ended.",
            examples=["2026-03-15T18:00:00Z"],
        ),
    ]
    until: NotRequired[Annotated[str | int, Field(description="Up to this one. Defaults to the last commit.")]]
    dry_run: NotRequired[Annotated[bool, Field(description="Whether to report what would happen without doing it.")]]


UNDO_ACTOR: Final = TypeAdapter(UndoActorBody)
