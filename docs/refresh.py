"""Writes what README says about flags and settings from the code: `make docs`."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import config  # noqa: E402  # after the path to it
import main  # noqa: E402
from commands.table import COMMANDS  # noqa: E402
from utils.command_line import overview  # noqa: E402
from utils.errors import ExitCode  # noqa: E402
from utils.notifying import endings  # noqa: E402
from utils.options import Option, env_name  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

README = ROOT / "README.md"
NOTIFICATIONS = ROOT / "docs" / "notifications.md"


def refreshed(text: str) -> str:
    """Return README's text with each `<!-- name -->` block written anew."""
    parts = {
        "help": f"```text\n{overview(COMMANDS, main.PROGRAM, main.PURPOSE).rstrip()}\n```",
        "settings": "\n".join(_settings()),
    }
    for name, part in parts.items():
        text = with_block(text, name, part)
    return text


def refreshed_notifications(text: str) -> str:
    """Return the text of docs/notifications.md with its table of ends written anew."""
    return with_block(text, "ends", "\n".join(_ends()))


def _ends() -> Iterator[str]:
    """Yield which ends are told to who asked for what; nobody sits at a terminal."""
    yield "| exit code | end | `failure` | `success` | `recovery` | `always` |"
    yield "|---|---|---|---|---|---|"
    for event, codes in (
        (endings.FAILURE, [code for code in endings.ENDINGS if code]),
        (endings.SUCCESS, [ExitCode.OK]), (endings.RECOVERY, [ExitCode.OK]),
        (endings.SKIP, [ExitCode.OK]),
    ):  # fmt: skip
        for code in codes:
            words = endings.ending(event, code)
            told = [
                "yes" if endings.is_wanted(event, code, [each], is_attended=False) else ""
                for each in ("failure", "success", "recovery", "always")
            ]
            cells = [str(int(code)), f"{words.word}: {words.meaning}", *told]
            yield f"| {' | '.join(cells)} |"


def with_block(text: str, name: str, part: str) -> str:
    """Return a document's text with its `<!-- name -->` block written anew."""
    block = f"<!-- {name} -->\n{part}\n<!-- end of {name} -->"
    pattern = rf"<!-- {name} -->\n.*?<!-- end of {name} -->"
    text, count = re.subn(pattern, block.replace("\\", r"\\"), text, flags=re.DOTALL)
    if count != 1:
        raise SystemExit(f"no place for {name} in the document")
    return text


def _settings() -> Iterator[str]:
    yield "| setting | flag | default | also read, in this order |"
    yield "|---|---|---|---|"
    for name, option in config.options().items():
        flag = _flag(name, option)
        also = ", ".join(f"`{alias}`" for alias in option.also)
        default = option.told_default or str(option.default).lower() * (option.constant != "")
        yield f"| `{env_name(name)}` | {flag} | {default} | {also} |"


def _flag(name: str, option: Option) -> str:
    flags = [f"`{flag}`" for flag in option.flags]
    for command in COMMANDS:
        flags += [f"`{flag}` ({command.name})" for field, flag in command.renamed if field == name]
    return ", ".join(flags)


if __name__ == "__main__":
    README.write_text(refreshed(README.read_text()))
    NOTIFICATIONS.write_text(refreshed_notifications(NOTIFICATIONS.read_text()))
