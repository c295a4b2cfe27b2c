"""The templates of a report, each with its days and its streaks."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from utils.statistics.figures import Template, TemplateDay
from utils.statistics.groups import day_of, urgency
from utils.statistics.runs import BEFORE, NOW

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from utils.statistics.groups import Groups
    from utils.statistics.streaks import Red


def templates(
    database: sqlite3.Connection,
    groups: Groups,
    reds: list[Red],
    called: Callable[[object], str],
    page: Callable[[str], str],
) -> tuple[Template, ...]:
    """Return the templates with jobs in the period, the one with the most bad ones first.

    `groups` and `reds` are theirs, `called` names one, `page` makes the address of a page of AWX's.
    """
    days = _days(database)
    longest: dict[Any, int] = defaultdict(int)
    red_now: dict[Any, int] = defaultdict(int)
    for red in reds:
        longest[red.template] = max(longest[red.template], red.length)
        if not red.is_over:
            red_now[red.template] = red.length
    found = []
    for key in groups.keys(NOW):
        is_there = isinstance(key, int)
        found.append(
            Template(
                name=called(key),
                template_id=key if is_there else None,
                url=page(f"templates/job_template/{key}/details") if is_there else "",
                summary=groups.of(NOW, key),
                before=groups.of(BEFORE, key),
                days=tuple(days[key]),
                longest_streak=longest[key],
                red_now=red_now[key],
            )
        )
    return tuple(sorted(found, key=lambda each: urgency(each.summary, each.name)))


def _days(database: sqlite3.Connection) -> dict[Any, list[TemplateDay]]:
    found: dict[Any, list[TemplateDay]] = defaultdict(list)
    rows = database.execute(
        "SELECT template, hour / 24, sum(good), sum(bad) FROM run WHERE period = ? GROUP BY 1, 2",
        (NOW,),
    )
    for template, day, good, bad in rows:
        found[template].append(TemplateDay(day_of(day), good, bad))
    return found
