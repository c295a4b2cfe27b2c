"""What was shown of a job is noted, and not shown again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from utils.job_log import PIECE_BYTES, JobLog

if TYPE_CHECKING:
    from pathlib import Path

LINES = [letter * 3000 + b"\n" for letter in (b"a", b"b", b"c")]


class Killed(BaseException):
    """The end of a process, wherever it is."""


def test_an_event_that_was_shown_in_part_goes_on_after_its_last_line(tmp_path: Path) -> None:
    shown: list[bytes] = []

    def show(piece: bytes) -> None:
        if len(shown) == 2:
            raise Killed
        shown.append(piece)

    event = b"\x1b[0;32m" + b"".join(LINES[:2]) + b"\x1b[0m" + LINES[2]
    part, path = tmp_path / "part", tmp_path / "1.txt"
    with JobLog(path, show, part) as log:
        log(b"before\n")
        with pytest.raises(Killed):
            log(event)
    assert part.read_bytes() == b"before\n" + LINES[0]
    with JobLog(path, shown.append, part) as log:
        log(b"before\n")
        log(event)
        log.keep()
    assert b"".join(shown) == b"before\n" + event
    assert path.read_bytes() == b"before\n" + b"".join(LINES)


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        (b"short\n", [6]),
        (b"".join(LINES), [3001, 3001, 3001]),
        (b"\n" * (PIECE_BYTES + 1), [PIECE_BYTES, 1]),
        (b"x" * 5000 + b"\nshort\n", [5001, 6]),
        (b"x" * 5000, [5000]),
    ],
)
def test_output_is_shown_in_pieces_that_a_pipe_takes_whole(
    tmp_path: Path, text: bytes, sizes: list[int]
) -> None:
    shown: list[bytes] = []
    with JobLog(tmp_path / "1.txt", shown.append) as log:
        log(text)
    assert [len(piece) for piece in shown] == sizes
    assert b"".join(shown) == text
