"""Numbers added up, and how that is printed; where running text stands in a document."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from msevidence.loaders.review.number_words import MEASURES, TIMES, noun_kind
from msevidence.loaders.review.numbers import Number
from msevidence.loaders.review.view import Document, Passage

NOT_READ = frozenset({"reference-entry", "link", "search-line", "heading", "title"})
"""Kinds of passage whose numbers are not what the document states."""


def added(numbers: Iterable[Number]) -> Decimal:
    """Return the sum."""
    return sum((n.value for n in numbers), Decimal(0))


def written(value: Decimal) -> str:
    """Return a number without the zeros that an exponent or a decimal point would leave.

    >>> written(Decimal("30.0")), written(Decimal("4915")), written(Decimal("16.67"))
    ('30', '4915', '16.67')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def sum_as_printed(numbers: Sequence[Number]) -> str:
    """Return how a sum was made: ``9 + 21 = 30``."""
    return f"{' + '.join(written(n.value) for n in numbers)} = {written(added(numbers))}"


def counts_people(number: Number) -> bool:
    """Say whether a number counts participants, by its noun."""
    return kind_counted(number) == "person"


def kind_counted(number: Number) -> str | None:
    """Return what is counted, by the meaning of the noun (``person``, ``study``), else the noun itself."""
    return noun_kind(number.unit) or noun_kind(number.unit, "nb") or number.unit


def measures(number: Number) -> bool:
    """Say whether a number measures (time, weight, a score) instead of counting."""
    return number.unit in MEASURES or kind_counted(number) in TIMES


def read_passages(document: Document) -> list[Passage]:
    """Return the passages whose numbers the document itself states, in reading order."""
    return [p for p in document.passages if p.kind not in NOT_READ]


def paragraphs(document: Document) -> list[list[Passage]]:
    """Return the running text in paragraphs; a passage of no paragraph stands alone."""
    found: dict[tuple[str | None, object], list[Passage]] = defaultdict(list)
    for passage in read_passages(document):
        found[passage.section, passage.iri if passage.paragraph is None else passage.paragraph].append(passage)
    return list(found.values())
