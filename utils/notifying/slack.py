"""Slack: sending a message to an incoming webhook."""

from __future__ import annotations

import json
import urllib.request
from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import urlsplit

from utils import exposure
from utils.errors import UsageError
from utils.notifying import masking, trust
from utils.notifying.sending import TRIES, NotSentError
from utils.notifying.slack_blocks import payload

if TYPE_CHECKING:
    import ssl
    from collections.abc import Sequence

    from config import Settings
    from utils.notifying.message import Message

# A long wait is not waited for anyway.
LONGEST_AFTER_S = 3600.0
MOST_BYTES = 1000
SERVER_ERROR = 500


class Slack:
    """An incoming webhook."""

    kind = "slack"
    at = ""
    tries = TRIES

    def __init__(self, url: str, context: ssl.SSLContext) -> None:
        self._url = url
        self.to = masking.origin(url)
        self.secrets: Sequence[str] = [
            each for each in masking.parts_of(url) if each not in {self.to, urlsplit(url).hostname}
        ]
        self._opener = urllib.request.build_opener(
            _Straight, urllib.request.HTTPSHandler(context=context)
        )

    def __repr__(self) -> str:
        return f"Slack({self.to})"

    def send(self, message: Message, timeout_s: float) -> str:
        """Send it (`POST` to the webhook); raises NotSentError for a refusal, OSError."""
        request = urllib.request.Request(  # noqa: S310  # its scheme was looked at
            self._url,
            json.dumps(payload(message)).encode(),
            {"Content-Type": "application/json; charset=utf-8"},
            method="POST",
        )
        try:
            # What it returns is a 2xx: others than Slack answer with 201 or 204, too.
            with self._opener.open(request, timeout=timeout_s):
                pass
        except HTTPError as error:
            with error:
                raise _refusal(error) from None
        except HTTPException as error:
            raise NotSentError(type(error).__name__, again=True) from None
        return ""


class _Straight(urllib.request.HTTPRedirectHandler):
    """Goes to no other address than the one that was given."""

    def redirect_request(self, *_: object) -> None:
        return None


def _refusal(error: HTTPError) -> NotSentError:
    said = error.read(MOST_BYTES).decode(errors="replace")
    said = "" if "<" in said else f": {said.strip()}"
    busy = error.code == HTTPStatus.TOO_MANY_REQUESTS
    after = error.headers.get("Retry-After", "") if busy else ""
    after_s = min(float(after), LONGEST_AFTER_S) if after.isdecimal() else 0.0
    return NotSentError(
        f"it answered {error.code}{said}",
        again=busy or error.code >= SERVER_ERROR,
        after_s=after_s,
    )


def checked(settings: Settings) -> list[Slack]:
    """Return the webhook that is set, if one is; raises UsageError for what is none."""
    url, source = settings.slack_webhook_url, settings.source("slack_webhook_url")
    if not url:
        return []
    try:
        parts = urlsplit(url)
        is_one = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_one = False
    if not is_one or not url.isprintable() or not url.isascii() or " " in url:
        raise UsageError(
            f"{source}: it takes the address of a webhook such as https://hooks.slack.com/services/..."
        )
    if parts.username is not None:
        raise UsageError(f"{source}: a webhook takes no user or password: leave out what ends in @")
    if parts.path in {"", "/"}:
        raise UsageError(f"{source}: the address has no path, so it is no webhook's")
    exposure.warn_of_plain_http(masking.origin(url), "the webhook's secret")
    return [Slack(url, trust.context(settings))]
