"""From what a shape declares to checks: one entry a constraint parameter of SHACL Core (SHACL §4 and appendix D)."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from rdflib import SH, XSD, Graph, Literal, URIRef
from rdflib.term import Node as Term

from msevidence.ontology import shacl_checks as checks
from msevidence.ontology.shacl_checks import Bindings, Check, Find, FocusCheck, Test, ValueCheck, as_node, plain
from msevidence.ontology.shacl_errors import RefusedError
from msevidence.ontology.shacl_literals import has_datatype, is_bounded
from msevidence.ontology.shacl_paths import members

if TYPE_CHECKING:
    from msevidence.ontology.shacl_compile import Shape


@dataclass(frozen=True)
class Declared:
    """What a shape declares, and how its values are read; whatever is ill-formed is refused."""

    graph: Graph
    node: Term
    called: str
    """How the shape is called in an error."""
    said: Mapping[Term, list[Term]]
    """Predicate → values, of the shape."""
    shape: "Callable[[Term], Shape]"

    def all(self, parameter: URIRef, kind: type[Term] | None = None) -> list[Term]:
        """Return the values of a parameter, which must be of one kind of term where it is given."""
        found = self.said.get(parameter, [])
        if len(found) > 1:
            found = sorted(found, key=str)
        if kind is not None and not all(isinstance(value, kind) for value in found):
            raise self.ill_formed(parameter)
        return found

    def one(self, parameter: URIRef, kind: type[Term] | None = None) -> Term | None:
        """Return the value of a parameter that may have one only, or None."""
        found = self.all(parameter, kind)
        if len(found) > 1:
            raise RefusedError(f"several values of sh:{parameter.fragment}", self.called)
        return found[0] if found else None

    def count(self, parameter: URIRef) -> int | None:
        """Return a whole number, zero or more, or None."""
        value = self.one(parameter, Literal)
        if value is None:
            return None
        if not isinstance(value, Literal) or value.datatype != XSD.integer or not isinstance(value.value, int):
            raise self.ill_formed(parameter)
        if value.value < 0:
            raise self.ill_formed(parameter)
        return value.value

    def truth(self, parameter: URIRef) -> bool:
        """Return whether a parameter is true; it is not where it is not given."""
        value = self.one(parameter, Literal)
        if value is None:
            return False
        if not isinstance(value, Literal) or not isinstance(value.value, bool):
            raise self.ill_formed(parameter)
        return value.value

    def needs_path(self, parameter: URIRef) -> None:
        """Refuse a parameter that only property shapes may have."""
        if SH.path not in self.said:
            raise RefusedError(f"sh:{parameter.fragment} of a node shape", self.called)

    def ill_formed(self, parameter: URIRef) -> RefusedError:
        """Return the error that says of a parameter that its value is none."""
        return RefusedError(f"ill-formed sh:{parameter.fragment}", self.called)


Reading: TypeAlias = Callable[[Declared, URIRef], Iterable[Check]]


def _of_values(parameter: URIRef, bind: Callable[[Bindings], Test]) -> ValueCheck:
    return ValueCheck(component(parameter), parameter, bind)


def _of_focus(
    parameter: URIRef, bind: Callable[[Bindings], Find], empty: bool = False, lone: bool = True
) -> FocusCheck:
    return FocusCheck(component(parameter), parameter, bind, empty, lone)


def component(parameter: URIRef) -> URIRef:
    """Return the constraint component of a parameter.

    >>> component(SH.minCount)
    rdflib.term.URIRef('http://www.w3.org/ns/shacl#MinCountConstraintComponent')
    """
    name = str(parameter).removeprefix(str(SH))
    return URIRef(f"{SH}{name[0].upper()}{name[1:]}ConstraintComponent")


def _class(declared: Declared, parameter: URIRef) -> Iterator[Check]:
    for value in declared.all(parameter, URIRef):
        yield _of_values(parameter, checks.is_instance(str(value)))


def _datatype(declared: Declared, parameter: URIRef) -> Iterator[Check]:
    value = declared.one(parameter, URIRef)
    if isinstance(value, URIRef):
        yield _of_values(parameter, plain(has_datatype(value)))


_KINDS = {SH.IRI, SH.BlankNode, SH.Literal, SH.BlankNodeOrIRI, SH.BlankNodeOrLiteral, SH.IRIOrLiteral}


def _node_kind(declared: Declared, parameter: URIRef) -> Iterator[Check]:
    value = declared.one(parameter)
    if value is not None:
        if value not in _KINDS or not isinstance(value, URIRef):
            raise declared.ill_formed(parameter)
        yield _of_values(parameter, plain(checks.is_kind(value)))


def _count(declared: Declared, parameter: URIRef) -> Iterator[Check]:
    count = declared.count(parameter)
    if count is None:
        return
    declared.needs_path(parameter)
    if parameter == SH.maxCount:
        yield _of_focus(parameter, checks.at_most(count), lone=count < 1)
    elif count:
        yield _of_focus(parameter, checks.at_least(count), empty=True, lone=count > 1)


def _range(allowed: tuple[int, ...], declared: Declared, parameter: URIRef) -> Iterator[Check]:
    for bound in declared.all(parameter, Literal):
        assert isinstance(bound, Literal)
        yield _of_values(parameter, plain(is_bounded(bound, allowed)))


def _length(declared: Declared, parameter: URIRef) -> Iterator[Check]:
    count = declared.count(parameter)
    if count is not None:
        least = parameter == SH.minLength
        yield _of_values(parameter, plain(checks.has_length(count) if least else checks.has_length(most=count)))


_FLAGS = {"": 0, "i": re.IGNORECASE, "m": re.MULTILINE, "im": re.IGNORECASE | re.MULTILINE}


def _pattern(declared: Declared, parameter: URIRef) -> Iterator[Check]:
    flags = str(declared.one(SH.flags, Literal) or "")
    for value in declared.all(parameter, Literal):
        if "".join(sorted(flags)) not in _FLAGS:
            raise RefusedError(f"sh:flags {flags!r}", declared.called)
        try:
            pattern = re.compile(str(value), _FLAGS["".join(sorted(flags))])
        except re.error:
            raise declared.ill_formed(parameter) from None
        yield _of_values(parameter, plain(checks.matches(pattern)))


def _language_in(declared: Declared, parameter: URIRef) -> Iterator[Check]:
    head = declared.one(parameter)
    if head is None:
        return
    ranges = members(declared.graph, head, declared.called)
    if not all(isinstance(r, Literal) and isinstance(r.value, str) for r in ranges):
        raise declared.ill_formed(parameter)
    yield _of_values(parameter, plain(checks.has_language([str(r) for r in ranges])))


def _unique_lang(declared: Declared, parameter: URIRef) -> Iterator[Check]:
    if parameter in declared.said:
        declared.needs_path(parameter)
        if declared.truth(parameter):
            yield _of_focus(parameter, checks.unique_languages, lone=False)


_PAIRS: Mapping[URIRef, Callable[[list[str]], Callable[[Bindings], Find]]] = {
    SH.equals: checks.equal_to,
    SH.disjoint: checks.disjoint_with,
    SH.lessThan: partial(checks.less_than, or_equal=False),
    SH.lessThanOrEquals: partial(checks.less_than, or_equal=True),
}


def _pair(declared: Declared, parameter: URIRef) -> Iterator[Check]:
    predicates = [str(predicate) for predicate in declared.all(parameter, URIRef)]
    if predicates:
        if parameter in (SH.lessThan, SH.lessThanOrEquals):
            declared.needs_path(parameter)
        yield _of_focus(parameter, _PAIRS[parameter](predicates), empty=parameter == SH.equals)


def _not(declared: Declared, parameter: URIRef) -> Iterator[Check]:
    for other in declared.all(parameter):
        yield _of_values(parameter, checks.logical(parameter, [declared.shape(other)]))


def _listed(declared: Declared, parameter: URIRef) -> Iterator[Check]:
    for head in declared.all(parameter):
        shapes = members(declared.graph, head, declared.called, least=1)
        if parameter != SH.xone:
            shapes = list(dict.fromkeys(shapes))
        yield _of_values(parameter, checks.logical(parameter, [declared.shape(s) for s in shapes]))


def _has_value(declared: Declared, parameter: URIRef) -> Iterator[Check]:
    values = [as_node(value) for value in declared.all(parameter)]
    if values:
        yield _of_focus(parameter, checks.has_values(values), empty=True)


def _in(declared: Declared, parameter: URIRef) -> Iterator[Check]:
    head = declared.one(parameter)
    if head is not None:
        yield _of_values(
            parameter, plain(checks.is_among([as_node(v) for v in members(declared.graph, head, declared.called)]))
        )


def _elsewhere(declared: Declared, parameter: URIRef) -> Iterator[Check]:
    """Read nothing: the parameter is read with the shape itself."""
    return iter(())


CONSTRAINTS: Mapping[URIRef, Reading] = {
    SH["class"]: _class,
    SH.datatype: _datatype,
    SH.nodeKind: _node_kind,
    SH.minCount: _count,
    SH.maxCount: _count,
    SH.minExclusive: partial(_range, (1,)),
    SH.minInclusive: partial(_range, (0, 1)),
    SH.maxExclusive: partial(_range, (-1,)),
    SH.maxInclusive: partial(_range, (-1, 0)),
    SH.minLength: _length,
    SH.maxLength: _length,
    SH.pattern: _pattern,
    SH.languageIn: _language_in,
    SH.uniqueLang: _unique_lang,
    SH.equals: _pair,
    SH.disjoint: _pair,
    SH.lessThan: _pair,
    SH.lessThanOrEquals: _pair,
    SH["not"]: _not,
    SH["and"]: _listed,
    SH["or"]: _listed,
    SH.xone: _listed,
    SH.node: _elsewhere,
    SH.property: _elsewhere,
    SH.qualifiedValueShape: _elsewhere,
    SH.closed: _elsewhere,
    SH.hasValue: _has_value,
    SH["in"]: _in,
}
"""Constraint parameter → what reads it: all of SHACL Core."""

SETTINGS = frozenset(
    {
        *(SH.path, SH.flags, SH.ignoredProperties, SH.message, SH.severity, SH.deactivated),
        *(SH.qualifiedMinCount, SH.qualifiedMaxCount, SH.qualifiedValueShapesDisjoint),
        *(SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf),
        *(SH.name, SH.description, SH.order, SH.group, SH.defaultValue),
    }
)
"""What a shape may say beside constraints. Whatever else of SHACL's namespace a shape has is refused by its name."""


