from __future__ import annotations

from typing import TYPE_CHECKING

from utils.notifying.excerpt import LONGEST_LINE, MOST_BYTES, Excerpt, read

if TYPE_CHECKING:
    from pathlib import Path


def test_the_last_lines_without_what_a_terminal_obeys(tmp_path: Path) -> None:
    path = tmp_path / "40.txt"
    lines = "".join(f"line {number}\n" for number in range(50))
    path.write_bytes(lines.encode() + b"\x1b[0;31mfatal\x1b[0m\x07: \xff \xf0\x9f\x98\x80\r\n\n\n")
    found = read(path)
    assert found.lines[0] == "line 31"
    assert found.lines[-1] == "fatal : \ufffd \U0001f600"
    assert len(found.lines) == 20
    assert "\x1b" not in found.text
    assert found.text.startswith("line 0\n")
    assert not found.is_cut


def test_a_long_output_is_cut_at_a_line(tmp_path: Path) -> None:
    path = tmp_path / "40.txt"
    path.write_bytes(b"0123456789\n" * 30_000)
    found = read(path)
    assert found.is_cut
    assert found.size_bytes == 330_000
    assert found.text.startswith("0123456789\n0123456789\n")
    assert MOST_BYTES - 20 < len(found.text) <= MOST_BYTES


def test_a_line_without_end(tmp_path: Path) -> None:
    path = tmp_path / "40.txt"
    path.write_bytes(b"x" * 300_000)
    (line,) = read(path).lines
    assert len(line) == LONGEST_LINE


def test_a_log_that_is_not_there_is_an_empty_one(tmp_path: Path) -> None:
    assert read(tmp_path / "40.txt") == read(None) == Excerpt()
