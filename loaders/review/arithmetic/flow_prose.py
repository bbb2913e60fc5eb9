"""What the text of a review says of its selection: how many were found, excluded and included."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from msevidence.loaders.review.arithmetic.flow_reading import DUPLICATES, Box, Part, unit_of
from msevidence.loaders.review.number_words import noun_kind
from msevidence.loaders.review.numbers import Number, numbers
from msevidence.loaders.review.view import Document, Passage
from msevidence.ontology.namespaces import MSE

_OUT = re.compile(r"\b(?:excluded?|excluding|ekskluder(?:te|t|er|ing)|exkluderade|uteslöt\w*|uteslut\w*)\b", re.I)
_IN = re.compile(r"\b(?:included?|inkluderte?|inkluderade|inkluderes)\b", re.I)
_FOUND = re.compile(
    r"\b(?:identified|yielded|retrieved|found|resulted in|returned|gave|produced|ga|gav|fant|identifiserte|"
    r"resulterte i|returnerte|gir)\b",
    re.I,
)
_LEFT = re.compile(
    rf"\b(?:after|etter|efter|following)\b[^.;]*?{DUPLICATES}|\b(?:without|uten)\s+{DUPLICATES}|\b(?:unique|unike)\b",
    re.I,
)
_HITS = re.compile(r"(?:(?:søke)?treff(?:ene)?|hits?|records?|citations?|references?|referanser?)", re.I)
_NAMED_SOURCE = re.compile(
    r"\b(?:MEDLINE|Embase|CENTRAL|PubMed|Scopus|CINAHL|PsycINFO|Epistemonikos|INAHTA|ICTRP|WHO|Cochrane|Web of Science|"
    r"ClinicalTrials|Google|LILACS|AMED|Norart|SweMed|DARE|HTA)\b",
    re.I,
)
_ANOTHER = re.compile(r"^(?:In|I) (?:19|20)\d\d\b|\b(?:their|deres)\s(?:review|search|oversikt|søk)\b", re.I)
_WHOLE = re.compile(
    r"^\W*(?:\w+\W+){0,3}?(?:stud\w+|trials?|RCTs?|referan\w+|references?|publications?|publikasjoner|reports?|"
    r"articles?)"
    r"(?=\W*$|[.,;:]|\s(?:fordelt|reported|described|beskrevet|omtalt|from|published|i form|in the form|i tabell\w*|"
    r"in tables?|were included|was included|ble inkludert|som oppfylte|that met|meeting|in total|totalt|og|and|i denne|"
    r"in this|i oversikten|in the review)\b)",
    re.I,
)


@dataclass(frozen=True)
class Said:
    """A figure of the text with the boxes that it must agree with."""

    passage: Passage
    number: Number
    part: Part
    boxes: tuple[Box, ...]
    agrees: bool


def said_of_selection(document: Document, found: Sequence[Box]) -> Iterator[Said]:
    """Yield the figures of the text that speak of a whole box: of this review's search and selection, nothing else."""
    places = {t for b in found for p in b.passages for t in document.section_titles(p)[-1:]}
    hits = _printed_hits(document)
    for passage in document.passages:
        if passage.kind not in ("sentence", "list-item") or passage.table or document.pointers_of.get(passage.iri):
            continue
        titles = document.section_titles(passage)
        near = bool(titles) and titles[-1] in places
        if not (near or document.section_roles(passage) & {"abstract", "key-messages"}) or _ANOTHER.search(
            passage.text
        ):
            continue
        counted = numbers(passage.text, passage.language)
        for number in counted:
            if not number.whole or number.hedge:
                continue
            part = _part(passage, number, counted, near)
            against = tuple(b for b in found if part and b.part is part)
            if part is Part.LEFT:
                against = _without_duplicates(found)
            if part is None or not against or _of_other_unit(passage, number, part, against):
                continue
            agrees = number.value in _values(part, against, found) | (hits if part is Part.SOURCE else set())
            yield Said(passage, number, part, against, agrees)


def _part(passage: Passage, number: Number, counted: Sequence[Number], near: bool) -> Part | None:
    """Return what a number counts: by the words between the numbers beside it, or before all of them."""
    text = passage.text
    before = max((n.end for n in counted if n.end <= number.begin), default=0)
    after = min((n.begin for n in counted if n.begin >= number.end), default=len(text))
    words = re.split(r"[.;]", text[before : number.begin])[-1] + "|" + re.split(r"[.;]", text[number.end : after])[0]
    kind = noun_kind(number.unit, passage.language)
    if kind not in ("publication", "study"):
        return None
    if _LEFT.search(words) and _HITS.fullmatch(number.unit or ""):
        return Part.LEFT
    if _OUT.search(words):
        return Part.OUT if kind == "publication" or near else None
    if _IN.search(words) or (_IN.search(text[:before]) and not _OUT.search(text[:before])):
        return Part.INCLUDED if _all_included(text, number) else None
    if _FOUND.search(words) and _HITS.fullmatch(number.unit or "") and not _NAMED_SOURCE.search(text):
        return Part.SOURCE
    return None


def _all_included(text: str, number: Number) -> bool:
    """Say whether a number counts everything that was included: no words tell which of them, and none are left out."""
    before = text[: number.begin]
    own = re.search(r"\b(?:we|vi)\s(?:\w+\s)?(?:finally\s|til slutt\s)?(?:included|inkluderte)\s$", before, re.I)
    of_all = re.search(
        r"\b(?:we|vi)\s(?:included|inkluderte)\b.*\b(?:fordelt på|reported in|described in|in|from)\s$", before, re.I
    )
    passive = re.match(
        r"\s(?:\w+\s){1,3}?(?:were|was|ble|er)\s(?:finally\s|til slutt\s)?(?:included|inkludert)\b", text[number.end :]
    )
    the = re.search(r"\b(?:the|de|these|disse)\s$", before, re.I) and _IN.match(text[number.end :].lstrip())
    return bool(own or of_all or passive or the) and _WHOLE.match(text[number.end :]) is not None


def _of_other_unit(passage: Passage, number: Number, part: Part, against: Sequence[Box]) -> bool:
    """Say whether a number counts the included studies, and the boxes only the reports of them."""
    counts_studies = noun_kind(number.unit, passage.language) == "study"
    units = {unit for b in against for unit, _ in b.counts}
    return part is Part.INCLUDED and counts_studies and units == {"record"}


def _values(part: Part, against: Sequence[Box], found: Sequence[Box]) -> set[int]:
    """Return every figure that boxes of a kind have: of each, of what they list, and of all of them together."""
    values = {n for b in against for _, n in (*b.reasons, *b.further)} | {b.total for b in against}
    values |= {b.count for b in against if b.count is not None}
    values.add(sum(b.total for b in against))
    reports = [i for i, b in enumerate(found) if b.part is Part.LEFT and unit_of(b.label) == "record"]
    if part is Part.INCLUDED and reports:  # a diagram may leave to the reader how many reports are left
        last = reports[-1]
        values.add(found[last].total - sum(b.total for b in found[last:] if b.part is Part.OUT))
    return values


def _without_duplicates(found: Sequence[Box]) -> tuple[Box, ...]:
    """Return the first box after the sources."""
    return next(((b,) for b in found if b.part is Part.LEFT), ())


def _printed_hits(document: Document) -> set[int]:
    """Return the hits of each search, which a text may state one by one."""
    searches = document.of(MSE.Search)
    return {n for s in searches if (n := s.integer(MSE.hits)) is not None}
