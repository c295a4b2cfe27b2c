"""Giving roles and taking them away, once, and only where that changes anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from utils import logger
from utils.access import defined, systems, ways
from utils.errors import AppError, BadAnswer, ExitCode, NotFound, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from utils.access.holders import Holder
    from utils.access.roles import Role
    from utils.awx_client import Client
    from utils.resources import Resource

log = logger.get("access")

# What AWX behind a gateway answers where the gateway alone may do it.
_NOT_HERE = ("Direct shared resource management disabled", "Not managed locally")
_ELSEWHERE = (
    "who is in which team and organization is for the gateway to say: do it in its web interface "
    "(Access Management), or by its own API, /api/gateway/v1/"
)


@dataclass(frozen=True)
class Standing:
    """Whether somebody holds a role himself, and by what else he has it."""

    holder: Holder
    is_direct: bool
    through: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What became of a grant or a revocation; `code` is the exit code that it means."""

    holder: Holder
    done: str
    told: str
    code: ExitCode = ExitCode.OK


def standing(client: Client, holder: Holder, role: Role, resource: Resource) -> Standing:
    """Return how somebody stands to a role before anything is changed.

    A user's other ways to it are out of the access list of the resource, and where AWX 24.6.1
    cannot show that (`ways.to`), as a team's out of assignments, where there are definitions.
    """
    is_direct = role.is_held(client, holder)
    if not role.field:
        return Standing(holder, is_direct)
    try:
        if holder.kind == "team":
            return Standing(holder, is_direct, _assigned(client, holder, role, resource))
        found = ways.to(client, resource, holder.name)
        if found is None:
            return Standing(holder, is_direct, _assigned(client, holder, role, resource))
    except (BadAnswer, Refused) as error:
        log.debug("by what else %s has it is not known: %s", holder, error)
        return Standing(holder, is_direct)
    others = [
        each for each in found
        if role.field in each.gives and not (each.is_direct and each.role_id == role.id)
    ]  # fmt: skip
    return Standing(holder, is_direct, _told(others))


def _assigned(client: Client, holder: Holder, role: Role, resource: Resource) -> tuple[str, ...]:
    if not systems.has_definitions(client):
        return ()
    found = defined.ways_to(client, holder, role.field, resource)
    return _told(each for each in found if not (each.is_direct and each.role == role.name))


def _told(others: Iterable[ways.Way]) -> tuple[str, ...]:
    told = (each.role if each.is_direct else each.through for each in others)
    return tuple(dict.fromkeys(told))


def grant(
    client: Client, now: Standing, role: Role, resource: Resource, *, direct: bool
) -> Outcome:
    """Give a role to who does not have it, and look whether he has it then."""
    holder, what = now.holder, f"{role.name} on {resource}"
    if now.is_direct:
        return Outcome(holder, "nothing", f"{holder} holds {what} already")
    if now.through and not direct:
        text = f"{holder} has {what} already, by {' and '.join(now.through)}"
        return Outcome(holder, "nothing", f"{text}; --direct grants it all the same")
    return _change(client, now, role, f"{what} is granted to {holder}", is_given=True)


def revoke(client: Client, now: Standing, role: Role, resource: Resource) -> Outcome:
    """Take a role from who holds it, and look whether he still has it by something else."""
    holder, what = now.holder, f"{role.name} on {resource}"
    also = " and ".join(now.through)
    if now.is_direct:
        told = f"{what} is revoked from {holder}"
        told += f", who still has it by {also}" if also else ""
        return _change(client, now, role, told, is_given=False)
    if now.through:
        text = f"{holder} has {what} by {also}, not himself: nothing is revoked"
        return Outcome(holder, "nothing", text, ExitCode.PREFLIGHT)
    return Outcome(holder, "nothing", f"{holder} does not hold {what}")


def _change(client: Client, now: Standing, role: Role, told: str, *, is_given: bool) -> Outcome:
    holder = now.holder
    try:
        (role.give if is_given else role.take)(client, holder)
    except AppError as error:
        text = f"{holder}: {_explained(client, error)}"
        return Outcome(holder, "failed", text, error.exit_code)
    done = "granted" if is_given else "revoked"
    try:
        is_done = role.is_held(client, holder) is is_given
    except (Refused, NotFound) as error:
        # Whoever gives up his own last role there is not shown it any more.
        log.debug("not read back: %s", error)
        return Outcome(holder, done, f"{told}; AWX does not show it to this user any more")
    except AppError as error:
        return Outcome(holder, done, f"{told}; not read back: {error}", error.exit_code)
    if not is_done:
        text = f"{holder}: AWX took it and shows nothing of it: {told}"
        return Outcome(holder, "failed", text, ExitCode.BAD_ANSWER)
    return Outcome(holder, done, told)


def each_in_turn(
    standings: Sequence[Standing], change: Callable[[Standing], Outcome]
) -> list[Outcome]:
    """Change one after the other and tell of each at once; return what became of them.

    A refusal keeps none of the others from it; once AWX cannot be reached, the rest is left.
    """
    outcomes: list[Outcome] = []
    for each in standings:
        is_away = bool(outcomes) and outcomes[-1].code == ExitCode.UNREACHABLE
        outcome = _left(each.holder) if is_away else change(each)
        (log.error if outcome.code else log.info)("%s", outcome.told)
        outcomes.append(outcome)
    return outcomes


def _left(holder: Holder) -> Outcome:
    text = f"{holder}: not tried, since AWX cannot be reached"
    return Outcome(holder, "nothing", text, ExitCode.UNREACHABLE)


def _explained(client: Client, error: AppError) -> str:
    if error.is_lost:
        return f"{error}; whether AWX has done it is not known: access list tells"
    is_elsewhere = any(words in str(error) for words in _NOT_HERE)
    if is_elsewhere and client.api.is_gateway:
        return f"{str(error).rstrip('.')}; {_ELSEWHERE}"
    return str(error)


def exit_code(outcomes: Sequence[Outcome]) -> ExitCode:
    """Return the exit code of the first that went wrong."""
    return next((each.code for each in outcomes if each.code), ExitCode.OK)
