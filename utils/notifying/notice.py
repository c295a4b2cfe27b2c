"""The message about the end of a run: made ready before it, filled at its end, sent after it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from utils import logger, signals
from utils.errors import AppError, ExitCode, UsageError
from utils.notifying import endings
from utils.settings.notifying import SMTP
from utils.signals import Interrupted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config import Settings
    from utils.awx_client import Client
    from utils.notifying.message import Message, OwnTemplate
    from utils.notifying.sending import Destination, Limits, Notification
    from utils.results import Results

log = logger.get("notify")

# The longest that AWX is asked for what would be nice to tell.
ASKING_S = 8.0
# Who stops a run soon stops it by force: all of it has to be done by then.
HURRY_S = 10.0
# After these AWX is not asked: it is gone, or there is no time.
NOT_ASKING = frozenset({ExitCode.UNREACHABLE, ExitCode.INTERRUPTED, ExitCode.TERMINATED})


@dataclass(frozen=True)
class Notifications:
    """What became of the messages, for the summary."""

    sent: tuple[Notification, ...] = ()

    @property
    def rows(self) -> list[dict[str, object]]:
        """Return them as the summary has them."""
        return [vars(each) for each in self.sent]


class Notice:
    """Where a message goes, when, and in whose words; `gather` makes it, `send` sends it."""

    def __init__(
        self,
        occasions: Sequence[str],
        destinations: Sequence[Destination],
        own: OwnTemplate | None,
    ) -> None:
        self._occasions, self._destinations, self._own = occasions, destinations, own
        self._message: Message | None = None
        # Why there is none, though one is wanted.
        self._problem = ""
        self._is_hurried = False

    @property
    def is_due(self) -> bool:
        """Whether there is something to send, or to say why there is not."""
        return bool(self._message or self._problem)

    def hurry(self) -> None:
        """Take less time from now on: somebody wants to leave."""
        self._is_hurried = True

    def gather(
        self,
        client: Client,
        settings: Settings,
        done: Results,
        exit_code: ExitCode,
        *,
        each_done: Sequence[Results] = (),
        reason: str = "",
        subject: str = "",
    ) -> None:
        """Make the message, where that end is to be told.

        `each_done` has the results of several jobs that were followed together, `subject` names
        what it was about where that is no template. What AWX would have to tell is left out where
        it does not answer soon, and where a signal comes; nothing is raised.
        """
        if exit_code not in endings.ENDINGS:
            return
        self._is_hurried |= exit_code in {ExitCode.INTERRUPTED, ExitCode.TERMINATED}
        try:
            self._gather(
                client, settings, done, each_done or [done], exit_code=exit_code, reason=reason,
                subject=subject,
            )  # fmt: skip
        except (Exception, Interrupted) as error:  # no reason to call a run failed
            log.warning("nobody is notified: %s", error)
            log.debug("raised here", exc_info=True)
            self._problem = str(error) or type(error).__name__

    def _gather(
        self, client: Client, settings: Settings, done: Results, each_done: Sequence[Results], *,
        exit_code: ExitCode, reason: str, subject: str,
    ) -> None:  # fmt: skip
        from utils.notifying import gathering, message  # noqa: PLC0415  # only where it is wanted

        event = gathering.event_of(each_done, exit_code)
        # A success may turn out to be a recovery, and that is looked at only where it is wanted.
        possible = {event, endings.RECOVERY} if event == endings.SUCCESS else {event}
        if not any(self._is_wanted(each, exit_code) for each in possible):
            return
        told: dict[str, object] = {}
        if exit_code not in NOT_ASKING:
            told = self._asked(client, each_done, event)
        if told.get("failed_before"):
            event = endings.RECOVERY
        if self._is_wanted(event, exit_code):
            known = gathering.gather(
                client, settings, done, each_done, exit_code=exit_code, reason=reason,
                subject=subject,
            )  # fmt: skip
            facts = gathering.facts(event, exit_code, {**known, **told})
            try:
                self._message = message.compose(facts, self._own)
            except Interrupted as error:
                log.warning("%s: the usual message is sent", error)
                self.hurry()
                self._message = message.compose(facts)

    def _is_wanted(self, event: str, exit_code: ExitCode) -> bool:
        from interruption import has_somebody  # noqa: PLC0415  # loaded by now

        return endings.is_wanted(event, exit_code, self._occasions, is_attended=has_somebody())

    def send(self, limits: Limits | None = None) -> Notifications:
        """Send it, where there is something to send; it raises nothing, also for a signal."""
        if not self.is_due:
            return Notifications()
        from utils.notifying import sending  # noqa: PLC0415  # only where it is wanted

        if not self._message:
            rows = [sending.failed(each, self._problem) for each in self._destinations]
            return Notifications(tuple(rows))
        if self._is_hurried and not limits:
            limits = sending.Limits(try_s=HURRY_S, total_s=HURRY_S)
        sent = sending.deliver(self._destinations, self._message, limits)
        for each in sent:
            sending.tell(each)
        return Notifications(tuple(sent))

    def _asked(self, client: Client, each_done: Sequence[Results], event: str) -> dict[str, object]:
        """Return what AWX tells within a few seconds: what is usual, and whether it had failed."""
        from utils.notifying import gathering  # noqa: PLC0415  # loaded by now

        told: dict[str, object] = {}
        try:
            with signals.let_through(), signals.deadline(ASKING_S):
                if event == endings.SUCCESS:
                    told |= gathering.first_recovery(client, each_done)
                if len(each_done) == 1:
                    told["usual_s"] = gathering.usual_s(client, each_done[0])
        except Interrupted as error:
            if error.exit_code == ExitCode.TIMED_OUT:
                log.debug("AWX was not asked for more: it took too long")
            else:
                log.warning("%s: the message does not wait for what AWX might add", error)
                self.hurry()
        except AppError as error:
            log.debug("AWX does not tell more: %s", error)
        return told


def prepare(settings: Settings) -> Notice | None:
    """Return the message that the settings ask for, None where they ask for none.

    Raises UsageError where there is nowhere to send it, or where a destination or the template
    cannot be used.
    """
    if not settings.notify_on:
        settings.require_with("notify_template", "notify_on")
        return None
    from utils.notifying import message  # noqa: PLC0415  # only where it is wanted

    found = destinations(settings)
    return Notice(settings.notify_on, found, message.own_template(settings))


def destinations(settings: Settings) -> list[Destination]:
    """Return where messages go; raises UsageError where that is nowhere, or cannot be read."""
    wanted = {
        "slack": settings.slack_webhook_url,
        "mail": any(getattr(settings, name) for name in SMTP),
        "by_apprise": settings.notify_urls,
    }
    found: list[Destination] = []
    for module, is_set in wanted.items():
        if is_set:  # each takes a while to load
            found += import_module(f"utils.notifying.{module}").checked(settings)
    if not found:
        source = settings.source("notify_on") if settings.notify_on else "notify test"
        raise UsageError(
            f"{source} needs somewhere to send to: set AWX_SLACK_WEBHOOK_URL, AWX_SMTP_HOST and "
            "AWX_SMTP_TO, or AWX_NOTIFY_URLS (docs/notifications.md)"
        )
    return found
