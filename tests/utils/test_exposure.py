from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from utils import exposure

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("mode", "source", "warned"),
    [
        (0o600, "AWX_PASSWORD in {}", False), (0o400, "AWX_PASSWORD in {}", False),
        (0o640, "AWX_PASSWORD in {}", True), (0o604, "AWX_TOKEN in {}", True),
        (0o644, "AWX_PASSWORD", False), (0o644, "the default", False),
    ],
)  # fmt: skip
def test_an_open_file_with_a_secret_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, mode: int, source: str, warned: bool
) -> None:
    file = tmp_path / ".env"
    file.touch()
    file.chmod(mode)
    exposure.warn_of_open_file(file, ["the default", source.format(file)])
    told = f"{file} holds a secret and others may read it: chmod 600 {file}"
    assert caplog.messages == [told] * warned


def test_a_file_that_went_away_is_no_trouble(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / ".env"
    exposure.warn_of_open_file(file, [f"AWX_PASSWORD in {file}"])
    assert caplog.messages == []


@pytest.mark.parametrize(
    ("host", "warned"),
    [
        ("http://awx.example.com", True), ("http://10.0.0.1:8080", True),
        ("http://[fe80::1]", True), ("http://localhost.example.com", True),
        ("https://awx.example.com", False), ("http://localhost:8080", False),
        ("http://127.0.0.2", False), ("http://[::1]:80", False), ("http://awx.localhost", False),
    ],
)  # fmt: skip
def test_plain_http_to_another_machine_is_told(
    caplog: pytest.LogCaptureFixture, host: str, warned: bool
) -> None:
    exposure.warn_of_plain_http(host, "the password")
    told = f"{host} is not encrypted, the password can be read on its way: use https"
    assert caplog.messages == [told] * warned
