"""What is compared, read once a release: what documents say of studies and of themselves, and where they disagree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import pyoxigraph as ox

from msevidence.server import cut
from msevidence.server.binding import PLACE, among
from msevidence.server.compare_model import Disagreement, Fact, Side
from msevidence.server.labels import query
from msevidence.server.pages_links import name, of
from msevidence.server.review_model import Words
from msevidence.server.store import PageLane
from msevidence.server.wire import Term


@dataclass(slots=True)
class Facts:
    """Everything that a release has to compare."""

    languages: dict[str, str] = field(default_factory=dict)
    """IRI of each document → its language, empty where nothing says."""
    studies: dict[str, list[Fact]] = field(default_factory=dict)
    documents: dict[str, list[Fact]] = field(default_factory=dict)
    references: dict[str, dict[str, list[tuple[str, str]]]] = field(default_factory=dict)
    """Publication → document → its numbers there, with what each rests on."""
    disagreements: list[Disagreement] = field(default_factory=list)

    def speaking(self, study: str, documents: Sequence[str]) -> list[str]:
        """Return which of these documents say something of a study."""
        there = {fact.document for fact in self.studies.get(study, ())}
        return [document for document in documents if document in there]


@lru_cache(maxsize=2)
def _kept(release: str) -> dict[str, Facts]:
    """Return what was read of a release; that of a release before the last is dropped."""
    return {}


def facts(lane: PageLane, documents: Sequence[str] = (), offered: Sequence[str] = ()) -> Facts:
    """Return what there is to compare in the release.

    Args:
        lane: a worker of the pages.
        documents: which are compared, where there are too many to read all; none: all are.
        offered: of those, other documents that can be chosen.
    """
    if documents:
        return _read(lane, documents, offered)
    kept = _kept(lane.release.id)
    if "" in kept:
        return kept[""]
    found = _read(lane)
    if not cut.reached():  # what is not all is read anew, so that each reader is told
        kept[""] = found
    return found


def text(name: str, documents: Sequence[str] = ()) -> str:
    """Return the query ``queries/<name>.rq``, about these documents where some are given."""
    variable = "firstDocument" if name == "compare_disagreements" else "document"
    place = PLACE.format(variable)
    if documents:
        return among(query(name), documents, variable)
    return "".join(line for line in query(name).splitlines(keepends=True) if line.lstrip() != place)


def _read(lane: PageLane, documents: Sequence[str] = (), offered: Sequence[str] = ()) -> Facts:
    found = Facts()
    for row in lane.select(text("document_languages", list(dict.fromkeys([*documents, *offered])))):
        if "document" in row:
            found.languages[name(row["document"])] = of(row, "language")
    for row in lane.select(text("compare_documents", documents)):
        if "field" in row:
            fact = _fact(row)
            found.documents.setdefault(fact.document, []).append(fact)
    for row in lane.select(text("compare_studies", documents)):
        if "study" in row:
            found.studies.setdefault(name(row["study"]), []).append(_fact(row))
    for row in lane.select(text("compare_references_of" if documents else "compare_references", documents)):
        if "publication" in row:
            of_publication = found.references.setdefault(name(row["publication"]), {})
            entry = (of(row, "number"), of(row, "how"))
            of_publication.setdefault(name(row["document"]), []).append(entry)
    for row in lane.select(text("compare_disagreements", documents)):
        if "disagreement" in row:
            found.disagreements.append(_disagreement(row))
    return found


def _fact(row: Mapping[str, Term]) -> Fact:
    keys = ("printed", "detail", "asOf", "passage", "text", "outcome")
    iri = isinstance(row["value"], ox.NamedNode)
    return Fact(of(row, "document"), of(row, "field"), of(row, "value"), iri, *(of(row, key) for key in keys))


def _disagreement(row: Mapping[str, Term]) -> Disagreement:
    first, second = (
        Side(of(row, f"{side}Document"), of(row, side), of(row, f"{side}Says"), of(row, f"{side}Language"))
        for side in ("first", "second")
    )
    return Disagreement(
        name(row["disagreement"]),
        of(row, "study"),
        of(row, "kind"),
        of(row, "foundBy"),
        Words(of(row, "en"), of(row, "nb")),
        Words(of(row, "fieldEn"), of(row, "fieldNb")),
        first,
        second,
    )
