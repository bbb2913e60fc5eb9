"""Which study a passage speaks of: by curation, its words, its citation, or what stands around it."""

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

from rdflib import DCTERMS, RDFS

from msevidence.loaders.review.dates.reported import reported
from msevidence.loaders.review.dates.subjects import subjects_of
from msevidence.loaders.review.things import Thing
from msevidence.loaders.review.view import Document, Passage
from msevidence.ontology.namespaces import MSE

_LEFT_OUT = ("reference-entry", "search-line", "link", "heading", "front-matter", "table-caption", "figure-text")
_GOES_ON = re.compile(
    r"^(?:(?:In|At|After|During|Of|I|Ved|Etter)\s(?:\w+\s){0,2})?(?:the|this|these|both|it|they|its|their|denne|dette|den|det|de"
    r"|disse|begge)\b|\b(?:the|this)\s(?:trial|study|difference|groups?|arms?|cohort|authors)\b"
    r"|\b(?:studien|forsøket|gruppene|pasientene|deltakerne|deltagerne|forfatterne|forskjellen)\b",
    re.I,
)
_ANOTHER = re.compile(
    r"\b(?:an?|another|several|other|two|three|et|en|flere|andre|annen|to|tre)\s(?:[\w-]+\s){0,4}(?:trials?|stud(?:y|ies)|studie[r]?"
    r"|forsøk)\b",
    re.I,
)
_ONE = re.compile(r"\b(?:an?|one|et|en|ett|én)\s(?:[\w-]+\s){0,4}(?:trial|study|studie|forsøk)\b", re.I)


def spoken(document: Document) -> dict[str, list[Thing]]:
    """Return the studies that each passage speaks of, by IRI of the passage; a work where no study is known for it."""
    found: dict[str, list[Thing]] = {}
    paragraphs: dict[tuple[str | None, int], list[Passage]] = defaultdict(list)
    for passage in document.passages:
        if passage.kind in _LEFT_OUT:
            continue
        if studies := _here(document, passage):
            found[passage.iri] = studies
        if passage.paragraph is not None and passage.table is None:
            paragraphs[(passage.section, passage.paragraph)].append(passage)
    for passages in paragraphs.values():
        _carry_on(document, passages, found)
    return found


def _here(document: Document, passage: Passage) -> list[Thing]:
    claims = document.claims_of(passage)
    about = {study.iri: study for claim in claims for study in claim.all(MSE.about) if study.is_a(MSE.Study)}
    if about:
        return [about[iri] for iri in sorted(about)]
    judged = any(claim.values(MSE.claimKind) for claim in claims)
    subjects = [s for s in subjects_of(document).all_of(passage) if not (judged and s.by == "before")]
    if subjects:
        return list({s.study.iri: s.study for s in subjects}.values())
    return _works(document, passage)


def _works(document: Document, passage: Passage) -> list[Thing]:
    """Return the one work that a passage cites, where nothing is known of its study."""
    pointers = [p for p in document.pointers_of.get(passage.iri, ()) if not p.inherited and p.reference]
    references = {document.references[p.reference] for p in pointers if p.reference in document.references}
    works = {r.publication for r in references}
    if len(works) != 1 or None in works:
        return []
    work = document.things.get(next(iter(works)) or "")
    return [] if reported(work) or not work.is_a(MSE.Publication) else [work]


def _carry_on(document: Document, passages: list[Passage], found: dict[str, list[Thing]]) -> None:
    """Give a sentence that only says "the trial" or "the patients" the study of the sentence before it."""

    def judged(passage: Passage) -> bool:
        return any(claim.values(MSE.claimKind) for claim in document.claims_of(passage))

    for before, passage in pairwise(passages):
        studies = found.get(before.iri, [])
        goes_on = _GOES_ON.search(passage.text) and not _ANOTHER.search(passage.text)
        if passage.iri not in found and len(studies) == 1 and goes_on and not judged(passage):
            found[passage.iri] = studies
    for passage, after in pairwise(passages):
        studies = found.get(after.iri, [])
        tells_of_one = _ONE.search(passage.text) and _GOES_ON.search(after.text)
        if passage.iri not in found and len(studies) == 1 and tells_of_one and not judged(passage):
            found[passage.iri] = studies


def by_study(document: Document) -> dict[str, list[Passage]]:
    """Return the passages that speak of one study alone, by IRI of the study."""
    found: dict[str, list[Passage]] = defaultdict(list)
    for iri, studies in spoken(document).items():
        if len(studies) == 1:
            found[studies[0].iri].append(document.by_iri[iri])
    return found


def said_of(document: Document, study: str, passage: Passage) -> str:
    """Return the words of a passage about a study: where it makes several claims, those of the claims about it."""
    claims = document.claims_of(passage)
    about = [claim for claim in claims if study in claim.values(MSE.about)]
    if not about or len(about) == len(claims):
        return passage.text
    return " ".join(claim.value(MSE.claimText) or "" for claim in about)


def name(study: Thing, language: str) -> str:
    """Return the name of a study or work for people."""
    return (
        study.value(MSE.acronym)
        or study.words(RDFS.label, language)
        or study.words(DCTERMS.title, language)
        or study.iri.rsplit("/", 1)[-1]
    )


def told_of(documents: Iterable[Document]) -> dict[str, dict[str, list[Passage]]]:
    """Return the passages by study and document key, of studies that more than one document tells of."""
    found: dict[str, dict[str, list[Passage]]] = defaultdict(dict)
    for document in documents:
        for study, passages in by_study(document).items():
            found[study][document.key] = sorted(passages, key=lambda p: p.ordinal)
    return {study: of for study, of in sorted(found.items()) if len(of) > 1}
