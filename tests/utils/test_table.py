from __future__ import annotations

from itertools import count

from utils.table import LOOKED_AT, aligned, aligned_as_it_comes

COLUMNS = ("job", "name")


def test_a_short_list_is_aligned_as_if_it_were_all_there() -> None:
    rows = [("1", "Deploy web"), ("1000", "x")]
    assert list(aligned_as_it_comes(COLUMNS, rows)) == aligned(COLUMNS, rows)


def test_nothing_has_no_heading() -> None:
    assert list(aligned_as_it_comes(COLUMNS, [])) == []


def test_a_long_list_is_not_waited_for() -> None:
    lines = aligned_as_it_comes(COLUMNS, ((str(number), "x") for number in count(1)))
    assert next(lines) == "job  name"
    assert next(lines) == "1    x"


def test_a_later_row_may_widen_its_column() -> None:
    rows = [("1", "x")] * LOOKED_AT + [("12345", "x"), ("1", "x")]
    assert list(aligned_as_it_comes(COLUMNS, rows))[-3:] == ["1    x", "12345  x", "1      x"]
