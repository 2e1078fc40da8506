"""Programs of Debian, for tests that take minutes: those that are installed, else unpacked into a temporary folder."""

import shutil
import subprocess
from pathlib import Path

import pytest

SECONDS = 300


def program(name: str, package: str, folder: Path, *libraries: str) -> Path:
    """Return where a program is; skip the test if it is not installed and its package cannot be had.

    Args:
        name: of the program.
        package: what brings it.
        folder: where to unpack it, in a folder with the name of the package.
        libraries: packages with what the program needs beside it, unpacked into the same folder.
    """
    installed = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if installed is not None:
        return Path(installed)
    if shutil.which("apt-get") is None:
        pytest.skip(f"{name} is not installed, and this is no Debian")
    root = folder / package
    for each in (package, *libraries):
        _unpack(each, folder, root)
    return next(root / part / name for part in ("usr/bin", "usr/sbin", "bin", "sbin") if (root / part / name).exists())


def _unpack(package: str, folder: Path, root: Path) -> None:
    downloaded = subprocess.run(
        ["apt-get", "download", package], cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    if downloaded.returncode:
        pytest.skip(f"the package {package} cannot be downloaded: {downloaded.stderr.strip()[-200:]}")
    for file in folder.glob(f"{package}_*.deb"):
        subprocess.run(["dpkg", "-x", file, root], check=True)
