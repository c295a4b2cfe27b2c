"""The workflows of the demonstration: one for each way in which steps can follow one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.model import ApprovalTemplate, NodeSpec, WorkflowTemplate

if TYPE_CHECKING:
    from demo.model import Entity, JobTemplate, Organization


def workflows(organization: Organization, jobs: dict[int, JobTemplate]) -> list[Entity]:
    """Return the workflows and their approval steps; `jobs` has the job templates by id."""
    deploy, failing, health, last = jobs[9], jobs[10], jobs[21], jobs[38]
    go = ApprovalTemplate(id=24, name="Go to production?")
    soon = ApprovalTemplate(id=40, name="Go within ten seconds?", timeout=10)

    def made(number: int, name: str, *nodes: NodeSpec, simultaneous: bool = False) -> Entity:
        return WorkflowTemplate(
            id=number,
            name=name,
            organization=organization,
            nodes=nodes,
            allow_simultaneous=simultaneous,
        )

    release = WorkflowTemplate(
        id=22,
        name="Release",
        organization=organization,
        nodes=(
            NodeSpec(id=1, identifier="deploy", template=deploy, success=("check",)),
            NodeSpec(id=2, identifier="check", template=health),
        ),
    )
    return [
        go,
        soon,
        release,
        made(
            23,
            "Release with approval",
            NodeSpec(id=4, identifier="approve", template=go, success=("deploy",)),
            NodeSpec(id=5, identifier="deploy", template=deploy),
            simultaneous=True,  # several releases can wait for their yes at a time
        ),
        made(
            39,
            "Timed approval",
            NodeSpec(id=6, identifier="approve", template=soon, success=("deploy",)),
            NodeSpec(id=7, identifier="deploy", template=deploy),
        ),
        made(
            41,
            "Release with rollback",
            NodeSpec(
                id=8,
                identifier="deploy",
                template=failing,
                success=("check",),
                failure=("rollback",),
            ),
            NodeSpec(id=9, identifier="check", template=health),
            NodeSpec(id=10, identifier="rollback", template=deploy, always=("report",)),
            NodeSpec(id=11, identifier="report", template=last),
        ),
        made(
            42,
            "Parallel checks",
            NodeSpec(id=12, identifier="deploy", template=deploy, always=("report",)),
            NodeSpec(id=13, identifier="check", template=health, success=("report",)),
            NodeSpec(id=14, identifier="report", template=last),
        ),
        made(
            43,
            "Nightly",
            NodeSpec(id=15, identifier="release", template=release, success=("check",)),
            NodeSpec(id=16, identifier="check", template=health),
        ),
        made(
            44,
            "Release without rollback",
            NodeSpec(id=17, identifier="deploy", template=failing, success=("check",)),
            NodeSpec(id=18, identifier="check", template=health),
        ),
    ]
