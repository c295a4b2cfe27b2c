"""A job's output as a web page that needs nothing beside itself."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<style>body{{background:#0c0c0c;color:#d9d9d9}}pre{{white-space:pre-wrap}}</style>
</head><body><pre>
"""
FOOT = "</pre></body></html>\n"


def lines_as_html(lines: Iterable[str], title: str) -> Iterator[bytes]:
    """Yield the page piece by piece; a line's ANSI colours become inline styles."""
    console = Console(color_system="truecolor", width=10_000, legacy_windows=False)
    yield HEAD.format(title=escape(title)).encode()
    for line in lines:
        yield _line(console, line.rstrip("\n")).encode()
    yield FOOT.encode()


def _line(console: Console, line: str) -> str:
    parts = []
    for segment in Text.from_ansi(line, end="").render(console, end=""):
        text = escape(segment.text)
        style = segment.style.get_html_style(MONOKAI) if segment.style else ""
        parts.append(f'<span style="{escape(style)}">{text}</span>' if style else text)
    return "".join(parts) + "\n"
