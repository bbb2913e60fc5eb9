"""One work that is printed with two titles, years or pages: in two documents, or in two entries of one document."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from msevidence.loaders.review.between.neighbours import neighbours
from msevidence.loaders.review.identifiers.titles import Difference, compare
from msevidence.loaders.review.outcome import Compared, Disagreement, DisagreementKind, Outcome, Rule, Severity
from msevidence.loaders.review.view import Document, Reference, View
from msevidence.ontology.namespaces import MSE, PRISM

_QUOTED = re.compile(r"[«“\"](?P<title>[^«»“”\"]{20,250})[»”\"]")
_FEWEST = 4
"""Words of a quoted title; fewer are often no title."""
_TITLES = frozenset(("sentence", "list-item", "table-cell", "footnote"))


@dataclass(frozen=True, eq=False)
class Printed:
    """A work as a document prints it."""

    document: Document
    focus: str
    passages: tuple[str, ...]
    title: str | None
    year: str | None = None
    pages: str | None = None
    number: int | None = None
    listed: bool = True
    publication: str | None = None


def _entries(document: Document) -> Iterator[Printed]:
    for reference in document.references.values():
        if reference.passages and not reference.missing:
            yield _entry(document, reference)


def _entry(document: Document, reference: Reference) -> Printed:
    title = None if (reference.title or "").startswith("[") else reference.title  # brackets are for translated ones
    return Printed(
        document,
        reference.iri,
        tuple(p.iri for p in reference.passages),
        title,
        reference.thing.value(MSE.year),
        reference.thing.value(PRISM.pageRange),
        reference.number,
        reference.listed,
        reference.publication,
    )


def _quoted(document: Document) -> Iterator[Printed]:
    """Yield titles that stand in quotation marks in the text, each with all places where it stands so."""
    found: dict[str, list[str]] = defaultdict(list)
    for passage in document.passages:
        if passage.kind not in _TITLES:
            continue
        for match in _QUOTED.finditer(passage.text):
            if len(match["title"].split()) >= _FEWEST:
                found[match["title"].strip()].append(passage.iri)
    for title, passages in found.items():
        yield Printed(document, passages[0], tuple(dict.fromkeys(passages)), title)


def _pairs(view: View) -> Iterator[tuple[Printed, Printed]]:
    """Yield two printings of one work: one publication; one year and first page; or one title but for spelling."""
    entries = [e for d in view.documents for e in _entries(d)]
    works: dict[str, list[Printed]] = defaultdict(list)
    places: dict[tuple[str, str], list[Printed]] = defaultdict(list)
    for entry in entries:
        if entry.publication is not None:
            works[entry.publication].append(entry)
        first = re.match(r"\w+", entry.pages or "")
        if entry.year and first and len(first[0]) > 1:
            places[(entry.year, first[0])].append(entry)
    seen = set()
    for same in (*works.values(), *places.values()):
        for one, two in neighbours(same, _says):
            known = one.publication is not None and one.publication == two.publication
            if (one.focus, two.focus) not in seen and (known or _alike(one, two)):
                seen.add((one.focus, two.focus))
                yield one, two
    titled = _Titled(entries)
    for quoted in (q for d in view.documents for q in _quoted(d)):
        if (titled_so := titled.alike(quoted)) is not None:
            yield quoted, titled_so


def _says(entry: Printed) -> Iterator[str]:
    """Yield which fields an entry prints, and how the words of its title begin: titles that are alike share some."""
    yield from (field for field in ("number", "title", "year", "pages") if getattr(entry, field))
    yield from (f"{begun}…" for begun in _begun(entry.title or ""))


class _Titled:
    """Entries by how the words of their titles begin: in a large graph a title cannot be held against each of them."""

    def __init__(self, entries: Iterable[Printed]) -> None:
        self._entries = [e for e in entries if e.title]
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, entry in enumerate(self._entries):
            for begun in _begun(entry.title or ""):
                self._places[begun].append(place)

    def alike(self, quoted: Printed) -> Printed | None:
        """Return the first entry of another document with the title that is quoted, or one spelt differently."""
        begun = sorted(_begun(quoted.title or ""), key=lambda b: (len(self._places.get(b, ())), b))
        # Titles that are alike have six words of ten in common: at least one of the rarest five of ten.
        rare = begun[: 2 * len(begun) // 5 + 1]
        for place in sorted({place for b in rare for place in self._places.get(b, ())}):
            entry = self._entries[place]
            if entry.document is not quoted.document and _alike(quoted, entry):
                return entry
        return None


def _begun(title: str) -> frozenset[str]:
    """Return how the words of a title begin."""
    return frozenset(w[:4] for w in re.findall(r"\w{4,}", title.casefold()))


def _alike(one: Printed, two: Printed) -> bool:
    """Say whether two titles are of one work, spelt differently at most, before anything more costly is looked at."""
    if not one.title or not two.title or abs(len(one.title) - len(two.title)) > 12:
        return False
    firsts = [_begun(t) for t in (one.title, two.title)]
    if not firsts[0] or len(firsts[0] & firsts[1]) < 0.6 * len(firsts[0] | firsts[1]):
        return False
    found = compare(one.title, [two.title])
    return found is not None and found.difference <= Difference.SPELLING


def _differences(one: Printed, two: Printed) -> Iterator[tuple[str, str, str, str, Severity | None]]:
    """Yield field, its Norwegian name, what each says, and how grave it is where that is not the rule's."""
    found = compare(one.title, [two.title]) if one.title and two.title else None
    if found is not None and found.difference is not Difference.NONE:
        slip = found.difference is Difference.SPELLING
        yield "title", "tittel", one.title or "", two.title or "", Severity.NOTE if slip else None
    if one.year and two.year and one.year[:4] != two.year[:4]:
        yield "year", "år", one.year, two.year, None
    if one.pages and two.pages and _pages(one.pages) != _pages(two.pages):
        yield "pages", "sider", one.pages, two.pages, None


