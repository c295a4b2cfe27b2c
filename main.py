"""Runs AWX job templates the way a careful operator would: `python main.py --template 9`."""

from __future__ import annotations

import gc
import signal
import sys

if __name__ == "__main__":
    # Hardly anything of what is imported is garbage; looking for it takes a tenth of the start.
    gc.set_threshold(20_000)

if __name__ == "__main__" and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    # Until there is anything to give back, Ctrl-C just ends it, without a word.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import config
from commands.table import COMMANDS
from utils import logger, output, signals
from utils.command_line import Call, overview, parse
from utils.errors import AppError, ExitCode
from utils.files import check_writable
from utils.flow import Step
from utils.journal import Journal
from utils.signals import Interrupted

if TYPE_CHECKING:
    from collections.abc import Sequence

log = logger.get("main")

__version__ = "0.1.0"

PROGRAM = "python main.py"
PURPOSE = "Runs AWX job templates the way a careful operator would."

STEPS = (
    Step("ping", "awx_status.ping"),
    Step("token", "auth.obtain"),
    Step("inventory", "inventory.check_inventory"),
    Step("hosts", "inventory.check_hosts"),
    Step("credentials", "credentials.check"),
    Step("project sync", "project_sync.sync"),
    Step("launch", "launch.launch"),
    Step("monitor", "retry.follow"),
    Step("stdout", "job_output.save", vital=False),
    Step("history", "history.recent", vital=False),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code; the only handler of errors there is."""
    try:
        logger.configure()
        signals.install()
        return _main(sys.argv[1:] if argv is None else argv)
    except (AppError, Interrupted) as error:
        say = log.error if error.exit_code else log.info
        say("%s", error)
        log.debug("raised here", exc_info=True)
        return error.exit_code
    except Exception:  # whatever it is: one line for the user, all of it in the log
        log.exception("a defect of this program; its traceback is in awx.log")
        return ExitCode.DEFECT


def _main(argv: Sequence[str]) -> int:
    if len(argv) > 1 and argv[0] == "help":
        argv = [*argv[1:], "--help"]
    if argv and argv[0] in {"--help", "-h", "help"}:
        output.result(overview(COMMANDS, PROGRAM, PURPOSE))
        return ExitCode.OK
    if argv and argv[0] == "--version":
        output.result(f"ansible-automation-api {__version__}\n")
        return ExitCode.OK
    command, flags, arguments = parse(argv, COMMANDS, PROGRAM)
    settings = config.resolve(
        flags,
        wanted=command.fields,
        renamed=dict(command.renamed),
        needs=command.needs,
        outputs=command.outputs,
    )
    logger.configure(verbose=settings.verbose, quiet=settings.quiet, color=not settings.no_color)
    logger.log_to_file(Path(settings.log_dir), settings.source("log_dir"))
    log.debug("%s, settings from %s", command.name, dict(settings.sources))
    for name in ("save", "save_log", "html", "csv", "dashboard"):
        if path := getattr(settings, name):
            check_writable(path, settings.source(name))
    if command.name == "run":
        import runner  # noqa: PLC0415  # not for a command that only asks

        return runner.start(settings, STEPS, Journal(Path(settings.log_dir)))
    module, _, verb = command.name.replace("-", "_").partition(" ")
    run = getattr(import_module(f"commands.{module}"), f"run_{verb}" if verb else "run")
    code: ExitCode = run(Call(settings, arguments, STEPS, COMMANDS))
    return code


if __name__ == "__main__":
    code = main()
    output.let_go()
    # What is left goes with the process; looking for garbage in it takes a tenth of a short run.
    gc.freeze()
    sys.exit(code)
