"""Results as JSON, filtered with jq where that was asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from utils import logger, output
from utils.errors import UsageError

if TYPE_CHECKING:
    from config import Settings

log = logger.get("json")

Write = Callable[[object], None]


def writer(settings: Settings) -> Write:
    """Return what writes a document to standard output.

    Made before anything is sent, so that a bad jq expression ends the run at once (UsageError).
    Like `jq -r` and `gh --jq`, the filter writes texts without quotes, a result a line.
    """
    if not settings.jq:
        return lambda document: output.result(json.dumps(document, indent=2) + "\n")
    program = compiled(settings.jq, settings.source("jq"))

    def write(document: object) -> None:
        try:
            results = program(document)
        except ValueError as error:
            output.result(json.dumps(document, indent=2) + "\n")
            problem = f"{settings.source('jq')}: {error}; here is the whole document"
            raise UsageError(problem) from None
        for found in results:
            text = found if isinstance(found, str) else json.dumps(found)
            output.result(f"{text}\n")

    return write


def compiled(expression: str, source: str) -> Callable[[object], list[object]]:
    """Return a jq expression as a function; raises UsageError for what is none."""
    import jq  # noqa: PLC0415  # only where it is asked for

    try:
        program = jq.compile(expression)
    except ValueError as error:
        raise UsageError(f"{source} {expression!r}: {str(error).splitlines()[0]}") from None
    return lambda document: list(program.input_value(document).all())


def write_anyway(write: Write, document: object) -> None:
    """Write what is known at the end of a run: trouble is told, the job's exit code stays.

    Where the jq expression does not fit the document, the whole document is written.
    """
    try:
        write(document)
    except UsageError as error:
        log.error("%s", error)
