"""Asking for many objects, two at a time."""

from __future__ import annotations

from collections import deque
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING

from utils.awx_client.ahead import Ahead
from utils.awx_client.taking import take
from utils.errors import BadAnswer, Refused

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from utils.awx_client.client import Client
    from utils.awx_client.params import Params
    from utils.record import Record

# For fewer, two more connections are not worth it.
FEW = 4
# Two are under way, the others go off when one of them is there.
PLANNED_AHEAD = 4


def several(
    client: Client, wanted: Sequence[tuple[str, Params]]
) -> Generator[Record | BadAnswer | Refused, None, None]:
    """Yield the answer to each GET, in order, or what went wrong with that one alone.

    Paths are relative to the API's root. Raises Unreachable as `Client.get` does, and Refused where
    AWX does not let us in any more.
    """
    ahead = Ahead(client) if len(wanted) > FEW else None
    rest = iter([(client.full_path(path), params) for path, params in wanted])
    try:
        under_way = deque(
            (ahead.ask(*each, client.connection.auth) if ahead else None, each)
            for each in islice(rest, PLANNED_AHEAD)
        )
        doubtful = 0
        while under_way:
            asked, each = under_way.popleft()
            try:
                answer, has_met_trouble = take(client, asked, *each, is_doubtful=doubtful > 0)
            except (BadAnswer, Refused) as error:
                if error.status == HTTPStatus.UNAUTHORIZED:
                    raise
                yield error
            else:
                doubtful = len(under_way) + 1 if has_met_trouble else doubtful
                yield answer
            doubtful = max(doubtful - 1, 0)
            under_way.extend(
                (ahead.ask(*each, client.connection.auth) if ahead else None, each)
                for each in islice(rest, 1)
            )
    finally:
        if ahead:
            ahead.close()
