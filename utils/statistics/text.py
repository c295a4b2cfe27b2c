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
from utils.statistics.parts import parts
from utils.statistics.trend import spark
from utils.statistics.words import NONE, change, day, length, percent, seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from utils.statistics.figures import FailedJob, Report, Share
    from utils.statistics.figures import Group as FigureGroup
    from utils.statistics.words import Change

# What stands beside the line of a trend, and between columns; what a name gets at least.
BESIDE_TREND, GAP = 34, 3
NARROWEST = 16
# What is left out where there is no room for all columns.
LEAST_FIRST = ("repair", "queue p95", "flaky", "change", "p50", "p95", "red now")
BAR = 24
# What stands for signs where only ASCII can be shown.
PLAIN = str.maketrans({"─": "-", "…": "~", NONE: "-"})
FAILURES = 10
# Rich takes no width without a height where TERM is dumb; nothing here depends on it.
HEIGHT = 25
RED, DIM = "red", "bright_black"
COLORS = {"": "", "plain": "", "better": "green", "worse": RED}


def as_text(report: Report, *, width: int, colors: bool, signs: bool) -> str:
    """Return the report, lines of `width` cells; `signs` is whether it may be more than ASCII."""
    stream = io.StringIO()
    console = Console(
        file=stream, width=width, height=HEIGHT, force_terminal=colors, legacy_windows=False,
        color_system="standard" if colors else None, highlight=False, emoji=False, markup=False,
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
    before_s = (report.since - report.since_before).total_seconds()
    against = f"; changes are against the {length(before_s)} before" if before_s else ""
    return Text.assemble(
        (f"{report.awx}, {which}", "bold"),
        f"\n{report.since:%Y-%m-%d %H:%M} to {report.until:%Y-%m-%d %H:%M} ({report.zone}), "
        f"jobs that {report.username} may see{against}",
    )


def _figures(report: Report) -> Table:
    """Return the figures of the whole period, a line each."""
    table = Table.grid(padding=(0, 2))
    for is_short in (True, False, True):
        table.add_column(no_wrap=is_short)
    for line in told.lines(report):
        figure = Text(line.figure, COLORS[line.tone])
        table.add_row(Text(line.name, DIM), figure, _moved(line.moved, line.of))
    return table


def _moved(change: Change | None, of: str = "") -> Text:
    """Return how a figure, or what `of` it, moved: `+1.1 points`, `p95 +12%`."""
    if not change:
        return Text("")
    sign = {"up": "+", "down": "-"}.get(change.arrow, "")
    return Text(f"{of} {sign}{change.text}".lstrip(), COLORS[change.tone])


def _days(report: Report, width: int, *, signs: bool) -> Table:
    """Return the runs by day, and the failures, as lines of little bars."""
    table = Table.grid(padding=(0, 2))
    first, last = report.days[0].day, report.days[-1].day
    with_year = first.year != last.year
    ends = [day(each, with_year=with_year) for each in (first, last)]
    room = width - BESIDE_TREND - sum(len(each) + 2 for each in ends)
    if room < NARROWEST:
        room, ends = max(width - BESIDE_TREND, NARROWEST), ["", ""]
    for name, color, values in (
        ("runs", "", [each.counts.runs for each in report.days]),
        ("failed", RED, [each.counts.bad for each in report.days]),
    ):
        line, step, peak = spark(values, room, signs=signs)
        each = "a day" if step == 1 else f"in {step} days"
        peaks = f"up to {peak} {each}"
        cells = (Text(ends[0], DIM), Text(line, color), Text(ends[1], DIM), Text(peaks, DIM))
        table.add_row(Text(name, DIM), *(cell for cell in cells if cell))
    return table


def _groups(report: Report, width: int) -> Table:
    """Return a line for each group, with as many columns as there is room for."""
    rows, labels = _rows(report), _labels(report)
    widths = {
        name: max(len(name), *(cell_len(row[name].plain) for row in rows)) for name in rows[0]
    }
    longest = max(map(cell_len, labels))
    room = width - sum(each + GAP for each in widths.values())
    for name in LEAST_FIRST:
        if name in widths and room < min(longest, NARROWEST):
            room += widths.pop(name) + GAP
    table = Table(
        box=box.SIMPLE_HEAD, padding=(0, 1), show_edge=False, pad_edge=False, header_style="bold"
    )
    table.add_column(report.by, overflow="ellipsis", no_wrap=True, max_width=max(room, NARROWEST))
    for name, cells in widths.items():
        table.add_column(name, justify="right", no_wrap=True, min_width=cells)
    for label, row in zip(labels, rows, strict=True):
        table.add_row(Text(label), *(row[name] for name in widths))
    return table


def _labels(report: Report) -> list[str]:
    """Return what the groups are called; a day or a week that is not whole says so."""
    labels = [group.label for group in report.groups]
    for number, is_part in enumerate(parts(report)):
        labels[number] += " (part)" if is_part else ""
    return labels


def _rows(report: Report) -> list[dict[str, Text]]:
    """Return the cells of each group by column, without columns in which nothing stands."""
    templates = report.templates if report.by == "template" else ()
    red = {(each.template_id, each.name): each.red_now for each in templates}
    rows = [_cells(group, red.get((group.key, group.label), 0)) for group in report.groups]
    names = [name for name in rows[0] if any(row[name] for row in rows)]
    return [{name: row[name] for name in names} for row in rows]


def _cells(group: FigureGroup, red_now: int) -> dict[str, Text]:
    summary, counts = group.summary, group.summary.counts
    before = group.before.counts.rate if group.before else None
    return {
        "runs": Text(str(counts.runs)),
        "failed": Text(str(counts.bad), RED if counts.bad else ""),
        "red now": Text(str(red_now or ""), RED),
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
