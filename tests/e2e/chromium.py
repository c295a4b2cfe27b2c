"""A browser that is installed on this machine, and the scripts that drive it."""

from __future__ import annotations

import shutil

from tests.e2e.conftest import ROOT

FOLDER = ROOT / "tests" / "browser"
NAMES = ("chromium", "chromium-browser", "google-chrome")


def found() -> str | None:
    """Return the path of a Chromium, if there is one."""
    return next(filter(None, map(shutil.which, NAMES)), None)
