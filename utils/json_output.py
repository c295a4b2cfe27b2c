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


class UnfitError(UsageError):
    """A jq expression that does not fit the document: nothing is written."""


def writer(settings: Settings) -> Write:
    """Return what writes a document to standard output.

    Made before anything is sent, so that a bad jq expression ends the run at once (UsageError).
    Like `jq -r` and `gh --jq`, the filter writes texts without quotes, a result a line. One that
    does not fit the document raises UnfitError.
    """
    if not settings.jq:
        return _write_whole
    program = compiled(settings.jq, settings.source("jq"))

    def write(document: object) -> None:
        try:
            results = program(document)
        except ValueError as error:
            raise UnfitError(f"{settings.source('jq')}: {error}") from None
        for found in results:
            text = found if isinstance(found, str) else json.dumps(found)
            output.result(f"{text}\n")

    return write


def _write_whole(document: object) -> None:
    output.result(json.dumps(document, indent=2) + "\n")


def compiled(expression: str, source: str) -> Callable[[object], list[object]]:
    """Return a jq expression as a function; raises UsageError for what is none."""
    import jq  # noqa: PLC0415  # only where it is asked for

    try:
        program = jq.compile(expression)
    except ValueError as error:
        raise UsageError(f"{source} {expression!r}: {str(error).splitlines()[0]}") from None
    return lambda document: list(program.input_value(document).all())


def write_surely(write: Write, document: object) -> None:
    """Write what cannot be asked for again, whole where the jq expression does not fit it.

    Raises UsageError then, too.
    """
    try:
        write(document)
    except UnfitError as error:
        _write_whole(document)
        raise UsageError(f"{error}; here is the whole document") from None


def write_anyway(write: Write, document: object) -> None:
    """Write what is known at the end of a run: trouble is told, the job's exit code stays.

    Where the jq expression does not fit the document, the whole document is written.
    """
    try:
        write_surely(write, document)
    except UsageError as error:
        log.error("%s", error)
