"""A report for a terminal, or for a file that is read as text."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rich import box
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from utils.statistics import told
from utils.statistics.trend import spark
from utils.statistics.words import NONE, change, percent, seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from utils.statistics.figures import FailedJob, Report, Share
    from utils.statistics.figures import Group as FigureGroup
    from utils.statistics.words import Change

# What stands beside the line of a trend, and between columns; what a name gets at least.
BESIDE_TREND, GAP = 42, 3
NARROWEST = 16
# What is left out where there is no room for all columns.
LEAST_FIRST = ("repair", "queue p95", "flaky", "change", "p50", "p95")
BAR = 24
# What stands for signs where only ASCII can be shown.
PLAIN = str.maketrans({"─": "-", "…": "~", NONE: "-"})
FAILURES = 10
RED, DIM = "red", "bright_black"
COLORS = {"": "", "plain": "", "better": "green", "worse": RED}


def as_text(report: Report, *, width: int, colors: bool, signs: bool) -> str:
    """Return the report, lines of `width` cells; `signs` is whether it may be more than ASCII."""
    stream = io.StringIO()
    console = Console(
        file=stream, width=width, force_terminal=colors, legacy_windows=False, highlight=False,
        color_system="standard" if colors else None, emoji=False, markup=False,
    )  # fmt: skip
    parts: list[RenderableType] = [_heading(report), _figures(report)]
    if report.total.counts.runs:
        parts += [_days(report, width, signs=signs), _groups(report, width)]
    if report.total.counts.bad:
        parts += [*_failing(report, signs=signs), _newest(report.failures[:FAILURES])]
    console.print(Group(*_spaced(parts)))
    lines = stream.getvalue() if signs else stream.getvalue().translate(PLAIN)
    return "\n".join(line.rstrip() for line in lines.splitlines()) + "\n"


def _spaced(parts: Iterable[RenderableType]) -> Iterator[RenderableType]:
    for number, part in enumerate(parts):
        if number:
            yield Text("")
        yield part


def _heading(report: Report) -> Text:
    which = ", ".join(report.filters) or "all jobs"
    return Text.assemble(
        (f"{report.awx}, {which}", "bold"),
        f"\n{report.since:%Y-%m-%d %H:%M} to {report.until:%Y-%m-%d %H:%M} ({report.zone}), "
        f"as {report.username} is shown them; changes are against the same time before",
    )


def _figures(report: Report) -> Table:
    """Return the figures of the whole period, a line each."""
    table = Table.grid(padding=(0, 2))
    for label, figure, tone, moved in told.lines(report):
        table.add_row(Text(label, DIM), Text(figure, COLORS[tone]), _moved(moved))
    return table


def _moved(change: Change | None) -> Text:
    """Return how a figure moved, as `+1.1 points`."""
    if not change:
        return Text("")
    sign = {"up": "+", "down": "-"}.get(change.arrow, "")
    return Text(f"{sign}{change.text}", COLORS[change.tone])


def _days(report: Report, width: int, *, signs: bool) -> Table:
    """Return the runs by day, and the failures, as lines of little bars."""
    table = Table.grid(padding=(0, 2))
    room = max(width - BESIDE_TREND, NARROWEST)
    for name, color, values in (
        ("runs", "", [each.counts.runs for each in report.days]),
        ("failed", RED, [each.counts.bad for each in report.days]),
    ):
        line, step, peak = spark(values, room, signs=signs)
        each = "a day" if step == 1 else f"in {step} days"
        table.add_row(Text(name, DIM), Text(line, color), Text(f"up to {peak} {each}", DIM))
    return table


def _groups(report: Report, width: int) -> Table:
    """Return a line for each group, with as many columns as there is room for."""
    rows = [_cells(group) for group in report.groups]
    widths = {
        name: max(len(name), *(cell_len(row[name].plain) for row in rows)) for name in rows[0]
    }
    longest = max(cell_len(group.label) for group in report.groups)
    room = width - sum(each + GAP for each in widths.values())
    for name in LEAST_FIRST:
        if room < min(longest, NARROWEST):
            room += widths.pop(name) + GAP
    table = Table(
        box=box.SIMPLE_HEAD, padding=(0, 1), show_edge=False, pad_edge=False, header_style="bold"
    )
    table.add_column(report.by, overflow="ellipsis", no_wrap=True, max_width=max(room, NARROWEST))
    for name, cells in widths.items():
        table.add_column(name, justify="right", no_wrap=True, min_width=cells)
    for group, row in zip(report.groups, rows, strict=True):
        table.add_row(Text(group.label), *(row[name] for name in widths))
    return table


def _cells(group: FigureGroup) -> dict[str, Text]:
    summary, counts = group.summary, group.summary.counts
    before = group.before.counts.rate if group.before else None
    return {
        "runs": Text(str(counts.runs)),
        "failed": Text(str(counts.bad), RED if counts.bad else ""),
        "rate": Text(percent(counts.rate)),
        "change": _moved(change(counts.rate, before, "points", "up")),
        "p50": Text(seconds(summary.duration.p50)),
        "p95": Text(seconds(summary.duration.p95)),
        "queue p95": Text(seconds(summary.waiting.p95)),
        "repair": Text(seconds(summary.repair_s)),
        "flaky": Text(percent(summary.flakiness)),
    }


def _failing(report: Report, *, signs: bool) -> Iterator[RenderableType]:
    """Yield why jobs failed: kinds, hosts, tasks."""
    bad = report.total.counts.bad
    of = f", of the newest {report.explained} that failed" if report.explained < bad else ""
    yield _shares("failed by kind", report.kinds, bad, signs=signs)
    if report.failing_hosts:
        yield _shares(f"failing hosts{of}", report.failing_hosts, bad, signs=signs)
    if report.failing_tasks:
        yield _shares(f"failing tasks{of}", report.failing_tasks, bad, signs=signs)


def _shares(title: str, shares: Iterable[Share], whole: int, *, signs: bool) -> Group:
    table = Table.grid(padding=(0, 2))
    for share in shares:
        bar = ("█" if signs else "#") * max(round(BAR * share.jobs / whole), 1)
        table.add_row(Text(share.name), str(share.jobs), Text(bar, RED), _cut(share.message, DIM))
    return Group(Text(title, "bold"), table)


def _newest(failures: Iterable[FailedJob]) -> Group:
    table = Table.grid(padding=(0, 2))
    for job in failures:
        more = job.host_count - len(job.hosts)
        hosts = ", ".join(job.hosts) + (f" and {more} more" if more > 0 else "")
        table.add_row(
            f"{job.finished:%Y-%m-%d %H:%M}", str(job.job_id), _cut(job.template),
            _cut(hosts, DIM), _cut(job.reason or job.status),
        )  # fmt: skip
    return Group(Text("newest failures", "bold"), table)


def _cut(text: str, style: str = "") -> Text:
    """Return a text that gives way where there is no room for it."""
    return Text(text, style, overflow="ellipsis", no_wrap=True)
