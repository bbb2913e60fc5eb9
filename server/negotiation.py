"""Content negotiation: which of the offered formats a client gets, in which coding and language.

Werkzeug's ``best_match`` decides, with two cares: no or an empty `Accept` is the default format, and parameters of a
media type other than `q` are dropped first, since it matches neither as they come.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from flask import request
from werkzeug.datastructures import MIMEAccept

from msevidence.server.errors import NotAcceptable
from msevidence.server.formats import RDF_FORMATS, RESULT_FORMATS, Format

F = TypeVar("F", bound=Format)  # type: ignore[type-arg]

HTML = ("text/html", "application/xhtml+xml")
# What clients write in ?format=, beside the names of the formats, their media types and their file suffixes.
SYNONYMS = {"json-ld": "jsonld", "rdf+xml": "rdfxml", "n3": "turtle", "ntriples": "nt", "nquads": "nq"}
# SPARQLWrapper sends the format of its caller's choice for any query, so these two name one in both families.
OF_TRIPLES = {"json": "jsonld", "xml": "rdfxml"}


def accepted() -> MIMEAccept:
    """Return what the client accepts, without parameters; empty when it does not say."""
    return MIMEAccept([(value.partition(";")[0].strip(), q) for value, q in request.accept_mimetypes])


def prefers_html(offered: Iterable[str]) -> bool:
    """Tell whether a client that could have `offered` would rather have a page, as browsers do."""
    return accepted().best_match([*offered, *HTML]) in HTML


def choose(formats: Mapping[str, F], explicit: str | None) -> F:
    """Choose the format of an answer.

    Args:
        formats: what is offered, the default first.
        explicit: value of `?format=`, which goes before `Accept`.

    Raises:
        NotAcceptable: nothing fits; says what is offered.
    """
    if explicit:
        found = _named(formats, explicit)
        if found is not None:
            return found
        raise _refusal(formats, f"format={explicit!r} is not offered for this")
    accept = accepted()
    if not accept:
        return next(iter(formats.values()))
    offered = {format.media_type: format for format in formats.values()}
    for format in formats.values():
        for alias in format.aliases:
            offered.setdefault(alias, format)
    best = accept.best_match(list(offered))
    if best is None:
        raise _refusal(formats, f"None of {', '.join(accept.values())} is offered for this")
    return offered[best]


def gzip_wanted() -> bool:
    """Tell whether the client takes gzip (RFC 9110, section 12.5.3)."""
    return request.accept_encodings.quality("gzip") > 0


def language() -> str:
    """Return the language of the interface, `en` or `nb`, by ?lang= or Accept-Language."""
    asked = request.args.get("lang", "")
    if asked in ("en", "nb"):
        return asked
    best = request.accept_languages.best_match(["en", "nb", "no", "nn"], "en")
    return "en" if best == "en" else "nb"


def formats_of(form: str) -> Mapping[str, Format]:  # type: ignore[type-arg]
    """Return the formats of a query form."""
    return RESULT_FORMATS if form in ("SELECT", "ASK") else RDF_FORMATS


def _named(formats: Mapping[str, F], name: str) -> F | None:
    name = name.strip().lower().replace(" ", "+")  # a plus sign in a query string that its writer did not escape
    name = SYNONYMS.get(name, name)
    if "turtle" in formats:
        name = OF_TRIPLES.get(name, name)
    if name in formats:
        return formats[name]
    for format in formats.values():
        if name in (format.suffix, format.media_type, *format.aliases):
            return format
    return None


def _refusal(formats: Mapping[str, F], said: str) -> NotAcceptable:
    offered = [format.media_type for format in formats.values()]
    return NotAcceptable(f"{said}; offered: {', '.join(offered)}.", offered=offered)
