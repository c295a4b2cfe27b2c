from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from commands import history
from tests.rows import job, page, template
from utils.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fake_awx import FakeAwx
    from utils.command_line import Call

NO_TEMPLATE = {"AWX_TEMPLATE": ""}


@pytest.mark.usefixtures("me")
class TestHistory:
    def test_a_table(
        self, call: Callable[..., Call], awx: FakeAwx, capsysbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        awx.get("jobs/", page(job(id=41, status="failed"), job()))
        assert history.run(call(environ=NO_TEMPLATE)) == ExitCode.OK
        lines = capsysbinary.readouterr().out.decode().splitlines()
        assert [line.split()[0] for line in lines] == ["job", "41", "40"]
        assert awx.queries("jobs/") == [{"page_size": "10", "order_by": "-id"}]

    def test_as_json_has_each_row_as_awx_sent_it(
        self, call: Callable[..., Call], awx: FakeAwx, capsysbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        awx.get("jobs/", page(job()))
        history.run(call(environ=NO_TEMPLATE, output="json"))
        assert json.loads(capsysbinary.readouterr().out) == [job()]

    def test_filters_are_awxs_own(self, call: Callable[..., Call], awx: FakeAwx) -> None:
        awx.get("job_templates/", page(template()))
        awx.get("jobs/", page(job()))
        history.run(call(template="Deploy web", status=["failed", "error"], history=500))
        assert awx.queries("jobs/") == [
            {"page_size": "200", "order_by": "-id", "job_template": "9",
             "status__in": "failed,error"}
        ]  # fmt: skip

    @pytest.mark.parametrize(("flags", "count"), [({"history": 3}, 3), ({"all": "true"}, 4)])
    def test_how_many(
        self,
        call: Callable[..., Call],
        awx: FakeAwx,
        capsysbinary: pytest.CaptureFixture[bytes],
        flags: dict[str, object],
        count: int,
    ) -> None:
        rows = [job(id=number) for number in (44, 43, 42, 41)]
        awx.get("jobs/", {**page(*rows[:2]), "next": "/api/v2/jobs/?page=2"})
        awx.get("jobs/", page(*rows[2:]))
        if "all" in flags:
            awx.get("jobs/", page())
        history.run(call(environ=NO_TEMPLATE, **flags))
        assert len(capsysbinary.readouterr().out.splitlines()) == 1 + count

    def test_since_a_while_ago(self, call: Callable[..., Call], awx: FakeAwx) -> None:
        awx.get("jobs/", page())
        history.run(call(environ=NO_TEMPLATE, since="7d"))
        since = datetime.fromisoformat(awx.queries("jobs/")[0]["created__gte"])
        ago = datetime.now(timezone.utc) - since
        assert timedelta(days=7) <= ago < timedelta(days=7, minutes=1)

    @pytest.mark.parametrize("text", ["2026-01-31T10:00:00Z", "2026-01-31T12:00:00+02:00"])
    def test_since_a_time(self, call: Callable[..., Call], awx: FakeAwx, text: str) -> None:
        awx.get("jobs/", page())
        history.run(call(environ=NO_TEMPLATE, since=text))
        assert awx.queries("jobs/")[0]["created__gte"] == "2026-01-31T10:00:00+00:00"


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "d7", "0d", "7.7.7d", "99999999999d"])
def test_a_time_that_is_none_is_told_before_anything_is_sent(
    call: Callable[..., Call], awx: FakeAwx, text: str
) -> None:
    with pytest.raises(UsageError, match=f"--since is '{text}'"):
        history.run(call(since=text))
    assert awx.sent == []
