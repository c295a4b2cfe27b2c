"""Login sessions as AWX keeps them: a cookie that each answer prolongs."""

from __future__ import annotations

from email.utils import formatdate
from typing import TYPE_CHECKING

from demo.access_store import SESSION_LIFE_S

if TYPE_CHECKING:
    from starlette.responses import Response

    from demo.model_oauth import Session
    from demo.world import World

LOGGED_IN_COOKIE = "userLoggedIn"


def keep(world: World, response: Response, session: Session) -> None:
    """Prolong a session, and tell the browser so (awx/main/middleware.py does it each time)."""
    session.expires = world.now() + SESSION_LIFE_S
    name = world.pose.session_cookie
    _set(response, name, session.key, session.expires, SESSION_LIFE_S)
    response.headers["Session-Timeout"] = str(SESSION_LIFE_S)


def drop(world: World, response: Response) -> None:
    """Let the browser forget its session."""
    _set(response, world.pose.session_cookie, '""', 0, 0)


def _set(response: Response, name: str, key: str, expires: float, max_age: int) -> None:
    when = formatdate(expires, usegmt=True)
    how = f"expires={when}; HttpOnly; Max-Age={max_age}; Path=/; SameSite=Lax"
    response.headers.append("Set-Cookie", f"{name}={key}; {how}")


def say_logged_in(response: Response, text: str) -> None:
    """Set the cookie by which AWX's pages know whether somebody is logged in."""
    response.headers.append("Set-Cookie", f"{LOGGED_IN_COOKIE}={text}; Path=/; SameSite=Lax")
