from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.receivers import PASSWORD, USER, closed_port, dripping, mailbox
from tests.utils.notifying.conftest import JOB, made
from utils.errors import UsageError
from utils.notifying import mail
from utils.notifying.excerpt import Excerpt
from utils.notifying.message import compose
from utils.notifying.sending import Limits, Notification, deliver

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings
    from tests.certificates import Certificates
    from utils.notifying.facts import Facts

QUICK = Limits(try_s=5.0, total_s=10.0, pause_s=0.01)
TO = '"Doe, J\u00e4ne" <jane@example.com>, ops@example.com'


@pytest.fixture
def sent(settings: Callable[..., Settings]) -> Callable[..., Notification]:
    """Sends to that port with these settings."""

    def send(port: int, facts: Facts | None = None, **more: str) -> Notification:
        environ = {
            "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(port), "SMTP_TO": TO,
            "SMTP_FROM": "AWX <awx@example.com>", **more,
        }  # fmt: skip
        (found,) = deliver(mail.checked(settings(environ)), compose(facts or made()), QUICK)
        return found

    return send


def test_the_mail_has_text_page_and_the_output(sent: Callable[..., Notification]) -> None:
    job = replace(JOB, name="D\u00e9ploy w\u00eab")
    excerpt = Excerpt(("f\u00e4tal",), "f\u00e4tal\n" * 3, "/logs/40.txt", 21)
    with mailbox() as box:
        found = sent(box.port, made(job=job, jobs=(job,), excerpt=excerpt))
    assert found == Notification("email", "jane@example.com, ops@example.com", "sent", 1)
    (received,) = box.mails
    assert received["Subject"] == "FAILED: D\u00e9ploy w\u00eab (job 40) on 2 of 3 hosts"
    assert received["From"] == "AWX <awx@example.com>"
    assert received["To"] == TO
    assert received["Auto-Submitted"] == "auto-generated"
    assert received["Message-ID"].endswith("@example.com>")
    assert received["Date"].datetime.tzinfo
    text, page = received.get_body(("plain",)), received.get_body(("html",))
    assert text
    assert page
    assert "web01, task 'Install': No package" in text.get_content()
    assert "f\u00e4tal" in page.get_content()
    (attached,) = received.iter_attachments()
    assert attached.get_filename() == "job-40.txt"
    assert attached.get_content().splitlines() == excerpt.text.splitlines()
    assert box.receivers == [["jane@example.com", "ops@example.com"]]
    assert all(len(line) <= 998 for line in box.raw[0].split(b"\r\n"))


def test_of_a_success_nothing_is_attached(sent: Callable[..., Notification]) -> None:
    with mailbox() as box:
        sent(box.port, made("success", 0, failures=()))
    assert list(box.mails[0].iter_attachments()) == []


def test_what_is_attached_says_that_it_is_only_the_end() -> None:
    message = compose(made(excerpt=Excerpt(("x",), "x\n" * 100_000, "/logs/40.txt", 3_400_000)))
    (sender,) = mail._addresses_in("awx@example.com")
    (attached,) = mail.letter(message, sender, [sender]).iter_attachments()
    first = attached.get_content().partition("\n")[0]
    assert first == "[the last 200 kB of 3,400 kB; all of it: /logs/40.txt]"


def test_no_name_adds_a_header(sent: Callable[..., Notification]) -> None:
    job = replace(JOB, name="Deploy\r\nBcc: other@example.com\n\nbody")
    with mailbox() as box:
        assert sent(box.port, made(job=job, jobs=(job,))).state == "sent"
    (received,) = box.mails
    assert received["Bcc"] is None
    assert received["Subject"].startswith("FAILED: Deploy Bcc: other@example.com body (job 40)")


@hypothesis_settings(max_examples=20)
@given(name=st.text(max_size=300), text=st.text(max_size=3000))
def test_whatever_stands_in_awx_is_a_mail(name: str, text: str) -> None:
    job = replace(JOB, name=name)
    excerpt = Excerpt((text,), text, name, len(text))
    (sender,) = mail._addresses_in("awx@example.com")
    content = mail.letter(compose(made(job=job, jobs=(job,), excerpt=excerpt)), sender, [sender])
    read = message_from_bytes(content.as_bytes(), policy=policy.default)
    assert {"Subject", "From", "To", "Date", "Message-ID"} <= set(read.keys())
    assert read.defects == []


def test_starttls_and_a_login(
    sent: Callable[..., Notification], certificates: Certificates
) -> None:
    with mailbox(certificates.server(), wants_login=True) as box:
        found = sent(
            box.port, SMTP_TLS="starttls", SMTP_USER=USER, SMTP_PASSWORD=PASSWORD,
            AWX_CA_BUNDLE=certificates.authority, SMTP_FROM="",
        )  # fmt: skip
    assert found.state == "sent", found.error
    assert (box.logins, box.were_encrypted) == ([USER], [True])
    assert box.mails[0]["From"] == USER


