"""People and programs at the door of an embedded AWX: logins, clients, codes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import requests

if TYPE_CHECKING:
    from demo.aliases import Json, Passed

REDIRECT_URI = "http://127.0.0.1:8060/callback"
SECRET = "demo-secret"


class People:
    """The administrator in a browser, and the clients of the demonstration."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.browser = requests.Session()
        self._csrf = self.log_in(self.browser)

    def log_in(self, browser: requests.Session, user: str = "admin") -> str:
        """Log in as a browser does, and return the cookie that forms need before a login."""
        browser.get(f"{self.url}/api/login/", timeout=10)
        before = browser.cookies["csrftoken"]
        form = {"username": user, "password": "password", "next": "/api/v2/"}
        form["csrfmiddlewaretoken"] = before
        answer = browser.post(
            f"{self.url}/api/login/", data=form, allow_redirects=False, timeout=10
        )
        assert answer.status_code == 302, answer.text
        return before

    def cookies(self, who: str) -> dict[str, str]:
        """Return the cookies of somebody with a session, with only a CSRF token, or with none."""
        if "session" in who:
            return dict(self.browser.cookies.items())
        return {"csrftoken": self._csrf} if "csrf" in who else {}

    def token_request(self, client: str, form: Json, **more: Passed) -> requests.Response:
        """Send a form to the token endpoint as a client with the usual secret."""
        url = f"{self.url}/api/o/token/"
        return requests.post(url, data=form, auth=(client, SECRET), timeout=10, **more)

    def grant(self, client: str, form: Json) -> Json:
        """Return the answer to a token request that must succeed."""
        answer = self.token_request(client, form)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def password_grant(self, user: str = "admin", scope: str = "write") -> Json:
        """Return a token by password."""
        form = {"grant_type": "password", "username": user, "password": "password"}
        return self.grant("demo-password", {**form, "scope": scope})

    def authorize(self, client: str = "demo-code", **fields: str) -> requests.Response:
        """Answer the authorize form in the browser; `allow=""` refuses."""
        form = {
            "client_id": client, "response_type": "code", "state": "xyz", "scope": "write",
            "redirect_uri": REDIRECT_URI, "allow": "Authorize", **fields,
            "csrfmiddlewaretoken": self.browser.cookies["csrftoken"],
        }  # fmt: skip
        url = f"{self.url}/api/o/authorize/"
        return self.browser.post(url, data=form, allow_redirects=False, timeout=10)

    def code(self, client: str = "demo-code", **fields: str) -> str:
        """Return a code that the user allowed."""
        answer = self.authorize(client, **fields)
        assert answer.status_code == 302, answer.text
        return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]

    def code_grant(self, code: str, client: str = "demo-code", **fields: str) -> Json:
        """Return a token for a code."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI}
        return self.grant(client, {**form, **fields})
