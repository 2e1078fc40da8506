"""Reminders as notifications of ntfy (https://docs.ntfy.sh/publish/#publish-as-json), with httpx: the extra `ntfy`."""

from typing import Final
from urllib.parse import urlsplit, urlunsplit

from taskharbor.application.errors import MissingDependency
from taskharbor.application.ports.reminder_channel import ReminderChannel, Told
from taskharbor.domain.errors import InvalidValue

_TIMEOUT: Final = 20.0


class NtfyChannel(ReminderChannel):
    """Publishes to a topic.

    Args:
        url: that of the topic, such as `https://ntfy.sh/my-tasks`.
        token: an access token of the server, or None.

    Raises:
        InvalidValue: for `ntfy_url`.
    """

    def __init__(self, url: str, *, token: str | None = None) -> None:
        parts = urlsplit(url)
        path, _, self._topic = parts.path.rstrip("/").rpartition("/")
        if parts.scheme not in {"http", "https"} or not parts.hostname or not self._topic:
            raise InvalidValue("ntfy_url", "must be that of a topic, such as https://ntfy.sh/my-tasks")
        self._server = urlunsplit((parts.scheme, parts.netloc, f"{path}/", "", ""))
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}

    @property
    def name(self) -> str:
        """What it is called."""
        return "ntfy"

    async def tell(self, told: Told) -> None:
        """Publish the notification. A redirection is a failure."""
        try:
            import httpx  # noqa: PLC0415  # only where it is asked for
        except ImportError:
            raise MissingDependency("httpx", purpose="to publish to ntfy", extra="ntfy") from None
        content = {"topic": self._topic, "title": told.title, "message": told.sentence, "tags": ["alarm_clock"]}
        async with httpx.AsyncClient(timeout=_TIMEOUT, follow_redirects=False) as client:
            response = await client.post(self._server, json=content, headers=self._headers)
        if not response.is_success:
            raise OSError(f"ntfy answered with status {response.status_code}")
