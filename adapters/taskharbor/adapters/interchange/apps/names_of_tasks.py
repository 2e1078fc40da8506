"""By what a task of an app is known: by its id, or without one by its words."""

from collections.abc import Mapping

from taskharbor.adapters.interchange.apps.app_task import AppTask
from taskharbor.adapters.interchange.apps.values import text_in
from taskharbor.application.interchange.numbered_names import NumberedNames
from taskharbor.application.ports.interchange import Unreadable
from taskharbor.domain.values.uid import uid_named


class NamesOfTasks:
    """The tasks without an id of one file so far."""

    def __init__(self, app: str) -> None:
        self._app = app
        self._names = NumberedNames()

    def begin(
        self, place: str, said: Mapping[str, object], words: str, *, within: str, before: str = ""
    ) -> AppTask | Unreadable:
        """Begin a task that says this.

        Args:
            place: where it stands.
            said: all that it says, its `id` included.
            words: which member its title is.
            within: the name of what it is in, by which one without an id is known, too.
            before: what comes before its id, if that is only one among others there.
        """
        name, title = text_in(said.get("id")), text_in(said.get(words))
        if name:
            return AppTask(self._app, place, uid_named(f"{self._app} {before}{name}"))
        if not title.strip():
            return Unreadable(place=place, reason="it has neither an id nor a title")
        known = f"{self._app} {within}\n{title}"
        task = AppTask(self._app, place, self._names.next_uid(known), known)
        task.remark("id", "it has none: it is known by its words")
        return task
