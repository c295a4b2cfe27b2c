from __future__ import annotations

import pytest

from commands.table import COMMANDS
from utils.command_line import overview, parse, parser_for
from utils.errors import UsageError

PROGRAM = "python main.py"


def parsed(*argv: str) -> tuple[str, dict[str, list[str]], str]:
    command, flags, arguments = parse(argv, COMMANDS, PROGRAM)
    return command.name, flags, " ".join(arguments)


@pytest.mark.parametrize(
    ("argv", "found"),
    [
        ([], ("run", {}, "")),
        (["--template", "9"], ("run", {"template": ["9"]}, "")),
        (["run", "--template=9"], ("run", {"template": ["9"]}, "")),
        (["-e", "a=1", "--extra-vars", "b=2"], ("run", {"extra_vars": ["a=1", "b=2"]}, "")),
        (["--insecure", "-q"], ("run", {"verify_ssl": ["false"], "quiet": ["true"]}, "")),
        (["--diff", "-k"], ("run", {"diff": ["true"], "verify_ssl": ["false"]}, "")),
        (["--credential", "3", "--credential", "x y"], ("run", {"credential": ["3", "x y"]}, "")),
        (["watch", "40"], ("watch", {}, "40")),
        (["watch", "--output", "json", "40"], ("watch", {"output": ["json"]}, "40")),
        (["watch", "40", "41", "-q", "42"], ("watch", {"quiet": ["true"]}, "40 41 42")),
        (["logs", "40", "--format", "html"], ("logs", {"format": ["html"]}, "40")),
        (["cancel", "40", "-y"], ("cancel", {"yes": ["true"]}, "40")),
        (["history", "--limit", "5"], ("history", {"history": ["5"]}, "")),
        (["run", "--limit", "web*"], ("run", {"limit": ["web*"]}, "")),
        (["run", "--limit=-web"], ("run", {"limit": ["-web"]}, "")),
        (["demo-server", "--port", "0"], ("demo-server", {"demo_port": ["0"]}, "")),
    ],
)
def test_what_is_meant(argv: list[str], found: tuple[str, dict[str, list[str]], str]) -> None:
    assert parsed(*argv) == found


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["lauch"], "no command 'lauch' (is 'launch' meant?); see: python main.py --help"),
        (["xyz"], "no command 'xyz'; see: python main.py --help"),
        (["--templat", "9"],
         "run has no flag --templat (is '--template' meant?); see: python main.py run --help"),
        (["--zzz=5"], "run has no flag --zzz; see: python main.py run --help"),
        (["ping", "--template", "9"],
         "ping has no flag --template; see: python main.py ping --help"),
        (["schedule", "export", "-o", "x.yml"],
         "schedule export has no flag -o; see: python main.py schedule export --help"),
        (["ping", "--retry-if", "."], "ping has no flag --retry-if; see"),
        (["ping", "--watch"], "ping has no flag --watch (launch, relaunch have it); see"),
        (["ping", "--tail", "5"], "ping has no flag --tail (logs has it); see"),
        (["history", "--history", "5"],
         "history has no flag --history (run has it); see: python main.py history --help"),
        (["ping", "--limi", "5"], "ping has no flag --limi; see"),
        (["--verbose", "ping"], "the command comes first: python main.py ping ..."),
        (["ping", "now"], "ping takes no argument 'now'; see: python main.py ping --help"),
        (["watch"], "the following arguments are required: JOB; see: python main.py watch --help"),
        (["--template"],
         "argument --template: expected one argument; see: python main.py run --help"),
        (["--temp", "9"], "run has no flag --temp"),
    ],
)  # fmt: skip
def test_what_is_not_on_the_menu_is_told_with_a_hint(argv: list[str], told: str) -> None:
    with pytest.raises(UsageError) as error:
        parsed(*argv)
    assert str(error.value).startswith(told)


def test_no_flag_takes_a_secret() -> None:
    text = "".join(parser_for(each, PROGRAM).format_help() for each in COMMANDS)
    assert "--password " not in text
    assert "--client-secret" not in text
    assert "--token " not in text


@pytest.mark.parametrize("columns", ["40", "80", "200"])
def test_the_help_is_the_same_at_every_width(monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    text = overview(COMMANDS, PROGRAM, "What it is for.")
    assert max(len(line) for line in text.splitlines()) <= 100
    for command in COMMANDS:
        assert f"\n  {command.name}" in text
    assert "--template ID|NAME" in text
    assert "--host URL" in text


def test_every_command_has_a_module() -> None:
    from importlib import import_module  # noqa: PLC0415  # these two for this only
    from importlib.util import find_spec  # noqa: PLC0415

    for command in COMMANDS[1:]:
        module, _, verb = command.name.replace("-", "_").partition(" ")
        assert find_spec(f"commands.{module}"), command.name
        if verb:
            assert callable(getattr(import_module(f"commands.{module}"), f"run_{verb}"))
