"""Step 2, token: how we tell AWX who is asking, for as long as the run goes on.

The ways to do that are in `utils/signing_in/`, a module each; docs/authentication.md compares them.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from utils import exposure, logger
from utils.errors import NotOffered, Refused
from utils.signing_in.choosing import ways
from utils.signing_in.way import SignedIn
from utils.signing_in.who import who

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings
    from utils.awx_client import Client
    from utils.results import Results
    from utils.signing_in.who import User

log = logger.get("auth")


def obtain(client: Client, settings: Settings, done: Results) -> User:
    """Make every further request carry what tells who asks, and say who that is.

    The ways that there are to do that are tried until AWX offers one. What was taken for it (a
    token, a session) is given back when `done` is closed. Raises Refused where AWX does not let us
    in, and UsageError where a setting is missing.
    """
    refusals: list[NotOffered] = []
    for way in ways(client, settings, done):
        if not refusals:
            exposure.warn_of_plain_http(settings.host, way.carries)
        try:
            way.sign_in()
        except NotOffered as error:
            # What was asked for by its name is not left out without a word; where nothing else is
            # tried, the error has these words.
            is_left_out = settings.client_id and settings.auth == "auto" and not refusals
            say = log.warning if is_left_out else log.debug
            say("not %s: %s", way.told, error)
            refusals.append(error)
            continue
        if refusals and way.is_last_resort:
            log.warning("no token to be had (%s): %s go with every request", refusals[0], way.told)
        try:
            user = who(client, way.told, way.source)
        except Refused as error:
            raise way.refused(error) from error
        if settings.asked("username") and user.username != settings.username:
            asked = f"{settings.source('username')} {settings.username}"
            log.warning("AWX takes us for %s, by %s, not for %s", user.username, way.told, asked)
        way.settle_in(user)
        client.explain = way.explain
        done.add(SignedIn(way))
        return user
    raise refusals[0]


def warn_if_it_ends(client: Client, done: Results, left_s: Callable[[], float]) -> None:
    """Warn where what we sign in with ends before the job usually does, and no other is to be had.

    `left_s` tells for how many seconds such a job goes on as a rule.
    """
    signed_in = done.get(SignedIn)
    if not signed_in or signed_in.way.is_made:
        return
    life = signed_in.way.life()
    now = client.server_time or datetime.now(timezone.utc)
    if life.ends and not life.is_renewable and life.ends < now + timedelta(seconds=left_s()):
        log.warning(
            "%s ends at %s, before this job usually does: then it goes on in AWX, and here it ends "
            "unless AWX_PASSWORD is set, too",
            signed_in.way.told, f"{life.ends.astimezone():%H:%M:%S}",
        )  # fmt: skip


def obtain_for_launch(client: Client, settings: Settings, done: Results) -> User:
    """Sign in as `obtain` does, and look whether a run could launch by it.

    Raises ReadOnly for a token that may only read. One that is made for this command is of no
    account: a run makes itself another.
    """
    user = obtain(client, settings, done)
    way = done[SignedIn].way
    if way.may_only_read():
        raise way.explain(Refused("a run would be refused"))
    return user
