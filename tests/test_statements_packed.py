"""Statements that are held as compressed lines: the same ones, in the same order, whatever is done with them."""

import pyoxigraph as ox
import pytest
from rdflib import RDFS, URIRef

from msevidence.loaders import packed
from msevidence.loaders.statements import Statements, Tagged, Typed

GRAPH = URIRef("urn:graph")
LABEL = URIRef(str(RDFS.label))


def some(number: int = 5) -> Statements:
    statements = Statements(GRAPH)
    for n in range(number):
        statements.add(URIRef(f"urn:s{n // 2}"), URIRef("urn:p"), f'line\n"{n}" \\ æ \U0001f9e0', n, Tagged("å", "nb"))
        statements.add(URIRef(f"urn:s{n}"), LABEL, URIRef("urn:s1"), Typed("1.50", "decimal"))
        statements.add(URIRef("urn:x"), URIRef("urn:p"), URIRef(f"urn:s{n}"))
    return statements


def test_packed_statements_are_the_same_in_the_same_order() -> None:
    as_made, held = some(), some()
    held.pack()
    assert len(held) == len(as_made) > 20
    assert list(held) == list(as_made)
    assert list(held.triples()) == list(as_made.triples())
    assert list(held.texts()) == list(as_made.texts())
    [lines] = held.lines()
    assert isinstance(lines, bytes)
    assert list(ox.parse(lines, format=ox.RdfFormat.N_QUADS)) == list(as_made) == list(as_made.lines())


def test_what_is_added_to_packed_statements_stands_once() -> None:
    as_made, held = some(), some()
    held.pack()
    for statements in (as_made, held):
        statements.add(URIRef("urn:s1"), URIRef("urn:p"), 2, 77)
    assert list(held) == list(as_made)
    assert len(held) == len(some()) + 1
    held.pack()
    assert list(held) == list(as_made)


def test_packed_statements_are_renamed_but_for_labels() -> None:
    as_made, held = some(), some()
    held.pack()
    renamed = {ox.NamedNode("urn:s1"): ox.NamedNode("urn:kept")}
    for statements in (as_made, held):
        statements.rename(renamed)
    assert list(held) == list(as_made)
    assert isinstance(next(iter(held.lines())), bytes), "still packed"
    of_kept = [q for q in held if q.subject == ox.NamedNode("urn:kept")]
    assert of_kept and not [q for q in of_kept if q.predicate == ox.NamedNode(str(LABEL))]
    assert (
        ox.Quad(ox.NamedNode("urn:x"), ox.NamedNode("urn:p"), ox.NamedNode("urn:kept"), ox.NamedNode("urn:graph"))
        in held
    )


def test_statements_are_dropped_by_subject_and_predicate() -> None:
    held = some()
    held.pack()
    held.drop({ox.NamedNode("urn:s0")}, {ox.NamedNode("urn:p")})
    left = [q for q in some() if (q.subject.value, q.predicate.value) != ("urn:s0", "urn:p")]  # type: ignore[union-attr]
    assert list(held) == left
    assert len(left) < len(some())


def test_few_statements_are_not_packed() -> None:
    held = some()
    held.pack(least=len(held))
    assert not any(isinstance(one, bytes) for one in held.lines())
    held.pack(least=len(held) - 1)
    assert all(isinstance(one, bytes) for one in held.lines())


@pytest.mark.parametrize("number", [0, 1, 2, 3, 7])
def test_pieces_are_put_together(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "TOGETHER", 3)
    quads = list(some(3))[:number]
    pieces = packed.pack(iter(quads))
    assert len(pieces) == (number + 2) // 3
    assert list(packed.unpack(pieces)) == quads
