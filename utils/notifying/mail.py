"""Mail: a message with text, page and the end of the output, over SMTP."""

from __future__ import annotations

import smtplib
from contextlib import closing, suppress
from email.errors import HeaderParseError, MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses, localtime, make_msgid
from typing import TYPE_CHECKING

from utils import logger
from utils.errors import UsageError
from utils.notifying import trust
from utils.notifying.sending import TRIES, NotSentError
from utils.statistics.words import name

if TYPE_CHECKING:
    import ssl
    from collections.abc import Sequence
    from datetime import datetime

    from config import Settings
    from utils.notifying.message import Message

log = logger.get("notify")

WAYS = ("starttls", "tls", "none")
PORTS = {"starttls": 587, "tls": 465, "none": 25}
HIGHEST_PORT = 65535
# Codes that say "later", not "no".
LATER = range(400, 500)
# What says that mail is wanted: a port alone may be there for something else.
TELLING = ("smtp_host", "smtp_user", "smtp_password", "smtp_from", "smtp_to")
HERE = frozenset({"localhost", "127.0.0.1", "::1"})


class Mail:
    """A server for mail, who sends there, and who gets it."""

    kind = "email"
    tries = TRIES

    def __init__(
        self, at: tuple[str, int], *, tls: str, login: tuple[str, str] | None,
        sender: Address, receivers: Sequence[Address], context: ssl.SSLContext,
    ) -> None:  # fmt: skip
        self._at, self._tls, self._login, self._context = at, tls, login, context
        self._sender, self._receivers = sender, receivers
        self.to = ", ".join(each.addr_spec for each in receivers)
        host, port = at
        self.at = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self.secrets: Sequence[str] = [login[1]] if login else []

    def __repr__(self) -> str:
        return f"Mail({self.to})"

    def send(self, message: Message, timeout_s: float) -> str:
        """Send it; raises NotSentError for what the server refuses, OSError."""
        content = letter(message, self._sender, self._receivers)
        try:
            with closing(self._connected(timeout_s)) as server:
                if self._tls == "starttls":
                    server.starttls(context=self._context)
                if self._login:
                    server.login(*self._login)
                refused = server.send_message(content)
                # It is sent, whatever the server says to a farewell.
                with suppress(smtplib.SMTPException, OSError):
                    server.quit()
        except smtplib.SMTPNotSupportedError as error:
            # Without TLS, many servers offer no login.
            is_of_tls = "STARTTLS" in str(error) or (self._login and self._tls == "none")
            hint = f"; AWX_SMTP_TLS is {self._tls}" if is_of_tls else ""
            raise NotSentError(f"{error}{hint}", again=False) from None
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            why = f"every address is refused: {_said(error.recipients)}"
            raise NotSentError(why, again=all(code in LATER for code in codes)) from None
        except smtplib.SMTPResponseException as error:
            said = error.smtp_error
            words = said.decode(errors="replace") if isinstance(said, bytes) else said
            what = "the login is refused: " if _is_login(error) else ""
            why = f"{what}{error.smtp_code} {words}"
            raise NotSentError(why, again=error.smtp_code in LATER) from None
        except smtplib.SMTPServerDisconnected as error:
            raise NotSentError(str(error), again=True) from None
        return f"but not to: {_said(refused)}" if refused else ""

    def _connected(self, timeout_s: float) -> smtplib.SMTP:
        host, port = self._at
        if self._tls == "tls":
            return smtplib.SMTP_SSL(host, port, timeout=timeout_s, context=self._context)
        return smtplib.SMTP(host, port, timeout=timeout_s)


def _is_login(error: smtplib.SMTPResponseException) -> bool:
    return isinstance(error, smtplib.SMTPAuthenticationError)


def _said(refused: dict[str, tuple[int, bytes]]) -> str:
    return ", ".join(
        f"{to} ({code} {words.decode(errors='replace')})" for to, (code, words) in refused.items()
    )


