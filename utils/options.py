"""What a setting is: its names on the command line and in the environment, and how it reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from utils import values

if TYPE_CHECKING:
    from collections.abc import Callable

# The folder of main.py, where relative paths in a file or a crontab start.
HOME = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Option:
    """One setting: how it is named on the command line and in the environment, and how it reads.

    `constant` is what a flag without a value stands for. `also` are further environment names, in
    order of preference, as other AWX tools use them. `or_dash` says that a path may be `-`, which
    is standard input or output, and `dashed` that the value may begin with a dash. `joined` says
    that a repeatable one takes words with commas between on the command line, too.
    """

    help: str
    read: Callable[[str], object]
    flags: tuple[str, ...]
    default: object
    metavar: str = ""
    constant: str = ""
    also: tuple[str, ...] = ()
    repeatable: bool = False
    is_path: bool = False
    or_dash: bool = False
    dashed: bool = False
    joined: bool = False
    secret: bool = False
    default_text: str = ""

    @property
    def told_default(self) -> str:
        """The default in words, empty where there is none worth telling."""
        if self.default_text or isinstance(self.default, bool):
            return self.default_text
        return str(self.default) if self.default not in {None, "", ()} else ""


def option(  # the parameters are those of Option and of dataclasses.field
    default: object,
    help_text: str,
    read: Callable[[str], object] = str,
    *,
    flags: tuple[str, ...] | None = None,
    secret: bool = False,
    **details: Any,  # noqa: ANN401  # passed on to Option, which types them
) -> Any:  # noqa: ANN401  # dataclasses.field has no better type
    """Return a field of the settings table; `flags=()` keeps it off the command line."""
    metadata = {
        "option": Option(help_text, read, flags or (), default, secret=secret, **details),
        "flagless": flags == (),
    }
    return field(default=default, repr=not secret, metadata=metadata)


def switch(help_text: str, **details: Any) -> Any:  # noqa: ANN401  # as option
    """Return a field that is off unless its flag is given."""
    return option(False, help_text, values.boolean, constant="true", **details)


def flag_name(name: str) -> str:
    """Return the flag of a field: `skip_tags` is `--skip-tags`."""
    return f"--{name.replace('_', '-')}"


def env_name(name: str) -> str:
    """Return the setting of a field: `skip_tags` is `AWX_SKIP_TAGS`."""
    return f"AWX_{name.upper()}"
