"""Settings of these tests only."""

from __future__ import annotations

import pytest

import config
from tests.fake_awx import HOST
from tests.fuzz.true_answers import recording


@pytest.fixture(scope="session", autouse=True)
def _recorded() -> None:
    """Record while real HTTP is still to be had."""
    recording()


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, default_signals: None) -> None:
    """Let no setting of this machine count."""
    del default_signals
    for name in (*config.env_names(), "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, text in {
        "AWX_HOST": HOST, "AWX_PASSWORD": "s3cret", "AWX_ENV_FILE": "/dev/null", "NO_PROXY": "*",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, text)
