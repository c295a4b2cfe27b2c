"""Reading what came over the wire: JSON, or one clear error with the server's own words."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

from utils.errors import AppError, BadAnswer, NotFound, Refused, Unreachable
from utils.json_text import parse
from utils.record import Record

LONGEST_WORDS = 400
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PASSING_STATUSES = frozenset({429, 502, 503, 504})
PROXY_WANTS_USER = (
    "the proxy wants a user and a password, or other ones (407): "
    "set HTTPS_PROXY and HTTP_PROXY to http://USER:PASSWORD@HOST:PORT"
)

OAUTH2_STATUSES = frozenset({400, 401, 403})

_NAMELESS = frozenset({"detail", "__all__", "error", "msg", "non_field_errors"})


def read_json(method: str, url: str, status: int, content_type: str, content: bytes) -> Record:
    """Return an answer's JSON object; an empty body is an empty record.

    Raises the error of `error_for` for a status of 400 or more, and BadAnswer for a web page, for
    text that is no JSON or is cut off, and for JSON that is no object.
    """
    if status >= HTTPStatus.BAD_REQUEST:
        raise error_for(method, url, status, content_type, content.decode(errors="replace"))
    origin = f"{method} {urlsplit(url).path}"
    if not content:
        return Record({}, origin)
    problem = f"{url} answered {status} with"
    if "html" in content_type:
        hint = "is AWX_HOST the address of AWX, and is no proxy or login page in between?"
        raise BadAnswer(f"{problem} a web page where JSON is due: {hint}", status=status)
    try:
        body = parse(content)
    except ValueError:
        start = content[:60].decode(errors="replace")
        message = f"{problem} something that is not JSON, or was cut off: {start!r}"
        raise BadAnswer(message, status=status) from None
    if not isinstance(body, dict):
        message = f"{problem} {type(body).__name__} where an object is due"
        raise BadAnswer(message, status=status)
    return Record(body, origin)


def error_for(method: str, url: str, status: int, content_type: str, body: str) -> AppError:
    """Return the error that fits an answer of 400 or more, with the server's own words."""
    words = server_words(content_type, body)
    error = _error(method, url, status, words)
    error.code = _oauth2_code(body) if status in OAUTH2_STATUSES else ""
    return error


def _tls_advice(words: str) -> str:
    from utils.tls_trouble import explain_page  # noqa: PLC0415  # seldom needed

    return explain_page(words)


def _oauth2_code(body: str) -> str:
    """Return how OAuth2 names what is wrong (RFC 6749, 5.2), empty where this is none of it."""
    try:
        found = parse(body)
    except ValueError:
        return ""
    code = found.get("error") if isinstance(found, dict) else None
    return code if isinstance(code, str) and re.fullmatch(r"[a-z_]+", code) else ""


def _error(method: str, url: str, status: int, words: str) -> AppError:
    text = f"AWX answered {status} to {method} {urlsplit(url).path}{': ' + words if words else ''}"
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return Unreachable(f"{origin_of(url)}: {PROXY_WANTS_USER}", status=status, is_lasting=True)
    if status == HTTPStatus.BAD_REQUEST and (advice := _tls_advice(words)):
        message = f"{origin_of(url)}: {words}; {advice}"
        return Unreachable(message, status=status, is_lasting=True)
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return Refused(text, status=status)
    if status == HTTPStatus.NOT_FOUND:
        return NotFound(text, status=status)
    if status in PASSING_STATUSES:
        # Who is told to come later (429) was turned away before anything was done.
        return Unreachable(
            text,
            sent=status != HTTPStatus.TOO_MANY_REQUESTS,
            status=status,
            is_late=status == HTTPStatus.GATEWAY_TIMEOUT,
        )
    return BadAnswer(text, status=status)


def origin_of(url: str) -> str:
    """Return scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def server_words(content_type: str, body: str) -> str:
    """Return what AWX itself says in an error's body, as one line.

    Knows the shapes that AWX sends: `{"detail": ..}`, `{"field": [..]}`, `{"field": ".."}`,
    `{"__all__": [..]}`, `{"error": ..}`, `{"msg": ..}`, a list, an HTML page, plain text.
    """
    if "html" in content_type:
        from html import unescape  # noqa: PLC0415  # seldom needed

        title = re.search(r"<title>(.*?)</title>", body, re.DOTALL | re.IGNORECASE)
        # Some say in one sentence what is wrong, as a page without a tag.
        plain = body if "<" not in body else "a web page"
        words = unescape(title.group(1) if title else plain)
    else:
        try:
            words = _flatten(parse(body))
        except ValueError:
            words = body
    words = " ".join(words.split())
    return words if len(words) <= LONGEST_WORDS else f"{words[:LONGEST_WORDS]} ..."


def _flatten(body: object) -> str:
    if isinstance(body, dict):
        return "; ".join(
            _flatten(value) if key in _NAMELESS else f"{key}: {_flatten(value)}"
            for key, value in body.items()
        )
    if isinstance(body, list):
        return "; ".join(_flatten(value) for value in body)
    return str(body)


def redirect_target(method: str, here: str, location: str, status: int) -> str:
    """Return where a redirect leads, for a safe method and within one server.

    Raises BadAnswer otherwise: a token must not go to another server, and a POST that is sent
    again as a GET, as clients do, is lost without a word.
    """
    try:
        there = urljoin(here, location)
        old, new = urlsplit(here), urlsplit(there)
    except ValueError:
        message = f"{here} redirects to no usable address, {location!r:.80}"
        raise BadAnswer(message, status=status) from None
    if old.hostname == new.hostname and (old.scheme, new.scheme) == ("http", "https"):
        raise BadAnswer(
            f"{old.scheme}://{old.netloc} redirects to https: set AWX_HOST=https://{new.netloc}",
            status=status,
        )
    if (old.scheme, old.netloc) != (new.scheme, new.netloc):
        message = f"{here} redirects to another server, {new.scheme}://{new.netloc}: not followed"
        raise BadAnswer(f"{message}; set AWX_HOST to the server that is meant", status=status)
    if method not in SAFE_METHODS:
        message = f"{method} {here} was redirected to {new.path} and not sent again"
        raise BadAnswer(f"{message}: is a slash missing at its end?", status=status)
    return there


def explain_lost_connection(error: BaseException) -> str:
    """Return what is wrong with a connection that was not made or broke."""
    text = str(error)
    if "NameResolutionError" in text or "Name or service not known" in text:
        return "no such host: is AWX_HOST spelled right?"
    if "refused" in text:
        return "connection refused: is AWX running there, is the port right?"
    if "BadStatusLine" in text:
        return "no HTTP on this port: is it https:// or another port?"
    return f"connection lost: {innermost(error)}"


def innermost(error: BaseException) -> str:
    """Return the plainest words in a chain of wrapped errors."""
    reason = getattr(error, "reason", None)
    if isinstance(reason, BaseException):
        return innermost(reason)
    if error.args and isinstance(error.args[-1], BaseException):
        return innermost(error.args[-1])
    words = [word for word in error.args if isinstance(word, str)] or [str(error)]
    return words[-1].rpartition(": ")[2][:LONGEST_WORDS]


def http_date(text: str) -> datetime | None:
    """Return the time of an HTTP Date header, None for what is none."""
    try:
        found = parsedate_to_datetime(text)
        return found if found.tzinfo else found.replace(tzinfo=timezone.utc)
    except (ValueError, OverflowError):
        return None
