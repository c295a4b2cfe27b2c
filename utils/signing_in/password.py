"""Where the password comes from: a setting, a file, standard input, a command, or a person."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from utils import exposure, signals
from utils.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config import Settings

SOURCES = ("password", "password_file", "password_command")
STDIN = "-"
LONGEST = 64 * 1024
# For a command that is told to end, and may have a terminal to set right.
ENDS_WITHIN_S = 1.0


@dataclass(frozen=True)
class Password:
    """A password, and where it came from in words for an error message."""

    value: str = field(repr=False)
    source: str


def chosen(settings: Settings) -> str:
    """Return the setting that the password comes from, empty where only a person can tell it."""
    return settings.first_asked(*SOURCES)


def may_ask(settings: Settings) -> bool:
    """Tell whether a person may be asked for it, by us or by the command that prints it."""
    name = chosen(settings)
    is_told = name == "password" or (name == "password_file" and settings.password_file != STDIN)
    return not (is_told or settings.asked("token") or settings.asked("token_file"))


def check(settings: Settings) -> None:
    """Raise UsageError where standard input is to have the token and the password, both."""
    has_password = chosen(settings) == "password_file" and settings.password_file == STDIN
    if has_password and settings.asked("token_file") and settings.token_file == STDIN:
        raise UsageError(
            f"{settings.source('token_file')} and {settings.source('password_file')}: "
            "only one of them can be standard input"
        )


def obtain(settings: Settings) -> Password:
    """Return the password of `AWX_USERNAME`; asks on a terminal where no setting has it.

    Raises UsageError where there is none to be had, naming what can be set.
    """
    name = chosen(settings)
    source = settings.source(name)
    if name == "password":
        return Password(settings.password, f"from {source}")
    if name == "password_file" and settings.password_file != STDIN:
        return Password(line_of(settings.password_file, source), f"from {source}")
    if name == "password_command":
        return Password(_told_by(settings.password_command, source), f"from {source}")
    is_terminal = bool(sys.stdin) and sys.stdin.isatty()
    if name and not is_terminal:
        return Password(line_of(STDIN, source), "from standard input")
    if not is_terminal:
        if settings.auth == "auto":
            what = "no AWX_TOKEN and no AWX_PASSWORD: set one of them, or put it into .env "
        else:
            what = f"{settings.auth} takes a password: set AWX_PASSWORD, or put it into .env "
        more = ", AWX_PASSWORD_COMMAND and token login do, too)"
        raise UsageError(f"{what}(--password-file{more}")
    return Password(_typed(f"Password of {settings.username} at {settings.host}: "), "as typed")


def line_of(path: str, source: str) -> str:
    """Return the one line of a file that holds a secret; `-` is standard input.

    Raises UsageError where there is no such line.
    """
    if path == STDIN and not sys.stdin:
        raise UsageError(f"{source}: it takes standard input, and that is closed")
    if path == STDIN and sys.stdin.isatty():
        return _typed(f"{source}: ")
    try:
        if path == STDIN:
            content = sys.stdin.buffer.read(LONGEST + 1)
        else:
            exposure.warn_of_readable(Path(path))
            with open(path, "rb") as stream:  # noqa: PTH123  # a pipe of the shell's, too
                content = stream.read(LONGEST + 1)
    except OSError as error:
        raise UsageError(f"{source}: cannot read {path}: {error.strerror}") from None
    return _line(content, source)


def _line(content: bytes, source: str) -> str:
    if len(content) > LONGEST:
        raise UsageError(f"{source}: it takes one line, and this is more than {LONGEST} bytes")
    try:
        text = content.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise UsageError(f"{source}: it takes text in UTF-8") from None
    if not text or "\n" in text:
        found = "several lines" if text else "nothing"
        raise UsageError(f"{source}: it takes one line, and this is {found}")
    return text


def _told_by(command: str, source: str) -> str:
    """Return what a command prints; it may talk to the person meanwhile, as gpg and pass do."""
    import shlex  # noqa: PLC0415  # only where a command is asked

    try:
        words = shlex.split(command)
    except ValueError as error:
        raise UsageError(f"{source}: it takes a command as a shell has it ({error})") from None
    try:
        # It may be asked in mid-run and wait for somebody: nothing is torn where it is ended.
        with signals.let_through():
            content, code = _run(words)
    except (OSError, IndexError) as error:
        reason = getattr(error, "strerror", None) or error
        name = words[0] if words else "nothing"
        raise UsageError(f"{source}: cannot run {name}: {reason}") from None
    if code and len(content) <= LONGEST:
        raise UsageError(f"{source}: {words[0]} ended with {code}")
    return _line(content, source)


def _run(words: Sequence[str]) -> tuple[bytes, int]:
    """Return what a program prints and its exit code; it is ended where it prints too much."""
    import subprocess  # noqa: PLC0415  # only where a command is asked

    # No shell: what is set for us is a program with its arguments.
    with subprocess.Popen(words, stdout=subprocess.PIPE) as program:  # noqa: S603
        try:
            content = program.stdout.read(LONGEST + 1) if program.stdout else b""
            if len(content) <= LONGEST:
                program.wait()
        finally:
            # Whatever goes on by now is not wanted any more: we are told to end, or it is broken.
            if program.poll() is None:
                program.terminate()
                try:
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        program.wait(ENDS_WITHIN_S)
                finally:
                    program.kill()
    return content, program.returncode


def _typed(question: str) -> str:
    from getpass import getpass  # noqa: PLC0415  # only on a terminal

    try:
        answer = getpass(question)
    except EOFError:
        answer = ""
    if not answer:
        raise UsageError("no password was typed")
    return answer
