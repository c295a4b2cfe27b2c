"""The steps of the flow as a checklist of one or two lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from utils.live.words import COLOURS

if TYPE_CHECKING:
    from utils.flow import Timeline
    from utils.live.pen import Pen

GAP = "  "
LINES_AT_MOST = 2


def checklist(timeline: Timeline, pen: Pen) -> list[Text]:
    """Return the lines; where the steps do not fit into two, only the one that runs."""
    states = {each.name: each.state for each in timeline.passed}
    current = timeline.current if timeline.current not in states else ""
    items = [
        _item(name, "runs" if name == current else states.get(name, "to_come"), pen)
        for name in timeline.steps
    ]
    lines = _wrapped(items, pen.width)
    if len(lines) <= LINES_AT_MOST:
        return lines
    if not current:
        return []
    place = f"{timeline.steps.index(current) + 1}/{len(timeline.steps)} {current}"
    return [_item(place, "runs", pen)]


def _item(name: str, state: str, pen: Pen) -> Text:
    weight = "bold" if state == "runs" else COLOURS["to_come"] if state == "to_come" else ""
    return Text.assemble(pen.mark(state), " ", (name, weight))


def _wrapped(items: list[Text], width: int) -> list[Text]:
    """Return the items in lines, none of which is torn."""
    lines: list[Text] = []
    for item in items:
        if lines and lines[-1].cell_len + len(GAP) + item.cell_len <= width:
            lines[-1] = Text.assemble(lines[-1], GAP, item)
        else:
            lines.append(item)
    return lines
