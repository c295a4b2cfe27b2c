"""Derive the shapes of recorded answers: python derive_shapes.py RECORDINGS_DIR > shapes.json.

A shape has keys and types, never values. Types are merged over all recordings by place, such as
`job.summary_fields.inventory.id`, so that a key that is null here and text there may be either.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, TypeAlias

Json: TypeAlias = Any
OPEN_MAPS = {
    "job_env", "extra_vars", "event_data", "host_status_counts", "artifacts", "inputs", "metadata",
    "extra_data", "analytics_collectors", "injectors", "active_jobs", "actions", "object_roles",
    "hosts", "_meta",
}  # fmt: skip
NOTABLE = {
    "location", "allow", "www-authenticate", "content-disposition", "x-ui-max-events",
    "x-api-product-name", "x-api-product-version", "x-api-node", "x-api-total-time",
}  # fmt: skip
# text, true or false, integer, fraction, null; and below: list, object
SCALARS = {str: "t", bool: "b", int: "i", float: "f", type(None): "n"}
HUGE = ("GET /api/v2/metrics/", "GET /api/v2/settings/")


class Places:
    """What was seen at each place: types, and for objects the keys always and ever present."""

    def __init__(self) -> None:
        self.types: dict[str, set[str]] = {}
        self.ever: dict[str, set[str]] = {}
        self.always: dict[str, set[str]] = {}

    def walk(self, value: Json, place: str) -> None:
        """Note a value and what is below it."""
        key = place.rsplit(".", 1)[-1]
        kind = SCALARS.get(type(value)) or ("l" if isinstance(value, list) else "o")
        self.types.setdefault(place, set()).add(kind)
        if isinstance(value, list):
            for item in value:
                self.walk(item, f"{place}[]")
        elif isinstance(value, dict) and key not in OPEN_MAPS:
            place = type_of(value) or place
            keys = set(value)
            self.ever[place] = self.ever.get(place, set()) | keys
            self.always[place] = self.always.get(place, keys) & keys
            for name, item in value.items():
                self.walk(item, f"{place}.{name}")


def type_of(value: dict[str, Any]) -> str:
    """Return the AWX type of a row, which names its place; empty for other objects."""
    is_row = isinstance(value.get("type"), str) and "related" in value
    return str(value["type"]) if is_row else ""


def top(body: Json) -> dict[str, Any] | None:
    """Return the exact top keys of an object, and of the rows of a list with their types."""
    if not isinstance(body, dict):
        return None
    made: dict[str, Any] = {"keys": sorted(body), "row": type_of(body)}
    rows = body.get("results")
    if isinstance(rows, list):
        kinds: dict[str, set[str]] = {}
        for row in rows:
            if isinstance(row, dict):
                name = type_of(row)
                kinds[name] = kinds.get(name, set(row)) & set(row)
        made["rows"] = {name: sorted(keys) for name, keys in kinds.items()}
    return made


def shape(recorded: dict[str, Any]) -> dict[str, Any]:
    """Return what one recording is held to."""
    request, response = recorded["request"], recorded["response"]
    headers = {name.lower(): value for name, value in response["headers"]}
    cookies = [value for name, value in response["headers"] if name == "Set-Cookie"]
    return {
        "request": f"{request['method']} {request['path'].split('?client_id')[0]}",
        "status": response["status"],
        "type": headers.get("content-type", ""),
        "headers": sorted(set(headers) & NOTABLE),
        "body": top(response.get("json")),
        **({"cookies": sorted(map(cookie_shape, cookies))} if cookies else {}),
    }


def cookie_shape(text: str) -> str:
    """Return a Set-Cookie without what differs from one to the next."""
    name, *attributes = text.split("; ")
    kept = [each.split("=")[0] if each.startswith("expires=") else each for each in attributes]
    return "; ".join([name.split("=")[0], *sorted(kept)])


def message_place(message: dict[str, Any]) -> str:
    """Return the place of a websocket's message: what it is about."""
    marks = {
        "accept": "greeting",
        "groups_current": "groups",
        "error": "error",
        "final_counter": "summary",
        "event": "event",
    }
    about = next((name for key, name in marks.items() if key in message), "")
    return f"WS {about or 'status ' + str(message.get('status'))}"


def websocket_shape(session: list[dict[str, Any]], places: Places) -> dict[str, Any]:
    """Return what a websocket session is held to, and note its messages' places.

    `order` has what each client got, in order and repetitions left out.
    """
    order: dict[str, list[str]] = {}
    for recorded in session:
        got, message = order.setdefault(recorded["client"], []), recorded["message"]
        if isinstance(message, dict):
            place = message_place(message)
            places.walk(message, place)
        else:  # the client library's words about the answer to the handshake
            place = " ".join(message.split()[1:3]) if "status " in message else ""
        if got[-1:] != [place]:
            got.append(place)
    return {"request": "WS /websocket/", "order": order}


def derive(folder: Path) -> dict[str, Any]:
    """Return the shapes of every recording of the folder."""
    places = Places()
    shapes: dict[str, Any] = {}
    for path in sorted(folder.glob("*.json")):
        recorded = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(recorded, dict):
            shapes[path.stem] = websocket_shape(recorded, places)
            continue
        shapes[path.stem] = shape(recorded)
        body = recorded["response"].get("json")
        place = f"{recorded['request']['method']} {_generic(recorded['request']['path'])}"
        if body is not None and not place.startswith(HUGE):
            places.walk(body, place)
            shapes[path.stem]["place"] = place
    return {"recordings": _shared(shapes), "places": _compact(places)}


def _generic(path: str) -> str:
    parts = path.split("?", maxsplit=1)[0].split("/")
    return "/".join("N" if part.isdigit() or "++" in part else part for part in parts)


def _shared(shapes: dict[str, Any]) -> dict[str, Any]:
    """Return the recordings with each distinct key list written once."""
    lists: list[str] = []

    def number(keys: list[str]) -> int:
        text = " ".join(keys)
        if text not in lists:
            lists.append(text)
        return lists.index(text)

    for made in shapes.values():
        if made.get("headers") is not None:
            made["headers"] = number(made["headers"])
        body = made.get("body")
        if body:
            body["keys"] = number(body["keys"])
            if "rows" in body:
                body["rows"] = {name: number(keys) for name, keys in body["rows"].items()}
    return {"lists": lists, "by_name": shapes}


def _compact(places: Places) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for place, kinds in sorted(places.types.items()):
        root = next((p for p in sorted(places.ever, key=len) if _within(place, p)), place)
        below = place[len(root) :].removeprefix(".")
        branch = tree.setdefault(root, {})
        for name in below.split(".") if below else []:
            branch = branch.setdefault(name, {})
        branch[""] = "".join(sorted(kinds))
    return {
        "types": {root: _pruned(branch) for root, branch in tree.items()},
        "optional": {
            place: sorted(places.ever[place] - places.always[place])
            for place in sorted(places.ever)
            if places.ever[place] != places.always[place]
        },
    }


def _within(place: str, root: str) -> bool:
    return place == root or place.startswith((f"{root}.", f"{root}["))


def _pruned(branch: dict[str, Any]) -> Json:
    """Return a branch with each leaf as its types alone."""
    if set(branch) == {""}:
        return branch[""]
    return {name: item if name == "" else _pruned(item) for name, item in branch.items()}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(derive(Path(sys.argv[1])), separators=(",", ":")) + "\n")
