"""Rules as flags make them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.utils.schedules.falling_due import NOW
from utils.schedules.timing import rule_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from config import Settings


@pytest.fixture
def made(settings: Callable[..., Settings]) -> Callable[..., str]:
    def make(now: datetime = NOW, **flags: object) -> str:
        return str(rule_of(settings(**{"tz": "Europe/Berlin", **flags}), now))

    return make
