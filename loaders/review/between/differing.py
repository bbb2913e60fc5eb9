"""How what two documents say of one study differs, field by field. The older document comes first."""

from collections.abc import Callable, Iterator
from itertools import product

from msevidence.loaders.review.between.fact import Difference, Fact, Teller
from msevidence.loaders.review.between.told_dates import When
from msevidence.loaders.review.dates.events import Event
from msevidence.loaders.review.dates.status_words import NORWEGIAN, State
from msevidence.loaders.review.outcome import DisagreementKind as Kind

RESULTS_AFTER = 366
"""Days after the end of a study within which its results are due, as registries ask: until then, both dates stand."""
_INACTIVE = ("placebo", "sham", "saline", "narre", "juks")
"""How comparators begin that are no treatment, and so no conventional one."""
_STATES = {str(state.value): words for state, words in NORWEGIAN.items()}


def _not_both(fact: str, faktum: str) -> tuple[str, str]:
    return f"Both cannot be right about {fact}.", f"De kan ikke begge ha rett om {faktum}."


def dates(older: Teller, newer: Teller, field: str) -> Iterator[Difference]:
    """Yield the dates of one document that fit none of the other."""
    for one in older.of(field):
        against = [two for two in newer.of(field) if _comparable(one.value, two.value)]
        if against and not any(_fits(one.value, two.value) for two in against):
            yield _dated(older, newer, field, one, against[0])


def _comparable(one: When, two: When) -> bool:
    return one.event == two.event or Event.RESULTS in (one.event, two.event)


def _fits(one: When, two: When) -> bool:
    if one.event == two.event:
        return one.apart(two) == 0
    end, results = (one, two) if two.event is Event.RESULTS else (two, one)
    if results.last < end.first:
        return False
    return results.first <= end.last or results.apart(end) <= RESULTS_AFTER


def _dated(older: Teller, newer: Teller, field: str, one: Fact, two: Fact) -> Difference:
    what = {"start": ("when it began", "når den begynte"), "end": ("when it ends", "når den slutter")}[field]
    if one.value.expected and older.issued[:7] < newer.issued[:7]:
        english = f"What {older.document.key} expected no longer holds, by the newer {newer.document.key}."
        norwegian = f"Det {older.document.key} ventet, gjelder ikke lenger, ifølge den nyere {newer.document.key}."
        if one.value.event != two.value.event:
            english += " The end of a study and its results are not one event, but should not be this far apart."
            norwegian += " Slutt og resultater er ikke samme hendelse, men skal ikke ligge så langt fra hverandre."
        return Difference(Kind.OUTDATED_BY, one, two, english, norwegian)
    return Difference(Kind.CONTRADICTS, one, two, *_not_both(*what))


def states(older: Teller, newer: Teller, field: str) -> Iterator[Difference]:
    """Yield a status that the newer document has changed, or that cannot be."""
    before, after = ({f.value for f in teller.of(field)} for teller in (older, newer))
    if before & after or len(before) > 1 or len(after) > 1:
        return
    one, two = older.of(field)[0], newer.of(field)[0]
    if one.value == State.RUNNING:
        english = f"It was ongoing by {older.document.key}, and is {two.value} by the newer {newer.document.key}."
        became = _STATES[two.value]
        norwegian = (
            f"Den var pågående ifølge {older.document.key}, og er {became} ifølge den nyere {newer.document.key}."
        )
        yield Difference(Kind.OUTDATED_BY, one, two, english, norwegian)
    else:
        yield Difference(Kind.CONTRADICTS, one, two, *_not_both("what became of it", "hva det ble av den"))


def counts(older: Teller, newer: Teller, field: str) -> Iterator[Difference]:
    """Yield a number of participants that the other document does not have."""
    if {f.value for f in older.of(field)} & {f.value for f in newer.of(field)}:
        return
    one, two = older.of(field)[0], newer.of(field)[0]
    running = any(f.value == State.RUNNING for f in older.of("status")) or one.role == "so far"
    if running and one.value < two.value and older.issued[:7] < newer.issued[:7]:
        english = f"The study went on after {older.document.key}, and has more by the newer {newer.document.key}."
        norwegian = f"Studien fortsatte etter {older.document.key}, og har flere ifølge den nyere {newer.document.key}."
        yield Difference(Kind.OUTDATED_BY, one, two, english, norwegian)
    else:
        yield Difference(Kind.CONTRADICTS, one, two, *_not_both("how many there are", "hvor mange det er"))


