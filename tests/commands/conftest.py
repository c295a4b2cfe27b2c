"""A command called as main.py calls it, by a user with a token."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import main
from tests.rows import page
from utils.command_line import Call

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings
    from tests.fake_awx import FakeAwx


@pytest.fixture
def call(settings: Callable[..., Settings]) -> Callable[..., Call]:
    def make(*arguments: str, environ: dict[str, str] | None = None, **flags: object) -> Call:
        return Call(
            settings({"AWX_TOKEN": "t0ken", **(environ or {})}, **flags), arguments, main.STEPS
        )

    return make


@pytest.fixture
def me(awx: FakeAwx) -> None:
    """Let AWX know the token."""
    awx.get("me/", page({"id": 1, "username": "admin"}))
