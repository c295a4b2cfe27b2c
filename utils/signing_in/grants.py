"""OAuth2 with an application of AWX's (RFC 6749): asking for tokens, and taking them back.

The forms are made by oauthlib; they are sent as everything else is. `/api/o/token/` of AWX takes
forms only, and wants a confidential application to show its secret as HTTP Basic does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal

from utils import logger
from utils.errors import AppError, BadAnswer, NotFound, NotOffered, Refused, UsageError
from utils.signing_in.way import not_offered

if TYPE_CHECKING:
    from oauthlib.oauth2 import Client as Grant

    from config import Settings
    from utils.awx_client import Client
    from utils.record import Record

log = logger.get("auth")

NOT_OFFERED = frozenset({"unauthorized_client", "unsupported_grant_type"})
# AWX's own words for what an application may do.
PASSWORD, CODE = "Resource owner password-based", "Authorization code"


@dataclass(frozen=True)
class Granted:
    """What AWX gave: the token, one to get the next by, until when it holds, and for what."""

    token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    ends: datetime | None
    scope: str


class Application:
    """An application of AWX's, by its client id; a public one has no secret."""

    def __init__(self, client: Client, settings: Settings, client_id: str = "") -> None:
        self._client = client
        self._settings = settings
        self.client_id = client_id or settings.client_id
        # The secret that is set is that of the application that is set.
        is_set = settings.client_id in {"", self.client_id}
        self._secret = settings.client_secret if is_set else ""
        if not self.client_id:
            raise UsageError(
                "no application: pass --client-id or set AWX_CLIENT_ID "
                "(and AWX_CLIENT_SECRET for a confidential one)"
            )

    @property
    def has_secret(self) -> bool:
        """Whether it is a confidential one, or its secret is at hand."""
        return bool(self._secret)

    def by_password(self, username: str, password: str, scope: str) -> Granted:
        """Return a token of the user's (resource owner password grant)."""
        from oauthlib.oauth2 import LegacyApplicationClient  # noqa: PLC0415  # slow to import

        form = self._form(
            LegacyApplicationClient(self.client_id),
            username=username, password=password, scope=scope,
        )  # fmt: skip
        return self._ask(form, (password,), grant="password", right=PASSWORD, is_repeatable=True)

    def by_itself(self, scope: str) -> Granted:
        """Return a token of the application's own user (client credentials grant)."""
        from oauthlib.oauth2 import BackendApplicationClient  # noqa: PLC0415  # slow to import

        if not self._secret:
            raise UsageError("client credentials are an id and a secret: set AWX_CLIENT_SECRET")
        form = self._form(BackendApplicationClient(self.client_id), scope=scope)
        return self._ask(form, grant="client credentials", is_repeatable=True)

    def by_code(self, code: str, redirect_uri: str, verifier: str) -> Granted:
        """Return the token for a code that AWX gave a browser (authorization code grant)."""
        from oauthlib.oauth2 import WebApplicationClient  # noqa: PLC0415  # slow to import

        form = self._form(
            WebApplicationClient(self.client_id),
            code=code, redirect_uri=redirect_uri, code_verifier=verifier,
        )  # fmt: skip
        return self._ask(form, (code, verifier), grant="authorization code", right=CODE)

    def refreshed(self, refresh_token: str) -> Granted:
        """Return the token after this one; both old ones have ended then."""
        from oauthlib.oauth2 import WebApplicationClient  # noqa: PLC0415  # slow to import

        grant = WebApplicationClient(self.client_id)
        more = {} if self._secret else {"client_id": self.client_id}
        form = grant.prepare_refresh_body(refresh_token=refresh_token, **more)
        # Where the answer was lost the same is refused; where nothing was done, it works.
        return self._ask(form, (refresh_token,), grant="refresh token", is_repeatable=True)

    def revoke(self, granted: Granted) -> None:
        """End a token and the one to refresh it by (`/api/o/revoke_token/`, RFC 7009).

        AWX ends both with the refresh token, but only the one with the access token.
        """
        from oauthlib.oauth2 import WebApplicationClient  # noqa: PLC0415  # slow to import

        grant = WebApplicationClient(self.client_id)
        value = granted.refresh_token or granted.token
        hint: Literal["refresh_token", "access_token"]
        hint = "refresh_token" if granted.refresh_token else "access_token"
        # Only the form is of interest; oauthlib speaks of no address without TLS.
        _, _, form = grant.prepare_token_revocation_request("https://awx", value, hint)
        if not self._secret:
            form += f"&client_id={self.client_id}"
        path = f"{self._path()}revoke_token/"
        try:
            self._client.submit(path, form, self._basic, hidden=(value,), is_repeatable=True)
        except (Refused, NotFound, BadAnswer) as error:
            raise self._explained(error, "revocation", "") from error

    def _form(self, grant: Grant, **fields: str) -> str:
        is_public = not self._secret
        return str(grant.prepare_request_body(include_client_id=is_public, **fields))

    @property
    def _basic(self) -> tuple[str, str] | None:
        return (self.client_id, self._secret) if self._secret else None

    def _path(self) -> str:
        if not self._client.api.oauth2:
            raise not_offered(self._client, "OAuth2")
        return self._client.api.oauth2

    def _ask(
        self,
        form: str,
        hidden: tuple[str, ...] = (),
        *,
        grant: str,
        right: str = "",
        is_repeatable: bool = False,
    ) -> Granted:
        """Ask for a token; one whose answer is lost is lost, so that another one is asked for."""
        path = f"{self._path()}token/"
        try:
            answer = self._client.submit(
                path, form, self._basic, hidden=hidden, is_repeatable=is_repeatable
            )
        except (Refused, NotFound, BadAnswer) as error:
            raise self._explained(error, grant, right) from error
        return _granted(answer, self._client.server_time)

    def _explained(self, error: AppError, grant: str, right: str) -> AppError:
        """Return what is wrong in words, by the code that OAuth2 has for it (RFC 6749, 5.2)."""
        name, is_set = repr(self.client_id), self._settings.client_id == self.client_id
        source = self._settings.source("client_id") if is_set else "the kept login"
        if isinstance(error, NotFound):
            return not_offered(self._client, "OAuth2", status=error.status)
        if error.code == "invalid_client":
            if self._secret:
                wrong = "or its secret is another one (AWX_CLIENT_SECRET)"
            else:
                wrong = "or it is a confidential one: set AWX_CLIENT_SECRET"
            text = f"AWX does not know application {name} (from {source}), {wrong}"
        elif error.code in {"unauthorized_client", "unsupported_grant_type"} and not right:
            text = (
                f"AWX does not give application {name} a token by {grant} ({error.code}): only "
                "some gateways have such applications, AWX itself has none"
            )
        elif error.code in {"unauthorized_client", "unsupported_grant_type"}:
            text = (
                f"application {name} may not use the {grant} grant ({error.code}): its "
                f"'Authorization grant type' in AWX must be '{right}'"
            )
        elif error.status == HTTPStatus.FORBIDDEN:
            return NotOffered(str(error), status=error.status)
        elif error.code == "invalid_grant" and grant == "authorization code":
            text = "AWX does not take the code: it is used, too old or for another application"
        elif error.code == "invalid_grant" and grant == "refresh token":
            text = "AWX does not take the refresh token: it is used or too old"
        else:
            return error
        # Another way may do where this application, or this user, may not have that one.
        kind = NotOffered if error.code in NOT_OFFERED else Refused
        made = kind(text, status=error.status)
        made.code = error.code
        return made


def _granted(answer: Record, now: datetime | None) -> Granted:
    seconds = answer.maybe_integer("expires_in")
    ends = None
    if seconds is not None:
        try:
            ends = (now or datetime.now(timezone.utc)) + timedelta(seconds=seconds)
        except OverflowError:  # never, in other words
            ends = None
    if answer.text("token_type").lower() != "bearer":
        raise BadAnswer(f"{answer.origin}: the token is of an unknown type")
    return Granted(
        answer.text("access_token"), answer.maybe_text("refresh_token"), ends,
        answer.maybe_text("scope"),
    )  # fmt: skip
