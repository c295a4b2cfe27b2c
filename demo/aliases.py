"""Names for values whose type only the running program knows."""

from __future__ import annotations

from typing import Any, TypeAlias

# a value out of a JSON body or a query, of whatever type the sender chose
Json: TypeAlias = Any
# a row of any table: an entity, a run, an event, a summary
AnyRow: TypeAlias = Any
# what a constructor further down declares and checks
Passed: TypeAlias = Any
