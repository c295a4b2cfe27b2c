"""Write docs/pictures/dashboard-*.png: the page of `report --html`, of made-up figures."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.dashboard.reports import made_up  # noqa: E402
from tests.e2e.chromium import FOLDER, found  # noqa: E402
from utils.dashboard.page import render  # noqa: E402

LONGEST_S = 60.0


@dataclass(frozen=True)
class View:
    """A picture: its name, its size in CSS pixels, and the theme."""

    name: str
    width: int
    height: int
    theme: str
    scale: float = 1.0


VIEWS = (
    View("dashboard-light", 1280, 1780, "light"),
    View("dashboard-dark", 1280, 1780, "dark"),
    View("dashboard-phone", 390, 1290, "light", 1.5),
)


def main() -> int:
    """Take every picture."""
    browser = found()
    if not browser:
        raise SystemExit("no Chromium to take pictures with")
    with TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(render(made_up()), encoding="utf-8")
        for view in VIEWS:
            picture = ROOT / "docs" / "pictures" / f"{view.name}.png"
            size = (view.width, view.height, view.scale)
            subprocess.run(  # noqa: S603  # our own script
                ["node", "picture.js", browser, page, *map(str, size), view.theme, picture],  # noqa: S607
                cwd=FOLDER, timeout=LONGEST_S, check=True,
            )  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
