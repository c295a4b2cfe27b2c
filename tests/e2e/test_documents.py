"""What the documents promise of requests, and the flow document's own commands."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.e2e.conftest import LONGEST_S, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from demo.server import DemoServer
    from tests.e2e.conftest import RunMain

PORT = 8080
PASSWORD = "s3cret"


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
    if_need_be = {
        "GET /api/v2/unified_jobs/...",
        "GET /api/v2/jobs/N/job_events/...",
        "GET /api/v2/jobs/N/stdout/...",
    }
    in_order = list(dict.fromkeys(name for name, _ in asked))
    assert [name for name in in_order if name not in if_need_be] == promised
    polled = ("project_updates/N/", "jobs/N/", "job_events/...")
    once = [name for name, _ in asked if not name.endswith(polled)]
    assert len(once) == len(set(once))


@pytest.fixture(scope="module")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """`demo-server` as a process on the port that the flow document names."""
    for tool in ("curl", "jq"):
        if not shutil.which(tool):
            pytest.skip(f"the flow document's commands need {tool}, which is not installed")
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", PORT)) == 0:
            pytest.fail(f"port {PORT} is taken: the flow document's commands need it")
    kept = {name: value for name, value in os.environ.items() if "AWX" not in name}
    environment = {**kept, "AWX_ADMIN_PASSWORD": PASSWORD, "AWX_ENV_FILE": os.devnull}
    logs = str(tmp_path_factory.mktemp("logs"))
    command = [sys.executable, str(ROOT / "main.py"), "demo-server", "--log-dir", logs]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    assert "embedded AWX 24.6.1 at http://127.0.0.1:8080" in process.stderr.readline()
    yield environment
    process.terminate()
    assert process.wait(LONGEST_S) in {0, 143}
    process.stderr.close()


def shell(environment: dict[str, str], command: str) -> str:
    done = subprocess.run(
        ["/bin/bash", "-c", command], env=environment, text=True, capture_output=True,
        timeout=LONGEST_S, check=True,
    )  # fmt: skip
    return done.stdout


@pytest.mark.xdist_group("port-8080")
def test_the_flow_documents_commands_work_as_written(demo_server: dict[str, str]) -> None:
    """Each command to the letter; what follows it is what the document says it gives."""
    run = partial(shell, demo_server)

    ping = run("""
curl -s -o /dev/null -w "%{http_code}" http://localhost:8080/api/v2/ping/
""")
    assert ping == "200"

    root = run("""
curl -v -u admin:$AWX_ADMIN_PASSWORD http://localhost:8080/api/v2/
""")
    assert "job_templates" in json.loads(root)

    made = run(r"""
curl -v -X POST -H "Content-Type: application/json" \
    -d "{\"username\": \"admin\", \"password\": \"$AWX_ADMIN_PASSWORD\"}" \
    -u admin:$AWX_ADMIN_PASSWORD \
    http://localhost:8080/api/v2/tokens/
""")
    assert json.loads(made)["token"]

    verified = run(r"""
export AWX_TOKEN=$(curl -X POST -H "Content-Type: application/json" \
    -d "{\"username\": \"admin\", \"password\": \"$AWX_ADMIN_PASSWORD\"}" \
    -u admin:$AWX_ADMIN_PASSWORD \
    http://localhost:8080/api/v2/tokens/ | jq -r '.token')

[ -n "$AWX_TOKEN" ] && echo "Token retrieved successfully" || echo "Failed to retrieve token"

echo $AWX_TOKEN
""")
    assert verified.splitlines()[0] == "Token retrieved successfully"
    demo_server["AWX_TOKEN"] = verified.splitlines()[1]

    jobs = run("""
curl -v -H "Authorization: Bearer $AWX_TOKEN" http://localhost:8080/api/v2/jobs/
""")
    assert json.loads(jobs)["count"] > 0

    inventory = json.loads(
        run(r"""
curl -X GET -H "Authorization: Bearer $AWX_TOKEN" \
    http://localhost:8080/api/v2/inventories/2/
""")
    )
    assert inventory["name"] == "Web servers"
    assert "enabled" not in inventory  # unlike the document, and like the real AWX

    hosts = json.loads(
        run(r"""
curl -X GET -H "Authorization: Bearer $AWX_TOKEN" \
    http://localhost:8080/api/v2/inventories/2/hosts/
""")
    )
    assert {host["name"] for host in hosts["results"]} == {"web01", "web02", "web03"}
    assert all(host["enabled"] for host in hosts["results"])

    credential = json.loads(
        run(r"""
curl -X GET -H "Authorization: Bearer $AWX_TOKEN" \
    http://localhost:8080/api/v2/credentials/3/
""")
    )
    assert credential["inputs"]["ssh_key_data"] == "$encrypted$"

    update = json.loads(
        run(r"""
curl -X POST -H "Authorization: Bearer $AWX_TOKEN" \
    http://localhost:8080/api/v2/projects/8/update/
""")
    )
    assert update["type"] == "project_update"

    launched = json.loads(
        run(r"""
curl -X POST -H "Content-Type: application/json" \
    -H "Authorization: Bearer $AWX_TOKEN" \
    -d '{}' \
    http://localhost:8080/api/v2/job_templates/9/launch/
""")
    )
    assert launched["job"] > 9

    job = json.loads(
        run(r"""
curl -X GET -H "Authorization: Bearer $AWX_TOKEN" \
    http://localhost:8080/api/v2/jobs/9/
""")
    )
    assert job["status"] in {"running", "successful"}

    output = run(r"""
curl -X GET -H "Authorization: Bearer $AWX_TOKEN" \
    http://localhost:8080/api/v2/jobs/9/stdout/?format=txt
""")
    assert "PLAY RECAP" in output

    history = json.loads(
        run(r"""
curl -X GET -H "Authorization: Bearer $AWX_TOKEN" \
    http://localhost:8080/api/v2/jobs/
""")
    )
    assert history["results"][0]["type"] == "job"

    failed = json.loads(
        run("""
curl -X GET -H "Authorization: Bearer $AWX_TOKEN" "http://localhost:8080/api/v2/jobs/?status=failed"
""")
    )
    assert {row["status"] for row in failed["results"]} == {"failed"}
