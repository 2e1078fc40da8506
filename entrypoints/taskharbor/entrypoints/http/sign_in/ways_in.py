"""The ways in, as OpenAPI describes them: clients that are generated then know where a token goes."""

from typing import Final

from taskharbor.entrypoints.http.openapi.descriptions import Json
from taskharbor.entrypoints.http.sign_in.cookies import SESSION, Cookies
from taskharbor.entrypoints.settings.settings import Settings

_TOKEN: Final[Json] = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API token, as `taskharbor token create` prints it: `th_` and 33 characters.",
}
_METADATA: Final = "/.well-known/openid-configuration"


def ways_in_of(settings: Settings) -> dict[str, Json]:
    """Return the security schemes by their names; none where everyone is the user of this machine."""
    if settings.auth == "local":
        return {}
    cookies = Cookies(is_secure=settings.has_tls)
    session = {
        "type": "apiKey",
        "in": "cookie",
        "name": cookies.name(SESSION),
        "description": "The session of a browser, which begins at `/sign-in`.",
    }
    issuers = {
        each.name: {
            "type": "openIdConnect",
            "openIdConnectUrl": f"{each.issuer.rstrip('/')}{_METADATA}",
            "description": f"A JWT of this issuer for {each.audience}.",
        }
        for each in settings.oidc_issuers
    }
    return {"token": _TOKEN, "session": session, **{f"oidc-{name}": scheme for name, scheme in issuers.items()}}
