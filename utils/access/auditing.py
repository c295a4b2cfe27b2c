"""What an audit of roles finds: who may change and run what, who is idle, which tokens go on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from utils import logger
from utils.access import held, systems
from utils.access.holders import Holder
from utils.errors import NotOffered
from utils.signing_in import token_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from utils.access.ways import Way
    from utils.awx_client import Client
    from utils.record import Record

log = logger.get("access")

# AWX's own tokens are good for a thousand years unless an administrator shortens that.
LONG = timedelta(days=365)
ADMIN, EXECUTE = "admin", "execute"
SYSTEM = {"System Administrator": "superuser", "System Auditor": "auditor"}


@dataclass(frozen=True)
class Finding:
    """One line of an audit: what was found, of whom, and by what he has it."""

    finding: str
    user: str = ""
    team: str = ""
    way: Way | None = None
    detail: str = ""

    @property
    def who(self) -> str:
        """Return of whom it is."""
        return self.user or f"team {self.team}"

    @property
    def what(self) -> str:
        """Return which role on what, empty where it is about none."""
        return f"{self.way.role} on {self.way.on}" if self.way else ""

    @property
    def through(self) -> str:
        """Return by what he has it, empty where it is about no role."""
        return self.way.through if self.way else ""

    @property
    def document(self) -> dict[str, object]:
        """Return it as JSON has it."""
        way = self.way
        return {
            "finding": self.finding,
            "user": self.user or None,
            "team": self.team or None,
            "role": way.role if way else None,
            "resource_type": (way.on_type or None) if way else None,
            "resource_id": way.on_id if way else None,
            "resource": (way.on_name or None) if way else None,
            "through": way.through if way else None,
            "detail": self.detail,
        }


@dataclass(frozen=True)
class Seen:
    """What AWX told of its users, their roles and tokens."""

    users: list[Record]
    ways: list[Way]
    strength: Mapping[int, str]
    tokens: list[Record]
    asked_by: str

    @property
    def is_all(self) -> bool:
        """Whether AWX shows everything to the user who looked."""
        return any(
            row.text("username") == self.asked_by and any(held.of_the_system(row))
            for row in self.users
        )


def look(client: Client, asked_by: str, own_token: int) -> Seen:
    """Read all of it, but for our own token: a request for each list and each 200 rows more.

    An AWX without role definitions is asked for the roles of each user and team by itself.
    """
    users = list(client.walk("users/"))
    found = systems.of(client)
    if found.has_definitions:
        strength = {
            row.integer("id"): _strength(row.texts("permissions"))
            for row in client.walk("role_definitions/")
        }
        ways = [way for kind in ("user", "team") for way in held.assigned(client, kind)]
    else:
        strength, ways = {}, _ways_of_each(client, users)
    tokens = [each for each in _tokens(client) if each.integer("id") != own_token]
    return Seen(users, ways, strength, tokens, asked_by)


def _strength(permissions: list[str]) -> str:
    """Return what a role's permissions come to, empty where they only let look and use."""
    actions = {each.rpartition(".")[2].partition("_")[0] for each in permissions}
    return ADMIN if "change" in actions else EXECUTE if "execute" in actions else ""


def _ways_of_each(client: Client, users: list[Record]) -> list[Way]:
    holders = [Holder("user", row) for row in users]
    holders += [Holder("team", row) for row in client.walk("teams/")]
    return [way for each in holders for way in held.own_roles(client, each)]


def _tokens(client: Client) -> list[Record]:
    """Return the tokens of all, none where this AWX gives none."""
    try:
        return list(token_rows.walk(client))
    except NotOffered as error:
        log.info("no tokens to look at: %s", error)
        return []


def findings(seen: Seen, now: datetime, inactive_s: float) -> Iterator[Finding]:
    """Yield what there is to tell, the most powerful first; `inactive_s` is in seconds."""
    for row in seen.users:
        for way in held.of_the_system(row):
            yield Finding(SYSTEM[way.role], way.user, way=way)
    strong = _with_members(seen)
    for wanted in (ADMIN, EXECUTE):
        for way, strength in strong:
            if strength == wanted:
                yield Finding(wanted, way.user, "" if way.user else way.team, way)
    yield from _idle(seen, now, inactive_s)
    yield from _lasting(seen, now)
    holding = {way.user for way, _ in strong} | {way.user for way in seen.ways}
    for row in seen.users:
        if row.text("username") not in holding and not any(held.of_the_system(row)):
            yield Finding("no role", row.text("username"), detail="holds nothing")


def _with_members(seen: Seen) -> list[tuple[Way, str]]:
    """Return each role that lets change or run something, those of teams for each member, too."""
    members: defaultdict[int | None, dict[str, None]] = defaultdict(dict)
    for way in seen.ways:
        if way.user and way.on_type == "team":
            members[way.on_id][way.user] = None
    found = []
    for way in seen.ways:
        strength = seen.strength.get(way.role_id or 0, _by_name(way.role))
        if not strength:
            continue
        found.append((way, strength))
        if not way.user:
            through = f"team {way.team}"
            found += [
                (replace(way, user=name, through=through), strength)
                for name in members[way.team_id]
            ]
    return found


def _by_name(role: str) -> str:
    return ADMIN if role.endswith("Admin") else EXECUTE if role == "Execute" else ""


def _idle(seen: Seen, now: datetime, inactive_s: float) -> Iterator[Finding]:
    """Yield who has neither logged in for so long nor used a token; who asks does so now."""
    used = {seen.asked_by: now}
    for token in seen.tokens:
        last = token.time("last_used")
        name = _owner(token)
        if last and (name not in used or used[name] < last):
            used[name] = last
    for row in seen.users:
        name = row.text("username")
        times = [each for each in (row.time("last_login"), used.get(name)) if each]
        if not times:
            yield Finding("never logged in", name, detail="nor used a token")
        elif (now - max(times)).total_seconds() > inactive_s:
            days = (now - max(times)).days
            yield Finding("inactive", name, detail=f"for {days} days, since {max(times):%Y-%m-%d}")


def _lasting(seen: Seen, now: datetime) -> Iterator[Finding]:
    """Yield the tokens that never end, or only in more than a year."""
    for token in seen.tokens:
        ends = token.time("expires")
        if ends and ends - now < LONG:
            continue
        until = f"ends {ends:%Y-%m-%d}" if ends else "never ends"
        parts = [f"token {token.integer('id')}", f"scope {token.maybe_text('scope')}", until]
        parts += [text] if (text := token.maybe_text("description")) else []
        yield Finding("token", _owner(token), detail=", ".join(parts))


def _owner(token: Record) -> str:
    shorts = token.maybe_record("summary_fields")
    return shorts.maybe_record("user").maybe_text("username") or "(nobody)"
