"""Settings of how a run goes: before the launch, again after a failure, at its end."""

from __future__ import annotations

from dataclasses import dataclass

from utils import values
from utils.options import option, switch


@dataclass(frozen=True, init=False, repr=False, eq=False)
class Running:
    """Settings of how a run goes: before the launch, again after a failure, at its end."""

    expect_host: tuple[str, ...] = option(
        (), "host that must be in the inventory and enabled; repeatable", metavar="NAME",
        repeatable=True,
    )  # fmt: skip
    reachable: bool = switch("ping the hosts through AWX first (runs an ad hoc command)")
    sync: str = option(
        "always", "sync the project first: always, never, or auto (only if need be)",
        values.one_of("always", "auto", "never"), metavar="WHEN",
    )  # fmt: skip
    retries: int = option(
        0, "start it again so many times where it fails", values.whole_number(0, 100), metavar="N"
    )
    retry_delay: float = option(
        30.0, "pause before the first of these", values.duration_s, metavar="TIME",
        default_text="30s",
    )  # fmt: skip
    retry_backoff: float = option(
        2.0, "by what the pause grows each time", values.factor, metavar="FACTOR"
    )
    retry_on: tuple[str, ...] = option(
        ("failed", "error"), "after which ends: failed, error, canceled; repeatable",
        values.one_of("failed", "error", "canceled"), metavar="STATUS", repeatable=True,
        joined=True, default_text="failed, error",
    )  # fmt: skip
    retry_hosts: str = option(
        "failed", "on which hosts: those that failed, or all", values.one_of("failed", "all"),
        metavar="WHICH",
    )  # fmt: skip
    retry_if: str = option(
        "", "only if this jq expression holds of the summary (as jq --exit-status has it)",
        metavar="EXPR",
    )  # fmt: skip
    timeout: float = option(
        0.0, "longest time for all of it; the job of a run is then canceled", values.duration_s,
        metavar="TIME", default_text="none",
    )  # fmt: skip
    on_timeout: str = option(
        "cancel", "what becomes of the job at that time: cancel or leave",
        values.one_of("cancel", "leave"), metavar="WHAT",
    )  # fmt: skip
    on_interrupt: str = option(
        "cancel", "the same at Ctrl-C (a terminal is asked) and SIGTERM",
        values.one_of("cancel", "leave"), metavar="WHAT",
    )  # fmt: skip
    if_running: str = option(
        "launch", "where jobs of the template are under way: launch all the same, wait for their "
        "end, skip this run, or fail",
        values.one_of("launch", "wait", "skip", "fail"), metavar="WHAT",
    )  # fmt: skip
    same_limit: bool = switch("with --if-running, look at jobs with the same limit only")
    history: int = option(10, "past jobs to show; 0 for none", values.whole_number(0), metavar="N")
    relaunch_hosts: str = option(
        "failed", "which hosts of the job: those that failed, or all",
        values.one_of("failed", "all"), flags=("--hosts",), metavar="WHICH",
    )  # fmt: skip
    watch: bool = switch("follow the job to its end")
    yes: bool = switch("do not ask before doing it", flags=("--yes", "-y"))
