"""Everything that can end a run early: one hierarchy, each class with its exit code.

The message of an error is one line for the person at the terminal: what is wrong, where it came
from, what to do next. `main.main()` is the only handler.
"""

from __future__ import annotations

from enum import IntEnum

# The hundreds of a status that says that nothing was done.
REDIRECTION, REFUSAL = 3, 4


class ExitCode(IntEnum):
    """What a run tells its caller (README, "Exit codes")."""

    OK = 0
    JOB_FAILED = 1
    USAGE = 2
    UNREACHABLE = 3
    REFUSED = 4
    PREFLIGHT = 5
    SYNC_FAILED = 6
    TIMED_OUT = 7
    CANCELED = 8
    UNKNOWN_OUTCOME = 9
    BAD_ANSWER = 10
    DEFECT = 70
    INTERRUPTED = 130
    TERMINATED = 143


class AppError(Exception):
    """An expected end: its text is for the user, its class decides the exit code.

    `status` is that of AWX's answer, where there was one, `code` is what OAuth2 calls what is
    wrong, and `retry_after_s` how long AWX asks to wait before the next request; `step` is where in
    a flow it happened.
    """

    exit_code = ExitCode.DEFECT

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = ""
        self.retry_after_s = 0.0
        self.step = ""

    @property
    def is_lost(self) -> bool:
        """Whether AWX may have done what it was asked for, though it does not say so."""
        return False

    def __str__(self) -> str:
        return f"{self.step}: {super().__str__()}" if self.step else super().__str__()


class UsageError(AppError):
    """A flag, a setting or a file that cannot be used; nothing was changed."""

    exit_code = ExitCode.USAGE


class Unreachable(AppError):
    """AWX cannot be reached or is not healthy.

    `sent` tells whether the request may have arrived, `is_lasting` that trying again is in vain,
    `is_late` that no answer to it came in time.
    """

    exit_code = ExitCode.UNREACHABLE

    def __init__(
        self,
        message: str,
        *,
        sent: bool = False,
        status: int | None = None,
        is_lasting: bool = False,
        is_late: bool = False,
    ) -> None:
        super().__init__(message, status=status)
        self.sent = sent
        self.is_lasting = is_lasting
        self.is_late = is_late

    @property
    def is_lost(self) -> bool:
        """Whether the request may have arrived."""
        return self.sent


class Refused(AppError):
    """AWX refuses the credentials (401) or the permission (403)."""

    exit_code = ExitCode.REFUSED


class NotOffered(Refused):
    """This AWX does not have that way of telling who is asking, or not for this user."""


class ReadOnly(Refused):
    """The token may only read, whatever its user may do."""


class PreflightFailed(AppError):
    """Something that the job needs is not as it must be; nothing was launched."""

    exit_code = ExitCode.PREFLIGHT


class NotNeeded(AppError):
    """There is nothing to do, as was asked for in this case; nothing was launched."""

    exit_code = ExitCode.OK


class SyncFailed(AppError):
    """The project could not be brought up to date; nothing was launched."""

    exit_code = ExitCode.SYNC_FAILED


class UnknownOutcome(AppError):
    """The launch was sent and no answer came: there may be a job or not."""

    exit_code = ExitCode.UNKNOWN_OUTCOME


class BadAnswer(AppError):
    """AWX answered in a way that makes no sense, or refused the request."""

    exit_code = ExitCode.BAD_ANSWER

    @property
    def is_lost(self) -> bool:
        """Whether it was no refusal, so that it may have been done."""
        return (self.status or 0) // 100 not in {REDIRECTION, REFUSAL}

    @property
    def is_refusal(self) -> bool:
        """Whether AWX says that it will not do that."""
        return (self.status or 0) // 100 == REFUSAL


class NotFound(BadAnswer):
    """AWX has no such object, or does not show it to this user."""
