"""Content negotiation: which of the offered formats a client gets, in which coding and language.

Werkzeug's ``best_match`` decides, with some cares. No or an empty `Accept` is the default format; parameters of a
media type other than `q` are dropped first, since it matches neither as they come. What RFC 9110 does not allow and
clients send is read as they mean it (section 2.4 leaves that to us): `*` as `*/*`, `q=.2` as 0.2, a weight beyond 0
and 1 as the nearer of them, and one that is no number as if it were not there.

A person gets a page, and a program data: by what `Accept` says alone, which is what the answer varies by. Every
browser of today names XHTML. A list that names pages, pictures and anything else, but no XHTML, is the default of a
library (`text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2`, Java's ``HttpURLConnection``): its HTML is no wish.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TypeVar

from flask import request
from werkzeug.datastructures import Accept, LanguageAccept, MIMEAccept
from werkzeug.http import parse_accept_header

from msevidence.server.errors import NotAcceptable, Words
from msevidence.server.formats import RDF_FORMATS, RESULT_FORMATS, Format

F = TypeVar("F", bound=Format)  # type: ignore[type-arg]

HTML = ("text/html", "application/xhtml+xml")
# What clients write in ?format=, beside the names of the formats, their media types and their file suffixes.
SYNONYMS = {"json-ld": "jsonld", "rdf+xml": "rdfxml", "n3": "turtle", "ntriples": "nt", "nquads": "nq"}
# SPARQLWrapper sends the format of its caller's choice for any query, so these two name one in both families.
OF_TRIPLES = {"json": "jsonld", "xml": "rdfxml"}
ANY = "*/*"
_WEIGHT = re.compile(r";[ \t]*q[ \t]*=[ \t]*\"?([^ \t;,\"]*)\"?", re.IGNORECASE)
_QUOTED = re.compile(r";[ \t]*(?!q[ \t]*=)[^;,=\"]{1,100}=[ \t]*\"(?:[^\"\\]|\\.)*+\"", re.IGNORECASE)
"""A parameter whose value is quoted, and may hold what looks like a weight."""
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,9}\.?[0-9]*|\.[0-9]+)")


def accepted() -> MIMEAccept:
    """Return what the client of this request accepts, without parameters; empty when it does not say."""
    return accepted_of(request.headers.get("Accept", ""))


@lru_cache(maxsize=512)
def accepted_of(written: str) -> MIMEAccept:
    """Return what an `Accept` header says."""
    read = parse_accept_header(_WEIGHT.sub(_mended_weight, _QUOTED.sub("", written)), MIMEAccept)
    found = [(value.partition(";")[0].strip(), weight) for value, weight in read]
    found = [(ANY if value == "*" else value, weight) for value, weight in found]
    types = {value for value, weight in found if weight}
    if ANY in types and HTML[1] not in types and any(value.startswith("image/") for value in types):
        found = [(value, weight) for value, weight in found if value not in HTML]
    return MIMEAccept(found)


def _mended_weight(written: re.Match[str]) -> str:
    if _NUMBER.fullmatch(written[1]) is None:
        return ""
    return f";q={min(max(float(written[1]), 0.0), 1.0):f}"


def prefers_html(offered: Iterable[str], accept: MIMEAccept | None = None) -> bool:
    """Tell whether a client that could have `offered` would rather have a page, as browsers do."""
    return (accepted() if accept is None else accept).best_match([*offered, *HTML]) in HTML


def choose(formats: Mapping[str, F], explicit: str | None, accept: MIMEAccept | None = None) -> F:
    """Choose the format of an answer.

    Args:
        formats: what is offered, the default first.
        explicit: value of `?format=`, which goes before `Accept`.
        accept: what the client accepts; None: by the request that Flask is answering.

    Raises:
        NotAcceptable: nothing fits; says what is offered.
    """
    if explicit:
        found = _named(formats, explicit)
        if found is not None:
            return found
        given = f"format={explicit[:60]!r}"
        raise _refusal(formats, f"{given} is not offered for this", f"{given} tilbys ikke for dette")
    accept = accepted() if accept is None else accept
    if not accept:
        return next(iter(formats.values()))
    offered = {format.media_type: format for format in formats.values()}
    for format in formats.values():
        for alias in format.aliases:
            offered.setdefault(alias, format)
    best = accept.best_match(list(offered))
    if best is None:
        wanted = ", ".join(accept.values())
        raise _refusal(formats, f"None of {wanted} is offered for this", f"Ingen av {wanted} tilbys for dette")
    return offered[best]


def named(formats: Mapping[str, F], names: Iterable[str]) -> F | None:
    """Return the format that the first known of these names asks for, or None where none is known.

    `?format=` and `?output=` are a convenience of ours, and other servers have their own names: SPARQLWrapper sends
    several values, lists of media types among them, and leaves it to `Accept` where a server knows none.
    """
    for name in names:
        for part in name.split(","):
            found = _named(formats, part)
            if found is not None:
                return found
    return None


def asked(formats: Mapping[str, F]) -> F:
    """Return the format that this request asks for: the first known of several ``?format=``, else by ``Accept``.

    Raises:
        NotAcceptable: nothing fits; says what is offered.
    """
    names = [name for name in request.args.getlist("format") if name]
    return named(formats, names) or choose(formats, names[0] if names else None)


def gzip_wanted() -> bool:
    """Tell whether the client takes gzip (RFC 9110, section 12.5.3)."""
    return gzip_among(request.headers.get("Accept-Encoding", ""))


@lru_cache(maxsize=512)
def gzip_among(written: str) -> bool:
    """Tell whether an `Accept-Encoding` header names gzip, and would not rather have the answer as it is."""
    codings = parse_accept_header(written, Accept)
    gzip = codings.quality("gzip")
    rather = max((weight for coding, weight in codings if coding == "identity"), default=0)
    return gzip > 0 and rather <= gzip


def plain_taken() -> bool:
    """Tell whether the client takes an answer that is in no coding: it does unless it says otherwise."""
    return plain_among(request.headers.get("Accept-Encoding", ""))


@lru_cache(maxsize=512)
def plain_among(written: str) -> bool:
    """Tell whether an `Accept-Encoding` header leaves an answer as it is acceptable (RFC 9110, section 12.5.3).

    >>> [plain_among(said) for said in ("gzip", "gzip, *;q=0, identity;q=0.1", "gzip, identity;q=0", "gzip, *;q=0")]
    [True, True, False, False]
    """
    said = {coding.lower(): weight for coding, weight in parse_accept_header(written, Accept)}
    return said.get("identity", said.get("*", 1)) > 0


def language() -> str:
    """Return the language of the interface, `en` or `nb`, by ?lang= or Accept-Language."""
    return language_of(request.args.get("lang", ""), request.headers.get("Accept-Language", ""))


def language_of(asked: str, written: str) -> str:
    """Return the language of the interface by the parameter ``lang`` where it names one, else by `Accept-Language`."""
    return asked if asked in ("en", "nb") else language_among(written)


@lru_cache(maxsize=512)
def language_among(written: str) -> str:
    """Return the language of the interface by an `Accept-Language` header."""
    best = parse_accept_header(written, LanguageAccept).best_match(["en", "nb", "no", "nn"], "en")
    return "en" if best == "en" else "nb"


def formats_of(form: str) -> Mapping[str, Format]:  # type: ignore[type-arg]
    """Return the formats of a query form."""
    return RESULT_FORMATS if form in ("SELECT", "ASK") else RDF_FORMATS


def _named(formats: Mapping[str, F], name: str) -> F | None:
    name = name.strip().lower().replace(" ", "+")  # a plus sign in a query string that its writer did not escape
    name = SYNONYMS.get(name, name)
    if "turtle" in formats and name not in formats:
        name = OF_TRIPLES.get(name, name)
    if name in formats:
        return formats[name]
    for format in formats.values():
        if name in (format.suffix, format.media_type, *format.aliases):
            return format
    return None


def _refusal(formats: Mapping[str, F], en: str, nb: str) -> NotAcceptable:
    offered = [format.media_type for format in formats.values()]
    there = ", ".join(offered)
    return NotAcceptable(Words(f"{en}; offered: {there}.", f"{nb}; tilbudt: {there}."), offered=offered)
