"""Rules over the numbers that records give: each other's numbers, former numbers, and numbers in titles."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from msevidence.loaders.identity.confidence import confidence
from msevidence.loaders.identity.follow_up import follow_up_mark
from msevidence.loaders.identity.model import Assertion, Relation
from msevidence.loaders.identity.names import title_key
from msevidence.loaders.identity.records import Given, Record, Records, name_of, registration

LINK = "link"
"""Role of a number that a page or an article about the trial names, beside :class:`~...exports.records.OtherNumber`."""
LISTING = {"secondary": "secondary-number", "protocol-code": "secondary-number", LINK: "recorded-link"}
"""Roles of numbers that a record gives for itself. A sponsor's code counts only where it is a registry's number."""
_FORMER = {"obsolete": "obsolete-number", "transition": "transition"}


def number_assertions(records: Records) -> Iterator[Assertion]:
    """Yield what the numbers in records say; a number that is not a registry's says nothing by itself."""
    listed_by: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        for other, given in _by_object(record).items():
            for rule, entries in given.items():
                if rule in _FORMER.values():
                    yield _assertion(record.iri, "same-study", other, rule, _former(record, entries[0]), entries)
                elif rule == "title":
                    yield _in_title(record, other, entries, records)
                else:
                    listed_by[other].append(record)
                    yield from _listed(record, other, rule, entries, records)
    for other, listing in listed_by.items():
        yield from _shared(other, listing, records)


def _by_object(record: Record) -> dict[str, dict[str, list[Given]]]:
    """Return the numbers of registries that a record gives, by what they denote and the rule that hears them."""
    found: dict[str, dict[str, list[Given]]] = {}
    for given in sorted(record.given):
        rule = LISTING.get(given.role) or _FORMER.get(given.role) or ("title" if given.role == "title" else None)
        if rule and given.key:
            found.setdefault(registration(given.key), {}).setdefault(rule, []).append(given)
    for rules in found.values():
        if "secondary-number" in rules or rules.keys() & _FORMER.values():
            # What the record's own field says need not be said again by a page about it, or by the title.
            rules.pop("title", None)
    return found


def _listed(record: Record, other: str, rule: str, entries: list[Given], records: Records) -> Iterator[Assertion]:
    theirs = records.of.get(other)
    name = name_of(other, records)
    part = _part_and_whole(record, other, theirs)
    if part is not None:
        mark, child, whole = part
        because = f"{record.name} gives {name} as another number{_labelled(entries[0])}, and the title of"
        because += f" {name_of(child, records)} says that it is a part: “{mark}”."
        yield _assertion(child, "part-of", whole, "follow-up-of", because, entries)
    elif rule == "recorded-link":
        because = f"A source about {record.name} names {name} as a number of the same study."
        yield _assertion(record.iri, "same-study", other, rule, because, entries)
    elif theirs is None or not (back := _giving(theirs, record.iri)):
        because = f"{record.name} gives {name} as another number of the study{_labelled(entries[0])}."
        yield _assertion(record.iri, "same-study", other, rule, because, entries)
    elif record.iri < other:  # said once for both
        because = f"{record.name} gives {name} as another number, and {name} gives {record.name}."
        yield _assertion(record.iri, "same-study", other, "mutual-secondary-number", because, [*entries, *back])


def _giving(record: Record, other: str, role: str = "secondary-number") -> list[Given]:
    return [g for g in sorted(record.given) if g.key and LISTING.get(g.role) == role and registration(g.key) == other]


def _part_and_whole(record: Record, other: str, theirs: Record | None) -> tuple[str, str, str] | None:
    """Return the words of the title, the part and the whole, where one of the two titles alone says it is a part."""
    own = _mark(record)
    if theirs is None:
        return (own, record.iri, other) if own else None
    found = _mark(theirs)
    if bool(own) == bool(found) or {*map(title_key, record.texts())} & {*map(title_key, theirs.texts())}:
        return None
    return (own, record.iri, other) if own else (found or "", other, record.iri)


def _mark(record: Record) -> str | None:
    return next((m for t in record.texts() if (m := follow_up_mark(t))), None)


def _in_title(record: Record, other: str, entries: list[Given], records: Records) -> Assertion:
    mark = _mark(record)
    because = f"The title of {record.name} names {name_of(other, records)}"
    because += "." if mark is None else f", and says that it is a part: “{mark}”."
    relation: Relation = "same-study" if mark is None else "part-of"
    return _assertion(record.iri, relation, other, "title-names-number", because, entries)


def _shared(other: str, listing: list[Record], records: Records) -> Iterator[Assertion]:
    """Yield that records are of one study which list a third number, each with the next one."""
    unique = sorted({r.iri: r for r in listing}.values(), key=lambda r: r.iri)
    for one, two in pairwise(unique):
        if _part_and_whole(one, two.iri, two) is None:
            entries = [g for r in (one, two) for role in LISTING.values() for g in _giving(r, other, role)]
            because = f"{one.name} and {two.name} both give {name_of(other, records)} as another number."
            found = _assertion(one.iri, "same-study", two.iri, "shared-secondary-number", because, entries)
            yield replace(found, through=other)


def _former(record: Record, given: Given) -> str:
    if given.role == "obsolete":
        return f"The registry gave {record.name} the number {given.printed} before."
    return f"{record.name} was moved from the register that had it as {given.printed}."


def _assertion(
    subject: str, relation: Relation, other: str, rule: str, because: str, entries: list[Given]
) -> Assertion:
    date = max((g.date for g in entries if g.date), default=None)
    sources = tuple(sorted({g.place for g in entries}))
    return Assertion(subject, relation, other, rule, because, confidence(rule), sources, date=date)


def _labelled(given: Given) -> str:
    return f" ({given.label})" if given.label else ""
