"""Counts of people, studies and centres, and sizes of arms, against how many the source says that there were."""

import re
from collections.abc import Iterator

from msevidence.loaders.review.outcome import Severity, VerdictKind
from msevidence.loaders.review.sources import lexicon
from msevidence.loaders.review.sources.equal import bears_out, equal
from msevidence.loaders.review.sources.items import Item, Passed, of_quantity
from msevidence.loaders.review.sources.known import KnownWork, Stated, is_part, is_total
from msevidence.loaders.review.sources.quantities import Quantity

COUNTS = ("person", "study", "centre", "country")
_POPULATION = re.compile(
    r"^\W*(?:(?:study )?population|participants?|patients?|subjects?|sample(?: size)?|number of \w+|n|no\.? of \w+"
    r"|(?:studie)?populasjon|deltakere|pasienter|utvalg|antall \w+)\W*$",
    re.I,
)
"""Labels of rows that say how many a study had."""
_ALL = re.compile(r"\b(?:all|all of the|first|total of|in total|alle|samtlige|første|totalt|til sammen)\s$", re.I)
_PLANNED = re.compile(r"planned|planlagt|target|\bmål\b|should|skal", re.I)
_COINCIDENCE = 13
"""Counts below it may be equal by chance, so that something else must be shared."""


def counts(passed: Passed, work: KnownWork) -> Iterator[Item]:
    """Compare the counts of a passage; a count that may be of a part of the people is not held against the whole."""
    for quantity in passed.quantities:
        if quantity.kind in COUNTS:
            yield _count(passed, work, quantity)
    groups = [q for q in passed.quantities if q.kind == "group"]
    if groups:
        yield from _arms(passed, work, groups)


def whole(passed: Passed, quantity: Quantity) -> bool:
    """Say whether a passage speaks of all that the study had."""
    before, after = passed.text[: quantity.number.begin], passed.text[quantity.number.end :]
    if is_part(quantity, passed.text) or _PLANNED.search(before[-25:] + after[:25]):
        return False
    return bool(_POPULATION.match(passed.context) or _ALL.search(before) or is_total(quantity, passed.text))


def _count(passed: Passed, work: KnownWork, quantity: Quantity) -> Item:
    same = [s for s in work.stated if _same(quantity, s)]
    if same:
        return of_quantity(VerdictKind.AGREES, passed, quantity, same[0].sentence)
    against = work.totals(quantity.kind) if whole(passed, quantity) else _same_part(quantity, work)
    if quantity.kind in ("centre", "country"):
        against = [s for s in work.stated if s.quantity.kind == quantity.kind]
    values = {s.value for s in against}
    if len(values) != 1 or not passed.sole or quantity.number.high is not None:
        return of_quantity(VerdictKind.NOT_IN_WHAT_WAS_READ, passed, quantity, None)
    stated = against[-1]
    certain = whole(passed, quantity) and quantity.kind in ("person", "study") and quantity.number.hedge is None
    return of_quantity(
        VerdictKind.DISAGREES,
        passed,
        quantity,
        stated.sentence,
        f"It is {quantity.printed} here and {stated.quantity.printed} there.",
        f"Det er {quantity.printed} her og {stated.quantity.printed} der.",
        Severity.ERROR if certain else None,
    )


def _same(quantity: Quantity, stated: Stated) -> bool:
    other = stated.quantity
    kinds = (quantity.kind, "bare", "group") if quantity.kind == "person" else (quantity.kind,)
    if other.kind not in kinds or other.interval or not bears_out(quantity.number, stated.value, exact=True):
        return False
    if quantity.number.high is not None:
        return False
    shared = bool(quantity.outcomes & other.outcomes or quantity.times & other.times)
    if other.kind == "bare":
        return shared or (quantity.number.value >= _COINCIDENCE and len(quantity.stems & other.stems) > 1)
    unlikely = quantity.number.value >= _COINCIDENCE or is_total(other, stated.sentence.text)
    return shared or unlikely or other.kind != "person"


def _same_part(quantity: Quantity, work: KnownWork) -> list[Stated]:
    """Return the counts of the source that are of the same part of the people: with the same outcome, at one time."""
    return [
        s
        for s in work.stated
        if s.quantity.kind in ("person", "bare")
        and s.quantity.number.whole
        and not s.quantity.interval
        and quantity.kind == "person"
        and quantity.times & s.quantity.times
        and quantity.outcomes & s.quantity.outcomes
    ]


def _arms(passed: Passed, work: KnownWork, groups: list[Quantity]) -> Iterator[Item]:
    """Compare sizes of arms with those of the same arms, and their sum with all that the source had."""
    named = [(g, _named(g, work)) for g in groups]
    different = [(g, found) for g, found in named if found and not any(equal(g, s.quantity) for s in found)]
    if different:
        first, found = different[0]
        there = ", ".join(s.quantity.number.printed for _, several in different for s in several[:1])
        here = ", ".join(g.number.printed for g, _ in different)
        chosen = found[0].sentence.selected and not lexicon.SELECTED.search(passed.text)
        kind = VerdictKind.OTHER_MEASURE if chosen else VerdictKind.DISAGREES
        why = (" The source counts people chosen to match.", " Kilden teller personer valgt for å passe sammen.")
        yield Item(
            kind,
            passed.text,
            first.number.begin,
            found[0].sentence,
            f"The groups have {here} here and {there} there.{why[0] if chosen else ''}",
            f"Gruppene har {here} her og {there} der.{why[1] if chosen else ''}",
            quantity=first,
        )
        return
    agreeing = next((s for g, found in named for s in found if equal(g, s.quantity)), None)
    total = sum(g.number.value for g in groups)
    people = [s for s in work.stated if s.quantity.kind == "person"]
    totals = {s.value: s for s in work.totals("person")}
    if len(groups) > 1 and (same := next((s for s in people if s.value == total), None)):
        yield Item(VerdictKind.AGREES, passed.text, groups[0].number.begin, same.sentence, quantity=groups[0])
    elif len(groups) > 1 and len(totals) == 1 and passed.sole and agreeing is None:
        ((value, stated),) = totals.items()
        parts = " + ".join(g.number.printed for g in groups)
        yield Item(
            VerdictKind.DISAGREES,
            passed.text,
            groups[0].number.begin,
            stated.sentence,
            f"The groups have {parts} = {total}; the source says that there were {value}.",
            f"Gruppene har {parts} = {total}; kilden sier at det var {value}.",
            Severity.ERROR,
            groups[0],
        )
    else:
        kind = VerdictKind.AGREES if agreeing else VerdictKind.NOT_IN_WHAT_WAS_READ
        sentence = agreeing.sentence if agreeing else None
        yield Item(kind, passed.text, groups[0].number.begin, sentence, quantity=groups[0])


def _named(group: Quantity, work: KnownWork) -> list[Stated]:
    """Return the sizes of groups in the source that have the name of this group."""
    return [s for s in work.stated if s.quantity.kind == "group" and same_label(group.label, s.quantity.label)]


def same_label(one: str, other: str) -> bool:
    """Say whether two labels name one treatment: a word of four letters in both, or stem cell transplantation."""
    if lexicon.HSCT.search(one) and lexicon.HSCT.search(other):
        return True
    return bool(other) and bool(lexicon.stems(one) & lexicon.stems(other))
