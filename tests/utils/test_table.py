from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from rich.cells import cell_len

from utils.table import LOOKED_AT, Terminal, aligned, aligned_as_it_comes

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


def test_numbers_stand_at_the_right() -> None:
    rows = [("1", "x"), ("12", "y")]
    assert aligned(COLUMNS, rows, {"job"}) == ["job  name", "  1  x", " 12  y"]
    assert list(aligned_as_it_comes(COLUMNS, rows, {"job"})) == aligned(COLUMNS, rows, {"job"})


class TestTerminal:
    COLUMNS = ("job", "name", "status", "by")
    ROWS = (("1", "Deploy web", "failed", "admin"), ("2", "データベース", "running", "x" * 30))

    def lines(self, width: int, **look: Any) -> list[str]:  # noqa: ANN401  # Terminal's own
        terminal = Terminal(width, "name", **look)
        return list(aligned_as_it_comes(self.COLUMNS, self.ROWS, {"job"}, terminal))

    def test_where_there_is_room_nothing_is_cut(self) -> None:
        heading, first, second = self.lines(80)
        assert heading == "job  name          status   by"
        assert first == "  1  Deploy web    failed   admin"
        assert second == f"  2  データベース  running  {'x' * 30}"

    @pytest.mark.parametrize("width", range(1, 80))
    def test_no_line_is_wrapped(self, width: int) -> None:
        for line in self.lines(width):
            assert cell_len(line) <= width

    def test_the_name_gives_way_first_and_then_the_end_of_the_line(self) -> None:
        assert self.lines(54)[1:] == [
            "  1  Deploy…   failed   admin", f"  2  データ…   running  {'x' * 30}"
        ]  # fmt: skip
        assert self.lines(30, ellipsis="~")[1:] == [
            "  1  Deploy~   failed   admin", "  2  データ~   running  xxxxx~"
        ]  # fmt: skip

    def test_colours_take_no_room(self) -> None:
        colours = {("status", "failed"): "\x1b[31m", ("name", "failed"): "\x1b[32m"}
        coloured = self.lines(40, colours=colours)
        assert coloured[1].count("\x1b[31mfailed\x1b[0m   ") == 1
        assert coloured[1].count("\x1b") == 2
        bare = [line.replace("\x1b[31m", "").replace("\x1b[0m", "") for line in coloured]
        assert bare == self.lines(40)
