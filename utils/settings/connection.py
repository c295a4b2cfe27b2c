"""Settings of the connection to AWX, and of how to sign in."""

from __future__ import annotations

from dataclasses import dataclass

from utils import values
from utils.options import option

# The ways of signing in; docs/authentication.md has what each is for.
WAYS = (
    "auto", "token", "basic", "personal", "password", "client-credentials", "authorization-code",
    "authtoken", "session",
)  # fmt: skip


@dataclass(frozen=True, init=False, repr=False, eq=False)
class Connection:
    """Settings of the connection to AWX, and of how to sign in."""

    host: str = option(
        "http://localhost:8080", "address of AWX", values.address, metavar="URL",
        also=("CONTROLLER_HOST", "AAP_HOSTNAME", "TOWER_HOST"),
    )  # fmt: skip
    username: str = option(
        "admin", "user to get a token for", metavar="NAME",
        also=("CONTROLLER_USERNAME", "AAP_USERNAME", "TOWER_USERNAME"),
    )  # fmt: skip
    password: str = option(
        "", "that user's password; asked for on a terminal if not set", flags=(), secret=True,
        also=("AWX_ADMIN_PASSWORD", "CONTROLLER_PASSWORD", "AAP_PASSWORD", "TOWER_PASSWORD"),
    )  # fmt: skip
    token: str = option(
        "", "a token to use as it is; no password is needed then, and it is not revoked",
        values.token, flags=(), secret=True,
        also=("CONTROLLER_OAUTH_TOKEN", "AAP_TOKEN", "TOWER_OAUTH_TOKEN"),
    )  # fmt: skip
    auth: str = option(
        "auto", f"how to sign in: {', '.join(WAYS)} (see docs/authentication.md)",
        values.one_of(*WAYS), metavar="WAY",
    )  # fmt: skip
    token_file: str = option(
        "", "file with a token to use, - for standard input; read again where it has ended",
        metavar="FILE", is_path=True, or_dash=True,
    )  # fmt: skip
    password_file: str = option(
        "", "file with the password, - for standard input", metavar="FILE", is_path=True,
        or_dash=True,
    )  # fmt: skip
    password_command: str = option(
        "", "program that prints the password, such as 'pass show awx' (no shell runs it)",
        metavar="COMMAND", secret=True,
    )  # fmt: skip
    client_id: str = option("", "application of AWX's to get the token by", metavar="ID")
    client_secret: str = option(
        "", "that application's secret; a public one has none", flags=(), secret=True
    )
    verify_ssl: bool = option(
        True, "do not verify TLS certificates", values.boolean,
        flags=("--insecure", "-k"), constant="false",
        also=("CONTROLLER_VERIFY_SSL", "AAP_VALIDATE_CERTS", "TOWER_VERIFY_SSL"),
    )  # fmt: skip
    ca_bundle: str = option("", "certificates to trust, PEM", metavar="FILE", is_path=True)
    client_cert: str = option("", "certificate to show to AWX, PEM", metavar="FILE", is_path=True)
    client_key: str = option("", "key of that certificate, PEM", metavar="FILE", is_path=True)
    api_prefix: str = option(
        "", "path of the API, such as /api/v2/", metavar="PATH", default_text="found by itself"
    )
    connect_timeout: float = option(
        5.0, "longest wait for a connection", values.duration_s, metavar="TIME", default_text="5s"
    )
    read_timeout: float = option(
        30.0, "longest wait for an answer", values.duration_s, metavar="TIME", default_text="30s"
    )
    env_file: str = option(
        "", "file to read settings from", metavar="FILE", is_path=True,
        default_text=".env beside main.py",
    )  # fmt: skip
