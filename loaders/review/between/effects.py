"""Percentages by which a study is said to have changed something, and how those of two documents differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from msevidence.loaders.review.between.fact import Difference, Fact, Teller
from msevidence.loaders.review.outcome import DisagreementKind
from msevidence.loaders.review.sources.quantities import quantities


@dataclass(frozen=True)
class Share:
    """A percentage with what it is of: only those of one thing are held against each other."""

    value: Decimal
    of: tuple[str, str | None, bool, frozenset[str]]
    """Outcome, direction, whether it is of those who were spared, and of whom."""
    months: frozenset[Decimal]
    """When it was measured, where the text says so."""

    def is_of(self, other: "Share") -> bool:
        same_time = not self.months or not other.months or bool(self.months & other.months)
        return self.of == other.of and same_time

    def is_equal(self, other: "Share") -> bool:
        """Say whether two are one value, one of them perhaps rounded."""
        places = max(_exponent(self.value), _exponent(other.value))
        unit = Decimal(1).scaleb(places)
        return self.value.quantize(unit) == other.value.quantize(unit)


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def shares(text: str, language: str, passage: str, context: str) -> Iterator[Fact]:
    """Yield the percentages of one outcome each that a passage tells.

    >>> [(f.value.of[0], int(f.value.value)) for f in shares("Relapses were reduced by 79 %.", "en", "p", "")]
    [('relapse', 79)]
    """
    for found in quantities(text, language, context):
        number = found.number
        if found.kind != "percent" or found.interval or number.high is not None or len(found.outcomes) != 1:
            continue
        (outcome,) = found.outcomes
        share = Share(number.value, (outcome, found.direction, found.free, found.people), found.times)
        yield Fact("effect", share, text[slice(*found.part)].strip(" ,;."), (passage,))


def differences(older: Teller, newer: Teller, field: str) -> Iterator[Difference]:
    """Yield percentages of one outcome that the other document has otherwise."""
    for one in older.of(field):
        against = [two for two in newer.of(field) if one.value.is_of(two.value)]
        if against and not any(one.value.is_equal(two.value) for two in against):
            a, b = (f"{f.value.value:f} %" for f in (one, against[0]))
            yield Difference(
                DisagreementKind.CONTRADICTS,
                one,
                against[0],
                f"For one outcome of one study, one has {a}, the other {b}.",
                f"For samme utfall i samme studie har den ene {a}, den andre {b}.",
            )
