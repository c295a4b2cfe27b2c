"""`demo-server`: the embedded AWX in the foreground, for trying things out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from utils import logger
from utils.errors import ExitCode, UsageError
from utils.session import embedded_awx

if TYPE_CHECKING:
    from utils.command_line import Call

log = logger.get("demo")

HOST = "127.0.0.1"
PASSWORD = "password"  # noqa: S105  # the embedded AWX's own, as documented


def run(call: Call) -> ExitCode:
    """Serve on loopback until Ctrl-C or SIGTERM."""
    settings = call.settings
    password = settings.password or PASSWORD
    try:
        embedded_awx().serve(
            host=HOST,
            port=settings.demo_port,
            password=password,
            jobs=settings.demo_jobs,
            posing_as=settings.demo_as,
            on_ready=lambda url: _tell(url, settings.demo_as, settings.source("password")),
        )
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(f"cannot listen on {HOST}:{settings.demo_port}: {reason}") from None
    return ExitCode.OK


def _tell(url: str, posing_as: str, source: str) -> None:
    name = "AWX 24.6.1" if posing_as == "awx" else f"AWX, posing as {posing_as},"
    known = f"that of {source}" if source.startswith("AWX") else f"{PASSWORD!r}"
    log.info("embedded %s at %s; user admin, password %s; Ctrl-C ends it", name, url, known)
