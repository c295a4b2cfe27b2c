"""`access`: who may do what, given and taken away; whether one may launch; what to look at."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

import auth
from utils import json_output, list_writers, logger, output, resources
from utils.access import (
    auditing,
    defined,
    granting,
    held,
    holders,
    launching,
    looking,
    permission,
    reckoned,
    roles,
    showing,
    ways,
)  # fmt: skip
from utils.asking import confirm
from utils.errors import ExitCode, Refused, UsageError
from utils.printable import printable
from utils.session import session
from utils.signing_in.way import SignedIn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config import Settings
    from utils.access.ways import Way
    from utils.awx_client import Client
    from utils.command_line import Call
    from utils.signing_in.who import User

log = logger.get("access")


def run_list(call: Call) -> ExitCode:
    """List who may do what with a resource, or what users and teams hold, as text, JSON or CSV."""
    asked = call.settings
    setting = resources.chosen(asked, resources.SETTINGS, or_none=True)
    if not setting and not asked.access_user and not asked.access_team:
        raise UsageError("of what, or of whom? name a resource, or --user or --team")
    write = list_writers.chosen(asked, showing.WAYS)
    with session(asked) as (client, settings, done):
        user = auth.obtain(client, settings, done)
        people = holders.named(client, settings)
        if not setting and any(each.kind != "user" or each.id != user.id for each in people):
            _warn_of_a_part(user, is_all=any(held.of_the_system(client.get(f"users/{user.id}/"))))
        rows = _on(client, settings, setting, people) if setting else _of(client, people)
        if not write(client, rows):
            log.info("nobody has a role there" if setting else "no role is held")
    return ExitCode.OK


def _on(
    client: Client, settings: Settings, setting: str, people: list[holders.Holder]
) -> Iterator[Way]:
    resource = resources.found(client, settings, setting)
    users = {each.name for each in people if each.kind == "user"}
    teams = {each.id for each in people if each.kind == "team"}
    if not people or users:
        only = next(iter(users)) if len(users) == 1 else ""
        for each in _users_on(client, resource, only):
            if not people or each.user in users:
                yield each
    if not people or teams:
        for each in (*held.teams_on(client, resource), *defined.teams_above(client, resource)):
            if not people or each.team_id in teams:
                yield each


def _users_on(client: Client, resource: resources.Resource, username: str) -> list[Way]:
    if (listed := ways.to(client, resource, username)) is not None:
        return listed
    log.warning("reckoned from the assignments that AWX shows to this user: AWX 24.6.1 fails to "
                "list who has access to %s (500), as it does where somebody holds a role of an "
                "administrator's own making, or may approve in the workflow", resource)  # fmt: skip
    return reckoned.users_on(client, resource)


def _of(client: Client, people: list[holders.Holder]) -> Iterator[Way]:
    for each in people:
        yield from held.by(client, each)


def _warn_of_a_part(user: User, *, is_all: bool) -> None:
    if not is_all:
        log.warning("only what AWX shows to %s is looked at: sign in as a superuser or system "
                    "auditor for all of it", user.username)  # fmt: skip


def run_grant(call: Call) -> ExitCode:
    """Give a role on a resource to users and teams (`POST /api/v2/users/N/roles/`), once each."""
    return _change(call, is_given=True)


def run_revoke(call: Call) -> ExitCode:
    """Take a role on a resource from users and teams, asking first on a terminal."""
    return _change(call, is_given=False)


def _change(call: Call, *, is_given: bool) -> ExitCode:
    asked = call.settings
    setting = resources.chosen(asked, resources.SETTINGS)
    holders.require(asked)
    if not asked.access_role:
        raise UsageError("which role? name it by --role, such as --role execute")
    write = json_output.writer(asked)
    with session(asked) as (client, settings, done):
        auth.obtain(client, settings, done)
        people = holders.named(client, settings)
        resource = resources.found(client, settings, setting)
        role = roles.named(client, resource, settings.access_role)
        now = [granting.standing(client, each, role, resource) for each in people]
        losing = ", ".join(str(each.holder) for each in now if each.is_direct)
        if losing and not is_given and not settings.yes:
            confirm(f"Revoke {role.name} on {resource} from {losing}?", "nothing is revoked")

        def change(each: granting.Standing) -> granting.Outcome:
            if is_given:
                return granting.grant(client, each, role, resource, direct=settings.access_direct)
            return granting.revoke(client, each, role, resource)

        outcomes = granting.each_in_turn(now, change)
        if asked.output == "json":
            about = {
                "role": role.name,
                "resource_type": resource.kind.type,
                "resource_id": resource.id,
                "resource": resource.row.text("name"),
            }
            json_output.write_surely(write, [
                {each.holder.kind: each.holder.name, **about, "done": each.done,
                 "message": each.told} for each in outcomes
            ])  # fmt: skip
    return granting.exit_code(outcomes)


def run_check(call: Call) -> ExitCode:
    """Say whether users may launch a template, and by what, or which role they lack (exit 4).

    Without `--user`, and with `--as-me`, it is whoever signed in. It is out of access lists in
    either case: AWX's own word (`user_capabilities.start`) is no to all that asks with a token to
    read, as this does. Its yes to whoever signed in is believed where no list shows a way.
    """
    call.settings.require("template")
    if call.settings.as_me and call.settings.access_user:
        first, second = call.settings.source("as_me"), call.settings.source("access_user")
        raise UsageError(f"{first} and {second} do not go together")
    write = json_output.writer(call.settings)
    with session(call.settings) as (client, settings, done):
        user = auth.obtain(client, settings, done)
        needed = launching.needs(client, settings, user.username)
        names = [holders.user(client, text).name for text in settings.access_user]
        found = [_checked(client, user, name, needed) for name in names or [user.username]]
    if settings.output == "json":
        write([{"user": name, "may_launch": all(each.through for each in each_needs),
                "needs": [each.document for each in each_needs]}
               for name, each_needs in found])  # fmt: skip
    else:
        for name, each_needs in found:
            _tell(name, each_needs, is_embedded=settings.demo)
    may_all = all(each.through for _, each_needs in found for each in each_needs)
    return ExitCode.OK if may_all else ExitCode.REFUSED


def _checked(
    client: Client, user: User, name: str, needed: list[tuple[str, resources.Resource]]
) -> tuple[str, list[launching.Need]]:
    found = []
    for role, resource in needed:
        if name == user.username:
            found.append(launching.own(client, name, role, resource))
            continue
        try:
            found.append(launching.held(client, name, role, resource))
        except Refused as error:
            raise Refused(
                f"who has access to {resource} is not shown to {user.username}, an "
                f"administrator may ask: {error}",
                status=error.status,
            ) from error
    return name, found


def _tell(name: str, needs: list[launching.Need], *, is_embedded: bool) -> None:
    may = "may" if all(each.through for each in needs) else "may not"
    lines = [f"{name} {may} launch {needs[0].resource}", *(f"  {each.told}" for each in needs)]
    lines += [
        f"  to give it: {permission.grant_line(name, each.name, *launching.flag_of(each.resource))}"
        for each in needs
        # Who is in the embedded AWX may be somebody else in another.
        if not each.through and not is_embedded
    ]
    output.result("".join(f"{printable(line)}\n" for line in lines))


def run_audit(call: Call) -> ExitCode:
    """Tell who may change and run what, who is idle, and which tokens go on for long."""
    write = list_writers.chosen(call.settings, showing.FINDINGS)
    with session(call.settings) as (client, settings, done):
        user = auth.obtain(client, settings, done)
        way = done[SignedIn].way
        # One that was made for this command ends with it.
        own = way.life().token_id if way.is_made else 0
        seen = looking.look(client, user.username, own)
        _warn_of_a_part(user, is_all=seen.is_all)
        now = client.server_time or datetime.now(timezone.utc)
        if client.api.is_gateway:
            log.warning("the gateway signs people in, AWX may not hear of it: who is told as "
                        "inactive may have logged in there")  # fmt: skip
        write(client, auditing.findings(
            seen, now, settings.access_inactive, lambda row: looking.last_launch(client, row)
        ))  # fmt: skip
    return ExitCode.OK
