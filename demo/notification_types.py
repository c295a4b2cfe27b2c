"""What AWX can send messages by, and which fields each of them takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from demo.aliases import Json

Fields = dict[str, dict[str, Any]]


def _field(label: str, kind: str, default: Json = None) -> dict[str, Any]:
    made = {"label": label, "type": kind}
    return made if default is None else {**made, "default": default}


NAMES = {
    "awssns": "AWS SNS",
    "email": "Email",
    "grafana": "Grafana",
    "irc": "IRC",
    "mattermost": "Mattermost",
    "pagerduty": "Pagerduty",
    "rocketchat": "Rocket.Chat",
    "slack": "Slack",
    "twilio": "Twilio",
    "webhook": "Webhook",
}
FIELDS: dict[str, Fields] = {
    "awssns": {
        "aws_region": _field("AWS Region", "string", ""),
        "aws_access_key_id": _field("Access Key ID", "string", ""),
        "aws_secret_access_key": _field("Secret Access Key", "password", ""),
        "aws_session_token": _field("Session Token", "password", ""),
        "sns_topic_arn": _field("SNS Topic ARN", "string", ""),
    },
    "email": {
        "host": _field("Host", "string"),
        "port": _field("Port", "int"),
        "username": _field("Username", "string"),
        "password": _field("Password", "password"),
        "use_tls": _field("Use TLS", "bool"),
        "use_ssl": _field("Use SSL", "bool"),
        "sender": _field("Sender Email", "string"),
        "recipients": _field("Recipient List", "list"),
        "timeout": _field("Timeout", "int", 30),
    },
    "grafana": {
        "grafana_url": _field("Grafana URL", "string"),
        "grafana_key": _field("Grafana API Key", "password"),
    },
    "irc": {
        "server": _field("IRC Server Address", "string"),
        "port": _field("IRC Server Port", "int"),
        "nickname": _field("IRC Nick", "string"),
        "password": _field("IRC Server Password", "password"),
        "use_ssl": _field("SSL Connection", "bool"),
        "targets": _field("Destination Channels or Users", "list"),
    },
    "mattermost": {
        "mattermost_url": _field("Target URL", "string"),
        "mattermost_no_verify_ssl": _field("Verify SSL", "bool"),
    },
    "pagerduty": {
        "subdomain": _field("Pagerduty subdomain", "string"),
        "token": _field("API Token", "password"),
        "service_key": _field("API Service/Integration Key", "string"),
        "client_name": _field("Client Identifier", "string"),
    },
    "rocketchat": {
        "rocketchat_url": _field("Target URL", "string"),
        "rocketchat_no_verify_ssl": _field("Verify SSL", "bool"),
    },
    "slack": {
        "token": _field("Token", "password"),
        "channels": _field("Destination Channels", "list"),
    },
    "twilio": {
        "account_sid": _field("Account SID", "string"),
        "account_token": _field("Account Token", "password"),
        "from_number": _field("Source Phone Number", "string"),
        "to_numbers": _field("Destination SMS Numbers", "list"),
    },
    "webhook": {
        "url": _field("Target URL", "string"),
        "http_method": _field("HTTP Method", "string", "POST"),
        "disable_ssl_verification": _field("Verify SSL", "bool", default=False),
        "username": _field("Username", "string", ""),
        "password": _field("Password", "password", ""),
        "headers": _field("HTTP Headers", "object"),
    },
}
# The field that says whom a message goes to.
RECIPIENTS = {
    "awssns": "sns_topic_arn", "email": "recipients", "grafana": "grafana_url", "irc": "targets",
    "mattermost": "mattermost_url", "pagerduty": "service_key", "rocketchat": "rocketchat_url",
    "slack": "channels", "twilio": "to_numbers", "webhook": "url",
}  # fmt: skip
TYPES: dict[str, type] = {
    "string": str, "int": int, "bool": bool, "list": list, "password": str, "object": dict,
}  # fmt: skip
METHODS = frozenset({"put", "post"})


def completed(kind: str, given: dict[str, Any]) -> dict[str, Any]:
    """Return a configuration with what it leaves to its type's defaults."""
    defaults = {name: f["default"] for name, f in FIELDS[kind].items() if "default" in f}
    return {**given, **{name: v for name, v in defaults.items() if name not in given}}


def faults(kind: str, configuration: dict[str, Any]) -> list[str]:
    """Return what AWX says against a completed configuration of a type."""
    missing, misfits, others = [], [], []
    for name, field in FIELDS[kind].items():
        if name not in configuration:
            missing.append(name)
            continue
        value = configuration[name]
        if type(value) is not TYPES[field["type"]]:
            misfits.append((name, field["type"]))
            continue
        if field["type"] == "list" and not value:
            others.append(f"No values specified for field '{name}'")
        if name == "http_method" and str(value).lower() not in METHODS:
            others.append("HTTP method must be either 'POST' or 'PUT'.")
    if missing:
        others.append(f"Missing required fields for Notification Configuration: {missing}.")
    return others + [
        f"Configuration field '{name}' incorrect type, expected {expected}."
        for name, expected in misfits
    ]
