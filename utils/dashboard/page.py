"""The HTML dashboard of `report`: one file, no script, nothing to fetch."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

from utils.dashboard import charts, heat, lines
from utils.dashboard.red import Red
from utils.dashboard.spans import spans, told_cut
from utils.dashboard.svg import COLOURS
from utils.dashboard.tiles import objective, parts, success, tiles
from utils.statistics import words
from utils.statistics.parts import cut

if TYPE_CHECKING:
    from jinja2 import Environment

    from utils.statistics.figures import Report

FOLDER = Path(__file__).parent
# What is shown at once; the rest is behind a line to open.
SHOWN_TEMPLATES = 25


def render(report: Report) -> str:
    """Return a report as a whole HTML page: some 200 kB, half a MB with 200 templates."""
    style = (FOLDER / "style.css").read_text(encoding="utf-8")
    unit, columns = spans(report.days) if report.days else ("day", ())
    edges = unit, report.since, report.until
    has_durations = any(column.duration.count for column in columns)
    page = _environment().get_template("page.html")
    return page.render(
        report=report,
        style=style,
        policy=policy(style),
        awx_link=words.link(report.awx),
        filters=report.filters,
        success=success(report),
        objective=objective(report),
        parts=parts(report.total.counts),
        tiles=tiles(report),
        unit=unit,
        not_whole=told_cut(*edges),
        runs=charts.runs(unit, columns, cut(*edges))
        if columns and report.total.counts.runs
        else None,
        durations=charts.durations(unit, columns) if has_durations else None,
        heat=heat.rows(report.hours),
        busiest=[hour for hour in report.busiest if hour.runs],
        templates=lines.templates(report),
        shown=SHOWN_TEMPLATES,
        groups=lines.groups(report),
        kinds=lines.shares(report.kinds),
        hosts=lines.shares(report.failing_hosts),
        tasks=lines.shares(report.failing_tasks),
        failures=lines.failures(report.failures),
        red=Red.of(report),
    )


def policy(style: str) -> str:
    """Return the page's own Content-Security-Policy: its style by its hash, and nothing else.

    So a browser runs no script and fetches nothing, whatever a job's name is.
    """
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"words": words, "colours": COLOURS}
    return environment
