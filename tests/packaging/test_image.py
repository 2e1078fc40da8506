"""The image, built from the Dockerfile by buildah, and run as it says: as its user, with nothing to write to but /data.

Where these tests run there is no registry with the image that ours is made from. A Debian with Python, from
debootstrap, has its name.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from debian_packages import program
from postgres_server import free_port

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(os.geteuid() != 0, reason="it takes root"),
]

REPOSITORY = Path(__file__).parents[2]
SECONDS = 120
BASE = "docker.io/library/python:3.13-slim"
PACKAGES = "python3,python3-venv,python-is-python3,ca-certificates"
USER = 10001
# The loader finds the libraries that were unpacked beside buildah by a cache of its own, in a file system of its own.
WITH_LIBRARIES = """
ldconfig -X -C "$0/cache" "$0"/usr/lib/*-linux-gnu; mount --bind "$0/cache" /etc/ld.so.cache
exec "$@"
"""
READ_ONLY = """
mount --bind "$0" "$0"; mount -o remount,bind,ro "$0"
mount --bind "$1" "$0/data"; mount -t proc proc "$0/proc"; mount --bind /dev "$0/dev"; shift
exec "$@"
"""


class Buildah:
    """Buildah with a store of its own."""

    def __init__(self, folder: Path) -> None:
        path = program("buildah", "buildah", folder, "libgpgme11", "libassuan0")
        unpacked = folder / "buildah"
        libraries = ["unshare", "-m", "sh", "-c", WITH_LIBRARIES, unpacked] if path.is_relative_to(unpacked) else []
        store = ["--root", folder / "store", "--runroot", folder / "run", "--storage-driver", "vfs"]
        self._command = [*libraries, path, *store]
        self.policy = folder / "policy.json"
        self.policy.write_text(json.dumps({"default": [{"type": "insecureAcceptAnything"}]}))

    def __call__(self, *arguments: object) -> str:
        done = subprocess.run([*self._command, *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
        return done.stdout.strip()


def base_root(folder: Path) -> Path:
    """Return a folder with a Debian that has Python."""
    root = folder / "base"
    path = program("debootstrap", "debootstrap", folder)
    scripts = path.parents[1] / "share" / "debootstrap"
    done = subprocess.run(
        [path, "--variant=minbase", f"--include={PACKAGES}", "bookworm", root],
        env=os.environ | {"DEBOOTSTRAP_DIR": str(scripts)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"no Debian can be had: {done.stdout[-300:]}")
    return root


def packages_for(root: Path) -> list[str]:
    """Let pip in there find packages where it does here; return the options that show it the folders."""
    listed = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True)
    known = {"cert", "extra-index-url", "find-links", "index-url", "trusted-host"}
    said = {name: value for name, value in re.findall(r"\.([\w-]+)='(.*)'", listed.stdout) if name in known}
    if "cert" in said:
        shutil.copy(said["cert"], root / "etc" / "certificates.pem")
        said["cert"] = "/etc/certificates.pem"
    (root / "etc" / "pip.conf").write_text("[global]\n" + "".join(f"{name} = {said[name]}\n" for name in said))
    places = [word.removeprefix("file://") for name in said if name != "cert" for word in said[name].split()]
    folders = {Path(*Path(place).parts[:3]) for place in places if Path(place).is_dir()}
    return [f"--volume={folder}:{folder}:ro" for folder in sorted(folders)]


@dataclass
class Image:
    """What was built: its files, and what it says of how it is run."""

    root: Path
    about: Mapping[str, Any]

    def command(self, data: Path, *arguments: str, **variables: str) -> list[object]:
        """Return what runs it with these arguments, on a folder for `/data`."""
        variables = dict(each.split("=", 1) for each in self.about["Env"]) | variables
        inside = [
            "env",
            "-i",
            "-C",
            self.about["WorkingDir"],
            *(f"{name}={value}" for name, value in variables.items()),
        ]
        chroot = ["chroot", f"--userspec={self.about['User']}", "--groups=", self.root]
        return ["unshare", "-m", "sh", "-ec", READ_ONLY, self.root, data, *chroot, *inside, *arguments]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    folder = tmp_path_factory.mktemp("image")
    buildah = Buildah(folder)
    base = base_root(folder)
    volumes = packages_for(base)
    policy = f"--signature-policy={buildah.policy}"
    container = buildah("from", "scratch")
    buildah("add", "-q", container, base, "/")
    buildah("commit", "-q", policy, container, BASE)
    options = [policy, "--format=docker", "--isolation=chroot", "--pull-never", *volumes]
    buildah("build", *options, "-f", "deploy/Dockerfile", "-t", "taskharbor", ".")
    about = json.loads(buildah("inspect", "--type", "image", "localhost/taskharbor"))["Docker"]["config"]
    root = Path(buildah("mount", buildah("from", "--pull-never", policy, "localhost/taskharbor")))
    yield Image(root, about)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    os.chown(folder, USER, USER)
    return folder


def ran(command: list[object]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)


def test_it_says_how_it_is_run(image: Image) -> None:
    assert image.about["User"] == f"{USER}:{USER}"
    assert (image.about["Entrypoint"], image.about["Cmd"]) == (["taskharbor"], ["serve"])
    assert image.about["Volumes"] == {"/data": {}}
    assert image.about["StopSignal"] == "SIGTERM"
    assert image.about["Labels"]["org.opencontainers.image.title"] == "Taskharbor"


def test_there_is_no_compiler_in_it_and_none_of_our_sources(image: Image) -> None:
    for name in ("gcc", "cc", "make", "git"):
        assert not [place for place in ("bin", "usr/bin", "usr/local/bin") if (image.root / place / name).exists()]
    assert not (image.root / "src").exists()


def test_nothing_but_its_data_can_be_written(image: Image, data: Path) -> None:
    script = "id -u; touch /data/x; for folder in / /tmp /opt/taskharbor; do touch $folder/x; done"
    tried = ran(image.command(data, "sh", "-c", script))
    assert tried.stdout == f"{USER}\n"
    assert tried.stderr.count("Read-only file system") == 3
    assert [path.name for path in data.iterdir()] == ["x"]


def test_it_serves_where_it_is_told_is_healthy_and_ends_when_it_is_told(image: Image, data: Path) -> None:
    """As Cloud Run does it: PORT, 0.0.0.0, and SIGTERM, 10 seconds after which it would be killed."""
    port = str(free_port())
    check = image.about["Healthcheck"]["Test"]
    assert check[0] == "CMD"
    assert ran(image.command(data, *check[1:], PORT=port)).returncode != 0
    made = ran(image.command(data, "taskharbor", "token", "create", "--name", "test", "--scope", "write"))
    assert made.returncode == 0, made.stderr
    token = made.stdout.strip()
    arguments = [*image.about["Entrypoint"], *image.about["Cmd"]]
    server = subprocess.Popen(image.command(data, *arguments, PORT=port), stderr=subprocess.PIPE, text=True)
    try:
        deadline = time.monotonic() + SECONDS
        while ran(image.command(data, *check[1:], PORT=port)).returncode:
            assert server.poll() is None, server.communicate()[1]
            assert time.monotonic() < deadline
        url = f"http://127.0.0.1:{port}/tasks/"
        assert httpx.post(url, json={"title": "a task"}).status_code == 401
        answer = httpx.post(url, json={"title": "a task"}, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 201, answer.text
        at_another_address = httpx.get(f"http://127.0.0.2:{port}/health/ready", headers={"Host": "localhost"})
        assert at_another_address.status_code == 200
        server.send_signal(signal.SIGTERM)
        _, log = server.communicate(timeout=SECONDS)
    finally:
        server.kill()
    assert server.returncode == 0, log
