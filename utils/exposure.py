"""Secrets that others can read: in a file that is open to them, or on their way to AWX."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from utils import logger

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

log = logger.get("secrets")

_OTHERS = 0o077


def warn_of_open_file(path: Path, secret_sources: Iterable[str]) -> None:
    """Warn of a .env file that others may read, where a secret comes from it.

    `secret_sources` are the sources of the secret settings, as `Settings.source` names them.
    """
    if any(each.endswith(f" in {path}") for each in secret_sources):
        warn_of_readable(path)


def warn_of_readable(path: Path) -> None:
    """Warn of a file with a secret that others may read."""
    if os.name != "posix":
        return
    try:
        mode = path.stat().st_mode
    except OSError:  # whoever reads it says what is wrong with it
        return
    if stat.S_ISREG(mode) and mode & _OTHERS:
        log.warning("%s holds a secret and others may read it: chmod 600 %s", path, path)


def warn_of_plain_http(host: str, what: str) -> None:
    """Warn where `what` (a password, a token) goes unencrypted to another machine."""
    parts = urlsplit(host)
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        log.warning("%s is not encrypted, %s can be read on its way: use https", host, what)


def _is_loopback(name: str) -> bool:
    from ipaddress import ip_address  # noqa: PLC0415  # seldom needed

    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
