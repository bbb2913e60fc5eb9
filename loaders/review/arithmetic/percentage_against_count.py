"""Percentages against the counts and denominators that are printed with them, in running text and in tables."""

from collections.abc import Iterator
from decimal import Decimal

from msevidence.loaders.review.arithmetic.percentages import Share, precision
from msevidence.loaders.review.arithmetic.percentages_in_columns import shares_in_columns
from msevidence.loaders.review.arithmetic.percentages_in_tables import shares_in_tables
from msevidence.loaders.review.arithmetic.percentages_in_text import shares_in_text
from msevidence.loaders.review.arithmetic.sums import read_passages, written
from msevidence.loaders.review.outcome import Compared, NotApplicable, Outcome, Rule, Severity
from msevidence.loaders.review.view import View


def check(view: View) -> Iterator[Outcome | NotApplicable]:
    """Yield an outcome for each percentage that stands with its count and with what the count is a share of."""
    for document in view.documents:
        for passage in read_passages(document):
            for share in shares_in_text(passage):
                yield _outcome(view, document.iri, share)
        for table in document.tables:
            for share in (*shares_in_tables(table), *shares_in_columns(table)):
                yield _outcome(view, document.iri, share)


def _outcome(view: View, document: str, share: Share) -> Outcome:
    broken = not share.agrees(share.base)
    right = share.exact(share.base)
    places = max(precision(share.percent), 0 if right == right.to_integral() else 1)
    shown, base = written(round(right, places)), written(share.base)
    said = f"{written(share.count)} of {base} is {shown} %"
    said_nb = f"{written(share.count)} av {base} er {shown.replace('.', ',')} %"
    printed = written(Decimal(share.percent))
    return Outcome(
        document,
        broken,
        share.passage.iri,
        tuple(view.passages_in_order({share.passage.iri, share.base_passage.iri})),
        f"{said}; the {share.place[0]} says {printed} %." if broken else "",
        f"{said_nb}; {share.place[1]} sier {printed.replace('.', ',')} %." if broken else "",
        (
            Compared("percentage of the count", "prosenten av antallet", said, share.base_passage.iri),
            Compared("percentage printed", "trykt prosent", f"{printed} %", share.passage.iri),
        ),
        severity=None if share.certain else Severity.WARNING,
    )


RULE = Rule(
    "percentage-against-count",
    Severity.ERROR,
    "percentages printed with their count and with what it is a share of",
    "prosenter trykt sammen med antallet og det antallet er en andel av",
    check,
    file="loaders/review/arithmetic/percentage_against_count.py",
)
