"""Which templates failed last, and whether that is so now or was when the period ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from utils.statistics import words

if TYPE_CHECKING:
    from utils.statistics.figures import Report


@dataclass(frozen=True)
class Red:
    """How many templates are red; `is_now` is False of a period that is over."""

    templates: int
    is_now: bool

    @classmethod
    def of(cls, report: Report) -> Red:
        """Return that of a report."""
        red = sum(template.red_now > 0 for template in report.templates)
        return cls(red, report.until >= report.generated)

    @property
    def when(self) -> str:
        """Return what goes after `red`: nothing is known of what came after the period."""
        return "now" if self.is_now else "at the end"

    @property
    def still(self) -> str:
        """Return what a streak is that nothing has ended."""
        return "still red" if self.is_now else "still red at the end"

    @property
    def told(self) -> str:
        """Return how many are red as half a sentence."""
        number = words.plural(self.templates, "template") if self.templates else "no template"
        one, many = ("is", "are") if self.is_now else ("was", "were")
        return f"{number} {many if self.templates > 1 else one} red {self.when}"
