"""Settings of AWX's own notification templates."""

from __future__ import annotations

from dataclasses import dataclass

from utils import values
from utils.options import option

# When AWX sends what is attached to a template, a project or an organization.
EVENTS = ("started", "success", "error", "approval")


@dataclass(frozen=True, init=False, repr=False, eq=False)
class NotificationTemplates:
    """Settings of AWX's own notification templates."""

    notification_type: str = option(
        "", "type of notifications, such as slack, email or webhook", flags=("--type",),
        metavar="TYPE",
    )  # fmt: skip
    notification_field: tuple[str, ...] = option(
        (), "a field of that type, such as channels=#ops; a secret's is token=@FILE; repeatable",
        flags=("--field",), metavar="NAME=VALUE", repeatable=True, secret=True,
    )  # fmt: skip
    notification_events: tuple[str, ...] = option(
        (), f"at which events: {', '.join(EVENTS)}; repeatable", values.one_of(*EVENTS),
        flags=("--on",), metavar="EVENT", repeatable=True, joined=True,
    )  # fmt: skip
    # AWX has it done in a second.
    test_timeout: float = option(
        60.0, "longest time for a test by AWX", values.duration_s, flags=("--timeout",),
        metavar="TIME", default_text="60s",
    )  # fmt: skip
