"""Going through a list in an order of somebody's choice, by the number of its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from utils.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from utils.awx_client.client import Client
    from utils.awx_client.params import Params
    from utils.record import Record

PAGE_SIZE = 200


def in_order(
    client: Client, path: str, order: str, params: Params, at_most: int | None
) -> Iterator[Record]:
    """Yield rows in AWX's own order (`order_by`), all of them or `at_most` so many; each once.

    A list of several pages is cut off at its newest row, so that new ones shift no page; a row that
    changes its place meanwhile may still be missed. Raises as `Client.get` does.
    """
    params = {**params, "order_by": f"{order},-id"}
    if at_most is not None and at_most <= PAGE_SIZE:
        page = client.get(path, **{**params, "page_size": max(1, at_most)})
        yield from page.records("results")[:at_most]
        return
    newest = client.get(path, **{**params, "order_by": "-id", "page_size": 1}).records("results")
    if newest:
        params = {"id__lte": newest[0].integer("id"), **params, "page_size": PAGE_SIZE}
        seen: set[int] = set()
        for row in _pages(client, path, params):
            row_id = row.integer("id")
            if row_id not in seen:
                seen.add(row_id)
                yield row
                if len(seen) == at_most:
                    return


def _pages(client: Client, path: str, params: Params) -> Iterator[Record]:
    number, has_more = 1, True
    while has_more:
        try:
            page = client.get(path, **params, page=number)
        except NotFound:
            # The list has become shorter, and AWX has no such page any more.
            if number > 1:
                return
            raise
        yield from page.records("results")
        has_more = "next" in page
        number += 1
