"""What happens between a request about reminders and a use case."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.reminders.list_reminders import ListReminders
from taskharbor.application.reminders.manage_alerts import DismissReminder, SnoozeReminder
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import Revision
from taskharbor.entrypoints.http.reminders.bodies import SNOOZE
from taskharbor.entrypoints.http.reminders.documents import reminder_document
from taskharbor.entrypoints.http.reminders.parameters import BEFORE, REMINDER, REMINDERS_AFTER, REMINDERS_LIMIT
from taskharbor.entrypoints.http.requests.body import read_body, read_json, refuse_body
from taskharbor.entrypoints.http.requests.callers import Callers
from taskharbor.entrypoints.http.requests.headers import JSON
from taskharbor.entrypoints.http.requests.parameter import read_query, refuse_query
from taskharbor.entrypoints.http.requests.parameters import TASK_ID
from taskharbor.entrypoints.http.requests.preconditions import if_matching
from taskharbor.entrypoints.http.requests.validation import validated
from taskharbor.entrypoints.http.responses.links import link_to_next
from taskharbor.entrypoints.http.responses.responses import json_answer, task_answer


class ReminderEndpoints:
    """These operations as functions from request to response."""

    def __init__(self, use_cases: UseCases, *, callers: Callers, max_body_bytes: int) -> None:
        self._use_cases = use_cases
        self._callers = callers
        self._max_body_bytes = max_body_bytes

    async def coming(self, request: Request) -> Response:
        """Return a page of reminders that are to fire."""
        workspace = await self._callers.workspace(request)
        given = read_query(request.scope, BEFORE, REMINDERS_AFTER, REMINDERS_LIMIT)
        query = ListReminders(**given)
        page = await self._use_cases.reminders.list_reminders(query, workspace=workspace)
        answer = json_answer([reminder_document(one) for one in page.items])
        if page.next_after is not None:
            asked = {"limit": query.limit, "after": page.next_after}
            if query.before is not None:
                asked["before"] = query.before.isoformat()
            link = link_to_next(request.scope, urlencode(asked, quote_via=quote))
            answer.raw_headers.append((b"link", link))
        return answer

    async def snooze(self, request: Request) -> Response:
        """Have a reminder fire again."""
        context = await self._callers.context(request)
        refuse_query(request.scope)
        body = validated(SNOOZE, await read_json(request, JSON, self._max_body_bytes), not_yours={})
        return await self._carry_out(request, SnoozeReminder, context, **body)

    async def dismiss(self, request: Request) -> Response:
        """Be done with a reminder."""
        context = await self._callers.context(request)
        refuse_query(request.scope)
        refuse_body(await read_body(request, self._max_body_bytes))
        return await self._carry_out(request, DismissReminder, context)

    async def _carry_out(
        self,
        request: Request,
        command: Callable[..., SnoozeReminder | DismissReminder],
        context: Any,  # noqa: ANN401  # a CallContext, taken apart again
        **values: Any,  # noqa: ANN401  # those of the command
    ) -> Response:
        task_id, reminder = TASK_ID.in_path_of(request), REMINDER.in_path_of(request)

        async def change(expected: Revision | None) -> TaskView:
            asked = command(id=task_id, reminder=reminder, if_match=expected, **values)
            return await self._use_cases.execute(asked, **context)

        return task_answer(await if_matching(request.scope, change))
