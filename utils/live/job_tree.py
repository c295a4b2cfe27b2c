"""Several jobs, and workflows with their nodes, as a tree that is never higher than its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.text import Text
from rich.tree import Tree

from utils.following.workflow import FollowedWorkflow
from utils.live.job_lines import GAP, job_line, why_it_waits
from utils.live.words import COLOURS, state_of
from utils.printable import printable
from utils.waiting import FINAL_STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from utils.following.followed_job import FollowedJob
    from utils.following.nodes import Node
    from utils.live.pen import Pen

# What is left out first where there is not enough room.
OVER, TO_COME, UNDER_WAY = range(3)
# What each level is moved to the right by.
GUIDE_CELLS = 4


@dataclass
class Entry:
    """A line of the tree (or several), what is below it, and what can be spared (`rank`)."""

    text: Text
    rank: int
    below: list[Entry] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many lines it takes by itself."""
        return self.text.plain.count("\n") + 1


def job_trees(jobs: Sequence[FollowedJob], pen: Pen, rows: int) -> list[Tree | Text]:
    """Return the trees of these jobs, together not more than so many rows."""
    entries = [_of_job(job, pen, pen.width) for job in jobs]
    hidden = _hidden(entries, rows)
    found: list[Tree | Text] = []
    for entry in entries:
        if id(entry) not in hidden:
            tree = Tree(entry.text, guide_style=COLOURS["to_come"])
            _grow(tree, entry, hidden)
            found.append(tree)
    if hidden:
        found.append(Text(f"{pen.marks.ellipsis} and {len(hidden)} more", COLOURS["to_come"]))
    return found


def _grow(tree: Tree, entry: Entry, hidden: set[int]) -> None:
    for each in entry.below:
        if id(each) not in hidden:
            _grow(tree.add(each.text), each, hidden)


def _of_job(job: FollowedJob, pen: Pen, cells: int) -> Entry:
    entry = Entry(job_line(job, pen, cells), OVER if job.is_final else UNDER_WAY)
    below = cells - GUIDE_CELLS
    if reason := why_it_waits(job, pen, below):
        entry.below.append(Entry(reason, UNDER_WAY))
    if isinstance(job, FollowedWorkflow):
        entry.below += [_of_node(node, job, pen, below) for node in job.nodes]
    return entry


def _of_node(node: Node, workflow: FollowedWorkflow, pen: Pen, cells: int) -> Entry:
    step = workflow.steps.get(node.job_id or 0)
    if step:
        return _of_job(step, pen, cells)
    state, word = state_of(node.status), node.status or "to come"
    rank = OVER if node.status in FINAL_STATUSES else UNDER_WAY if node.status else TO_COME
    if not node.status and (node.is_skipped or workflow.is_final):
        state, word, rank = "skipped", "not taken", OVER
    mark, end = pen.mark(state), f"{GAP}{word}"
    name = pen.shortened(printable(node.name), cells - mark.cell_len - 1 - len(end))
    return Entry(Text.assemble(mark, " ", (name, COLOURS["to_come"]), end), rank)


def _hidden(entries: Sequence[Entry], rows: int) -> set[int]:
    """Return the entries that find no room: what is over goes first, then what is to come last.

    None goes before what is below it.
    """
    all_of_them = list(_walk(entries))
    too_many = sum(each.rows for each in all_of_them) - rows
    if too_many <= 0:
        return set()
    over = [each for each in all_of_them if each.rank == OVER and not _is_needed(each)]
    over.sort(key=lambda each: bool(each.below))
    to_come = [each for each in all_of_them if each.rank == TO_COME]
    order = [*over, *reversed(to_come)]
    taken = {id(each) for each in order}
    order += [each for each in reversed(all_of_them) if id(each) not in taken]
    hidden: set[int] = set()
    for each in order:
        # One row more, to say how many there are.
        if too_many + 1 > 0:
            hidden.add(id(each))
            too_many -= each.rows
    return hidden


def _is_needed(entry: Entry) -> bool:
    return any(each.rank != OVER for each in _walk(entry.below))


def _walk(entries: Sequence[Entry]) -> Iterator[Entry]:
    for each in entries:
        yield each
        yield from _walk(each.below)
