"""Parts that a text lists, against the whole that it says they are parts of."""

from collections.abc import Iterator
from decimal import Decimal

from msevidence.loaders.review.arithmetic.parts_in_tables import parts_in_tables
from msevidence.loaders.review.arithmetic.parts_listed import parts_listed
from msevidence.loaders.review.arithmetic.parts_said import Parts
from msevidence.loaders.review.arithmetic.sums import added, sum_as_printed
from msevidence.loaders.review.outcome import Compared, NotApplicable, Outcome, Rule, Severity
from msevidence.loaders.review.view import View

_LOWER = (
    "over",
    "more than",
    "at least",
    "just over",
    ">",
    "≥",
    "mer enn",
    "flere enn",
    "minst",
    "i overkant av",
    "drøyt",
)
_UPPER = (
    *("under", "less than", "fewer than", "up to", "just under", "nearly", "almost", "<", "≤"),
    *("mindre enn", "færre enn", "opptil", "inntil", "nesten", "nærmere", "i underkant av"),
)
_ROUND = Decimal("0.05")
"""Share of a rounded whole by which rounded parts may miss it and still be a matter of taste."""


def check(view: View) -> Iterator[Outcome | NotApplicable]:
    """Yield an outcome for each whole whose parts a text lists."""
    for document in view.documents:
        for parts in (*parts_listed(document), *parts_in_tables(document)):
            yield _outcome(view, document.iri, parts)


def _outcome(view: View, document: str, parts: Parts) -> Outcome:
    broken = not _adds_up(parts)
    said, whole = sum_as_printed(parts.parts), parts.whole
    hedged = f"{whole.hedge} {whole.printed}" if whole.hedge else whole.printed
    place = ("the text", "teksten") if whole.begin or parts.whole_passage.table is None else ("the table", "tabellen")
    return Outcome(
        document,
        broken,
        parts.whole_passage.iri,
        tuple(view.passages_in_order(p.iri for p in (parts.whole_passage, *parts.passages))),
        f"The parts listed make {said}; {place[0]} says {hedged}." if broken else "",
        f"Delene som listes opp, gir {said}; {place[1]} sier {hedged}." if broken else "",
        (
            Compared("sum of the parts", "summen av delene", said, parts.passages[0].iri),
            Compared("whole", "helheten", hedged, parts.whole_passage.iri),
        ),
        severity=_severity(parts),
    )


def _adds_up(parts: Parts) -> bool:
    if parts.adds_up is not None:
        return parts.adds_up
    total, whole = added(parts.parts), parts.whole
    if whole.hedge in _LOWER:
        return total >= whole.value
    if whole.hedge in _UPPER:
        return total <= whole.value
    return total == whole.value


def _severity(parts: Parts) -> Severity | None:
    if not any(n.hedge for n in (parts.whole, *parts.parts)):
        return None if parts.certain else Severity.WARNING
    small = abs(added(parts.parts) - parts.whole.value) <= parts.whole.value * _ROUND
    return Severity.NOTE if small else Severity.WARNING


RULE = Rule(
    "parts-against-sum",
    Severity.ERROR,
    "a whole in numbers whose parts the text lists",
    "en helhet i tall med deler som teksten lister opp",
    check,
    file="loaders/review/arithmetic/parts_against_sum.py",
)
