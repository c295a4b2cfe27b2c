"""What the parts of the live view are drawn with: its width, its signs, the present moment."""

from __future__ import annotations

from dataclasses import dataclass

from rich.spinner import Spinner
from rich.text import Text

from utils.live.words import COLOURS, Marks


@dataclass(frozen=True)
class Pen:
    """For one drawing: `now` is in seconds, `width` and `height` in cells."""

    width: int
    height: int
    now: float
    marks: Marks

    def mark(self, state: str) -> Text:
        """Return the sign of a state; a spinner for what runs."""
        if state != "runs":
            return Text(getattr(self.marks, state), COLOURS[state])
        spinner = Spinner(self.marks.spinner)
        spinner.start_time = 0.0
        frame = spinner.render(self.now)
        return Text(str(frame), COLOURS[state])
