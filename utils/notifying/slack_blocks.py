"""A message as Slack shows it: blocks (https://docs.slack.dev/reference/block-kit)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from utils.live.words import duration
from utils.notifying.facts import FAILURES, JOBS
from utils.notifying.message import rows
from utils.statistics import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

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
# Zero width: it is not seen, and ends what would end the block of code.
JOINER = "\u200b"


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


def _marked(text: str) -> Block:
    # Verbatim: what stands there links and calls nobody by itself, whatever it looks like.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _field(name: str, text: str) -> Block:
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
