"""What is under way at the moment, for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from utils.following.followed_job import FollowedJob


@dataclass
class Board:
    """The jobs that are followed, how much of a download is there, whether anybody sees it."""

    jobs: list[FollowedJob] = field(default_factory=list)
    downloaded_bytes: int = 0
    is_shown: bool = False
