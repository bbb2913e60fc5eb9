"""A small release whose claims are what a spreadsheet would take for formulas, or what a cell can not hold."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox

from msevidence.server.exports.handover import Handover
from msevidence.server.exports.scope import Selection, found
from msevidence.server.labels import PREFIXES, Labels
from msevidence.server.local_lane import LocalLane
from msevidence.server.releases import current
from tests.release_helper import BASE, publish_small

HOSTILE = (
    '=HYPERLINK("http://x")',
    "@SUM(1)",
    "+1",
    "-2+3",
    "-5",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    '"=1+1',
    "＝1＋1",
    "'=1+1",
    "''@x",
    "'tis no formula",
    "first; =1+1",
    "two\r\nlines\n=1",
    "a | b ¦ c",
    "#N/A",
    "_x0041_",
    "control \x07 and \x0b",
    'quotes " and, commas',
    "blåbær på Ålesund 𝄞",
)


def handover_of(home: Path, texts: Sequence[str], more: Sequence[ox.Quad] = ()) -> Handover:
    """Return a handover of a release of claims with these texts, all in one document of Norwegian."""
    name, graph = ox.NamedNode, ox.NamedNode(BASE + "graph/document-x")
    document, mse = name(BASE + "document/x"), PREFIXES["mse"]
    a = name(PREFIXES["rdf"] + "type")

    def quad(subject: ox.NamedNode, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
        return ox.Quad(subject, name(predicate), value, graph)

    quads = [quad(document, a.value, name(mse + "Document"))]
    quads.append(quad(document, PREFIXES["dcterms"] + "language", ox.Literal("nb")))
    for number, text in enumerate(texts):
        claim = name(f"{BASE}claim/x.{number:02}")
        quads += [
            quad(claim, a.value, name(mse + "Claim")),
            quad(claim, mse + "claimText", ox.Literal(text)),
            quad(claim, mse + "inDocument", document),
            quad(claim, mse + "statedIn", name(BASE + "passage/x.1")),
        ]
    publish_small(home, [*quads, *more])
    release = current(home)
    lane = LocalLane(release, ox.Store.read_only(str(release.store)))
    return Handover(lane, Labels(lane, "en"), "en", found(lane, Selection()), "https://kg.example/")
