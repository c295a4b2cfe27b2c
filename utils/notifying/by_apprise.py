"""Further services by apprise (https://github.com/caronc/apprise): Discord, Teams, Telegram ..."""

from __future__ import annotations

import logging
import re
import threading
import warnings
from http import HTTPStatus
from typing import TYPE_CHECKING

from utils.errors import UsageError
from utils.notifying import masking
from utils.notifying.sending import TRIES, NotSentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apprise import NotifyBase

    from config import Settings
    from utils.notifying.message import Message

# How apprise names a refusal in its log, which is the only place where it says why.
ERROR = re.compile(r"error=(\d{3})\b")
SERVER_ERROR = 500
# Zero width: it is not seen, and parts what belongs together.
UNSEEN = "\u200b"
KINDS = {"failure": "failure", "success": "success", "recovery": "success", "skip": "info"}


class ByApprise:
    """A service behind an address of apprise's."""

    kind = "apprise"
    at = ""

    def __init__(self, url: str, service: NotifyBase, to: str) -> None:
        self._service = service
        self.to = to
        # Of several targets those that had it would get it again. It is one where apprise counts
        # a request, with those that it makes again by itself (`?retry=`).
        self.tries = TRIES if len(service) <= service.retry + 1 else 1
        self.secrets: Sequence[str] = masking.parts_of(url)

    def __repr__(self) -> str:
        return f"ByApprise({self.to})"

    def send(self, message: Message, timeout_s: float) -> str:
        """Send it as the service takes it, cut where it takes less; raises NotSentError."""
        service = self._service
        service.socket_connect_timeout = service.socket_read_timeout = timeout_s
        with _Listener() as heard:
            sent = service.notify(
                body=_within(_calling_nobody(message.text), service.body_maxlen),
                title=_calling_nobody(message.title),
                notify_type=KINDS[message.facts.event],
                body_format="text",
            )
        if not sent:
            raise heard.refusal()
        return ""


class _Listener(logging.Handler):
    """Hears what apprise logs in this thread; nobody else does, since it may hold a secret."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._thread = threading.get_ident()
        self._statuses: list[int] = []

    def __enter__(self) -> _Listener:  # noqa: PYI034  # typing has no Self before 3.11
        logging.getLogger("apprise").addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("apprise").removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread and (found := ERROR.search(record.getMessage())):
            self._statuses.append(int(found[1]))

    def refusal(self) -> NotSentError:
        if not self._statuses:
            return NotSentError("it cannot be reached, or does not take it", again=True)
        status = self._statuses[-1]
        again = status == HTTPStatus.TOO_MANY_REQUESTS or status >= SERVER_ERROR
        return NotSentError(f"it answered {status}", again=again)


def _calling_nobody(text: str) -> str:
    """Return a text in which no @everyone out of AWX is heard, as Discord and others have it."""
    return text.replace("@", f"@{UNSEEN}")


def _within(text: str, most: int) -> str:
    """Return the text, without the end of the output where the service takes no more."""
    return text if len(text) <= most else text[: max(most - 1, 0)] + "…"


def checked(settings: Settings) -> list[ByApprise]:
    """Return the services that are set; raises UsageError for what apprise cannot read."""
    text, source = settings.notify_urls, settings.source("notify_urls")
    if not text.strip():
        return []
    # Before it is loaded, so that nothing of it gets to standard error.
    log = logging.getLogger("apprise")
    if not log.handlers:
        log.addHandler(logging.NullHandler())
    log.propagate = False
    log.setLevel(logging.WARNING)
    with warnings.catch_warnings():
        # Of what its plugins import; nothing that a user of ours could do about.
        warnings.simplefilter("ignore")
        urls = _urls(text)
        schemes = [_scheme(each) for each in urls]
        # Nothing else of an address may be told, so that two of a kind are told by their places.
        places = [f" (address {place} of {source})" for place in range(1, len(urls) + 1)]
        names = [
            f"{scheme}://…{place if schemes.count(scheme) > 1 else ''}"
            for scheme, place in zip(schemes, places, strict=True)
        ]
        return [_service(url, source, name) for url, name in zip(urls, names, strict=True)]


def _scheme(url: str) -> str:
    return url.partition("://")[0].lower() if "://" in url else ""


def _urls(text: str) -> list[str]:
    from apprise.utils.parse import parse_urls  # noqa: PLC0415  # takes half a second, seldom used

    found: list[str] = parse_urls(text)  # type: ignore[no-untyped-call]  # apprise has no type for it
    return found


def _service(url: str, source: str, name: str) -> ByApprise:
    from apprise import Apprise, AppriseAsset  # noqa: PLC0415  # likewise
    from apprise.manager_plugins import NotificationManager  # noqa: PLC0415  # likewise

    scheme = _scheme(url)
    if not scheme:
        raise UsageError(f"{source}: it takes addresses of apprise such as discord://...")
    asset = AppriseAsset(secure_logging=True, async_mode=False, storage_mode="memory")
    service = Apprise.instantiate(url, asset=asset)
    if service is not None:
        return ByApprise(url, service, name)
    known = NotificationManager().schemas()  # type: ignore[no-untyped-call]  # likewise
    if scheme not in known:
        raise UsageError(f"{source}: apprise knows no {scheme}://")
    raise UsageError(
        f"{source}: apprise cannot use the address {name}: something in it is missing or "
        "wrong, or needs a package that is not installed"
    )
