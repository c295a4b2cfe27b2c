"""Whether we ourselves may launch, out of what a run has asked for anyway where that tells."""

from __future__ import annotations

from shlex import join
from typing import TYPE_CHECKING

from utils import logger
from utils.errors import BadAnswer, Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from utils.awx_client import Client
    from utils.record import Record

log = logger.get("access")

# The flags by which the rest is named.
_NAMED = frozenset({"inventory", "credential", "instance group"})


def require_execute(
    client: Client, username: str, template: Record, *, is_sure: bool = True
) -> None:
    """Raise Refused where we may not launch a template, naming the role that lacks.

    `user_capabilities.start` says yes in a run. It says no also to a token that may only read,
    whatever its user may do, so that then the access list is asked. `is_sure` is whether a no
    holds where that does not tell.
    """
    if may_start(template, default=True):
        return
    if username:
        try:
            if _holds(client, username, "execute_role", template):
                return
        except BadAnswer as error:
            log.debug("who may launch it is not known: %s", error)
            if not is_sure:
                return
    raise lacking(username, "execute", template, "template")


def may_start(template: Record, *, default: bool) -> bool:
    """Return whether AWX says that we may launch a template; `default` is for where it is mute."""
    may = template.maybe_record("summary_fields").maybe_record("user_capabilities")
    return may.flag("start", default=default)


def lacking(username: str, role: str, row: Record, noun: str) -> Refused:
    """Return that somebody lacks a role, and how an administrator gives it."""
    number, name = row.integer("id"), row.text("name")
    who = username or "this user"
    return Refused(f"{who} lacks the {role} role on {noun} {number} ({name}); "
                   f"{remedy(username, role, noun, str(number))}")  # fmt: skip


def remedy(username: str, role: str, noun: str, named: str) -> str:
    """Return how an administrator gives a role on what is named so."""
    return f"an administrator gives it by: {grant_line(username or 'NAME', role, noun, named)}"


def grant_line(username: str, role: str, noun: str, named: str) -> str:
    """Return the command that gives a role."""
    flag = f"--{noun.replace(' ', '-')}"
    words = ["access", "grant", "--user", username, "--role", role, flag, named]
    return f"python main.py {join(words)}"


def template_not_shown(error: Refused, username: str, wanted: str) -> Refused:
    """Return that a template is not shown to us, and which role shows and launches it."""
    how = remedy(username, "execute", "template", wanted)
    return with_words(error, f"to launch it takes the execute role; {how}")


def not_shown(error: Refused, what: str) -> Refused:
    """Return that something passed to a launch is not even shown to us."""
    if what not in _NAMED:
        return error
    return with_words(error, "to pass it to a launch takes the use role on it")


def with_words(error: Refused, words: str) -> Refused:
    """Return what AWX refuses with what may be done about it."""
    return Refused(f"{str(error).rstrip('.')}; {words}", status=error.status)


def require_use(
    client: Client,
    username: str,
    passed: Iterable[Record],
    own_credentials: Collection[int],
    path: str,
) -> None:
    """Raise Refused for something passed to the template at `path` that may not be used.

    A credential tells it itself (`user_capabilities.use`). Of an inventory and of an instance group
    only its access list does, which is asked for where we do not administer it; where it is not
    shown, or we are not known, the launch will say. What the template has by itself takes no role.
    """
    for row in passed:
        kind = row.maybe_text("type")
        may = row.maybe_record("summary_fields").maybe_record("user_capabilities")
        if kind == "credential" and row.integer("id") not in own_credentials:
            is_fit = may.flag("use", default=True)
        elif kind in {"inventory", "instance_group"} and username and "edit" in may:
            is_fit = may.flag("edit") or _may_use(client, username, row)
        else:
            continue
        if kind == "instance_group" and not is_fit:
            is_fit = row.integer("id") in own_groups(client, path)
        if not is_fit:
            raise lacking(username, "use", row, kind.replace("_", " "))


def own_groups(client: Client, path: str) -> set[int]:
    """Return the ids of the instance groups of a template (`GET .../instance_groups/`).

    What `launch/` calls its defaults has none of them.
    """
    return {row.integer("id") for row in client.walk(f"{path}instance_groups/")}


def _may_use(client: Client, username: str, row: Record) -> bool:
    try:
        return _holds(client, username, "use_role", row)
    except (BadAnswer, Refused) as error:
        log.debug("who may use it is not known: %s", error)
        return True


def _holds(client: Client, username: str, role: str, row: Record) -> bool:
    from utils.access import launching  # noqa: PLC0415  # seldom needed
    from utils.resources import of_row  # noqa: PLC0415  # likewise

    return bool(launching.held(client, username, role, of_row(row)).through)
