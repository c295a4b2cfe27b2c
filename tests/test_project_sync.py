from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import project_sync
from launch_plan import LaunchPlan
from tests.rows import page
from utils.errors import ExitCode, PreflightFailed, Refused, SyncFailed
from utils.results import Skipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings
    from tests.fake_awx import FakeAwx, FakeTime
    from utils.awx_client import Client
    from utils.results import Results

    Make = Callable[..., Settings]
    Row = dict[str, object]
    Outcome = project_sync.ProjectUpdate | Skipped

UPDATE = "POST projects/8/update/"
REVISION = "4d3f1c2b9e8a7d6c5b4a39281706f5e4d3c2b1a0"
NOW = {"Date": "Sat, 21 Nov 2026 22:15:00 GMT"}
GIT = (
    "fatal: '/srv/git/does-not-exist' does not appear to be a git repository\n"
    "fatal: Could not read from remote repository.\n"
)


def project(**fields: object) -> Row:
    return {
        "id": 8, "type": "project", "name": "Playbooks", "scm_type": "git", "status": "successful",
        "scm_revision": REVISION, "scm_update_on_launch": False,
        "last_updated": "2026-11-21T22:14:00.000000Z",
        "summary_fields": {"last_update": {"id": 60, "status": "successful"}}, **fields,
    }  # fmt: skip


def update(status: str = "successful", **fields: object) -> Row:
    return {
        "id": 61, "type": "project_update", "status": status, "scm_revision": REVISION,
        "elapsed": 2.5, "job_explanation": "", "event_processing_finished": True, **fields,
    }  # fmt: skip


@pytest.fixture
def sync(
    client: Client, settings: Make, awx: FakeAwx, done: Results, time: FakeTime
) -> Callable[..., Outcome]:
    def run(row: Row | None = None, **flags: object) -> Outcome:
        done.add(LaunchPlan(9, "Deploy web", 2, (3,), 8, "", {}))
        awx.get("projects/8/", row or project(), headers=NOW)
        return project_sync.sync(client, settings(**flags), done, time.sleep)

    return run


def test_it_is_updated_and_waited_for(
    sync: Callable[..., Outcome], awx: FakeAwx, time: FakeTime
) -> None:
    awx.post("projects/8/update/", {"project_update": 61, "id": 61}, 202)
    for status in ("pending", "running", "running", "successful"):
        awx.get("project_updates/61/", update(status))
    found = sync()
    assert found == project_sync.ProjectUpdate(61, 8, "Playbooks", REVISION, 2.5)
    assert str(found) == "Playbooks at 4d3f1c2b (update 61)"
    assert awx.sent.count(UPDATE) == 1
    assert time.pauses == [0.5, 0.5, 0.75]


@pytest.mark.parametrize("trouble", [502, 500, 202])
def test_a_lost_answer_leads_to_the_update_that_began(
    sync: Callable[..., Outcome], awx: FakeAwx, trouble: int
) -> None:
    awx.post("projects/8/update/", "<html>Sorry</html>", trouble)
    awx.get("project_updates/", page({"id": 61}))
    awx.get("project_updates/61/", update())
    found = sync()
    assert isinstance(found, project_sync.ProjectUpdate)
    assert found.id == 61
    assert awx.sent.count(UPDATE) == 1
    (query,) = awx.queries("project_updates/")
    assert (query["project"], query["id__gt"]) == ("8", "60")


def test_a_lost_answer_without_an_update_is_sent_again(
    sync: Callable[..., Outcome], awx: FakeAwx
) -> None:
    awx.post("projects/8/update/", {}, 504)
    awx.post("projects/8/update/", {"project_update": 61}, 202)
    awx.get("project_updates/", page())
    awx.get("project_updates/61/", update())
    assert isinstance(sync(), project_sync.ProjectUpdate)
    assert awx.sent.count(UPDATE) == 2


def test_never_asks_for_nothing(
    client: Client, settings: Make, awx: FakeAwx, done: Results
) -> None:
    found = project_sync.sync(client, settings(sync="never"), done)
    assert str(found) == "skipped: --sync never"
    assert awx.sent == []


def test_a_manual_project_has_nothing_to_sync_from(
    sync: Callable[..., Outcome], awx: FakeAwx
) -> None:
    found = sync(project(scm_type=""))
    assert "manual project" in str(found)
    assert UPDATE not in awx.sent


@pytest.mark.parametrize("when", ["always", "auto"])
def test_an_update_that_is_under_way_is_waited_for_and_not_doubled(
    sync: Callable[..., Outcome], awx: FakeAwx, when: str
) -> None:
    awx.get("project_updates/61/", update("running"))
    awx.get("project_updates/61/", update())
    summary = {"current_update": {"id": 61, "status": "running"},
               "last_update": {"id": 60, "status": "successful"}}  # fmt: skip
    found = sync(project(status="running", summary_fields=summary), sync=when)
    assert isinstance(found, project_sync.ProjectUpdate)
    assert found.id == 61
    assert UPDATE not in awx.sent


