"""Asking a person at the terminal before something is done."""

from __future__ import annotations

import sys

from utils.errors import UsageError


def tell(text: str) -> None:
    """Tell a person what to do; it goes into no log."""
    sys.stderr.write(text)
    sys.stderr.flush()


def confirm(question: str, refused: str) -> None:
    """Ask a question that only a yes lets pass.

    Raises UsageError with `refused` for any other answer, and where there is nobody to ask.
    """
    if not sys.stdin or not sys.stdin.isatty():
        raise UsageError("there is nobody to ask: pass --yes to do it without being asked")
    tell(f"{question} [y/N] ")
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise UsageError(refused)
