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
from utils.options import Option, env_name, flag_name, option, switch
from utils.setting_texts import lookup, read

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

HOME = Path(__file__).resolve().parent

# What the embedded AWX can pose as; a test holds these to `demo.poses`.
POSES = ("awx", "gateway", "no-oauth", "tower-3.2")
# The ways of signing in; docs/authentication.md has what each is for.
WAYS = (
    "auto", "token", "basic", "personal", "password", "client-credentials", "authorization-code",
    "authtoken", "session",
)  # fmt: skip
# What a report compares; a test holds them to `utils.statistics.groups`.
BY = ("template", "inventory", "project", "organization", "user", "day", "week", "hour")
# What AWX says of how a job was launched.
LAUNCH_TYPES = (
    "manual", "relaunch", "callback", "scheduled", "dependency", "workflow", "webhook", "sync",
    "scm",
)  # fmt: skip
# The forms of a result: of most commands, and of those that list.
OUTPUTS = ("text", "json")
LIST_OUTPUTS = (*OUTPUTS, "jsonl", "csv")
# Those that a report has for files, each with its setting.
FILES = ("html", "csv")


@dataclass(frozen=True, eq=False)
class Settings:
    """Every setting with its value. A field `if_running` is `--if-running` and `AWX_IF_RUNNING`."""

    # Connection
    host: str = option(
        "http://localhost:8080", "address of AWX", values.address, metavar="URL",
        also=("CONTROLLER_HOST", "AAP_HOSTNAME", "TOWER_HOST"),
    )  # fmt: skip
    username: str = option(
        "admin", "user to get a token for", metavar="NAME",
        also=("CONTROLLER_USERNAME", "AAP_USERNAME", "TOWER_USERNAME"),
    )  # fmt: skip
    password: str = option(
        "", "that user's password; asked for on a terminal if not set", flags=(), secret=True,
        also=("AWX_ADMIN_PASSWORD", "CONTROLLER_PASSWORD", "AAP_PASSWORD", "TOWER_PASSWORD"),
    )  # fmt: skip
    token: str = option(
        "", "a token to use as it is; no password is needed then, and it is not revoked",
        values.token, flags=(), secret=True,
        also=("CONTROLLER_OAUTH_TOKEN", "AAP_TOKEN", "TOWER_OAUTH_TOKEN"),
    )  # fmt: skip
    auth: str = option(
        "auto", f"how to sign in: {', '.join(WAYS)} (see docs/authentication.md)",
        values.one_of(*WAYS), metavar="WAY",
    )  # fmt: skip
    token_file: str = option(
        "", "file with a token to use, - for standard input; read again where it has ended",
        metavar="FILE", is_path=True, or_dash=True,
    )  # fmt: skip
    password_file: str = option(
        "", "file with the password, - for standard input", metavar="FILE", is_path=True,
        or_dash=True,
    )  # fmt: skip
    password_command: str = option(
        "", "program that prints the password, such as 'pass show awx' (no shell runs it)",
        metavar="COMMAND", secret=True,
    )  # fmt: skip
    client_id: str = option("", "application of AWX's to get the token by", metavar="ID")
    client_secret: str = option(
        "", "that application's secret; a public one has none", flags=(), secret=True
    )
    verify_ssl: bool = option(
        True, "do not verify TLS certificates", values.boolean,
        flags=("--insecure", "-k"), constant="false",
        also=("CONTROLLER_VERIFY_SSL", "AAP_VALIDATE_CERTS", "TOWER_VERIFY_SSL"),
    )  # fmt: skip
    ca_bundle: str = option("", "certificates to trust, PEM", metavar="FILE", is_path=True)
    client_cert: str = option("", "certificate to show to AWX, PEM", metavar="FILE", is_path=True)
    client_key: str = option("", "key of that certificate, PEM", metavar="FILE", is_path=True)
    api_prefix: str = option(
        "", "path of the API, such as /api/v2/", metavar="PATH", default_text="found by itself"
    )
    connect_timeout: float = option(
        5.0, "longest wait for a connection", values.duration_s, metavar="TIME", default_text="5s"
    )
    read_timeout: float = option(
        30.0, "longest wait for an answer", values.duration_s, metavar="TIME", default_text="30s"
    )
    env_file: str = option(
        "", "file to read settings from", metavar="FILE", is_path=True,
        default_text=".env beside main.py",
    )  # fmt: skip

    # What to run
    template: str = option("", "job template, by id or name", metavar="ID|NAME")
    inventory: str = option(
        "", "inventory, where the template asks for one", metavar="ID|NAME",
        default_text="the template's",
    )  # fmt: skip
    credential: tuple[str, ...] = option(
        (), "credential, where the template asks for it; repeatable", metavar="ID|NAME",
        repeatable=True, default_text="the template's",
    )  # fmt: skip
    project: str = option(
        "", "project to sync before the launch", metavar="ID|NAME", default_text="the template's"
    )
    extra_vars: tuple[str, ...] = option(
        (), "variables: k=v, JSON, YAML or @file; repeatable, later wins", metavar="VARS",
        flags=("--extra-vars", "-e"), repeatable=True, secret=True,
    )  # fmt: skip
    limit: str = option("", "run on these hosts only, as Ansible reads it", metavar="PATTERN")
    tags: str = option("", "run only what has these tags, with commas between", metavar="TAGS")
    skip_tags: str = option("", "leave out what has these tags", metavar="TAGS")
    job_type: str = option(
        "", "run, or check (a dry run)", values.one_of("run", "check"), metavar="TYPE"
    )
    verbosity: int | None = option(
        None, "Ansible's verbosity, 0 to 5", values.whole_number(0, 5), metavar="N"
    )
    diff: bool = switch("show what Ansible changes in files")
    forks: int | None = option(
        None, "hosts to work on at the same time", values.whole_number(0), metavar="N"
    )
    labels: tuple[str, ...] = option(
        (), "label to put on the job; repeatable", metavar="ID|NAME", repeatable=True
    )
    execution_environment: str = option("", "execution environment to run in", metavar="ID|NAME")
    instance_group: tuple[str, ...] = option(
        (), "instance group to run on; repeatable", metavar="ID|NAME", repeatable=True
    )

    # How to run it
    expect_host: tuple[str, ...] = option(
        (), "host that must be in the inventory and enabled; repeatable", metavar="NAME",
        repeatable=True,
    )  # fmt: skip
    reachable: bool = switch("ping the hosts through AWX first (runs an ad hoc command)")
    sync: str = option(
        "always", "sync the project first: always, never, or auto (only if need be)",
        values.one_of("always", "auto", "never"), metavar="WHEN",
    )  # fmt: skip
    retries: int = option(
        0, "start it again so many times where it fails", values.whole_number(0, 100), metavar="N"
    )
    retry_delay: float = option(
        30.0, "pause before the first of these", values.duration_s, metavar="TIME",
        default_text="30s",
    )  # fmt: skip
    retry_backoff: float = option(
        2.0, "by what the pause grows each time", values.factor, metavar="FACTOR"
    )
    retry_on: tuple[str, ...] = option(
        ("failed", "error"), "after which ends: failed, error, canceled; repeatable",
        values.one_of("failed", "error", "canceled"), metavar="STATUS", repeatable=True,
        joined=True, default_text="failed, error",
    )  # fmt: skip
    retry_hosts: str = option(
        "failed", "on which hosts: those that failed, or all", values.one_of("failed", "all"),
        metavar="WHICH",
    )  # fmt: skip
    retry_if: str = option(
        "", "only if this jq expression holds of the summary (as jq --exit-status has it)",
        metavar="EXPR",
    )  # fmt: skip
    timeout: float = option(
        0.0, "longest time for all of it; the job of a run is then canceled", values.duration_s,
        metavar="TIME", default_text="none",
    )  # fmt: skip
    on_timeout: str = option(
        "cancel", "what becomes of the job at that time: cancel or leave",
        values.one_of("cancel", "leave"), metavar="WHAT",
    )  # fmt: skip
    on_interrupt: str = option(
        "cancel", "the same at Ctrl-C (a terminal is asked) and SIGTERM",
        values.one_of("cancel", "leave"), metavar="WHAT",
    )  # fmt: skip
    if_running: str = option(
        "launch", "where jobs of the template are under way: launch all the same, wait for their "
        "end, skip this run, or fail",
        values.one_of("launch", "wait", "skip", "fail"), metavar="WHAT",
    )  # fmt: skip
    same_limit: bool = switch("with --if-running, look at jobs with the same limit only")
    history: int = option(10, "past jobs to show; 0 for none", values.whole_number(0), metavar="N")
    relaunch_hosts: str = option(
        "failed", "which hosts of the job: those that failed, or all",
        values.one_of("failed", "all"), flags=("--hosts",), metavar="WHICH",
    )  # fmt: skip
    watch: bool = switch("follow the job to its end")
    yes: bool = switch("do not ask before doing it", flags=("--yes", "-y"))

    # Which jobs to show
    status: tuple[str, ...] = option(
        (), "only jobs with this status; repeatable", metavar="STATUS", repeatable=True,
        read=values.one_of(
            "new", "pending", "waiting", "running", "successful", "failed", "error", "canceled"
        ), joined=True,
    )  # fmt: skip
    only_template: str = option(
        "", "only jobs of this template", flags=("--template",), metavar="ID|NAME"
    )
    only_inventory: str = option(
        "", "only jobs on this inventory", flags=("--inventory",), metavar="ID|NAME"
    )
    only_project: str = option(
        "", "only jobs out of this project", flags=("--project",), metavar="ID|NAME"
    )
    only_user: str = option(
        "", "only jobs that this user launched", flags=("--user",), metavar="NAME"
    )
    launch_type: tuple[str, ...] = option(
        (), "only jobs launched that way, such as manual or scheduled; repeatable",
        metavar="TYPE", repeatable=True, joined=True, read=values.one_of(*LAUNCH_TYPES),
    )  # fmt: skip
    filter: tuple[str, ...] = option(
        (), "only what this filter of AWX's leaves, such as elapsed__gt=60; repeatable",
        metavar="FIELD=VALUE", repeatable=True,
    )  # fmt: skip
    order: str = option(
        "-id", "by which field, such as created or -elapsed (- for the greatest first)",
        metavar="FIELD", default_text="newest first", dashed=True,
    )  # fmt: skip
    since: str = option(
        "",
        "only jobs created since then: 7d, 12h, today, 2026-01-31 (report: 30d unless given)",
        metavar="WHEN",
    )
    until: str = option("", "only jobs created before that: 7d, 12h, 2026-01-31", metavar="WHEN")
    all: bool = switch("all jobs that fit, however many")

    # What to report of them
    by: str = option(
        BY[0], f"what to compare: {', '.join(BY)}", values.one_of(*BY), metavar="WHAT",
    )  # fmt: skip
    tz: str = option(
        "", "zone of days and hours, such as Europe/Berlin", metavar="ZONE",
        default_text="this machine's",
    )  # fmt: skip
    slo: float | None = option(
        None, "target for the success rate: its error budget is shown", values.percentage,
        metavar="PERCENT",
    )  # fmt: skip
    fail_under: float | None = option(
        None, "exit 1 where the success rate is below that", values.percentage, metavar="PERCENT"
    )
    html: str = option(
        "", "write a page with all of it, charts too; - for standard output", metavar="FILE",
        is_path=True, or_dash=True,
    )  # fmt: skip
    csv: str = option(
        "", "write what is compared as a table; - for standard output", metavar="FILE",
        is_path=True, or_dash=True,
    )  # fmt: skip
    store: bool = option(
        True, "ask for all jobs, and keep none here for the next report", values.boolean,
        flags=("--no-store",), constant="false",
    )  # fmt: skip
    refresh: bool = switch("forget the jobs kept here and ask for all of them again")
    dashboard: str = option(
        "", "write the page of report there at the end, of the last 30 days", metavar="FILE",
        is_path=True,
    )  # fmt: skip

    # What to show, and where
    output: str = option(
        "text", "text, or json (one document on standard output)", values.one_of(*OUTPUTS),
        flags=("--output", "-o"), metavar="FORMAT",
    )  # fmt: skip
    jq: str = option("", "filter that document with a jq expression", metavar="EXPR")
    format: str = option(
        "txt", "of the log: txt, ansi (with colours), html or json",
        values.one_of("txt", "ansi", "html", "json"), metavar="FORMAT",
    )  # fmt: skip
    follow: bool = switch("go on with what comes, until the job is over")
    tail: int | None = option(None, "only the last lines", values.whole_number(0), metavar="N")
    only_host: tuple[str, ...] = option(
        (), "only of this host of the job, a pattern; repeatable (an address is AWX's)",
        flags=("--host",), metavar="NAME", repeatable=True,
    )  # fmt: skip
    task: tuple[str, ...] = option(
        (), "only of this task, a pattern such as 'Restart*'; repeatable", metavar="NAME",
        repeatable=True,
    )  # fmt: skip
    failed: bool = switch("only of failed tasks and unreachable hosts")
    save_log: str = option("", "save the job's output here too", metavar="FILE", is_path=True)
    save: str = option("", "write to this file", metavar="FILE", is_path=True)
    log_dir: str = option(
        str(HOME / "logs"), "folder for logs, job outputs and journals", metavar="DIR",
        is_path=True, default_text="logs/ beside main.py",
    )  # fmt: skip
    quiet: bool = switch("only warnings and errors on standard error", flags=("--quiet", "-q"))
    verbose: bool = switch("more detail on standard error", flags=("--verbose", "-v"))
    no_color: bool = switch("no colours; NO_COLOR does the same")

    # Tokens
    token_scope: str = option(
        "write", "what the token is for: read or write", values.one_of("read", "write"),
        flags=("--scope",), metavar="SCOPE",
    )  # fmt: skip
    token_description: str = option(
        "", "what AWX's list is to say of it", flags=("--description",), metavar="TEXT"
    )
    application: str = option(
        "", "application to make the token for", metavar="ID|NAME", default_text="a personal token"
    )
    print: bool = switch("print the token and keep it nowhere")
    browser: bool = option(
        True, "open no browser: print the address, take the code that it leads to",
        values.boolean, flags=("--no-browser",), constant="false",
    )  # fmt: skip
    redirect_uri: str = option(
        "http://127.0.0.1:8060/callback", "where AWX sends the browser back to, as its application "
        "has it", values.loopback, metavar="URL",
    )  # fmt: skip
    ours: bool = switch("all that runs of this program have left behind")
    all_users: bool = switch("those of all users, as far as AWX shows them")
    local: bool = switch("forget it here only, whatever AWX says")

    # The embedded AWX
    demo: bool = switch("run against the embedded AWX, started for this run")
    demo_port: int = option(
        8080, "port to listen on", values.whole_number(0, 65535), flags=("--port",), metavar="N"
    )
    demo_jobs: int = option(
        0, "past jobs to make up beside its own", values.whole_number(0), flags=("--jobs",),
        metavar="N",
    )  # fmt: skip
    demo_as: str = option(
        POSES[0], f"pose as another server: {', '.join(POSES[1:])}", values.one_of(*POSES),
        flags=("--as",), metavar="SERVER",
    )  # fmt: skip

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
            what = options()[name].help.partition(",")[0]
            raise UsageError(f"no {what}: pass {flag_name(name)} or set {env_name(name)}")

    def require_with(self, name: str, other: str) -> None:
        """Raise UsageError for a flag that does nothing, since another one is not set."""
        source = self.source(name)
        if source.startswith("-") and not getattr(self, other):
            raise UsageError(f"{source} does nothing without {flag_name(other)}")

    def given(self, without: Collection[str]) -> dict[str, object]:
        """Return what was set for a run, wherever it came from, as its journal keeps it.

        Secrets are not kept; those that shape the job are named under `withheld`.
        """
        table = options()
        names = [name for name in self.sources if name in table and name not in without]
        flags = {name: _texts(getattr(self, name)) for name in names if not table[name].secret}
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
