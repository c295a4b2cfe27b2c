"""Ansible's host patterns (`--limit`), decided over the inventory that AWX hands to Ansible.

Rules as in Ansible's documentation, "Patterns: targeting hosts and groups": parts separated by
`,` or `:`, `!` takes away, `&` keeps what is in both, wildcards, `~` regular expressions, and
`name[0]`, `name[1:3]` for places within what a part matches.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from fnmatch import translate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLACES = re.compile(r"^(?P<name>.+)\[(?P<first>-?\d+)(?P<range>[:-](?P<last>\d*))?\]$")
_BETWEEN_COLONS = re.compile(r"(?:[^\s:\[\]]|\[[^\]]*\])+")
_ADDRESS = re.compile(r"^(?:[\w.-]+:\d+|[0-9a-fA-F]*:[0-9a-fA-F]*:[0-9a-fA-F:.]*)$")
_LOCALHOST = frozenset({"localhost", "127.0.0.1", "::1"})


class Undecidable(ValueError):
    """The pattern's meaning does not follow from the inventory alone; the text says why."""


class Invalid(ValueError):
    """What Ansible would not take either; the text says why."""


@dataclass(frozen=True)
class Groups:
    """The hosts that Ansible will see, and the groups they are in, those of subgroups included."""

    hosts: frozenset[str]
    members: Mapping[str, frozenset[str]]


def read_script(script: Mapping[str, object]) -> Groups:
    """Return the groups of an inventory from AWX's `GET /inventories/N/script/`."""
    plain = {name: body for name, body in script.items() if isinstance(body, dict)}
    meta = plain.pop("_meta", {})
    members = {name: frozenset(_members(name, plain, set())) for name in plain}
    # Ansible makes this group of the hosts that AWX hands over without one.
    members["ungrouped"] = frozenset(_texts(plain.get("all", {}).get("hosts")))
    hosts = frozenset(meta.get("hostvars") or ()).union(*members.values())
    return Groups(hosts, {**members, "all": hosts})


def _members(name: str, groups: Mapping[str, dict[str, object]], seen: set[str]) -> set[str]:
    if name in seen or name not in groups:
        return set()
    seen.add(name)
    found = set(_texts(groups[name].get("hosts")))
    for child in _texts(groups[name].get("children")):
        found |= _members(child, groups, seen)
    return found


def _texts(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list | dict) else []


def matching(pattern: str, groups: Groups) -> frozenset[str]:
    """Return the hosts that a pattern means; raises Undecidable where that cannot be told."""
    parts = _split(pattern)
    plain = [part for part in parts if part[0] not in "!&"]
    alone = len(parts) == 1
    found = groups.hosts  # As for Ansible, exclusions without a base take away from all hosts.
    if plain:
        found = frozenset().union(*(_matched(part, groups, alone=alone) for part in plain))
    for part in (part for part in parts if part[0] == "&"):
        found &= _matched(part[1:], groups, alone=False)
    for part in (part for part in parts if part[0] == "!"):
        found -= _matched(part[1:], groups, alone=False)
    return found


def unmatched(pattern: str, groups: Groups) -> list[str]:
    """Return the parts of a pattern that match nothing: mostly a slip, and Ansible only warns."""
    parts = [part.lstrip("!&") for part in _split(pattern)]
    return [part for part in parts if part and not _matched(part, groups, alone=True)]


def _split(pattern: str) -> list[str]:
    """Split at commas; without any, at colons that are no part of an address or a range."""
    if "{{" in pattern:
        raise Undecidable("it has a Jinja2 expression")
    if "," in pattern:
        parts = pattern.split(",")
    elif _ADDRESS.match(pattern):
        parts = [pattern]
    else:
        parts = _BETWEEN_COLONS.findall(pattern)
    return [part.strip() for part in parts if part.strip()]


def _matched(part: str, groups: Groups, *, alone: bool) -> frozenset[str]:
    """Return what one part without its `!` or `&` matches."""
    if part in groups.hosts:
        return frozenset({part})
    if part.startswith("@"):
        raise Undecidable(f"{part} is a file where Ansible runs")
    places = None if part.startswith("~") else _PLACES.match(part)
    found = _named(places["name"] if places else part, groups)
    if not found and part in _LOCALHOST:
        raise Undecidable(f"{part} is not in the inventory, and Ansible may make it up")
    return _at_places(places, found, alone=alone) if places else found


def _named(part: str, groups: Groups) -> frozenset[str]:
    """Return the hosts of the groups of that name or glob, and hosts that match it themselves."""
    try:
        with warnings.catch_warnings():
            # Of what may mean something else in a later Python: it is Ansible's to say.
            warnings.simplefilter("ignore", FutureWarning)
            fits = re.compile(part[1:] if part.startswith("~") else translate(part)).match
    except (re.error, OverflowError, RecursionError):
        raise Invalid(f"{part} is no regular expression") from None
    names = [name for name in groups.members if fits(name)]
    found = frozenset().union(*(groups.members[name] for name in names))
    if not names or part.startswith("~") or any(char in part for char in ".?*["):
        found |= {host for host in groups.hosts if fits(host)}
    return found


def _at_places(places: re.Match[str], found: frozenset[str], *, alone: bool) -> frozenset[str]:
    """Return as many hosts as the places hold; which ones depends on an order we do not know."""
    first, last = int(places["first"]), int(places["last"] or 0)
    if places["range"] and not places["last"]:
        last = len(found) - 1
    # Ansible's ranges include their last place; one that ends in 0 is a single place.
    size = len(found)
    count = len(range(size)[first : last + 1]) if last else int(-size <= first < size)
    if count == len(found) or not count:
        return found if count else frozenset()
    if not alone:
        raise Undecidable(f"{places[0]} depends on the order of hosts in AWX")
    return frozenset(sorted(found)[:count])
