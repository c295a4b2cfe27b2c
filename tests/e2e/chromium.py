"""A browser that is installed on this machine, and the scripts that drive it."""

from __future__ import annotations

import shutil
import subprocess

from tests.e2e.conftest import ROOT

FOLDER = ROOT / "tests" / "browser"
NAMES = ("chromium", "chromium-browser", "google-chrome")


# What playwright-core takes.
OLDEST_NODE = 20


def found() -> str | None:
    """Return the path of a Chromium, if there is one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def what_is_missing() -> str:
    """Return why no page can be opened in a browser here; nothing where one can."""
    if not found():
        return f"no browser: none of {', '.join(NAMES)} is installed"
    if not shutil.which("node"):
        return "no Node.js"
    told = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    if int(told.stdout.lstrip("v").split(".")[0]) < OLDEST_NODE:
        return f"Node.js {told.stdout.strip()} is older than {OLDEST_NODE}"
    if not (FOLDER / "node_modules").is_dir():
        return "no packages of Node.js: run make browser"
    return ""
