"""The sizes of the groups of a study against its number of participants, in tables and in running text."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from msevidence.loaders.review.arithmetic.arms_in_tables import arms_in_tables
from msevidence.loaders.review.arithmetic.arms_in_text import arms_in_text
from msevidence.loaders.review.arithmetic.arms_said import Arms
from msevidence.loaders.review.arithmetic.sums import added, sum_as_printed, written
from msevidence.loaders.review.outcome import Compared, NotApplicable, Outcome, Rule, Severity
from msevidence.loaders.review.view import View


def check(view: View) -> Iterator[Outcome | NotApplicable]:
    """Yield an outcome for each list of groups that stands with a total."""
    for document in view.documents:
        for arms in [*arms_in_tables(document), *arms_in_text(document)]:
            yield _outcome(view, document.iri, arms)


def _outcome(view: View, document: str, arms: Arms) -> Outcome:
    total, broken = arms.total, not _add_up(arms)
    said = sum_as_printed(arms.sizes)
    where = ("the table", "tabellen") if arms.in_table else ("the text", "teksten")
    return Outcome(
        document,
        broken,
        arms.passages[0].iri,
        tuple(view.passages_in_order(p.iri for p in (*arms.passages, arms.total_passage))),
        f"The groups have {said} participants; {where[0]} says {written(total.value)}." if broken else "",
        f"Gruppene har {said} deltakere; {where[1]} sier {written(total.value)}." if broken else "",
        (
            Compared("sum of the groups", "summen av gruppene", said, arms.passages[0].iri),
            Compared("number of participants", "antall deltakere", total.printed, arms.total_passage.iri),
        ),
        severity=None if arms.certain else Severity.WARNING,
    )


def _add_up(arms: Arms) -> bool:
    """Say whether the groups make the total: once, or several times over where they are divided in several ways."""
    values = [s.value for s in arms.sizes]
    return added(arms.sizes) == arms.total.value or _divides(values, arms.total.value)


def _divides(values: Sequence[Decimal], total: Decimal) -> bool:
    rest = list(values)
    while rest:
        lengths = [i for i in range(1, len(rest) + 1) if sum(rest[:i]) == total]
        if not lengths:
            return False
        rest = rest[lengths[0] :]
    return True


RULE = Rule(
    "arms-against-total",
    Severity.ERROR,
    "group sizes with a total number of participants",
    "gruppestørrelser med et samlet antall deltakere",
    check,
    file="loaders/review/arithmetic/arms_against_total.py",
)
