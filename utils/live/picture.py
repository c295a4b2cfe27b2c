"""The live view's lines: steps, jobs and downloads, as text with colours for a terminal."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.text import Text

from utils.following.workflow import FollowedWorkflow
from utils.live.checklist import checklist
from utils.live.job_lines import job_lines
from utils.live.job_tree import job_trees
from utils.live.pen import Pen
from utils.live.words import ASCII, COLOURS, Marks, duration

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import RenderableType

    from utils.flow import Timeline
    from utils.following.board import Board

# The row of the cursor, and what was printed last, stay in sight.
ROWS_ABOVE = 3
MEGA = 1e6
# A download that is over at once is not worth a line.
DOWNLOAD_AFTER_S = 0.3


class Picture:
    """Draws what is on the board and in the timeline at the moment; changes neither."""

    def __init__(
        self,
        timeline: Timeline,
        board: Board,
        *,
        color: bool,
        signs: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._timeline = timeline
        self._board = board
        self._color = color
        self._signs = signs
        self._clock = clock
        self._download_began: float | None = None

    def lines(self, width: int, height: int) -> list[str]:
        """Return the lines for a terminal of that size, each narrower than it."""
        pen = Pen(
            width - 1,
            height - ROWS_ABOVE,
            self._clock(),
            Marks() if self._signs else ASCII,
        )
        parts: list[RenderableType] = [*checklist(self._timeline, pen)]
        parts += self._of_download(pen)
        parts += self._of_jobs(pen, pen.height - len(parts))
        return self._rendered(Group(*parts), pen)[: max(pen.height, 0)]

    def _of_jobs(self, pen: Pen, rows: int) -> list[RenderableType]:
        jobs = list(self._board.jobs)
        if all(job.is_over for job in jobs):
            return []
        if len(jobs) == 1 and not isinstance(jobs[0], FollowedWorkflow):
            return [*job_lines(jobs[0], pen)]
        return [*job_trees(jobs, pen, rows)]

    def _of_download(self, pen: Pen) -> list[Text]:
        """Return how much came and how fast: how much there is, AWX does not say."""
        size = self._board.downloaded_bytes
        if not size:
            self._download_began = None
            return []
        if self._download_began is None:
            self._download_began = pen.now
        seconds = pen.now - self._download_began
        if seconds < DOWNLOAD_AFTER_S:
            return []
        words = f"output: {size / MEGA:.1f} MB, {size / MEGA / seconds:.1f} MB/s"
        return [
            Text.assemble(
                pen.mark("runs"), f" {words}", (f"  {duration(seconds)}", COLOURS["to_come"])
            )
        ]

    def _rendered(self, group: Group, pen: Pen) -> list[str]:
        """Return the lines as a terminal takes them: its own sixteen colours, or none."""
        file = io.TextIOWrapper(io.BytesIO(), "utf-8" if self._signs else "ascii", "replace")
        console = Console(
            file=file,
            width=pen.width,
            color_system="standard" if self._color else None,
            force_terminal=True,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
        )
        with console.capture() as capture:
            console.print(group, no_wrap=True, overflow="ellipsis" if self._signs else "crop")
        return capture.get().splitlines()
