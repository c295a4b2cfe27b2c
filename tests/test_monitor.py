from __future__ import annotations

import pytest

import monitor
from tests.rows import job
from utils.record import Record


@pytest.mark.parametrize(
    ("status", "code"),
    [("successful", 0), ("failed", 1), ("error", 1), ("canceled", 8)],
)
def test_what_each_end_means_for_the_caller(status: str, code: int) -> None:
    assert monitor.Finished(Record(job(status=status), "")).exit_code == code


def test_the_end_is_told_with_awxs_reason() -> None:
    row = job(status="failed", elapsed=7, job_explanation="Previous Task\n Failed: {}")
    assert str(monitor.Finished(Record(row, ""))) == "failed after 7.0 s: Previous Task Failed: {}"


def test_how_the_hosts_fared_is_told() -> None:
    row = job(status="failed", elapsed=2, host_status_counts={"ok": 2, "failures": 1})
    assert str(monitor.Finished(Record(row, ""))) == "failed after 2.0 s, hosts: 2 ok, 1 failures"


class TestShown:
    def test_a_pipe_gets_no_colours(self, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
        from config import Settings  # noqa: PLC0415  # beside what it is for

        monitor.shown(Settings())(b"\x1b[0;32mok\x1b[0m\n")
        assert capsysbinary.readouterr().out == b"ok\n"
