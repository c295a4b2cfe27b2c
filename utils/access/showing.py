"""How lists of roles and the findings of an audit are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from utils.csv_cells import harmless
from utils.list_writers import RED, YELLOW, Columns
from utils.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from utils.access.auditing import Finding
    from utils.access.ways import Way

WAY_NAMES = (
    "user", "team", "role", "resource_type", "resource_id", "resource", "through", "inherited",
)  # fmt: skip
FINDING_NAMES = (
    "finding", "user", "team", "role", "resource_type", "resource_id", "resource", "through",
    "detail",
)  # fmt: skip


def _way(way: Way, _none: str) -> Sequence[str]:
    return tuple(map(printable, (way.who, way.role, way.on, way.through)))


def _finding(finding: Finding, none: str) -> Sequence[str]:
    # No finding has many words of both, and there is not room for both on a terminal.
    how = ", ".join(filter(None, (finding.through, finding.detail)))
    return tuple(
        printable(cell) for cell in (finding.finding, finding.who, finding.what, how or none)
    )


def _csv(document: dict[str, object], names: Sequence[str]) -> list[object]:
    values = [document[name] for name in names]
    values = [str(value).lower() if isinstance(value, bool) else value for value in values]
    return [harmless(value) if isinstance(value, str) else value for value in values]


WAYS: Columns[Way] = Columns(
    ("who", "role", "on", "through"),
    _way,
    lambda way: way.document,
    WAY_NAMES,
    lambda _, way: _csv(way.document, WAY_NAMES),
    gives_way="on",
)
FINDINGS: Columns[Finding] = Columns(
    ("finding", "who", "what", "how"),
    _finding,
    lambda finding: finding.document,
    FINDING_NAMES,
    lambda _, finding: _csv(finding.document, FINDING_NAMES),
    gives_way="how",
    colours={("finding", "superuser"): RED, ("finding", "token"): YELLOW},
)