def test_tls_from_the_start(sent: Callable[..., Notification], certificates: Certificates) -> None:
    with mailbox(certificates.server(), is_tls=True) as box:
        found = sent(box.port, SMTP_TLS="tls", AWX_CA_BUNDLE=certificates.authority)
    assert found.state == "sent", found.error


def test_a_strange_certificate_is_not_trusted(
    sent: Callable[..., Notification], certificates: Certificates
) -> None:
    with mailbox(certificates.server()) as box:
        found = sent(box.port, SMTP_TLS="starttls")
    assert (found.state, found.tries, box.raw) == ("failed", 1, [])
    assert str(found.error).startswith(f"127.0.0.1:{box.port}: its certificate is not trusted: ")


def test_authorities_of_openssl_are_trusted(
    sent: Callable[..., Notification], certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", certificates.authority)
    with mailbox(certificates.server()) as box:
        assert sent(box.port, SMTP_TLS="starttls").state == "sent"


def test_a_server_without_starttls(sent: Callable[..., Notification]) -> None:
    with mailbox() as box:
        found = sent(box.port, SMTP_TLS="starttls")
    assert (found.state, found.tries, box.raw) == ("failed", 1, [])
    assert "STARTTLS" in str(found.error)
    assert "AWX_SMTP_TLS is starttls" in str(found.error)


def test_a_server_without_a_login_is_no_matter_of_tls(
    sent: Callable[..., Notification], certificates: Certificates
) -> None:
    login = {"SMTP_USER": USER, "SMTP_PASSWORD": PASSWORD}
    with mailbox(certificates.server(), is_tls=True) as box:
        found = sent(box.port, SMTP_TLS="tls", AWX_CA_BUNDLE=certificates.authority, **login)
    assert "SMTP AUTH" in str(found.error)
    assert "AWX_SMTP_TLS" not in str(found.error)


def test_a_domain_of_any_letters_is_as_the_dns_has_it(
    settings: Callable[..., Settings],
) -> None:
    to = "ops@Stra\u00dfe.example, jane@example.com"
    (found,) = mail.checked(settings({**COMPLETE, "SMTP_TO": to}))
    assert found.to == "ops@xn--strae-oqa.example, jane@example.com"


def test_a_refused_login_is_tried_once_and_tells_no_password(
    sent: Callable[..., Notification], certificates: Certificates
) -> None:
    with mailbox(certificates.server(), wants_login=True) as box:
        found = sent(
            box.port, SMTP_TLS="starttls", SMTP_USER=USER, SMTP_PASSWORD="wrong-s3cret",
            AWX_CA_BUNDLE=certificates.authority,
        )  # fmt: skip
    assert (found.state, found.tries) == ("failed", 1)
    assert ": the login is refused: 535 " in str(found.error)
    assert "wrong-s3cret" not in str(found)


def test_who_is_refused_is_told_and_the_others_get_it(sent: Callable[..., Notification]) -> None:
    with mailbox() as box:
        box.refused = {"jane@example.com": "550 no such user"}
        found = sent(box.port)
    assert (found.state, box.receivers) == ("sent", [["ops@example.com"]])
    assert found.error == "but not to: jane@example.com (550 no such user)"


def test_where_all_are_refused_for_good_it_is_tried_once(sent: Callable[..., Notification]) -> None:
    with mailbox() as box:
        box.refused = dict.fromkeys(("jane@example.com", "ops@example.com"), "550 no such user")
        found = sent(box.port)
    assert (found.state, found.tries) == ("failed", 1)
    assert ": every address is refused: jane@example.com (550" in str(found.error)


@pytest.mark.parametrize(
    ("answer", "state", "tries"), [("451 later", "sent", 2), ("554 spam", "failed", 1)]
)
def test_what_may_pass_is_tried_again(
    sent: Callable[..., Notification], answer: str, state: str, tries: int
) -> None:
    with mailbox() as box:
        box.data_answers = [answer]
        found = sent(box.port)
    assert (found.state, found.tries) == (state, tries)


def test_a_server_that_is_not_there(sent: Callable[..., Notification]) -> None:
    port = closed_port()
    found = sent(port)
    told = f"127.0.0.1:{port}: Connection refused"
    assert (found.state, found.tries, found.error) == ("failed", 2, told)


def test_a_server_that_drips_is_given_up(settings: Callable[..., Settings]) -> None:
    with dripping(b"220") as server:
        environ = {
            "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(server.port), "SMTP_TO": "a@example.com",
            "SMTP_FROM": "a@example.com",
        }  # fmt: skip
        limits = Limits(try_s=0.1, total_s=1.0, pause_s=0.01)
        (found,) = deliver(mail.checked(settings(environ)), compose(made()), limits)
    told = f"127.0.0.1:{server.port}: no answer within 0.1 s"
    assert (found.state, found.tries, found.error) == ("failed", 2, told)


ALL_BUT = "mail is set in part (SMTP_HOST, {}, SMTP_FROM, SMTP_TO): {} is missing"
COMPLETE = {"SMTP_HOST": "mail.test", "SMTP_TO": "a@example.com", "SMTP_FROM": "b@example.com"}


@pytest.mark.parametrize(
    ("environ", "problem"),
    [
        ({"SMTP_HOST": "mail.test"},
         "mail is set in part (SMTP_HOST): AWX_SMTP_TO and AWX_SMTP_FROM are missing"),
        ({**COMPLETE, "SMTP_HOST": ""},
         "mail is set in part (SMTP_FROM, SMTP_TO): AWX_SMTP_HOST is missing"),
        ({**COMPLETE, "SMTP_PASSWORD": "s3cret"},
         ALL_BUT.format("SMTP_PASSWORD", "AWX_SMTP_USER")),
        ({**COMPLETE, "SMTP_USER": "joe"},
         ALL_BUT.format("SMTP_USER", "AWX_SMTP_PASSWORD")),
        ({**COMPLETE, "SMTP_TO": "nobody"},
         "SMTP_TO is 'nobody': it takes addresses such as ops@example.com"),
        ({**COMPLETE, "SMTP_TO": "a@example.com, b c"},
         "SMTP_TO is 'a@example.com, b c': it takes addresses such as ops@example.com"),
        ({**COMPLETE, "SMTP_FROM": "a@b.test, c@d.test"},
         "SMTP_FROM is 'a@b.test, c@d.test': it takes an address such as ops@example.com"),
        ({**COMPLETE, "SMTP_TO": "a@example.com\nBcc: b@example.com"},
         "SMTP_TO: it takes addresses such as ops@example.com"),
        ({**COMPLETE, "SMTP_TO": "j\u00e4ne@example.com"},
         "SMTP_TO is 'j\u00e4ne@example.com': it takes addresses such as ops@example.com"),
        ({**COMPLETE, "SMTP_HOST": "localhost:25"},
         "SMTP_HOST is 'localhost:25': it takes the server alone, its port is AWX_SMTP_PORT=25"),
        ({**COMPLETE, "SMTP_HOST": "smtp://mail.test"},
         "SMTP_HOST is 'smtp://mail.test': it takes a server such as mail.example.com"),
        ({**COMPLETE, "SMTP_USER": "joe", "SMTP_PASSWORD": "p\u00e4ss"},
         "SMTP_PASSWORD has a character beyond ASCII, which no login by mail takes: change it"),
        ({**COMPLETE, "SMTP_TLS": "yes"}, "SMTP_TLS is 'yes': it takes starttls, tls or none"),
        ({**COMPLETE, "SMTP_PORT": "tcp://10.0.0.1:25"},
         "SMTP_PORT is 'tcp://10.0.0.1:25': it takes a port's number"),
        ({**COMPLETE, "SMTP_PORT": "99999"}, "SMTP_PORT is '99999': it takes a port's number"),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_told(
    settings: Callable[..., Settings], environ: dict[str, str], problem: str
) -> None:
    with pytest.raises(UsageError) as caught:
        mail.checked(settings(environ))
    assert str(caught.value) == problem


@pytest.mark.parametrize(
    ("environ", "way"),
    [
        ({}, ("starttls", 587)),
        ({"SMTP_PORT": "465"}, ("tls", 465)),
        ({"SMTP_PORT": "2525"}, ("starttls", 2525)),
        ({"SMTP_TLS": " TLS "}, ("tls", 465)),
        ({"SMTP_TLS": "none"}, ("none", 25)),
        ({"SMTP_HOST": "localhost"}, ("none", 25)),
        ({"SMTP_HOST": "localhost", "SMTP_PORT": "465"}, ("tls", 465)),
    ],
)
def test_ways_and_ports(
    settings: Callable[..., Settings], environ: dict[str, str], way: tuple[str, int]
) -> None:
    found = settings({**COMPLETE, **environ})
    assert mail._way(found, is_here=found.smtp_host == "localhost") == way


def test_a_server_by_its_name_or_address(settings: Callable[..., Settings]) -> None:
    (found,) = mail.checked(settings({**COMPLETE, "SMTP_HOST": " mail.test ", "SMTP_PORT": "25"}))
    assert found.at == "mail.test:25"
    (found,) = mail.checked(settings({**COMPLETE, "SMTP_HOST": "::1"}))
    assert found.at == "[::1]:25"


def test_what_another_program_has_there_does_not_matter(settings: Callable[..., Settings]) -> None:
    assert mail.checked(settings({"SMTP_PORT": "tcp://10.0.0.1:25", "SMTP_TLS": "maybe"})) == []


def test_a_password_that_can_be_read_on_its_way_is_told(
    settings: Callable[..., Settings], caplog: pytest.LogCaptureFixture
) -> None:
    login = {"SMTP_USER": "joe", "SMTP_PASSWORD": "s3cret", "SMTP_TLS": "none"}
    (found,) = mail.checked(settings({**COMPLETE, **login}))
    assert "the password for mail.test can be read on its way" in caplog.text
    assert "s3cret" not in caplog.text + repr(found) + repr(vars(settings({**COMPLETE})))
