"""Parameters of a request, read strictly: UTF-8 or an error, and nothing decoded twice.

Flask's own ``request.args`` and ``request.form`` put U+FFFD where bytes are no UTF-8, which would change a query
without a word.
"""

from __future__ import annotations

import binascii
from urllib.parse import parse_qsl

import pyoxigraph as ox
from flask import request

from msevidence.server.errors import BadRequest, UnsupportedMediaType

MAX_FIELDS = 1_000


class Parameters:
    """Names and values in their order, a name any number of times."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs

    def all(self, name: str) -> list[str]:
        """Return every value of a name, without empty ones."""
        return [value for key, value in self._pairs if key == name and value]

    def one(self, name: str) -> str | None:
        """Return the value of a name that may stand once.

        Raises:
            BadRequest: it stands more than once.
        """
        values = [value for key, value in self._pairs if key == name]
        if len(values) > 1:
            raise BadRequest(f"The parameter {name!r} stands {len(values)} times; once is allowed.")
        return values[0] if values else None

    def formats(self) -> list[str]:
        """Return every value that may name the format of the answer, in their order."""
        return [value for key, value in self._pairs if key in ("format", "output") and value]

    def __contains__(self, name: str) -> bool:
        return any(key == name for key, _ in self._pairs)

    def graphs(self, name: str) -> tuple[str, ...]:
        """Return the graph names under a name, each once: the merge of a graph with itself is that graph.

        Raises:
            BadRequest: one is no absolute IRI.
        """
        return tuple(dict.fromkeys(absolute_iri(value, name) for value in self.all(name)))


def of_url() -> Parameters:
    """Read the query string of the request."""
    return Parameters(decoded(request.query_string, "query string"))


def of_form() -> Parameters:
    """Read the query string and an `application/x-www-form-urlencoded` body of the request."""
    require_utf8()
    body = request.get_data(cache=False)
    return Parameters(decoded(request.query_string, "query string") + decoded(body, "form"))


def text_body() -> str:
    """Read a body of text.

    Raises:
        BadRequest: it is no UTF-8.
    """
    require_utf8()
    try:
        return request.get_data(cache=False).decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(f"The body is no UTF-8: byte {error.start} does not fit.") from error


def require_utf8() -> None:
    """Refuse a body that says it is in another encoding than UTF-8, or compressed: none is unpacked here."""
    coding = request.headers.get("Content-Encoding", "identity")
    if coding.strip().lower() != "identity":
        raise UnsupportedMediaType(f"The body is in the coding {coding}; send it plain.")
    charset = request.mimetype_params.get("charset", "utf-8")
    if charset.lower() not in ("utf-8", "utf8", "us-ascii"):
        raise UnsupportedMediaType(f"The body is in {charset}; send UTF-8.")


def absolute_iri(value: str, name: str) -> str:
    """Return the value if it is an absolute IRI.

    Raises:
        BadRequest: it is none.
    """
    try:
        return ox.NamedNode(value).value
    except ValueError as error:
        raise BadRequest(f"{name}={value[:200]!r} is no absolute IRI: {str(error)[:200]}.") from error


AT_ONCE = 8_192
"""Bytes that the library's loop, which is in Python, reads in some 3 ms."""


def decoded(data: bytes, where: str) -> list[tuple[str, str]]:
    """Return the pairs of a query string or form.

    Args:
        data: as it came.
        where: what errors call it.

    Raises:
        BadRequest: it is no UTF-8 once decoded, or has too many pairs.
    """
    if (pairs := _plain(data)) is not None:
        return pairs
    try:
        return parse_qsl(data.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except UnicodeDecodeError as error:
        raise BadRequest(f"The {where} is no UTF-8 once its percent signs are decoded.") from error
    except ValueError as error:
        raise BadRequest(f"The {where} has more than {MAX_FIELDS} parameters.") from error


def decoded_at_once(data: bytes, where: str) -> list[tuple[str, str]] | None:
    """Return the same where that takes no longer than anybody may wait; None where it does: odd escapes, many of them.

    Raises:
        BadRequest: as :func:`decoded`.
    """
    pairs = _plain(data)
    return pairs if pairs is not None or len(data) > AT_ONCE else decoded(data, where)


def _plain(data: bytes) -> list[tuple[str, str]] | None:
    """Return what ``parse_qsl`` would, in a tenth of the time; None where that has to say it.

    An escape `%41` is the same as `=41` in quoted-printable, which C decodes; the library's loop is in Python.
    """
    if data.count(b"&") >= MAX_FIELDS or b"\n" in data or b"\r" in data or b";" in data:
        return None
    pairs = []
    try:
        for field in data.split(b"&"):
            if field:
                name, _, value = field.partition(b"=")
                pairs.append((_text(name), _text(value)))
    except ValueError:
        return None
    return pairs


def _text(escaped: bytes) -> str:
    """Decode a name or a value.

    Raises:
        ValueError: a percent sign begins no escape, or it is no UTF-8.
    """
    spaced = escaped.replace(b"+", b" ").replace(b"=", b"=3D").replace(b"%", b"=")
    decoded = binascii.a2b_qp(spaced)
    if len(decoded) != len(spaced) - 2 * spaced.count(b"="):  # what is no escape stays longer
        raise ValueError("a percent sign begins no escape")
    return decoded.decode("utf-8")
