"""Schedules of AWX as a file that `schedule apply` takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from utils import extra_vars, logger
from utils.schedules import listing, rule
from utils.schedules.differences import related
from utils.schedules.file_keys import ANSWERS, TOP, VARIABLES
from utils.schedules.planning import RELATIONS, relations_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from utils.awx_client import Client
    from utils.record import Record

log = logger.get("schedule")

# What runs, by what AWX calls the jobs of it, and where AWX lists that.
_TARGETS = {
    "job": ("template", "job_templates"),
    "workflow_job": ("template", "workflow_job_templates"),
    "project_update": ("project", "projects"),
}
_RESOURCES = {"inventory": "inventories", "execution_environment": "execution_environments"}
# Answers to prompts that there are no flags for; `schedule apply` leaves them as they are.
_LEFT_OUT = ("scm_branch", "timeout", "job_slice_count")
_HEAD = "# Made by: schedule export. See docs/schedules.md for what it can have.\n"


class Names:
    """The names of resources, or their ids where a name would not do."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._found: dict[tuple[str, int], str | int] = {}

    def of(self, collection: str, row_id: int, name: str = "") -> str | int:
        """Return the name of a row, its id where others have that name or it looks like an id."""
        key = (collection, row_id)
        if key not in self._found:
            if not name:
                name = self._client.get(f"{collection}/{row_id}/").text("name")
            # Templates of jobs and of workflows are looked for by one name.
            among = "unified_job_templates" if collection.endswith("templates") else collection
            rows = self._client.get(f"{among}/", name=name).records("results")
            is_alone = len(rows) == 1 and not name.isdecimal() and "++" not in name
            self._found[key] = name if is_alone and name == name.strip() else row_id
        return self._found[key]


def text(client: Client, rows: Sequence[Record]) -> str:
    """Return the schedules as YAML; answers that AWX keeps secret stay masked there."""
    import yaml  # noqa: PLC0415  # slow to import, and only needed here

    names = Names(client)
    templates: dict[int, Record] = {}
    entries = []
    for row in rows:
        kind = listing.target_of(row).maybe_text("unified_job_type")
        if kind not in _TARGETS:
            what = listing.told_target(row)
            log.warning("schedule %d is left out: %s", row.integer("id"), what)
            continue
        entries.append(_entry(client, row, names, templates))
        try:
            rule.parse(row.text("rrule"))
        except ValueError as error:
            number = row.integer("id")
            log.warning("schedule %d: apply does not take its rule: it %s", number, error)
        left = [answer for answer in _LEFT_OUT if row.fields.get(answer) not in {None, ""}]
        if left:
            number, listed = row.integer("id"), ", ".join(left)
            log.warning("schedule %d: left out, since apply has no key for it: %s", number, listed)
    return _HEAD + yaml.safe_dump({TOP: entries}, sort_keys=False, allow_unicode=True, width=1000)


def _entry(
    client: Client, row: Record, names: Names, templates: dict[int, Record]
) -> dict[str, object]:
    target = listing.target_of(row)
    key, collection = _TARGETS[target.text("unified_job_type")]
    target_id = target.integer("id")
    made: dict[str, object] = {
        "name": row.text("name"),
        key: names.of(collection, target_id, target.text("name")),
    }
    if row.maybe_text("description"):
        made["description"] = row.text("description")
    if not row.flag("enabled"):
        made["enabled"] = False
    made["rrule"] = row.text("rrule")
    made |= {name: row.fields[answer] for answer, name in ANSWERS.items() if answer in row}
    for answer, where in _RESOURCES.items():
        if answer in row:
            made[answer] = names.of(where, row.integer(answer))
    if key == "template":
        if target_id not in templates:
            templates[target_id] = client.get(f"{collection}/{target_id}/")
        _relate(client, row, made, names, relations_of(templates[target_id]))
    if variables := extra_vars.kept(row.fields.get("extra_data")):
        made[VARIABLES] = variables
    return made


def _relate(
    client: Client, row: Record, made: dict[str, object], names: Names, asked: Sequence[str]
) -> None:
    for name in RELATIONS:
        if name in asked:
            having = related(client, f"schedules/{row.integer('id')}/", name)
            if having:
                made[name] = [
                    names.of(name, each.integer("id"), each.text("name")) for each in having
                ]
