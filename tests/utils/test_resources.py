"""Roles of the newer system have the names of the older, an administrator's own keep theirs."""

from __future__ import annotations

import pytest

from utils.resources import BY_TYPE, short_name


@pytest.mark.parametrize(
    ("kind", "definition", "is_managed", "name"),
    [
        ("job_template", "JobTemplate Execute", True, "Execute"),
        ("organization", "Organization WorkflowJobTemplate Admin", True, "Workflow Admin"),
        ("organization", "Organization Audit", True, "Auditor"),
        ("organization", "Organization Approval Compat", False, "Approve"),
        ("inventory", "Inventory Adhoc Compat", False, "Ad Hoc"),
        ("team", "Team Read Compat", True, "Read"),
        ("organization", "Audit", False, "Audit"),
        ("inventory", "Inventory Approval", False, "Approval"),
    ],
)
def test_a_role_is_named_as_the_older_one(
    kind: str, definition: str, is_managed: bool, name: str
) -> None:
    assert short_name(definition, BY_TYPE[kind], is_managed=is_managed) == name
