"""The embedded AWX in a process of its own, which tells what a job really printed and when."""

from __future__ import annotations

import hashlib
import multiprocessing
import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from demo.model import JobTemplate, User
from demo.playbooks import BEHAVIOURS, Scene
from demo.run_kinds import Job
from demo.server import DemoServer
from demo.text import plain

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from typing_extensions import Self

    from demo.runs import Run
    from demo.script import Script
    from demo.world import World

DEPLOY = 9
FIRST_ID = 901
DURATIONS_S = (0.5, 2.0, 6.0)
LINE_EVERY_S = 0.1


@dataclass(frozen=True)
class Truth:
    """What the last job printed, without colours, and when it was over.

    `ended` is the later of its final status and the moment its last event was stored, on
    time.monotonic()'s clock.
    """

    lines: int
    digest: str
    ended: float
    status: str


class Served:
    """The embedded AWX at the speed of life; use it as a context manager."""

    def __init__(self, speed: float = 1.0) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, speed), daemon=True)
        self.url = self.token = ""

    def __enter__(self) -> Self:
        self._process.start()
        self.url, self.token = self._line.recv()
        return self

    def __exit__(self, *_: object) -> None:
        self._line.send(False)
        self._process.join(20)

    def last_job(self) -> Truth:
        """Return the truth of the job that was launched last, once it is over."""
        self._line.send(True)
        truth = self._line.recv()
        assert isinstance(truth, Truth)
        return truth


def template_of(duration_s: float) -> int:
    """Return the id of the template whose jobs run that long."""
    return FIRST_ID + DURATIONS_S.index(duration_s)


def _serve(line: Connection, speed: float) -> None:
    # A clock that all processes share and nothing sets: ends and exits can be compared.
    offset = time.time() - time.monotonic()
    with DemoServer(speed=speed, clock=lambda: time.monotonic() + offset) as server:
        _add_templates(server.awx)
        token = server.awx.new_token(server.awx.get(User, 1), "write", "benchmark").token
        line.send((server.url, token))
        while line.recv():
            run = max(server.awx.runs(Job), key=lambda each: each.id)
            while run.active or not run.event_processing_finished:
                time.sleep(0.02)
            line.send(_truth(run, offset))


def _add_templates(world: World) -> None:
    """Add a template for each duration; its jobs print a line every tenth of a second."""
    like = world.get(JobTemplate, DEPLOY)
    for duration in DURATIONS_S:
        name = f"Lasts {duration:g} s"
        BEHAVIOURS[name] = partial(_lasting, duration)
        made = replace(like, id=template_of(duration), name=name, behaviour=name)
        world.tables[JobTemplate][made.id] = made


def _lasting(duration_s: float, scene: Scene) -> Script:
    tape = scene.tape()
    tape.at = LINE_EVERY_S
    tape.start()
    tape.play("Last a while")
    tape.task("Copy the tables", "ansible.builtin.shell")
    tape.begin(scene.hosts[0])
    while tape.at < duration_s - 2 * LINE_EVERY_S:
        tape.at += LINE_EVERY_S
        tape.item(scene.hosts[0], f"table at {tape.at:.1f} s")
    tape.result(scene.hosts[0], "changed")
    return tape.finish(duration_s)


def _truth(run: Run, offset: float) -> Truth:
    """Put the text together event by event, as the log of a job is defined."""
    digest, lines, stored = hashlib.sha256(), 0, run.ended
    for index, event in enumerate(run.script.events):
        stored = max(stored, run.sent_at(index, event))
        if event.stdout:
            text = plain(event.stdout.replace("\r\n", "\n") + "\n")
            digest.update(text.encode())
            lines += text.count("\n")
    return Truth(lines, digest.hexdigest(), stored - offset, run.status)
