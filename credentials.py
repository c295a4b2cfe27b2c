"""Step 5, credentials: whether what the job logs in with is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import launch_plan
from utils.errors import NotFound, PreflightFailed, Refused
from utils.results import Skipped

if TYPE_CHECKING:
    from config import Settings
    from utils.awx_client import Client
    from utils.record import Record
    from utils.results import Results

SET, ABSENT, NULL, ASKED, FROM_SOURCE = "set", "absent", "null", "asked at launch", "from a source"
USABLE = frozenset({SET, FROM_SOURCE})
ASK = "ASK"
LOGINS = ("ssh_key_data", "password")


@dataclass(frozen=True)
class Credential:
    """A credential and the state of each field of its type; never a value."""

    id: int
    name: str
    kind: str
    inputs: dict[str, str]


@dataclass(frozen=True)
class Credentials:
    """The credentials of the job, from `GET /api/v2/credentials/N/`."""

    found: tuple[Credential, ...]

    def __str__(self) -> str:
        return ", ".join(f"{each.name} ({each.kind})" for each in self.found) or "none needed"


def check(client: Client, settings: Settings, done: Results) -> Credentials | Skipped:
    """Check every credential of the plan by its type's own fields.

    Raises PreflightFailed naming each that lacks a required field, is asked for at launch with
    nobody there to answer, or is a Machine credential with neither key nor password.
    """
    plan = launch_plan.of_run(client, settings, done)
    if plan.is_workflow:
        return Skipped("a workflow's jobs have credentials of their own")
    types: dict[int, Record] = {}
    found, problems = [], []
    skipped: Skipped | None = None
    for credential_id in plan.credential_ids:
        try:
            credential, wrong = _look_at(client, credential_id, types)
        except NotFound as error:
            message = f"credential {credential_id} does not exist: {error}"
            raise PreflightFailed(message) from error
        except Refused as error:
            skipped = Skipped.because_of(f"credential {credential_id}", error)
            continue
        found.append(credential)
        problems += [f"credential {credential.id} ({credential.name}) {text}" for text in wrong]
    if problems:
        raise PreflightFailed("; ".join(problems))
    return skipped or Credentials(tuple(found))


def _look_at(
    client: Client, credential_id: int, types: dict[int, Record]
) -> tuple[Credential, list[str]]:
    row = client.get(f"credentials/{credential_id}/")
    type_id = row.integer("credential_type")
    if type_id not in types:
        types[type_id] = client.get(f"credential_types/{type_id}/")
    schema = types[type_id].maybe_record("inputs")
    states = _states(schema, row.maybe_record("inputs"))
    required = schema.texts("required")
    kind = types[type_id].maybe_text("namespace") or row.maybe_text("kind")
    if _problems(kind, required, states):
        # Only now, since a credential plugin is rare and costs a request to ask for.
        for source in client.walk(f"credentials/{credential_id}/input_sources/"):
            states[source.text("input_field_name")] = FROM_SOURCE
    credential = Credential(row.integer("id"), row.text("name"), kind, states)
    return credential, _problems(kind, required, states)


def _states(schema: Record, inputs: Record) -> dict[str, str]:
    names = [field.text("id") for field in schema.records("fields")]
    names += [name for name, _ in inputs.items() if name not in names]
    return {name: _state(inputs, name) for name in names}


def _state(inputs: Record, name: str) -> str:
    if name not in inputs.fields:
        return ABSENT
    value = inputs.fields[name]
    if value is None:
        return NULL
    return ASKED if value == ASK else SET if value != "" else ABSENT


def _problems(kind: str, required: list[str], states: dict[str, str]) -> list[str]:
    problems = [
        f"lacks {name}, which its type requires"
        for name in required
        if states.get(name) not in USABLE | {ASKED}
    ]
    asked = [name for name, state in states.items() if state == ASKED]
    if asked:
        problems.append(f"asks at launch for {', '.join(asked)}, and there is nobody to answer")
    if kind == "ssh" and not any(states.get(name) in USABLE | {ASKED} for name in LOGINS):
        problems.append("has neither an SSH key nor a password")
    return problems
