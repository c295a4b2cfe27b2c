"""Ansible's rules of patterns, from its documentation and tried with `ansible --list-hosts`."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from utils.host_pattern import Groups, Invalid, Undecidable, matching, read_script, unmatched

SCRIPT: dict[str, object] = {
    "all": {"hosts": ["lone"], "children": ["web", "db", "staging"], "vars": {"x": 1}},
    "web": {"hosts": ["web01", "web02", "web03"]},
    "db": {"hosts": ["db01"], "children": ["dbslaves"]},
    "dbslaves": {"hosts": ["db02", "db03"]},
    "staging": {"hosts": ["web03", "db03"]},
    "nobody": {},
    "_meta": {"hostvars": {"web01": {}, "db01": {}, "10.0.0.1": {}, "web01.example.com": {}}},
}
GROUPS = read_script(SCRIPT)
ALL = sorted(GROUPS.hosts)


def found(pattern: str) -> list[str]:
    return sorted(matching(pattern, GROUPS))


def test_the_hosts_of_a_group_are_those_of_its_children_too() -> None:
    assert GROUPS.members["db"] == {"db01", "db02", "db03"}
    assert GROUPS.members["all"] == GROUPS.hosts
    assert {"lone", "10.0.0.1", "web01.example.com"} < GROUPS.hosts


def test_groups_that_hold_each_other_end() -> None:
    script = {
        "a": {"children": ["b"], "hosts": ["one"]},
        "b": {"children": ["a"], "hosts": ["two"]},
    }
    assert read_script(script).members["b"] == {"one", "two"}


@pytest.mark.parametrize(
    ("pattern", "hosts"),
    [
        ("all", ALL),
        ("*", ALL),
        ("", ALL),
        ("web01", ["web01"]),
        ("web01,db01", ["db01", "web01"]),
        ("web01:db01", ["db01", "web01"]),
        (" web01 , db01 ", ["db01", "web01"]),
        ("web", ["web01", "web02", "web03"]),
        ("web:db", ["db01", "db02", "db03", "web01", "web02", "web03"]),
        ("web:!staging", ["web01", "web02"]),
        ("!staging:web", ["web01", "web02"]),
        ("web:&staging", ["web03"]),
        ("web:db:&staging:!db03", ["web03"]),
        ("all:!web:!db", ["10.0.0.1", "lone", "web01.example.com"]),
        ("!web", [host for host in ALL if host not in {"web01", "web02", "web03"}]),
        ("&web", ["web01", "web02", "web03"]),
        ("web0*", ["web01", "web01.example.com", "web02", "web03"]),
        ("*.example.com", ["web01.example.com"]),
        ("web0?", ["web01", "web02", "web03"]),
        ("web0[12]*", ["web01", "web01.example.com", "web02"]),
        ("web0[12]", []),
        ("10.0.0.1", ["10.0.0.1"]),
        ("10.0.*", ["10.0.0.1"]),
        ("d*", ["db01", "db02", "db03"]),
        ("~web0[12]$", ["web01", "web02"]),
        ("~(web|db)01$", ["db01", "web01"]),
        ("~[[w]eb02", ["web02"]),
        ("~db", ["db01", "db02", "db03"]),
        ("nobody", []),
        ("no_such", []),
        ("web04", []),
        ("web04,web01", ["web01"]),
        ("web:!no_such", ["web01", "web02", "web03"]),
        ("web:&no_such", []),
    ],
)
def test_what_a_pattern_means(pattern: str, hosts: list[str]) -> None:
    assert found(pattern) == hosts


@pytest.mark.parametrize(
    ("pattern", "count"),
    [("web[0]", 1), ("web[2]", 1), ("web[-1]", 1), ("web[3]", 0), ("web[0:1]", 2), ("web[1:]", 2),
     ("web[0:2]", 3), ("web[0:]", 3), ("web[0-1]", 2), ("web[5:9]", 0)],
)  # fmt: skip
def test_places_in_a_group_leave_as_many_hosts(pattern: str, count: int) -> None:
    hosts = found(pattern)
    assert len(hosts) == count
    assert set(hosts) <= GROUPS.members["web"]


@pytest.mark.parametrize(
    "pattern",
    ["@retry.txt", "web:@retry.txt", "{{ target }}", "web[0]:!db", "all:!web[0]",
     "localhost", "127.0.0.1", "::1"],
)  # fmt: skip
def test_what_the_inventory_alone_does_not_tell_is_not_guessed(pattern: str) -> None:
    with pytest.raises(Undecidable):
        found(pattern)


@pytest.mark.parametrize("pattern", ["~web(", "web,~[", "web:!~*", "web:&~(?P<"])
def test_a_bad_regular_expression_is_refused_as_ansible_does(pattern: str) -> None:
    with pytest.raises(Invalid, match="is no regular expression"):
        found(pattern)


@pytest.mark.parametrize(
    ("pattern", "strangers"),
    [
        ("web", []),
        ("all", []),
        ("web,!db,&staging", []),
        ("web01:web0?:~db", []),
        ("wbe", ["wbe"]),
        ("web,wbe,db", ["wbe"]),
        ("web:!dbb:&stagin", ["dbb", "stagin"]),
        ("web,nobody", ["nobody"]),
        ("web[0],db", []),
        ("web[7],db", ["web[7]"]),
        ("", []),
    ],
)
def test_parts_that_match_nothing_are_named(pattern: str, strangers: list[str]) -> None:
    assert unmatched(pattern, GROUPS) == strangers


@pytest.mark.parametrize(
    ("pattern", "hosts"),
    [("ungrouped", ["lone"]), ("all:!ungrouped", [host for host in ALL if host != "lone"])],
)
def test_the_hosts_without_a_group_are_one(pattern: str, hosts: list[str]) -> None:
    assert found(pattern) == hosts


def test_without_any_such_host_that_group_is_empty() -> None:
    groups = read_script({"all": {"children": ["web"]}, "web": {"hosts": ["web01"]}})
    assert matching("ungrouped", groups) == frozenset()
    assert matching("all", groups) == {"web01"}


@pytest.mark.parametrize("pattern", ["2001:db8::1", "fe80::1"])
def test_an_ipv6_address_is_one_host(pattern: str) -> None:
    groups = read_script({"all": {"hosts": [pattern, "web01"]}})
    assert matching(pattern, groups) == {pattern}
    assert matching(f"{pattern},web01", groups) == {pattern, "web01"}


def test_a_host_with_a_port_is_one_part() -> None:
    assert matching("web01:2222", read_script({"all": {"hosts": ["web01:2222", "web01"]}})) == {
        "web01:2222"
    }


NAMES = st.sampled_from(["web", "db", "dbslaves", "staging", "web01", "db0*", "~b0", "all", "lone"])
SETS = st.dictionaries(
    st.sampled_from(["a", "b", "c"]), st.frozensets(st.sampled_from(["h1", "h2", "h3", "h4"])),
    min_size=3,
)  # fmt: skip


def groups_of(members: dict[str, frozenset[str]]) -> Groups:
    hosts = frozenset().union(*members.values())
    return Groups(hosts, {**members, "all": hosts})


@given(NAMES)
def test_what_is_taken_away_from_itself_is_nothing(name: str) -> None:
    assert matching(f"{name}:!{name}", GROUPS) == frozenset()


@given(NAMES)
def test_what_is_kept_of_itself_is_all_of_it(name: str) -> None:
    assert matching(f"{name}:&{name}", GROUPS) == matching(name, GROUPS)


@given(NAMES, NAMES)
def test_taking_away_and_keeping_make_up_the_whole(first: str, second: str) -> None:
    without, within = matching(f"{first}:!{second}", GROUPS), matching(f"{first}:&{second}", GROUPS)
    assert without | within == matching(first, GROUPS)
    assert not without & within


@given(NAMES, NAMES, st.sampled_from(",:"))
def test_the_order_of_parts_does_not_matter(first: str, second: str, between: str) -> None:
    assert matching(f"{first}{between}{second}", GROUPS) == matching(
        f"{second}{between}{first}", GROUPS
    )


@given(SETS)
def test_the_operators_are_those_of_sets(members: dict[str, frozenset[str]]) -> None:
    a, b, c = (members[name] for name in "abc")
    assert matching("a:b:&c", groups_of(members)) == (a | b) & c
    assert matching("a:&b:!c", groups_of(members)) == (a & b) - c
    assert matching("a,b,!c", groups_of(members)) == (a | b) - c


@given(st.text("ab01.*?[]!&~:,-@ {}", max_size=12))
def test_no_pattern_makes_it_fail_or_find_strangers(pattern: str) -> None:
    assume(pattern.strip(" ,:"))
    try:
        hosts = matching(pattern, GROUPS)
    except (Undecidable, Invalid):
        return
    assert hosts <= GROUPS.hosts
