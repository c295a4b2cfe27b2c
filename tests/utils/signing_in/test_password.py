from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import TYPE_CHECKING

import pytest

from utils import signals
from utils.errors import UsageError
from utils.signing_in import given_token, password

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config import Settings

    Make = Callable[..., Settings]

# The word that these tests use for a password.
WORD = "pä ss=wörd"


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    def feed(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    return feed


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_file_has_it_on_its_one_line(settings: Make, tmp_path: Path, end: str) -> None:
    file = tmp_path / "password"
    file.write_bytes((WORD + end).encode())
    file.chmod(0o600)
    found = password.obtain(settings(password_file=file))
    assert (found.value, found.source) == (WORD, "from --password-file")
    assert WORD not in repr(found)


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "nothing"), (b"\n", "nothing"), (b"a\nb\n", "several lines"), (b"\xff\n", "UTF-8")],
)
def test_what_is_no_password_is_told(
    settings: Make, tmp_path: Path, content: bytes, told: str
) -> None:
    file = tmp_path / "password"
    file.write_bytes(content)
    with pytest.raises(UsageError, match=f"--password-file: .*{told}"):
        password.obtain(settings(password_file=file))


@pytest.mark.parametrize(("length", "is_taken"), [(password.LONGEST, True), (1 << 17, False)])
def test_of_a_file_that_is_too_long_nothing_is_taken(
    settings: Make, tmp_path: Path, length: int, is_taken: bool
) -> None:
    file = tmp_path / "password"
    file.write_bytes(b"x" * length)
    if is_taken:
        assert len(password.obtain(settings(password_file=file)).value) == length
        return
    with pytest.raises(UsageError, match=r"--password-file: .*more than 65536 bytes"):
        password.obtain(settings(password_file=file))


def test_a_file_that_is_not_there_is_told(settings: Make, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--password-file: cannot read .*No such file"):
        password.obtain(settings(password_file=tmp_path / "none"))


def test_a_file_that_others_may_read_is_warned_of(
    settings: Make, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "password"
    file.write_text(WORD)
    file.chmod(0o644)
    password.obtain(settings(password_file=file))
    assert f"chmod 600 {file}" in caplog.text


def test_standard_input_has_it_too(settings: Make, stdin: Callable[[bytes], None]) -> None:
    stdin(f"{WORD}\n".encode())
    found = password.obtain(settings(password_file="-"))
    assert (found.value, found.source) == (WORD, "from standard input")


def test_standard_input_that_is_closed_is_told(
    settings: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(UsageError, match=r"--password-file: .*closed"):
        password.obtain(settings(password_file="-"))
    with pytest.raises(UsageError, match=r"--token-file: .*closed"):
        given_token.read(settings(token_file="-"))


@pytest.mark.parametrize(
    ("env", "password_file", "is_taken"),
    [({}, "-", False), ({}, "file", True), ({"AWX_TOKEN": "t0ken"}, "-", False)],
)
def test_standard_input_has_one_secret_at_most(
    settings: Make, env: dict[str, str], password_file: str, is_taken: bool
) -> None:
    asked = settings(env, token_file="-", password_file=password_file)
    if is_taken:
        password.check(asked)
        return
    with pytest.raises(UsageError, match="--token-file and --password-file: only one"):
        password.check(asked)


def test_a_command_prints_it(settings: Make) -> None:
    command = f"{sys.executable} -c \"print('two words')\""
    found = password.obtain(settings({"AWX_PASSWORD_COMMAND": command}))
    assert (found.value, found.source) == ("two words", "from AWX_PASSWORD_COMMAND")


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("no-such-program --get", "cannot run no-such-program: No such file"),
        ("false", "false ended with 1"),
        ("true", "this is nothing"),
        ("echo 'unfinished", "takes a command"),
        ("yes -- --get", "more than 65536 bytes"),
    ],
)
def test_a_command_that_fails_is_told_without_what_it_was_given(
    settings: Make, command: str, told: str
) -> None:
    with pytest.raises(UsageError, match=f"AWX_PASSWORD_COMMAND: .*{told}") as error:
        password.obtain(settings({"AWX_PASSWORD_COMMAND": command}))
    assert "--get" not in str(error.value)


@pytest.mark.parametrize("is_held", [False, True])
def test_a_command_that_waits_for_somebody_ends_with_the_time(
    settings: Make, tmp_path: Path, is_held: bool
) -> None:
    file = tmp_path / "pid"
    asked = settings({"AWX_PASSWORD_COMMAND": f"sh -c 'echo $$ > {file}; exec sleep 60'"})
    hold = signals.held if is_held else contextlib.nullcontext
    with pytest.raises(signals.Interrupted), hold(), signals.deadline(0.5):
        password.obtain(asked)
    with pytest.raises(ProcessLookupError):
        os.kill(int(file.read_text()), 0)


def test_a_flag_goes_before_a_setting(settings: Make, stdin: Callable[[bytes], None]) -> None:
    stdin(b"typed\n")
    chosen = settings({"AWX_PASSWORD": "set"}, password_file="-")
    assert password.chosen(chosen) == "password_file"
    assert password.obtain(chosen).value == "typed"


def test_without_any_all_that_can_be_set_is_named(
    settings: Make, stdin: Callable[[bytes], None]
) -> None:
    stdin(b"")
    told = "AWX_TOKEN.*AWX_PASSWORD.*--password-file.*AWX_PASSWORD_COMMAND.*token login"
    with pytest.raises(UsageError, match=told):
        password.obtain(settings())


class TestATokenFile:
    def test_has_the_token_on_its_line(self, settings: Make, tmp_path: Path) -> None:
        file = tmp_path / "token"
        file.write_text("t0ken\n")
        chosen = settings({"AWX_TOKEN": "other"}, token_file=file)
        assert given_token.read(chosen) == "t0ken"

    def test_of_what_is_no_token_is_told(self, settings: Make, tmp_path: Path) -> None:
        file = tmp_path / "token"
        file.write_text("to ken\n")
        with pytest.raises(UsageError, match=r"--token-file: .*is no token") as error:
            given_token.read(settings(token_file=file))
        assert "to ken" not in str(error.value)
