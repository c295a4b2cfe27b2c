"""Settings, resolved once: flag > environment > .env > default.

Only this module reads the environment. `Settings` is also the table of all flags and settings:
the command line, the README and the error messages are made from it.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from utils import dotenv_file, values
from utils.errors import UsageError
from utils.options import HOME, Option, env_name, flag_name
from utils.setting_texts import lookup, read
from utils.settings.access import Access
from utils.settings.connection import Connection
from utils.settings.demo import Demo
from utils.settings.launching import Launching
from utils.settings.notification_templates import NotificationTemplates
from utils.settings.notifying import Notifying
from utils.settings.reporting import FILES, Reporting
from utils.settings.resources import Resources
from utils.settings.running import Running
from utils.settings.scheduling import Scheduling
from utils.settings.selecting import Selecting
from utils.settings.showing import OUTPUTS, Showing
from utils.settings.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence


@dataclass(frozen=True, eq=False)
class Settings(  # the fields of a dataclass begin with those of its last base
    Demo,
    Notifying,
    NotificationTemplates,
    Access,
    Resources,
    Tokens,
    Showing,
    Scheduling,
    Reporting,
    Selecting,
    Running,
    Launching,
    Connection,
):
    """Every setting with its value. A field `if_running` is `--if-running` and `AWX_IF_RUNNING`."""

    sources: Mapping[str, str] = field(default_factory=dict, repr=False)
    # The scope that the command needs its token to have.
    needs: str = "read"
    # What was given on the command line, as it was written there.
    flags: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    dotenv: Path | None = None  # the file that settings were read from
    terminal: str = "dumb"  # what TERM says of it

    def asked(self, name: str) -> bool:
        """Tell whether a setting was given anywhere."""
        return name in self.sources

    @property
    def colors_on_stdout(self) -> bool:
        """Whether standard output shows colours to somebody who wants them."""
        return bool(sys.stdout and sys.stdout.isatty()) and not self.no_color

    def first_asked(self, *names: str) -> str:
        """Return which of several settings holds, empty where none was given.

        What stands on the command line goes before what the environment or a file has.
        """
        asked = [name for name in names if self.asked(name)]
        return min(asked, key=lambda name: not self.source(name).startswith("-"), default="")

    def source(self, name: str) -> str:
        """Return where a setting came from, for an error message: `--limit`, `AWX_LIMIT`."""
        return self.sources.get(name, "the default")

    def require(self, name: str) -> None:
        """Raise UsageError where a setting that a command cannot do without is not set."""
        if not getattr(self, name):
            option = options()[name]
            what = option.help.partition(",")[0].removeprefix("the ")
            raise UsageError(f"no {what}: pass {option.flags[0]} or set {env_name(name)}")

    def require_with(self, name: str, other: str) -> None:
        """Raise UsageError for a flag that does nothing, since another one is not set."""
        source = self.source(name)
        if source.startswith("-") and not getattr(self, other):
            raise UsageError(f"{source} does nothing without {flag_name(other)}")

    def given(self, without: Collection[str]) -> dict[str, object]:
        """Return what was set for a run, wherever it came from, as its journal keeps it.

        Secrets are not kept, nor what has no flag to be given again by; those that shape the job
        are named under `withheld`.
        """
        table = options()
        names = [name for name in self.sources if name in table and name not in without]
        kept = [name for name in names if table[name].flags and not table[name].secret]
        flags = {name: _texts(getattr(self, name)) for name in kept}
        withheld = [self.source("extra_vars")] if self.asked("extra_vars") else []
        return {"flags": flags, "withheld": withheld}

    def folder(self, name: str) -> Path:
        """Return where relative paths in a setting's value start, as `lookup` has it."""
        return Path.cwd() if self.source(name).startswith("-") else HOME


def _texts(value: object) -> list[str]:
    """Return a setting's value as the texts that mean it on the command line."""
    if isinstance(value, tuple):
        return [str(each) for each in value]
    return [str(value).lower() if isinstance(value, bool) else str(value)]


@cache
def options() -> dict[str, Option]:
    """Return every setting by its field's name, with its flags filled in."""
    table = {}
    for each in fields(Settings):
        if "option" in each.metadata:
            found: Option = each.metadata["option"]
            if not found.flags and not each.metadata["flagless"]:
                found = replace(found, flags=(flag_name(each.name),))
            table[each.name] = found
    return table


def env_names() -> frozenset[str]:
    """Return every name that a setting can have in the environment."""
    return frozenset(
        name for field, each in options().items() for name in (env_name(field), *each.also)
    )


def _output(outputs: Sequence[str], wanted: Collection[str] | None) -> Callable[[str], str]:
    """Return what reads the form of a result: one that has a flag of its own is told with it."""
    forms = values.one_of(*outputs)

    def read_form(text: str) -> str:
        if text in FILES and text not in outputs and wanted and text in wanted:
            raise ValueError(
                f"takes {' or '.join(outputs)}; for this there is {flag_name(text)} FILE"
            )
        return forms(text)

    return read_form


def resolve(
    flags: Mapping[str, Sequence[str]],
    environ: Mapping[str, str] | None = None,
    *,
    wanted: Collection[str] | None = None,
    renamed: Mapping[str, str] | None = None,
    needs: str = "read",
    outputs: Sequence[str] = OUTPUTS,
) -> Settings:
    """Return the settings of this run.

    `flags` has the texts given on the command line by field name, `renamed` the flags that have
    another name in this command; `needs` is the scope that it needs its token to have, `outputs`
    are the forms that it can write; `environ` is the process's own environment unless given. Only
    the `wanted` settings are read, all if None: what a command does not take cannot trouble it.
    Raises UsageError for what cannot be read, naming its source.
    """
    environ = os.environ if environ is None else environ
    path = dotenv_file.find(flags, environ, HOME)
    dotenv = dotenv_file.read(path) if path else {}
    dotenv_file.refuse_unknown(environ, dotenv, env_names(), path)
    found: dict[str, object] = {}
    sources: dict[str, str] = {}
    for name, each in options().items():
        if wanted is not None and name not in wanted:
            continue
        if renamed and name in renamed:
            each = replace(each, flags=(renamed[name],))  # noqa: PLW2901  # the same, as it is here
        if name == "output":
            each = replace(each, read=_output(outputs, wanted))  # noqa: PLW2901  # likewise
        texts, source, base = lookup(name, each, flags, environ, (dotenv, path), home=HOME)
        if texts:
            found[name] = read(each, texts, source, base)
            sources[name] = source
    if environ.get("NO_COLOR"):
        found["no_color"] = True
    if environ.get("TERM"):
        found["terminal"] = environ["TERM"]
    if "jq" in found and found.get("output", "text") == "text":
        found["output"] = "json"
    found["flags"] = {name: tuple(texts) for name, texts in flags.items()}
    return Settings(**found, sources=sources, dotenv=path, needs=needs)  # type: ignore[arg-type]  # read by their options
