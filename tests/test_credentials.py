from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import credentials
from launch_plan import LaunchPlan
from tests.rows import page
from utils.errors import PreflightFailed
from utils.results import Skipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings
    from tests.fake_awx import FakeAwx
    from utils.awx_client import Client
    from utils.results import Results

    Make = Callable[..., Settings]
    Row = dict[str, object]

MACHINE: dict[str, object] = {
    "id": 1, "name": "Machine", "namespace": "ssh", "kind": "ssh",
    "inputs": {"fields": [{"id": "username"}, {"id": "password", "secret": True},
                          {"id": "ssh_key_data", "secret": True}, {"id": "become_password"}]},
}  # fmt: skip
CLOUD: dict[str, object] = {
    "id": 5, "name": "Amazon Web Services", "namespace": "aws", "kind": "cloud",
    "inputs": {"fields": [{"id": "username"}, {"id": "password"}],
               "required": ["username", "password"]},
}  # fmt: skip


def credential(number: int, kind: int, inputs: Row) -> Row:
    return {
        "id": number,
        "name": f"C{number}",
        "credential_type": kind,
        "kind": "",
        "inputs": inputs,
    }


@pytest.fixture
def check(
    client: Client, settings: Make, awx: FakeAwx, done: Results
) -> Callable[..., credentials.Credentials | Skipped]:
    def make(*rows: Row, types: tuple[Row, ...] = (MACHINE,)) -> credentials.Credentials | Skipped:
        for row in rows:
            awx.get(f"credentials/{row['id']}/", row)
        for row in types:
            awx.get(f"credential_types/{row['id']}/", row)
        ids = tuple(int(str(row["id"])) for row in rows)
        done.add(LaunchPlan(9, "Deploy web", 2, ids, 8, "", {}))
        return credentials.check(client, settings(), done)

    return make


@pytest.mark.parametrize("login", ["ssh_key_data", "password"])
def test_a_machine_credential_with_a_key_or_a_password(
    check: Callable[..., credentials.Credentials], login: str
) -> None:
    found = check(credential(3, 1, {"username": "deploy", login: "$encrypted$"}))
    absent = {"username", "password", "ssh_key_data", "become_password"} - {"username", login}
    (only,) = found.found
    assert only.inputs == {"username": "set", login: "set", **dict.fromkeys(absent, "absent")}
    assert str(found) == "C3 (ssh)"
    assert "$encrypted$" not in repr(found)


@pytest.mark.parametrize(
    "inputs",
    [{}, {"username": "deploy"}, {"ssh_key_data": None, "password": None}, {"password": ""}],
)
def test_one_with_neither_is_refused(
    check: Callable[..., credentials.Credentials], awx: FakeAwx, inputs: Row
) -> None:
    awx.get("credentials/3/input_sources/", page())
    told = r"credential 3 \(C3\) has neither an SSH key nor a password"
    with pytest.raises(PreflightFailed, match=told):
        check(credential(3, 1, inputs))


def test_one_whose_key_comes_from_a_source_will_do(
    check: Callable[..., credentials.Credentials], awx: FakeAwx
) -> None:
    awx.get(
        "credentials/3/input_sources/",
        page({"id": 1, "input_field_name": "ssh_key_data", "source_credential": 8}),
    )
    (only,) = check(credential(3, 1, {"username": "deploy"})).found
    assert only.inputs["ssh_key_data"] == "from a source"


def test_one_that_asks_at_launch_is_refused_once(
    check: Callable[..., credentials.Credentials], awx: FakeAwx
) -> None:
    awx.get("credentials/3/input_sources/", page())
    with pytest.raises(PreflightFailed) as error:
        check(credential(3, 1, {"password": "ASK", "become_password": "ASK"}))
    assert str(error.value) == (
        "credential 3 (C3) asks at launch for password, become_password, "
        "and there is nobody to answer"
    )


