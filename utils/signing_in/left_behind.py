"""Tokens that runs of this program have left in AWX: killed before they could give them back."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from utils import journal
from utils.signing_in import token_rows
from utils.signing_in.personal_token import DESCRIPTION

if TYPE_CHECKING:
    from config import Settings
    from utils.awx_client import Client
    from utils.record import Record
    from utils.signing_in.who import User

_BEFORE, _AFTER = (re.escape(part) for part in DESCRIPTION.split("{}"))
_OURS = re.compile(f"{_BEFORE}(\\S+){_AFTER}")


def of(client: Client, settings: Settings, user: User) -> list[Record]:
    """Return the rows of this user's tokens that are described as ours.

    A run that goes on with the same log folder keeps its own. One elsewhere cannot be told from one
    that was killed; it makes itself another token when AWX refuses the one that it has.
    """
    start = DESCRIPTION.partition("{}")[0]
    rows = token_rows.walk(client, user.username, description__startswith=start)
    folder = Path(settings.log_dir)
    return [
        row
        for row in rows
        if (found := _OURS.fullmatch(row.maybe_text("description")))
        and not journal.goes_on(folder, found[1])
    ]
