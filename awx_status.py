"""Step 1, ping: whether AWX is up and can run anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from utils import logger
from utils.errors import BadAnswer, Refused, Unreachable

if TYPE_CHECKING:
    from config import Settings
    from utils.awx_client import Client
    from utils.record import Record
    from utils.results import Results

log = logger.get("ping")

# AWX itself takes a node for lost after two missed heartbeats of 60 s each.
FRESH_HEARTBEAT = timedelta(seconds=180)


@dataclass(frozen=True)
class Ping:
    """What AWX says of itself, from `GET /api/v2/ping/`."""

    version: str
    node: str
    instances: int
    capacity: int

    def __str__(self) -> str:
        return f"AWX {self.version}, {self.instances} instance(s), capacity {self.capacity}"


def ping(client: Client, _settings: Settings, _done: Results) -> Ping:
    """Ask AWX whether it is there; no credentials are sent.

    Raises Unreachable, also for an answer that is not AWX's. An AWX that is up but has no
    instance to run jobs on is a warning: a launched job would wait.
    """
    try:
        answer = client.ping()
        version, node = answer.text("version"), answer.maybe_text("active_node")
        instances = answer.records("instances")
        alive = [each for each in instances if _is_alive(each, client.server_time)]
        capacity = sum(each.maybe_integer("capacity") or 0 for each in alive)
    except (BadAnswer, Refused) as error:
        raise Unreachable(f"{client.host} does not answer as AWX does: {error}") from error
    if not alive:
        log.warning("no instance of AWX had a heartbeat within %s: jobs may wait", FRESH_HEARTBEAT)
    elif capacity == 0:
        log.warning("no instance of AWX has capacity left: jobs will wait")
    return Ping(version, node, len(alive), capacity)


def _is_alive(instance: Record, server_time: datetime | None) -> bool:
    heartbeat = instance.time("heartbeat")
    # Container groups and older versions send none; by AWX's clock, ours may be off.
    now = server_time or datetime.now(timezone.utc)
    return heartbeat is None or now - heartbeat < FRESH_HEARTBEAT
