"""Routes of schedules: making, changing and removing them, what they run with, when, and did."""

from __future__ import annotations

from datetime import timezone
from typing import TYPE_CHECKING, Any

from demo import model, recurrence, rows_access, rows_instances, rrule_checks
from demo.errors import Refused, detail, forbidden, missing
from demo.fields import TABLES
from demo.model_schedules import Schedule, SystemJobTemplate
from demo.paging import page, selected
from demo.permissions import administers, sees, starts
from demo.roles import holds
from demo.rows_schedules import changes, schedule, shown_to
from demo.run_kinds import Job
from demo.schedule_checks import KINDS, checked, template_of
from demo.schedule_parts import find_schedule, parts
from demo.tables import find, run_list
from demo.web import answer, created

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.responses import Response

    from demo.rows_common import Row
    from demo.web import Call, Handler

RUN_KINDS = ("job", "project_update", "workflow_job")


def _listed(call: Call, rows: Sequence[Schedule], *, soonest_last: bool) -> Row:
    rows = [row for row in rows if shown_to(call.user, row)]
    chosen = list(selected(rows, TABLES["schedule"], call.params))
    if soonest_last and not call.param("order_by"):
        chosen.sort(key=lambda row: (row.next_run is None, -(row.next_run or 0), row.id))
    return page(call.path, call.params, chosen, lambda row: schedule(call.frame, row))


def schedules(call: Call) -> Row:
    """Return the schedules of what the user may see."""
    return _listed(call, call.world.all(Schedule), soonest_last=False)


def make(call: Call) -> Response:
    """Make a schedule of the template that the body names."""
    given = call.body()
    if not call.user.is_superuser:
        _refuse_template(call, given)
    return _made(call, given)


def _refuse_template(call: Call, given: dict[str, Any]) -> None:
    """Raise what AWX says, before it reads anything else, to who may not start that template."""
    if not given and any(starts(call.user, row) for kind in KINDS for row in call.world.all(kind)):
        return
    row_id = given.get("unified_job_template")
    if row_id is None:
        raise forbidden()
    try:
        template = template_of(call.world, row_id)
    except Refused:
        if str(row_id).isdecimal():
            raise detail(400, "UnifiedJobTemplate matching query does not exist.") from None
        raise detail(400, "Bad data found in related field unified_job_template.") from None
    if not starts(call.user, template):
        raise forbidden()


def _made(call: Call, given: dict[str, Any]) -> Response:
    fields = checked(call.world, given, None, is_whole=True)
    _refuse_unusable(call, fields)
    world = call.world
    world.last_schedule += 1
    row = Schedule(
        id=world.last_schedule,
        created=world.now(),
        created_by=call.user,
        saved=world.now(),
        **fields,
    )
    row.rrule = recurrence.with_utc_until(row.rrule)
    row.compute(world.now())
    world.tables[Schedule][row.id] = row
    body = schedule(call.frame, row)
    return created(body, body["url"])


def _refuse_unusable(call: Call, fields: dict[str, Any]) -> None:
    inventory = fields.get("inventory")
    if inventory and not holds(call.user, inventory, "use_role"):
        raise forbidden()


def of_template(kind: type[model.Entity]) -> dict[str, Handler]:
    """Return the handlers of the schedules of one template of a kind."""

    def template(call: Call) -> model.Entity:
        if kind is not SystemJobTemplate:
            found: model.Entity = find(call, kind)
            return found
        row = call.world.tables[kind].get(call.row_id)
        if row is None:
            raise missing(kind.__name__)
        if not sees(call.user, row):
            raise forbidden()
        return row

    def listed(call: Call) -> Row:
        row = template(call)
        rows = [each for each in call.world.all(Schedule) if each.unified_job_template is row]
        return _listed(call, rows, soonest_last=True)

    def made(call: Call) -> Response:
        row = template(call)
        if not starts(call.user, row):
            raise forbidden()
        return _made(call, {**call.body(), "unified_job_template": row.id})

    return {"GET": listed, "POST": made}


def _change(call: Call, *, is_whole: bool) -> Row:
    row = find_schedule(call, changes)
    fields = checked(call.world, call.body(), row, is_whole=is_whole)
    _refuse_unusable(call, fields)
    template = fields["unified_job_template"]
    if not (starts(call.user, template) or administers(call.user, template)):
        raise forbidden()
    fields["prompts"] = {**row.prompts, **fields["prompts"]}
    for name, value in fields.items():
        setattr(row, name, value)
    row.modified_by, row.saved = call.user, call.world.now()
    row.rrule = recurrence.with_utc_until(row.rrule)
    row.compute(call.world.now())
    return schedule(call.frame, row)


def remove(call: Call) -> Response:
    """Remove a schedule; what it has started stays."""
    row = find_schedule(call, changes)
    del call.world.tables[Schedule][row.id]
    return answer(None, 204)


def jobs(call: Call) -> dict[str, Any]:
    """Return what a schedule has started."""
    return run_list(call, "unified_job", *RUN_KINDS, schedule=find_schedule(call))


def preview(call: Call) -> dict[str, Any]:
    """Return the next times of a rule, of its zone and in UTC."""
    given, now = call.body(), call.world.now()
    if "rrule" not in given:
        raise Refused(400, {"rrule": ["This field is required."]})
    if found := rrule_checks.problems(given["rrule"], now):
        raise Refused(400, {"rrule": found})
    times = recurrence.preview(recurrence.ruleset(str(given["rrule"]), now), now)
    return {
        "local": [each.isoformat().replace("+00:00", "Z") for each in times],
        "utc": [f"{each.astimezone(timezone.utc).isoformat()[:-6]}Z" for each in times],
    }


def zoneinfo(_: Call) -> dict[str, Any]:
    """Return the zones that a rule may name, and those that are other names of others."""
    return {"zones": recurrence.zones(), "links": recurrence.links()}


def schedule_form(call: Call) -> dict[str, Any]:
    """Return whether a job can be scheduled as it was launched."""
    run = call.world.jobs.get(call.row_id)
    if not isinstance(run, Job):
        raise missing("Job")
    if not sees(call.user, run):
        raise forbidden()
    may = not any(each.passwords_needed for each in run.credentials)
    return {"can_schedule": may, "prompts": {}}


def routes() -> dict[str, dict[str, Handler]]:
    """Return the handlers below /api/v2 by path."""
    one = "schedules/{id:int}/"
    return {
        "schedules/": {"GET": schedules, "POST": make},
        "schedules/preview/": {"POST": preview},
        "schedules/zoneinfo/": {"GET": zoneinfo},
        one: {
            "GET": lambda call: schedule(call.frame, find_schedule(call)),
            "PUT": lambda call: _change(call, is_whole=True),
            "PATCH": lambda call: _change(call, is_whole=False),
            "DELETE": remove,
        },
        f"{one}jobs/": {"GET": jobs},
        f"{one}credentials/": parts(
            "credentials", model.Credential, "credential", rows_access.credential
        ),
        f"{one}labels/": parts("labels", model.Label, "label", rows_access.label),
        f"{one}instance_groups/": parts(
            "instance_groups", model.InstanceGroup, "instance_group", rows_instances.instance_group
        ),
        "job_templates/{id:int}/schedules/": of_template(model.JobTemplate),
        "workflow_job_templates/{id:int}/schedules/": of_template(model.WorkflowTemplate),
        "projects/{id:int}/schedules/": of_template(model.Project),
        "system_job_templates/{id:int}/schedules/": of_template(SystemJobTemplate),
        "jobs/{id:int}/create_schedule/": {"GET": schedule_form},
    }
