"""`--reachable`: whether the hosts answer, asked through AWX before anything else."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from utils import logger
from utils.errors import BadAnswer, PreflightFailed
from utils.waiting import until_events_stored, until_final

if TYPE_CHECKING:
    from collections.abc import Callable

    from launch_plan import LaunchPlan
    from utils.awx_client import Client
    from utils.record import Record

log = logger.get("reachable")

BAD_EVENTS = {"runner_on_unreachable": "unreachable", "runner_on_failed": "failed"}


def check(client: Client, plan: LaunchPlan, sleep: Callable[[float], None] = time.sleep) -> None:
    """Run Ansible's ping module on the plan's hosts (`POST /inventories/N/ad_hoc_commands/`).

    Raises PreflightFailed naming the hosts that do not answer.
    """
    credential = _machine_credential(client, plan)
    body = {"module_name": "ping", "credential": credential, "limit": plan.limit}
    command = client.post(f"inventories/{plan.inventory_id}/ad_hoc_commands/", body)
    path = f"ad_hoc_commands/{command.integer('id')}/"
    end = until_final(
        client, path, lambda job: log.info("ping of the hosts: %s", job.text("status")), sleep
    )
    if end.text("status") == "successful":
        return
    until_events_stored(client, path, end, sleep)
    silent = _silent_hosts(client, path)
    reason = end.maybe_text("job_explanation") or f"see {client.url(path)}stdout/?format=txt"
    named = "; ".join(silent) or f"the ping ended {end.text('status')}: {reason}"
    raise PreflightFailed(f"hosts do not answer: {named}")


def _machine_credential(client: Client, plan: LaunchPlan) -> int:
    for credential_id in plan.credential_ids:
        if client.get(f"credentials/{credential_id}/").maybe_text("kind") == "ssh":
            return credential_id
    raise PreflightFailed("--reachable needs a machine credential, and the template has none")


def _silent_hosts(client: Client, path: str) -> list[str]:
    """Return each host that did not answer, with what Ansible said of it."""
    return sorted(
        f"{event.text('host_name')} ({_words(event)})"
        for event in client.walk(f"{path}events/")
        if event.text("event") in BAD_EVENTS
    )


def _words(event: Record) -> str:
    try:
        message = event.maybe_record("event_data").maybe_record("res").maybe_text("msg")
    except BadAnswer:
        message = ""
    return " ".join(message.split()) or BAD_EVENTS[event.text("event")]
