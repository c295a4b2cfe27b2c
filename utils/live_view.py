"""The live view: what is under way, in the last lines of a terminal, while a run goes on."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, TextIO, cast

from utils import logger, output, signals
from utils.flow import Timeline
from utils.following.board import Board
from utils.live import terminal
from utils.signing_in import password

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config import Settings
    from utils.live.picture import Picture
    from utils.live.screen import Screen
    from utils.results import Results

log = logger.get("view")

TICK_S = 0.12
# What is over at once is not worth drawing.
FIRST_S = 0.2
NARROWEST = 20
LAST_DRAWING_S = 1.0
# The step that may ask for a password; nothing must be drawn over that.
ASKING = "token"


@contextmanager
def live_view(settings: Settings, done: Results) -> Iterator[None]:
    """Draw the steps, jobs and downloads in `done` until the block is over.

    That is where standard error is a terminal that nobody else writes to; elsewhere it does
    nothing.
    """
    if not terminal.has_place(settings):
        yield
        return
    from utils.live.screen import Screen  # noqa: PLC0415  # not for a cron line

    board = done.once(Board, Board)
    board.is_shown = True
    screen = Screen(sys.stderr)
    ticker = _Ticker(screen, settings, done.once(Timeline, Timeline), board)
    with ExitStack() as stack:
        stack.enter_context(logger.through(cast("TextIO", screen)))
        if terminal.shows_output():
            stack.enter_context(output.through(screen.above))
        stack.enter_context(terminal.before_stopping(lambda: screen.draw([])))
        stack.callback(ticker.end)
        ticker.start()
        yield


class _Ticker(Thread):
    """Draws some times a second; whatever happens, it raises nothing."""

    def __init__(
        self, screen: Screen, settings: Settings, timeline: Timeline, board: Board
    ) -> None:
        super().__init__(name="live view", daemon=True)
        self._screen = screen
        self._settings = settings
        self._timeline = timeline
        self._board = board
        self._is_over = Event()

    def run(self) -> None:
        """Draw until told to end."""
        try:
            picture = self._picture()
            wait_s = FIRST_S
            while not self._is_over.wait(wait_s) and self._screen.is_open:
                wait_s = TICK_S
                self._draw(picture)
        except OSError:  # the terminal is gone, as whoever writes to it next will find
            self._screen.close()
        except Exception:  # a picture is no reason to end a run
            self._screen.close()
            log.debug("nothing more is drawn", exc_info=True)

    def end(self) -> None:
        """Take the picture away; nothing is drawn after that."""
        with signals.held():
            self._is_over.set()
            self._screen.close()
            if self.is_alive():
                self.join(LAST_DRAWING_S)

    def _picture(self) -> Picture:
        # Here, since it takes a while, and the run need not wait for it.
        from utils.live.picture import Picture  # noqa: PLC0415  # imports rich

        color, signs = not self._settings.no_color, terminal.has_signs(self._settings)
        return Picture(self._timeline, self._board, color=color, signs=signs)

    def _draw(self, picture: Picture) -> None:
        width, height = os.get_terminal_size(sys.stderr.fileno())
        if width < NARROWEST or self._may_ask() or not terminal.is_in_foreground():
            self._screen.draw([])
        else:
            self._screen.draw(picture.lines(width, height))

    def _may_ask(self) -> bool:
        """Tell whether a password may be asked for at the moment, or soon."""
        if ASKING not in self._timeline.steps or not password.may_ask(self._settings):
            return False
        return all(each.name != ASKING for each in self._timeline.passed)
