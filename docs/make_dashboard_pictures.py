"""Write docs/pictures/dashboard-*.png: the page of `report --html`, of made-up figures."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.e2e.chromium import FOLDER, found, what_is_missing  # noqa: E402
from tests.utils.dashboard.reports import made_up  # noqa: E402
from utils.dashboard.page import render  # noqa: E402

LONGEST_S = 60.0


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


def main() -> int:
    """Take every picture."""
    browser, missing = found(), what_is_missing()
    if missing or not browser:
        raise SystemExit(f"no pictures of the dashboard: {missing}")
    with TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(render(made_up()), encoding="utf-8")
        for view in VIEWS:
            picture = ROOT / "docs" / "pictures" / f"{view.name}.png"
            subprocess.run(  # noqa: S603  # our own script
                [  # noqa: S607
                    "node", "picture.js", browser, page, str(view.width), str(view.height),
                    view.theme, picture,
                ],
                cwd=FOLDER, timeout=LONGEST_S, check=True,
            )  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