@pytest.mark.parametrize("password", [{}, {"password": None}, {"password": ""}])
def test_another_kind_is_checked_by_its_types_own_required_fields(
    check: Callable[..., credentials.Credentials], awx: FakeAwx, password: Row
) -> None:
    awx.get("credentials/30/input_sources/", page())
    with pytest.raises(PreflightFailed, match="lacks password, which its type requires"):
        check(credential(30, 5, {"username": "key", **password}), types=(CLOUD,))


def test_another_kind_needs_no_ssh_key(check: Callable[..., credentials.Credentials]) -> None:
    row = credential(30, 5, {"username": "key", "password": "$encrypted$"})
    assert str(check(row, types=(CLOUD,))) == "C30 (aws)"


def test_all_that_is_wrong_is_told_at_once(
    check: Callable[..., credentials.Credentials], awx: FakeAwx
) -> None:
    awx.get("credentials/3/input_sources/", page())
    awx.get("credentials/30/input_sources/", page())
    with pytest.raises(PreflightFailed) as error:
        check(credential(3, 1, {}), credential(30, 5, {}), types=(MACHINE, CLOUD))
    assert all(f"credential {number}" in str(error.value) for number in (3, 30))


def test_a_type_is_asked_for_once(
    check: Callable[..., credentials.Credentials], awx: FakeAwx
) -> None:
    check(*(credential(number, 1, {"password": "$encrypted$"}) for number in (3, 4)))
    assert awx.sent.count("GET credential_types/1/") == 1


def test_none_needed(check: Callable[..., credentials.Credentials]) -> None:
    assert str(check(types=())) == "none needed"


def test_one_that_is_not_there_is_refused(
    client: Client, settings: Make, awx: FakeAwx, done: Results
) -> None:
    done.add(LaunchPlan(9, "Deploy web", 2, (3,), 8, "", {}))
    awx.refuse("GET", "credentials/3/", 404, "Not found.")
    with pytest.raises(PreflightFailed, match="credential 3 does not exist"):
        credentials.check(client, settings(), done)


def test_one_that_this_user_may_not_see_is_skipped_with_a_warning(
    client: Client,
    settings: Make,
    awx: FakeAwx,
    done: Results,
    caplog: pytest.LogCaptureFixture,
) -> None:
    done.add(LaunchPlan(9, "Deploy web", 2, (3,), 8, "", {}))
    awx.refuse("GET", "credentials/3/", 403)
    found = credentials.check(client, settings(), done)
    assert isinstance(found, Skipped)
    assert "credential 3 not checked" in caplog.text


def hide(awx: FakeAwx, done: Results, number: int, *others: int) -> None:
    done.add(LaunchPlan(9, "Deploy web", 2, (number, *others), 8, "", {}))
    awx.refuse("GET", f"credentials/{number}/", 403)


def test_the_others_are_checked_all_the_same(
    client: Client, settings: Make, awx: FakeAwx, done: Results, caplog: pytest.LogCaptureFixture
) -> None:
    hide(awx, done, 3, 4)
    awx.get("credentials/4/", credential(4, 1, {}))
    awx.get("credential_types/1/", MACHINE)
    awx.get("credentials/4/input_sources/", page())
    with pytest.raises(PreflightFailed, match=r"^credential 4 \(C4\) has neither"):
        credentials.check(client, settings(), done)
    assert "credential 3 not checked" in caplog.text


def test_that_not_all_were_seen_is_said_where_the_others_will_do(
    client: Client, settings: Make, awx: FakeAwx, done: Results, caplog: pytest.LogCaptureFixture
) -> None:
    hide(awx, done, 3, 4)
    awx.get("credentials/4/", credential(4, 1, {"password": "$encrypted$"}))
    awx.get("credential_types/1/", MACHINE)
    assert credentials.check(client, settings(), done) == Skipped("not shown to this user")
    (told,) = [each.message for each in caplog.records if "not checked" in each.message]
    assert told.startswith("credential 3 not checked: ")
