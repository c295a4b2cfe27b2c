"""Settings of the commands about roles: whose, and which; on what is in `resources`."""

from __future__ import annotations

from dataclasses import dataclass

from utils import values
from utils.options import option, switch


@dataclass(frozen=True, init=False, repr=False, eq=False)
class Access:
    """Settings of the commands about roles: whose, and which."""

    # On a team it is asked for by another word, since --team is who holds a role.
    of_team: str = option(
        "", "on this team: its members and admins", flags=("--in-team",), metavar="ID|NAME"
    )
    access_user: tuple[str, ...] = option(
        (), "this user; repeatable", flags=("--user",), metavar="ID|NAME", repeatable=True
    )
    access_team: tuple[str, ...] = option(
        (), "this team; repeatable", flags=("--team",), metavar="ID|NAME", repeatable=True
    )
    as_me: bool = switch("oneself, which is also meant without --user")
    access_role: str = option(
        "", "role as AWX names it there, such as execute or use", flags=("--role",), metavar="ROLE"
    )
    access_direct: bool = switch(
        "grant it also to who has it already by something else", flags=("--direct",)
    )
    access_inactive: float = option(
        90 * 86400.0, "who has not logged in for that long is told", values.duration_s,
        flags=("--inactive",), metavar="TIME", default_text="90d",
    )  # fmt: skip
