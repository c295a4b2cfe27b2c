from __future__ import annotations

import csv
import io
import json
import re
import sys
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from commands import history
from tests.fake_awx import HOST
from tests.rows import job, page, template
from utils.errors import ExitCode, UsageError
from utils.job_cells import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fake_awx import FakeAwx
    from utils.command_line import Call


@pytest.mark.usefixtures("me")
class TestHistory:
    def test_a_table(
        self, call: Callable[..., Call], awx: FakeAwx, capsysbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        awx.get("jobs/", page(job(id=41, status="failed"), job()))
        assert history.run(call()) == ExitCode.OK
        lines = capsysbinary.readouterr().out.decode().splitlines()
        assert [line.split()[0] for line in lines] == ["job", "41", "40"]
        assert awx.queries("jobs/") == [{"page_size": "11", "order_by": "-id"}]

    @pytest.mark.parametrize(
        ("flags", "codes"), [({}, ["[31m", "[0m", "[36m", "[0m"]), ({"no_color": "true"}, [])]
    )
    def test_a_terminal_has_colours_and_lines_that_fit(
        self,
        call: Callable[..., Call],
        awx: FakeAwx,
        capsysbinary: pytest.CaptureFixture[bytes],
        monkeypatch: pytest.MonkeyPatch,
        flags: dict[str, object],
        codes: list[str],
    ) -> None:
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        monkeypatch.setenv("COLUMNS", "64")
        running = job(id=41, status="running", started=None, name="A name that goes on and on")
        awx.get("jobs/", page(job(status="failed", elapsed=1055.2), running))
        history.run(call(**flags))
        text = capsysbinary.readouterr().out.decode()
        assert re.findall(r"\x1b(\[\d*m)", text) == codes
        lines = re.sub(r"\x1b\[\d*m", "", text).splitlines()
        assert "17 min 35 s" in lines[1]
        assert " – " in lines[2]  # noqa: RUF001  # as in a report
        assert "A name…" in lines[2]
        assert max(map(len, lines)) <= 64

    def test_as_json_has_each_row_as_awx_sent_it(
        self, call: Callable[..., Call], awx: FakeAwx, capsysbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        awx.get("jobs/", page(job()))
        history.run(call(output="json"))
        assert json.loads(capsysbinary.readouterr().out) == [job()]

    def test_filters_are_awxs_own(self, call: Callable[..., Call], awx: FakeAwx) -> None:
        awx.get("job_templates/", page(template()))
        awx.get("workflow_job_templates/", page())
        awx.get("jobs/", page(job()))
        history.run(call(only_template="Deploy web", status=["failed", "error"], history=500))
        assert awx.queries("jobs/") == [
            {"page_size": "200", "order_by": "-id", "job_template": "9",
             "status__in": "failed,error"}
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("flags", "environ", "count"),
        [
            ({"history": 3}, {}, 3),
            ({"all": "true"}, {}, 4),
            ({"history": 3}, {"AWX_ALL": "true"}, 3),
            ({"all": "true"}, {"AWX_HISTORY": "3"}, 4),
            ({}, {"AWX_HISTORY": "3", "AWX_ALL": "true"}, 4),
            ({}, {"AWX_HISTORY": "3", "AWX_ALL": "false"}, 3),
        ],
    )
    def test_how_many(
        self,
        call: Callable[..., Call],
        awx: FakeAwx,
        capsysbinary: pytest.CaptureFixture[bytes],
        caplog: pytest.LogCaptureFixture,
        flags: dict[str, object],
        environ: dict[str, str],
        count: int,
    ) -> None:
        rows = [job(id=number) for number in (44, 43, 42, 41)]
        awx.get("jobs/", {**page(*rows[:2]), "next": "/api/v2/jobs/?page=2"})
        awx.get("jobs/", page(*rows[2:]))
        if count == len(rows):
            awx.get("jobs/", page())
        history.run(call(environ=environ, **flags))
        assert len(capsysbinary.readouterr().out.splitlines()) == 1 + count
        told = "3 jobs shown, more fit: --all or --limit N" in caplog.messages
        assert told is (count < len(rows))

    @pytest.mark.parametrize("form", ["text", "jsonl", "json", "csv"])
    @pytest.mark.parametrize("order", ["-id", "-elapsed"])
    @pytest.mark.parametrize(
        ("limit", "there", "told"),
        [
            (0, 1, "0 jobs shown, more fit: --all or --limit N"),
            (1, 2, "1 job shown, more fit: --all or --limit N"),
            (2, 2, None),
            (0, 0, "no job fits"),
        ],
    )
    def test_that_more_would_fit_is_told_in_every_form(
        self,
        call: Callable[..., Call],
        awx: FakeAwx,
        caplog: pytest.LogCaptureFixture,
        form: str,
        order: str,
        limit: int,
        there: int,
        told: str | None,
    ) -> None:
        awx.get("jobs/", page(*(job(id=number) for number in range(there, 0, -1))))
        history.run(call(history=limit, order=order, output=form))
        said = [each for each in caplog.messages if "fit" in each]
        assert said == ([told] if told else [])

    def test_since_a_while_ago(self, call: Callable[..., Call], awx: FakeAwx) -> None:
        awx.get("jobs/", page())
        history.run(call(since="7d"))
        since = datetime.fromisoformat(awx.queries("jobs/")[0]["created__gte"])
        ago = datetime.now(timezone.utc) - since
        assert timedelta(days=7) <= ago < timedelta(days=7, minutes=1)

    def test_all_filters_at_once(self, call: Callable[..., Call], awx: FakeAwx) -> None:
        awx.get("inventories/2/", {"id": 2})
        awx.get("projects/", page({"id": 8, "name": "Web"}))
        awx.get("jobs/", page(job()))
        flags = {
            "only_inventory": "2", "only_project": "Web", "only_user": "ann",
            "launch_type": ["manual", "relaunch"], "until": "2026-01-31T10:00Z",
            "filter": ["elapsed__gt=60", "name__contains=a=b"], "order": "created",
        }  # fmt: skip
        history.run(call(**flags))
        assert awx.queries("jobs/") == [
            {"page_size": "11", "order_by": "id", "inventory": "2", "project": "8",
             "created_by__username": "ann", "launch_type__in": "manual,relaunch",
             "created__lt": "2026-01-31T10:00:00+00:00", "elapsed__gt": "60",
             "name__contains": "a=b"}
        ]  # fmt: skip

    def test_a_filter_may_be_given_several_times(
        self, call: Callable[..., Call], awx: FakeAwx
    ) -> None:
        awx.get("jobs/", page())
        filters = ["or__status=failed", "or__status=error", "created__gte=2026-01-02"]
        history.run(call(since="2026-01-01T00:00Z", filter=filters))
        query = parse_qs(urlsplit(str(awx.requests[-1].url)).query)
        assert query["or__status"] == ["failed", "error"]
        assert query["created__gte"] == ["2026-01-01T00:00:00+00:00", "2026-01-02"]

    def test_a_workflow_has_workflow_jobs(
        self, call: Callable[..., Call], awx: FakeAwx, capsysbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        workflow = template(id=22, type="workflow_job_template", name="Release")
        awx.get("job_templates/", page())
        awx.get("unified_job_templates/", page(workflow))
        awx.get("workflow_job_templates/", page(workflow))
        row = job(type="workflow_job", workflow_job_template=22, created="2026-11-21T22:16:19Z")
        awx.get("workflow_jobs/", page(row))
        history.run(call(only_template="Release", output="csv"))
        assert awx.queries("workflow_jobs/")[0]["workflow_job_template"] == "22"
        (line,) = csv.DictReader(io.StringIO(capsysbinary.readouterr().out.decode()))
        assert line["job_template_id"] == "22"
        assert line["url"].endswith("/#/jobs/workflow/40/output")
        with pytest.raises(UsageError, match="Release is a workflow, which has no project"):
            history.run(call(only_template="Release", only_project="8"))

    def test_nothing_is_nothing(
        self,
        call: Callable[..., Call],
        awx: FakeAwx,
        capsysbinary: pytest.CaptureFixture[bytes],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        awx.get("jobs/", page())
        for form in ("text", "jsonl", "json", "csv"):
            history.run(call(output=form))
        assert capsysbinary.readouterr().out.split() == [b"[]", ",".join(COLUMNS).encode()]
        assert caplog.text.count("no job fits") == 4

    @pytest.mark.parametrize("known", [True, False])
    def test_of_a_user_whom_awx_does_not_know_is_warned(
        self,
        call: Callable[..., Call],
        awx: FakeAwx,
        caplog: pytest.LogCaptureFixture,
        *,
        known: bool,
    ) -> None:
        awx.get("jobs/", page())
        awx.get("users/", page(*([{"id": 2, "username": "nix"}] if known else [])))
        assert history.run(call(only_user="nix")) == ExitCode.OK
        warned = "AWX has no user 'nix', or it is not shown to this user" in caplog.messages
        assert warned is not known
        assert awx.queries("users/") == [{"username": "nix"}]

    def test_a_line_for_each_job(
        self, call: Callable[..., Call], awx: FakeAwx, capsysbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        awx.get("jobs/", page(job(id=41), job()))
        history.run(call(output="jsonl"))
        lines = capsysbinary.readouterr().out.splitlines()
        assert [json.loads(line) for line in lines] == [job(id=41), job()]
        history.run(call(output="jsonl", jq=".id, .name"))
        lines = capsysbinary.readouterr().out.splitlines()
        assert lines == [b"41", b"Deploy web", b"40", b"Deploy web"]

    def test_csv_is_harmless_and_whole(
        self, call: Callable[..., Call], awx: FakeAwx, capsysbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        row = job(
            name='=cmd("x"), or', created="2026-11-21T22:16:18.826047Z", job_template=9,
            scm_revision="abc", job_explanation="two\nlines",
            summary_fields={"inventory": {"name": "+1"}, "project": {"name": "Web"}},
        )  # fmt: skip
        awx.get("jobs/", page(row, job(id=39, started=None, created=None)))
        history.run(call(output="csv"))
        out = capsysbinary.readouterr().out.decode()
        assert out.count("\r\n") == 3
        first, second = csv.DictReader(io.StringIO(out, newline=""))
        assert first == {
            "id": "40", "name": '\'=cmd("x"), or', "status": "successful", "job_template_id": "9",
            "inventory": "'+1", "project": "Web", "organization": "", "launched_by": "admin",
            "launch_type": "manual", "created": "2026-11-21T22:16:18.826047Z",
            "started": "2026-11-21T22:16:19.826047Z", "finished": "2026-11-21T22:16:21.957290Z",
            "elapsed_s": "2.131", "waiting_s": "1.0", "revision": "abc",
            "explanation": "two\nlines", "url": f"{HOST}/#/jobs/playbook/40/output",
        }  # fmt: skip
        assert (second["started"], second["waiting_s"]) == ("", "")

    @pytest.mark.parametrize(("limit", "left"), [({"all": "true"}, 5), ({"history": 250}, 5)])
    def test_an_order_of_choice_goes_by_pages_below_the_newest(
        self,
        call: Callable[..., Call],
        awx: FakeAwx,
        capsysbinary: pytest.CaptureFixture[bytes],
        limit: dict[str, object],
        left: int,
    ) -> None:
        rows = [job(id=number) for number in (42, 45, 41, 41, 44, 43)]
        awx.get("jobs/", page(rows[1]))
        awx.get("jobs/", {**page(*rows[:3]), "next": "/api/v2/jobs/?page=2"})
        awx.get("jobs/", page(*rows[3:]))
        asked = call(order="-elapsed", output="jsonl", jq=".id", **limit)
        history.run(asked)
        assert capsysbinary.readouterr().out.split() == [b"42", b"45", b"41", b"44", b"43"][:left]
        common = {"order_by": "-elapsed,-id", "page_size": "200", "id__lte": "45"}
        assert awx.queries("jobs/") == [
            {"order_by": "-id", "page_size": "1"}, {**common, "page": "1"}, {**common, "page": "2"}
        ]  # fmt: skip

    def test_a_few_in_an_order_of_choice_are_one_request(
        self, call: Callable[..., Call], awx: FakeAwx
    ) -> None:
        awx.get("jobs/", page(job()))
        history.run(call(order="name"))
        assert awx.queries("jobs/") == [{"order_by": "name,-id", "page_size": "11"}]

    def test_a_list_that_has_become_shorter_has_an_end(
        self, call: Callable[..., Call], awx: FakeAwx
    ) -> None:
        awx.get("jobs/", page(job()))
        awx.get("jobs/", {**page(job()), "next": "/api/v2/jobs/?page=2"})
        awx.refuse("GET", "jobs/", 404, "Invalid page.")
        assert history.run(call(order="name", all="true")) == ExitCode.OK

    @pytest.mark.parametrize("text", ["2026-01-31T10:00:00Z", "2026-01-31T12:00:00+02:00"])
    def test_since_a_time(self, call: Callable[..., Call], awx: FakeAwx, text: str) -> None:
        awx.get("jobs/", page())
        history.run(call(since=text))
        assert awx.queries("jobs/")[0]["created__gte"] == "2026-01-31T10:00:00+00:00"


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01", "d7", "0d", "7.7.7d", "99999999999d"])
def test_a_time_that_is_none_is_told_before_anything_is_sent(
    call: Callable[..., Call], awx: FakeAwx, text: str
) -> None:
    with pytest.raises(UsageError, match=f"--since is '{text}'"):
        history.run(call(since=text))
    assert awx.sent == []


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ({"since": "3d", "until": "5d"}, "--since 3d is not before --until 5d"),
        ({"since": "2999-01-01"}, "--since 2999-01-01 is not before now"),
        ({"until": "soon"}, "--until is 'soon': it takes a duration"),
        ({"history": 3, "all": "true"}, "--history and --all do not go together"),
        ({"order": "-"}, "--order is '-': it takes a field"),
        ({"order": "id;drop"}, "it takes a field"),
        ({"filter": "elapsed"}, "--filter is 'elapsed': it takes AWX's filters"),
        ({"filter": "order_by=id"}, "order_by is no filter: use --order"),
        ({"filter": "page=3"}, "page is no filter: use --limit or --all"),
        ({"filter": "page_size=3"}, "page_size is no filter: use --limit or --all"),
        ({"output": "csv", "jq": ".id"}, "--jq does nothing with --output csv"),
        ({"output": "jsonl", "jq": ".id["}, "--jq"),
    ],
)
def test_what_makes_no_sense_is_told_before_anything_is_sent(
    call: Callable[..., Call], awx: FakeAwx, flags: dict[str, object], words: str
) -> None:
    with pytest.raises(UsageError) as error:
        history.run(call(**flags))
    assert words in str(error.value)
    assert awx.sent == []
