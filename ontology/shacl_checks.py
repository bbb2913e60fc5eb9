"""Constraints of SHACL Core (SHACL §4), each as a check that is bound to a graph before it is run.

A check of values says of one value node whether it is right. A check of focus nodes looks at all value nodes of one,
and gives what is wrong: the value at fault, or None where the fault has no value.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

import pyoxigraph as ox
from rdflib import SH, Literal, URIRef

from msevidence.ontology.shacl_data import Classes, Data, Node, collected
from msevidence.ontology.shacl_errors import RefusedError
from msevidence.ontology.shacl_literals import is_less

if TYPE_CHECKING:
    from msevidence.ontology.shacl_compile import Shape

Test: TypeAlias = Callable[[Node], bool]
Find: TypeAlias = Callable[[Node, Collection[Node]], Iterable[Node | None]]


class Bindings(Protocol):
    """A graph with what was worked out of it once: classes, and shapes bound to it."""

    data: Data
    classes: Classes

    def conformance(self, shape: "Shape") -> Test:
        """Return the test of whether a node conforms to a shape."""
        ...


@dataclass(frozen=True)
class Check:
    """A constraint: its component, and the parameter that declares it, by which pyshacl words a message."""

    component: URIRef
    parameter: URIRef


@dataclass(frozen=True)
class ValueCheck(Check):
    """A constraint on each value node for itself."""

    bind: Callable[[Bindings], Test]


@dataclass(frozen=True)
class FocusCheck(Check):
    """A constraint on all value nodes of a focus node together."""

    bind: Callable[[Bindings], Find]
    empty: bool
    """Whether having none may break it."""
    lone: bool = True
    """Whether having one may break it."""


def plain(test: Test) -> Callable[[Bindings], Test]:
    """Return a test that is the same for every graph, to bind."""
    return lambda bindings: test


def is_kind(kind: URIRef) -> Test:
    """Return the test of ``sh:nodeKind`` (SHACL §4.1.3)."""
    name = str(kind).removeprefix(str(SH))
    iri, blank, literal = "IRI" in name, "BlankNode" in name, "Literal" in name

    def test(node: Node) -> bool:
        if type(node) is ox.Literal:
            return literal
        return blank if node.startswith("_:") else iri

    return test


def is_instance(cls: str) -> Callable[[Bindings], Test]:
    """Return the test of ``sh:class`` (SHACL §4.1.1)."""

    def bind(bindings: Bindings) -> Test:
        members = bindings.classes.members(cls)
        return lambda node: node in members

    return bind


def matches(pattern: re.Pattern[str]) -> Test:
    """Return the test of ``sh:pattern`` (SHACL §4.4.3): found in the text, with Python's ``re``, as pyshacl does."""
    search = pattern.search
    return lambda node: (text := text_of(node)) is not None and search(text) is not None


def has_length(least: int = 0, most: int | None = None) -> Test:
    """Return the test of ``sh:minLength`` or ``sh:maxLength`` (SHACL §4.4.1, 4.4.2): in characters."""

    def test(node: Node) -> bool:
        text = text_of(node)
        return text is not None and len(text) >= least and (most is None or len(text) <= most)

    return test if least or most is not None else lambda node: True


def text_of(node: Node) -> str | None:
    """Return the text of an IRI or literal; a blank node has none."""
    if type(node) is ox.Literal:
        return node.value
    return None if node.startswith("_:") else node


def has_language(ranges: Collection[str]) -> Test:
    """Return the test of ``sh:languageIn`` (SHACL §4.4.4): the tag, or its first part, is among the ranges."""
    wanted = {r.lower() for r in ranges}

    def test(node: Node) -> bool:
        language = node.language if type(node) is ox.Literal else None
        if not language:
            return False
        return "*" in wanted or language.lower() in wanted or language.lower().split("-")[0] in wanted

    return test


def is_among(values: Collection[Node]) -> Test:
    """Return the test of ``sh:in`` (SHACL §4.8.3)."""
    wanted = frozenset(values)
    return lambda node: node in wanted


def at_least(count: int) -> Callable[[Bindings], Find]:
    """Return the check of ``sh:minCount`` (SHACL §4.2.1)."""
    return lambda bindings: lambda focus, values: (None,) if len(values) < count else ()


def at_most(count: int) -> Callable[[Bindings], Find]:
    """Return the check of ``sh:maxCount`` (SHACL §4.2.2)."""
    return lambda bindings: lambda focus, values: (None,) if len(values) > count else ()


def has_values(wanted: Collection[Node]) -> Callable[[Bindings], Find]:
    """Return the check of ``sh:hasValue`` (SHACL §4.8.2): a result for each that is missing."""
    return lambda bindings: lambda focus, values: [None for value in wanted if value not in values]


