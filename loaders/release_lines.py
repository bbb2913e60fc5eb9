"""The statements of a release as lines of canonical N-Quads: what the store would write, without asking it.

What is loaded comes as N-Quads, and making objects of its terms would cost as much as the store does. A line that is
surely as the store writes it (its terms without escapes to choose from, numbers and dates in their one form) is taken
as it is; any other goes through a store in memory, which is what decides. Nothing but named graphs, IRIs and literals
passes: a blank node, a triple term or the reserved graph is refused by name.
"""

import io
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from msevidence.loaders.release_errors import UnpublishableError
from msevidence.loaders.release_sorting import Runs

Stated = ox.Quad | bytes
"""A quad, or whole lines of N-Quads."""
CHUNK = 20_000
"""Quads that are written as lines at a time."""

_XSD = rb"http://www\.w3\.org/2001/XMLSchema#"
_IRI = (
    rb"<[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\\x7f\xef]*>"  # \xef begins U+FFFE and U+FFFF, which are escaped
)
_YEAR, _MONTH, _DAY = rb"[1-9]\d{3}", rb"(?:0[1-9]|1[0-2])", rb"(?:0[1-9]|1\d|2[0-8])"  # later days: the store decides
_TYPED = b"|".join(
    rb'"(?:%s)"\^\^<%s%s>' % (text, _XSD, name)
    for text, name in (
        (rb"0|-?[1-9]\d{0,17}", b"integer"),
        (rb"true|false", b"boolean"),
        (rb"%s-%s-%s" % (_YEAR, _MONTH, _DAY), b"date"),
        (_YEAR, b"gYear"),
        (rb"%s-%s" % (_YEAR, _MONTH), b"gYearMonth"),
    )
)
_STRING = (
    rb'"[^"\\\x00-\x1f\x7f\xef]*(?:\\["\\nrtbf][^"\\\x00-\x1f\x7f\xef]*)*"(?:@[a-z]{2,3}|\^\^<%sanyURI>)?(?= )' % _XSD
)
_surely = re.compile(rb"%s %s (?:%s|%s|%s) (%s) \.\n" % (_IRI, _IRI, _IRI, _STRING, _TYPED, _IRI)).fullmatch


def canonical(stated: Iterable[Stated], reserved: str) -> Iterator[list[bytes]]:
    """Yield the lines of what is stated, each with its newline, some at a time, as they come.

    Args:
        stated: quads, and lines of N-Quads.
        reserved: IRI of the graph that nobody but the release itself writes.

    Raises:
        UnpublishableError: a quad may not be published, or a line is no quad.
    """
    quads: list[ox.Quad] = []
    for one in stated:
        if isinstance(one, bytes):
            yield _taken(one, reserved)
            continue
        quads.append(one)
        if len(quads) == CHUNK:
            yield _taken(_written(quads, reserved), reserved)
            quads.clear()
    yield _taken(_written(quads, reserved), reserved)


def in_order(stated: Iterable[Stated], reserved: str, folder: Path | None = None) -> Runs:
    """Return the lines of what is stated, to be read in their order; held in ``folder``. Raises as :func:`canonical`.

    Raises OSError where there is no room for them.
    """
    runs = Runs(folder)
    for lines in canonical(stated, reserved):
        runs.add(lines)
    return runs


def check(quad: ox.Quad, reserved: str) -> None:
    """Raise UnpublishableError where a quad may not be published."""
    graph = quad.graph_name
    if not isinstance(graph, ox.NamedNode):
        raise UnpublishableError(f"{quad}: stands in no graph with an IRI; give it the graph of its source")
    if graph.value == reserved:
        raise UnpublishableError(f"{quad}: the release writes {reserved} itself; name another graph")
    if not isinstance(quad.subject, ox.NamedNode) or isinstance(quad.object, ox.BlankNode | ox.Triple):
        raise UnpublishableError(f"{quad}: blank nodes and triple terms are not published; mint an IRI for the node")


def _written(quads: list[ox.Quad], reserved: str) -> bytes:
    for quad in quads:
        check(quad, reserved)
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""


def _taken(chunk: bytes, reserved: str) -> list[bytes]:
    own = f"<{reserved}>".encode()
    lines: list[bytes] = []
    others: list[bytes] = []
    for line in io.BytesIO(chunk):
        match = _surely(line)
        (others if match is None or match[1] == own else lines).append(line)
    if others:
        lines += _decided(b"".join(others), reserved)
    return lines


def _decided(lines: bytes, reserved: str) -> Iterator[bytes]:
    """Yield lines as the store writes them."""
    store = ox.Store()
    try:
        parsed = ox.parse(lines, format=ox.RdfFormat.N_QUADS)
        while some := list(islice(parsed, CHUNK)):
            for quad in some:
                check(quad, reserved)
            store.extend(some)
    except SyntaxError as e:
        raise UnpublishableError(f"a statement is no quad of N-Quads ({e}); load its source again") from e
    written = io.BytesIO()
    store.dump(written, format=ox.RdfFormat.N_QUADS)
    written.seek(0)
    yield from written
