"""What of a schedule in AWX is not as it is to be, field by field."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from utils import extra_vars, logger
from utils.printable import printable
from utils.schedules import rule
from utils.schedules.planning import ANSWERS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from utils.awx_client import Client
    from utils.record import Record
    from utils.schedules.planning import Wanted

log = logger.get("schedule")

# What stands for a secret in AWX's answers, and says in a request that it stays.
MASK = "$encrypted$"
PLAIN = ("name", "description", "enabled", *ANSWERS)


@dataclass(frozen=True)
class Existing:
    """A schedule in AWX, and the ids of what hangs on it."""

    row: Record
    relations: Mapping[str, tuple[int, ...]]

    @property
    def path(self) -> str:
        """Where it is below the API's root."""
        return f"schedules/{self.row.integer('id')}/"


@dataclass(frozen=True)
class Change:
    """A field that is to change; values of variables are left out, since they may be secret."""

    field: str
    before: object
    after: object

    def __str__(self) -> str:
        if self.field == "rrule":
            before, after = str(self.before).split(), str(self.after).split()
            goes = [f"\n      - {printable(word)}" for word in before if word not in after]
            comes = [f"\n      + {printable(word)}" for word in after if word not in before]
            return f"rule:{''.join(goes + comes)}"
        if self.field == "extra_data":
            return f"variables: {self.after}"
        return f"{self.field}: {_told(self.before)} -> {_told(self.after)}"


def existing(
    client: Client, wanted: Wanted, known: Mapping[str, Record] | None = None
) -> Existing | None:
    """Return the schedule of that name that the target has, None where there is none.

    Asks `GET .../schedules/?name=NAME`, unless those of the target are `known`, and for what hangs
    on it where the template asks for that.
    """
    if known is None:
        rows = client.get(wanted.target.path, name=wanted.name).records("results")
        known = {wanted.name: rows[0]} if rows else {}
    if wanted.name not in known:
        return None
    found = known[wanted.name]
    path = f"schedules/{found.integer('id')}/"
    relations = {
        name: tuple(row.integer("id") for row in related(client, path, name))
        for name in wanted.relations
    }
    return Existing(found, relations)


def related(client: Client, path: str, name: str) -> list[Record]:
    """Return what hangs on a schedule (`GET /schedules/N/labels/` and its like)."""
    return client.get(f"{path}{name}/", page_size=200).records("results")


def as_kept(wanted: Wanted, old: Existing) -> Wanted:
    """Return what is wanted with the beginning that AWX has, where none was given.

    One of so many times that has had them begins anew: as it is, it would never run again.
    """
    try:
        kept = rule.parse(old.row.text("rrule"))
        begins = wanted.rule.start.replace(tzinfo=rule.zone_of(wanted.rule.zone))
    except ValueError:
        return wanted
    ended = old.row.time("dtend")
    if wanted.rule.step_min and wanted.rule.is_counted and ended and ended < begins:
        number = old.row.integer("id")
        log.info("schedule %d has ended, %s: it is to begin anew", number, f"{ended:%Y-%m-%d}")
        return wanted
    return replace(wanted, rule=wanted.rule.as_before(kept))


def untold(wanted: Wanted, old: Existing) -> list[str]:
    """Return the variables that AWX keeps secret, and of which others than its mask are given."""
    before, after = extra_vars.kept(old.row.fields.get("extra_data")), wanted.fields["extra_data"]
    given = after if isinstance(after, dict) else {}
    return [name for name, value in given.items() if before.get(name) == MASK != value]


def changes(wanted: Wanted, old: Existing, *, renew: bool = False) -> list[Change]:
    """Return what is to change; `renew` says that secrets are, which AWX does not tell."""
    found = []
    before = " ".join(old.row.text("rrule").split())
    if not _same_rule(before, str(wanted.rule)):
        found.append(Change("rrule", before, str(wanted.rule)))
    for name in PLAIN:
        was, is_to_be = old.row.fields.get(name), wanted.fields[name]
        # An empty text and none are the same to a command line.
        if was != is_to_be and not (was == "" and is_to_be is None):
            found.append(Change(name, was, is_to_be))
    same = () if renew else untold(wanted, old)
    given = extra_vars.kept(old.row.fields.get("extra_data"))
    if text := _variables(given, wanted.fields["extra_data"], same):
        found.append(Change("extra_data", None, text))
    for name, ids in wanted.relations.items():
        was = old.relations[name]
        is_ordered = name == "instance_groups"
        if (was != ids) if is_ordered else (set(was) != set(ids)):
            found.append(Change(name, list(was), list(ids)))
    return found


def _same_rule(before: str, after: str) -> bool:
    if before == after:
        return True
    try:
        return str(rule.parse(before)) == after
    except ValueError:
        return False


def _variables(old: Mapping[str, object], new: object, same: Collection[str]) -> str:
    """Return which variables come, go and change, without their values."""
    after = new if isinstance(new, dict) else {}
    told = [f"{name} is new" for name in after if name not in old]
    told += [
        f"{name} changes"
        for name in after
        if name in old and old[name] != after[name] and name not in same
    ]
    told += [f"{name} goes" for name in old if name not in after]
    return ", ".join(told)


def _told(value: object) -> str:
    if value is None or value == "":
        return "none"
    return printable(str(value).lower() if isinstance(value, bool) else str(value))
