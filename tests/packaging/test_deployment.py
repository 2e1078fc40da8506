"""The files in `deploy/` are what their tools accept, and say what holds for this release."""

import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from taskharbor.entrypoints.settings.settings import Settings

REPOSITORY = Path(__file__).parents[2]
DEPLOY = REPOSITORY / "deploy"
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
IMAGE_FILE = (DEPLOY / "Dockerfile").read_text()


def resources() -> list[dict[str, Any]]:
    return [one for file in MANIFESTS for one in yaml.safe_load_all(file.read_text())]


def test_hadolint_has_nothing_to_say_of_the_dockerfile() -> None:
    linter = Path(sys.executable).with_name("hadolint")
    said = subprocess.run([linter, DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout) == (0, "")


def test_the_image_is_small_and_runs_as_nobody_in_particular() -> None:
    _, last = IMAGE_FILE.split("\nFROM ", 2)[1:]
    assert last.startswith("python:3.13-slim\n")
    assert "\nUSER 10001:10001\n" in last
    assert "HEALTHCHECK" in last
    assert not re.search(r"apt-get|gcc|build-essential|pip install", last)


@pytest.mark.parametrize("resource", resources(), ids=lambda one: f"{one['kind']} {one['metadata']['name']}")
def test_kubernetes_takes_the_manifest(resource: dict[str, Any]) -> None:
    kubernetes_validate.validate(resource, "1.37", strict=True)


def pods() -> list[dict[str, Any]]:
    return [one["spec"]["template"]["spec"] for one in resources() if "template" in one["spec"]]


def test_pods_may_nothing_that_they_need_not() -> None:
    assert len(pods()) == 2
    for pod in pods():
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert container["image"] == f"taskharbor:{version('taskharbor')}"


def test_a_pod_has_the_time_that_a_stop_takes() -> None:
    [served] = [pod for pod in pods() if "terminationGracePeriodSeconds" in pod]
    [container] = served["containers"]
    wait = container["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert served["terminationGracePeriodSeconds"] > wait + Settings().drain_timeout


def test_compose_migrates_before_it_serves_and_keeps_its_file_systems_read_only() -> None:
    composed = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    assert composed["api"]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    for name in ("api", "migrate"):
        assert composed[name]["read_only"] is True
        assert composed[name]["cap_drop"] == ["ALL"]
    assert composed["api"]["ports"] == ["127.0.0.1:8000:8000"]
    assert ":latest" not in str(composed)


@pytest.mark.parametrize(
    "file", [path for path in DEPLOY.rglob("*") if path.suffix != ".lock" and path.is_file()], ids=str
)
def test_every_setting_that_is_named_exists(file: Path) -> None:
    for name in re.findall(r"TASKHARBOR_(\w+)", file.read_text()):
        assert name.lower() in Settings.model_fields, name


def test_the_lock_of_the_image_has_the_versions_that_are_tested() -> None:
    def pins(path: Path) -> dict[str, str]:
        return dict(re.findall(r"^([\w.-]+)==(\S+)", path.read_text(), re.MULTILINE))

    tested, shipped = pins(REPOSITORY / "requirements.lock"), pins(DEPLOY / "requirements.lock")
    assert shipped.items() <= tested.items()
    assert not {"pytest", "mypy", "hypothesis", "ruff"} & shipped.keys()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    unit = (DEPLOY / "taskharbor.service").read_text().replace("/opt/taskharbor/bin/taskharbor", sys.executable)
    (tmp_path / "taskharbor.service").write_text(unit)
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tmp_path / "taskharbor.service"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line for line in said.stderr.splitlines() if "taskharbor.service" in line] == []


def test_the_router_of_traefik_leads_from_its_entry_point_to_the_server() -> None:
    static = yaml.safe_load((DEPLOY / "traefik.yaml").read_text())
    dynamic = yaml.safe_load((DEPLOY / "traefik-taskharbor.yaml").read_text())["http"]
    [router] = dynamic["routers"].values()
    [entry_point] = router["entryPoints"]
    assert static["entryPoints"]["web"]["http"]["redirections"]["entryPoint"]["to"] == entry_point
    assert static["entryPoints"][entry_point]["http"]["tls"]["certResolver"] in static["certificatesResolvers"]
    assert static["entryPoints"][entry_point]["transport"]["respondingTimeouts"]["readTimeout"] == "0s"
    balancer = dynamic["services"][router["service"]]["loadBalancer"]
    assert balancer["servers"] == [{"url": f"http://127.0.0.1:{Settings().port}"}]
    assert balancer["healthCheck"]["path"] == "/health/ready"
    assert "passHostHeader" not in balancer  # it does