def comparators(older: Teller, newer: Teller, field: str) -> Iterator[Difference]:
    """Yield a comparator that one document names and the other does not, or names otherwise."""
    sides = [[f for f in t.of(field) if f.role != "without"] for t in (older, newer)]
    without = [[f for f in t.of(field) if f.role == "without"] for t in (older, newer)]
    named = [[f for f in side if f.value] for side in sides]
    for here, there in ((0, 1), (1, 0)):
        generic = [f for f in sides[here] if not f.value]
        exact = named[there] or (without[there] if sides[there] else [])
        if generic and not named[here] and exact:
            first, second = exact[0], generic[0]
            if any(word.startswith(_INACTIVE) for word in first.value):
                wrong = _not_both("what it compares with", "hva den sammenligner med")
                yield Difference(Kind.CONTRADICTS, first, second, *wrong)
                return
            yield Difference(
                Kind.QUALIFIES,
                first,
                second,
                f"“{first.printed}” is more exact: “{second.printed}” does not say which treatment it is.",
                f"«{first.printed}» er mer presist: «{second.printed}» sier ikke hvilken behandling det er.",
                False,
            )
            return
    words = [frozenset(w for f in side for w in f.value) for side in named]
    if all(words) and not _share(*words):
        yield Difference(
            Kind.CONTRADICTS, named[0][0], named[1][0], *_not_both("what it compares with", "hva den sammenligner med")
        )


def _share(one: frozenset[str], two: frozenset[str]) -> bool:
    """Say whether two comparators share a name; the first letters are enough, as languages differ in endings."""
    return any(a[:6] == b[:6] for a, b in product(one, two))


def people(older: Teller, newer: Teller, field: str) -> Iterator[Difference]:
    """Yield kinds of people that only one of the documents has in the study."""
    for role in ("type", "age"):
        sides = [[f for f in t.of(field) if f.role == role] for t in (older, newer)]
        if not all(sides):
            continue
        kinds = [frozenset(k for f in side for k in f.value) for side in sides]
        if kinds[0] == kinds[1]:
            continue
        one = next((f for f in sides[0] if f.value - kinds[1]), sides[0][0])
        two = next((f for f in sides[1] if f.value - kinds[0]), sides[1][0])
        told = [", ".join(sorted(k)) for k in kinds]
        yield Difference(
            Kind.OTHER_POPULATION,
            one,
            two,
            f"The people are told as {told[0]}, or as {told[1]}.",
            f"De som er med, omtales som {told[0]}, eller som {told[1]}.",
            not (kinds[0] <= kinds[1] or kinds[1] <= kinds[0]),
        )


def follow_up(older: Teller, newer: Teller, field: str) -> Iterator[Difference]:
    """Yield what is said to have lasted for a time that only few were followed, and follow-up of another length."""
    sides = [older.of(field), newer.of(field)]
    for here, there in ((0, 1), (1, 0)):
        for lasted in (f for f in sides[here] if f.role == "lasted"):
            few = [f for f in sides[there] if f.role == "few" and f.value <= lasted.value]
            if few:
                yield Difference(
                    Kind.QUALIFIES,
                    few[0],
                    lasted,
                    "What is said to have lasted so long rests on the few who were followed that long.",
                    "Det som sies å ha vart så lenge, bygger på de få som ble fulgt så lenge.",
                )
                return
            longest = [f for f in sides[there] if f.role in ("", "max", "planned")]
            if longest and all(f.value < lasted.value for f in longest):
                yield Difference(
                    Kind.CONTRADICTS,
                    longest[0],
                    lasted,
                    *_not_both("how long it was followed", "hvor lenge den ble fulgt"),
                )
                return
    for role in ("", "median", "mean", "max", "planned"):
        values = [{f.value for f in side if f.role == role} for side in sides]
        if all(len(v) == 1 for v in values) and values[0] != values[1]:
            one, two = (next(f for f in side if f.role == role) for side in sides)
            yield Difference(
                Kind.CONTRADICTS, one, two, *_not_both("how long people are followed", "hvor lenge folk følges")
            )


Compare = Callable[[Teller, Teller, str], Iterator[Difference]]
COMPARED: dict[str, Compare] = {
    "start": dates,
    "end": dates,
    "status": states,
    "participants": counts,
    "planned participants": counts,
    "comparator": comparators,
    "population": people,
    "follow-up": follow_up,
}
