"""A server behind the proxies of `deploy/`, which are Debian's own."""

import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from debian_packages import program
from postgres_server import free_port

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

SECONDS = 60
NAME = "tasks.example.org"
DEPLOY = Path(__file__).parents[2] / "deploy"
FOLDERS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class Place:
    """Where a proxy is to be, and what is behind it."""

    def __init__(self, folder: Path, debian: Path, upstream: str, port: int) -> None:
        self.folder = folder
        self.debian = debian
        self.upstream = upstream
        self.port = port
        self.certificate, self.key = folder / "certificate.pem", folder / "key.pem"
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
        names = ["-addext", f"subjectAltName=DNS:{NAME}", "-keyout", self.key, "-out", self.certificate]
        subprocess.run([*command, *names], check=True, capture_output=True)


def replaced(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return text


def nginx(place: Place) -> list[object]:
    site = replaced(
        (DEPLOY / "nginx.conf").read_text(),
        ("listen 443 ssl", f"listen 127.0.0.1:{place.port} ssl"),
        ("127.0.0.1:8000", place.upstream),
        (f"/etc/letsencrypt/live/{NAME}/fullchain.pem", str(place.certificate)),
        (f"/etc/letsencrypt/live/{NAME}/privkey.pem", str(place.key)),
    )
    folders = "\n".join(f"{name}_temp_path {place.folder}/{name};" for name in FOLDERS)
    config = place.folder / "main.conf"
    config.write_text(
        f"daemon off; user root; pid {place.folder}/nginx.pid; error_log stderr;\n"
        f"events {{}}\nhttp {{ access_log off; {folders}\n{site} }}\n"
    )
    return [program("nginx", "nginx", place.debian), "-p", place.folder, "-e", "stderr", "-c", config]


def caddy(place: Place) -> list[object]:
    site = replaced(
        (DEPLOY / "Caddyfile").read_text(),
        (f"{NAME} {{", f"https://{NAME}:{place.port} {{\n\tbind 127.0.0.1\n\ttls {place.certificate} {place.key}"),
        ("127.0.0.1:8000", place.upstream),
    )
    config = place.folder / "Caddyfile"
    config.write_text("{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + site)
    return [program("caddy", "caddy", place.debian), "run", "--config", config, "--adapter", "caddyfile"]


Client = Callable[[str], httpx.Client]


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("debian")


@pytest.fixture(params=[nginx, caddy], ids=["nginx", "caddy"])
def client_from(request, tmp_path, debian, start_server) -> Iterator[Client]:
    """Makes clients of the proxy, each with an address of its own."""
    server = start_server(
        TASKHARBOR_TRUSTED_PROXIES="127.0.0.1",
        TASKHARBOR_ALLOWED_HOSTS=NAME,
        TASKHARBOR_RATE_LIMIT_PER_ADDRESS="5/hour",
        TASKHARBOR_STREAM_HEARTBEAT="3600",
    )
    place = Place(tmp_path, debian, f"127.0.0.1:{server.port}", free_port())
    context = ssl.create_default_context(cafile=str(place.certificate))
    proxy = subprocess.Popen(
        request.param(place),
        env={"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
    )
    clients: list[httpx.Client] = []

    def client_from(address: str) -> httpx.Client:
        transport = httpx.HTTPTransport(verify=context, local_address=address)
        clients.append(httpx.Client(transport=transport, base_url=f"https://127.0.0.1:{place.port}", timeout=SECONDS))
        clients[-1].headers["Host"] = NAME
        clients[-1].event_hooks["request"] = [lambda request: request.extensions.update(sni_hostname=NAME)]
        return clients[-1]

    try:
        _wait_for(client_from("127.0.0.9"), proxy)
        yield client_from
    finally:
        for client in clients:
            client.close()
        proxy.terminate()
        proxy.communicate(timeout=SECONDS)


def _wait_for(client: httpx.Client, proxy: subprocess.Popen) -> None:
    deadline = time.monotonic() + SECONDS
    while proxy.poll() is None and time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            assert client.get("/health/ready").status_code == 200
            return
        time.sleep(0.05)
    proxy.kill()
    raise AssertionError(proxy.communicate()[1])


def test_events_come_through_at_once(client_from: Client) -> None:
    client = client_from("127.0.0.2")
    with client.stream("GET", "/workspaces/default/events") as response:
        assert response.status_code == 200
        lines = response.iter_lines()
        next(lines)
        assert client.post("/tasks/", json={"title": "Water the plants"}).status_code == 201
        # Without heartbeats nothing else comes that could push it out of a buffer.
        assert next(line for line in lines if "Water the plants" in line)


def test_clients_are_known_by_their_address_whatever_they_claim(client_from: Client) -> None:
    one, other = client_from("127.0.0.2"), client_from("127.0.0.3")
    statuses = [one.get("/tasks/", headers={"X-Forwarded-For": f"203.0.113.{n}"}).status_code for n in range(6)]
    assert statuses == [200] * 5 + [429]
    assert other.get("/tasks/", headers={"X-Forwarded-For": "127.0.0.2"}).status_code == 200


def test_the_limits_of_bodies_are_those_of_the_server(client_from: Client) -> None:
    response = client_from("127.0.0.2").post(
        "/tasks/", content=b" " * 3_000_000, headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
