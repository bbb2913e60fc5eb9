"""Values of literals: whether a lexical form is one of its datatype, and which of two values is smaller.

Both are what rdflib makes of them, since the referee is pyshacl: its answers for partial dates, time zones and
ill-formed forms are these. Integers written in digits are compared without it.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

import pyoxigraph as ox
from rdflib import RDF, RDFS, XSD, Literal, URIRef

from msevidence.ontology.shacl_data import Node
from msevidence.ontology.shacl_errors import RefusedError

STRING, LANG_STRING = str(XSD.string), str(RDF.langString)
_INTEGER = ox.NamedNode(str(XSD.integer))
_DIGITS = re.compile(r"-?[0-9]{1,18}")
_REMEMBERED = 100_000
"""Literals whose value is kept at hand; dates and numbers come again and again."""

_PYTHON: dict[URIRef, type | tuple[type, ...]] = {
    XSD.integer: int,
    XSD.float: float,
    XSD.decimal: Decimal,
    XSD.boolean: bool,
    XSD.date: date,
    XSD.time: time,
    XSD.dateTime: datetime,
}
"""What rdflib makes of a well-formed literal of these datatypes; of others it says itself when one is ill-formed."""


@lru_cache(_REMEMBERED)
def rdflib_literal(literal: ox.Literal) -> Literal:
    """Return a literal as rdflib has it, its form as it was written; a plain one has no datatype there."""
    if literal.language:
        return Literal(literal.value, lang=literal.language)
    datatype = literal.datatype.value
    return Literal(literal.value, datatype=None if datatype == STRING else URIRef(datatype), normalize=False)


def has_datatype(datatype: URIRef) -> Callable[[Node], bool]:
    """Return the test of ``sh:datatype`` (SHACL §4.1.2): the datatype is this one, and the form one of it."""
    if datatype == RDFS.Literal:
        return lambda node: type(node) is ox.Literal
    if datatype == RDFS.Datatype:
        return lambda node: type(node) is ox.Literal and rdflib_literal(node).datatype is not None
    expected = ox.NamedNode(str(datatype))
    if str(datatype) in (STRING, LANG_STRING):
        return lambda node: type(node) is ox.Literal and node.datatype == expected
    python = _PYTHON.get(datatype)

    @lru_cache(_REMEMBERED)
    def well_formed(form: str) -> bool:
        literal = Literal(form, datatype=datatype, normalize=False)
        return literal.ill_typed is not True and (python is None or isinstance(literal.value, python))

    return lambda node: type(node) is ox.Literal and node.datatype == expected and well_formed(node.value)


def order(value: Literal, bound: Literal) -> int | None:
    """Return -1, 0 or 1 as ``value`` is below, at or above ``bound``, or None where they cannot be compared.

    Raises RefusedError where the comparison ends in an error, in pyshacl as well.
    """
    if isinstance(value.value, str) is not isinstance(bound.value, str):
        return None
    try:
        if value.eq(bound):
            return 0
        if type(value.value) in (datetime, time):  # rdflib's own order puts any two of these in some order
            if value.value == bound.value:
                return 0
            return 1 if value.value > bound.value else -1
        return 1 if value > bound else -1
    except (TypeError, NotImplementedError):
        return None
    except ArithmeticError:  # a decimal and what is not a number
        raise RefusedError(f"comparison with {bound.n3()}", f"the value {value.n3()}") from None


def is_bounded(bound: Literal, allowed: tuple[int, ...]) -> Callable[[Node], bool]:
    """Return the test of a range (SHACL §4.3): the value stands to ``bound`` in one of the ``allowed`` orders."""

    @lru_cache(_REMEMBERED)
    def test(node: Node) -> bool:
        return type(node) is ox.Literal and order(rdflib_literal(node), bound) in allowed

    return test


def is_less(value: ox.Literal | str, other: ox.Literal | str, *, or_equal: bool) -> bool:
    """Say whether one value is less than another (SHACL §4.5.3); IRIs are compared as texts, as pyshacl does.

    >>> [is_less(ox.Literal(9), ox.Literal(n), or_equal=True) for n in (8, 9, 10)]
    [False, True, True]

    Raises TypeError when rdflib does not compare the two.
    """
    if type(value) is ox.Literal and type(other) is ox.Literal and value.datatype == other.datatype == _INTEGER:
        first, second = value.value, other.value
        if _DIGITS.fullmatch(first) and _DIGITS.fullmatch(second):
            return int(first) <= int(second) if or_equal else int(first) < int(second)
    one, two = _comparable(value), _comparable(other)
    if isinstance(one, Literal) is not isinstance(two, Literal):
        return False
    return bool(one <= two if or_equal else one < two)


def _comparable(node: ox.Literal | str) -> Literal | str:
    if isinstance(node, str):
        return node
    literal = rdflib_literal(node)
    return literal.value if isinstance(literal.value, str) else literal
