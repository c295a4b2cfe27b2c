"""Riding out trouble that may pass, and getting another token where ours has ended."""

from __future__ import annotations

import time
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from utils import logger
from utils.errors import AppError, BadAnswer, Unreachable
from utils.trouble import ASKING_S, FIRST_CONTACT_S, ODD_S, Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

log = logger.get("client")

# The hundreds of a status that says that all is well.
SUCCESS = 2

T = TypeVar("T")


class Patience:
    """Does a request again where that is safe and may help.

    `patience_s` is how long trouble that may pass is ridden out. `sleep` and `clock` are for tests
    of waiting. Where AWX does not take our credentials any more, `renew` is called, if it is set:
    to use other ones from then on, or to raise what is in the way.
    """

    def __init__(
        self,
        *,
        patience_s: float = ASKING_S,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.patience_s = patience_s
        self.renew: Callable[[], None] | None = None
        # Requests that may have done their work though no answer to them came.
        self.lost_answers = 0
        self.sleep = sleep
        self.clock = clock
        self._answered = False
        self._is_500_final = False

    @contextmanager
    def taking_500_as_final(self) -> Iterator[None]:
        """Do not ask again where AWX answers 500, as where it is known to do so each time."""
        before, self._is_500_final = self._is_500_final, True
        try:
            yield
        finally:
            self._is_500_final = before

    def ride_out(
        self, attempt: Callable[[], T], *, is_repeatable: bool, patience_s: float | None = None
    ) -> T:
        """Do it, again and again where that is safe and may help, until it is done or fails."""
        trouble = Trouble(self.sleep, self.clock)
        may_renew = True
        while True:
            try:
                answer = attempt()
            except AppError as error:
                if may_renew and self._renewed(error):
                    may_renew = False
                    continue
                self.lost_answers += error.is_lost
                longest_s = self._longest_s(error, is_repeatable=is_repeatable)
                if patience_s is not None:
                    longest_s = min(longest_s, patience_s)
                retry_after_s = error.retry_after_s
                if not isinstance(error, Unreachable):
                    trouble.over()
                if not trouble.wait(str(error), longest_s, at_least_s=retry_after_s):
                    raise
            else:
                self._answered = True
                trouble.over()
                return answer

    def _renewed(self, error: AppError) -> bool:
        """Get another token where ours is not taken any more; tell whether there is one."""
        if error.status != HTTPStatus.UNAUTHORIZED or not self.renew:
            return False
        log.info("AWX does not take any more what we have signed in with: signing in anew")
        renew, self.renew = self.renew, None
        try:
            renew()
        finally:
            self.renew = renew
        return True

    def _longest_s(self, error: AppError, *, is_repeatable: bool) -> float:
        """Return for how many seconds the same request may be worth repeating."""
        if isinstance(error, Unreachable):
            if error.is_lasting or (error.sent and not is_repeatable):
                return 0.0
            if not self._answered and error.status is None:
                return min(FIRST_CONTACT_S, self.patience_s)
            return self.patience_s
        status = error.status or 0
        may_err = status == HTTPStatus.INTERNAL_SERVER_ERROR and not self._is_500_final
        is_odd = may_err or status // 100 == SUCCESS
        may_pass = is_odd and isinstance(error, BadAnswer) and is_repeatable and self._answered
        return min(ODD_S, self.patience_s) if may_pass else 0.0
