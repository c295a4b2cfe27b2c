"""Each way of signing in on each server: works, or what is said. Held to by test_signing_in.py.

docs/authentication.md shows the same table; a test compares the two.
"""

from __future__ import annotations

WORKS = "works"
SERVERS = ("awx", "no-oauth", "gateway", "tower-3.2")
HEADINGS = ("AWX 24.6.1 and older, AAP 2.4", "AWX after 24.6.1", "AAP 2.5 and 2.6 (gateway)",
            "Tower up to 3.2")  # fmt: skip

_AWX = "it takes --auth personal, password, authorization-code, session, basic"
_LATER = "it takes --auth session, basic"
_GATEWAY = "it takes --auth personal, password, client-credentials, authorization-code, basic"
_TOWER = "it takes --auth authtoken, basic"
_NO_AUTHTOKEN = "this AWX has no authtoken (Tower up to 3.2 had); {}"
_NO_PAGE = "this AWX has no page to log in at (/api/login/); {}"
_NO_OAUTH2 = "this AWX has no OAuth2; {}"
_NO_SUCH_APPLICATIONS = (
    "AWX does not give application 'demo-password' a token by client credentials "
    "(unauthorized_client): only some gateways have such applications, AWX itself has none"
)
_NO_LOGIN = "this AWX has no tokens, so that no login can be kept; {}"
_NO_TOKENS = "this AWX has no tokens; {}"

CELLS: dict[str, tuple[str, str, str, str]] = {
    "token": (WORKS, _NO_TOKENS.format(_LATER), WORKS, _NO_TOKENS.format(_TOWER)),
    "basic": (WORKS, WORKS, WORKS, WORKS),
    "personal": (WORKS, _NO_TOKENS.format(_LATER), WORKS, _NO_TOKENS.format(_TOWER)),
    "password": (WORKS, _NO_OAUTH2.format(_LATER), WORKS, _NO_OAUTH2.format(_TOWER)),
    "client-credentials": (
        _NO_SUCH_APPLICATIONS,
        _NO_OAUTH2.format(_LATER),
        WORKS,
        _NO_OAUTH2.format(_TOWER),
    ),
    "authorization-code": (WORKS, _NO_LOGIN.format(_LATER), WORKS, _NO_LOGIN.format(_TOWER)),
    "authtoken": (
        _NO_AUTHTOKEN.format(_AWX),
        _NO_AUTHTOKEN.format(_LATER),
        _NO_AUTHTOKEN.format(_GATEWAY),
        WORKS,
    ),
    "session": (WORKS, WORKS, _NO_PAGE.format(_GATEWAY), _NO_PAGE.format(_TOWER)),
}

# What `auto` takes where there are a user and a password.
BEST = ("a token made for this run", "a session", "a token made for this run",
        "a token of the old kind")  # fmt: skip


def table() -> str:
    """Return the table as the documentation has it."""
    rows = [("way", *HEADINGS), ("---",) * 5]
    rows += [(f"`{way}`", *cells) for way, cells in CELLS.items()]
    rows.append(("`auto`, with user and password", *BEST))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
