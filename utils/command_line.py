"""The command line, made from the table of settings and the table of commands."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from config import options
from utils import hints, output
from utils.errors import UsageError
from utils.settings.showing import OUTPUTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from config import Settings
    from utils.flow import Step

WIDTH = 80

CONNECTION = (
    "host", "username", "auth", "token_file", "password_file", "password_command", "client_id",
    "ca_bundle", "client_cert", "client_key", "verify_ssl", "api_prefix",
    "connect_timeout", "read_timeout", "env_file",
)  # fmt: skip
# Settings that share a flag with the connection; an address is always that of AWX.
SHARED = {"only_host": "host"}
# They have no flags.
SECRETS = ("password", "token", "client_secret")
TALKING = ("log_dir", "quiet", "verbose", "no_color")
RESULT = ("output", "jq")


@dataclass(frozen=True)
class Call:
    """What a command in `commands/` gets: settings, arguments, the flow's steps, all commands."""

    settings: Settings
    arguments: tuple[str, ...]
    flow: tuple[Step, ...]
    commands: tuple[Command, ...] = ()


@dataclass(frozen=True)
class Command:
    """A verb: what it does, which settings it takes as flags, what stands without a flag.

    `several` says that the argument may be repeated, `optional` that it may be left out; `renamed`
    gives a setting another flag in this command; `reads` are settings that it has no flag for;
    `needs` is the scope that its token must have, `outputs` are the forms that it can write. Its
    code is `run()` in the module of that name in `commands/`; for a name of two words, such as
    `token create`, it is `run_create()`.
    """

    name: str
    help: str
    settings: tuple[str, ...]
    argument: str = ""
    argument_help: str = ""
    several: bool = False
    optional: bool = False
    renamed: tuple[tuple[str, str], ...] = ()
    reads: tuple[str, ...] = ()
    connects: bool = True
    needs: str = "read"
    outputs: tuple[str, ...] = OUTPUTS

    @property
    def fields(self) -> tuple[str, ...]:
        """All settings that this command reads."""
        return (
            self.settings + self.reads + (CONNECTION if self.connects else ()) + SECRETS + TALKING
        )


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see: {self.prog} --help")


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """The same text with every Python from 3.10, and at every width of the terminal."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30, width=WIDTH)

    def _format_action_invocation(self, action: argparse.Action) -> str:
        if not action.option_strings:
            return super()._format_action_invocation(action)
        value = f" {action.metavar}" if action.metavar else ""
        return f"{', '.join(action.option_strings)}{value}"


def parser_for(command: Command, program: str) -> argparse.ArgumentParser:
    """Return the parser of one command."""
    parser = _Parser(
        prog=f"{program} {command.name}",
        description=command.help,
        usage=f"{program} {_called(command)} [FLAGS]",
        formatter_class=_Formatter,
        allow_abbrev=False,
        add_help=False,
    )
    if command.argument:
        group = parser.add_argument_group("argument")
        group.add_argument(
            "arguments",
            metavar=command.argument,
            help=command.argument_help,
            nargs="*" if command.optional else "+" if command.several else 1,
        )
    flags = parser.add_argument_group("flags")
    _add(flags, command.settings, dict(command.renamed), command.outputs)
    if command.connects:
        names = [name for name in CONNECTION if name not in _shared(command)]
        _add(parser.add_argument_group("connection"), names, {})
    talking = parser.add_argument_group("messages and files")
    _add(talking, TALKING, {})
    talking.add_argument("--help", "-h", action="help", help="show this text")
    return parser


def _shared(command: Command) -> dict[str, str]:
    """Return which connection setting has its flag taken by which of a command's own."""
    return {SHARED[name]: name for name in command.settings if name in SHARED}


def _add(
    group: argparse._ArgumentGroup,  # argparse has no public name for it
    names: Iterable[str],
    renamed: Mapping[str, str],
    outputs: Sequence[str] = OUTPUTS,
) -> None:
    table = options()
    for name in names:
        option = table[name]
        flags = [renamed[name]] if name in renamed else list(option.flags)
        text = option.help.replace("%", "%%")
        if name == "output" and outputs != OUTPUTS:
            text = f"{', '.join(outputs[:-1])} or {outputs[-1]}"
        if option.told_default:
            text += f" (default: {option.told_default})"
        if option.constant:
            group.add_argument(
                *flags, dest=name, action="append_const", const=option.constant, help=text
            )
        else:
            group.add_argument(
                *flags, dest=name, action="append", metavar=option.metavar, help=text
            )


def overview(commands: Sequence[Command], program: str, tail: str) -> str:
    """Return the text of `--help`: the commands, and the flags of the default one."""
    default = commands[0]
    width = max(len(_called(command)) for command in commands)
    lines = [f"  {_called(command):{width}}  {command.help}" for command in commands]
    flags = parser_for(default, program).format_help().partition("flags:")[2]
    return (
        f"usage: {program} [COMMAND] [FLAGS]\n\n{tail}\n\n"
        "commands (run is the default; each has its own --help):\n"
        + "\n".join(lines)
        + f"\n\nflags of {default.name}:{flags}"
    )


def _called(command: Command) -> str:
    return f"{command.name} {command.argument}{'...' if command.several else ''}".strip()


def parse(
    argv: Sequence[str], commands: Sequence[Command], program: str
) -> tuple[Command, dict[str, list[str]], tuple[str, ...]]:
    """Return the command, its flags' texts by setting, and its arguments.

    Raises UsageError for what is not on the command line's menu.
    """
    by_name = {command.name: command for command in commands}
    name, rest = _named(argv, commands, program)
    if name not in by_name:
        raise UsageError(hints.unknown(name, by_name, program))
    command = by_name[name]
    known, strange = parser_for(command, program).parse_known_intermixed_args(list(_joined(rest)))
    if strange:
        raise UsageError(hints.strange(strange[0], command, by_name, program))
    found = vars(known)
    for name, own in _shared(command).items():
        given = found.get(own) or []
        found[name] = [text for text in given if "://" in text]
        found[own] = [text for text in given if "://" not in text]
    arguments = tuple(found.pop("arguments", ()))
    return command, {key: value for key, value in found.items() if value}, arguments


def _joined(argv: Sequence[str]) -> Iterator[str]:
    """Join flags with values that may begin with a dash, which argparse takes for other flags."""
    dashed = {flag for each in options().values() if each.dashed for flag in each.flags}
    left = iter(argv)
    for word in left:
        value = next(left, None) if word in dashed else None
        yield word if value is None else f"{word}={value}"


def _named(
    argv: Sequence[str], commands: Sequence[Command], program: str
) -> tuple[str, Sequence[str]]:
    """Return the command's name, which may be of two words, and what comes after it."""
    if not argv or argv[0].startswith("-"):
        return commands[0].name, argv
    first, rest = argv[0], argv[1:]
    family = [each for each in commands if each.name.startswith(f"{first} ")]
    if not family:
        return first, rest
    if rest and not rest[0].startswith("-"):
        return f"{first} {rest[0]}", rest[1:]
    if set(rest) & {"--help", "-h"}:
        output.result(_family_help(family, f"{program} {first}"))
        raise SystemExit(0)
    verbs = ", ".join(each.name.split()[1] for each in family)
    raise UsageError(f"{first} takes one of {verbs}; see: {program} {first} --help")


def _family_help(family: Sequence[Command], called: str) -> str:
    width = max(len(_called(each)) for each in family)
    lines = [f"  {_called(each):{width}}  {each.help}" for each in family]
    return "\n".join([f"usage: {called} VERB [FLAGS]", "", "each has its own --help:", *lines, ""])