class TestAuto:
    def test_a_fresh_project_is_left_alone(
        self, sync: Callable[..., Outcome], awx: FakeAwx
    ) -> None:
        awx.get("project_updates/60/", update(id=60))
        assert str(sync(sync="auto")) == "skipped: it was updated just now"
        assert UPDATE not in awx.sent

    def test_so_is_one_that_awx_updates_at_launch(
        self, sync: Callable[..., Outcome], awx: FakeAwx
    ) -> None:
        assert "at launch by itself" in str(sync(project(scm_update_on_launch=True), sync="auto"))
        assert UPDATE not in awx.sent

    @pytest.mark.parametrize(
        "fields",
        [
            {"last_updated": "2026-11-21T22:09:59.000000Z"},
            {"last_updated": None},
            {"summary_fields": {"last_update": {"id": 60, "status": "failed"}}},
            {"summary_fields": {}},
        ],
    )
    def test_an_old_or_failed_one_is_updated(
        self, sync: Callable[..., Outcome], awx: FakeAwx, fields: Row
    ) -> None:
        awx.post("projects/8/update/", {"project_update": 61}, 202)
        awx.get("project_updates/61/", update())
        assert isinstance(sync(project(**fields), sync="auto"), project_sync.ProjectUpdate)

    def test_so_is_one_that_is_at_another_revision(
        self, sync: Callable[..., Outcome], awx: FakeAwx
    ) -> None:
        awx.get("project_updates/60/", update(id=60, scm_revision="0" * 40))
        awx.post("projects/8/update/", {"project_update": 61}, 202)
        awx.get("project_updates/61/", update())
        assert isinstance(sync(sync="auto"), project_sync.ProjectUpdate)

    def test_always_updates_a_fresh_one_too(
        self, sync: Callable[..., Outcome], awx: FakeAwx
    ) -> None:
        awx.post("projects/8/update/", {"project_update": 61}, 202)
        awx.get("project_updates/61/", update())
        sync(sync="always")
        assert UPDATE in awx.sent


class TestFailure:
    @pytest.fixture(autouse=True)
    def _failed(self, request: pytest.FixtureRequest, awx: FakeAwx) -> None:
        awx.post("projects/8/update/", {"project_update": 61}, 202)
        awx.get("project_updates/61/", update(**getattr(request, "param", {"status": "failed"})))

    @pytest.mark.parametrize("res", [{"msg": GIT, "stderr": "other"}, {"msg": "", "stderr": GIT}])
    def test_is_told_in_gits_words(
        self, sync: Callable[..., Outcome], awx: FakeAwx, res: Row
    ) -> None:
        event = {"id": 142, "event": "runner_on_failed", "event_data": {"res": res}}
        awx.get("project_updates/61/events/", page(event))
        with pytest.raises(SyncFailed) as error:
            sync()
        assert str(error.value) == (
            "project 8 (Playbooks): update 61 ended failed: "
            "fatal: '/srv/git/does-not-exist' does not appear to be a git repository "
            "fatal: Could not read from remote repository."
        )
        assert error.value.exit_code == ExitCode.SYNC_FAILED
        assert awx.queries("project_updates/61/events/")[0]["event"] == "runner_on_failed"

    @pytest.mark.parametrize(
        "_failed",
        [{"status": "error", "job_explanation": "Out of disk"},
         {"status": "canceled", "job_explanation": "Out of disk"}],
        indirect=True,
    )  # fmt: skip
    def test_is_told_in_awxs_words_where_git_has_none(
        self, sync: Callable[..., Outcome], awx: FakeAwx
    ) -> None:
        awx.get("project_updates/61/events/", page({"id": 142, "event_data": {}}))
        with pytest.raises(SyncFailed, match=r"ended (error|canceled): Out of disk"):
            sync()

    @pytest.mark.parametrize("status", [403, 500])
    def test_names_where_to_look_where_nobody_has_any(
        self, sync: Callable[..., Outcome], awx: FakeAwx, status: int
    ) -> None:
        awx.refuse("GET", "project_updates/61/events/", status)
        with pytest.raises(SyncFailed, match=r"/api/v2/project_updates/61/stdout/\?format=txt"):
            sync()


class TestPermission:
    @pytest.fixture(autouse=True)
    def _refused(self, awx: FakeAwx) -> None:
        awx.refuse("POST", "projects/8/update/", 403, "You do not have permission.")

    def test_that_is_lacking_is_passed_over_with_a_warning(
        self, sync: Callable[..., Outcome], caplog: pytest.LogCaptureFixture
    ) -> None:
        assert isinstance(sync(), Skipped)
        assert "You do not have permission" in caplog.text

    def test_but_not_where_the_sync_was_asked_for(self, sync: Callable[..., Outcome]) -> None:
        words = r"You do not have permission.*lacks the update role on project 8 .*access grant"
        with pytest.raises(Refused, match=words):
            sync(sync="always")


def test_a_project_that_is_not_there_is_refused(
    client: Client, settings: Make, awx: FakeAwx, done: Results
) -> None:
    done.add(LaunchPlan(9, "Deploy web", 2, (3,), 8, "", {}))
    awx.refuse("GET", "projects/8/", 404)
    with pytest.raises(PreflightFailed, match="project 8 does not exist"):
        project_sync.sync(client, settings(), done)


def test_a_template_without_project_is_refused(
    client: Client, settings: Make, done: Results
) -> None:
    done.add(LaunchPlan(9, "Deploy web", 2, (3,), None, "", {}))
    with pytest.raises(PreflightFailed, match=r"template 9 \(Deploy web\) has no project"):
        project_sync.sync(client, settings(), done)
