"""The hits of searches against the total that is stated for them, and against the first boxes of the flow diagram."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rdflib import DCTERMS, RDFS

from msevidence.loaders.review.arithmetic.flow_reading import DUPLICATES, Part, boxes
from msevidence.loaders.review.outcome import Compared, NotApplicable, Outcome, Rule, Severity
from msevidence.loaders.review.things import Thing
from msevidence.loaders.review.view import Document, Passage, View
from msevidence.ontology.namespaces import MSE

WITHOUT_DUPLICATES = re.compile(
    rf"\b(?:without|uten|utan|excluding|eksklusive|after|etter|efter|ekskl?\.)\b.*{DUPLICATES}|"
    rf"{DUPLICATES}\s(?:removed|fjernet)|\bde-?duplicat|\buni[qk]ue?\b",
    re.I,
)


@dataclass(frozen=True)
class Hits:
    """Searches that are added up."""

    searches: tuple[Thing, ...]
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def added(self) -> str:
        """As a sum: ``230 + 20 = 250``."""
        return f"{' + '.join(map(str, self.counts))} = {self.total}"


def check(view: View) -> Iterator[Outcome | NotApplicable]:
    """Look at each total, and at what the flow diagram says the searches found."""
    for document in view.documents:
        searches = sorted(document.of(MSE.Search), key=lambda t: t.integer(MSE.position) or 0)
        totals = sorted(document.of(MSE.SearchTotal), key=lambda t: t.integer(MSE.position) or 0)
        if len(searches) < 2:
            continue
        without = [s.words(RDFS.label, document.language) for s in searches if s.integer(MSE.hits) is None]
        if without:
            names = ", ".join(dict.fromkeys(str(n) for n in without))
            yield NotApplicable(
                document.iri, f"Searches have no hits printed: {names}.", f"Søk mangler treff: {names}."
            )
            continue
        for total in totals:
            if outcome := _total(document, total, searches, totals):
                yield outcome
        if outcome := _diagram(document, searches, totals):
            yield outcome


def _total(document: Document, total: Thing, searches: Sequence[Thing], totals: Sequence[Thing]) -> Outcome | None:
    stated = document.stated(total)
    count = total.integer(MSE.count)
    if not stated or count is None:
        return None
    label = total.words(RDFS.label, document.language) or ""
    if WITHOUT_DUPLICATES.search(label):
        return _fewer(document, total, count, searches, totals)
    heading, own = _group(document, stated[0], searches)
    everything = _hits(searches)
    last = stated[0].ordinal > max((p.ordinal for s in searches for p in _printed(document, s)), default=0)
    accepted = _sums(own) | (_sums(everything) if last else set())
    broken = count not in accepted
    all_fit = broken and everything.total == count
    under = f"the searches under “{heading}”" if heading else "the searches"
    under_nb = f"søkene under «{heading}»" if heading else "søkene"
    english = f"The total of {count} hits is not what {under} give: {own.added}."
    norwegian = f"Totalen på {count} treff er ikke det {under_nb} gir: {own.added}."
    if all_fit:
        english += f" It is the sum of all {len(searches)} searches of the document: {everything.added}."
        norwegian += f" Den er summen av alle {len(searches)} søkene i dokumentet: {everything.added}."
    elif broken and everything.searches != own.searches:
        english += f" All searches of the document give {everything.added}."
        norwegian += f" Alle søkene i dokumentet gir {everything.added}."
    used = everything if all_fit else own
    return Outcome(
        document.iri,
        broken,
        total.iri,
        _iris([*stated, *(p for s in used.searches for p in _printed(document, s))]),
        english if broken else "",
        norwegian if broken else "",
        (
            Compared("total", "total", str(count), stated[0].iri),
            Compared("sum of its searches", "sum av søkene den gjelder", own.added),
            *([Compared("sum of all searches", "sum av alle søk", everything.added)] if used is everything else []),
        ),
        tuple(s.iri for s in used.searches),
        severity=Severity.WARNING if all_fit else None,
    )


def _fewer(
    document: Document, total: Thing, count: int, searches: Sequence[Thing], totals: Sequence[Thing]
) -> Outcome | None:
    """Compare a total without duplicates: it can be no more than the total before, or than all hits."""
    others = [t for t in totals if not WITHOUT_DUPLICATES.search(t.words(RDFS.label, document.language) or "")]
    before = next((t for t in reversed(others) if _place(document, t) < _place(document, total)), None)
    most = before.integer(MSE.count) if before else _hits(searches).total
    if most is None:
        return None
    stated = document.stated(total)
    broken = count > most
    rests = [*stated, *(document.stated(before) if before else ())]
    return Outcome(
        document.iri,
        broken,
        total.iri,
        _iris(rests),
        f"Without duplicates there are {count} hits, more than the {most} with them." if broken else "",
        f"Uten dubletter er det {count} treff, flere enn de {most} med dem." if broken else "",
        (
            Compared("without duplicates", "uten dubletter", str(count), stated[0].iri),
            Compared("with duplicates", "med dubletter", str(most), rests[-1].iri),
        ),
    )


def _diagram(document: Document, searches: Sequence[Thing], totals: Sequence[Thing]) -> Outcome | None:
    """Compare the boxes for what was found with the totals; where none is stated, with the sum of the searches."""
    sources = [b for b in boxes(document) if b.part is Part.SOURCE]
    if not sources:
        return None
    everything = _hits(searches)
    groups = [_group(document, _source(document, s), searches)[1] for s in searches]
    sums = set().union(*(_sums(h) for h in (everything, *groups)))
    stated = [t for t in totals if not WITHOUT_DUPLICATES.search(t.words(RDFS.label, document.language) or "")]
    said = {n for t in stated if (n := t.integer(MSE.count)) is not None}
    against = said or sums
    boxed = {b.total for b in sources} | {sum(b.total for b in sources)} | {n for b in sources for _, n in b.reasons}
    broken = not boxed & against
    first = sources[0]
    rests = [*first.passages, *(p for t in stated for p in document.stated(t))]
    if not said:
        rests += [p for s in searches for p in _printed(document, s)]
    total = ", ".join(map(str, sorted(said)))
    english = f"The flow diagram has {first.total} records from the searches; " + (
        f"the total stated for them is {total}." if said else f"the searches give {everything.added}."
    )
    norwegian = f"Flytdiagrammet har {first.total} referanser fra søkene; " + (
        f"totalen som oppgis for dem, er {total}." if said else f"søkene gir {everything.added}."
    )
    return Outcome(
        document.iri,
        broken,
        first.iri,
        _iris(rests),
        english if broken else "",
        norwegian if broken else "",
        (
            Compared("box", "boks", str(first.total), first.passages[0].iri),
            Compared(
                "total" if said else "sum of searches", "total" if said else "sum av søk", total or everything.added
            ),
        ),
    )


def _hits(searches: Sequence[Thing]) -> Hits:
    return Hits(tuple(searches), tuple(s.integer(MSE.hits) or 0 for s in searches))


def _sums(hits: Hits) -> set[int]:
    """Return the sums that a total may be: with the searches that amend others, and without them."""
    without = sum(n for s, n in zip(hits.searches, hits.counts, strict=True) if not s.values(MSE.amends))
    return {hits.total, without}


def _group(document: Document, passage: Passage, searches: Sequence[Thing]) -> tuple[str | None, Hits]:
    """Return the searches under the nearest heading over a passage that has several of them, and that heading.

    A source's own heading, with its changed search, is none: there the total of all searches may be printed last.
    """
    for section in _sections(document, passage):
        own = [s for s in searches if section in _sections(document, _source(document, s))]
        if len({_source(document, s).section for s in own}) > 1:
            return (document.things.get(section).value(DCTERMS.title) if len(own) < len(searches) else None), _hits(own)
    return None, _hits(searches)


def _sections(document: Document, passage: Passage | None) -> list[str]:
    """Return the IRIs of the sections that a passage stands in, the nearest first."""
    found: list[str] = []
    section = passage.section if passage else None
    while section is not None and section not in found:
        found.append(section)
        section = document.things.get(section).value(DCTERMS.isPartOf)
    return [s for s in found if s != document.iri]


def _printed(document: Document, search: Thing) -> list[Passage]:
    """Return the passage with the hits of a search."""
    hits = search.value(MSE.printedHits) or ""
    stated = document.stated(search)
    return [p for p in stated if hits and p.text.endswith(hits)][-1:]


def _source(document: Document, search: Thing) -> Passage:
    """Return the passage with the hits of a search, which stands under the heading of its source."""
    return (_printed(document, search) or document.stated(search)[-1:])[0]


def _place(document: Document, thing: Thing) -> int:
    return min((p.ordinal for p in document.stated(thing)), default=0)


def _iris(passages: Sequence[Passage]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p.iri for p in sorted(passages, key=lambda p: p.ordinal)))


RULE = Rule(
    "search-hits-against-total",
    Severity.ERROR,
    "several searches with their hits, and a total or a flow diagram",
    "flere søk med treff, og en total eller et flytdiagram",
    check,
    file="loaders/review/arithmetic/search_hits.py",
)
