"""What a node belongs to: a description, an arm or a registration to its study, a decision to its finding.

A node is told under the thing that it belongs to in either release. Parts that mean nothing alone, such as anchors,
are not told at all: what they are parts of is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msevidence.server.diff_quads import Quads
from msevidence.server.labels import PREFIXES, RDF_TYPE

MSE, OA, SKOS = PREFIXES["mse"], PREFIXES["oa"], PREFIXES["skos"]
OF_CLASS: Mapping[str, Sequence[str]] = {
    MSE + "Registration": (MSE + "denotesStudy",),
    MSE + "RecordVersion": (MSE + "versionOf",),
    MSE + "SourcedValue": (MSE + "about",),
    MSE + "StudyDescription": (MSE + "describes",),
    MSE + "ReviewDecision": (MSE + "ofFinding",),
    **{
        MSE + name: (MSE + "ofStudy",)
        for name in ("Expectation", "Arm", "Result", "Quotation", "StudyMention", "ReportLink")
    },
    MSE + "InterestDeclaration": (MSE + "concernsStudy",),
}
"""Class → properties that lead to what a node of it belongs to."""
IN_DOCUMENT = (MSE + "inDocument", OA + "hasSource")
"""Where else a node belongs, if it has no group of its own."""
GROUP_OF: Mapping[str, str] = {
    MSE + "Study": "studies",
    MSE + "Claim": "claims",
    MSE + "Registration": "registrations",
    MSE + "Document": "documents",
    MSE + "Publication": "publications",
    PREFIXES["frbr"] + "Work": "publications",
    MSE + "Finding": "findings",
    MSE + "Disagreement": "findings",
    MSE + "Verdict": "findings",
    MSE + "IdentityDecision": "identity",
    MSE + "FormerIdentity": "identity",
}
"""Class → group of the things that are told on their own; the first that fits."""
PARTS = frozenset(
    MSE + name
    for name in (
        *("Anchor", "ComparedValue", "AuthorName", "NumberMention", "OtherNumber", "InheritedPointer", "BoxCount"),
        *("RuleState", "Section", "ValuePlace"),
    )
) | {
    OA + "TextQuoteSelector",
    OA + "TextPositionSelector",
    PREFIXES["c4o"] + "InTextReferencePointer",
    PREFIXES["c4o"] + "SingleLocationPointerList",
    PREFIXES["void"] + "Dataset",
    PREFIXES["prov"] + "Activity",
}
"""Classes of nodes that are not told: their statements are in the figures and in the patch."""
OF_GRAPH: Mapping[str, str] = {"ontology": "vocabulary", "queries": "questions", "meta": "sources"}
"""Last part of a graph's IRI → group of what only it speaks of."""
DEEPEST = 4
"""Steps from a node to what it belongs to: a value of a record of a study takes two."""


def classes(quads: Quads, node: str) -> list[str]:
    """Return the classes of a node, ours first."""
    return sorted(quads.links(node, RDF_TYPE), key=lambda iri: (not iri.startswith(MSE), iri))


def owner(sides: Sequence[Quads], node: str) -> str:
    """Return the thing that a node belongs to, itself where it belongs to none.

    Args:
        sides: the releases to ask; the first that knows the node answers.
        node: an IRI.
    """
    for _ in range(DEEPEST):
        quads = _knows(sides, node)
        there = classes(quads, node)
        above = [far for kind in there for far in quads.links(node, *OF_CLASS.get(kind, ()))]
        if not above and not any(kind in GROUP_OF for kind in there):
            above = quads.links(node, *IN_DOCUMENT)
        above = [far for far in above if far != node]
        if not above:
            break
        node = min(above)
    return node


def group(sides: Sequence[Quads], thing: str) -> str:
    """Return what a thing is told under."""
    quads = _knows(sides, thing)
    there = classes(quads, thing)
    for kind, name in GROUP_OF.items():
        if kind in there:
            return name
    graphs = {str(q.graph_name.value).rpartition("/")[2] for q in quads.of(thing)}  # type: ignore[union-attr]
    if len(graphs) == 1 and (only := graphs.pop()) in OF_GRAPH:
        return OF_GRAPH[only]
    return "others"


def is_part(kinds: Collection[str]) -> bool:
    """Say whether a node of these classes is a part that is not told."""
    return any(kind in PARTS for kind in kinds)


def studies(sides: Sequence[Quads], thing: str) -> frozenset[str]:
    """Return the studies that a thing is, or says something about, in either release."""
    found = set()
    for quads in sides:
        there = classes(quads, thing)
        if MSE + "Study" in there:
            found.add(thing)
        for far in quads.links(thing, MSE + "about", MSE + "reportsOn", MSE + "denotesStudy"):
            if MSE + "Study" in classes(quads, far):
                found.add(far)
    return frozenset(found)


def _knows(sides: Sequence[Quads], node: str) -> Quads:
    return next((quads for quads in sides if quads.of(node)), sides[0])
