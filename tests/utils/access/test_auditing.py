"""An audit: who may change and run what, who is idle, which tokens last."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from tests.rows import page
from tests.utils.access.answers import person
from utils.access.auditing import Finding, findings
from utils.access.looking import Seen, last_launch, look
from utils.access.ways import DIRECT, Way
from utils.record import Record

if TYPE_CHECKING:
    from tests.fake_awx import FakeAwx
    from tests.rows import Row
    from utils.awx_client import Client

NOW = datetime(2026, 6, 1, tzinfo=timezone.utc)
DAY_S = 86400.0
ADMIN, EXECUTE, LOOK, JOIN = 6, 8, 30, 16
STRENGTH = {ADMIN: "admin", EXECUTE: "execute", LOOK: "", JOIN: ""}


def found(
    *users: Row,
    ways: list[Way] | None = None,
    tokens: list[Row] | None = None,
    days: float = 90,
    launched: dict[str, datetime] | None = None,
    by: str = "admin",
) -> list[Finding]:
    records = [Record(each, "test") for each in users]
    rows = [Record(each, "test") for each in tokens or []]
    seen = Seen(records, ways or [], STRENGTH, rows, by, frozenset({JOIN}))
    launches = launched or {}
    return list(findings(seen, NOW, days * DAY_S, lambda row: launches.get(row.text("username"))))


def way(user: str, role: int | None, *, team: str = "", name: str = "Execute") -> Way:
    number = 2 if team else None
    return Way(user, team, name, role, "job_template", 9, "Deploy web", DIRECT, team_id=number)


def token(number: int, user: str, **fields: object) -> Row:
    return {
        "id": number, "scope": "write", "expires": "3026-01-01T00:00:00Z", "description": "",
        "last_used": None, "summary_fields": {"user": {"username": user}}, **fields,
    }  # fmt: skip


def told(rows: list[Finding]) -> list[tuple[str, str, str]]:
    return [(each.finding, each.who, each.through) for each in rows]


def active(number: int, name: str, **fields: object) -> Row:
    return person(number, name, last_login="2026-05-30T00:00:00Z", **fields)


def test_who_may_do_everything_comes_first() -> None:
    rows = found(
        active(3, "olive"), active(1, "root", is_superuser=True),
        active(2, "aud", is_system_auditor=True), ways=[way("olive", EXECUTE)],
    )  # fmt: skip
    assert told(rows) == [
        ("superuser", "root", "system administrator"), ("auditor", "aud", "system auditor"),
        ("execute", "olive", "direct"),
    ]  # fmt: skip


def test_a_role_is_told_by_its_permissions_and_by_its_name_where_they_are_not_known() -> None:
    ways = [
        way("olive", EXECUTE, name="Night shift"), way("olive", ADMIN, name="Chief"),
        way("olive", LOOK, name="Organization Admin"), way("olive", 901),
        way("olive", 902, name="Read"), way("olive", 903, name="Project Admin"),
    ]  # fmt: skip
    rows = found(active(3, "olive"), ways=ways)
    assert [(each.finding, each.way.role) for each in rows if each.way] == [
        ("admin", "Chief"), ("admin", "Project Admin"), ("execute", "Night shift"),
        ("execute", "Execute"),
    ]  # fmt: skip


def test_what_a_team_may_do_its_members_may() -> None:
    member = Way("olive", "", "Member", 17, "team", 2, "Deployers", DIRECT)
    namesake = Way("mia", "", "Member", 17, "team", 3, "Deployers", DIRECT)
    ways = [member, namesake, way("", EXECUTE, team="Deployers")]
    rows = found(active(3, "olive"), active(4, "mia"), ways=ways)
    assert told(rows) == [
        ("execute", "team Deployers", "direct"), ("execute", "olive", "team Deployers"),
    ]  # fmt: skip


def in_team(user: str, role: int | None, name: str, *, team: int | None = None) -> Way:
    """Return what a user, or else a team, holds on team 2."""
    by = "" if user else f"Team {team}"
    return Way(user, by, name, role, "team", 2, "Deployers", DIRECT, team_id=team)


def test_only_members_and_admins_of_a_team_have_what_it_has() -> None:
    ways = [
        in_team("reader", LOOK, "Read"), in_team("namer", None, "Read"),
        in_team("own", JOIN, "Night member"), in_team("old", None, "Admin"),
        way("", EXECUTE, team="Deployers"),
    ]  # fmt: skip
    rows = found(ways=ways)
    assert [each.who for each in rows if each.through == "team Deployers"] == ["own", "old"]


def test_a_team_in_a_team_hands_on_what_that_has() -> None:
    ways = [
        Way("olive", "", "Member", None, "team", 5, "Team 5", DIRECT),
        in_team("", None, "Member", team=5),
        Way("", "Deployers", "Member", None, "team", 5, "Team 5", DIRECT, team_id=2),
        way("", EXECUTE, team="Deployers"),
    ]  # fmt: skip
    assert [each.who for each in found(ways=ways) if each.through == "team Deployers"] == ["olive"]


def test_who_has_launched_a_job_is_not_idle() -> None:
    ways = [way(name, LOOK) for name in ("old", "new")]
    users = [person(2, "old", last_login="2025-01-01T00:00:00Z"), person(3, "new")]
    recent, long_ago = NOW - timedelta(days=3), NOW - timedelta(days=100)
    assert found(*users, ways=ways, launched={"old": recent, "new": recent}) == []
    rows = found(*users, ways=ways, launched={"old": recent, "new": long_ago})
    assert [(each.finding, each.who, each.detail) for each in rows] == [
        ("inactive", "new", "for 100 days, since 2026-02-21")
    ]


def test_an_audit_asks_for_the_last_launch_and_for_what_definitions_let_do(
    client: Client, awx: FakeAwx
) -> None:
    awx.get("/api/", {"current_version": "/api/v2/", "oauth2": "/api/o/"})
    awx.get("users/", page(active(1, "admin", is_superuser=True)))
    awx.get("", {"role_definitions": "/api/v2/role_definitions/"})
    awx.get("role_definitions/", page(
        {"id": 1, "permissions": ["awx.adhoc_inventory", "awx.view_inventory"]},
        {"id": 2, "permissions": ["shared.member_team", "shared.view_team"]},
        {"id": 3, "permissions": ["shared.view_team"]},
    ))  # fmt: skip
    for path in ("role_user_assignments/", "role_team_assignments/", "tokens/"):
        awx.get(path, page())
    seen = look(client, "admin", 0)
    assert (seen.strength, seen.joining) == ({1: "execute", 2: "", 3: ""}, frozenset({2}))
    awx.get("unified_jobs/", page({"id": 4, "created": "2026-05-01T00:00:00Z"}))
    assert last_launch(client, seen.users[0]) == datetime(2026, 5, 1, tzinfo=timezone.utc)
    assert awx.queries("unified_jobs/")[0]["created_by"] == "1"


def test_who_is_idle_is_told_unless_a_token_of_his_is_used() -> None:
    ways = [way(name, LOOK) for name in ("old", "new", "robot", "admin")]
    old = "2026-01-01T00:00:00Z"
    used = token(1, "robot", last_used="2026-05-31T00:00:00Z", expires="2026-07-01T00:00:00Z")
    users = [person(2, "old", last_login=old), person(3, "new"), person(4, "robot", last_login=old),
             person(1, "admin")]  # fmt: skip
    rows = found(*users, ways=ways, tokens=[used])
    assert [(each.finding, each.who) for each in rows] == [
        ("inactive", "old"), ("never logged in", "new"),
    ]  # fmt: skip
    assert rows[0].detail == "for 151 days, since 2026-01-01"
    assert told(found(*users, ways=ways, tokens=[used], days=152)) == [
        ("never logged in", "new", "")
    ]


def test_tokens_that_last_for_more_than_a_year_are_told_with_whose_they_are() -> None:
    tokens = [
        token(1, "olive", description="cron"), token(2, "olive", expires="2027-05-31T00:00:00Z"),
        token(3, "olive", expires=None), token(4, "olive", expires="2027-06-02T00:00:00Z"),
    ]  # fmt: skip
    rows = found(active(3, "olive"), ways=[way("olive", LOOK)], tokens=tokens)
    assert [each.detail for each in rows] == [
        "token 1, scope write, ends 3026-01-01, cron", "token 3, scope write, never ends",
        "token 4, scope write, ends 2027-06-02",
    ]  # fmt: skip
    assert {each.who for each in rows} == {"olive"}


def test_who_holds_nothing_is_told() -> None:
    rows = found(active(3, "olive"), active(1, "root", is_superuser=True), by="root")
    assert ("no role", "olive", "") in told(rows)
    assert not found(active(3, "olive"), by="olive"), "not all is shown to olive"
    assert "root" not in {each.who for each in rows if each.finding == "no role"}
