"""What project updates and ad hoc commands print."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from demo.script import Script, paint
from demo.tape import Tape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from demo.model import Project

GIT_ERROR = (
    "fatal: '{path}' does not appear to be a git repository\n"
    "fatal: Could not read from remote repository.\n\n"
    "Please make sure you have the correct access rights\nand the repository exists."
)
NO_CONTENT = (
    "Collection and role syncing disabled. Check the AWX_ROLES_ENABLED and "
    "AWX_COLLECTIONS_ENABLED settings and Galaxy credentials on the project's organization.\n"
)


def project_update(run_id: int, project: Project) -> Script:
    """Return the script of a project update; a broken address fails as git fails."""
    tape = Tape(f"update-{run_id}", "project_update.yml", ssh_key=False)
    tape.start()
    tape.play("Update source tree if necessary", "localhost")
    tape.at += 0.1
    tape.task("Update project using git", "ansible.builtin.git")
    tape.begin("localhost")
    tape.at += 0.4
    if project.behaviour == "broken":
        return _broken(tape, project)
    tape.result("localhost", "ok", {"before": project.revision, "after": project.revision})
    tape.at += 0.1
    tape.task("Set the git repository version", "ansible.builtin.set_fact")
    tape.begin("localhost")
    tape.result("localhost", "ok")
    tape.at += 0.1
    tape.task("Repository Version", "ansible.builtin.debug")
    tape.begin("localhost")
    tape.result("localhost", "ok", {"msg": f"Repository Version {project.revision}"})
    tape.play("Perform project signature/checksum verification", "localhost")
    tape.play("Install content with ansible-galaxy command if necessary", "localhost")
    tape.at += 0.1
    tape.task("Warn about disabled content sync", "ansible.builtin.debug")
    tape.begin("localhost")
    tape.result("localhost", "ok", {"msg": NO_CONTENT})
    tape.task("End play due to disabled content sync", "ansible.builtin.meta")
    tape.at += 0.1
    return tape.finish(1.5)


def _broken(tape: Tape, project: Project) -> Script:
    path = project.scm_url.removeprefix("file://")
    message = GIT_ERROR.format(path=path)
    res = {
        "cmd": f"/usr/bin/git ls-remote {project.scm_url} -h refs/heads/HEAD",
        "msg": message,
        "rc": 128,
        "stderr": message + "\n",
        "stderr_lines": message.split("\n"),
        "stdout": "",
        "stdout_lines": [],
    }
    tape.result("localhost", "failed", res)
    tape.at += 0.1
    return tape.finish(1.2)


def ad_hoc(run_id: int, module: str, hosts: Sequence[str], *, reachable: bool) -> Script:
    """Return the script of an ad hoc command; `ping` answers pong on every host."""
    tape = Tape(f"adhoc-{run_id}", "__adhoc_playbook__", job_id=run_id)
    tape.at = 0.4
    tape.start()
    for host in hosts:
        tape.begin(host)
    for host in hosts:
        tape.at += 0.1
        outcome, word, res = _answer(module, host, reachable=reachable)
        tape.result(host, outcome, res)
        text = f"{host} | {word} => {json.dumps(res, indent=4)}"
        tape.events[-1].stdout = paint(text.replace("\n", "\r\n"), outcome)
    script = tape.finish()
    tape.events[-1].stdout = ""
    line = 0
    for event in tape.events:
        event.start_line = line
        line = event.end_line
    return script


def _answer(module: str, host: str, *, reachable: bool) -> tuple[str, str, dict[str, Any]]:
    if reachable:
        facts = {"discovered_interpreter_python": "/usr/bin/python3"}
        return "ok", "SUCCESS", {"ansible_facts": facts, "changed": False, module: "pong"}
    text = f"Failed to connect to the host via ssh: connect to host {host} port 22: timed out"
    return "dark", "UNREACHABLE!", {"changed": False, "msg": text, "unreachable": True}
