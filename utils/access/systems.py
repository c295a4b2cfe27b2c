"""Which of AWX's two role systems there are: roles on each row, and definitions of roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from utils.awx_client import Client


def has_definitions(client: Client) -> bool:
    """Tell whether AWX has definitions of roles, too, as from 24 on (`GET /api/v2/`)."""
    return "role_definitions" in client.get("")
