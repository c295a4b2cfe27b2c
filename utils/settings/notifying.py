"""Settings of the messages about the end of a run: when, where to, and in what words."""

from __future__ import annotations

from dataclasses import dataclass

from utils import values
from utils.options import option

# For which ends a message can be asked; docs/notifications.md has what each covers.
OCCASIONS = ("failure", "success", "always", "recovery")


@dataclass(frozen=True, init=False, repr=False, eq=False)
class Notifying:
    """Settings of the messages about the end of a run.

    Those of mail are read as they are: other programs use the same names, and what one of them has
    there must trouble nobody who wants no mail from us.
    """

    notify_on: tuple[str, ...] = option(
        (), f"send a message at the end: {', '.join(OCCASIONS)} (first success after a failure); "
        "repeatable; where to: docs/notifications.md",
        values.one_of(*OCCASIONS), metavar="WHEN", repeatable=True, joined=True,
    )  # fmt: skip
    notify_template: str = option(
        "", "words of the message, a Jinja2 file", metavar="FILE", is_path=True,
        default_text="our own",
    )  # fmt: skip
    slack_webhook_url: str = option(
        "", "incoming webhook of Slack", flags=(), secret=True, also=("SLACK_WEBHOOK_URL",)
    )
    smtp_host: str = option("", "server for mail", flags=(), also=("SMTP_HOST",))
    smtp_port: str = option(
        "", "its port", flags=(), also=("SMTP_PORT",), default_text="587, 465 or 25, as SMTP_TLS is"
    )
    smtp_user: str = option("", "user to log in there", flags=(), also=("SMTP_USER",))
    smtp_password: str = option(
        "", "that user's password", flags=(), secret=True, also=("SMTP_PASSWORD",)
    )
    smtp_from: str = option(
        "", "sender of mail", flags=(), also=("SMTP_FROM",), default_text="AWX_SMTP_USER"
    )
    smtp_to: str = option("", "who gets the mail, with commas between", flags=(), also=("SMTP_TO",))
    smtp_tls: str = option(
        "", "starttls, tls or none", flags=(), also=("SMTP_TLS",),
        default_text="starttls; none on this machine",
    )  # fmt: skip
    notify_urls: str = option(
        "", "further services, as addresses of apprise, with spaces or commas between", flags=(),
        secret=True, also=("NOTIFY_URLS",),
    )  # fmt: skip


SMTP = (
    "smtp_host", "smtp_port", "smtp_user", "smtp_password", "smtp_from", "smtp_to", "smtp_tls",
)  # fmt: skip
# What says where messages go: with them a command can send, without a flag of its own.
DESTINATIONS = ("slack_webhook_url", *SMTP, "notify_urls")
