from __future__ import annotations

from datetime import date, timedelta

from tests.utils.statistics.histories import job
from tests.utils.statistics.week import MOMENT, SINCE, at, labels, report, utc


def test_a_report_that_ends_within_a_second_of_a_day_has_that_day() -> None:
    until = SINCE + timedelta(seconds=0.5)
    found = report(job(1, SINCE), since=SINCE - timedelta(hours=1), until=until)
    assert [(each.day.day, each.counts.runs) for each in found.days] == [(15, 0), (16, 1)]


def test_a_report_of_less_than_a_second_has_a_day() -> None:
    found = report(job(1, SINCE), until=SINCE + MOMENT)
    assert [each.counts.runs for each in found.days] == [1]


def test_an_hour_that_the_clock_leaves_out_has_no_jobs() -> None:
    # Berlin, 29 March 2026: 01:59:59 is followed by 03:00:00.
    change = utc("2026-03-29T01:00")
    found = report(
        job(1, change - MOMENT), job(2, change), zone="Europe/Berlin", by="hour",
        since=utc("2026-03-28T23:00"), until=utc("2026-03-29T22:00"),
    )  # fmt: skip
    runs = {each.label: each.summary.counts.runs for each in found.groups}
    assert (runs["01:00"], runs["02:00"], runs["03:00"]) == (1, 0, 1)
    assert [each.day for each in found.days] == [date(2026, 3, 29)]


def test_an_hour_that_the_clock_shows_twice_is_one() -> None:
    # New York, 1 November 2026: 01:59:59 is followed by 01:00:00.
    rows = [job(n, utc(f"2026-11-01T{n:02}:30")) for n in (4, 5, 6, 7)]
    found = report(*rows, zone="America/New_York", by="hour",
                   since=utc("2026-11-01T04:00"), until=utc("2026-11-02T05:00"))  # fmt: skip
    assert [each.summary.counts.runs for each in found.groups][:4] == [1, 2, 1, 0]
    assert len(found.days) == 1


def test_a_clock_can_be_changed_by_half_an_hour() -> None:
    # Lord Howe, 5 April 2026: 01:59:59 is followed by 01:30:00.
    change = utc("2026-04-04T15:00")
    rows = [job(n, change + timedelta(minutes=n)) for n in (-31, -1, 0, 29, 30)]
    found = report(*({**each, "id": n} for n, each in enumerate(rows, 1)), by="hour",
                   zone="Australia/Lord_Howe", since=change - timedelta(days=2),
                   until=change + timedelta(days=2))  # fmt: skip
    assert [each.summary.counts.runs for each in found.groups][:4] == [0, 4, 1, 0]


def test_a_day_ends_at_midnight_of_the_zone() -> None:
    midnight = utc("2026-11-17T18:15")  # of Kathmandu
    found = report(job(1, midnight - MOMENT), job(2, midnight), zone="Asia/Kathmandu", by="day")
    runs = [(each.label, each.summary.counts.runs) for each in found.groups]
    assert runs[1:4] == [("2026-11-17", 1), ("2026-11-18", 1), ("2026-11-19", 0)]
    assert [each.counts.runs for each in found.days] == [number for _, number in runs]
    assert [each.day.day for each in found.templates[0].days] == [17, 18]


def test_a_day_that_a_zone_skipped_has_no_jobs() -> None:
    skipped = utc("2011-12-30T10:00")  # of Samoa: the 29th is followed by the 31st
    a_day = timedelta(days=1)
    found = report(job(1, skipped - MOMENT), job(2, skipped), zone="Pacific/Apia",
                   since=skipped - a_day, until=skipped + a_day)  # fmt: skip
    assert [(each.day.day, each.counts.runs) for each in found.days] == [(29, 1), (30, 0), (31, 1)]
    assert [(each.weekday, each.hour) for each in found.busiest] == [(3, 23), (5, 0)]


def test_a_week_goes_on_over_the_turn_of_a_year() -> None:
    found = report(
        job(1, utc("2026-12-27T23:59:59")), job(2, utc("2026-12-28T00:00")),
        job(3, utc("2027-01-03T23:59:59")), job(4, utc("2027-01-04T00:00")),
        by="week", since=utc("2026-12-25T00:00"), until=utc("2027-01-05T00:00"),
    )  # fmt: skip
    assert labels(found) == [
        ("2026-12-21", None, 1), ("2026-12-28", None, 2), ("2027-01-04", None, 1)
    ]  # fmt: skip
    assert all(each.before is None for each in found.groups)


def test_of_equally_busy_hours_the_earlier_ones_are_shown() -> None:
    found = report(*(job(n, at(hours)) for n, hours in enumerate((100, 50, 30, 20, 100, 5))))
    assert [(each.weekday * 24 + each.hour, each.runs) for each in found.busiest] == [
        (100, 2), (5, 1), (20, 1),
    ]  # fmt: skip
