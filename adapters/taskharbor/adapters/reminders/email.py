"""Reminders by e-mail (RFC 5321, RFC 5322), with aiosmtplib: the extra `email`."""

import logging
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Final
from urllib.parse import unquote, urlsplit

from taskharbor.application.errors import MissingDependency
from taskharbor.application.ports.reminder_channel import ReminderChannel, Told
from taskharbor.domain.errors import InvalidValue

_LOG: Final = logging.getLogger("taskharbor.reminders")

_TIMEOUT: Final = 20.0
_PORTS: Final = {"smtp": 587, "smtps": 465}


class EmailChannel(ReminderChannel):
    """Sends a message for each reminder.

    Args:
        url: the server: `smtp://user:password@host:587`, which uses STARTTLS where it is offered, or `smtps://`.
        sender: the address from which.
        recipients: the addresses to which.

    Raises:
        InvalidValue: for `smtp_url`.
    """

    def __init__(self, url: str, *, sender: str, recipients: Sequence[str]) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise InvalidValue("smtp_url", "must be such as smtp://user:password@host:587")
        self._host = parts.hostname
        self._port = parts.port or _PORTS[parts.scheme]
        self._is_tls = parts.scheme == "smtps"
        self._user = None if parts.username is None else unquote(parts.username)
        self._password = None if parts.password is None else unquote(parts.password)
        self._sender = sender
        self._recipients = list(recipients)

    @property
    def name(self) -> str:
        """What it is called."""
        return "email"

    async def tell(self, told: Told) -> None:
        """Send the message."""
        try:
            import aiosmtplib  # noqa: PLC0415  # only where it is asked for
        except ImportError:
            raise MissingDependency("aiosmtplib", purpose="to send e-mail", extra="email") from None
        refused, _ = await aiosmtplib.send(
            self._message(told),
            sender=self._sender,
            recipients=self._recipients,
            hostname=self._host,
            port=self._port,
            username=self._user,
            password=self._password,
            use_tls=self._is_tls,
            timeout=_TIMEOUT,
        )
        if refused:  # if all were, that is an error; to try again would tell the others twice
            _LOG.error("%s of %s recipients of a reminder were refused", len(refused), len(self._recipients))

    def _message(self, told: Told) -> EmailMessage:
        message = EmailMessage()
        message["Subject"] = told.title
        message["From"] = self._sender
        message["To"] = ", ".join(self._recipients)
        message["Date"] = format_datetime(told.at)
        message["Message-ID"] = make_msgid(domain="taskharbor.invalid")
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834
        message.set_content(f"{told.title}\n\n{told.sentence}\n")
        return message
