"""True answers, as the embedded AWX gives them to good runs; what nonsense is made from."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from demo.server import DemoServer
from tests.demo.conftest import Api
from tests.demo.stage import Clock

if TYPE_CHECKING:
    import requests

    from demo.aliases import Json

ROOT = Path(__file__).resolve().parents[2]
API = "/api/v2/"
# A row of AWX has some hundred fields, and nonsense in one that nobody reads tells nothing.
MANY_FIELDS = 12
LONGEST_RUN_S = 90


@dataclass(frozen=True)
class Answer:
    """What AWX answers to one request."""

    status: int
    content_type: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Recording:
    """Answers by `GET /path/`, in the order in which they come, and the ids of what they are of."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)


@cache
def recording() -> Recording:
    """Return what was recorded, once for all tests of a process."""
    clock = Clock()
    with DemoServer(clock=clock) as server:
        recorder = _Recorder(Api(server), clock)
        recorder.record()
    return recorder.found


class _Recorder:
    def __init__(self, api: Api, clock: Clock) -> None:
        self.found = Recording()
        self._api = api
        self._clock = clock
        self._words = _words_of_the_program()

    def record(self) -> None:
        ids = self.found.ids
        ids["good"] = self._run("job_templates/9/launch/")
        ids["bad"] = self._run("job_templates/10/launch/")
        ids["again"] = self._run(f"jobs/{ids['bad']}/relaunch/", {"hosts": "failed"})
        answers = {"extra_vars": {"release": "1.2", "target_env": "dev"}}
        ids["survey"] = self._run("job_templates/14/launch/", answers)
        ids["asked"] = self._run("job_templates/15/launch/", {"inventory": 2, "limit": "web01"})
        self._canceled()
        self._workflow()
        self._take("POST", "projects/8/update/", {})
        self._follow(f"project_updates/{self._last('projects/8/update/', 'POST')}/")
        self._take("POST", "tokens/", {"scope": "write"})
        self._take("DELETE", f"tokens/{self._last('tokens/', 'POST')}/")
        self._things()

    def _run(self, path: str, body: Json = None) -> int:
        self._take("POST", path, body or {})
        job_id = self._last(path, "POST")
        self._follow(f"jobs/{job_id}/")
        for part in ("job_events/", "job_host_summaries/", "relaunch/"):
            self._take("GET", f"jobs/{job_id}/{part}")
        self._take("GET", f"jobs/{job_id}/stdout/", query="?format=ansi_download")
        return job_id

    def _canceled(self) -> None:
        job_id = self.found.ids["canceled"] = self._api.launch(12)
        path = f"jobs/{job_id}/"
        self._clock.tick(5)
        self._take("GET", path)
        self._take("POST", f"{path}cancel/", {})
        self._follow(path)

    def _workflow(self) -> None:
        path = "workflow_job_templates/22/"
        self._take("POST", f"{path}launch/", {})
        job_id = self.found.ids["workflow"] = self._last(f"{path}launch/", "POST")
        self._follow(f"workflow_jobs/{job_id}/")
        nodes = f"workflow_jobs/{job_id}/workflow_nodes/"
        self._take("GET", nodes)
        for node in self._read("GET", nodes)["results"]:
            step = node["summary_fields"]["job"]["id"]
            self._take("GET", f"jobs/{step}/")
            self._take("GET", f"jobs/{step}/job_events/")
            self._take("GET", f"jobs/{step}/stdout/", query="?format=ansi_download")

    def _things(self) -> None:
        """Record what is looked at and does not change."""
        for template in (9, 10, 14, 15):
            for part in ("", "launch/", "survey_spec/"):
                self._take("GET", f"job_templates/{template}/{part}")
        for path in (
            "/api/", "ping/", "me/", "workflow_job_templates/22/",
            "workflow_job_templates/22/launch/", "workflow_job_templates/", "inventories/2/",
            "inventories/2/hosts/", "inventories/2/script/", "credentials/3/",
            "credentials/3/input_sources/", "credential_types/1/", "projects/8/", "job_templates/",
            "instance_groups/",
        ):  # fmt: skip
            self._take("GET", path)
        self._take("GET", "unified_job_templates/", query="?page_size=100")
        for path in ("jobs/", "workflow_jobs/", "unified_jobs/"):
            self._take("GET", path, query="?order_by=-id&page_size=12")

    def _follow(self, path: str) -> None:
        """Record a job's details whenever it has got on, until all is stored."""
        before = None
        for _ in range(LONGEST_RUN_S):
            row = self._api.get(path)
            now = row["status"], row.get("event_processing_finished")
            if now != before:
                self._take("GET", path)
            if now[0] in {"successful", "failed", "canceled"} and now[1] is not False:
                return
            before = now
            self._clock.tick(1)
        raise AssertionError(f"{path} does not come to its end")

    def _take(self, method: str, path: str, body: Json = None, *, query: str = "") -> None:
        there = f"../..{path}" if path.startswith("/") else path
        given = self._api.send(method, there + query, body)
        assert given.status_code < 500, given.text
        key = f"{method} {urlsplit(given.url).path}"
        self.found.answers.setdefault(key, []).append(self._answer(given))

    def _answer(self, given: requests.Response) -> Answer:
        content_type, body = given.headers.get("Content-Type", ""), given.content
        if "json" in content_type:
            body = json.dumps(self._without_unread(given.json())).encode()
        date = formatdate(self._clock(), usegmt=True)
        return Answer(given.status_code, content_type, body, {"Date": date})

    def _without_unread(self, value: object) -> object:
        if isinstance(value, list):
            return [self._without_unread(each) for each in value]
        if not isinstance(value, dict):
            return value
        many = len(value) > MANY_FIELDS
        return {
            key: self._without_unread(each)
            for key, each in value.items()
            if not many or key in self._words
        }

    def _read(self, method: str, path: str) -> Json:
        return json.loads(self.found.answers[f"{method} {API}{path}"][-1].body)

    def _last(self, path: str, method: str) -> int:
        return int(self._read(method, path)["id"])


def program_files() -> list[Path]:
    """Return the files that the program itself is made of."""
    return [*ROOT.glob("*.py"), *ROOT.glob("commands/*.py"), *ROOT.glob("utils/**/*.py")]


def _words_of_the_program() -> frozenset[str]:
    """Return every text that stands in the program: each field that it reads is one of them."""
    return frozenset(
        each.value
        for file in program_files()
        for each in ast.walk(ast.parse(file.read_text()))
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    )
