"""`token`: tokens in AWX that last, made, listed and ended; and the login kept on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import auth
from utils import json_output, logger, output, signals
from utils.asking import confirm
from utils.errors import AppError, BadAnswer, ExitCode, NotFound, Refused, UsageError
from utils.printable import printable
from utils.session import session
from utils.signing_in import lasting, left_behind, token_rows
from utils.signing_in.choosing import kept_elsewhere
from utils.signing_in.kept_logins import KeptLogins
from utils.signing_in.way import SignedIn
from utils.table import aligned

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from utils.awx_client import Client
    from utils.command_line import Call
    from utils.record import Record
    from utils.signing_in.kept_logins import Login

log = logger.get("token")

COLUMNS = ("id", "scope", "user", "application", "made", "ends", "description")


def run_login(call: Call) -> ExitCode:
    """Get a token that lasts by `--auth`, and keep it for this AWX and this user."""
    write = json_output.writer(call.settings)
    with session(call.settings) as (client, settings, done):
        login = lasting.logged_in(client, settings, done)
    if settings.output == "json":
        write(_document(login))
    else:
        log.info("logged in to %s as %s, %s", login.host, login.username, _facts(login))
    if first := call.settings.first_asked("token", "password"):
        source = call.settings.source(first)
        log.warning("%s is set, and goes before this login until it is not", source)
    return ExitCode.OK


def run_create(call: Call) -> ExitCode:
    """Make a token that lasts (`POST /api/v2/tokens/`) and keep it; `--print` only shows it."""
    write = json_output.writer(call.settings)
    with session(call.settings) as (client, settings, done):
        if not settings.print:
            lasting.prove()
        user = auth.obtain(client, settings, done)
        with signals.held():
            login = lasting.created(client, settings, user, is_kept=not settings.print)
            if settings.print:
                with lasting.ended_unless_kept(client, settings, login):
                    _print(login, write if settings.output == "json" else None)
                return ExitCode.OK
    if settings.output == "json":
        write(_document(login))
    else:
        log.info("token %d of %s is made, %s", login.token_id, login.username, _facts(login))
    return ExitCode.OK


def run_list(call: Call) -> ExitCode:
    """List the user's tokens, or those of all (`GET /api/v2/tokens/`); no row shows its value."""
    write = json_output.writer(call.settings)
    with session(call.settings) as (client, settings, done):
        user = auth.obtain(client, settings, done)
        whose = "" if settings.all_users else user.username
        rows = list(token_rows.walk(client, whose))
    if settings.output == "json":
        write([dict(row.items()) for row in rows])
        return ExitCode.OK
    if not rows:
        log.info("no tokens")
    output.result("\n".join(aligned(COLUMNS, [_cells(row) for row in rows])) + "\n")
    return ExitCode.OK


def run_revoke(call: Call) -> ExitCode:
    """End tokens by their ids, or with `--ours` those that runs of this program have left behind.

    What cannot be ended keeps none of the others from it: each is told, and the exit code is that
    of the first. The token that we ask with is ended last.
    """
    ids = call.arguments
    if bool(ids) is call.settings.ours:
        raise UsageError("token revoke takes the ids of tokens (token list shows them), or --ours")
    if wrong := [each for each in ids if not each.isdecimal()]:
        raise UsageError(f"a token is named by its id, a number: {wrong[0]!r} is none")
    with session(call.settings) as (client, settings, done):
        client.ping()  # its time is before that of the token's first use
        user = auth.obtain(client, settings, done)
        # To find it out may take AWX and us some seconds.
        own = done[SignedIn].way.life().token_id if settings.ours or len(ids) > 1 else 0
        # Who names a token twice means it once.
        chosen = sorted(dict.fromkeys(map(int, ids)), key=lambda each: each == own)
        if settings.ours:
            rows = [each for each in left_behind.of(client, settings, user) if _id(each) != own]
            if not rows:
                log.info("runs of this program have left no token behind")
                return ExitCode.OK
            output.result("\n".join(aligned(COLUMNS, [_cells(row) for row in rows])) + "\n")
            if not settings.yes:
                confirm(f"End {len(rows)} token(s)?", "no token was ended")
            chosen = [_id(row) for row in rows]
        return _end_all(client, chosen, may_be_gone=settings.ours)


