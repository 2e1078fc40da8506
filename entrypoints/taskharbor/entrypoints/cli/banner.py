"""Prints where everything is, once the server listens."""

import ipaddress
import socket
import sys
from collections.abc import Sequence
from importlib.metadata import version

import structlog

from taskharbor.entrypoints.logs import is_json
from taskharbor.entrypoints.settings.masking import masked
from taskharbor.entrypoints.settings.settings import Settings


def announce(settings: Settings, sockets: Sequence[socket.socket], metrics: Sequence[socket.socket] = ()) -> None:
    """Say where API, docs, database and metrics are: to people on stdout, to machines as an event of the log."""
    address = f"http://{_host(settings.host)}:{sockets[0].getsockname()[1]}"
    places = {
        "api": f"{address}/tasks/",
        "docs": f"{address}/docs",
        "database": masked(settings.database_url.get_secret_value()),
    }
    if metrics:
        places["metrics"] = f"http://{_host(settings.metrics_host)}:{metrics[0].getsockname()[1]}/metrics"
    if settings.insecure_no_auth:
        structlog.get_logger().warning("no authentication: everybody who reaches this server can do everything")
    if is_json(settings.log_format):
        structlog.get_logger().info("serving", version=version("taskharbor"), workers=settings.workers, **places)
        return
    lines = [f"Taskharbor {version('taskharbor')} is serving. Stop it with Ctrl+C."]
    lines += [f"  {name:<9} {place}" for name, place in places.items()]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _host(host: str) -> str:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.is_unspecified:
        return "localhost"
    return f"[{address}]" if address.version == 6 else str(address)  # noqa: PLR2004
