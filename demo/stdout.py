"""A run's output in every format AWX has, with its faults: the COPY escapes and the size limit."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from starlette.responses import Response, StreamingResponse

from demo.bulk_output import LongEvents
from demo.text import as_html, plain, stored_text
from demo.web import Call, answer, html_page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from demo.runs import Run
    from demo.script import Event

LIMIT = 1_048_576
CHUNK = 262_144
TOO_LARGE = (
    "Standard Output too large to display ({size} bytes), "
    "only download supported for sizes over {limit} bytes."
)


def stored(run: Run) -> Sequence[Event]:
    """Return the stored events of a run in order of counter."""
    if run.event_processing_finished:
        return run.happened()
    events = run.script.events
    return [events[index] for index in run.stored_events()]


def chunks(events: Sequence[Event], *, colours: bool) -> Iterator[str]:
    """Yield the text of the events in pieces."""
    held: list[str] = []
    size = 0
    for event in events:
        if not event.stdout:
            continue
        text = stored_text(event.stdout)
        held.append(text if colours else plain(text))
        size += len(text)
        if size > CHUNK:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)


def size_of(events: Sequence[Event]) -> int:
    """Return the size of the output in bytes, colours included, without holding it."""
    if isinstance(events, LongEvents):
        middle = len(stored_text(events[len(events.head)].stdout))
        around = sum(len(stored_text(e.stdout)) for e in [*events.head, *events.tail] if e.stdout)
        return middle * events.repeats + around
    return sum(len(stored_text(event.stdout).encode()) for event in events if event.stdout)


def respond(call: Call, run: Run, filename: str) -> Response:
    """Return the output in the format of the query; AWX has no route for other formats."""
    wanted = call.param("format")
    if not wanted:
        accept = call.request.headers.get("accept", "*/*")
        wanted = "json" if "json" in accept else "txt" if "text/plain" in accept else "api"
    events = stored(run)
    if wanted.endswith("_download"):
        return _download(events, filename, colours=wanted == "ansi_download")
    size = size_of(events)
    large = TOO_LARGE.format(size=size, limit=LIMIT) if size > LIMIT else ""
    if wanted == "json":
        return answer(_as_json(call, events, large))
    text = large or "".join(chunks(events, colours=True))
    if wanted in {"txt", "ansi"}:
        shown = text if wanted == "ansi" else plain(text)
        # an empty output has no Content-Type at all
        return Response(shown, media_type="text/plain" if text else None)
    if wanted in {"html", "api"}:
        return html_page("Type", f"<pre>{as_html(text)}</pre>")
    return html_page("Job Stdout &middot; AWX REST API", "Not found.", 404)


def _download(events: Sequence[Event], filename: str, *, colours: bool) -> Response:
    name = f"{filename}.{'ansi.txt' if colours else 'txt'}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    made = StreamingResponse(chunks(events, colours=colours), headers=headers)
    made.headers["Content-Type"] = "text/plain"
    return made


def _as_json(call: Call, events: Sequence[Event], large: str) -> dict[str, Any]:
    if large:
        return {"range": {"start": 0, "end": 1, "absolute_end": 1}, "content": large}
    text = "".join(chunks(events, colours=True))
    lines = [f"{line}\n" for line in text.split("\n")[:-1]]
    absolute = sum(event.end_line - event.start_line for event in events)
    first, last = _number(call.param("start_line")) or 0, _number(call.param("end_line"))
    shown = {
        "start": first,
        "end": min(absolute, absolute if last is None else last),
        "absolute_end": absolute,
    }
    content = "".join(lines[first : shown["end"]])
    if call.param("content_format") == "txt":
        content = plain(content)
    if call.param("content_encoding") == "base64":
        content = base64.b64encode(content.encode()).decode()
    return {"range": shown, "content": content}


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() else None
