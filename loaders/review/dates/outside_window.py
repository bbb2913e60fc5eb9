"""Something that a document includes, and that is outside the years that it says it includes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from msevidence.loaders.review.dates.periods import Window, days, windows
from msevidence.loaders.review.outcome import Compared, NotApplicable, Outcome, Rule, Severity
from msevidence.loaders.review.view import Document, Passage, Table, View
from msevidence.ontology.namespaces import MSE

_PUBLISHED = re.compile(
    r"\b(?:publi[sc]\w+|utgitt|utkom\w*|issued|appeared|literature\b(?!\ssearch)|litteratur\b|articles?|artikler|papers|records?|referanser)\b",
    re.I,
)
# "From 2014" alone may say of when one work is: a window only where works are said to be published from then on.
_BARE = re.compile(r"(?:from|fra|siden|since)\s", re.I)
_FROM_THEN = re.compile(r"\b(?:publi\w+|utgitt|issued)\s(?:\w+\s){0,3}$", re.I)
_LABEL = re.compile(
    r"\b(?:publication\s(?:year|date|period)|years?\sof\spublication|publikasjons?(?:år|dato|periode)|publiseringsår|years?\sincluded"
    r"|time\s(?:frame|period)|date\s(?:limits?|range)|tidsrom|tidsperiode|årstall|søkeperiode)\b",
    re.I,
)
_WE = re.compile(r"\b(?:we|our|vi|vår|våre)\b", re.I)
_OTHERS = re.compile(r"\b(?:previous|earlier|original|prior|forrige|tidligere|opprinnelig\w*)\b", re.I)
_ROLES = {"methods", "abstract", "key-messages", "summary"}
_EXCLUDED = re.compile(r"\b(?:exclu|eksklu|utelat|not\sincluded|ikke\sinkludert|background|bakgrunn)\w*", re.I)
_STUDY_TABLE = re.compile(
    r"\b(?:includ|inklu|characteristic|karakteristik|eligible|selected|identified|studies\b|studier\b|trials\b|articles\b)",
    re.I,
)
_FIRST_COLUMN = re.compile(
    r"\b(?:stud(?:y|ies|ie|ier|ienavn)|studienavn|authors?|forfatter\w*|reference|referanse|trial|source|kilde|article|publication)\b",
    re.I,
)
_YEAR_COLUMN = re.compile(
    r"(?:publication\s)?year(?:\s(?:of\spublication|published))?|published|(?:publikasjons|publiserings)?år|publisert",
    re.I,
)
_AUTHOR_YEAR = re.compile(
    r"^[A-ZÆØÅÄÖÜÉ][\w’'-]+(?:\s[A-Z]{1,3}\b)?(?:\s(?:and|og|&)\s[A-ZÆØÅ][\w’'-]+|,?\set\sal\.?)?[,.]?\s\(?(?P<year>(?:19|20)\d\d)[a-z]?\b"
)


@dataclass(frozen=True)
class _Rule:
    window: Window
    passage: Passage
    label: Passage | None = None


@dataclass(frozen=True)
class _Item:
    """Something included: an entry of a list, or a row of a table of studies."""

    focus: str
    when: str
    printed: str
    passage: Passage
    about: tuple[str, ...] = ()


def _check(view: View) -> Iterator[Outcome | NotApplicable]:
    for document in view.documents:
        stated = list(_stated(document))
        if stated:
            for item in _items(document):
                yield _outcome(document, item, stated)


def _stated(document: Document) -> Iterator[_Rule]:
    """Yield the windows of inclusion that a document states."""
    rows = {t.iri: t for t in document.tables}
    for passage in document.passages:
        if passage.kind in ("reference-entry", "search-line", "link", "heading", "figure-text") or not passage.text:
            continue
        found = windows(passage.text)
        if not found:
            continue
        table = rows.get(passage.table or "")
        label = table.cells.get(passage.row or 0, {}).get(0, [None])[0] if table and passage.column else None
        if label is not None:
            if _LABEL.search(label.text):
                yield _Rule(found[0], passage, label)
            continue
        if passage.table or _OTHERS.search(passage.text):
            continue
        if not (document.section_roles(passage) & _ROLES or _WE.search(passage.text)):
            continue
        for window in found:
            before = passage.text[: window.begin]
            if window.last is None and _BARE.match(window.printed) and not _FROM_THEN.search(before):
                continue
            if _PUBLISHED.search(before[-80:]) and not re.search(r"\b(?:search|søk)\w*\W*$", before, re.I):
                yield _Rule(window, passage)
                break


def _items(document: Document) -> Iterator[_Item]:
    """Yield what a document includes, with the year in which it was published."""
    seen = set()
    for reference in document.references.values():
        if not reference.listed or not reference.passages:
            continue
        passage = reference.passages[0]
        when = reference.thing.value(MSE.published)
        seen.add(passage.table)
        if not when or reference.thing.concept(MSE.entryKind) == "registration" or _left_out(document, passage):
            continue
        about = (reference.publication,) if reference.publication else ()
        yield _Item(reference.iri, when, reference.title or passage.text, passage, about)
    for table in document.tables:
        if table.iri not in seen and _lists_studies(document, table):
            years = [c for c in table.columns if c and _YEAR_COLUMN.fullmatch(table.text(0, c).strip())]
            for row, cells in sorted(table.cells.items()):
                for cell in cells.get(years[0], [])[:1] if row and len(years) == 1 else []:
                    if re.fullmatch(r"(?:19|20)\d\d", cell.text.strip()):
                        yield _Item(cell.iri, cell.text.strip(), table.text(row, 0) or cell.text, cell)
                if years:
                    continue
                for cell in cells.get(0, [])[:1] if row else []:
                    match = _AUTHOR_YEAR.match(cell.text)
                    if match:
                        yield _Item(cell.iri, match["year"], cell.text, cell)


def _lists_studies(document: Document, table: Table) -> bool:
    caption = table.caption.text if table.caption else ""
    first = next((c for r in table.cells.values() for cell in r.values() for c in cell), None)
    if first is None or _EXCLUDED.search(caption) or _left_out(document, first):
        return False
    return bool(_STUDY_TABLE.search(caption) and _FIRST_COLUMN.search(table.text(0, 0) or caption))


def _left_out(document: Document, passage: Passage) -> bool:
    return any(_EXCLUDED.search(title) for title in document.section_titles(passage))


def _outcome(document: Document, item: _Item, stated: list[_Rule]) -> Outcome:
    first, last = days(item.when)
    outside = [
        s
        for s in stated
        if (s.window.first is not None and last < s.window.first)
        or (s.window.last is not None and first > s.window.last)
    ]
    places = [item.passage, *(p for s in outside for p in (s.label, s.passage) if p is not None)]
    printed = " / ".join(dict.fromkeys(f"“{s.window.printed}”" for s in outside))
    trykt = " / ".join(dict.fromkeys(f"«{s.window.printed}»" for s in outside))
    return Outcome(
        document.iri,
        bool(outside),
        item.focus,
        tuple(dict.fromkeys(p.iri for p in sorted(places, key=lambda p: p.ordinal))),
        f"“{item.printed}” is of {item.when}; the document says that it includes {printed}." if outside else "",
        f"«{item.printed}» er fra {item.when}; dokumentet sier at det inkluderer {trykt}." if outside else "",
        (
            Compared("year of publication", "publikasjonsår", item.when, item.passage.iri),
            *(Compared("years included", "år som er inkludert", s.window.printed, s.passage.iri) for s in outside),
        ),
        item.about,
    )


RULE = Rule(
    "outside-window",
    Severity.WARNING,
    "stated years of inclusion, and a list or table of what is included",
    "oppgitte år for inklusjon, og en liste eller tabell over det som er inkludert",
    _check,
    file="loaders/review/dates/outside_window.py",
)
