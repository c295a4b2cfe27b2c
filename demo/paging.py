"""Lists: filter, sort, cut into pages, link to the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from demo.errors import detail
from demo.queries import order_key, predicates
from demo.run_rows import RunRows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from demo.fields import Table

PAGE_SIZE = 25
MAX_PAGE_SIZE = 200
Params = list[tuple[str, str]]


def selected(rows: Sequence[Any], table: Table, params: Params) -> Sequence[Any]:
    """Return the rows that the query's filters leave, in the query's order."""
    tests = predicates(table, params)
    asked = dict(params).get("order_by") or table.order
    orders = [order_key(table, word) for word in asked.split(",")]
    if isinstance(rows, RunRows):
        key = repr(sorted(item for item in params if item[0] not in {"page", "page_size"}))
        rows = rows.matching(tests, key) if tests else rows
        return rows.in_order(orders, asked)
    found = [row for row in rows if all(test(row) for test in tests)]
    found.sort(key=lambda row: row.id)
    for order in reversed(orders):
        found.sort(key=order.key, reverse=order.backwards)
    return found


def page_size(params: Params) -> int:
    """Return the page size: at most 200, and 25 for nonsense."""
    try:
        asked = int(dict(params).get("page_size", ""))
    except ValueError:
        return PAGE_SIZE
    return min(asked, MAX_PAGE_SIZE) if asked > 0 else PAGE_SIZE


def page(
    path: str, params: Params, rows: Sequence[Any], make: Callable[[Any], Any]
) -> dict[str, Any]:
    """Return one page of rows with its links, or raise the 404 of a page that is not there."""
    values = dict(params)
    size, disabled = page_size(params), "count_disabled" in values
    count = MAX_PAGE_SIZE if disabled else len(rows)
    pages = 1 if disabled else max(1, -(-count // size))
    asked = values.get("page", "1")
    if asked == "last":
        asked = str(pages)
    if not asked.isdigit() or not 1 <= int(asked) <= pages:
        raise detail(404, "Invalid page.")
    number = int(asked)
    results = [make(row) for row in rows[(number - 1) * size : number * size]]
    if disabled:
        return {"results": results}
    return {
        "count": count,
        "next": _link(path, params, number + 1) if number < pages else None,
        "previous": _link(path, params, number - 1) if number > 1 else None,
        "results": results,
    }


def _link(path: str, params: Params, number: int) -> str:
    kept = [(k, v) for k, v in params if k != "page"]
    kept = [(k, str(page_size(params)) if k == "page_size" else v) for k, v in kept]
    if number > 1 or dict(params).get("page"):
        kept += [("page", str(number))] if number > 1 else []
    query = urlencode(sorted(kept))
    return f"{path}?{query}" if query else path
