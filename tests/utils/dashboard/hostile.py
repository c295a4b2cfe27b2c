"""Names and addresses that mean harm, or merely trouble, wherever a report has text of others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.utils.dashboard.reports import made_up
from utils.statistics.figures import FailedJob, Report, Share

SCRIPT = "<script>window.hit = 1</script>"
NAMES = (
    SCRIPT,
    '"><img src=x onerror="window.hit=1">',
    "' onmouseover='window.hit=1",
    "</style></title></svg><svg onload=window.hit=1>",
    "{{ 7 * 7 }} {% raw %} ${7*7}",
    "نشر الويب",
    "\u202eevil\u202c \u2066isolate",
    "🚀 déploiement 👩🏽‍💻",
    "tab\tnewline\nescape\x1b[31mbell\x07nul\x00",
    "W" * 300,
    "a name with spaces " * 16,
    "lone \ud800 surrogate",
    "   ",
)
ADDRESSES = (
    "javascript:window.hit=1",
    "data:text/html,<script>window.hit=1</script>",
    "//elsewhere.example.com",
    "http://[broken",
    "https://awx.example.com/\njavascript:1",
    "",
)
GOOD = 'https://awx.example.com/#/jobs/1/?a="b"&c=<d>'


def hostile(days: int = 14) -> Report:
    """Return a report in which every text is one of those."""
    report = made_up(days, NAMES, per_day=30)
    first = report.failures[0]
    return replace(
        report,
        username=NAMES[0], awx_version=NAMES[1], zone=NAMES[4],
        filters=tuple(f"template {name}" for name in NAMES),
        templates=tuple(
            replace(each, url=(GOOD, *ADDRESSES)[number % 7])
            for number, each in enumerate(report.templates)
        ),
        groups=tuple(
            replace(each, label=NAMES[number]) for number, each in enumerate(report.groups)
        ),
        kinds=_shares(), failing_hosts=_shares(), failing_tasks=_shares(),
        failures=tuple(
            FailedJob(
                number, name, "failed", first.finished - timedelta(hours=number), name, name,
                (name,) * 7, 5000, (GOOD, *ADDRESSES)[number % 7],
            )
            for number, name in enumerate(NAMES)
        ),
    )  # fmt: skip


def _shares() -> tuple[Share, ...]:
    return tuple(
        Share(name, len(NAMES) - number, number + 1, name) for number, name in enumerate(NAMES)
    )
