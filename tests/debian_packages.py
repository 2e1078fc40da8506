"""Programs of Debian's packages, unpacked where they are not installed."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Program:
    """A program, and the environment that it needs."""

    path: Path
    environment: Mapping[str, str]


def program(name: str, packages: tuple[str, ...], folder: Path) -> Program:
    """Return the program on the PATH, else that of the packages, unpacked into `folder`, which every user can read.

    The test is skipped where neither is to be had.
    """
    if found := shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin"):
        return Program(Path(found), os.environ)
    apt_get, dpkg = shutil.which("apt-get"), shutil.which("dpkg")
    if not apt_get or not dpkg:
        pytest.skip(f"{name} is not installed, and there is no apt-get")
    asked = subprocess.run(  # noqa: S603
        [apt_get, "download", *packages], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    if asked.returncode:
        pytest.skip(f"{name} is not installed and cannot be downloaded: {asked.stderr.strip()}")
    root = folder / "root"
    for package in folder.glob("*.deb"):
        subprocess.run([dpkg, "-x", package, root], check=True)  # noqa: S603
    libraries = ":".join(str(path) for path in (root / "usr" / "lib").glob("*-linux-*"))
    folder.chmod(0o755)
    return Program(next(root.rglob(f"*bin/{name}")), {**os.environ, "LD_LIBRARY_PATH": libraries})
