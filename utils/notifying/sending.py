"""Sending a message to all destinations at the same time, bounded in time whatever they do."""

from __future__ import annotations

import queue
import time
from dataclasses import dataclass
from threading import Timer
from typing import TYPE_CHECKING, Protocol

from utils import logger, signals
from utils.notifying import masking
from utils.signals import Interrupted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from utils.notifying.message import Message

log = logger.get("notify")

TRIES = 2
PAUSE_S = 1.0


@dataclass(frozen=True)
class Limits:
    """The longest time for one try, and for all of them together, in seconds."""

    try_s: float = 10.0
    total_s: float = 20.0
    pause_s: float = PAUSE_S


@dataclass(frozen=True)
class Notification:
    """What became of a message: `to` has no secret in it; `state` is sent or failed."""

    kind: str
    to: str
    state: str
    tries: int
    error: str | None = None


class NotSentError(Exception):
    """It was not sent: why, and whether trying again may help, after how many seconds."""

    def __init__(self, why: str, *, again: bool, after_s: float = 0.0) -> None:
        super().__init__(why)
        self.again = again
        self.after_s = after_s


class Destination(Protocol):
    """Where messages go: `to` names it, `at` the server where `to` does not.

    `secrets` are what must never be told of it. `tries` is how often it may be tried.
    """

    kind: str
    to: str
    at: str
    secrets: Sequence[str]
    tries: int

    def send(self, message: Message, timeout_s: float) -> str:
        """Send it, each wait bounded by that; return what to tell of it, mostly nothing.

        Raises NotSentError, and OSError for what is wrong with the connection.
        """


def failed(to: Destination, why: str, tries: int = 0) -> Notification:
    """Return that it was not sent there, and why, without a secret."""
    why = masking.without(why, to.secrets)
    return Notification(to.kind, to.to, "failed", tries, f"{to.at}: {why}" if to.at else why)


class _Sending:
    """A message on its way to one destination: its tries, each in a thread of its own.

    A thread cannot be ended from outside, and not every wait in it has an end (a name is looked up,
    a server sends a byte now and then): it is left behind, and ends with the process.
    """

    def __init__(
        self, destination: Destination, message: Message, limits: Limits, news: _News
    ) -> None:
        self.destination = destination
        self._message = message
        self._limits = limits
        self._news = news
        self.tries = 0
        self.ends = 0.0
        self.error = ""
        self.outcome: Notification | None = None

    def begin(self, now: float, pause_s: float = 0.0) -> None:
        timer = Timer(pause_s, self._try, [self.tries + 1])
        timer.daemon = True
        try:
            timer.start()
        except RuntimeError as error:  # as many threads as the system allows
            self.give_up(str(error))
            return
        self.tries += 1
        self.ends = now + pause_s + self._limits.try_s

    def _try(self, number: int) -> None:
        try:
            note = self.destination.send(self._message, self._limits.try_s)
        except BaseException as error:  # noqa: BLE001  # whoever waits for it judges it
            self._news.put((self, number, "", error))
        else:
            self._news.put((self, number, note, None))

    def take(self, number: int, note: str, error: BaseException | None, now: float) -> None:
        """Take what became of a try; also one that was given up may have been of use."""
        if self.outcome:
            return
        if error is None:
            self._end(note)
        elif number == self.tries:
            self._failed(_told(error), now, *_hope(error))

    def look_at_clock(self, now: float) -> None:
        """Give up a try that takes too long."""
        if not self.outcome and now >= self.ends:
            self._failed(f"no answer within {self._limits.try_s:g} s", now, True, 0.0)

    def _failed(self, why: str, now: float, again: bool, after_s: float) -> None:
        self.error = why
        pause_s = max(after_s, self._limits.pause_s)
        if again and self.tries < self.destination.tries and pause_s < self._limits.total_s:
            self.begin(now, pause_s)
        else:
            self.give_up(why)

    def give_up(self, why: str) -> None:
        if not self.outcome:
            self.outcome = failed(self.destination, self.error or why, self.tries)

    def _end(self, note: str) -> None:
        to = self.destination
        told = masking.without(note, to.secrets) or None
        self.outcome = Notification(to.kind, to.to, "sent", self.tries, told)


if TYPE_CHECKING:
    _News = queue.Queue[tuple[_Sending, int, str, BaseException | None]]


def deliver(
    destinations: Sequence[Destination],
    message: Message,
    limits: Limits | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> list[Notification]:
    """Send the message everywhere, twice where it may help; return what became of each.

    It raises nothing. A signal ends it at once.
    """
    limits = limits or Limits()
    news: _News = queue.Queue()
    sendings = [_Sending(each, message, limits, news) for each in destinations]
    ends = clock() + limits.total_s
    try:
        with signals.let_through():
            _wait(sendings, news, ends, clock)
        why = f"no answer within {limits.total_s:g} s"
    except Interrupted as interrupted:
        why = str(interrupted)
    for each in sendings:
        each.give_up(why)
    return [each.outcome for each in sendings if each.outcome]


def _wait(
    sendings: Sequence[_Sending], news: _News, ends: float, clock: Callable[[], float]
) -> None:
    for each in sendings:
        each.begin(clock())
    while (left := [each for each in sendings if not each.outcome]) and clock() < ends:
        next_s = min([ends, *(each.ends for each in left)]) - clock()
        try:
            sending, number, note, error = news.get(timeout=max(next_s, 0.001))
            sending.take(number, note, error, clock())
        except queue.Empty:
            pass
        for each in left:
            each.look_at_clock(clock())


def _told(error: BaseException) -> str:
    from utils.notifying import trust  # noqa: PLC0415  # imports ssl, which is loaded by now

    return trust.problem(error)


def _hope(error: BaseException) -> tuple[bool, float]:
    """Return whether trying again may help, and after how many seconds."""
    if isinstance(error, NotSentError):
        return error.again, error.after_s
    from utils.notifying import trust  # noqa: PLC0415  # likewise

    return isinstance(error, OSError) and trust.may_pass(error), 0.0


def tell(outcome: Notification) -> None:
    """Say what became of a message."""
    if outcome.state == "sent":
        note = f" ({outcome.error})" if outcome.error else ""
        say = log.warning if note else log.info
        say("notified by %s: %s%s", outcome.kind, outcome.to, note)
    else:
        log.warning("not notified by %s: %s: %s", outcome.kind, outcome.to, outcome.error)
