"""The cookies of browsers: of a session, and of a sign-in that is under way."""

from typing import Final, TypeAlias

from starlette.types import Scope

from taskharbor.entrypoints.http.requests.headers import headers_of

SESSION: Final = "taskharbor-session"
SIGN_IN: Final = "taskharbor-sign-in"

Header: TypeAlias = tuple[bytes, bytes]


class Cookies:
    """Reads and sets cookies that no script sees and no other site sends along with a change.

    Over TLS their names begin with `__Host-`: no other host, and nobody on the way, can set them.
    """

    def __init__(self, *, is_secure: bool) -> None:
        self._prefix = "__Host-" if is_secure else ""
        self._attributes = "; Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if is_secure else "")

    def name(self, cookie: str) -> str:
        """Return what a cookie is called on the wire."""
        return f"{self._prefix}{cookie}"

    def value(self, name: str, scope: Scope) -> str | None:
        """Return the value of a cookie; None if it is not there, or if it is there twice."""
        header = headers_of(scope).get(b"cookie")
        if header is None:
            return None
        wanted = self.name(name)
        parts = (part.strip().partition("=") for part in header.decode("latin-1").split(";"))
        found = [cookie for key, _, cookie in parts if key == wanted]
        return found[0] if len(found) == 1 else None

    def set(self, name: str, value: str, *, seconds: int) -> Header:
        """Return the header that sets a cookie for so long."""
        return (b"set-cookie", f"{self.name(name)}={value}{self._attributes}; Max-Age={seconds}".encode("ascii"))

    def clear(self, name: str) -> Header:
        """Return the header that removes a cookie."""
        return self.set(name, "", seconds=0)
