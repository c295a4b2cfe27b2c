"""What was done to a schedule, or would be: as a line, and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from utils import logger, output
from utils.errors import Refused, UsageError
from utils.printable import printable
from utils.schedules import differences, doing, occurrences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from utils.awx_client import Client
    from utils.record import Record
    from utils.schedules.differences import Change, Existing
    from utils.schedules.occurrences import Occurrences
    from utils.schedules.planning import Wanted

log = logger.get("schedule")


@dataclass(frozen=True)
class Step:
    """One schedule and what it takes to be as it is wanted: nothing, a change, or making it."""

    wanted: Wanted
    old: Existing | None
    changes: Sequence[Change]

    @property
    def action(self) -> str:
        """Which of `create`, `update` and `none` it takes."""
        if self.old is None:
            return "create"
        return "update" if self.changes else "none"

    @property
    def schedule_id(self) -> int | None:
        """The schedule's id, where there is one."""
        return self.old.row.integer("id") if self.old else None

    @property
    def needs_preview(self) -> bool:
        """Whether AWX has not seen the rule yet."""
        return self.old is None or any(each.field == "rrule" for each in self.changes)

    def tell(self) -> None:
        """Write what is going to be done, field by field."""
        wanted = self.wanted
        if self.old is None:
            output.result(f"make {wanted.name!r} of {wanted.target}\n    {wanted.rule}\n")
        elif self.changes:
            lines = "".join(f"    {each}\n" for each in self.changes)
            output.result(f"change {wanted.name!r} of {wanted.target}\n{lines}")

    def do(self, client: Client) -> Record | None:
        """Do it, say so, and return the row as AWX has it then; None where nothing was to do."""
        if self.old is None:
            row = doing.make(client, self.wanted)
            log.info("schedule %d (%s) is made", row.integer("id"), self.wanted.name)
            return row
        if not self.changes:
            return None
        row = doing.change(client, self.wanted, self.old, self.changes)
        log.info("schedule %d (%s) is changed", row.integer("id"), self.wanted.name)
        return row

    def document(
        self, row: Record | None, coming: Occurrences | None, *, is_done: bool
    ) -> dict[str, object]:
        """Return what was done as JSON; the values of variables are not in it."""
        done = {"create": "created", "update": "updated", "none": "unchanged"}
        target = self.wanted.target
        return {
            "action": done[self.action] if is_done else self.action,
            "id": row.integer("id") if row else self.schedule_id,
            "name": self.wanted.name,
            "target": {"type": target.kind, "id": target.target_id, "name": target.name},
            "rrule": str(self.wanted.rule),
            "enabled": self.wanted.fields["enabled"],
            "changes": [
                {"field": each.field, "from": each.before, "to": each.after}
                for each in self.changes
            ],
            **({"occurrences": coming.document()} if coming else {}),
        }


def step(
    client: Client,
    wanted: Wanted,
    *,
    renew: bool = False,
    known: Mapping[str, Record] | None = None,
) -> Step:
    """Return what it takes to have a schedule as it is wanted; `renew` sends secrets again.

    `known` are those of the target by their names, where they were asked for already. Raises
    Refused where this user may not change it.
    """
    old = differences.existing(client, wanted, known)
    if old is None:
        return Step(wanted, None, ())
    kept = differences.as_kept(wanted, old)
    if not renew and (names := differences.untold(kept, old)):
        log.info("schedule %d: AWX does not tell whether %s is as given: it stays as it is, but "
                 "with --renew-secrets", old.row.integer("id"), ", ".join(names))  # fmt: skip
    found = differences.changes(kept, old, renew=renew)
    if found and not may(old.row, "edit"):
        text = f"AWX does not let this user change schedule {old.row.integer('id')}"
        raise Refused(f"{text} ({printable(wanted.name)})")
    return Step(kept, old, found)


def may(row: Record, what: str) -> bool:
    """Tell whether AWX says that this user may `edit` or `delete` a schedule."""
    summary = row.maybe_record("summary_fields")
    return summary.maybe_record("user_capabilities").flag(what, default=True)


def previewed(client: Client, step: Step) -> Occurrences | None:
    """Return when a rule that is new to AWX falls due; raises UsageError where it never does."""
    if not step.needs_preview:
        return None
    wanted = step.wanted
    if wanted.rule.drifts:
        log.warning("%s: AWX begins this anew from a week ago and does not keep it in step: it has "
                    "a rule by the minute or hour, and parts that hang on its beginning",
                    wanted.where)  # fmt: skip
    found = occurrences.preview(client, str(wanted.rule), wanted.where)
    if not found.local:
        raise UsageError(f"{wanted.where}: AWX says that this never falls due: {wanted.rule}")
    return found
