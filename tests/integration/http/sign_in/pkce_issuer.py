"""The issuer of `oidc-provider-mock`, which takes no code without the verifier that its challenge was made of.

The mock itself does not look at either (RFC 7636 section 4.6). Prints the port that it listens on.
"""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import flask
import oidc_provider_mock
from werkzeug.serving import make_server

challenges: dict[str, str] = {}
"""By the codes that were given for them."""


def challenge_of(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def remember(answer: flask.Response) -> flask.Response:
    code = parse_qs(urlsplit(answer.headers.get("location", "")).query).get("code")
    if flask.request.path == "/oauth2/authorize" and code is not None:
        challenges[code[0]] = flask.request.args["code_challenge"]
    return answer


def check() -> tuple[dict[str, str], int] | None:
    if flask.request.path == "/oauth2/authorize":
        is_asked_well = flask.request.args.get("code_challenge_method") == "S256"
        return (
            None if is_asked_well and flask.request.args.get("code_challenge") else ({"error": "invalid_request"}, 400)
        )
    if flask.request.path != "/oauth2/token":
        return None
    given = challenge_of(flask.request.form.get("code_verifier", ""))
    wanted = challenges.get(flask.request.form.get("code", ""), "")
    return None if hmac.compare_digest(given, wanted) else ({"error": "invalid_grant"}, 400)


def main() -> None:
    app = oidc_provider_mock.app()
    app.before_request(check)
    app.after_request(remember)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
