"""The words of a message: our own templates, or one of the user's."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from utils import logger, signals
from utils.errors import ExitCode, UsageError
from utils.notifying.facts import FAILURES, JOBS, Facts, when
from utils.signals import Interrupted
from utils.statistics import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Environment, Template

    from config import Settings
    from utils.notifying.excerpt import Excerpt

log = logger.get("notify")

FOLDER = Path(__file__).parent
OWN_TEXT, OWN_PAGE = "message.txt", "message.html"
PAGES = (".html", ".htm", ".html.j2", ".htm.j2")
LONGEST_BYTES = 1_000_000
# A template needs a hundredth of that.
LONGEST_S = 5.0
COMPUTED = ("title", "why", "duration", "launched", "told_exit_code", "is_good")
# What a template can name.
VARIABLES = (*(each.name for each in fields(Facts)), *COMPUTED, "facts", "rows", "more_failures",
             "more_jobs")  # fmt: skip


@dataclass(frozen=True)
class Message:
    """What is sent: `text` and `html` (None for a text of the user's) without the title.

    `is_own` says that the text is the user's, `problem` why their template was of no use.
    """

    title: str
    text: str
    html: str | None
    facts: Facts
    is_own: bool = False
    problem: str = ""

    @property
    def excerpt(self) -> Excerpt:
        """The last of the output."""
        return self.facts.excerpt


@dataclass(frozen=True)
class OwnTemplate:
    """The user's template: of the text, or of the page where the file is one of HTML."""

    path: str
    template: Template
    is_page: bool


def own_template(settings: Settings) -> OwnTemplate | None:
    """Return the template of `--notify-template`, None without.

    Raises UsageError where it cannot be read, is no template, or names what there is not.
    """
    path, source = settings.notify_template, settings.source("notify_template")
    if not path:
        return None
    from jinja2 import FileSystemLoader, TemplateSyntaxError, meta  # noqa: PLC0415  # only where it is asked for

    is_page = path.lower().endswith(PAGES)
    # What it includes stands beside it, as one expects; nothing above that folder is read.
    folders = FileSystemLoader([Path(path).parent, FOLDER])
    environment = _environment(is_page=is_page).overlay(loader=folders)
    try:
        text = _read(path, source)
        unknown = meta.find_undeclared_variables(environment.parse(text)) - {*VARIABLES}
        template = environment.from_string(text)
    except TemplateSyntaxError as error:
        raise UsageError(f"{source}: {path}, line {error.lineno}: {error.message}") from None
    if unknown:
        raise UsageError(
            f"{source}: {path} names {', '.join(sorted(unknown))}, which a message does not have "
            "(docs/notifications.md lists what it has)"
        )
    return OwnTemplate(path, template, is_page)


def _read(path: str, source: str) -> str:
    try:
        with Path(path).open("rb") as file:
            content = file.read(LONGEST_BYTES + 1)
        if len(content) > LONGEST_BYTES:
            raise UsageError(f"{source}: {path} is too long for a message (1 MB at most)")
        return content.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{source}: cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{source}: {path} is not UTF-8 text") from None


def compose(facts: Facts, own: OwnTemplate | None = None) -> Message:
    """Return the message; where the user's template cannot be used, that is told, and ours is.

    A signal ends the user's template: it raises Interrupted.
    """
    variables = _variables(facts)
    text = _environment(is_page=False).get_template(OWN_TEXT).render(variables)
    html = _environment(is_page=True).get_template(OWN_PAGE).render(variables)
    if not own:
        return Message(facts.title, text, html, facts)
    try:
        made = _rendered(own, variables)
    except _UnusableError as error:
        log.warning("%s cannot be used, the usual message is sent: %s", own.path, error)
        return Message(facts.title, text, html, facts, problem=str(error))
    if own.is_page:
        return Message(facts.title, text, made, facts)
    return Message(facts.title, made, None, facts, is_own=True)


class _UnusableError(Exception):
    """The user's template goes wrong, or comes to no end."""


def _rendered(own: OwnTemplate, variables: dict[str, object]) -> str:
    why: object = f"it takes more than {LONGEST_S:g} s"
    try:
        with signals.let_through(), signals.deadline(LONGEST_S):
            return own.template.render(variables)
    except Interrupted as error:
        if error.exit_code != ExitCode.TIMED_OUT:
            raise
    except Exception as error:  # whatever a template can do wrong
        log.debug("raised here", exc_info=True)
        why = error
    raise _UnusableError(why)


def _variables(facts: Facts) -> dict[str, object]:
    shown = facts.cut()
    return {
        **{each.name: getattr(facts, each.name) for each in fields(Facts)},
        **{name: getattr(facts, name) for name in COMPUTED},
        "facts": shown,
        "rows": [row for row in rows(facts) if row[1]],
        "more_failures": max(len(facts.failures) - FAILURES, 0),
        "more_jobs": max(len(facts.jobs) - JOBS, 0),
    }


def rows(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield what there is to look up, each with its name: of what went well only a little."""
    job, is_one = facts.job, len(facts.jobs) == 1
    if is_one and job:
        yield "Page", job.page
        yield "Status", job.status
    if not facts.is_good:
        yield "Exit code", facts.told_exit_code
    if is_one and job:
        yield "Hosts", job.told_hosts
        yield "Limit", job.limit
        yield "Duration", facts.duration
    if len(facts.attempts) > 1:
        yield "Attempts", ", ".join(f"job {each.id} {each.status}" for each in facts.attempts)
    yield "Launched", facts.launched
    if facts.is_good:
        return
    if is_one and job:
        yield "Started", when(job.started)
        yield "Finished", when(job.finished)
    yield "AWX", facts.awx
    yield "Run", facts.run_id
    yield "Ran on", facts.ran_on
    yield "Output", facts.excerpt.path


@cache
def _environment(*, is_page: bool) -> Environment:
    from jinja2 import FileSystemLoader, StrictUndefined  # noqa: PLC0415  # not for a start
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415  # likewise

    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(FOLDER),
        autoescape=is_page,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"link": words.link, "when": when, "duration": words.seconds}
    return environment
