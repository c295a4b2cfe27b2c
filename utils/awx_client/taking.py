"""Taking the answer to what was asked ahead, as patient with AWX as with any other request."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from utils.errors import AppError

if TYPE_CHECKING:
    from utils.awx_client.ahead import Asked
    from utils.awx_client.api import Api
    from utils.awx_client.params import Params
    from utils.record import Record


def take(
    api: Api, asked: Asked | None, path: str, params: Params, *, is_doubtful: bool = False
) -> tuple[Record, bool]:
    """Return the answer, and whether trouble was met on the way to it; raises as `get` does.

    `asked` is the same request under way, None where it is to be asked only now. A doubtful one was
    asked before a trouble that is over: what went wrong with it is asked again as if never before.
    """
    has_met_trouble = False

    def attempt() -> Record:
        nonlocal asked, has_met_trouble
        if asked:
            taken, asked = asked, None
            try:
                return taken.answer()
            except AppError as error:
                is_refused = error.status == HTTPStatus.UNAUTHORIZED
                is_renewed = is_refused and taken.auth is not api.connection.auth
                if not is_doubtful and not is_renewed:
                    has_met_trouble = True
                    raise
        return api.ask_once(api.connection, "GET", path, params)

    return api.ride_out(attempt, is_repeatable=True), has_met_trouble
