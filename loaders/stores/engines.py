"""What engines do to literals that they keep, as measured: both sides are brought to one form and then compared.

An engine that stores ``"1.50"^^xsd:decimal`` as a number gives back ``"1.5"``: the same value, other bytes. What is
declared here is what may differ, and nothing else: any other difference between what was sent and what a store holds
is a fault. Measured with :mod:`tests.stores.test_engines` on Oxigraph's server 0.5 and Virtuoso 7.2.5; of any other
engine nothing is declared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

import pyoxigraph as ox

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
INTEGERS: Final = tuple(
    XSD + name
    for name in (
        *("integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger"),
        *("negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
)
_LARGEST = 2**63
_PLACES = Decimal(1).scaleb(-15)
_DATE_TIME = re.compile(r"(.*T\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?")

Form = Callable[[str, str], tuple[str, str]]
"""Lexical form and datatype of a literal to those that are compared."""


def _boolean(text: str, datatype: str) -> tuple[str, str]:
    return {"1": "true", "0": "false"}.get(text, text), datatype


def _decimal(text: str, datatype: str) -> tuple[str, str]:
    return _plain(Decimal(text)), datatype


def _decimal_15(text: str, datatype: str) -> tuple[str, str]:
    value = Decimal(text)
    places = value.as_tuple().exponent
    return _plain(value.quantize(_PLACES) if isinstance(places, int) and places < -15 else value), datatype


def _integer_of_any_type(text: str, datatype: str) -> tuple[str, str]:
    return str(int(text)), INTEGERS[0]


def _integer_of_64_bits(text: str, datatype: str) -> tuple[str, str]:
    value = int(text)
    return str(value), datatype if -_LARGEST <= value < _LARGEST else XSD + "decimal"


def _float(text: str, datatype: str) -> tuple[str, str]:
    return repr(float(text.replace("INF", "inf"))), datatype


def _date_time(text: str, datatype: str) -> tuple[str, str]:
    found = _DATE_TIME.fullmatch(text)
    if found is None:
        return text, datatype
    fraction = (found[2] or "").rstrip("0").rstrip(".")
    zone = "Z" if found[3] == "+00:00" else found[3] or ""
    return f"{found[1]}{fraction}{zone}", datatype


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


@dataclass(frozen=True, slots=True)
class Engine:
    """What is known of a kind of store."""

    name: str
    label: str
    known_by: str
    """What a header of its answers, ``name: value`` in small letters, begins with."""
    forms: Mapping[str, Form]
    """Datatype → the form in which its literals are compared."""
    changes: tuple[str, ...] = ()
    """The same in words, for people."""
    own_default_graph: bool = True
    """Whether it has a default graph beside its named graphs; where not, queries without GRAPH ask their union."""
    one_transaction: bool = False
    """Whether the operations of one update happen together or not at all."""
    insert: int = 2000
    """Statements of one ``INSERT DATA``, at most."""


_OXIGRAPH: Final[dict[str, Form]] = {
    XSD + "boolean": _boolean,
    XSD + "decimal": _decimal,
    XSD + "double": _float,
    XSD + "float": _float,
    XSD + "dateTime": _date_time,
    **dict.fromkeys(INTEGERS, _integer_of_any_type),
}
_VIRTUOSO: Final[dict[str, Form]] = {
    XSD + "boolean": _boolean,
    XSD + "decimal": _decimal_15,
    XSD + "double": _float,
    XSD + "float": _float,
    XSD + "dateTime": _date_time,
    **dict.fromkeys(INTEGERS, _integer_of_64_bits),
}

GENERIC: Final = Engine("generic", "a store of a kind not known here", "", {}, own_default_graph=False)
ENGINES: Final = {
    engine.name: engine
    for engine in (
        Engine(
            "oxigraph",
            "Oxigraph",
            "server: oxigraph",
            _OXIGRAPH,
            (
                "numbers, booleans and times in canonical form (1.50 → 1.5, 1.5E0 → 1.5, 0012 → 12, 1 → true)",
                "types derived from xsd:integer become xsd:integer",
            ),
            one_transaction=True,
            insert=10_000,
        ),
        Engine(
            "virtuoso",
            "Virtuoso 7",
            "server: virtuoso",
            _VIRTUOSO,
            (
                "numbers, booleans and times in its own form (1.50 → 1.5, 0012 → 12, 1 → true, seconds .5 → .500)",
                "decimals of more than 15 places are rounded",
                "an xsd:integer of more than 64 bits becomes a decimal",
            ),
            own_default_graph=False,
        ),
        GENERIC,
    )
}


def engine_of(headers: Mapping[str, str]) -> Engine:
    """Return the engine that gave an answer with these headers; one that is not known changes nothing."""
    said = [f"{name}: {value}".casefold() for name, value in headers.items()]
    known = (e for e in ENGINES.values() if e.known_by and any(line.startswith(e.known_by) for line in said))
    return next(known, GENERIC)


def normalised(line: bytes, engine: Engine) -> bytes:
    """Return a line of canonical N-Triples with its literal as it is compared on this engine.

    >>> line = b'<a:s> <a:p> "1.50"^^<http://www.w3.org/2001/XMLSchema#decimal> .'
    >>> normalised(line, ENGINES["virtuoso"])
    b'<a:s> <a:p> "1.5"^^<http://www.w3.org/2001/XMLSchema#decimal> .'
    """
    head, typed, rest = line.rpartition(b'"^^<')
    if not typed:
        return line
    datatype = rest.partition(b">")[0].decode()
    form = engine.forms.get(datatype)
    if form is None:
        return line
    before, _, text = head.rpartition(b' "')
    try:
        value, kind = form(text.decode(), datatype)
    except (ValueError, InvalidOperation):
        return line  # no literal of its type: nothing may have touched it
    return b" ".join((before, str(ox.Literal(value, datatype=ox.NamedNode(kind))).encode(), b"."))
