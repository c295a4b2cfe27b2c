"""Routes of projects, job templates and workflows: reading them and starting them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from demo import model, rows_access, rows_instances, rows_launch, rows_runs, rows_templates
from demo.errors import forbidden, not_allowed
from demo.launching import check, variables
from demo.permissions import may_pass, starts
from demo.run_kinds import Prompts
from demo.tables import detail_of, find, list_of, listing, run_list
from demo.web import Call, answer, created

if TYPE_CHECKING:
    from starlette.responses import Response

    from demo.web import Handler


def can_update(call: Call) -> dict[str, bool]:
    """Return whether a project can be updated; a manual one cannot."""
    return {"can_update": bool(find(call, model.Project).scm_type)}


def update(call: Call) -> Response:
    """Start an update; a second one while one runs is accepted and waits."""
    project = find(call, model.Project)
    call.body()
    if not starts(call.user, project):
        raise forbidden()
    if not project.scm_type:
        raise not_allowed("POST")
    run = call.world.update_project(project, call.user)
    row = {"project_update": run.id, **rows_runs.launched(call.frame, run)}
    return answer(row, 202, {"Location": call.frame.url("project_updates", run.id)})


def updates_of_project(call: Call) -> dict[str, Any]:
    """Return the updates of a project."""
    row = find(call, model.Project)
    return run_list(call, "project_update", "project_update", template=row)


def template_jobs(call: Call) -> dict[str, Any]:
    """Return the jobs of a template."""
    return run_list(call, "job", "job", template=find(call, model.JobTemplate))


def workflow_jobs(call: Call) -> dict[str, Any]:
    """Return the workflow jobs of a workflow."""
    row = find(call, model.WorkflowTemplate)
    return run_list(call, "workflow_job", "workflow_job", template=row)


def template_credentials(call: Call) -> dict[str, Any]:
    """Return the credentials of a template."""
    rows = find(call, model.JobTemplate).credentials
    return listing(call, "credential", rows, rows_access.credential)


def template_labels(call: Call) -> dict[str, Any]:
    """Return the labels of a template."""
    return listing(call, "label", find(call, model.JobTemplate).labels, rows_access.label)


def template_groups(call: Call) -> dict[str, Any]:
    """Return the instance groups that a template has by itself."""
    rows = find(call, model.JobTemplate).instance_groups
    return listing(call, "instance_group", rows, rows_instances.instance_group)


def survey_spec(call: Call) -> dict[str, Any]:
    """Return the survey, an empty object when there is none."""
    survey = find(call, model.JobTemplate).survey
    return dict(survey) if survey else {}


def launch_form(call: Call) -> dict[str, Any]:
    """Return what a launch asks for."""
    return rows_launch.launch_form(find(call, model.JobTemplate))


def launch(call: Call) -> Response:
    """Start a job, or a workflow job of slices."""
    template = find(call, model.JobTemplate)
    if not starts(call.user, template):
        raise forbidden()
    checked = check(call.world, template, call.body())
    if not may_pass(call.user, template, checked.prompts):
        raise forbidden()
    run = call.world.launch(template, call.user, checked.prompts)
    row = rows_runs.launched(call.frame, run)
    made = {run.kind: run.id, "ignored_fields": checked.ignored, **row}
    return created(made, row["url"])


def workflow_launch_form(call: Call) -> dict[str, Any]:
    """Return what a workflow's launch asks for."""
    return rows_launch.workflow_launch_form(find(call, model.WorkflowTemplate))


def workflow_launch(call: Call) -> Response:
    """Start a workflow."""
    template = find(call, model.WorkflowTemplate)
    if not starts(call.user, template):
        raise forbidden()
    body = call.body()
    asked = "variables" in template.asks
    given = variables(body.get("extra_vars") or {})
    run = call.world.launch_workflow(
        template, call.user, Prompts(extra_vars=given if asked else {})
    )
    row = rows_runs.launched(call.frame, run)
    ignored = {"extra_vars": given} if given and not asked else {}
    return created({"workflow_job": run.id, "ignored_fields": ignored, **row}, row["url"])


def unified(call: Call) -> dict[str, Any]:
    """Return templates of every kind."""
    kinds: dict[str, type[model.Entity]] = {
        "job_template": model.JobTemplate,
        "project": model.Project,
        "workflow_job_template": model.WorkflowTemplate,
    }
    asked = call.param("type") or call.param("type__in") or ",".join(kinds)
    rows = [
        row for name in asked.split(",") if name in kinds for row in call.world.all(kinds[name])
    ]
    return listing(call, "unified_job_template", rows, rows_templates.unified)


def routes() -> dict[str, dict[str, Handler]]:
    """Return the handlers below /api/v2 by path."""
    rows = rows_templates
    job, workflow = "job_templates/{id:int}/", "workflow_job_templates/{id:int}/"
    return {
        "projects/": {"GET": list_of(model.Project, "project", rows.project)},
        "projects/{id:int}/": {"GET": detail_of(model.Project, rows.project)},
        "projects/{id:int}/update/": {"GET": can_update, "POST": update},
        "projects/{id:int}/project_updates/": {"GET": updates_of_project},
        "projects/{id:int}/playbooks/": {
            "GET": lambda call: list(find(call, model.Project).playbooks)
        },
        "job_templates/": {"GET": list_of(model.JobTemplate, "job_template", rows.job_template)},
        job: {"GET": detail_of(model.JobTemplate, rows.job_template)},
        f"{job}launch/": {"GET": launch_form, "POST": launch},
        f"{job}survey_spec/": {"GET": survey_spec},
        f"{job}credentials/": {"GET": template_credentials},
        f"{job}labels/": {"GET": template_labels},
        f"{job}instance_groups/": {"GET": template_groups},
        f"{job}jobs/": {"GET": template_jobs},
        "workflow_job_templates/": {
            "GET": list_of(model.WorkflowTemplate, "workflow_job_template", rows.workflow_template)
        },
        workflow: {"GET": detail_of(model.WorkflowTemplate, rows.workflow_template)},
        f"{workflow}launch/": {"GET": workflow_launch_form, "POST": workflow_launch},
        f"{workflow}workflow_jobs/": {"GET": workflow_jobs},
        "unified_job_templates/": {"GET": unified},
    }
