"""What oauthlib asks of a server about codes, users and tokens.

After oauth2_provider/oauth2_validators.py of django-oauth-toolkit 1.7.1, which AWX 24.6.1 uses.
Imported only when an OAuth2 route is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oauthlib.oauth2 import AccessDeniedError
from typing_extensions import override

from demo import external
from demo.authentication import by_password
from demo.model_oauth import AuthorizationCode
from demo.oauth_clients import Clients
from demo.pages import Crash

if TYPE_CHECKING:
    from collections.abc import Mapping

    from demo.aliases import Passed

CODE_LIFE_S = 600.0


class Validator(Clients):
    """Answers for the applications and users of one world; raises what oauthlib reports."""

    def _code(self, code: str, application: Passed) -> AuthorizationCode:
        found = self.world.codes.get(code)
        if found is None or found.application is not application:
            raise Crash
        return found

    @override
    def save_authorization_code(
        self,
        client_id: str,
        code: Mapping[str, Any],
        request: Passed,
        *args: Passed,
        **kwargs: Passed,
    ) -> None:
        """Keep a code until it is used or too old."""
        made = AuthorizationCode(
            code=code["code"],
            user=request.user,
            application=request.client,
            redirect_uri=request.redirect_uri,
            scope=" ".join(request.scopes),
            expires=self.world.now() + CODE_LIFE_S,
            code_challenge=request.code_challenge or "",
            code_challenge_method=request.code_challenge_method or "",
        )
        self.world.codes[made.code] = made

    @override
    def validate_code(
        self,
        client_id: str,
        code: str,
        client: Passed,
        request: Passed,
        *args: Passed,
        **kwargs: Passed,
    ) -> bool:
        """Return whether a code is this client's and not too old."""
        found = self.world.codes.get(code)
        if found is None or found.application is not client or found.expires <= self.world.now():
            return False
        request.scopes, request.user = found.scope.split(), found.user
        return True

    @override
    def confirm_redirect_uri(
        self,
        client_id: str,
        code: str,
        redirect_uri: str,
        client: Passed,
        request: Passed,
        *args: Passed,
        **kwargs: Passed,
    ) -> bool:
        """Return whether a code was sent to this address."""
        return self._code(code, client).redirect_uri == redirect_uri

    @override
    def invalidate_authorization_code(
        self, client_id: str, code: str, request: Passed, *args: Passed, **kwargs: Passed
    ) -> None:
        """Forget a code that was used."""
        del self.world.codes[self._code(code, request.client).code]

    @override
    def is_pkce_required(self, client_id: str, request: Passed) -> bool:
        """Return that a client may leave its challenge out."""
        return False

    @override
    def get_code_challenge(self, code: str, request: Passed) -> Passed:
        """Return the challenge that came with the request for a code, None if there was none."""
        return self._code(code, request.client).code_challenge or None

    @override
    def get_code_challenge_method(self, code: str, request: Passed) -> Passed:
        """Return how the challenge was made, None if there was none."""
        return self._code(code, request.client).code_challenge_method or None

    @override
    def validate_user(
        self,
        username: str,
        password: str,
        client: Passed,
        request: Passed,
        *args: Passed,
        **kwargs: Passed,
    ) -> bool:
        """Return whether name and password fit."""
        request.user = by_password(self.world, username, password)
        return request.user is not None

    @override
    def validate_refresh_token(
        self, refresh_token: str, client: Passed, request: Passed, *args: Passed, **kwargs: Passed
    ) -> bool:
        """Return whether a refresh token is this client's and was not used yet."""
        found = self.world.refresh_tokens.get(refresh_token)
        if found is None or found.revoked:
            return False
        request.user = found.user
        return found.application is client

    @override
    def get_original_scopes(
        self, refresh_token: str, request: Passed, *args: Passed, **kwargs: Passed
    ) -> list[str]:
        """Return the scopes of the access token, without which AWX crashes."""
        access = self.world.refresh_tokens[refresh_token].access_token
        if access is None:
            raise Crash
        return access.scope.split()

    @override
    def save_bearer_token(
        self, token: Mapping[str, Any], request: Passed, *args: Passed, **kwargs: Passed
    ) -> None:
        """Keep a new token, with a refresh token if there is one; a refreshed one ends."""
        if request.grant_type == "client_credentials":
            request.user = request.client.user
        refused = external.refusal(request.user)
        if refused:
            raise AccessDeniedError(refused)
        old = self.world.refresh_tokens.get(request.refresh_token or "")
        if old:
            self.world.revoke_refresh_token(old)
        access = self.world.new_token(
            request.user,
            token["scope"],
            "",
            application=request.client,
            value=token["access_token"],
        )
        if "refresh_token" in token:
            self.world.new_refresh_token(access, request.user, token["refresh_token"])

    @override
    def revoke_token(
        self, token: str, token_type_hint: str, request: Passed, *args: Passed, **kwargs: Passed
    ) -> None:
        """End a token of either kind; one that does not exist is as good as ended."""
        refresh = self.world.refresh_tokens.get(token)
        if refresh:
            self.world.revoke_refresh_token(refresh)
        for access in [row for row in self.world.tokens.values() if row.token == token]:
            self.world.delete_token(access)
