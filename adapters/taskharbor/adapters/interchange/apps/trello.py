"""Trello: a board, exported as JSON.

Source: the resources board, list, card, checklist and action of Trello's REST API
(developer.atlassian.com/cloud/trello/rest). A card is a task in the list `Board / List`, in the order of the cards;
an archived list is one here. Labels are tags, by their colour if they have no name. `start` and `due` are instants,
`dueComplete` says that it is done, `dueReminder` are minutes before. Items of checklists are subtasks, attachments with
a URL are links. Comments are actions of the types `commentCard` and, of a card that is a copy, `copyCommentCard`; an
export has the last 1,000 actions of a board. A card that was archived without having been done is cancelled. When a
card was made is in its id (the first 8 digits).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from taskharbor.adapters.interchange.apps.app_task import MAX_LIST_NAME, AppTask
from taskharbor.adapters.interchange.apps.expected import (
    Members,
    an_object,
    digits,
    flag,
    instant,
    objects,
    one_of,
    text,
)
from taskharbor.adapters.interchange.apps.json_document import JsonDocumentReader
from taskharbor.adapters.interchange.apps.names_of_tasks import NamesOfTasks
from taskharbor.adapters.interchange.apps.read_only import ReadOnlyFormat
from taskharbor.adapters.interchange.apps.values import instant_in, list_in, object_in, text_in, zoned_wire
from taskharbor.application.interchange.fitting import fitted_line
from taskharbor.application.ports.interchange import ListDraft, ReadItem, Skipped, Unreadable
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
_COMMENT: Final[Members] = {
    "date": instant,
    "memberCreator": an_object({"fullName": text}),
    "data": an_object({"text": text}),
}
_EXPECTED: Final[Members] = {
    "id": text,
    "name": text,
    "desc": text,
    "idList": text,
    "closed": flag,
    "dueComplete": flag,
    "state": one_of("complete", "incomplete"),
    "dueReminder": digits,
    "dateLastActivity": instant,
    "labels": objects({"name": text, "color": text}),
    "attachments": objects({"name": text, "url": text}, having="url"),
}


class TrelloReader(JsonDocumentReader):
    """Reads one board."""

    named = frozenset({"actions", "cards", "lists", "checklists"})

    def items_of(self, document: object) -> Iterator[ReadItem]:
        """Yield its cards, and the items of their checklists."""
        board = object_in(document)
        if "cards" not in board:
            yield Unreadable(place="file", reason="it has no cards, as a board of Trello has", is_last=True)
            return
        name, names = text_in(board.get("name")), NamesOfTasks(_APP)
        if board.get("name") and not name:
            self.refuse("name", "it is no text")
        lists = {text_in(each.get("id")): each for _, each in self.objects(board.get("lists"), "list")}
        cards = self.objects(board.get("cards"), "card")
        comments: dict[str, list[Mapping[str, object]]] = {text_in(card.get("id")): [] for _, card in cards}
        for place, action in self.objects(board.get("actions"), "action"):
            if text_in(action.get("type")) not in _COMMENTS:
                continue
            card_id = text_in(object_in(object_in(action.get("data")).get("card")).get("id"))
            if card_id and card_id in comments:
                comments[card_id].append(action)
            else:
                yield Skipped(place=place, reason="it is a comment on a card that is not in the file")
        yield from _archived_lists(name, lists.values())
        for place, card in sorted(cards, key=_position):
            yield _card(
                place, card, name, lists, comments[text_in(card.get("id"))][::-1], names
            )  # the latest comes first
        for checklist_place, checklist in self.objects(board.get("checklists"), "checklist"):
            if "checkItems" not in checklist:
                self.refuse(checklist_place, "it has no checkItems")
            for place, item in sorted(
                self.objects(checklist.get("checkItems"), f"{checklist_place}, item"), key=_position
            ):
                yield _check_item(place, item, checklist, names)


def _archived_lists(board: str, lists: Iterable[Mapping[str, object]]) -> Iterator[ReadItem]:
    """Yield the lists that were archived: their cards are not."""
    for number, each in enumerate(lists):
        name = fitted_line(f"{board} / {text_in(each.get('name'))}", MAX_LIST_NAME)
        if each.get("closed") is True:
            yield ListDraft(place=f"list {number + 1}", changes=TaskListChanges(name=name, archived=True))


def _card(
    place: str,
    card: Mapping[str, object],
    board: str,
    lists: Mapping[str, Mapping[str, object]],
    comments: Iterable[Mapping[str, object]],
    names: NamesOfTasks,
) -> ReadItem:
    of_list = text_in(card.get("idList"))
    column = text_in(lists.get(of_list, {}).get("name"))
    list_name = f"{board} / {column}" if column else board
    task = names.begin(place, card, "name", within=list_name)
    if isinstance(task, Unreadable):
        return task
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
    for action in comments:
        author = text_in(object_in(action.get("memberCreator")).get("fullName"))
        words = text_in(object_in(action.get("data")).get("text"))
        task.comment(words, author=author, at=instant_in(action.get("date")))
        task.expect({"comment": action}, {"comment": an_object(_COMMENT)})
    task.created, task.updated = _made(card), instant_in(card.get("dateLastActivity"))
    task.list_name, task.parent = list_name or None, None
    named = {
        text_in(each.get("name")): text_in(each.get("url")) for each in map(object_in, list_in(card.get("attachments")))
    }
    task.keep("attachments", {name: url for name, url in named.items() if name and name != url})
    task.expect(card, _EXPECTED)
    if of_list and not column:
        task.keep_unread("idList", of_list, "no list of this id with a name is in the file")
    task.keep_rest({**card, "cover": _cover(card)}, but=_UNDERSTOOD | _DERIVED)
    return task.draft()


def _position(placed: tuple[str, Mapping[str, object]]) -> float:
    found = placed[1].get("pos")
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


def _check_item(
    place: str, item: Mapping[str, object], checklist: Mapping[str, object], names: NamesOfTasks
) -> ReadItem:
    card = text_in(checklist.get("idCard"))
    task = names.begin(place, item, "name", within=card)
    if isinstance(task, Unreadable):
        return task
    task.text(text_in(item.get("name")), "")
    is_done = item.get("state") == "complete"
    task.set("progress", Progress.COMPLETED if is_done else Progress.NEEDS_ACTION)
    _times(task, item)
    task.parent = _uid(card) if card else None
    task.created = _made(item)
    task.keep("checklist", checklist.get("name"))
    task.expect(item, _EXPECTED)
    task.expect(checklist, {"idCard": text})
    task.keep_rest(item, but=_OF_ITEM)
    return task.draft()


def _made(said: Mapping[str, object]) -> datetime | None:
    name = text_in(said.get("id"))
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
