"""Write docs/pictures/*.svg: what a person sees on a terminal, run against the embedded AWX."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from rich._export_format import CONSOLE_SVG_FORMAT  # noqa: E402  # to take its font out
from rich.console import Console  # noqa: E402
from rich.style import Style  # noqa: E402
from rich.text import Text  # noqa: E402

from demo.server import DemoServer  # noqa: E402
from tests.terminal import Emulator, Terminal  # noqa: E402

if TYPE_CHECKING:
    from pyte.screens import Char

# Wide enough for a line of the recap.
COLUMNS, ROWS = 116, 30
PORT = 8080
PASSWORD = "password"  # noqa: S105  # the embedded AWX's own
LONGEST_S = 60.0
# Rich's own format fetches its font from a server.
FORMAT = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL).replace(
    "Fira Code,", "DejaVu Sans Mono, Menlo, Consolas,"
)
COLOURS = {"brown": "yellow", "brightbrown": "bright_yellow"}


@dataclass(frozen=True)
class Scene:
    """A command, and which texts are on the screen when the picture is taken; else at its end."""

    name: str
    command: str
    until: tuple[str, ...] = ()


SCENES = (
    Scene(
        "run-under-way",
        "--template 9",
        (r"\n  TASK \[Write", r"changed 2  ok 1", r" 2\.\d s of about "),
    ),
    Scene("run-successful", "--template 9 --history 3"),
    Scene("run-failed", "--template 'Failing deploy' --sync never --history 3"),
    Scene(
        "workflow",
        "launch --template Release --watch",
        (r"Deploy web \d+  successful .* changed \d", r"Apache health check \d+  running"),
    ),
)


def main() -> int:
    """Play every scene and write its picture."""
    for scene in SCENES:
        with DemoServer(port=PORT), TemporaryDirectory() as folder:
            picture = play(scene.command, scene.until, folder)
        path = ROOT / "docs" / "pictures" / f"{scene.name}.svg"
        path.write_text(svg(picture, f"python main.py {scene.command}", scene.name))
    return 0


def play(command: str, until: tuple[str, ...], folder: str) -> Emulator:
    """Run main.py on a terminal; return what is on it at that moment."""
    terminal = Terminal(COLUMNS, ROWS)
    # A child of its own session, so that it is not told of our Ctrl-C or Ctrl-Z.
    process = subprocess.Popen(  # noqa: S603  # our own commands
        ["/bin/sh", "-c", f"exec {sys.executable} {ROOT / 'main.py'} {command}"],
        env={
            "PATH": os.defpath, "TERM": "xterm", "LANG": "C.UTF-8", "PYTHONUTF8": "1",
            "AWX_HOST": f"http://127.0.0.1:{PORT}", "AWX_PASSWORD": PASSWORD,
            "AWX_LOG_DIR": f"{folder}/logs", "AWX_ENV_FILE": os.devnull,
        },
        stdin=terminal.theirs, stdout=terminal.theirs, stderr=terminal.theirs,
        start_new_session=True,
    )  # fmt: skip
    os.close(terminal.theirs)
    if until:
        terminal.until(lambda: all(re.search(each, "\n".join(terminal.rows)) for each in until))
        process.terminate()
    raw = terminal.raw
    terminal.until_end()
    process.wait(LONGEST_S)
    picture = Emulator(COLUMNS, ROWS)
    # Where this was made is nobody's business, and differs each time.
    picture.feed((raw if until else terminal.raw).replace(f"{folder}/".encode(), b""))
    return picture


def svg(picture: Emulator, title: str, name: str) -> str:
    """Return a screen as SVG, with its colours and without what is to be fetched."""
    console = Console(
        record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, legacy_windows=False,
        color_system="truecolor", highlight=False,
    )  # fmt: skip
    last = max(y for y, row in enumerate(picture.rows) if row)
    for y in range(last + 1):
        row = picture.screen.buffer[y]
        cells = groupby((row[x] for x in range(len(picture.rows[y]))), style)
        console.print(
            Text.assemble(*(("".join(cell.data for cell in some), how) for how, some in cells))
        )
    return console.export_svg(title=title, code_format=FORMAT, unique_id=name)


def style(cell: Char) -> Style:
    """Return how a cell of the emulator looks, as rich names it."""
    color, background = (
        COLOURS.get(name, re.sub("^bright", "bright_", name)) if name != "default" else None
        for name in (cell.fg, cell.bg)
    )
    return Style(
        color=color,
        bgcolor=background,
        bold=cell.bold,
        italic=cell.italics,
        underline=cell.underscore,
    )


if __name__ == "__main__":
    sys.exit(main())
