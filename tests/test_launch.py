from __future__ import annotations

import json
import signal
from dataclasses import replace
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import urllib3

import launch
from launch_plan import LaunchPlan
from tests.fake_awx import HOST, FakeAwx, FakeTime, address
from tests.rows import job, launched, page
from utils import adoption, signals
from utils.errors import (
    AppError,
    BadAnswer,
    ExitCode,
    PreflightFailed,
    Refused,
    UnknownOutcome,
)
from utils.jobs import Launched
from utils.journal import Journal
from utils.record import Record
from utils.signing_in.who import User

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config import Settings
    from utils.awx_client import Client
    from utils.results import Results

    Row = dict[str, object]

PATH = "job_templates/9/launch/"
LOOK = "GET unified_jobs/"
BEFORE = [LOOK]
NOW = {"Date": "Sat, 21 Nov 2026 22:15:23 GMT"}
CREATED = "2026-11-21T22:15:23.500000Z"


@pytest.fixture
def journal(done: Results, tmp_path: Path) -> Journal:
    made = Journal(tmp_path)
    done.add(made)
    done.add(LaunchPlan(9, "Deploy web", 2, (3,), 8, "", {"limit": "web01"}))
    return made


@pytest.fixture
def jobs(awx: FakeAwx) -> list[Row]:
    """The template's jobs in AWX, which heeds the newest id that it is told of."""
    there: list[Row] = [job(id=39)]

    def answer(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        query = {key: value[0] for key, value in parse_qs(urlsplit(str(request.url)).query).items()}
        assert query["unified_job_template"] == "9"
        after = int(query.get("id__gt", "0"))
        return 200, NOW, json.dumps(page(*(row for row in there if cast("int", row["id"]) > after)))

    awx.mock.add_callback("GET", address("unified_jobs/"), answer)
    return there


@pytest.fixture
def go(
    client: Client,
    settings: Callable[..., Settings],
    done: Results,
    journal: Journal,
    awx: FakeAwx,
    jobs: list[Row],
) -> Callable[[], Launched]:
    """Return a launch by a client that AWX has answered before."""
    del journal, jobs
    awx.get("ping/", {}, headers=NOW)
    client.get("ping/")
    awx.mock.calls.reset()
    return lambda: launch.launch(client, settings(), done)


def written(journal: Journal) -> dict[str, object]:
    found: dict[str, object] = json.loads(journal.path.read_text())
    return found


def test_the_plan_is_sent_as_it_is_and_the_job_noted(
    go: Callable[[], Launched], awx: FakeAwx, journal: Journal
) -> None:
    awx.post(PATH, launched(), 201)
    job = go()
    page = f"{HOST}/#/jobs/playbook/40/output"
    assert job == Launched(40, "job", "jobs/40/", page, "pending", "Deploy web")
    assert str(job) == f"job 40, {page}"
    assert awx.sent == [*BEFORE, f"POST {PATH}"]
    assert awx.body_of("POST", PATH) == {"limit": "web01"}
    noted = written(journal)
    assert (noted["state"], noted["job"], noted["template"]) == ("launched", 40, 9)


def test_a_run_of_the_template_that_was_cut_off_is_told(
    go: Callable[[], Launched], awx: FakeAwx, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    awx.post(PATH, launched(), 201)
    entries: list[dict[str, object]] = [
        {"state": "launched", "template": 9, "awx": HOST, "job": 31},
        {"state": "ended", "template": 9, "awx": HOST, "job": 32},
        {"state": "launched", "template": 8, "awx": HOST, "job": 33},
        {"state": "launched", "template": 9, "awx": "http://other.test", "job": 34},
    ]
    others = [Journal(tmp_path / "logs") for _ in entries]
    for journal, noted in zip(others, entries, strict=True):
        journal.note(**noted)
        journal.unlock()
    running = Journal(tmp_path / "logs")
    running.note(state="launched", template=9, awx=HOST, job=35)
    go()
    (told,) = [each.message for each in caplog.records if each.levelname == "WARNING"]
    assert told == (
        f"run {others[0].run_id} of this template was cut off, job 31: "
        f"python main.py resume {others[0].run_id}"
    )
    running.unlock()


def test_a_sliced_template_gives_a_workflow_job(go: Callable[[], Launched], awx: FakeAwx) -> None:
    awx.post(PATH, launched(type="workflow_job", url="/api/v2/workflow_jobs/40/"), 201)
    job = go()
    assert (job.kind, job.path) == ("workflow_job", "workflow_jobs/40/")
    assert job.page.endswith("/#/jobs/workflow/40/output")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (502, b"<html><title>Bad Gateway</title></html>"),
        (503, {}),
        (504, {}),
        (500, b"<html>"),
        (200, b"<html>"),
        (201, b'{"job": 40, "id": 40, "ty'),
        (201, b""),
        (201, {"job": 40}),
        (201, [40]),
        (201, {"id": 39, "type": "job", "status": "successful"}),
    ],
)
def test_an_answer_that_does_not_tell_is_unknown_and_never_sent_again(
    go: Callable[[], Launched], awx: FakeAwx, journal: Journal, status: int, body: object
) -> None:
    awx.post(PATH, body, status)
    with pytest.raises(UnknownOutcome, match="no new job is to be seen"):
        go()
    assert awx.sent.count(f"POST {PATH}") == 1
    assert written(journal)["state"] == "unknown"


