"""A percentage with its count, and what the count is a share of."""

from dataclasses import dataclass
from decimal import Decimal

from msevidence.loaders.review.view import Passage


def precision(printed: str) -> int:
    """Return how many decimals a number has.

    >>> precision("67"), precision("66.7")
    (0, 1)
    """
    return len(printed.partition(".")[2])


@dataclass(frozen=True)
class Share:
    """A count that is printed with its percentage."""

    count: Decimal
    base: Decimal
    """What the count is a share of."""
    percent: str
    """As a decimal number with a point; its decimals are the precision."""
    passage: Passage
    base_passage: Passage
    certain: bool = True
    """Whether there is no doubt what the count is a share of."""

    @property
    def place(self) -> tuple[str, str]:
        """Where it stands, in English and Norwegian."""
        return ("text", "teksten") if self.passage.table is None else ("table", "tabellen")

    def exact(self, base: Decimal) -> Decimal:
        """Return the percentage that the count is of ``base``."""
        return self.count * 100 / base

    @property
    def _unit(self) -> Decimal:
        """One in the last decimal printed."""
        return Decimal(1).scaleb(-precision(self.percent))

    def rounds(self, base: Decimal) -> bool:
        """Say whether the percentage is that of ``base``, rounded to the nearest."""
        return bool(base) and abs(self.exact(base) - Decimal(self.percent)) * 2 <= self._unit

    def agrees(self, base: Decimal) -> bool:
        """Say whether the percentage is that of ``base``, however it was rounded: up, down or cut off."""
        return bool(base) and abs(self.exact(base) - Decimal(self.percent)) < self._unit
