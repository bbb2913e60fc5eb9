"""A nanopublication as a page shows it: each graph as TriG, and as a table of subject, property and value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from msevidence.server import i18n
from msevidence.server.labels import Labels, Text
from msevidence.server.nanopublication import NP, PARTS, Nanopublication
from msevidence.server.pages_links import Value, link
from msevidence.server.store import PageLane
from msevidence.server.wire import Term

TERMS = {
    "Nanopublication": "class",
    "hasAssertion": "has-assertion",
    "hasProvenance": "has-provenance",
    "hasPublicationInfo": "has-publication-info",
}
"""Terms of the nanopublication vocabulary, which the graph itself does not use, and what names them (``nano-…``)."""
NAMED = ("itself", "software", "head", *PARTS, *TERMS.values())
"""All that has a name on the page: ``nano-<name>``."""


@dataclass(frozen=True, slots=True)
class Part:
    """One graph of a nanopublication."""

    key: str
    """``head`` or one of :data:`nanopublication.PARTS`."""
    graph: str
    """Its IRI."""
    trig: str
    rows: Sequence[tuple[Value, Value, Value]]


def parts(lane: PageLane, labels: Labels, made: Nanopublication, language: str) -> list[Part]:
    """Return the graphs of a nanopublication, the head last: it only names the others."""
    shown = _shown(lane, labels, made, language)
    return [
        Part(
            part,
            made.graph(part).value,
            made.trig(part),
            [(shown(t.subject), shown(t.predicate), shown(t.object)) for t in made.triples(part)],
        )
        for part in (*PARTS, "head")
    ]


def _shown(lane: PageLane, labels: Labels, made: Nanopublication, language: str) -> Callable[[Term], Value]:
    own = {made.iri: "itself", f"{made.iri}-software": "software"}
    own |= {made.graph(part).value: part for part in ("head", *PARTS)}
    own |= {NP + term: text for term, text in TERMS.items()}

    def shown(term: Term) -> Value:
        if isinstance(term, ox.NamedNode):
            if term.value in own:
                return Value(Text(i18n.text(f"nano-{own[term.value]}", language), language), term.value)
            return link(lane, labels, term.value)
        assert isinstance(term, ox.Literal)
        return Value(Text(term.value, term.language or ""))

    return shown