def letter(
    message: Message,
    sender: Address,
    receivers: Sequence[Address],
    now: datetime | None = None,
    message_id: str = "",
) -> EmailMessage:
    """Return the mail. No header has more than a line, whatever a template is named."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = name(message.title)
    mail["From"] = sender
    mail["To"] = tuple(receivers)
    mail["Date"] = now or localtime()
    # With a domain, since its own name is asked for else, and that may take a while.
    mail["Message-ID"] = message_id or make_msgid(domain=sender.domain or "localhost")
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(message.text)
    if message.html:
        mail.add_alternative(message.html, subtype="html")
    excerpt, job = message.excerpt, message.facts.job
    if excerpt.text and not message.facts.is_good:
        text = excerpt.text
        if excerpt.is_cut:
            text = (
                f"[the last {len(text.encode()) // 1000} kB of {excerpt.size_bytes // 1000:,} kB; "
                f"all of it: {excerpt.path}]\n{text}"
            )
        mail.add_attachment(text, filename=f"job-{job.id if job else 0}.txt")
    return mail


def checked(settings: Settings) -> list[Mail]:
    """Return the mail that is set, if it is; raises UsageError for what is missing or wrong."""
    if not any(getattr(settings, each) for each in TELLING):
        return []
    sender_is = "smtp_from" if settings.smtp_from else "smtp_user"
    needed = {"AWX_SMTP_HOST": settings.smtp_host, "AWX_SMTP_TO": settings.smtp_to}
    if not settings.smtp_from and "@" not in settings.smtp_user:
        needed["AWX_SMTP_FROM"] = ""
    if bool(settings.smtp_user) != bool(settings.smtp_password):
        needed |= {"AWX_SMTP_USER": settings.smtp_user, "AWX_SMTP_PASSWORD": settings.smtp_password}
    missing = [each for each, value in needed.items() if not value]
    if missing:
        known = [settings.source(each) for each in TELLING if getattr(settings, each)]
        are = "are" if len(missing) > 1 else "is"
        raise UsageError(
            f"mail is set in part ({', '.join(known)}): {' and '.join(missing)} {are} missing"
        )
    host = _host(settings)
    is_here = host in HERE
    tls, port = _way(settings, is_here=is_here)
    _check_login(settings)
    login = (settings.smtp_user, settings.smtp_password) if settings.smtp_user else None
    if login and tls == "none" and not is_here:
        log.warning("the password for %s can be read on its way: set AWX_SMTP_TLS=starttls",
                    host)  # fmt: skip
    (sender,) = _addresses(settings, sender_is, most=1)
    receivers = _addresses(settings, "smtp_to")
    return [
        Mail(
            (host, port), tls=tls, login=login, sender=sender, receivers=receivers,
            context=trust.context(settings),
        )
    ]  # fmt: skip


def _host(settings: Settings) -> str:
    """Return the server's name or address; raises UsageError where a port stands there, too."""
    host = settings.smtp_host.strip()
    source = settings.source("smtp_host")
    name, _, port = host.rpartition(":")
    if port.isdecimal() and name and ":" not in name:
        raise UsageError(
            f"{source} is {host!r}: it takes the server alone, its port is AWX_SMTP_PORT={port}"
        )
    if not host.isprintable() or set(host) & set(" /@[]"):
        raise UsageError(f"{source} is {host!r}: it takes a server such as mail.example.com")
    return host


def _check_login(settings: Settings) -> None:
    """Raise UsageError for what cannot be sent as a login; smtplib would tell characters of it."""
    for setting in ("smtp_user", "smtp_password"):
        if not getattr(settings, setting).isascii():
            raise UsageError(
                f"{settings.source(setting)} has a character beyond ASCII, which no login by mail "
                "takes: change it"
            )


def _way(settings: Settings, *, is_here: bool) -> tuple[str, int]:
    """Return how TLS is spoken, and with which port."""
    tls, text = settings.smtp_tls.strip().lower(), settings.smtp_port.strip()
    if tls and tls not in WAYS:
        raise UsageError(
            f"{settings.source('smtp_tls')} is {tls!r}: it takes starttls, tls or none"
        )
    port = int(text) if text.isdecimal() and len(text) <= len(str(HIGHEST_PORT)) else 0
    if text and not 0 < port <= HIGHEST_PORT:
        raise UsageError(f"{settings.source('smtp_port')} is {text!r}: it takes a port's number")
    if not tls:
        tls = "tls" if port == PORTS["tls"] else "none" if is_here else "starttls"
    return tls, port or PORTS[tls]


def _addresses(settings: Settings, setting: str, most: int = 1000) -> list[Address]:
    """Return the addresses of a setting: `ops@example.com, "Doe, Jane" <jane@example.com>`."""
    text = getattr(settings, setting)
    takes = f"it takes {'an address' if most == 1 else 'addresses'} such as ops@example.com"
    try:
        if not text.isprintable():
            raise UsageError(f"{settings.source(setting)}: {takes}")
        found = _addresses_in(text)
        if not 0 < len(found) <= most or not all(each.username and each.domain for each in found):
            raise UsageError(f"{settings.source(setting)} is {text!r}: {takes}")
    except (HeaderParseError, MessageError, ValueError, IndexError):
        raise UsageError(f"{settings.source(setting)} is {text!r}: {takes}") from None
    return found


def _addresses_in(text: str) -> list[Address]:
    found = getaddresses([text])
    return [_address(shown, spec) for shown, spec in found if shown or spec]


def _address(shown: str, spec: str) -> Address:
    """Return an address, its domain as the DNS has it; raises ValueError where that cannot be."""
    if spec.isascii():
        return Address(shown, addr_spec=spec)
    import idna  # noqa: PLC0415  # seldom needed

    user, _, domain = spec.rpartition("@")
    if not user.isascii():
        raise ValueError("what stands before the @ is not ASCII")
    return Address(shown, user, idna.encode(domain, uts46=True).decode())
