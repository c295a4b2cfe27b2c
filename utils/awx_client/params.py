"""What goes into the query of a request."""

from __future__ import annotations

from typing import TypeAlias

# Several texts are one parameter that is given several times.
Param: TypeAlias = str | int | tuple[str, ...]
Params: TypeAlias = dict[str, Param]
