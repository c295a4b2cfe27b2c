"""The embedded AWX answers with the status, keys and types of a real AWX 24.6.1."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

from demo.server import DemoServer
from tests.demo.contract_table import LATER, TABLE
from tests.demo.derive_shapes import OPEN_MAPS, SCALARS, cookie_shape, type_of
from tests.demo.stage import Clock, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from demo.aliases import Json

SHAPES = json.loads((Path(__file__).parent / "shapes.json").read_text(encoding="utf-8"))
RECORDED = SHAPES["recordings"]["by_name"]
LISTS = [text.split() for text in SHAPES["recordings"]["lists"]]
CASES = {
    cells[0]: [*cells[1:], ""][:4]
    for cells in (
        [cell.strip() for cell in line.split(" | ")] for line in TABLE.strip().splitlines()
    )
}
LATER_NAMES = [name for text in LATER.values() for name in text.split()]
SESSIONS = {"websocket_session"}  # test_websocket.py
ACCEPT = {"json": "application/json", "html": "text/html", "xml": "application/xml"}


def flattened(branch: Json, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(branch, str):
        yield place, branch
        return
    for name, below in branch.items():
        yield from flattened(below, f"{place}.{name}" if name else place)


TYPES = {
    place: kinds
    for root, branch in SHAPES["places"]["types"].items()
    for place, kinds in flattened(branch, root)
}
# What AWX's models allow and the recordings did not happen to show.
ALSO = {
    "job_template.summary_fields.recent_jobs[].finished": "n",
    "job_template.summary_fields.recent_jobs[].canceled_on": "t",
    "workflow_job_template.summary_fields.recent_jobs[].canceled_on": "t",
    "workflow_job_template.summary_fields.recent_jobs[].finished": "n",
    "GET /api/v2/inventories/N/ad_hoc_commands/.next": "t",
    "GET /api/v2/job_templates/N/survey_spec/.spec[].default": "f",
    "workflow_job_node.job": "n",
}
NOT_ALWAYS = {
    "workflow_job_node.related": {"job"},
    "workflow_job_node.summary_fields": {"job"},
    "workflow_job.related": {"modified_by"},
}
MORE_KEYS = {
    "job.related": {"schedule"},
    "job.summary_fields": {"schedule"},
    "job_template.related": {"current_job"},
    "job_template.summary_fields": {"current_job", "current_update"},
}
VARYING = {"o_auth2_application": {"client_secret"}}  # a public one has none
NEVER_RECORDED = {"label"}
OPTIONAL = SHAPES["places"]["optional"]
KNOWN: dict[str, set[str]] = {}
for _place in TYPES:
    if "." in _place:
        KNOWN.setdefault(_place.rsplit(".", 1)[0], set()).add(_place.rsplit(".", 1)[1])


def differences(value: Json, place: str, *, is_top: bool = False) -> list[str]:
    """Return where a value's keys and types are not those recorded at its place."""
    kind = SCALARS.get(type(value)) or ("l" if isinstance(value, list) else "o")
    row = type_of(value) if isinstance(value, dict) else ""
    if row in NEVER_RECORDED:
        return []
    if (row or place) not in (KNOWN if row else TYPES):
        return [f"{row or place}: never seen"]
    if not row and kind not in TYPES[place] + ALSO.get(place, ""):
        return [f"{place}: {kind}, recorded {TYPES[place]}"]
    place = row or place
    if isinstance(value, list):
        return [text for item in value for text in differences(item, f"{place}[]")]
    if not isinstance(value, dict) or place.rsplit(".", 1)[-1] in OPEN_MAPS:
        return []
    known = {name.removesuffix("[]") for name in KNOWN.get(place, set())}
    known |= MORE_KEYS.get(place, set()) & set(value)
    needed = known - set(OPTIONAL.get(place, [])) - NOT_ALWAYS.get(place, set())
    found = [f"{place}: has {name}" for name in sorted(set(value) - known)]
    if not is_top and not row:  # the top keys of a row are compared with its own recording
        found += [f"{place}: lacks {name}" for name in sorted(needed - set(value))]
    for name in (set(value) & known) - MORE_KEYS.get(place, set()):
        found += differences(value[name], f"{place}.{name}")
    return found


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    clock = Clock()
    with DemoServer(clock=clock) as server:
        yield Stage(server, clock)


def send(stage: Stage, name: str) -> requests.Response:
    who, method, path, body = CASES[name]
    for word, value in stage.ids.items():
        path, body = (
            path.replace(f"{{{word}}}", str(value)),
            body.replace(f"{{{word}}}", str(value)),
        )
    url = stage.server.url + (path if path.startswith("/") else f"/api/v2/{path}")
    person, _, accept = who.partition(" ")
    headers = {"Accept": ACCEPT.get(accept, "*/*")}
    if method == "FORM":
        method, headers["Content-Type"] = "POST", "application/x-www-form-urlencoded"
    elif body:
        headers["Content-Type"] = "application/json"
    auth = {"basic": ("admin", "password"), "bad password": ("admin", "wrong")}.get(who)
    if "client" in who:
        auth = (who.split()[-1], "demo-secret") if person == "client" else ("demo-password", "x")
    cookies = stage.people.cookies(who)
    if "csrf" in who:
        headers["X-CSRFToken"] = cookies["csrftoken"]
    token = stage.tokens.get(who) or stage.tokens.get(person)
    if who == "bad token":
        token = "nosuchtoken"
    if who == "wrong scheme":
        headers["Authorization"] = f"Token {stage.tokens['admin']}"
    elif token:
        headers["Authorization"] = f"Bearer {token}"
    return requests.request(
        method,
        url,
        headers=headers,
        auth=auth,
        data=body or None,
        cookies=cookies,
        allow_redirects=False,
        timeout=20,
    )


@pytest.mark.parametrize("name", CASES)
def test_answers_as_recorded(stage: Stage, name: str) -> None:
    recorded = RECORDED[name]
    answer = send(stage, name)
    assert answer.status_code == recorded["status"], answer.text[:500]
    assert answer.headers.get("content-type", "") == recorded["type"]
    missing = set(LISTS[recorded["headers"]]) - {key.lower() for key in answer.headers}
    if recorded["status"] != 404 or answer.headers["content-type"] == "application/json":
        assert not missing - {"x-api-total-time"}
    cookies = answer.raw.headers.getlist("Set-Cookie")
    assert sorted(map(cookie_shape, cookies)) == recorded.get("cookies", [])
    if recorded["body"] is None:
        return
    body = answer.json()
    assert set(body) ^ set(LISTS[recorded["body"]["keys"]]) == set()
    if "rows" in recorded["body"]:
        kinds = recorded["body"]["rows"]
        assert bool(kinds) <= bool(body["results"])
        for row in body["results"]:
            if type_of(row) in kinds:
                wanted = set(LISTS[kinds[type_of(row)]])
                assert set(row) - VARYING.get(type_of(row), set()) == wanted
    assert differences(body, recorded["place"], is_top=True) == []


def test_every_recording_is_covered_or_put_off() -> None:
    assert len(LATER_NAMES) == len(set(LATER_NAMES))
    assert not set(CASES) & set(LATER_NAMES)
    assert set(RECORDED) == set(CASES) | set(LATER_NAMES) | SESSIONS


def test_the_shapes_can_refuse() -> None:
    assert differences({"id": "text"}, "job_event") != []
    assert differences({"id": 1, "nosuch": 1, "type": "job", "related": {}}, "job") != []
