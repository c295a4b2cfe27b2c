"""What follows when the exit code of a run is known: its message and its document."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from utils import json_output, logger, signals
from utils.notifying.notice import prepare
from utils.signals import Interrupted

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from config import Settings
    from utils.notifying.notice import Notice
    from utils.results import Results

log = logger.get("main")


class Conclusion:
    """Around a session: once the exit code is known, a signal changes it no more.

    It only makes what is left hurry, and the message is sent and the document written all the same.
    Raises UsageError where one of them cannot be.
    """

    def __init__(self, settings: Settings, notice: Notice | None = None) -> None:
        self._is_json = settings.output == "json"
        self._write = json_output.writer(settings)
        self.notice = notice or prepare(settings)
        self._document: Callable[[], object] | None = None
        self._done: Results | None = None
        self._holding = ExitStack()

    def begin(self, done: Results, document: Callable[[], object]) -> None:
        """Take note that the exit code is known; from now on signals are held back."""
        self._holding.enter_context(signals.held())
        self._done, self._document = done, document

    def write_unless_due(self) -> None:
        """Write the document, unless it has to tell what will have become of a message."""
        if not (self.notice and self.notice.is_due):
            self._write_once()

    def _write_once(self) -> None:
        document, self._document = self._document, None
        if self._is_json and document:
            json_output.write_anyway(self._write, document())

    def __enter__(self) -> Conclusion:  # noqa: PYI034  # typing has no Self before 3.11
        return self

    def __exit__(
        self, _type: object, error: BaseException | None, _traceback: TracebackType | None
    ) -> bool:
        if not self._done:
            return False
        # With the second one, all that takes long has been left already.
        late = signals.taken() or error
        is_late = isinstance(late, Interrupted)
        with suppress(Interrupted), self._holding:
            if is_late:
                log.warning("%s when it was over: its exit code stays", late)
            # Only now, when the token was given back: others may take their time.
            if self.notice and self.notice.is_due:
                if is_late:
                    self.notice.hurry()
                self._done.add(self.notice.send())
            self._write_once()
        return isinstance(error, Interrupted)
