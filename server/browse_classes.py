"""The classes of the graph, in groups that a reader thinks in; what no group names is shown too, by its vocabulary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from flask import url_for

from msevidence.server.facets import ClassCount, Facets
from msevidence.server.labels import Text, choose, query, short
from msevidence.server.pages_links import name
from msevidence.server.store import PageLane

GROUPS: Mapping[str, Sequence[str]] = {
    "evidence": (
        *("Study", "StudyDescription", "Registration", "Publication", "Claim", "Result", "Arm", "Expectation"),
        *("Definition", "Decision", "Criterion", "PersonalCommunication", "biro:BibliographicReference"),
        *("ListedReference", "MissingReference", "pico:PICO"),
    ),
    "text": (
        *("Document", "Section", "Passage", "Table", "Figure", "Footnote", "Quotation", "SourceQuote", "NumberMention"),
        *("StudyMention", "c4o:InTextReferencePointer", "InheritedPointer", "Search", "SearchLine", "SearchTotal"),
        *("FlowBox", "BoxCount", "ExclusionReason", "Anchor", "ValuePlace"),
    ),
    "people": ("Person", "Organisation", "Role", "InterestDeclaration", "AuthorName", "Registry", "Commission"),
    "review": (
        *("Finding", "Verdict", "Disagreement", "ReviewDecision", "ReviewRule", "RuleState", "ComparedValue"),
        "Inference",
    ),
    "identity": ("IdentityDecision", "FormerIdentity", "ReportLink", "RecordVersion", "OtherNumber", "SourcedValue"),
}
"""Group → keys of classes, in the order in which they are shown."""
OTHER = "other"


@dataclass(frozen=True, slots=True)
class BrowsedClass:
    """A class: its key in an address, how many things are of it, and what it is."""

    key: str
    iri: str
    label: Text
    count: int
    definition: Text | None = None


def key_of(class_iri: str) -> str:
    """Return what a class is called in an address.

    >>> key_of("https://w3id.org/msevidence/ontology#Study"), key_of("http://www.w3.org/ns/prov#Entity")
    ('Study', 'prov:Entity')
    >>> key_of("http://example.org/terms#Thing")
    'Thing'
    """
    key = short(class_iri).removeprefix("mse:")
    return key if "/" not in key else class_iri.replace("#", "/").rstrip("/").rpartition("/")[2]


def find(facets: Facets, key: str) -> BrowsedClass | None:
    """Return the class with this key; None where the release has no thing of such a class."""
    found = [one for one in facets.classes() if key_of(one.iri) == key]
    return _browsed(found[0], {}) if found else None


def grouped(facets: Facets, lane: PageLane, language: str) -> Mapping[str, Sequence[BrowsedClass]]:
    """Return every class of the release, by group."""
    definitions: dict[str, list[ox.Literal]] = {}
    for row in lane.select(query("class_definitions")):
        if isinstance(value := row["definition"], ox.Literal):
            definitions.setdefault(name(row["class"]), []).append(value)
    chosen = {iri: choose(words, language) for iri, words in definitions.items()}
    there = {key_of(one.iri): _browsed(one, chosen) for one in facets.classes()}
    found = {group: [there.pop(key) for key in keys if key in there] for group, keys in GROUPS.items()}
    found[OTHER] = list(there.values())
    return {group: classes for group, classes in found.items() if classes}


def _browsed(one: ClassCount, definitions: Mapping[str, Text]) -> BrowsedClass:
    return BrowsedClass(key_of(one.iri), one.iri, one.label, one.count, definitions.get(one.iri))


def address(key: str) -> str:
    """Return the address of the list of a class."""
    return url_for("browse.things", key=key)
