"""Step 3, inventory, and step 4, hosts: what the job will run on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import launch_plan
from utils import host_pattern, logger
from utils.errors import NotFound, PreflightFailed, Refused
from utils.results import Skipped

if TYPE_CHECKING:
    from config import Settings
    from utils.awx_client import Client
    from utils.results import Results

log = logger.get("inventory")

OF_THEIR_OWN = "a workflow's jobs have inventories of their own"


@dataclass(frozen=True)
class Inventory:
    """An inventory that can be used, from `GET /api/v2/inventories/N/`."""

    id: int
    name: str
    kind: str
    total_hosts: int

    def __str__(self) -> str:
        return f"{self.name} (id {self.id}), {self.total_hosts} host(s)"


@dataclass(frozen=True)
class Hosts:
    """The hosts of the inventory, by name; `targets` is what `--limit` leaves, if known."""

    enabled: tuple[str, ...]
    disabled: tuple[str, ...]
    targets: tuple[str, ...] | None

    def __str__(self) -> str:
        text = f"{len(self.enabled)} enabled, {len(self.disabled)} disabled"
        if self.targets is None or len(self.targets) == len(self.enabled):
            return text
        return f"{text}, {len(self.targets)} within the limit"


def check_inventory(client: Client, settings: Settings, done: Results) -> Inventory | Skipped:
    """Check that the plan's inventory exists and can be used.

    Raises PreflightFailed where it is missing, being deleted, switched off or empty. Somebody who
    may only execute a template does not see its inventory: that is told and passed over.
    """
    plan = launch_plan.of_run(client, settings, done)
    if plan.inventory_id is None:
        return Skipped(OF_THEIR_OWN)
    try:
        found = client.get(f"inventories/{plan.inventory_id}/")
    except NotFound as error:
        raise PreflightFailed(f"inventory {plan.inventory_id} does not exist: {error}") from error
    except Refused as error:
        return Skipped.because_of("inventory", error)
    result = Inventory(
        found.integer("id"),
        found.text("name"),
        found.maybe_text("kind"),
        found.integer("total_hosts"),
    )
    who = f"inventory {result.id} ({result.name})"
    # AWX 24 has no such field; where an AWX sends it, it means what it says.
    if not found.flag("enabled", default=True):
        raise PreflightFailed(f"{who} is not enabled")
    if found.flag("pending_deletion", default=False):
        raise PreflightFailed(f"{who} is being deleted")
    if result.total_hosts == 0:
        raise PreflightFailed(f"{who} has no hosts")
    if broken := found.maybe_integer("inventory_sources_with_failures"):
        log.warning("%s: %d source(s) failed to update, hosts may be out of date", who, broken)
    return result


def check_hosts(client: Client, settings: Settings, done: Results) -> Hosts | Skipped:
    """Check the hosts of the plan's inventory (`GET /api/v2/inventories/N/hosts/`, every page).

    Raises PreflightFailed where no host is enabled, one of `--expect-host` is missing or
    disabled, or `--limit` leaves none; with `--reachable` also where one does not answer.
    """
    plan = launch_plan.of_run(client, settings, done)
    if plan.inventory_id is None:
        if settings.expect_host or settings.reachable:
            raise PreflightFailed(
                f"--expect-host and --reachable need an inventory: {OF_THEIR_OWN}"
            )
        return Skipped(OF_THEIR_OWN)
    path = f"inventories/{plan.inventory_id}"
    try:
        rows = [(row.text("name"), row.flag("enabled")) for row in client.walk(f"{path}/hosts/")]
    except Refused as error:
        # What was asked for is checked or refused, never dropped.
        if settings.expect_host or settings.reachable:
            raise
        return Skipped.because_of("hosts", error)
    enabled = tuple(sorted(name for name, is_enabled in rows if is_enabled))
    disabled = tuple(sorted(name for name, is_enabled in rows if not is_enabled))
    _expect(settings.expect_host, enabled, disabled)
    if not enabled:
        raise PreflightFailed(f"inventory {plan.inventory_id} has no enabled host")
    targets = _within(client, plan.limit, path) if plan.limit else enabled
    if targets is not None and not targets:
        message = f"limit {plan.limit!r} matches no enabled host of inventory {plan.inventory_id}"
        raise PreflightFailed(message)
    hosts = Hosts(enabled, disabled, targets)
    if settings.reachable:
        from utils import reachability  # noqa: PLC0415  # an opt-in

        reachability.check(client, plan)
    return hosts


def _expect(expected: tuple[str, ...], enabled: tuple[str, ...], disabled: tuple[str, ...]) -> None:
    missing = sorted(set(expected) - set(enabled) - set(disabled))
    off = sorted(set(expected) & set(disabled))
    problems = []
    if missing:
        problems.append(f"not in the inventory: {', '.join(missing)}")
    if off:
        problems.append(f"disabled: {', '.join(off)}")
    if problems:
        raise PreflightFailed(f"expected hosts are {'; '.join(problems)}")


def _within(client: Client, limit: str, path: str) -> tuple[str, ...] | None:
    """Return the enabled hosts within a limit, or None (and say so) where it cannot be told."""
    try:
        # What AWX hands to Ansible: enabled hosts only, with groups and their children.
        groups = host_pattern.read_script(client.get(f"{path}/script/").fields)
        if strangers := host_pattern.unmatched(limit, groups):
            log.warning("in limit %r, nothing is matched by: %s", limit, ", ".join(strangers))
        return tuple(sorted(host_pattern.matching(limit, groups)))
    except host_pattern.Invalid as reason:
        raise PreflightFailed(f"limit {limit!r}: {reason}") from None
    except (host_pattern.Undecidable, Refused, NotFound) as reason:
        log.warning("whether limit %r matches a host is not known: %s", limit, reason)
        return None
