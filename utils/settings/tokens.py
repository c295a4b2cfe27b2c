"""Settings of the tokens that are made, listed and ended."""

from __future__ import annotations

from dataclasses import dataclass

from utils import values
from utils.options import option, switch


@dataclass(frozen=True, init=False, repr=False, eq=False)
class Tokens:
    """Settings of the tokens that are made, listed and ended."""

    token_scope: str = option(
        "write", "what the token is for: read or write", values.one_of("read", "write"),
        flags=("--scope",), metavar="SCOPE",
    )  # fmt: skip
    token_description: str = option(
        "", "what AWX's list is to say of it", flags=("--description",), metavar="TEXT"
    )
    application: str = option(
        "", "application to make the token for", metavar="ID|NAME", default_text="a personal token"
    )
    print: bool = switch("print the token and keep it nowhere")
    browser: bool = option(
        True, "open no browser: print the address, take the code that it leads to",
        values.boolean, flags=("--no-browser",), constant="false",
    )  # fmt: skip
    redirect_uri: str = option(
        "http://127.0.0.1:8060/callback", "where AWX sends the browser back to, as its application "
        "has it", values.loopback, metavar="URL",
    )  # fmt: skip
    ours: bool = switch("all that runs of this program have left behind")
    all_users: bool = switch("those of all users, as far as AWX shows them")
    local: bool = switch("forget it here only, whatever AWX says")
