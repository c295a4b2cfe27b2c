"""JSON as AWX writes it, of which rows may have been written before."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from demo.aliases import Json


class Rendered(str):
    """A row of a list as the JSON that it is sent as."""

    __slots__ = ()


def as_json(body: Json) -> str:
    """Return the JSON of an answer; rows of its list that are rendered already go in as they are.

    The list is the last of an answer's fields.
    """
    rows = body.get("results") if isinstance(body, dict) else None
    if not rows or not any(isinstance(row, Rendered) for row in rows):
        return _dumped(body)
    texts = (row if isinstance(row, Rendered) else _dumped(row) for row in rows)
    empty = _dumped({**body, "results": []})
    return f"{empty.removesuffix(']}')}{','.join(texts)}]}}"


def _dumped(body: Json) -> str:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)
