"""What every way of signing in has in common."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from utils import logger, signals
from utils.errors import AppError, NotOffered, ReadOnly, Refused
from utils.journal import Journal
from utils.trouble import ASKING_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from config import Settings
    from utils.awx_client import Client
    from utils.results import Results
    from utils.signing_in.password import Password
    from utils.signing_in.who import User

log = logger.get("auth")


@dataclass(frozen=True)
class Life:
    """How long we are let in: until `ends`, if that is known, and whether we can sign in anew then.

    `scope` is what for, as far as that is known; `token_id` is AWX's id of the token, 0 for none.
    """

    ends: datetime | None
    is_renewable: bool
    scope: str = ""
    token_id: int = 0


def not_offered(client: Client, what: str, *, status: int | None = None) -> NotOffered:
    """Return that this AWX has none of that, and what it has."""
    ways = ", ".join(client.api.ways) if client.api_is_known else ""
    return NotOffered(f"this AWX has no {what}{f'; it takes --auth {ways}' if ways else ''}",
                      status=status)  # fmt: skip


class Way(ABC):
    """One way of signing in; `told` names it to the user, `source` where it came from.

    `carries` is the secret that goes to AWX. What is taken from AWX is given back when `done` is
    closed.
    """

    told = ""
    carries = "the password"
    # Whether it is made for the run, and so for what the command needs.
    is_made = True
    is_last_resort = False

    def __init__(self, client: Client, settings: Settings, done: Results) -> None:
        self.client = client
        self.settings = settings
        self.done = done
        # Who AWX takes us for, known once it was asked.
        self.user: User | None = None
        journal = done.get(Journal)
        self.run_id = journal.run_id if journal else os.urandom(4).hex()
        # A process that was killed could not give back what it took.
        self.is_heir = bool(journal and journal.is_resumed)

    @property
    def source(self) -> str:
        """Where it came from, for an error message."""
        return self.settings.source("username")

    @abstractmethod
    def sign_in(self) -> None:
        """Make every further request carry what this way takes.

        Raises NotOffered where this AWX has no such way, and Refused where it does not let us in.
        """

    def refused(self, error: Refused) -> Refused:
        """Return why AWX does not take what we have signed in with, as far as we know better."""
        return error

    def settle_in(self, user: User) -> None:
        """Take note of who AWX takes us for; only now is it worth to replace what was taken."""
        self.user = user

    def life(self) -> Life:
        """Return how long it holds."""
        return Life(None, is_renewable=True)

    def explain(self, error: Refused) -> Refused:
        """Return why AWX does not let us change anything, where that is the token's scope."""
        if not self.may_only_read():
            return error
        return ReadOnly(
            f"{self.told} (from {self.source}) is of scope read, and this needs write "
            f"(token create --scope write makes such a one): {error}",
            status=error.status,
        )

    def may_only_read(self) -> bool:
        """Tell whether it is a token that can launch nothing, as far as AWX lets us find out."""
        return not self.is_made and self.life().scope == "read"

    @contextmanager
    def leaving(self, what: Callable[[], str], hint: str = "") -> Iterator[None]:
        """Give back what was taken: trouble is told, not raised.

        Nothing is renewed any more, nor waited for for long. `what` names it where it is left.
        """
        client = self.client
        client.renew, client.patience_s = None, min(client.patience_s, ASKING_S)
        try:
            with signals.held():
                yield
        except AppError as error:
            log.warning("%s is left behind: %s%s", what(), error, hint)


class WithPassword(Way):
    """A way that takes a user's password."""

    def __init__(
        self, client: Client, settings: Settings, done: Results, password: Password
    ) -> None:
        super().__init__(client, settings, done)
        self.password = password

    @property
    def source(self) -> str:
        """Where the password came from."""
        return self.password.source.removeprefix("from ").replace("as typed", "a prompt")


@dataclass(frozen=True)
class SignedIn:
    """The way by which this run has signed in."""

    way: Way
