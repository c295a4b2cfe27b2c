"""A session with AWX for one command: the client, made from the settings, and what it owes."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config import options
from utils import exposure
from utils.command_line import CONNECTION, SECRETS
from utils.errors import UsageError
from utils.results import EmbeddedAwx, Results
from utils.trouble import ASKING_S

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from config import Settings
    from utils.awx_client import Client


SIGNING_IN = ("auth", "client_id", "token_file", "password_file", "password_command")


@contextmanager
def session(
    settings: Settings, patience_s: float = ASKING_S
) -> Iterator[tuple[Client, Settings, Results]]:
    """Yield a client, the settings as they hold for it, and the results, closed at the end.

    `patience_s` is how long trouble with AWX is ridden out. With `--demo` the embedded AWX is
    started for it. Nothing is sent yet.
    """
    with Results() as done:
        if settings.dotenv:
            secrets = [name for name, each in options().items() if each.secret]
            exposure.warn_of_open_file(settings.dotenv, map(settings.source, secrets))
        if settings.demo:
            settings = _start_demo(settings, done)
            done.add(EmbeddedAwx())
        client = _client(settings, patience_s)
        client.is_embedded = settings.demo
        done.callback(client.close)
        yield client, settings, done


def _client(settings: Settings, patience_s: float) -> Client:
    from utils.awx_client import Client  # noqa: PLC0415  # imports requests, which --help must not

    _check_tls_files(settings)
    if settings.asked("token_file") and settings.asked("password_file"):
        from utils.signing_in import password  # noqa: PLC0415  # seldom both

        password.check(settings)
    cert = settings.client_cert or None
    return Client(
        settings.host,
        verify=(settings.ca_bundle or True) if settings.verify_ssl else False,
        cert=(cert, settings.client_key) if cert and settings.client_key else cert,
        timeouts=(settings.connect_timeout, settings.read_timeout),
        prefix=settings.api_prefix,
        use_proxies=not settings.demo,
        patience_s=patience_s,
    )


def _check_tls_files(settings: Settings) -> None:
    """Raise UsageError where a named file cannot be used; later nobody knew who named it."""
    named = ("ca_bundle", "client_cert", "client_key")
    for name in named:
        if path := getattr(settings, name):
            _check_readable(path, settings.source(name))
    if settings.client_key and not settings.client_cert:
        raise UsageError(f"{settings.source('client_key')} needs --client-cert, too")
    if not any(getattr(settings, name) for name in named):
        return
    import ssl  # noqa: PLC0415  # slow to import, and most runs name no file

    from utils import tls_files  # noqa: PLC0415  # imports it, too

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if settings.ca_bundle:
        tls_files.load_authorities(context, settings.ca_bundle, settings.source("ca_bundle"))
    if settings.client_cert:
        tls_files.load_identity(
            context, settings.client_cert, settings.client_key,
            settings.source("client_cert"), settings.source("client_key"),
        )  # fmt: skip


def _check_readable(path: str, source: str) -> None:
    try:
        with open(path, "rb"):  # noqa: PTH123  # nothing is read, only tried
            pass
    except OSError as error:
        raise UsageError(f"{source}: cannot read {path}: {error.strerror}") from None


def embedded_awx() -> ModuleType:
    """Return the module of the embedded AWX; raises UsageError where its packages are missing."""
    try:
        return import_module("demo.server")
    except ModuleNotFoundError as error:
        raise UsageError(
            f"the embedded AWX needs {error.name}: run make demo-server, or "
            f"{sys.executable} -m pip install -r requirements-demo.txt"
        ) from None


def _start_demo(settings: Settings, done: Results) -> Settings:
    """Return the settings for an AWX of our own: nothing that is meant for another one holds."""
    if settings.source("host").startswith("-"):
        raise UsageError("--demo starts an AWX of its own: leave out --host")
    server = done.enter_context(embedded_awx().DemoServer())
    table = options()
    # A way of signing in may be tried here, too.
    tried = {name for name in SIGNING_IN if settings.source(name).startswith("-")}
    if "client_id" in tried:
        tried.add("client_secret")
    others = {*CONNECTION, *SECRETS} - {"connect_timeout", "read_timeout", "env_file"} - tried
    own = {name: source for name, source in settings.sources.items() if name not in others}
    values: dict[str, Any] = {name: table[name].default for name in others}
    values |= {"host": server.url, "username": "admin", "password": server.password}
    return replace(
        settings,
        **values,
        sources={**own, "username": "--demo", "password": "--demo"},
        # Its jobs have the ids of other ones in the AWX that the rest of the logs are of.
        log_dir=str(Path(settings.log_dir) / "demo"),
    )
