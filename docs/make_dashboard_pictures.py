"""Write docs/pictures/*.png: the page of `report --html` on the embedded AWX, and a mail."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from demo.server import DemoServer  # noqa: E402
from tests.e2e.chromium import FOLDER, found, what_is_missing  # noqa: E402

LONGEST_S = 60.0
PORT = 8080
PASSWORD = "password"  # noqa: S105  # the embedded AWX's own
# Of its past jobs, one every five minutes: two months of them, and as many before to compare with.
JOBS = 60_000
PERIOD = ("--since", "130d", "--until", "70d", "--tz", "UTC", "--by", "user", "--slo", "85")


@dataclass(frozen=True)
class View:
    """A picture: its name, its size in CSS pixels, and the theme."""

    name: str
    width: int
    height: int
    theme: str


VIEWS = (
    View("dashboard-light", 1280, 1780, "light"),
    View("dashboard-dark", 1280, 1780, "dark"),
    View("dashboard-phone", 390, 1780, "light"),
)


MAIL = View("mail", 760, 885, "light")


def main() -> int:
    """Take every picture."""
    browser, missing = found(), what_is_missing()
    if missing or not browser:
        raise SystemExit(f"no pictures of pages: {missing}")
    with TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        _write(page, folder)
        for view in VIEWS:
            _draw(browser, page, view)
    _draw(browser, ROOT / "docs" / "notifications" / "mail.html", MAIL)
    return 0


def _draw(browser: str, page: Path, view: View) -> None:
    picture = ROOT / "docs" / "pictures" / f"{view.name}.png"
    subprocess.run(  # noqa: S603  # our own script
        [  # noqa: S607
            "node", "picture.js", browser, page, str(view.width), str(view.height), view.theme,
            picture,
        ],
        cwd=FOLDER, timeout=LONGEST_S, check=True,
    )  # fmt: skip


def _write(page: Path, folder: str) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if "AWX" not in name},
        "AWX_PASSWORD": PASSWORD,
        "AWX_LOG_DIR": folder,
        "AWX_ENV_FILE": os.devnull,
    }
    report = [sys.executable, str(ROOT / "main.py"), "report", *PERIOD, "--html", str(page)]
    with DemoServer(port=PORT, password=PASSWORD, jobs=JOBS) as server:
        subprocess.run(  # noqa: S603  # our own program
            report, env={**environment, "AWX_HOST": server.url}, timeout=LONGEST_S, check=True
        )


if __name__ == "__main__":
    sys.exit(main())
