"""The playbooks of the demonstration: one script for each behaviour of a template or project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from demo.bulk_output import long_output
from demo.script import Script
from demo.tape import Tape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

PAUSE_S = 0.1
UNREACHABLE = (
    "Failed to connect to the host via ssh: ssh: connect to host {host} port 22: "
    "Connection timed out"
)
NO_PACKAGE = "No package matching 'nginx-1.27' found available, installed or updated"
NO_KEY = (
    "Failed to connect to the host via ssh: deploy@{host}: "
    "Permission denied (publickey,gssapi-keyex,gssapi-with-mic,password)."
)


@dataclass(frozen=True)
class Scene:
    """What a playbook run depends on: the run's id, its hosts, and whether it was relaunched.

    `is_limited_away` says that there are hosts, and that the limit leaves none of them.
    """

    job_id: int
    playbook: str
    hosts: Sequence[str]
    variables: dict[str, Any]
    relaunched: bool = False
    ssh_key: bool = True
    is_limited_away: bool = False

    def tape(self) -> Tape:
        """Return an empty tape for this run."""
        return Tape(f"job-{self.job_id}", self.playbook, ssh_key=self.ssh_key, job_id=self.job_id)


def _task(
    tape: Tape,
    scene: Scene,
    name: str,
    results: Iterable[tuple[str, str, dict[str, Any]]],
    module: str = "ansible.builtin.command",
) -> None:
    tape.at += PAUSE_S
    tape.task(name, module)
    for host in scene.hosts:
        tape.begin(host)
    for host, outcome, res in results:
        tape.at += PAUSE_S
        tape.result(host, outcome, res)


def _everywhere(
    scene: Scene, outcome: str, **res: object
) -> Iterable[tuple[str, str, dict[str, Any]]]:
    return ((host, outcome, dict(res)) for host in scene.hosts)


def _opening(scene: Scene, play: str) -> Tape:
    tape = scene.tape()
    tape.at = 0.45
    tape.start()
    tape.play(play)
    _task(tape, scene, "Gathering Facts", _everywhere(scene, "ok"), "ansible.builtin.setup")
    return tape


def deploy(scene: Scene) -> Script:
    """Return a deployment that ends well after about three seconds on three hosts."""
    tape = _opening(scene, "Deploy the web tier")
    diff = (
        "--- before: /etc/nginx/conf.d/site.conf\r\n+++ after: /srv/templates/site.conf.j2\r\n"
        "@@ -1,3 +1,3 @@\r\n server {\r\n-\tlisten 80;\r\n+\tlisten 443 ssl;\r\n"
        "+\tssl_ciphers 'HIGH:!aNULL:\\!MD5';\r\n }\r\n"
    )
    _task(
        tape,
        scene,
        "Install nginx",
        [(host, "changed" if i else "ok", {}) for i, host in enumerate(scene.hosts)],
        "ansible.builtin.package",
    )
    _task(
        tape,
        scene,
        "Write the site's configuration",
        [(host, "changed", {"diff": diff}) for host in scene.hosts],
        "ansible.builtin.template",
    )
    _task(
        tape,
        scene,
        "Check the configuration",
        [
            (host, "ok", {"msg": f"C:\\inetpub is not here; {host}\tsyntax is ok \u2713 (ünïcode)"})
            for host in scene.hosts
        ],
        "ansible.builtin.debug",
    )
    _task(tape, scene, "Drain the balancer", _everywhere(scene, "skipped"))
    _task(tape, scene, "Reload nginx", _everywhere(scene, "changed"), "ansible.builtin.service")
    tape.at += 0.1
    return tape.finish()


def failing(scene: Scene) -> Script:
    """Return a deployment in which the second host fails."""
    tape = _opening(scene, "Deploy the web tier")
    bad = scene.hosts[min(1, len(scene.hosts) - 1)] if scene.hosts else ""
    res = {"msg": NO_PACKAGE, "rc": 100, "results": [], "stderr": "", "stdout_lines": []}
    outcomes = [(h, "failed", res) if h == bad else (h, "changed", {}) for h in scene.hosts]
    _task(tape, scene, "Install nginx", outcomes, "ansible.builtin.package")
    good = [host for host in scene.hosts if host != bad]
    _task(tape, scene, "Reload nginx", [(host, "changed", {}) for host in good])
    return tape.finish()


def flaky(scene: Scene) -> Script:
    """Return a run that fails on one host the first time and succeeds when relaunched."""
    tape = _opening(scene, "Flaky deploy")
    res = {"msg": "Request failed: <urlopen error [Errno 104] Connection reset by peer>"}
    outcomes: list[tuple[str, str, dict[str, Any]]] = [(h, "ok", {}) for h in scene.hosts]
    if not scene.relaunched and outcomes:
        outcomes[-1] = (scene.hosts[-1], "failed", res)
    _task(tape, scene, "Fetch the release", outcomes, "ansible.builtin.get_url")
    return tape.finish()


def migration(scene: Scene) -> Script:
    """Return a minute-long run that prints a line every two seconds."""
    tape = scene.tape()
    tape.at = 0.6
    tape.start()
    tape.play("Migrate the database")
    tape.task("Copy the tables", "ansible.builtin.shell")
    host = scene.hosts[0] if scene.hosts else "localhost"
    tape.begin(host)
    for number in range(1, 30):
        tape.at = 2.0 * number
        tape.item(host, f"table_{number:02d}")
    tape.at = 59.0
    tape.result(host, "changed")
    return tape.finish(60.0)


def unreachable(scene: Scene) -> Script:
    """Return a run in which no host can be reached."""
    tape = scene.tape()
    tape.at = 0.5
    tape.start()
    tape.play("Reach the hosts")
    rows = [
        (h, "dark", {"msg": UNREACHABLE.format(host=h), "unreachable": True}) for h in scene.hosts
    ]
    _task(tape, scene, "Gathering Facts", rows, "ansible.builtin.setup")
    return tape.finish()


def no_key(scene: Scene) -> Script:
    """Return a run that is turned away by ssh, for want of a key or a password."""
    tape = scene.tape()
    tape.at = 0.5
    tape.start()
    tape.play("Deploy without a key")
    rows = [(h, "dark", {"msg": NO_KEY.format(host=h), "unreachable": True}) for h in scene.hosts]
    _task(tape, scene, "Gathering Facts", rows, "ansible.builtin.setup")
    return tape.finish()


def simple(scene: Scene) -> Script:
    """Return a short run that says which variables it was given."""
    tape = _opening(scene, "Show what was asked for")
    text = ", ".join(f"{key}={value}" for key, value in sorted(scene.variables.items()))
    rows = [(host, "ok", {"msg": f"running with {text or 'defaults'}"}) for host in scene.hosts]
    _task(tape, scene, "Say what runs", rows, "ansible.builtin.debug")
    return tape.finish()


def health(scene: Scene) -> Script:
    """Return a health check that changes nothing."""
    tape = _opening(scene, "Apache health check")
    rows = [(host, "ok", {"msg": f"{host}: httpd is active, 0 errors"}) for host in scene.hosts]
    _task(tape, scene, "Ask for the server status", rows, "ansible.builtin.uri")
    return tape.finish()


def empty(scene: Scene) -> Script:
    """Return a run on an inventory without hosts: skipped, and successful."""
    tape = Tape(f"job-{scene.job_id}", scene.playbook, ssh_key=scene.ssh_key, job_id=scene.job_id)
    tape.verbose("\x1b[1;35m[WARNING]: No hosts matched, nothing to do\x1b[0m")
    tape.start()
    tape.play("Deploy the web tier")
    tape.verbose("skipping: no hosts matched")
    tape.at = 0.9
    return tape.finish()


def limited_away(scene: Scene) -> Script:
    """Return a run whose limit leaves no host of those that there are: Ansible does not begin."""
    tape = scene.tape()
    tape.at = 0.8
    tape.verbose(
        "ERROR! Specified inventory, host pattern and/or --limit leaves us with no hosts to target."
    )
    return Script(tape.events, 1.2, "failed", has_stats=False)


def missing_playbook(scene: Scene) -> Script:
    """Return a run whose playbook is not in the project: the reason is in the output only."""
    tape = scene.tape()
    tape.at = 0.8
    tape.verbose(f"ERROR! the playbook: {scene.playbook} could not be found")
    return Script(tape.events, 1.2, "failed", has_stats=False)


def broken_worker(scene: Scene) -> Script:
    """Return a run that ends in status error: its worker was killed."""
    tape = _opening(scene, "Slow play")
    reason = (
        "Failed to JSON parse a line from worker stream. Error: Expecting value: line 1 column 1"
    )
    return Script(
        tape.events,
        tape.at + 0.3,
        "error",
        explanation=f"{reason} (char 0) Line with invalid JSON data: b''",
        traceback="Receptor detail:\nsignal: 9",
        has_stats=False,
    )


def big(scene: Scene) -> Script:
    """Return a run that prints more than three megabytes."""
    return long_output(scene.tape(), scene.hosts, count=342, lines=3, width=5000, duration=2.5)


def huge(scene: Scene) -> Script:
    """Return a run that prints a hundred megabytes, for benchmarks."""
    return long_output(scene.tape(), scene.hosts, count=10_000, lines=100, width=100, duration=5.0)


BEHAVIOURS: dict[str, Callable[[Scene], Script]] = {
    "deploy": deploy,
    "failing": failing,
    "flaky": flaky,
    "migration": migration,
    "unreachable": unreachable,
    "no key": no_key,
    "simple": simple,
    "health": health,
    "missing playbook": missing_playbook,
    "broken worker": broken_worker,
    "big": big,
    "huge": huge,
}


# Behaviours that never end well.
SURE = frozenset({"unreachable", "failing", "no key", "missing playbook", "broken worker"})


def script_for(behaviour: str, scene: Scene) -> Script:
    """Return the script of a playbook run; no hosts at all are behaviours of their own."""
    if not scene.hosts and behaviour not in {"missing playbook", "broken worker"}:
        return limited_away(scene) if scene.is_limited_away else empty(scene)
    return BEHAVIOURS[behaviour](scene)
