"""Which works a passage is compared with: what it cites, what its cell lists, and the study that it goes on about.

A sentence without a citation is taken to go on about a study only where it says so (``the trial``, ``both groups``)
and its paragraph has led up to one work: by citing it, or by the year of its publication.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from msevidence.loaders.review.identifiers.known import works
from msevidence.loaders.review.view import Document, Passage, Reference, View
from msevidence.ontology.namespaces import MSE

COMPARED = frozenset(
    ("sentence", "list-item", "table-cell", "table-header", "footnote", "figure-caption", "table-caption", "sidebar")
)
"""Kinds of passage that state something; what a heading or the entry of a reference list says is no claim."""
_STUDY = re.compile(r"\b(?:trials?|stud(?:y|ies)|cohorts?|registry|studien?|forsøket?|analys[ei]s|analysen?)\b", re.I)
_GOES_ON = re.compile(
    r"\b(?:the|this|both|these) (?:\w+ )?(?:trial|study|groups?|arms?|cohort|participants|patients|authors|analysis)\b"
    r"|\b(?:between|in) the (?:two )?groups\b|\b(?:studien|forsøket|gruppene|deltakerne|forfatterne|analysen)\b",
    re.I,
)
_NEW_STUDY = re.compile(
    r"\b(?:a|an|another|several|other|et|en|flere|andre) (?:[\w-]+ ){0,4}(?:trials?|stud\w+)\b", re.I
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True)
class Cited:
    """A work that a passage is to be compared with, and where its marker stands in the words of the passage."""

    publication: str
    at: tuple[int, int] | None
    """``None`` where no marker of the passage says so: inherited, listed in the cell, or a study gone on about."""
    beside: int = 0
    """How many other works are cited at the same place, their words known or not."""


def cited_by(view: View, document: Document) -> Iterator[tuple[Passage, list[Cited], list[tuple[int, int]]]]:
    """Yield the passages of a document that speak of works whose words are known, with these works.

    The third is where markers stand in the passage, those of other works, too.
    """
    for passage, all_cited in _all(view, document):
        at = Counter(c.at for c in all_cited)
        known = [
            replace(c, beside=at[c.at] - 1)
            for c in all_cited
            if view.texts.get(c.publication) and c.publication != document.iri
        ]
        if known and passage.kind in COMPARED:
            yield passage, known, sorted(a for a in at if a is not None)


def _all(view: View, document: Document) -> Iterator[tuple[Passage, list[Cited]]]:
    paragraphs: dict[object, list[Passage]] = defaultdict(list)
    cells: dict[object, list[Passage]] = defaultdict(list)
    for passage in document.passages:
        if passage.table is not None and passage.row is not None:
            cells[(passage.table, passage.row, passage.column)].append(passage)
        elif passage.paragraph is not None:
            paragraphs[(passage.section, passage.paragraph)].append(passage)
        elif cited := _pointed(view, document, passage):
            yield passage, cited
    for group in paragraphs.values():
        yield from _paragraph(view, document, group)
    for group in cells.values():
        yield from _cell(view, document, group)


def _pointed(view: View, document: Document, passage: Passage) -> list[Cited]:
    found: dict[str, Cited] = {}
    after = 0
    for pointer in document.pointers_of.get(passage.iri, ()):
        reference = document.references.get(pointer.reference or "")
        marker = re.sub(r"[‐-―−]", "-", pointer.marker or "")  # as texts of passages fold dashes
        begin = max(passage.text.find(marker, after), passage.text.find(marker)) if marker else -1
        work = _work(view, reference) if reference else None
        if work is None:
            continue
        place = (begin, begin + len(marker)) if begin >= 0 else None
        found.setdefault(work, Cited(work, place))
        after = max(after, begin)
    return list(found.values())


def _work(view: View, reference: Reference) -> str | None:
    """Return the work of an entry; where its words are not known, the one that has its year, volume and page."""
    if reference.publication in view.texts:
        return reference.publication
    found = works(view).of(reference)
    return found if found in view.texts else reference.publication


def _paragraph(view: View, document: Document, group: list[Passage]) -> Iterator[tuple[Passage, list[Cited]]]:
    pointed = {p.iri: _pointed(view, document, p) for p in group}
    years: dict[str, set[str]] = defaultdict(set)
    for cited in (c for each in pointed.values() for c in each):
        if year := view.things.get(cited.publication).value(MSE.year):
            years[year].add(cited.publication)
    current: str | None = None
    for passage in group:
        if here := pointed[passage.iri]:
            current = here[0].publication if len(here) == 1 else None
            yield passage, here
            continue
        named = {w for y in _YEAR.findall(passage.text) for w in years.get(y, ()) if _STUDY.search(passage.text)}
        if len(named) == 1:
            (current,) = named
            yield passage, [Cited(current, None)]
        elif _NEW_STUDY.search(passage.text):
            current = None
        elif current is not None and _GOES_ON.search(passage.text):
            yield passage, [Cited(current, None)]


def _cell(view: View, document: Document, group: list[Passage]) -> Iterator[tuple[Passage, list[Cited]]]:
    """Yield the passages of a cell: what follows an entry in it, up to the next one, is said of the work listed."""
    entries: dict[str, Reference] = {
        p.iri: r for r in document.references.values() if r.listed and r.publication for p in r.passages
    }
    listed: str | None = None
    for passage in group:
        if passage.iri in entries:
            listed = _work(view, entries[passage.iri])
        elif cited := _pointed(view, document, passage):
            yield passage, cited
        elif listed is not None:
            yield passage, [Cited(listed, None)]
