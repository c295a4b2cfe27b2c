from __future__ import annotations

import os
import sys
from threading import enumerate as enumerate_threads
from typing import TYPE_CHECKING

import pytest

from tests.terminal import Terminal
from utils import live_view as module
from utils import logger, output
from utils.flow import Passed, Timeline
from utils.following.board import Board
from utils.live.picture import Picture
from utils.live_view import live_view

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from config import Settings
    from utils.results import Results

    Make = Callable[..., Settings]
    Put = Callable[[], Terminal]

KNOWN = {"TERM": "xterm", "AWX_PASSWORD": "x"}
log = logger.get("test")


@pytest.fixture
def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Terminal]]:
    """Return what puts a terminal in place of both streams; pytest sets its own before a test."""
    made = Terminal(80, 24)
    monkeypatch.setattr(module, "FIRST_S", 0.0)
    with os.fdopen(made.theirs, "w", encoding="utf-8") as stream:

        def put() -> Terminal:
            for name in ("stderr", "stdout"):
                monkeypatch.setattr(sys, name, stream)
            logger.configure()
            return made

        yield put
        monkeypatch.undo()
    os.close(made.ours)


@pytest.fixture
def timeline(done: Results) -> Timeline:
    made = done.once(Timeline, Timeline)
    made.steps, made.current = ("ping", "token", "launch"), "ping"
    return made


def drawn(terminal: Terminal) -> str:
    return "\n".join(terminal.rows)


def test_it_is_there_within_the_block_and_below_all_else(
    on_terminal: Put, settings: Make, done: Results, timeline: Timeline
) -> None:
    terminal = on_terminal()
    with live_view(settings(KNOWN), done):
        assert done[Board].is_shown
        terminal.until(lambda: f" {timeline.current}  · token  · launch" in drawn(terminal))
        log.info("a step")
        output.live(b"some output\n")
        terminal.until(lambda: "some output\n\n" in drawn(terminal))
    log.info("the end")
    output.live(b"more\n")
    terminal.until(lambda: terminal.rows[3] == "more")
    assert terminal.everything == ["a step", "some output", "the end", "more"]


def test_elsewhere_it_does_nothing(on_terminal: Put, settings: Make, done: Results) -> None:
    on_terminal()
    with live_view(settings(KNOWN, quiet="true"), done):
        assert Board not in done


def test_it_waits_for_a_password_that_may_be_asked_for(
    on_terminal: Put, settings: Make, done: Results, timeline: Timeline
) -> None:
    terminal = on_terminal()
    with live_view(settings({"TERM": "xterm"}), done):
        assert not any(terminal.look(0.1) and terminal.raw for _ in range(4))
        timeline.passed.append(Passed("token", "ok", 0.1, ""))
        terminal.until(lambda: "✔ token" in drawn(terminal))


def test_a_picture_that_cannot_be_drawn_is_no_reason_to_end_a_run(
    on_terminal: Put,
    settings: Make,
    done: Results,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> list[str]:
        raise ValueError("a defect")

    terminal = on_terminal()
    monkeypatch.setattr(Picture, "lines", broken)
    with live_view(settings(KNOWN), done):
        terminal.until(lambda: "live view" not in {each.name for each in enumerate_threads()})
        log.info("a step")
        terminal.until(lambda: "a step" in drawn(terminal))
    assert terminal.everything == ["a step"]


def test_an_error_takes_it_away(
    on_terminal: Put, settings: Make, done: Results, timeline: Timeline
) -> None:
    terminal = on_terminal()

    def cut_off() -> None:
        with live_view(settings(KNOWN), done):
            terminal.until(lambda: timeline.current in drawn(terminal))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cut_off()
    log.info("after")
    terminal.until(lambda: "after" in drawn(terminal))
    assert terminal.everything == ["after"]
