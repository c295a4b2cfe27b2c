from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

CODE = """
import sys
from demo.server import serve
serve(host="127.0.0.1", port=int(sys.argv[1]), password="other", jobs=3,
      on_ready=lambda url: print(url, flush=True))
"""
ROOT = Path(__file__).parents[2]


def start(port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CODE, str(port)], cwd=ROOT, stdout=-1, stderr=-1, text=True
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_until_a_signal(number: signal.Signals) -> None:
    with start(0) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        answer = requests.get(f"{url}/api/v2/me/", auth=("admin", "other"), timeout=10)
        assert answer.status_code == 200
        process.send_signal(number)
        assert process.wait(10) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_serve_says_when_the_port_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with start(taken.getsockname()[1]) as process:
            _, errors = process.communicate(timeout=10)
    assert "OSError" in errors
    assert process.returncode == 1
