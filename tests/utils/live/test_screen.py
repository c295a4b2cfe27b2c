from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fake_awx import FakeTime
from tests.terminal import Emulator
from utils import signals
from utils.live.screen import HELD_AT_MOST_BYTES, PAUSE_S, Screen, colours_at_end

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO

COLUMNS, ROWS = 20, 6


@pytest.fixture
def stream(tmp_path: Path) -> Iterator[TextIO]:
    with (tmp_path / "terminal").open("w+", encoding="utf-8") as file:
        yield file


def written(stream: TextIO) -> bytes:
    os.lseek(stream.fileno(), 0, os.SEEK_SET)
    return os.read(stream.fileno(), 1 << 24)


def cells(data: bytes) -> list[list[tuple[str, str]]]:
    """Return all rows that were ever filled, each cell with its colour."""
    emulator = Emulator(COLUMNS, ROWS)
    emulator.feed(data.replace(b"\n", b"\r\n"))
    screen = emulator.screen
    rows = [*screen.history.top, *(screen.buffer[y] for y in range(ROWS))]
    found = [[(row[x].data, row[x].fg) for x in range(COLUMNS)] for row in rows]
    while found and all(each == (" ", "default") for each in found[-1]):
        found.pop()
    return found


PIECES = st.lists(
    st.text("a字é\t") | st.sampled_from(["\n", "x" * 50 + "\n", "50%\r100%\n", "\x1b[31m",
                                        "\x1b[1;32mgreen\x1b[0m\n", "\x1b[m", "字" * 15 + "\n"]),
    max_size=12,
)  # fmt: skip
REGION = st.lists(st.sampled_from(["steps", "\x1b[36mrunning\x1b[0m", "w" * 30]), max_size=4)


@settings(max_examples=80)
@given(st.lists(st.tuples(PIECES, REGION, st.floats(0, 0.2)), max_size=8))
def test_what_is_above_looks_as_if_nothing_had_been_drawn(
    tmp_path_factory: pytest.TempPathFactory,
    script: list[tuple[list[str], list[str], float]],
) -> None:
    time = FakeTime()
    path = tmp_path_factory.mktemp("screen") / "terminal"
    with path.open("w", encoding="utf-8") as stream:
        screen = Screen(stream, time.clock)
        for pieces, region, pause_s in script:
            for piece in pieces:
                assert screen.above(piece.encode())
            screen.draw(region)
            time.sleep(pause_s)
        screen.close()
    text = "".join("".join(pieces) for pieces, _, _ in script)
    assert cells(path.read_bytes()) == cells(text.encode())


def test_the_region_is_below_what_was_written_and_below_an_empty_row(stream: TextIO) -> None:
    screen = Screen(stream)
    screen.write("one\n")
    screen.draw(["steps", "job"])
    screen.above(b"two\n")
    screen.draw(["steps"])
    screen.above(b"cut")
    emulator = Emulator(COLUMNS, ROWS)
    emulator.feed(written(stream).replace(b"\n", b"\r\n"))
    assert emulator.rows == ["one", "two", "", "steps", "", ""]
    assert (emulator.screen.cursor.y, emulator.screen.cursor.x) == (2, 0)


def test_a_flood_is_written_in_pieces_and_none_of_it_waits_for_long(stream: TextIO) -> None:
    time = FakeTime()
    screen = Screen(stream, time.clock)
    screen.draw(["region"])
    time.sleep(PAUSE_S * 2)
    for _ in range(1000):
        screen.above(b"line\n")
    data = written(stream)
    assert (data.count(b"line"), data.count(b"region")) == (1, 2)
    screen.above(b"x" * HELD_AT_MOST_BYTES + b"\n")
    data = written(stream)
    assert (data.count(b"line"), data.count(b"region")) == (1000, 3)


def test_a_terminal_that_is_gone_closes_it_and_raises_nothing(tmp_path: Path) -> None:
    path = tmp_path / "terminal"
    path.touch()
    with path.open(encoding="utf-8") as only_to_read:
        screen = Screen(only_to_read)
        screen.above(b"text\n")
        assert not screen.is_open
        assert not screen.above(b"more\n")
        screen.draw(["region"])
        screen.close()


def test_one_that_somebody_made_non_blocking_gets_all_of_it() -> None:
    ours, theirs = os.pipe()
    os.set_blocking(theirs, False)
    data = b"y" * 200_000 + b"\n"
    with os.fdopen(theirs, "w", encoding="utf-8") as stream:
        writer = threading.Thread(target=lambda: Screen(stream).above(data))
        writer.start()
        seen = b""
        while len(seen) < len(data):
            seen += os.read(ours, 1 << 16)
        writer.join()
    os.close(ours)
    assert seen == data


@pytest.mark.usefixtures("default_signals")
def test_ctrl_c_waits_until_what_is_on_the_screen_is_known(
    stream: TextIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    signals.install()
    screen = Screen(stream)
    screen.draw(["region"])
    write = os.write

    def interrupted(number: int, data: bytes) -> int:
        os.kill(os.getpid(), signal.SIGINT)
        return write(number, data)

    monkeypatch.setattr(os, "write", interrupted)
    with pytest.raises(signals.Interrupted):
        screen.draw(["region", "more of it"])
    monkeypatch.undo()
    screen.close()
    assert cells(written(stream)) == []


def test_a_logger_has_its_stream_back_when_it_is_closed(stream: TextIO) -> None:
    screen = Screen(stream)
    screen.close()
    screen.write("after\n")
    screen.flush()
    assert written(stream) == b"after\n"


@pytest.mark.parametrize(
    ("text", "colours"),
    [
        (b"plain", b""),
        (b"\x1b[31mred", b"\x1b[31m"),
        (b"\x1b[31mred\x1b[0m\x1b[1m\x1b[4m", b"\x1b[1m\x1b[4m"),
        (b"\x1b[31mred\x1b[m", b""),
        (b"\x1b[31m" * 100, b"\x1b[31m" * 8),
    ],
)
def test_colours_that_still_hold(text: bytes, colours: bytes) -> None:
    assert colours_at_end(text) == colours
