"""Which of AWX's two role systems there are: roles on each row, and definitions of roles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from utils.awx_client import Client


@dataclass(frozen=True)
class Systems:
    """What the API's root names; AWX from 24 on has both and shows the same in both."""

    has_roles: bool
    has_definitions: bool


def of(client: Client) -> Systems:
    """Return which role systems there are (`GET /api/v2/`)."""
    root = client.get("")
    return Systems("roles" in root, "role_definitions" in root)
