"""A copy of statements without the texts that may not be passed on, which says so where they stood.

The rule is that of :mod:`rights`. Of a document without an open licence, a passage and a piece of one has
``mse:withheldCharacters`` in place of its words; words quoted of it that are longer than a quotation may be end in
``[…]``, and what quotes them says how many characters that left out; the document has the sum. A text with ``[…]`` in
place of a passage's words would conform to the shapes too, but be equal to every other such text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from msevidence.server.exports.rights import LONGEST_QUOTATION, Rights
from msevidence.server.labels import PREFIXES

_MSE, _OA = PREFIXES["mse"], PREFIXES["oa"]
WITHHELD = ox.NamedNode(_MSE + "withheldCharacters")
WHOLE = frozenset((_MSE + "text", _OA + "exact"))
"""Properties that hold the words of a passage, or of a piece of one."""
QUOTED = frozenset(
    (
        _OA + "exact",
        *(_MSE + name for name in ("claimText", "quotedText", "firstSays", "secondSays", "sourceWords")),
        *(_MSE + name for name in ("wordsBefore", "wordsAfter")),
    )
)
"""Properties that hold words of a document because something rests on them."""
CUT = " […]"
_OF_DOCUMENT = (_OA + "hasSource", _MSE + "inDocument")
_IN_PASSAGE = (_MSE + "statedIn", _MSE + "inPassage", PREFIXES["c4o"] + "hasContext")
_DOCUMENT = _MSE + "Document"


@dataclass(frozen=True, slots=True)
class Withheld:
    """What is withheld of one document."""

    texts: int
    """Passages without their words, and things with a quotation that was shortened."""
    characters: int
    """Unicode code points."""


@dataclass(frozen=True, slots=True)
class Copy:
    """Statements that may be passed on."""

    quads: Sequence[ox.Quad]
    withheld: Mapping[str, Withheld]
    """By IRI of the document; empty for what is of none."""


def copy(quads: Iterable[ox.Quad], held: Rights) -> Copy:
    """Return a copy of quads without what the rights do not allow to be passed on."""
    here = list(quads)
    places = _Places(here)
    described = {ox.NamedNode(iri) for iri, _ in places.documents}
    kept: list[ox.Quad] = []
    left_out: dict[tuple[ox.NamedNode, ox.NamedNode | ox.BlankNode | ox.DefaultGraph], dict[str, int]] = {}
    for quad in here:
        name = quad.predicate.value
        if quad.predicate == WITHHELD and isinstance(quad.subject, ox.NamedNode):
            # A graph that was taken in from an export: counted anew, so that a document has one sum.
            if quad.subject not in described and isinstance(quad.object, ox.Literal):
                left_out.setdefault((quad.subject, quad.graph_name), {})[name] = int(quad.object.value)
            continue
        if not (name in WHOLE or name in QUOTED) or not isinstance(quad.object, ox.Literal):
            kept.append(quad)
            continue
        subject, text = quad.subject, quad.object.value
        assert isinstance(subject, ox.NamedNode)
        if places.document_of(subject.value) in held.open:
            kept.append(quad)
        elif name in WHOLE and subject.value in places.whole:
            left_out.setdefault((subject, quad.graph_name), {})[name] = len(text)
        elif len(text) > LONGEST_QUOTATION:
            short = shortened(text)
            kept.append(ox.Quad(subject, quad.predicate, _like(quad.object, short), quad.graph_name))
            left_out.setdefault((subject, quad.graph_name), {})[name] = len(text) - len(short) + len(CUT)
        else:
            kept.append(quad)
    sums: dict[str, Withheld] = {}
    for (subject, graph), by_property in left_out.items():
        # A passage's words are there twice, normalised and as printed: the first are counted.
        count = by_property.get(_MSE + "text", max(by_property.values()))
        kept.append(ox.Quad(subject, WITHHELD, _number(count), graph))
        if subject.value in places.pieces:
            continue  # their words are those of the passage
        of = places.document_of(subject.value) or ""
        before = sums.get(of, Withheld(0, 0))
        sums[of] = Withheld(before.texts + 1, before.characters + count)
    for iri, graph in places.documents:
        if iri in sums:
            kept.append(ox.Quad(ox.NamedNode(iri), WITHHELD, _number(sums[iri].characters), graph))
    return Copy(kept, sums)


def shortened(text: str) -> str:
    """Return the beginning of a text up to a word's end, with ``[…]`` after it, as long as a quotation may be."""
    begin = text[: LONGEST_QUOTATION - len(CUT)]
    return (begin.rpartition(" ")[0].rstrip() or begin) + CUT


class _Places:
    """Which document things are of, which are passages or pieces of them, and where documents are described."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self.whole: set[str] = set()
        self.pieces: set[str] = set()
        self.documents: list[tuple[str, ox.NamedNode | ox.BlankNode | ox.DefaultGraph]] = []
        self._document: dict[str, str] = {}
        self._passage: dict[str, str] = {}
        for quad in quads:
            if not isinstance(quad.subject, ox.NamedNode) or not isinstance(quad.object, ox.NamedNode):
                continue
            subject, name, value = quad.subject.value, quad.predicate.value, quad.object.value
            if name in _OF_DOCUMENT:
                self._document[subject] = value
                if name == _OF_DOCUMENT[0]:
                    self.whole.add(subject)
            elif name in _IN_PASSAGE:
                self._passage[subject] = value
            elif name == _OA + "hasSelector":
                self._passage[value] = subject
                self.whole.add(value)
                self.pieces.add(value)
            elif value == _DOCUMENT:
                self.documents.append((subject, quad.graph_name))

    def document_of(self, thing: str) -> str | None:
        """Return the document that a thing is of, itself or by its passage."""
        return self._document.get(thing) or self._document.get(self._passage.get(thing, ""))


def _like(literal: ox.Literal, text: str) -> ox.Literal:
    if literal.language:
        return ox.Literal(text, language=literal.language)
    return ox.Literal(text, datatype=literal.datatype)


def _number(count: int) -> ox.Literal:
    return ox.Literal(str(count), datatype=ox.NamedNode(PREFIXES["xsd"] + "integer"))