def qualified_of(declared: Declared) -> Iterator[Check]:
    """Yield the checks of qualified value shapes (SHACL §4.7.3); pyshacl ignores them in a node shape."""
    graph, parameter = declared.graph, SH.qualifiedValueShape
    if SH.path not in declared.said or parameter not in declared.said:
        return
    wanted = declared.all(parameter)
    least, most = declared.count(SH.qualifiedMinCount), declared.count(SH.qualifiedMaxCount)
    if wanted and least is None and most is None:
        raise RefusedError("sh:qualifiedValueShape without a count", declared.called)
    disjoint = declared.truth(SH.qualifiedValueShapesDisjoint)
    beside = [
        shape
        for parent in graph.subjects(SH.property, declared.node)
        for other in graph.objects(parent, SH.property)
        for shape in graph.objects(other, parameter)
    ]
    for value in wanted:
        siblings = [s for s in dict.fromkeys(beside) if s != value] if disjoint else []
        shape, others = declared.shape(value), [declared.shape(s) for s in siblings]
        for name, find in zip(("Min", "Max"), checks.qualified(shape, others, least, most), strict=True):
            if find is not None:
                yield FocusCheck(component(SH[f"qualified{name}Count"]), parameter, find, empty=name == "Min")


def closed_of(declared: Declared) -> frozenset[str] | None:
    """Return the predicates that a closed shape allows (SHACL §4.8.1), or None for one that is not closed."""
    ignored = declared.one(SH.ignoredProperties)
    if declared.one(SH.closed) is None and ignored is not None:
        raise RefusedError("sh:ignoredProperties without sh:closed", declared.called)
    if not declared.truth(SH.closed):
        return None
    paths = (path for shape in declared.all(SH.property) for path in declared.graph.objects(shape, SH.path))
    listed = [] if ignored is None else members(declared.graph, ignored, declared.called)
    return frozenset(str(predicate) for predicate in (*paths, *listed) if isinstance(predicate, URIRef))
