"""Rows of the steps of workflows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo import rows_common as common
from demo import steps
from demo.rows_run_parts import COLLECTIONS, TEMPLATES
from demo.text import iso

if TYPE_CHECKING:
    from demo.rows_common import Frame, Row
    from demo.run_workflows import WorkflowJob
    from demo.steps import Node

PROMPTED = [
    "inventory",
    "scm_branch",
    "job_type",
    "job_tags",
    "skip_tags",
    "limit",
    "diff_mode",
    "verbosity",
    "execution_environment",
    "forks",
    "job_slice_count",
    "timeout",
]


def workflow_node(frame: Frame, parent: WorkflowJob, node: Node) -> Row:
    """Return a step of a running workflow and the run it has started, if any."""
    target = node.spec.template
    where, kind = TEMPLATES[type(target)]
    names = [
        "labels",
        "credentials",
        "instance_groups",
        "success_nodes",
        "failure_nodes",
        "always_nodes",
    ]
    links = {name: frame.url("workflow_job_nodes", node.id, name) for name in names}
    links["unified_job_template"] = frame.url(where, target.id)
    links["workflow_job"] = frame.url("workflow_jobs", parent.id)
    shorts: Row = {
        "workflow_job": common.short(parent.template) | {"id": parent.id},
        "unified_job_template": {**common.short(target), "unified_job_type": kind},
    }
    spawned = node.shown
    if spawned:
        links["job"] = frame.url(COLLECTIONS[spawned.kind], spawned.id)
        shorts["job"] = {
            **spawned.summary(),
            "elapsed": spawned.elapsed,
            "type": spawned.kind,
        }
    spec = node.spec
    return {
        "id": node.id,
        "type": "workflow_job_node",
        "url": frame.url("workflow_job_nodes", node.id),
        "related": links,
        "summary_fields": shorts,
        "created": iso(parent.created),
        "modified": iso(spawned.created if spawned else parent.created),
        "extra_data": {},
        **dict.fromkeys(PROMPTED),
        "job": spawned.id if spawned else None,
        "workflow_job": parent.id,
        "unified_job_template": target.id,
        "success_nodes": steps.children(parent.nodes, spec.success),
        "failure_nodes": steps.children(parent.nodes, spec.failure),
        "always_nodes": steps.children(parent.nodes, spec.always),
        "all_parents_must_converge": spec.all_parents_must_converge,
        "do_not_run": node.skipped,
        "identifier": spec.identifier,
    }
