from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from tests.utils.notifying.conftest import JOB
from utils.errors import UsageError
from utils.notifying import message
from utils.notifying.facts import FailureFacts
from utils.notifying.message import compose, own_template

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config import Settings
    from utils.notifying.facts import Facts


def test_the_text_tells_first_things_first(facts: Callable[..., Facts]) -> None:
    found = compose(facts(reason="it broke"))
    order = ["it broke", "web01, task 'Install': No package", JOB.page, "1: the job ended failed",
             "2 failed, 1 ok", "1 min 30 s, usually 30 s", "admin, manual", "cron01",
             "relaunch 40", "fatal: [web01]"]  # fmt: skip
    places = [found.text.index(each) for each in order]
    assert places == sorted(places)
    assert found.title == "FAILED: Deploy web (job 40) on 2 of 3 hosts"


def test_of_a_success_only_little_is_told(facts: Callable[..., Facts]) -> None:
    text = compose(facts("success", 0, failures=(), next=())).text
    assert len(text.splitlines()) <= 6
    assert "TASK" not in text


def test_many_failures_are_counted(facts: Callable[..., Facts]) -> None:
    many = tuple(FailureFacts(f"web{each:02}", "", "gone", unreachable=True) for each in range(25))
    found = compose(facts(failures=many))
    assert "web09: gone" in found.text
    assert "web10" not in found.text
    assert "and 15 more" in found.text
    assert "and 15 more" in str(found.html)


class _Tags(HTMLParser):
    """Notes the tags of a page that are open, and what it fetches."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        if tag not in {"meta", "br"}:
            self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_runs_nothing_and_fetches_nothing(facts: Callable[..., Facts]) -> None:
    evil = "<script>alert(1)</script>"
    found = compose(
        facts(
            reason=evil, awx="javascript:alert(1)",
            failures=(FailureFacts(evil, evil, evil, unreachable=False),),
        )
    )  # fmt: skip
    tags = _Tags()
    tags.feed(str(found.html))
    assert tags.open == []
    assert not tags.seen & {"script", "img", "link", "iframe", "style"}
    assert tags.links == [JOB.page]
    assert "&lt;script&gt;" in str(found.html)


def template(tmp_path: Path, text: str, name: str = "mine.j2") -> str:
    path = tmp_path / name
    path.write_text(text)
    return str(path)


def test_a_template_of_the_users(
    facts: Callable[..., Facts], settings: Callable[..., Settings], tmp_path: Path
) -> None:
    path = template(
        tmp_path, "{{ job.name }} <b>{{ exit_code }}</b> {{ job.elapsed_s | duration }}"
    )
    found = compose(facts(), own_template(settings(notify_on="always", notify_template=path)))
    assert (found.text, found.html, found.is_own) == ("Deploy web <b>1</b> 1 min 30 s", None, True)


def test_a_page_of_the_users_is_escaped_and_the_text_stays_ours(
    facts: Callable[..., Facts], settings: Callable[..., Settings], tmp_path: Path
) -> None:
    path = template(tmp_path, "<p>{{ reason }}</p>", "mine.html.j2")
    own = own_template(settings(notify_on="always", notify_template=path))
    found = compose(facts(reason="a < b"), own)
    assert found.html == "<p>a &lt; b</p>"
    assert "a < b" in found.text
    assert not found.is_own


def test_what_a_template_includes_stands_beside_it(
    facts: Callable[..., Facts], settings: Callable[..., Settings], tmp_path: Path
) -> None:
    template(tmp_path, "-- {{ user }}", "signature.j2")
    path = template(tmp_path, "{{ word }} {% include 'signature.j2' %}")
    own = own_template(settings(notify_on="always", notify_template=path))
    assert compose(facts(), own).text == "FAILED -- admin"
    folder = tmp_path / "below"
    folder.mkdir()
    path = template(folder, "{% include '../signature.j2' %}")
    own = own_template(settings(notify_on="always", notify_template=path))
    assert compose(facts(), own).problem == "../signature.j2"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("one\n{% if %}", "mine.j2, line 2: "),
        ("{{ jbo.name }}", "mine.j2 names jbo, which a message does not have"),
        ("{% include 'other' %}{{ title | nofilter }}", "No filter named 'nofilter'"),
    ],
)
def test_what_is_no_template_is_told_before_the_run(
    settings: Callable[..., Settings], tmp_path: Path, text: str, problem: str
) -> None:
    path = template(tmp_path, text)
    with pytest.raises(UsageError, match=re.escape(problem)) as caught:
        own_template(settings(notify_on="always", notify_template=path))
    assert str(caught.value).startswith("--notify-template: ")


def test_a_template_that_is_not_there(settings: Callable[..., Settings], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read .*No such file"):
        own_template(settings(notify_on="always", notify_template=str(tmp_path / "no")))
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="not UTF-8"):
        own_template(settings(notify_on="always", notify_template=str(tmp_path / "bytes")))


@pytest.mark.usefixtures("default_signals")
def test_a_template_without_end_is_given_up(
    facts: Callable[..., Facts], settings: Callable[..., Settings], tmp_path: Path,
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(message, "LONGEST_S", 0.05)
    loops = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    own = own_template(settings(notify_on="always", notify_template=template(tmp_path, loops)))
    found = compose(facts(), own)
    assert found.problem
    assert replace(found, problem="") == compose(facts())
    assert "cannot be used, the usual message is sent: it takes more than 0.05 s" in caplog.text


@pytest.mark.parametrize(
    "text",
    [
        "{{ job.nothing }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ 1 / 0 }}",
        "{% for each in range(1000000) %}x{% endfor %}",
        "{% include '/etc/passwd' %}",
        "{{ attempts.append(1) }}",
    ],
)
def test_where_a_template_goes_wrong_ours_is_sent(
    facts: Callable[..., Facts], settings: Callable[..., Settings], tmp_path: Path,
    caplog: pytest.LogCaptureFixture, text: str,
) -> None:  # fmt: skip
    own = own_template(settings(notify_on="always", notify_template=template(tmp_path, text)))
    found = compose(facts(), own)
    assert found.problem
    assert replace(found, problem="") == compose(facts())
    assert "cannot be used, the usual message is sent" in caplog.text
