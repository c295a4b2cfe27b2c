"""What holds of every report, whatever the history."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import given, settings

from tests.utils.statistics.drawing import drawn_up, put, report_of, stored
from tests.utils.statistics.histories import (
    BYS,
    RESOURCES,
    TEMPLATES,
    History,
    asking,
    histories,
    text,
)
from utils.statistics.counts import Counts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.utils.statistics.jobs_by_hand import Row
    from utils.statistics.figures import Summary

# A report takes some milliseconds, and each of these looks at several.
some = settings(max_examples=25)
STATUSES = [each.name for each in fields(Counts)]


def added(counts: Iterable[Counts]) -> Counts:
    each = list(counts)
    return Counts(**{name: sum(getattr(one, name) for one in each) for name in STATUSES})


@some
@given(histories)
def test_the_parts_add_up_to_the_whole(history: History) -> None:
    with stored(history) as database:
        reports = [drawn_up(database, asking(history, by=by)) for by in BYS]
    for found in reports:
        parts = [group.summary for group in found.groups]
        assert found.total == reports[0].total
        assert added(part.counts for part in parts) == found.total.counts
        for name in ("flaky", "repairs"):
            assert sum(getattr(part, name) for part in parts) == getattr(found.total, name)
        for name in ("duration", "waiting"):
            whole = getattr(found.total, name)
            spreads = [getattr(part, name) for part in parts]
            assert sum(each.count for each in spreads) == whole.count
            assert max((each.max for each in spreads if each.count), default=None) == whole.max


@some
@given(histories)
def test_days_hours_kinds_and_templates_add_up_to_the_whole(history: History) -> None:
    found = report_of(history)
    total = found.total.counts
    assert added(day.counts for day in found.days) == total
    assert sum(day.duration.count for day in found.days) == found.total.duration.count
    assert added(template.summary.counts for template in found.templates) == total
    days = [day for template in found.templates for day in template.days]
    assert sum(day.successful for day in days) == total.successful
    assert sum(day.bad for day in days) == total.bad
    assert len(found.hours) == 168
    assert sum(hour.runs for hour in found.hours) == total.runs
    assert sum(hour.bad for hour in found.hours) == total.bad
    assert sum(kind.jobs for kind in found.kinds) == total.bad
    assert len(found.failures) == min(total.bad, 20)
    assert found.explained <= total.bad


@some
@given(histories)
def test_no_part_is_more_than_what_it_is_of(history: History) -> None:
    found = report_of(history)
    summaries = [found.total, found.before]
    summaries += [group.summary for group in found.groups]
    summaries += [template.summary for template in found.templates]
    for summary in summaries:
        _check(summary)
    for template in found.templates:
        bad = template.summary.counts.bad
        assert template.red_now <= template.longest_streak <= bad
        assert (template.longest_streak > 0) == (bad > 0)
    longest = max((template.longest_streak for template in found.templates), default=0)
    assert longest == (found.streak.length if found.streak else 0)


def _check(summary: Summary) -> None:
    counts = summary.counts
    assert 0 <= summary.flaky <= counts.bad
    assert 0 <= summary.repairs <= counts.bad
    assert (summary.repair_s is None) == (summary.repairs == 0)
    assert summary.repair_s is None or summary.repair_s >= 0
    assert summary.duration.count <= counts.judged
    assert summary.waiting.count <= counts.runs
    assert summary.waiting.p50 is None or summary.waiting.p50 >= 0


@some
@given(histories)
def test_neither_the_order_of_storing_nor_doing_it_twice_matters(history: History) -> None:
    with stored(history) as database:
        found = drawn_up(database, history)
        put(database, history)
        assert drawn_up(database, history) == found
    backwards = replace(history, rows=tuple(reversed(history.rows)))
    with stored(backwards) as database:
        assert drawn_up(database, history) == found
    with stored(replace(history, rows=())) as database:  # one at a time, the newest first
        for row in backwards.rows:
            put(database, replace(history, rows=(row,)))
        assert drawn_up(database, history) == found


@some
@given(histories)
def test_jobs_of_other_times_do_not_matter(history: History) -> None:
    asked = history.asked
    far = (asked.until - asked.since) * 2 + timedelta(days=1)
    rows = [
        row
        for row in map(_fully_named, history.rows)
        if asked.since - (asked.until - asked.since)
        <= datetime.fromisoformat(row["created"].replace("Z", "+00:00"))
        < asked.until
    ]
    others = [
        {**row, "id": row["id"] + ahead, **_moved(row, far * ahead), "status": status}
        for row in rows
        for ahead, status in ((-1, "successful"), (1, "failed"))
    ]
    alone = report_of(replace(history, rows=tuple(rows)))
    assert report_of(replace(history, rows=(*rows, *others))) == alone


@some
@given(histories)
def test_the_period_before_is_what_was_told_of_it(history: History) -> None:
    asked = history.asked
    before = asking(history, since=asked.since - (asked.until - asked.since), until=asked.since)
    now, then = report_of(history), report_of(before)
    assert now.before == then.total
    groups = {(group.label, group.key): group.summary for group in then.groups}
    for group in now.groups:
        if group.before and group.before.counts.runs:
            assert groups[group.label, group.key] == group.before


def _moved(row: Row, by: timedelta) -> Row:
    return {
        name: text(datetime.fromisoformat(row[name].replace("Z", "+00:00")) + by)
        for name in ("created", "started", "finished")
        if row[name]
    }


def _fully_named(row: Row) -> Row:
    """Return a job that tells the name of all it is of, which none has changed since."""
    of = {"job_template": TEMPLATES, **RESOURCES}
    shorts = {
        kind: {"id": row[kind], "name": names[row[kind]]} for kind, names in of.items() if row[kind]
    }
    return {**row, "summary_fields": shorts}
