"""Step 2, token: how we tell AWX who is asking, for as long as the run goes on.

The ways to do that are in `utils/signing_in/`, a module each; docs/authentication.md compares them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from utils import exposure, logger
from utils.errors import NotOffered
from utils.signing_in.choosing import ways
from utils.signing_in.way import SignedIn
from utils.signing_in.who import who

if TYPE_CHECKING:
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
            log.debug("not to be had here: %s", error)
            refusals.append(error)
            continue
        if refusals and way.is_last_resort:
            log.warning("no token to be had (%s): %s go with every request", refusals[0], way.told)
        way.user = who(client, way.told, way.source)
        client.explain = way.explain
        done.add(SignedIn(way))
        return way.user
    raise refusals[0]
