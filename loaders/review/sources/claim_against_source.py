"""Each passage that cites a work whose words are known, compared with these words."""

from collections.abc import Iterator
from dataclasses import replace

from rdflib import RDFS

from msevidence.loaders.review.outcome import (
    Basis,
    Compared,
    NotApplicable,
    Outcome,
    Rule,
    Severity,
    Verdict,
    VerdictKind,
)
from msevidence.loaders.review.sources.citing import Cited, cited_by
from msevidence.loaders.review.sources.counts import counts
from msevidence.loaders.review.sources.items import Item, Passed
from msevidence.loaders.review.sources.known import KnownWork, basis_of
from msevidence.loaders.review.sources.ms_types import types
from msevidence.loaders.review.sources.places import places as held_in
from msevidence.loaders.review.sources.said import said
from msevidence.loaders.review.sources.shares import shares
from msevidence.loaders.review.sources.times import times
from msevidence.loaders.review.view import Document, Passage, View
from msevidence.ontology.namespaces import MSE, scheme_label

BROKEN = frozenset((VerdictKind.DISAGREES, VerdictKind.OTHER_MEASURE))
LONGEST = 400
"""Characters of a quotation from a source: a sentence, and not a page, of what is somebody else's."""
_FULLEST = (Basis.FULL_TEXT, Basis.ABSTRACT, Basis.TABLE, Basis.SUMMARY, Basis.REGISTRY)


def check(view: View) -> Iterator[Outcome | NotApplicable]:
    """Yield an outcome for each thing that a passage says and each work that it cites for it."""
    works: dict[str, KnownWork] = {}
    for document in view.documents:
        labels = {t.iri: t for t in document.tables}
        for passage, cited, places in cited_by(view, document):
            table = labels.get(passage.table or "")
            row = table.text(passage.row, 0) if table and passage.row is not None and passage.column else ""
            found = []
            for one, text in _segments(passage, cited, places):
                if one.publication not in works:
                    works[one.publication] = KnownWork(one.publication, view.texts[one.publication])
                work = works[one.publication]
                found.append((work, list(_items(Passed.of(text, passage.language, row, one.beside == 0), work))))
            for work, item in _borne_out(found):
                yield _outcome(view, document, passage, work, item)


def _segments(passage: Passage, cited: list[Cited], places: list[tuple[int, int]]) -> Iterator[tuple[Cited, str]]:
    """Yield each work with the words that it is cited for: those up to its marker and behind the one before.

    Where markers stand behind the names of authors, and the numbers follow, it is the words from its marker on.
    """
    if len(places) < 2:
        yield from ((c, passage.text) for c in cited)
        return
    numbers = Passed.of(passage.text, passage.language).quantities
    leading = bool(numbers) and all(q.number.begin > places[0][0] for q in numbers)
    starts = [0, *((b for b, _ in places[1:]) if leading else (e for _, e in places[:-1]))]
    ends = [*starts[1:], len(passage.text)]
    for one in cited:
        i = places.index(one.at) if one.at is not None else None
        yield one, passage.text if i is None else passage.text[starts[i] : ends[i]]


def _items(passed: Passed, work: KnownWork) -> Iterator[Item]:
    found = [item for compare in (counts, shares, times, held_in, types) for item in compare(passed, work)]
    yield from found or said(passed, work)


def _borne_out(found: list[tuple[KnownWork, list[Item]]]) -> Iterator[tuple[KnownWork, Item]]:
    """Yield all items, once each; what one of several works bears out is not held against the others."""
    agreed = {item.words for _, items in found for item in items if item.kind is VerdictKind.AGREES}
    for work, items in found:
        told: set[object] = set()
        for item in items:
            if (item.kind, item.words, item.sentence, item.english) in told:
                continue
            told.add((item.kind, item.words, item.sentence, item.english))
            if item.kind in BROKEN and item.words in agreed and len(found) > 1:
                item = replace(item, kind=VerdictKind.NOT_IN_WHAT_WAS_READ, sentence=None)
            yield work, item


def _outcome(view: View, document: Document, passage: Passage, work: KnownWork, item: Item) -> Outcome:
    claim = next((c.iri for c in document.claims_of(passage) if item.words in (c.value(MSE.claimText) or "")), None)
    source = item.sentence.source if item.sentence else min(work.texts, key=lambda t: _FULLEST.index(basis_of(t)))
    quoted = item.sentence.text[:LONGEST] if item.sentence else None
    name = view.things.get(work.publication).words(RDFS.label, "en") or work.publication
    verdict = Verdict(
        item.kind,
        basis_of(source),
        work.publication,
        passage.iri,
        claim,
        item.words,
        quoted,
        source.language if quoted else None,
        source.address,
        *_message(item, name, quoted, basis_of(source)),
    )
    broken = item.kind in BROKEN
    return Outcome(
        document.iri,
        broken,
        claim or passage.iri,
        (passage.iri, *([source.passage] if source.passage and quoted else [])),
        verdict.english if broken else "",
        verdict.norwegian if broken else "",
        (
            Compared("the document says", "dokumentet sier", item.words, passage.iri),
            Compared("the source says", "kilden sier", quoted or "", source.passage, work.publication),
        )
        if broken
        else (),
        (work.publication,),
        item.severity,
        verdict=verdict,
    )


def _message(item: Item, name: str, quoted: str | None, basis: Basis) -> tuple[str, str]:
    read = scheme_label("verdict-basis", basis)
    if quoted is None:
        return (
            f"What was read of {name} ({read['en']}) does not tell: “{item.words}”.",
            f"Det som ble lest av {name} ({read['nb']}), sier ikke noe om: «{item.words}».",
        )
    if item.kind is VerdictKind.AGREES:
        return (
            f"“{item.words}” agrees with {name}: “{quoted}”.",
            f"«{item.words}» stemmer med {name}: «{quoted}».",
        )
    return (
        f"The document says “{item.words}”; its source, {name}, says “{quoted}”. {item.english}".strip(),
        f"Dokumentet sier «{item.words}»; kilden, {name}, sier «{quoted}». {item.norwegian}".strip(),
    )


RULE = Rule(
    "claim-against-source",
    Severity.WARNING,
    "a passage that cites a work of which some words are known (source quotes, a loaded article or abstract)",
    "et tekststed som siterer et verk der noen av ordene er kjent (sitater, en innlest artikkel eller et sammendrag)",
    check,
    file="loaders/review/sources/claim_against_source.py",
)
