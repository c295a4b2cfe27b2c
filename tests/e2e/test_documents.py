"""What the documents promise of requests, and the flow document's own commands."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.e2e.conftest import LONGEST_S, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from demo.server import DemoServer
    from tests.e2e.conftest import RunMain

PORT = 8080
PASSWORD = "s3cret of the demo"


def generic(method: str, path: str) -> str:
    path = re.sub(r"\?.*", "...", path)
    return f"{method} {re.sub(r'/[0-9]+/', '/N/', path)}"


def test_a_run_asks_what_the_document_lists_and_nothing_twice_without_need(
    awx: DemoServer, main: RunMain
) -> None:
    main("--template", "9")
    asked = [(generic(method, path), path) for method, path, _ in awx.awx.requests]
    text = (ROOT / "docs" / "requests.md").read_text().partition("More only")[0]
    promised = re.findall(r"^\| \w+ \| `(.+?)` \|", text, re.MULTILINE)
    in_order = list(dict.fromkeys(name for name, _ in asked))
    assert in_order == promised
    polled = ("project_updates/N/", "jobs/N/", "job_events/...")
    once = [name for name, _ in asked if not name.endswith(polled)]
    assert len(once) == len(set(once))


@pytest.fixture(scope="module")
def demo_server() -> Iterator[dict[str, str]]:
    """`demo-server` as a process on the port that the flow document names."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", PORT)) == 0:
            pytest.fail(f"port {PORT} is taken: the flow document's commands need it")
    kept = {name: value for name, value in os.environ.items() if "AWX" not in name}
    environment = {**kept, "AWX_ADMIN_PASSWORD": PASSWORD, "AWX_ENV_FILE": os.devnull}
    command = [sys.executable, str(ROOT / "main.py"), "demo-server", "--log-dir", "/tmp/demo-logs"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    assert "embedded AWX 24.6.1 at http://127.0.0.1:8080" in process.stderr.readline()
    yield environment
    process.terminate()
    assert process.wait(LONGEST_S) in {0, 143}
    process.stderr.close()


def shell(environment: dict[str, str], command: str) -> str:
    assert shutil.which("curl"), "the flow document's commands need curl"
    done = subprocess.run(
        ["/bin/bash", "-c", command], env=environment, text=True, capture_output=True,
        timeout=LONGEST_S, check=True,
    )  # fmt: skip
    return done.stdout


@pytest.mark.xdist_group("port-8080")
def test_the_flow_documents_commands_work_as_written(demo_server: dict[str, str]) -> None:
    ping = shell(demo_server, r"""
curl -s -o /dev/null -w "%{http_code}" http://localhost:8080/api/v2/ping/
""")
    assert ping == "200"

    root = shell(demo_server, r"""
curl -v -u admin:"$AWX_ADMIN_PASSWORD" http://localhost:8080/api/v2/
""")
    assert "job_templates" in json.loads(root)
