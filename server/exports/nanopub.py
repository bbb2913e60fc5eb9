"""Nanopublications: one claim each, four graphs, under a trusty URI, signed where a key is given.

By https://nanopub.net/guidelines. The claim's page shows the same four graphs under names of this release; here each
has the name that its content gives it, so that whoever receives one can tell that nothing of it was changed. A text
of a document that may not be handed over is left out (``rights``): where in the document it stands is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox

from msevidence.server.binding import with_any
from msevidence.server.exports.about import lines
from msevidence.server.exports.handover import ExportError, Files, Handover
from msevidence.server.exports.nanopub_key import Key, read_key
from msevidence.server.exports.rights import rights
from msevidence.server.labels import PREFIXES, Labels, query
from msevidence.server.nanopublication import PARTS, WRITTEN, Nanopublication, made
from msevidence.server.page_reader import Row
from msevidence.server.store import PageLane
from msevidence.server.trusty import PLACEHOLDER, Statement, code, normalised, statement
from msevidence.server.words import Words

NPX = "http://purl.org/nanopub/x/"
NAMES = {"head": "Head", "assertion": "assertion", "provenance": "provenance", "publication-info": "pubinfo"}
"""Part → name of its graph, a fragment of the nanopublication's IRI, as other tools call them."""
MOST = 100
"""Claims that one query asks for."""
_TEXTS = frozenset((PREFIXES["oa"] + "exact", PREFIXES["mse"] + "text"))


def write(handover: Handover) -> Files:
    """Write a file for each claim, and one that says what they are.

    Raises:
        ExportError: nothing that was chosen is a claim, or the key can not be used.
    """
    if not handover.scope.claims:
        raise ExportError(
            Words(
                "what was chosen has no claim; choose a document, or a study that one speaks of",
                "det som er valgt, har ingen påstand; velg et dokument, eller en studie som et dokument omtaler",
            )
        )
    signing = read_key(handover.options.key) if handover.options.key else None
    if handover.options.signer and signing is None:
        raise ExportError("a signer is named and no key; give --sign-key as well")
    base, signer = handover.release.base, handover.options.signer
    found = of_claims(handover.lane, handover.labels, handover.scope.claims)
    made_of = ((claim.rpartition("/")[2], named(one, base, signing, signer)) for claim, one in found)
    files = {f"{key}.trig": trig(quads) for key, quads in made_of}
    about = "\n".join([*lines(handover), f"{len(files)} nanopublications", ""])
    return {**files, "README.txt": about.encode()}


def of_claims(lane: PageLane, labels: Labels, claims: Sequence[str]) -> Iterator[tuple[str, Nanopublication]]:
    """Yield each claim with its four graphs, without the texts that may not be handed over."""
    held = rights(lane, labels)
    for claim, rows in _rows(lane, claims):
        closed = not {_iri(row, "subject") for row in rows if _text(row, "part") == "document"} <= held.open
        kept = [row for row in rows if not (closed and _iri(row, "property") in _TEXTS)]
        yield claim, made(kept, claim, lane.release)


def _rows(lane: PageLane, claims: Sequence[str]) -> Iterator[tuple[str, list[Row]]]:
    """Yield each claim with the rows of ``nanopublication.rq``."""
    for start in range(0, len(claims), MOST):
        found: dict[str, list[Row]] = {claim: [] for claim in claims[start : start + MOST]}
        for row in lane.select(with_any(query("nanopublication"), "resource", found)):
            found[_iri(row, "resource")].append(row)
        yield from found.items()


def named(one: Nanopublication, base: str, key: Key | None = None, signer: str | None = None) -> list[ox.Quad]:
    """Return a nanopublication under its trusty URI, ``<base>np/<claim>/RA…``, signed where there is a key."""
    space = f"{base}np/{one.iri.partition('#')[0].rpartition('/')[2]}/{PLACEHOLDER}"
    names = {one.iri: space, f"{one.iri}-software": f"{space}#software"}
    names |= {one.graph(part).value: f"{space}#{NAMES[part]}" for part in ("head", *PARTS)}
    found = [_renamed(statement(quad), names) for quad in one.quads()]
    if key is not None:
        found += _signature(found, space, key, signer)
    artefact = code(found)
    return [_quad(_renamed_all(one_of, space, f"{space.removesuffix(PLACEHOLDER)}{artefact}")) for one_of in found]


def trig(quads: Sequence[ox.Quad]) -> bytes:
    """Write a nanopublication as TriG, the head first, with the prefixes that it uses."""
    this = str(quads[0].graph_name)[1:].partition("#")[0]
    order = [f"<{this}#{name}>" for name in NAMES.values()]
    known = {**WRITTEN, "npx": NPX, "sub": f"{this}#"}
    names = [node.value for quad in quads for node in quad if isinstance(node, ox.NamedNode)]
    names += [quad.object.datatype.value for quad in quads if isinstance(quad.object, ox.Literal)]
    used = {prefix: start for prefix, start in known.items() if any(name.startswith(start) for name in names)}
    placed = sorted(quads, key=lambda quad: (order.index(str(quad.graph_name)), str(quad)))
    document = ox.serialize(placed, format=ox.RdfFormat.TRIG, prefixes=used) or b""
    lines_of = document.splitlines(keepends=True)  # the engine writes the prefixes in an order of chance
    return b"".join([*sorted(lines_of[: len(used)]), *lines_of[len(used) :]])


def _signature(found: Iterable[Statement], space: str, key: Key, signer: str | None) -> list[Statement]:
    """Return what is said of a signature: of all other statements and of all that is said of it but itself."""
    graph, this = f"{space}#{NAMES['publication-info']}", f"{space}#sig"
    said: list[Statement] = [
        (graph, this, NPX + "hasAlgorithm", ox.Literal("RSA")),
        (graph, this, NPX + "hasPublicKey", ox.Literal(key.public)),
        (graph, this, NPX + "hasSignatureTarget", space),
    ]
    if signer:
        said.append((graph, this, NPX + "signedBy", ox.NamedNode(signer).value))
    signed = key.sign(normalised([*found, *said]))
    return [*said, (graph, this, NPX + "hasSignature", ox.Literal(signed))]


def _renamed(one: Statement, names: dict[str, str]) -> Statement:
    graph, subject, predicate, value = one
    new = names.get(value, value) if isinstance(value, str) else value
    return names.get(graph, graph), names.get(subject, subject), predicate, new


def _renamed_all(one: Statement, old: str, new: str) -> Statement:
    graph, subject, predicate, value = one
    held = value.replace(old, new) if isinstance(value, str) else value
    return graph.replace(old, new), subject.replace(old, new), predicate, held


def _quad(one: Statement) -> ox.Quad:
    graph, subject, predicate, value = one
    held = ox.NamedNode(value) if isinstance(value, str) else value
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), held, ox.NamedNode(graph))


def _iri(row: Row, name: str) -> str:
    term = row[name]
    assert isinstance(term, ox.NamedNode)
    return term.value


def _text(row: Row, name: str) -> str:
    term = row[name]
    assert isinstance(term, ox.Literal)
    return term.value