class TestTheNewestJobBefore:
    @pytest.fixture
    def told(self, client: Client, done: Results, go: Callable[[], Launched]) -> Row:
        """Let the template have told of its last jobs just now."""
        del go
        rows: list[Row] = [{"id": 39}, {"id": 37}]
        template = Record({"summary_fields": {"recent_jobs": rows}}, "")
        newest = adoption.Newest.told_with(template, client)
        assert newest == adoption.Newest(39, "2026-11-21T22:15:23+00:00", client.clock())
        done.add(replace(done[LaunchPlan], newest_job=newest))
        return {"after_id": 39, "since": newest.since}

    def test_need_not_be_asked_for_where_the_template_told_it_a_moment_ago(
        self, told: Row, client: Client, settings: Callable[..., Settings], done: Results,
        awx: FakeAwx, journal: Journal,
    ) -> None:  # fmt: skip
        awx.mock.assert_all_requests_are_fired = False
        awx.post(PATH, launched(), 201)
        launch.launch(client, settings(), done)
        assert awx.sent == [f"POST {PATH}"]
        sought = cast("Row", written(journal)["sought"])
        assert {key: sought[key] for key in told} == told

    @pytest.mark.usefixtures("told")
    def test_is_asked_for_where_that_was_longer_ago(
        self, client: Client, settings: Callable[..., Settings], done: Results, awx: FakeAwx,
        time: FakeTime,
    ) -> None:  # fmt: skip
        time.sleep(adoption.MOMENT_S + 0.1)
        awx.post(PATH, launched(), 201)
        launch.launch(client, settings(), done)
        assert awx.sent == [LOOK, f"POST {PATH}"]

    @pytest.mark.parametrize(
        "template",
        [{}, {"summary_fields": 1}, {"summary_fields": {"recent_jobs": [{"id": "x"}]}}],
    )
    def test_that_is_not_told_or_makes_no_sense_is_none(
        self, template: Row, client: Client, awx: FakeAwx
    ) -> None:
        awx.get("ping/", {}, headers=NOW)
        client.get("ping/")
        assert adoption.Newest.told_with(Record(template, ""), client) is None