def _pages(printed: str) -> tuple[str, str]:
    """Return the first and last page, written out: ``165-74`` ends on 174.

    >>> _pages("165–74"), _pages("S130-S1"), _pages("e113936")
    (('165', '174'), ('s130', 's131'), ('e113936', 'e113936'))
    """
    parts = [p.casefold() for p in re.findall(r"\w+", printed)] or [""]
    first, last = parts[0], parts[-1]
    digits, ending = last.lstrip("se"), first.lstrip("se")
    if len(digits) < len(ending):
        last = first[: len(first) - len(digits)] + digits
    return first, last


def _check(view: View) -> Iterator[Outcome]:
    for one, two in _pairs(view):
        one, two = sorted(
            (one, two), key=lambda p: (p.document.issued or "9999", p.document.key, p.number or 0, p.focus)
        )
        found = list(_differences(one, two))
        places = tuple(view.passages_in_order((*one.passages, *two.passages)))
        twice = one.document is two.document
        sides = [one] if twice else [one, two]
        for side in sides:
            if twice and not one.listed and not two.listed and not found:
                yield _listed_twice(one, two, places)
            elif not found:
                yield Outcome(side.document.iri, False, side.focus, places)
            for field, norwegian, says, other, severity in found:
                yield _outcome(side, one, two, field, norwegian, says, other, severity, places)


def _listed_twice(one: Printed, two: Printed, places: tuple[str, ...]) -> Outcome:
    return Outcome(
        one.document.iri,
        True,
        one.focus,
        places,
        f"The work “{one.title}” is listed twice, as {one.number} and as {two.number}.",
        f"Verket «{one.title}» er ført opp to ganger, som {one.number} og som {two.number}.",
        (
            Compared("number", "nummer", str(one.number), one.passages[0]),
            Compared("number", "nummer", str(two.number), two.passages[0]),
        ),
        (one.publication,) if one.publication else (),
        severity=Severity.NOTE,
    )


def _outcome(
    side: Printed,
    one: Printed,
    two: Printed,
    field: str,
    norwegian: str,
    says: str,
    other: str,
    severity: Severity | None,
    places: tuple[str, ...],
) -> Outcome:
    here, there = one.document.key, two.document.key
    verdict = f"One work is printed with two {field}s." if field != "pages" else "One work is printed with other pages."
    verdict_nb = {"title": "Ett verk er trykt med to titler.", "year": "Ett verk er trykt med to årstall."}.get(
        field, "Ett verk er trykt med ulike sider."
    )
    publication = one.publication or two.publication
    return Outcome(
        side.document.iri,
        True,
        side.focus,
        places,
        f"{verdict} {here} prints “{says}”, {there} prints “{other}”.",
        f"{verdict_nb} {here} trykker «{says}», {there} trykker «{other}».",
        (
            Compared(f"{field}, {here}", f"{norwegian}, {here}", says, one.passages[0]),
            Compared(f"{field}, {there}", f"{norwegian}, {there}", other, two.passages[0]),
        ),
        (publication,) if publication else (),
        severity=severity,
        disagreement=Disagreement(
            DisagreementKind.CONTRADICTS,
            field,
            norwegian,
            one.passages[0],
            two.passages[0],
            says,
            other,
            verdict,
            verdict_nb,
        ),
    )


RULE = Rule(
    "work-under-two-titles",
    Severity.WARNING,
    "a work that it, or another document, prints a second time",
    "et verk som det selv eller et annet dokument trykker en gang til",
    _check,
    file="loaders/review/between/work_under_two_titles.py",
)