def unique_languages(bindings: Bindings) -> Find:
    """Bind the check of ``sh:uniqueLang`` (SHACL §4.4.5): a result for each language that comes twice."""

    def find(focus: Node, values: Collection[Node]) -> Iterable[None]:
        if len(values) < 2:
            return ()
        tags = Counter(v.language.lower() for v in values if type(v) is ox.Literal and v.language)
        return [None for times in tags.values() if times > 1]

    return find


def equal_to(predicates: Collection[str]) -> Callable[[Bindings], Find]:
    """Return the check of ``sh:equals`` (SHACL §4.5.1): what one side has and the other has not."""

    def compare(values: set[Node], others: set[Node]) -> Iterable[Node]:
        return values ^ others

    return _paired(predicates, compare)


def disjoint_with(predicates: Collection[str]) -> Callable[[Bindings], Find]:
    """Return the check of ``sh:disjoint`` (SHACL §4.5.2): what both sides have."""

    def compare(values: set[Node], others: set[Node]) -> Iterable[Node]:
        return values & others

    return _paired(predicates, compare)


def less_than(predicates: Collection[str], *, or_equal: bool) -> Callable[[Bindings], Find]:
    """Return the check of ``sh:lessThan`` and ``sh:lessThanOrEquals`` (SHACL §4.5.3, 4.5.4): a result for each pair.

    The check raises RefusedError where pyshacl compares nothing and ends with an error of its own: let it say so.
    """
    name = "sh:lessThanOrEquals" if or_equal else "sh:lessThan"

    def compare(values: set[Node], others: set[Node]) -> Iterator[Node]:
        for value in values:
            for other in others:
                if text_of(value) is None or text_of(other) is None:
                    raise RefusedError(f"{name} between blank nodes", "the data")
                try:
                    right = is_less(value, other, or_equal=or_equal)
                except (TypeError, ArithmeticError):
                    raise RefusedError(f"{name} between {value} and {other}", "the data") from None
                if not right:
                    yield value

    return _paired(predicates, compare)


def _paired(
    predicates: Collection[str], compare: Callable[[set[Node], set[Node]], Iterable[Node]]
) -> Callable[[Bindings], Find]:
    def bind(bindings: Bindings) -> Find:
        columns = [bindings.data.forward(predicate) for predicate in predicates]

        def find(focus: Node, values: Collection[Node]) -> Iterator[Node]:
            for column in columns:
                others = collected(column.get(focus)) if isinstance(focus, str) else ()
                yield from compare(set(values), set(others))

        return find

    return bind


def qualified(
    shape: "Shape", siblings: Collection["Shape"], least: int | None, most: int | None
) -> tuple[Callable[[Bindings], Find] | None, Callable[[Bindings], Find] | None]:
    """Return the checks of ``sh:qualifiedMinCount`` and ``sh:qualifiedMaxCount`` (SHACL §4.7.3), where each is set."""

    def counting(wrong: Callable[[int], bool]) -> Callable[[Bindings], Find]:
        def bind(bindings: Bindings) -> Find:
            conforms = bindings.conformance(shape)
            others = [bindings.conformance(sibling) for sibling in siblings]

            def find(focus: Node, values: Collection[Node]) -> Iterable[None]:
                count = sum(conforms(value) and not any(other(value) for other in others) for value in values)
                return (None,) if wrong(count) else ()

            return find

        return bind

    return (
        None if least is None else counting(lambda count: count < least),
        None if most is None else counting(lambda count: count > most),
    )


def logical(kind: URIRef, shapes: Collection["Shape"]) -> Callable[[Bindings], Test]:
    """Return the test of ``sh:not``, ``sh:and``, ``sh:or`` or ``sh:xone`` (SHACL §4.6)."""

    def bind(bindings: Bindings) -> Test:
        tests = [bindings.conformance(shape) for shape in shapes]
        if kind == SH["not"]:
            return lambda node: not any(test(node) for test in tests)
        if kind == SH["and"]:
            return lambda node: all(test(node) for test in tests)
        if kind == SH["or"]:
            return lambda node: any(test(node) for test in tests)
        return lambda node: sum(test(node) for test in tests) == 1

    return bind


def as_node(term: object) -> Node:
    """Return a term of the shapes graph as a node of the data.

    >>> as_node(URIRef("urn:a")), str(as_node(Literal("a", lang="en")))
    ('urn:a', '"a"@en')
    """
    if isinstance(term, Literal):
        if term.language:
            return ox.Literal(str(term), language=term.language)
        datatype = None if term.datatype is None else ox.NamedNode(str(term.datatype))
        return ox.Literal(str(term), datatype=datatype)
    return str(term) if isinstance(term, URIRef) else f"_:shapes.{term}"
