"""Reminders by anything that Apprise knows (https://github.com/caronc/apprise): the extra `apprise`."""

from collections.abc import Sequence

from taskharbor.application.errors import MissingDependency
from taskharbor.application.ports.reminder_channel import ReminderChannel, Told
from taskharbor.domain.errors import InvalidValue


class AppriseChannel(ReminderChannel):
    """Notifies services that are given as the URLs of Apprise.

    Args:
        urls: the services.

    Raises:
        MissingDependency: if the extra is not installed.
        InvalidValue: if Apprise does not know a URL.
    """

    def __init__(self, urls: Sequence[str]) -> None:
        try:
            from apprise import Apprise  # noqa: PLC0415  # only where it is asked for
        except ImportError:
            raise MissingDependency("apprise", purpose="to notify services", extra="apprise") from None
        self._services = Apprise()
        if not all(self._services.add(url) for url in urls):
            raise InvalidValue("apprise_urls", "must be URLs that Apprise knows")

    @property
    def name(self) -> str:
        """What it is called."""
        return "apprise"

    async def tell(self, told: Told) -> None:
        """Notify all services."""
        if not await self._services.async_notify(title=told.title, body=told.sentence):
            raise OSError("Apprise could not notify all services")
