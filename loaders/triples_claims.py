"""Claims: what a passage asserts, what it cites, and what its curator says of it.

Every passage that carries a citation is a claim; the curation adds the claims without one. CiTO: the subject of every
citation is the citing thing, here the claim.
"""

from dataclasses import dataclass

from rdflib import URIRef

from msevidence.loaders.anchors import Anchor
from msevidence.loaders.catalogue import Catalogue
from msevidence.loaders.context import DocumentContext
from msevidence.loaders.document import PassageKind
from msevidence.loaders.schema import ClaimEntry
from msevidence.loaders.statements import english
from msevidence.loaders.triples_citations import Citations, Pointer
from msevidence.loaders.triples_text import language_of, states_number, states_number_in_words
from msevidence.ontology.iris import claim_iri
from msevidence.ontology.namespaces import CITO, MSE, OA, cito_property, scheme


@dataclass(frozen=True)
class _Claim:
    passage: int
    begin: int
    end: int
    entry: ClaimEntry | None
    location: tuple[int | str, ...]


def claim_statements(context: DocumentContext, catalogue: Catalogue, citations: Citations) -> None:
    """State a claim for every passage that carries a citation, and for every claim that the curation names.

    Raises CurationError for a claim that runs over several passages, and for a citation that does not stand with it.
    """
    curated: dict[int, list[_Claim]] = {}
    for i, entry in enumerate(context.curation.claims):
        location: tuple[int | str, ...] = ("claims", i)
        anchors = context.anchors.find(entry, location)
        if len(anchors) > 1:
            message = "a claim is made in one passage, and this quotation stands in several; make it one claim each"
            raise context.error(message, (*location, "quote"))
        curated.setdefault(anchors[0].passage, []).append(_claim(entry, anchors[0], location))
    cited = {p for p, pointers in citations.pointers.items() if pointers}
    for index in sorted(cited | set(curated)):
        passage = context.parsed.passages[index]
        claims = sorted(curated.get(index, []), key=lambda c: c.begin)
        if not claims and passage.kind is not PassageKind.PULL_QUOTE:
            claims = [_Claim(index, 0, len(passage.text), None, ())]
        for number, claim in enumerate(claims, 1):
            pointers = _pointers_of(claim, claims, citations.pointers.get(index, []))
            iri = claim_iri(context.passages[index], number)
            citations.claims.setdefault(index, []).append(iri)
            citations.places[iri] = claim.begin, claim.end
            _state(context, catalogue, citations, claim, iri, pointers)


def _claim(entry: ClaimEntry, anchor: Anchor, location: tuple[int | str, ...]) -> _Claim:
    return _Claim(anchor.passage, anchor.begin, anchor.end, entry, location)


def _pointers_of(claim: _Claim, claims: list[_Claim], pointers: list[Pointer]) -> list[Pointer]:
    """Return the pointers that stand with a claim: all of its passage where it is the only one there.

    Of several claims in a passage each has the markers inside its words, and those between it and the next claim.
    """
    if len(claims) == 1:
        return pointers
    following = [c.begin for c in claims if c.begin > claim.begin]
    stop = min(following, default=None)
    first = claim.begin if claim is not claims[0] else 0
    return [p for p in pointers if p.inherited or (p.begin >= first and (stop is None or p.begin < stop))]


def _state(
    context: DocumentContext,
    catalogue: Catalogue,
    citations: Citations,
    claim: _Claim,
    iri: URIRef,
    pointers: list[Pointer],
) -> None:
    passage = context.parsed.passages[claim.passage]
    content = passage.content.slice(claim.begin, claim.end)
    spans = content.spans()
    numbers = {p.number for p in pointers}
    support = "uncited"
    if pointers:
        support = "inherited" if all(p.inherited for p in pointers) else "cited"
    elif any(claim.passage == m for m in _communications(context)):
        support = "personal-communication"
    own = _without_markers(context, claim)
    context.text.node(
        iri,
        MSE.Claim,
        {
            MSE.claimText: content.text,
            MSE.statedIn: context.passages[claim.passage],
            MSE.inDocument: context.document,
            MSE.support: scheme("claim-support", support),
            MSE.statesNumber: states_number(own),
            MSE.statesNumberInWords: states_number_in_words(own, language_of(context, passage)),
            OA.start: spans[0].start,
            OA.end: spans[-1].end,
            MSE.hasPointer: [p.iri for p in pointers],
            CITO.cites: [citations.publications[n] for n in sorted(numbers) if n in citations.publications],
        },
    )
    if claim.entry is not None:
        _curated(context, catalogue, citations, claim, iri, pointers)


def _without_markers(context: DocumentContext, claim: _Claim) -> str:
    text = context.parsed.passages[claim.passage].text
    for marker in context.parsed.markers:
        if marker.passage == claim.passage:
            text = text[: marker.begin] + " " * (marker.end - marker.begin) + text[marker.end :]
    return text[claim.begin : claim.end]


def _communications(context: DocumentContext) -> set[int]:
    found: set[int] = set()
    for i, entry in enumerate(context.curation.communications):
        found |= {a.passage for a in context.anchors.find(entry, ("communications", i))}
    return found


def _curated(
    context: DocumentContext,
    catalogue: Catalogue,
    citations: Citations,
    claim: _Claim,
    iri: URIRef,
    pointers: list[Pointer],
) -> None:
    entry, location = claim.entry, claim.location
    assert entry is not None
    context.curated.node(
        iri,
        [],
        {
            MSE.claimKind: context.concept("claim-kind", entry.kind, (*location, "kind")),
            MSE.population: english(entry.population),
            MSE.intervention: english(entry.intervention),
            MSE.comparator: english(entry.comparator),
            MSE.outcome: context.concept("outcome", entry.outcome, (*location, "outcome")),
            MSE.msType: context.concepts("ms-type", entry.ms_type, (*location, "ms_type")),
            MSE.about: [catalogue.study(s, context, (*location, "about", i)) for i, s in enumerate(entry.about)],
            MSE.note: english(entry.note),
        },
    )
    for number, function in (entry.cites or {}).items():
        at = (*location, "cites", number)
        used = [pointer.iri for pointer in pointers if pointer.number == number]
        if not used:
            raise context.error(f"no citation ({number}) stands with this quotation; correct the number", at)
        concept = context.concept("citation-function", function, at)
        assert concept is not None
        if number in citations.publications:
            context.curated.add(iri, cito_property(concept), citations.publications[number])
        for pointer in used:
            context.curated.add(pointer, MSE.citationFunction, concept)
