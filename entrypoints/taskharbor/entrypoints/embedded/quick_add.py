"""Quick add as a plain call on one workspace."""

from taskharbor.application.quick_add.quick_add import DEFAULT_LANGUAGE, QuickAdd, QuickAdded
from taskharbor.entrypoints.embedded.scope import HarborScope


class QuickAddCalls(HarborScope):
    """Creates tasks off one line."""

    async def quick_add(
        self,
        text: str,
        *,
        time_zone: str | None = None,
        language: str = DEFAULT_LANGUAGE,
        dry_run: bool = False,
        idempotency_key: str | None = None,
    ) -> QuickAdded:
        """Create the task that a line says: `Pay rent every month on the 1st 9am #home !1 ~15m`.

        Args:
            text: a title, and behind it dates, times, recurrence, `#tags`, `@list`, `!priority`, `~duration` and
                `//description`. A backslash before a word makes it one of the title.
            time_zone: where it was written: what `tomorrow` means, and the zone of its times. Without one, days are
                those of UTC and times are floating.
            language: that of its words for times and recurrence: `en` or `de`.
            dry_run: only say how the line is understood.
            idempotency_key: see `Harbor`.

        Raises:
            InvalidValue: for `text`, if it leaves no title, or names a list, a date or a number that does not exist;
                for `time_zone` or `language`, if it is unknown; for a field, if the line breaks a rule of it.
            MissingDependency: if the extra `filter` is not installed, or `recurrence` for a line that recurs.
        """
        command = QuickAdd(text=text, time_zone=time_zone, language=language, dry_run=dry_run)
        return await self._use_cases.execute(command, **self._context(idempotency_key))
