"""What the parts of the live view are drawn with: its width, its signs, the present moment."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len, chop_cells, set_cell_size
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

    def shortened(self, text: str, cells: int) -> str:
        """Return a text that takes not more than so many cells, with an ellipsis if it is cut."""
        if cell_len(text) <= cells:
            return text
        room = max(cells - len(self.marks.ellipsis), 0)
        return set_cell_size(text, room).rstrip() + self.marks.ellipsis

    def wrapped(self, text: str, cells: int, lines: int) -> list[str]:
        """Return a text in at most so many lines, none of them wider than `cells`.

        A word is whole if a line can hold it. Of what does not fit, the address counts most.
        """
        words = text.split()
        found = _in_lines(words, cells)
        if len(found) <= lines:
            return found
        address = next((i for i, line in enumerate(found) if "://" in line), 0)
        kept = found[:lines]
        if address >= lines:
            kept = [self._cut(found[0], cells), *found[address : address + lines - 1]]
        if kept[-1] != found[-1]:
            kept[-1] = self._with_more(kept[-1], words, cells)
        return kept

    def _with_more(self, line: str, words: list[str], cells: int) -> str:
        """Say that there is more: a whole word is not torn for it, and an address not left out."""
        rest, _, last = line.rpartition(" ")
        has_room = cell_len(line) + 1 + len(self.marks.ellipsis) <= cells
        if has_room or last not in words:
            return self._cut(line, cells)
        return self._cut(rest, cells) if rest and "://" not in last else line

    def _cut(self, line: str, cells: int) -> str:
        """Return a line that says that there is more."""
        more = f"{line} {self.marks.ellipsis}"
        if cell_len(more) <= cells:
            return more
        return self.shortened(line + self.marks.ellipsis, cells)


def _in_lines(words: list[str], cells: int) -> list[str]:
    """Return words in lines; only one that is wider than a line is torn."""
    lines = [""]
    for word in words:
        joined = f"{lines[-1]} {word}".lstrip()
        if cell_len(joined) <= cells:
            lines[-1] = joined
        else:
            lines += chop_cells(word, max(cells, 2))
    return [line for line in lines if line]