def _end_all(client: Client, ids: Sequence[int], *, may_be_gone: bool) -> ExitCode:
    """End tokens (`DELETE /api/v2/tokens/N/`); return what the first that cannot be ended means."""
    path, codes = token_rows.path(client), []
    for each in ids:
        try:
            client.delete(f"{path}{each}/")
            log.info("token %d is ended", each)
        except NotFound as error:
            if not may_be_gone:
                log.error("AWX has no token %d", each)
                codes.append(error.exit_code)
        except (Refused, BadAnswer) as error:
            log.error("token %d is not ended: %s", each, error)
            codes.append(error.exit_code)
    return codes[0] if codes else ExitCode.OK


def run_logout(call: Call) -> ExitCode:
    """End the kept login of this AWX in AWX and forget it; `--local` only forgets it."""
    logins = KeptLogins()
    settings = call.settings
    username = settings.username if settings.asked("username") else ""
    login = logins.find(settings.host, username, bare=settings.local)
    if not login:
        raise UsageError(f"no login to {settings.host} is kept{kept_elsewhere()}")
    if login.is_given:
        log.info("the token was given to this program: it goes on in AWX (token revoke ends it)")
    elif not settings.local:
        try:
            with session(settings) as (client, settings_now, _):
                lasting.end(client, settings_now, login)
        except AppError as error:
            text = f"{error} (token logout --local forgets it here only)"
            raise type(error)(text, status=error.status) from error
    with logins.locked():
        logins.forget(login)
    log.info("logged out: %s at %s", login.username, login.host)
    return ExitCode.OK


def run_whoami(call: Call) -> ExitCode:
    """Say who AWX takes us for (`GET /api/v2/me/`), by what, for what, and until when."""
    write = json_output.writer(call.settings)
    with session(call.settings) as (client, settings, done):
        client.ping()  # its time is before that of the token's first use
        user = auth.obtain(client, settings, done)
        way = done[SignedIn].way
        life = way.life()
    found = {
        "user": user.username,
        "id": user.id,
        "awx": client.host,
        "method": user.method,
        "source": way.source,
        "scope": life.scope or None,
        "ends": life.ends.isoformat() if life.ends else None,
    }
    if settings.output == "json":
        write(found)
        return ExitCode.OK
    by = f"{user.method} (from {way.source})"
    rows = [("user", f"{user.username} ({user.id})"), ("at", client.host), ("by", by),
            ("scope", life.scope or "not known"), ("ends", _ends(life.ends))]  # fmt: skip
    output.result("".join(f"{name:6} {printable(text)}\n" for name, text in rows))
    return ExitCode.OK


def _print(login: Login, write: json_output.Write | None) -> None:
    if write:
        more = {"refresh_token": login.refresh_token} if login.refresh_token else {}
        write(_document(login) | {"token": login.token, **more})
    else:
        output.result(f"{login.token}\n")


def _id(row: Record) -> int:
    return row.integer("id")


def _cells(row: Record) -> tuple[str, ...]:
    people = row.maybe_record("summary_fields")
    made = row.time("created")
    return (
        str(row.integer("id")),
        row.maybe_text("scope"),
        printable(people.maybe_record("user").maybe_text("username")),
        printable(people.maybe_record("application").maybe_text("name") or "-"),
        f"{made.astimezone():%Y-%m-%d %H:%M %Z}" if made else "-",
        _ends(row.time("expires")),
        printable(row.maybe_text("description") or "-"),
    )


def _ends(moment: datetime | None) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M %Z}" if moment else "not known"


def _facts(login: Login) -> str:
    where = {"keyring": "in the system's keyring", "file": f"in {KeptLogins().path}"}
    scope = f"scope {login.scope}, " if login.scope else ""
    until = f"until {_ends(login.ends_at)}, " if login.ends_at else ""
    return f"{scope}{until}kept {where[login.kept_in]}"


def _document(login: Login) -> dict[str, object]:
    return {
        "awx": login.host, "user": login.username, "id": login.token_id or None,
        "scope": login.scope or None, "ends": login.ends or None,
        "application": login.client_id or None, "kept_in": login.kept_in or None,
    }  # fmt: skip