class TestAnAnswerThatIsLost:
    """The job may be there all the same, and then it is the one to go on with."""

    @pytest.fixture
    def lose(self, awx: FakeAwx, jobs: list[Row]) -> Callable[..., None]:
        """Let the launch make these jobs and say nothing."""

        def prepare(*made: Row) -> None:
            def answer(_request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
                jobs.extend(made)
                return 502, {}, "<html>Bad Gateway</html>"

            awx.mock.add_callback("POST", address(PATH), answer)

        return prepare

    @pytest.fixture
    def marked(self, done: Results, journal: Journal) -> Row:
        """Let the template take variables; return our job as AWX shows it."""
        done.add(replace(done[LaunchPlan], takes_variables=True))
        return job(extra_vars=json.dumps({adoption.MARKER: journal.run_id}), created=CREATED)

    def test_is_found_by_the_id_of_the_run_among_its_variables(
        self,
        go: Callable[[], Launched],
        lose: Callable[..., None],
        marked: Row,
        awx: FakeAwx,
        journal: Journal,
        time: FakeTime,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        other = job(id=41, extra_vars=json.dumps({adoption.MARKER: "another"}))
        strange = job(id=42, extra_vars="---")
        lose(marked, other, strange)
        assert go().job_id == 40
        assert awx.body_of("POST", PATH) == {
            "limit": "web01", "extra_vars": {adoption.MARKER: journal.run_id}
        }  # fmt: skip
        assert awx.sent.count(f"POST {PATH}") == 1
        assert time.pauses == []
        assert (written(journal)["state"], written(journal)["job"]) == ("launched", 40)
        assert "job 40 is the one that was launched" in caplog.text

    def test_is_waited_for(
        self, go: Callable[[], Launched], marked: Row, awx: FakeAwx, jobs: list[Row], client: Client
    ) -> None:
        awx.post(PATH, {}, 504)
        sleep = client.sleep

        def later(seconds: float) -> None:
            sleep(seconds)
            if client.clock() > 1005:
                jobs.append(marked)

        client.sleep = later
        assert go().job_id == 40

    def test_is_no_other_ones_where_ours_has_a_mark(
        self, go: Callable[[], Launched], lose: Callable[..., None], marked: Row, journal: Journal
    ) -> None:
        lose({**marked, "extra_vars": "{}"})
        with pytest.raises(UnknownOutcome, match="no new job is to be seen"):
            go()
        assert written(journal)["state"] == "unknown"

    def test_is_asked_for_by_template_user_and_time(
        self, go: Callable[[], Launched], lose: Callable[..., None], done: Results, awx: FakeAwx
    ) -> None:
        done.add(User(7, "ann", "a given token"))
        lose(job(id=40, created=CREATED), job(id=41, created="2026-11-21T22:17:59.000000Z"))
        assert go().job_id == 40
        query = awx.queries("unified_jobs/")[-1]
        asked = {key: query[key] for key in ("id__gt", "created_by", "launch_type")}
        assert asked == {"id__gt": "39", "created_by": "7", "launch_type": "manual"}

    def test_is_not_guessed_among_several(
        self, go: Callable[[], Launched], lose: Callable[..., None], awx: FakeAwx
    ) -> None:
        lose(job(id=40, created=CREATED), job(id=41, created=CREATED))
        with pytest.raises(UnknownOutcome, match=r"one of these: .*playbook/40.*playbook/41"):
            go()
        assert awx.sent.count(f"POST {PATH}") == 1

    def test_is_not_one_that_another_run_has_launched(
        self, go: Callable[[], Launched], lose: Callable[..., None], tmp_path: Path
    ) -> None:
        Journal(tmp_path).note(state="launched", awx=HOST, job=41)
        lose(job(id=40, created=CREATED), job(id=41, created=CREATED))
        assert go().job_id == 40

    def test_is_not_guessed_where_another_run_is_looking_for_its_own(
        self, go: Callable[[], Launched], lose: Callable[..., None], tmp_path: Path
    ) -> None:
        sought = {"where": {"unified_job_template": 9}, "marker": ""}
        Journal(tmp_path).note(state="launching", awx=HOST, sought=sought)
        lose(job(id=40, created=CREATED))
        with pytest.raises(UnknownOutcome, match=r"one of these: .*playbook/40"):
            go()

    def test_that_was_not_found_is_not_what_was_launched_by_hand_since(
        self, client: Client, settings: Callable[..., Settings], go: Callable[[], Launched],
        lose: Callable[..., None], done: Results, journal: Journal, jobs: list[Row],
    ) -> None:  # fmt: skip
        lose()
        with pytest.raises(UnknownOutcome):
            go()
        assert written(journal)["state"] == "unknown"
        done.add(Journal(journal.path.parents[1], entries=written(journal)))
        jobs.append(job(id=41, created="2026-11-21T22:15:40.000000Z"))
        with pytest.raises(UnknownOutcome, match="no new job is to be seen"):
            launch.found_again(client, settings(), done)
        # One that AWX made at the time is found, however late.
        jobs.append(job(id=40, created=CREATED))
        assert launch.found_again(client, settings(), done).job_id == 40

    def test_is_unknown_where_awx_cannot_be_asked_any_more(
        self, client: Client, settings: Callable[..., Settings], done: Results, journal: Journal,
        awx: FakeAwx,
    ) -> None:  # fmt: skip
        awx.get("unified_jobs/", page())
        awx.refuse("GET", "unified_jobs/", 401)
        awx.post(PATH, {}, 500)
        with pytest.raises(UnknownOutcome, match="could not be looked for: AWX answered 401"):
            launch.launch(client, settings(), done)
        assert written(journal)["state"] == "unknown"


def test_a_redirect_launched_nothing_and_is_explained(
    go: Callable[[], Launched], awx: FakeAwx
) -> None:
    awx.post(PATH, b"", 301, {"Location": f"/api/v2/{PATH}"})
    with pytest.raises(BadAnswer, match="not sent again"):
        go()
    assert awx.sent == [*BEFORE, f"POST {PATH}"]


@pytest.mark.parametrize(
    "trouble",
    [
        requests.ReadTimeout("read timed out"),
        requests.ConnectionError(
            urllib3.exceptions.ProtocolError("Connection aborted.", ConnectionResetError(104, "x"))
        ),
        requests.exceptions.ChunkedEncodingError("IncompleteRead"),
        requests.exceptions.SSLError("EOF occurred in violation of protocol"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_lost_answer_is_unknown_and_never_sent_again(
    go: Callable[[], Launched],
    awx: FakeAwx,
    journal: Journal,
    time: FakeTime,
    trouble: Exception,
) -> None:
    awx.post(PATH, trouble)
    with pytest.raises(UnknownOutcome, match="history --template 9") as error:
        go()
    assert error.value.exit_code == ExitCode.UNKNOWN_OUTCOME
    assert address("job_templates/9/jobs/?order_by=-id") in str(error.value)
    assert awx.sent.count(f"POST {PATH}") == 1
    assert sum(time.pauses) == adoption.GRACE_S
    assert written(journal)["state"] == "unknown"


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (400, {"variables_needed_to_start": ["'release' value missing"]}, PreflightFailed,
         "'release' value missing"),
        (400, {"resources_needed_to_start": ["Job Template inventory is missing or undefined."]},
         PreflightFailed, "inventory is missing"),
        (404, {"detail": "Not found."}, PreflightFailed, "Not found"),
        (405, {"detail": "Method not allowed."}, PreflightFailed, "Method not allowed"),
        (401, {"detail": "Authentication credentials were not provided."}, Refused, "provided"),
        (403, {"detail": "You do not have permission to perform this action."}, Refused,
         "permission"),
    ],
)  # fmt: skip
def test_a_refusal_is_told_in_awxs_words_and_not_sent_again(
    go: Callable[[], Launched],
    awx: FakeAwx,
    status: int,
    body: object,
    kind: type[AppError],
    words: str,
) -> None:
    awx.post(PATH, body, status)
    with pytest.raises(kind, match=words) as error:
        go()
    assert type(error.value) is kind
    assert awx.sent == [*BEFORE, f"POST {PATH}"]


def test_a_refused_connection_is_tried_again_since_nothing_was_sent(
    go: Callable[[], Launched], awx: FakeAwx, time: FakeTime
) -> None:
    awx.post(PATH, requests.ConnectTimeout("timed out"))
    awx.post(PATH, {"detail": "Throttled."}, 429)
    awx.post(PATH, launched(), 201)
    assert go().job_id == 40
    assert time.pauses == [0.5, 1.0]


def test_a_run_that_ends_while_nothing_can_be_sent_has_launched_nothing(
    go: Callable[[], Launched], awx: FakeAwx, client: Client, journal: Journal
) -> None:
    def interrupted(_seconds: float) -> None:
        raise signals.Interrupted(signal.SIGTERM)

    client.sleep = interrupted
    awx.post(PATH, requests.ConnectTimeout("timed out"))
    with pytest.raises(signals.Interrupted):
        go()
    assert written(journal)["state"] == "started"


def test_what_awx_ignored_is_told(
    go: Callable[[], Launched], awx: FakeAwx, caplog: pytest.LogCaptureFixture
) -> None:
    awx.post(PATH, launched(ignored_fields={"limit": "web01", "extra_vars": {"a": 1}}), 201)
    go()
    assert "AWX did not use: extra_vars, limit" in caplog.text


def test_the_journal_says_so_before_anything_is_sent(
    go: Callable[[], Launched], awx: FakeAwx, journal: Journal
) -> None:
    states = []

    def answer(_request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        states.append(written(journal)["state"])
        return 201, {}, json.dumps(launched())

    awx.mock.add_callback("POST", address(PATH), answer)
    go()
    assert states == ["launching"]


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 143)]
)
@pytest.mark.usefixtures("default_signals")
def test_a_signal_during_the_launch_waits_until_the_job_is_noted(
    go: Callable[[], Launched],
    awx: FakeAwx,
    journal: Journal,
    done: Results,
    number: signal.Signals,
    code: int,
) -> None:
    def answer(_request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        signal.raise_signal(number)
        return 201, {}, json.dumps(launched())

    awx.mock.add_callback("POST", address(PATH), answer)
    signals.install()
    with pytest.raises(signals.Interrupted) as error:
        go()
    assert error.value.exit_code == code
    assert (written(journal)["state"], written(journal)["job"]) == ("launched", 40)
    assert done[Launched].job_id == 40


@pytest.mark.usefixtures("default_signals")
def test_a_second_signal_ends_the_launch_and_says_what_to_look_at(
    go: Callable[[], Launched],
    awx: FakeAwx,
    journal: Journal,
    done: Results,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def answer(_request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        raise AssertionError("the second signal ends it")

    awx.mock.add_callback("POST", address(PATH), answer)
    signals.install()
    with pytest.raises(signals.Interrupted) as error:
        go()
    assert error.value.exit_code == ExitCode.INTERRUPTED
    assert awx.sent == [*BEFORE, f"POST {PATH}"]
    assert written(journal)["state"] == "launching"
    assert "job" not in written(journal)
    assert done.get(Launched) is None
    (told,) = [each.message for each in caplog.records if each.levelname == "ERROR"]
    assert "its outcome is unknown" in told
    assert "python main.py history --template 9" in told
    assert address("job_templates/9/jobs/?order_by=-id") in told


@pytest.mark.parametrize(
    "fields",
    [
        {"type": None}, {"type": 5}, {"type": ["job"]}, {"url": None}, {"url": 7},
        {"url": "https://elsewhere/api/v2/jobs/41/"}, {"ignored_fields": None},
        {"ignored_fields": ["limit"]}, {"ignored_fields": "limit"}, {"status": None},
        {"status": {}}, {"job": "forty"}, {"related": None},
    ],
)  # fmt: skip
def test_an_odd_answer_with_an_id_is_a_job(
    go: Callable[[], Launched], awx: FakeAwx, journal: Journal, fields: dict[str, object]
) -> None:
    awx.post(PATH, launched(**fields), 201)
    job = go()
    assert (job.job_id, job.kind, job.path) == (40, "job", "jobs/40/")
    noted = written(journal)
    assert (noted["state"], noted["job"], noted["kind"]) == ("launched", 40, "job")
    assert noted["page"] == job.page


def test_no_secret_is_in_the_journal(
    go: Callable[[], Launched], awx: FakeAwx, journal: Journal, done: Results
) -> None:
    done.add(LaunchPlan(9, "Deploy web", 2, (3,), 8, "", {"extra_vars": {"password": "s3cret"}}))
    awx.post(PATH, launched(extra_vars='{"password": "s3cret"}'), 201)
    go()
    assert awx.body_of("POST", PATH)["extra_vars"] == {"password": "s3cret"}
    assert "s3cret" not in journal.path.read_text()
    assert "s3cret" not in repr(done[LaunchPlan])
