"""Trello: a board, exported as JSON.

Source: the resources board, list, card, checklist and action of Trello's REST API
(developer.atlassian.com/cloud/trello/rest). A card is a task in the list `Board / List`, in the order of the cards;
an archived list is one here. Labels are tags, by their colour if they have no name. `start` and `due` are instants,
`dueComplete` says that it is done, `dueReminder` are minutes before. Items of checklists are subtasks, attachments with
a URL are links. Comments are actions of the types `commentCard` and, of a card that is a copy, `copyCommentCard`; an
export has the last 1,000 actions of a board. A card that was archived without having been done is cancelled. When a
card was made is in its id (the first 8 digits).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from taskharbor.adapters.interchange.apps.app_task import MAX_LIST_NAME, AppTask
from taskharbor.adapters.interchange.apps.json_document import JsonDocumentReader
from taskharbor.adapters.interchange.apps.read_only import ReadOnlyFormat
from taskharbor.adapters.interchange.apps.values import instant_in, list_in, object_in, text_in, zoned_wire
from taskharbor.application.interchange.fitting import fitted_line
from taskharbor.application.ports.interchange import ListDraft, ReadItem, Unreadable
from taskharbor.domain.lists.task_list import TaskListChanges
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.values.uid import Uid, uid_named

_APP: Final = "trello"
_UNDERSTOOD: Final = frozenset(
    {"id", "name", "desc", "dueComplete", "closed", "labels", "start", "due", "dueReminder", "attachments", "idList"}
    | {"dateLastActivity"}
)
_DERIVED: Final = frozenset(
    {"badges", "checkItemStates", "checklists", "descData", "idAttachmentCover", "idBoard", "idChecklists", "idLabels"}
    | {"idShort", "limits", "nodeId", "pos", "shortLink", "shortUrl", "subscribed", "url", "creationMethod"}
    | {"manualCoverAttachment", "dateClosed", "creationMethodError", "creationMethodLoadingStartedAt"}
)
"""What says nothing that the rest does not, or only where it is in Trello."""

_OF_ITEM: Final = frozenset({"id", "name", "state", "due", "dueReminder", "idChecklist", "pos", "nameData", "limits"})
_COVER: Final = frozenset({"color", "idAttachment", "idUploadedBackground", "sharedSourceUrl"})
_ID_LENGTH: Final = 24
_COMMENTS: Final = frozenset({"commentCard", "copyCommentCard"})


class TrelloReader(JsonDocumentReader):
    """Reads one board."""

    named = frozenset({"actions", "cards", "lists", "checklists"})

    def items_of(self, document: object) -> Iterator[ReadItem]:
        """Yield its cards, and the items of their checklists."""
        board = object_in(document)
        if "cards" not in board:
            yield Unreadable(place="file", reason="it has no cards, as a board of Trello has", is_last=True)
            return
        name = text_in(board.get("name"))
        lists = {text_in(object_in(each).get("id")): object_in(each) for each in list_in(board.get("lists"))}
        comments: defaultdict[str, list[Mapping[str, object]]] = defaultdict(list)
        for action in map(object_in, list_in(board.get("actions"))):
            if action.get("type") in _COMMENTS:
                card = object_in(object_in(action.get("data")).get("card"))
                comments[text_in(card.get("id"))].append(action)
        yield from _archived_lists(name, lists.values())
        shown: dict[str, str] = {}
        for number, card in sorted(
            enumerate(map(object_in, list_in(board.get("cards")))), key=lambda found: _position(found[1])
        ):
            place, card_id = f"card {number + 1}", text_in(card.get("id"))
            if not card_id:
                yield Unreadable(place=place, reason="it has no id")
                continue
            column = text_in(lists.get(text_in(card.get("idList")), {}).get("name"))
            shown[card_id] = f"{name} / {column}" if column else name
            yield _card(place, card, shown[card_id], comments[card_id])
        for number, checklist in enumerate(map(object_in, list_in(board.get("checklists")))):
            card_id = text_in(checklist.get("idCard"))
            items = enumerate(map(object_in, list_in(checklist.get("checkItems"))))
            for at, item in sorted(items, key=lambda found: _position(found[1])):
                yield _check_item(f"checklist {number + 1}, item {at + 1}", item, checklist, card_id)


def _archived_lists(board: str, lists: Iterable[Mapping[str, object]]) -> Iterator[ReadItem]:
    """Yield the lists that were archived: their cards are not."""
    for number, each in enumerate(lists):
        name = fitted_line(f"{board} / {text_in(each.get('name'))}", MAX_LIST_NAME)
        if each.get("closed") is True:
            yield ListDraft(place=f"list {number + 1}", changes=TaskListChanges(name=name, archived=True))


def _card(place: str, card: Mapping[str, object], list_name: str, comments: list[Mapping[str, object]]) -> ReadItem:
    name = text_in(card.get("id"))
    task = AppTask(_APP, place, _uid(name))
    task.text(text_in(card.get("name")), text_in(card.get("desc")))
    is_done, is_archived = card.get("dueComplete") is True, card.get("closed") is True
    left = Progress.CANCELLED if is_archived else Progress.NEEDS_ACTION
    task.set("progress", Progress.COMPLETED if is_done else left)
    labels = [object_in(label) for label in list_in(card.get("labels"))]
    task.tags([text_in(label.get("name")) or text_in(label.get("color")) for label in labels])
    _times(task, card)
    attached = [text_in(object_in(each).get("url")) for each in list_in(card.get("attachments"))]
    if any(attached):
        task.set("links", [url for url in attached if url])
    for action in reversed(comments):  # the latest comes first there
        author = text_in(object_in(action.get("memberCreator")).get("fullName"))
        words = text_in(object_in(action.get("data")).get("text"))
        task.comment(words, author=author, at=instant_in(action.get("date")))
    task.created, task.updated = _made(name), instant_in(card.get("dateLastActivity"))
    task.list_name, task.parent = list_name or None, None
    named = {
        text_in(each.get("name")): text_in(each.get("url")) for each in map(object_in, list_in(card.get("attachments")))
    }
    task.keep("attachments", {name: url for name, url in named.items() if name and name != url})
    task.keep_rest({**card, "cover": _cover(card)}, but=_UNDERSTOOD | _DERIVED)
    return task.draft()


def _position(said: Mapping[str, object]) -> float:
    found = said.get("pos")
    return found if isinstance(found, int | float) and not isinstance(found, bool) else 0


def _cover(card: Mapping[str, object]) -> dict[str, object]:
    """Return what is chosen of a cover: each card has one, which says mostly that nothing is."""
    return {name: value for name, value in object_in(card.get("cover")).items() if value and name in _COVER}


def _times(task: AppTask, said: Mapping[str, object]) -> None:
    for field in ("start", "due"):
        value = said.get(field)
        if (instant := instant_in(value)) is not None:
            task.set(field, zoned_wire(instant, None), source=value)
        elif value:
            task.keep_unread(field, value, "it is no date and time")
    minutes = text_in(said.get("dueReminder"))  # a number of a card, a text of an item
    if minutes.isdecimal() and minutes.isascii() and instant_in(said.get("due")):
        task.set("reminders", [{"offset": f"-PT{int(minutes[:9])}M", "relativeTo": "due"}], source=minutes)


def _check_item(place: str, item: Mapping[str, object], checklist: Mapping[str, object], card: str) -> ReadItem:
    name = text_in(item.get("id"))
    if not name:
        return Unreadable(place=place, reason="it has no id")
    task = AppTask(_APP, place, _uid(name))
    task.text(text_in(item.get("name")), "")
    is_done = item.get("state") == "complete"
    task.set("progress", Progress.COMPLETED if is_done else Progress.NEEDS_ACTION)
    _times(task, item)
    task.parent = _uid(card) if card else None
    task.created = _made(name)
    task.keep("checklist", checklist.get("name"))
    task.keep_rest(item, but=_OF_ITEM)
    return task.draft()


def _made(name: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(name[:8], 16), UTC) if len(name) == _ID_LENGTH else None
    except ValueError:
        return None


def _uid(name: str) -> Uid:
    return uid_named(f"{_APP} {name}")


class TrelloFormat(ReadOnlyFormat):
    """A board as JSON."""

    name = "trello"

    def reader(self) -> TrelloReader:
        """Return a reader for one file."""
        return TrelloReader()
