"""What curation says of a study beyond what its words are read for: its comparator and its kind of people."""

from collections.abc import Iterator

from msevidence.loaders.review.between.fact import Fact
from msevidence.loaders.review.between.told_words import named
from msevidence.loaders.review.things import Thing
from msevidence.loaders.review.view import Document, Passage
from msevidence.ontology.namespaces import MSE

_TYPES = {"rrms": "relapsing-remitting", "spms": "secondary progressive", "ppms": "primary progressive"}


def curated(document: Document) -> dict[str, list[Fact]]:
    """Return facts by IRI of the study."""
    found: dict[str, list[Fact]] = {}
    for description in document.of(MSE.StudyDescription):
        for study in description.values(MSE.describes):
            found.setdefault(study, []).extend(_described(document, description))
    return found


def _described(document: Document, description: Thing) -> Iterator[Fact]:
    passages = document.stated(description)
    if not passages:
        return
    for printed in description.values(MSE.comparator):
        place = _where(passages, printed)
        if place is not None:
            yield Fact("comparator", named(printed), printed, (place.iri,), "" if named(printed) else "generic")
    types = frozenset(_TYPES[t] for t in description.concepts(MSE.msType) if t in _TYPES)
    printed_type = description.value(MSE.printedMsType)
    place = _where(passages, printed_type) if printed_type else None
    if types and printed_type and place is not None:
        yield Fact("population", types, printed_type, (place.iri,), "type")


def _where(passages: list[Passage], printed: str) -> Passage | None:
    """Return the passage that prints words; ``None`` where the words are the curator's own."""
    return next((p for p in passages if printed.lower() in p.text.lower()), None)
