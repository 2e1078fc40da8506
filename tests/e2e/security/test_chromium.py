"""What a real browser makes of our headers."""

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")

PAGE = """<!DOCTYPE html><title>Another site</title><script>
(async () => {
  const found = {};
  const attempt = async (name, ask) => {
    try { found[name] = await ask(); } catch (error) { found[name] = "blocked"; }
  };
  const form = {method: "POST", mode: "no-cors", body: '{"title": "Planted"}', headers: {"Content-Type": "text/plain"}};
  await attempt("form", async () => (await fetch(API, form)).type);
  await attempt("create", async () => {
    const options = {method: "POST", body: '{"title": "Allowed"}', headers: {"Content-Type": "application/json"}};
    const answer = await fetch(API, options);
    return [answer.status, answer.headers.get("etag"), answer.headers.get("location")];
  });
  await attempt("read", async () => (await (await fetch(API)).json()).map(task => task.title));
  document.body.textContent = JSON.stringify(found);
})();
</script><body></body>"""


def browse(url: str, folder) -> tuple[str, list[str]]:
    """Return the page as it is after its scripts, and what the console says."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=8000", "--enable-logging=stderr"]
    command = [CHROMIUM, *options, f"--user-data-dir={folder / 'profile'}", "--dump-dom", url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=True)
    return done.stdout, [line for line in done.stderr.splitlines() if ":CONSOLE" in line]


@pytest.fixture
def other_site() -> Iterator[HTTPServer]:
    """Another server on this machine, whose page tries what it can."""

    class Pages(BaseHTTPRequestHandler):
        api = ""

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(PAGE.replace("API", json.dumps(self.api)).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def found_by(site: HTTPServer, api: str, folder) -> dict[str, object]:
    site.RequestHandlerClass.api = f"{api}tasks/"
    page, _ = browse(f"http://127.0.0.1:{site.server_port}/", folder)
    return json.loads(page.partition("<body>")[2].partition("</body>")[0])


def test_the_documentation_needs_nothing_that_its_policy_forbids(start_server, tmp_path):
    page, console = browse(f"{start_server(TASKHARBOR_DATABASE_URL='memory://').url}docs", tmp_path)
    assert "/tasks/{task_id}/occurrences" in page.replace("<wbr>", "").replace("\u200b", "")
    assert console == []


def test_a_page_of_another_site_neither_changes_nor_reads_anything(start_server, other_site, tmp_path):
    server = start_server(TASKHARBOR_DATABASE_URL="memory://")
    found = found_by(other_site, server.url, tmp_path)
    assert found == {"form": "opaque", "create": "blocked", "read": "blocked"}
    with server.client() as client:
        assert client.get("/tasks/").json() == []


def test_a_page_of_a_named_origin_does_both_and_sees_the_headers(start_server, other_site, tmp_path):
    origin = f"http://127.0.0.1:{other_site.server_port}"
    server = start_server(TASKHARBOR_DATABASE_URL="memory://", TASKHARBOR_CORS_ORIGINS=origin)
    found = found_by(other_site, server.url, tmp_path)
    assert found == {"form": "opaque", "create": [201, '"1"', "/tasks/1"], "read": ["Allowed"]}
