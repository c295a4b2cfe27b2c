from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from tests.terminal import Terminal
from utils.live import terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from config import Settings

    Make = Callable[..., Settings]
    Put = Callable[[str, int], None]

XTERM = {"TERM": "xterm"}


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> Iterator[Put]:
    """Return what puts a file in place of a stream; a test must do it, for pytest sets its own."""
    opened = []

    def put(name: str, number: int) -> None:
        opened.append(os.fdopen(number, "w", encoding="utf-8"))
        monkeypatch.setattr(sys, name, opened[-1])

    yield put
    monkeypatch.undo()
    for each in opened:
        each.close()


@pytest.fixture
def made() -> Iterator[Terminal]:
    terminal = Terminal(80, 24)
    yield terminal
    os.close(terminal.ours)


@pytest.mark.parametrize(
    ("environ", "flags", "there"),
    [
        (XTERM, {}, True),
        (XTERM, {"quiet": "true"}, False),
        ({"TERM": "dumb"}, {}, False),
        ({}, {}, False),
        (XTERM, {"save_log": "/dev/tty"}, False),
        (XTERM, {"save_log": "/nowhere/file"}, True),
    ],
)
def test_where_there_is_a_place(
    settings: Make,
    put: Put,
    made: Terminal,
    environ: dict[str, str],
    flags: dict[str, str],
    there: bool,
) -> None:
    put("stderr", made.theirs)
    put("stdout", os.open(os.devnull, os.O_WRONLY))
    assert terminal.has_place(settings(environ, **flags)) is there


def test_none_where_standard_output_is_read_by_another_program(
    settings: Make, put: Put, made: Terminal
) -> None:
    ours, theirs = os.pipe()
    put("stderr", made.theirs)
    put("stdout", theirs)
    assert not terminal.has_place(settings(XTERM))
    os.close(ours)


def test_none_where_standard_error_is_no_terminal(
    settings: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with (tmp_path / "file").open("w") as stream:
        for each in (stream, None):
            monkeypatch.setattr(sys, "stderr", each)
            assert not terminal.has_place(settings(XTERM))


def test_output_appears_on_the_same_terminal_or_elsewhere(
    put: Put, made: Terminal, tmp_path: Path
) -> None:
    put("stderr", made.theirs)
    put("stdout", os.dup(made.theirs))
    assert terminal.shows_output()
    other = Terminal(80, 24)
    put("stdout", other.theirs)
    assert not terminal.shows_output()
    put("stdout", os.open(tmp_path / "file", os.O_CREAT | os.O_WRONLY))
    assert not terminal.shows_output()
    os.close(other.ours)


def test_a_terminal_that_controls_nobody_is_ours(put: Put, made: Terminal) -> None:
    put("stderr", made.theirs)
    assert terminal.is_in_foreground()


def test_the_console_of_linux_has_few_signs(settings: Make, put: Put, made: Terminal) -> None:
    put("stderr", made.theirs)
    assert terminal.has_signs(settings(XTERM))
    assert not terminal.has_signs(settings({"TERM": "linux"}))


def test_ctrl_z_tidies_up_and_then_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    happened: list[object] = []
    with terminal.before_stopping(lambda: happened.append("tidy")):
        monkeypatch.setattr(
            os, "kill", lambda _, number: happened.append((number, signal.getsignal(number)))
        )
        for _ in range(2):  # it may go on, and be stopped again
            signal.raise_signal(signal.SIGTSTP)
    assert happened == ["tidy", (signal.SIGTSTP, signal.SIG_DFL)] * 2
    assert signal.getsignal(signal.SIGTSTP) is signal.SIG_DFL


def test_one_that_is_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    with terminal.before_stopping(lambda: None):
        assert signal.getsignal(signal.SIGTSTP) is signal.SIG_IGN
    signal.signal(signal.SIGTSTP, before)
