"""What an audit of roles finds: who may change and run what, who is idle, which tokens go on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from utils.access import held
from utils.access.looking import ADMIN, EXECUTE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from utils.access.looking import Seen
    from utils.access.ways import Way
    from utils.record import Record

# AWX's own tokens are good for a thousand years unless an administrator shortens that.
LONG = timedelta(days=365)
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


def findings(
    seen: Seen, now: datetime, inactive_s: float, launched: Callable[[Record], datetime | None]
) -> Iterator[Finding]:
    """Yield what there is to tell, the most powerful first; `inactive_s` is in seconds.

    `launched` tells when a user has last started a job: it is asked only of who seems to be idle.
    """
    for row in seen.users:
        for way in held.of_the_system(row):
            yield Finding(SYSTEM[way.role], way.user, way=way)
    strong = _with_members(seen)
    for wanted in (ADMIN, EXECUTE):
        for way, strength in strong:
            if strength == wanted:
                yield Finding(wanted, way.user, "" if way.user else way.team, way)
    yield from _idle(seen, now, inactive_s, launched)
    yield from _lasting(seen, now)
    # What is not shown may be held all the same.
    if not seen.is_all:
        return
    holding = {way.user for way, _ in strong} | {way.user for way in seen.ways}
    for row in seen.users:
        if row.text("username") not in holding and not any(held.of_the_system(row)):
            yield Finding("no role", row.text("username"), detail="holds nothing")


def _with_members(seen: Seen) -> list[tuple[Way, str]]:
    """Return each role that lets change or run something, those of teams for each member, too."""
    joined: defaultdict[int | None, list[Way]] = defaultdict(list)
    for way in seen.ways:
        if way.on_type == "team" and _joins(seen, way):
            joined[way.on_id].append(way)
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
                for name in _members(joined, way.team_id)
            ]
    return found


def _joins(seen: Seen, way: Way) -> bool:
    """Tell whether a role on a team puts one into it: others only let see or name it."""
    if way.role_id in seen.strength:
        return way.role_id in seen.joining
    return way.role in held.MEMBERSHIPS


def _members(joined: Mapping[int | None, list[Way]], team: int | None) -> list[str]:
    """Return the users in a team, those of the teams in it among them, each once."""
    names: dict[str, None] = {}
    teams, at = [team], 0
    while at < len(teams):
        for way in joined.get(teams[at], ()):
            if way.user:
                names[way.user] = None
            elif way.team_id not in teams:
                teams.append(way.team_id)
        at += 1
    return list(names)


def _by_name(role: str) -> str:
    return ADMIN if role.endswith("Admin") else EXECUTE if role in {"Execute", "Ad Hoc"} else ""


def _idle(
    seen: Seen, now: datetime, inactive_s: float, launched: Callable[[Record], datetime | None]
) -> Iterator[Finding]:
    """Yield of whom there is no sign of use for so long; who asks is there now.

    Only a login by the web pages is written down by AWX: one by Basic is not, and a token that is
    given back takes the time of its use with it.
    """
    used = {seen.asked_by: now}
    for token in seen.tokens:
        last = token.time("last_used")
        name = _owner(token)
        if last and (name not in used or used[name] < last):
            used[name] = last
    for row in seen.users:
        name = row.text("username")
        times = [each for each in (row.time("last_login"), used.get(name)) if each]
        if times and (now - max(times)).total_seconds() <= inactive_s:
            continue
        if launch := launched(row):
            times.append(launch)
        if not times:
            detail = "nor launched anything, and no token of his shows use"
            yield Finding("never logged in", name, detail=detail)
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
