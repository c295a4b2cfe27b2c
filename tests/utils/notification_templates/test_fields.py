from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from demo.rows_notifications import template_fields
from tests.rows import page
from utils.errors import BadAnswer, Refused, UsageError
from utils.notification_templates import fields

if TYPE_CHECKING:
    from tests.fake_awx import FakeAwx
    from utils.awx_client import Client

PATH = "notification_templates/"


@pytest.fixture
def types(awx: FakeAwx, client: Client) -> fields.Schema:
    awx.on("OPTIONS", PATH, {"actions": {"GET": {}, "POST": template_fields()}})
    return fields.schema(client)


def read(types: fields.Schema, kind: str, *texts: str) -> dict[str, Any]:
    return fields.configuration(types[kind], texts, kind, "--field")


def test_the_schema_is_awx_s_own(types: fields.Schema) -> None:
    assert len(types) == 10
    assert [(each.name, each.kind, each.is_required) for each in types["email"].values()][-3:] == [
        ("sender", "string", True), ("recipients", "list", True), ("timeout", "int", False),
    ]  # fmt: skip
    assert "hex_color" in types["slack"]


def test_values_have_the_types_that_awx_asks_for(types: fields.Schema, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("s3cret\n")
    made = read(
        types, "email", "host=mail.example.com", "port=587", "username=bot", "use_tls=true",
        f"password=@{tmp_path}/password", "use_ssl=no", "sender=awx@example.com",
        "recipients=a@example.com, b@example.com", "recipients=c@example.com",
    )  # fmt: skip
    assert made == {
        "host": "mail.example.com", "port": 587, "username": "bot", "use_tls": True,
        "password": "s3cret", "use_ssl": False, "sender": "awx@example.com",
        "recipients": ["a@example.com", "b@example.com", "c@example.com"],
    }  # fmt: skip


def test_an_object_is_json_and_an_at_sign_may_begin_a_channel(
    types: fields.Schema, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook = read(types, "webhook", "url=http://x.test/a=b", 'headers={"X-Team": "web"}')
    assert webhook == {"url": "http://x.test/a=b", "headers": {"X-Team": "web"}}
    monkeypatch.setattr(sys, "stdin", io.StringIO("xoxb-1\n"))
    slack = read(types, "slack", "token=@-", "channels=@jane")
    assert slack == {"token": "xoxb-1", "channels": ["@jane"]}


def test_the_document_has_every_type_with_its_fields(types: fields.Schema) -> None:
    text = (Path(__file__).parents[3] / "docs" / "notification-templates.md").read_text()
    told = text.partition("<!-- types -->\n")[2].partition("\n<!-- end")[0].splitlines()[2:]
    assert told == [
        f"| {kind} | {', '.join(str(f) if f.is_required else f'[{f}]' for f in takes.values())} |"
        for kind, takes in sorted(types.items())
    ]


@pytest.mark.parametrize(
    ("kind", "texts", "words"),
    [
        ("slack", ["channels=#a"], r"slack needs more: --field token=@FILE$"),
        ("slack", ["chanels=#a"], r"slack has no field 'chanels'; it takes token=@FILE, channels"),
        ("slack", ["token"], r"--field takes NAME=VALUE"),
        ("slack", ["token=@/no/such"], r"token: /no/such cannot be read: No such file"),
        ("irc", ["port=many"], r"--field port: it takes a whole number"),
        ("irc", ["use_ssl=perhaps"], r"--field use_ssl: it takes"),
        ("webhook", ["headers=[1]"], r"headers: it takes a JSON object"),
        ("webhook", ["headers=[]"], r"headers: it takes a JSON object"),
        ("webhook", ["headers=x"], r"headers: it takes a JSON object"),
    ],
)
def test_what_does_not_fit_is_told(
    types: fields.Schema, kind: str, texts: list[str], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        read(types, kind, *texts)


def test_a_secret_on_the_command_line_is_refused_and_not_shown(types: fields.Schema) -> None:
    with pytest.raises(UsageError, match="there for all to see") as caught:
        read(types, "slack", "token=xoxb-1", "channels=#a")
    assert "xoxb" not in str(caught.value)


def test_an_empty_secret_is_no_secret(types: fields.Schema) -> None:
    made = read(types, "webhook", "url=http://x.test", "headers={}", "password=")
    assert made["password"] == ""


def test_an_unknown_type_names_those_there_are(types: fields.Schema) -> None:
    with pytest.raises(UsageError, match=r"--type is 'slak': this AWX sends by awssns, email"):
        fields.type_of(types, "slak", "--type")


def test_who_may_make_none_is_told(awx: FakeAwx, client: Client) -> None:
    awx.on("OPTIONS", PATH, {"actions": {"GET": {}}})
    with pytest.raises(Refused, match="notification admin role of an organization"):
        fields.schema(client)


def test_a_schema_that_is_none_is_told(awx: FakeAwx, client: Client) -> None:
    post = {"notification_type": {}, "notification_configuration": page()}
    awx.on("OPTIONS", PATH, {"actions": {"POST": post}})
    with pytest.raises(BadAnswer, match="it tells no types of notifications"):
        fields.schema(client)
