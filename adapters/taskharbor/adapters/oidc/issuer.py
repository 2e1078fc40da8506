"""An issuer as the operator describes it, and what can go wrong with it."""

from taskharbor.domain.errors import TaskharborError
from taskharbor.domain.frozen import frozen


@frozen(kw_only=True)
class Issuer:
    """An issuer.

    Attributes:
        url: its identifier, as in `iss`; its metadata is at `/.well-known/openid-configuration` below it.
        audience: what `aud` of tokens for this API must name.
        algorithms: with which its signatures may be made.
    """

    url: str
    audience: str
    algorithms: tuple[str, ...]


class InvalidJwt(Exception):
    """A token that is not accepted. `reason` is for the log, and has nothing of the token."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class WrongIssuer(Exception):
    """What an issuer says of itself does not go with the settings; the message says what."""


class IssuerUnavailable(TaskharborError):
    """The issuer cannot be asked, and its keys are not known yet."""

    code = "issuer_unavailable"

    def __init__(self, issuer: str) -> None:
        super().__init__("The issuer of the credentials is not responding")
        self.issuer = issuer
