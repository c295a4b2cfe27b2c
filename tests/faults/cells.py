"""The fault matrix: which faults, which requests of a run they strike, and what is right then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from utils.errors import ExitCode
from utils.waiting import FINAL_STATUSES

Kind = Literal[
    "refuse", "close_idle", "reset", "stall", "answer", "reset_after", "cut_after", "answer_after",
    "expire_token", "revoke_token",
]  # fmt: skip
# What happens before the request comes; in place of passing it on; once AWX has answered; or just
# before it is passed on.
BETWEEN: frozenset[Kind] = frozenset({"refuse", "close_idle"})
INSTEAD: frozenset[Kind] = frozenset({"reset", "stall", "answer"})
AFTER: frozenset[Kind] = frozenset({"reset_after", "cut_after", "answer_after"})
OF_TOKEN: frozenset[Kind] = frozenset({"expire_token", "revoke_token"})
LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in</body></html>"


@dataclass(frozen=True)
class Fault:
    """What goes wrong once; `answer` is sent in place of AWX's, where the kind has one.

    `flags` are those of the run that it needs.
    """

    name: str
    kind: Kind
    answer: bytes = b""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """A request of a run, as a pattern of method and path, and the one that comes before it.

    With `previous_status`, only when that one's answer says so. Where a run is not `is_pushed`,
    no websocket comes through, so that it asks for what is pushed otherwise.
    """

    name: str
    request: str
    previous: str = ""
    previous_status: frozenset[str] = frozenset()
    is_pushed: bool = True


@dataclass(frozen=True)
class Right:
    """What a run must come to: its exit code, and how many jobs it launched."""

    exit_code: ExitCode
    jobs: int

    @property
    def word(self) -> str:
        """What it is, in short, for a table."""
        return "ok" if self.exit_code is ExitCode.OK else f"exit {int(self.exit_code)}"


@dataclass(frozen=True)
class Cell:
    """One fault at one step of a run."""

    step: Step
    fault: Fault

    def __str__(self) -> str:
        return f"{self.step.name}, {self.fault.name}"

    @property
    def is_possible(self) -> bool:
        """Whether it can happen: the first request has no connection yet, and no token."""
        if self.step in STEPS[:2] and self.fault.kind in OF_TOKEN:
            return False
        return bool(self.step.previous) or self.fault.kind != "close_idle"

    @property
    def right(self) -> Right:
        """What is right: all is well in the end, or a launch that AWX never heard of is not made.

        That one cannot be told from a launch whose answer was lost, but by the job that is not
        there.
        """
        if self.step is LAUNCH and self.fault in UNTOLD:
            return Right(ExitCode.UNKNOWN_OUTCOME, 0)
        return Right(ExitCode.OK, 1)


def _page(status: int, reason: str, *headers: str, body: str = "") -> bytes:
    content = body or f"<html><head><title>{status} {reason}</title></head><body></body></html>"
    lines = [
        f"HTTP/1.1 {status} {reason}", "Content-Type: text/html",
        f"Content-Length: {len(content)}", *headers,
    ]  # fmt: skip
    return "\r\n".join([*lines, "", content]).encode()


BAD_GATEWAY = _page(502, "Bad Gateway")
RESET = Fault("reset, AWX never saw it", "reset")
UNTOLD = (
    RESET,
    Fault("500", "answer", _page(500, "Internal Server Error")),
    Fault("502", "answer", BAD_GATEWAY),
    Fault("503", "answer", _page(503, "Service Unavailable")),
    Fault("504", "answer", _page(504, "Gateway Timeout")),
    Fault("a web page with status 200", "answer", _page(200, "OK", body=LOGIN_PAGE)),
    Fault("no answer in time", "stall", flags=("--read-timeout", "2s")),
)
FAULTS = (
    Fault("connection refused for 1 s", "refuse"),
    Fault("idle connection closed", "close_idle"),
    Fault("429, Retry-After: 1", "answer", _page(429, "Too Many Requests", "Retry-After: 1")),
    *UNTOLD,
    Fault("reset, AWX did it", "reset_after"),
    Fault("answer cut in half", "cut_after"),
    Fault("502, AWX did it", "answer_after", BAD_GATEWAY),
    Fault("token expired", "expire_token"),
    Fault("token revoked", "revoke_token"),
)

LAUNCH = Step(
    "launch", r"^POST .*/job_templates/\d+/launch/$", r"^GET .*/project_updates/\d+/$",
    frozenset({"successful"}),
)  # fmt: skip
STEPS = (
    Step("ping", r"^GET .*/ping/$"),
    Step("make token", r"^POST .*/tokens/$", r"^GET .*/ping/$"),
    Step("me", r"^GET .*/me/$", r"^POST .*/tokens/$"),
    Step("template", r"^GET .*/job_templates/\d+/$", r"^GET .*/me/$"),
    Step("hosts", r"^GET .*/inventories/\d+/hosts/", r"^GET .*/inventories/\d+/$"),
    Step("credential", r"^GET .*/credentials/\d+/$", r"^GET .*/inventories/\d+/hosts/"),
    Step("sync", r"^POST .*/projects/\d+/update/$", r"^GET .*/projects/\d+/$"),
    Step("wait for sync", r"^GET .*/project_updates/\d+/$", r"^POST .*/projects/\d+/update/$"),
    LAUNCH,
    Step("websocket", r"^GET .*/websocket/$", r"^POST .*/launch/$"),
    Step("job", r"^GET .*/jobs/\d+/$", r"^GET .*/websocket/$", FINAL_STATUSES),
    Step(
        "output", r"^GET .*/(job_events|stdout)/", r"^GET .*/jobs/\d+/$",
        FINAL_STATUSES | {"running"}, is_pushed=False,
    ),
    Step("history", r"^GET .*/jobs/\?page_size=10&", r"^GET .*/jobs/\d+/$", FINAL_STATUSES),
    Step("revoke token", r"^DELETE .*/tokens/\d+/$", r"^GET .*/jobs/\?page_size=10&"),
)  # fmt: skip


def cells(step: Step, *, can_expire: bool = True) -> list[Cell]:
    """Return the cells of a step that can happen; only the embedded AWX can let tokens expire."""
    faults = [each for each in FAULTS if can_expire or each.kind != "expire_token"]
    return [cell for fault in faults if (cell := Cell(step, fault)).is_possible]
