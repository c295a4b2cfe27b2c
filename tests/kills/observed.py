"""What came of a run that was killed, and what of it is not as it must be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.kills.points import NOTED, STUCK
from utils.errors import ExitCode
from utils.job_log import PIECE_BYTES

if TYPE_CHECKING:
    from tests.kills.points import Point, Run


@dataclass(frozen=True)
class Observed:
    """What came of a run that was killed at a point and gone on with.

    `found_state` is what its journal said when it was killed, empty where there was none.
    `was_sent` says whether all of the launch was; `resumed` is how `resume` ended, and
    `exit_code` that of the run in the end; `tokens_left` is how many can still be used,
    `tokens_lost` how many of them a process may have had that was killed when nothing was left to
    go on with. `repeated` is output that came twice.
    """

    run: Run
    point: Point
    has_struck: bool
    found_state: str
    was_sent: bool
    resumed: int
    exit_code: int
    state: str
    jobs: int
    tokens_left: int
    tokens_lost: int
    is_log_right: bool
    is_output_right: bool
    repeated: bytes
    litter: tuple[str, ...]
    leaks: tuple[str, ...]

    @property
    def is_unknown(self) -> bool:
        """Whether nobody can know that nothing was sent, though that is so."""
        return self.found_state in {"launching", "unknown"} and not self.was_sent

    @property
    def right_of_resume(self) -> ExitCode:
        """What `resume` has to say: there may be nothing to go on with."""
        if self.found_state in {"", "ended"}:
            return ExitCode.USAGE
        return ExitCode.UNKNOWN_OUTCOME if self.is_unknown else self.run.exit_code

    @property
    def _has_repeated_too_much(self) -> bool:
        # Nothing can write to two places at once: what is shown and not noted yet is shown again.
        # That is a few lines, or one that is too long for a pipe to take at once.
        lines = self.repeated.removesuffix(b"\n").count(b"\n") + 1
        if self.point.moment == NOTED:
            return lines > 1 and len(self.repeated) > PIECE_BYTES
        return bool(self.repeated) and (lines > 1 or self.point.moment != STUCK)

    @property
    def problems(self) -> list[str]:
        """What is not as it must be."""
        right_end = ExitCode.UNKNOWN_OUTCOME if self.is_unknown else self.run.exit_code
        state = "unknown" if self.is_unknown else "ended"
        jobs = 0 if self.is_unknown else 1
        wrong = {
            f"resume: exit code {self.resumed}": self.resumed != self.right_of_resume,
            f"exit code {self.exit_code}": self.exit_code != right_end,
            f"the journal says {self.state}": self.state != state,
            f"{self.jobs} job(s)": self.jobs != jobs,
            f"{self.tokens_left} token(s) left": self.tokens_left > self.tokens_lost,
            "the log is not the job's output": not self.is_log_right,
            "the output is not the log": not self.is_output_right,
            f"{len(self.repeated)} bytes came twice": self._has_repeated_too_much,
            f"left behind: {', '.join(self.litter)}": bool(self.litter),
            f"to be shown nowhere: {', '.join(self.leaks)}": bool(self.leaks),
        }
        return [problem for problem, is_so in wrong.items() if is_so]
