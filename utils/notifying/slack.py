"""Slack: a message as blocks, to an incoming webhook (https://docs.slack.dev/reference/block-kit)."""

from __future__ import annotations

import json
import urllib.request
from http import HTTPStatus
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

from utils import exposure
from utils.errors import UsageError
from utils.live.words import duration
from utils.notifying import masking, trust
from utils.notifying.facts import FAILURES, JOBS
from utils.notifying.message import rows
from utils.notifying.sending import NotSentError
from utils.statistics import words

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Iterator, Sequence

    from config import Settings
    from utils.notifying.facts import Facts
    from utils.notifying.message import Message

    # As JSON has it.
    Block = dict[str, Any]

# Slack's own limits, in characters after escaping.
HEADER, TEXT, FIELD, FIELDS, BLOCKS = 150, 3000, 2000, 10, 50
# The most of a name, of a message and of a line: escaped, each is up to five times as long.
LONGEST_NAME, LONGEST, LONGEST_LINE, LONGEST_URL = 100, 300, 400, 1000
SIGNS = {"failure": "\N{CROSS MARK}", "success": "\N{WHITE HEAVY CHECK MARK}",
         "recovery": "\N{WHITE HEAVY CHECK MARK}"}  # fmt: skip
# Rows that have a place of their own, or do not fit into one.
NOT_FIELDS = frozenset({"Page", "Output", "Run", "AWX", "Ran on", "Started", "Finished"})
# A long wait is not waited for anyway.
LONGEST_AFTER_S = 3600.0
MOST_BYTES = 1000
SERVER_ERROR = 500
TOOK_IT = 200
# Zero width: it is not seen, and ends what would end the block of code.
JOINER = "\u200b"


class Slack:
    """An incoming webhook."""

    kind = "slack"

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
            with self._opener.open(request, timeout=timeout_s) as answer:
                status = answer.status
        except HTTPError as error:
            with error:
                raise _refusal(error) from None
        except HTTPException as error:
            raise NotSentError(type(error).__name__, again=True) from None
        if status != TOOK_IT:
            raise NotSentError(f"it answered {status}", again=False)
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
    if parts.path in {"", "/"}:
        raise UsageError(f"{source}: the address has no path, so it is no webhook's")
    exposure.warn_of_plain_http(masking.origin(url), "the webhook's secret")
    return [Slack(url, trust.context(settings))]


def payload(message: Message) -> Block:
    """Return what the webhook gets: blocks, and a line for what cannot show them."""
    facts = message.facts
    blocks: Iterable[Block] = _own(message) if message.is_own else _ours(facts)
    sign = SIGNS.get(facts.event, "")
    header = _cut(f"{sign} {message.title}".strip(), HEADER)
    first = {"type": "header", "text": {"type": "plain_text", "text": header, "emoji": False}}
    return {
        "text": _escaped(_cut(message.title, LONGEST)),
        "blocks": [first, *blocks][:BLOCKS],
        "unfurl_links": False,
    }


def _own(message: Message) -> Iterator[Block]:
    """Yield the user's own text, in as many sections as it needs.

    It is escaped as ours is: it holds words out of AWX, and `<!channel>` would call everybody.
    """
    section = ""
    for line in message.text.strip().splitlines(keepends=True):
        for start in range(0, len(line), LONGEST_LINE):
            piece = _escaped(line[start : start + LONGEST_LINE])
            if len(section) + len(piece) > TEXT:
                yield _section(section)
                section = ""
            section += piece
    if section.strip():
        yield _section(section)


def _ours(facts: Facts) -> Iterator[Block]:
    job = facts.job
    if facts.why:
        yield _section(_escaped(_cut(facts.why, LONGEST)))
    if facts.failures:
        yield _section(_listed(_failures(facts), len(facts.failures)))
    if len(facts.jobs) > 1:
        lines = [f"{_link(each.page, each.label)}: {each.status}" for each in facts.jobs[:JOBS]]
        yield _section(_listed(lines, len(facts.jobs)))
    fields = [row for row in rows(facts) if row[1] and row[0] not in NOT_FIELDS][:FIELDS]
    if fields:
        yield {"type": "section", "fields": [_field(name, text) for name, text in fields]}
    if job and len(facts.jobs) == 1:
        yield _section(_link(job.page, f"Open {job.label} in AWX"))
    if facts.excerpt.lines and not facts.is_good:
        yield _section(_code(facts.excerpt.lines))
    if facts.next:
        lines = [f"`{_escaped(_cut(each, LONGEST_NAME))}`" for each in facts.next]
        yield _section("\n".join(lines))
    context = [facts.awx, facts.run_id, facts.ran_on and f"ran on {facts.ran_on}"]
    if job and job.elapsed_s is not None and facts.usual_s:
        context.append(f"usually {duration(facts.usual_s)}")
    text = " | ".join(_cut(each, LONGEST_NAME) for each in context if each)
    yield {"type": "context", "elements": [_marked(_escaped(text))]}


def _failures(facts: Facts) -> Iterator[str]:
    for each in facts.failures[:FAILURES]:
        where = _escaped(_cut(each.where, LONGEST_NAME))
        what = _escaped(_cut(each.message, LONGEST))
        yield f"*{where}*: {what}"


def _listed(lines: Iterable[str], count: int) -> str:
    """Return as many of the lines as a section takes, and how many of `count` are left out."""
    kept: list[str] = []
    room = TEXT - len(f"and {count} more")
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    left = count - len(kept)
    return "\n".join([*kept, f"and {left} more"] if left else kept)


def _section(text: str) -> Block:
    return {"type": "section", "text": _marked(_lines_within(text))}


def _marked(text: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": text}


def _field(name: str, text: str) -> dict[str, str]:
    return _marked(f"*{name}*\n{_escaped(_cut(text, LONGEST))}")


def _link(url: str, text: str) -> str:
    text = _escaped(_cut(text.replace("|", "/"), LONGEST_NAME))
    is_plain = words.link(url) and not set("<>|& ") & set(url) and len(url) <= LONGEST_URL
    return f"<{url}|{text}>" if is_plain else text


def _code(lines: Sequence[str]) -> str:
    """Return the last of these lines as a block of code, as many as there is room for."""
    kept: list[str] = []
    room = TEXT - len("```\n\n```")
    for line in reversed(lines):
        escaped = _escaped(_cut(line, LONGEST_LINE)).replace("```", JOINER.join("```"))
        room -= len(escaped) + 1
        if room < 0:
            break
        kept.insert(0, escaped)
    return "```\n" + "\n".join(kept) + "\n```"


def _lines_within(text: str) -> str:
    """Return the first lines of a text, as many as a section takes."""
    return text if len(text) <= TEXT else text[: TEXT + 1].rpartition("\n")[0] or text[:TEXT]


def _escaped(text: str) -> str:
    """Return a text as Slack takes it: only three characters have a meaning of their own."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
