"""A unit of the real graph as a template: N-Quads lines with slots, filled anew for each copy.

Each copy has things, numbers and names of its own. What is drawn for a copy follows from the seed and the number of
the copy alone, so that copy 7 is the same whether 10 or 10,000 are made, and parts can be made side by side.
"""

import random
import re
from collections.abc import Callable, Iterable, Iterator

import pyoxigraph as ox

from msevidence.ontology.iris import BASE, Kind
from tests.bench.copies import eudract, in_step
from tests.bench.generated_shape import ONCE, kind_of, per_document

_MSE = f"{BASE}ontology#"
STRIDE = 128
"""Numbers kept for each copy: no unit has so many of registrations and publications together."""
FIRST_NCT, FIRST_PMID = 30_000_000, 50_000_000
"""Beyond those that the services have given out."""
_DRAWN = frozenset(
    f"{_MSE}{name}" for name in ("registeredStatus", "phase", "sponsor", "enrolment", "startDate", "completionDate")
)
"""Properties whose values a copy draws from those of all real things, as often as they stand there."""
_WORDED = frozenset({
    *(f"{_MSE}text", f"{_MSE}claimText", "http://www.w3.org/ns/oa#exact", "http://purl.org/dc/terms/title"),
})  # fmt: skip
"""Properties whose texts get words of the copy, so that a copy's sentences are not those of the next."""
_NAMED = frozenset({"http://www.w3.org/2000/01/rdf-schema#label", f"{_MSE}acronym"})
_WORDS_OF_A_COPY = 48
_SYLLABLES = [a + b for a in "bdfghklmnprstv" for b in ("a", "e", "i", "o", "u")]
_CONSTANT = frozenset({*ONCE, "scheme"})
_TOKEN = "\ue000"
"""A private character round the number of a slot; no source has it."""

Draw = Callable[[int, random.Random], str]


class Template:
    """A unit with slots, and how each slot is filled."""

    def __init__(self, unit: Iterable[ox.Quad], seed: int) -> None:
        self.seed = seed
        quads = list(unit)
        self._draws: list[Draw] = [_copy, *([_word] * _WORDS_OF_A_COPY)]
        self._numbers = self._of_numbers(quads)
        self._known = re.compile("|".join(re.escape(n) for n in sorted(self._numbers, key=len, reverse=True)))
        self._pools = _pools(quads)
        text = "".join(self._line(quad) for quad in quads)
        pieces = re.split(f"{_TOKEN}([0-9]+){_TOKEN}", text)
        self._pieces = pieces
        self._slots = [int(number) for number in pieces[1::2]]

    def filled(self, copy: int) -> Iterator[bytes]:
        """Yield the lines of a copy, each with its newline."""
        rng = random.Random(f"{self.seed} {copy}")
        values = [draw(copy, rng) for draw in self._draws]
        self._pieces[1::2] = [values[slot] for slot in self._slots]
        return iter("".join(self._pieces).encode().splitlines(keepends=True))

    def _of_numbers(self, quads: list[ox.Quad]) -> dict[str, str]:
        """Return the number of each registration and publication as it stands, and the slot it is put into."""
        found: dict[str, Draw] = {}
        for quad in quads:
            value, name = quad.object.value if isinstance(quad.object, ox.Literal) else "", quad.predicate.value
            if name == f"{_MSE}registrationNumber" and value not in found:
                found[value] = _registered(value, len(found))
            elif name == "http://prismstandard.org/namespaces/basic/2.0/doi" and value not in found:
                found[value] = _doi(value)
            elif name == "http://purl.org/spar/fabio/hasPubMedId" and value not in found:
                found[value] = _pmid(len(found))
        if len(found) > STRIDE:
            raise ValueError(f"{len(found)} numbers in a unit: give each copy more than {STRIDE}, so that none meet")
        return {number: self._slot(draw) for number, draw in sorted(found.items())}

    def _slot(self, draw: Draw) -> str:
        self._draws.append(draw)
        return f"{_TOKEN}{len(self._draws) - 1}{_TOKEN}"

    def _line(self, quad: ox.Quad) -> str:
        subject, predicate = self._term(quad.subject, ""), quad.predicate.value
        drawn = self._pools.get(predicate)
        value = self._slot(_one_of(drawn)) if drawn else self._term(quad.object, predicate)
        return f"{subject} <{predicate}> {value} {self._graph(quad.graph_name)} .\n"

    def _term(self, term: object, predicate: str) -> str:
        if isinstance(term, ox.NamedNode):
            return f"<{self._iri(term.value)}>"
        assert isinstance(term, ox.Literal), f"{term}: a release has no such term"
        text = self._renumbered(term.value)
        if not term.language and term.datatype.value != "http://www.w3.org/2001/XMLSchema#string":
            return str(ox.Literal(text, datatype=term.datatype))
        if predicate in _NAMED and text == term.value:
            text += f" {_TOKEN}0{_TOKEN}"
        elif predicate in _WORDED and text:
            first, _, rest = text.partition(" ")
            word = 1 + sum(map(ord, text[:40])) % _WORDS_OF_A_COPY
            text = f"{first} {_TOKEN}{word}{_TOKEN} {rest}".rstrip()
        return str(ox.Literal(text, language=term.language) if term.language else ox.Literal(text))

    def _graph(self, graph: object) -> str:
        assert isinstance(graph, ox.NamedNode)
        return f"<{graph.value}-{_TOKEN}0{_TOKEN}>" if per_document(graph.value) else str(graph)

    def _iri(self, iri: str) -> str:
        """Return the address of a copied thing: with the numbers of the copy, else with its number after the name."""
        kind = kind_of(iri)
        if kind == Kind.GRAPH:
            return self._graph(ox.NamedNode(iri))[1:-1]
        if not kind or kind in _CONSTANT or "#" in kind:
            return self._renumbered(iri)
        renumbered = self._renumbered(iri)
        if renumbered != iri:
            return renumbered
        name, dot, rest = _split(iri)
        return f"{name}-{_TOKEN}0{_TOKEN}{dot}{rest}"

    def _renumbered(self, text: str) -> str:
        return self._known.sub(lambda m: self._numbers[m.group()], text)


def _split(iri: str) -> tuple[str, str, str]:
    """Split an address after the first part of its key."""
    head, slash, key = iri.removeprefix(BASE).partition("/")
    name, dot, rest = key.partition(".")
    return f"{BASE}{head}{slash}{name}", dot, rest


def _pools(quads: list[ox.Quad]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for quad in quads:
        if quad.predicate.value in _DRAWN:
            found.setdefault(quad.predicate.value, []).append(str(quad.object))
    return found


def _copy(copy: int, _rng: random.Random) -> str:
    return str(copy)


def _word(_copy: int, rng: random.Random) -> str:
    return "".join(rng.choices(_SYLLABLES, k=3))


def _one_of(values: list[str]) -> Draw:
    return lambda _copy, rng: rng.choice(values)


def _registered(number: str, position: int) -> Draw:
    if number.startswith("NCT"):
        return lambda copy, _rng: f"NCT{FIRST_NCT + copy * STRIDE + position:08}"
    if re.fullmatch(r"\d{4}-\d{6}-\d{2}", number):
        return lambda copy, _rng: eudract(copy * STRIDE + position)
    return lambda copy, _rng: in_step(number, (copy + 1) * STRIDE + position)


def _doi(number: str) -> Draw:
    return lambda copy, _rng: f"{number}.{copy}"


def _pmid(position: int) -> Draw:
    return lambda copy, _rng: str(FIRST_PMID + copy * STRIDE + position)
