"""The bricks of FHIR R5 resources: ids, references, codes, identifiers, texts with their language, narratives.

Data types: https://hl7.org/fhir/R5/datatypes.html. References are the IRIs of entries (``fullUrl``), as these are no
addresses of a FHIR server (https://hl7.org/fhir/R5/bundle.html#references).
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from msevidence.server.exports.network_xml import writable
from msevidence.server.labels import Labels, Text

Json = dict[str, Any]
"""A JSON object of FHIR."""

URI = "urn:ietf:rfc:3986"
"""System of identifiers that are IRIs."""
LANGUAGE = "http://hl7.org/fhir/StructureDefinition/language"
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
ABSENT = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]}
"""In place of a required value that no source states."""
XHTML = "http://www.w3.org/1999/xhtml"
UNKNOWN = "unknown"
"""Of a required status that no source states."""
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def made(**fields: Any) -> Json:
    """Return an object without what is empty: FHIR has no empty strings, arrays and objects."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {}, ())}


def fhir_id(iri: str) -> str:
    """Return the id of a thing: kind and key where FHIR's 64 characters hold them, else kind and a hash of the IRI.

    >>> fhir_id("https://w3id.org/msevidence/study/mist")
    'study-mist'
    >>> fhir_id("https://w3id.org/msevidence/study/a_b")
    'study-2748e26f415afd85'
    """
    kind, key = iri.rstrip("/").split("/")[-2:] if iri.count("/") > 1 else ("thing", iri.rpartition(":")[2])
    name = f"{kind}-{key}"
    return name if _ID.fullmatch(name) else f"{kind}-{hashlib.sha256(iri.encode()).hexdigest()[:16]}"


def made_iri(*parts: str) -> str:
    """Return an IRI for what the graph has no IRI for, the same for the same parts.

    >>> made_iri("a", "b")
    'urn:uuid:41273022-129f-5163-987d-6f7a5f9e2fc8'
    """
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, ' '.join(parts))}"


def reference(iri: str, kind: str, display: str = "") -> Json:
    """Return a reference to an entry of the bundle."""
    return made(reference=iri, type=kind, display=writable(display))


def marked(name: str, text: str, language: str = "") -> Json:
    """Return a primitive of type string or markdown, with the language that it is in."""
    there = made(**{name: writable(text)})
    if there and language:
        there[f"_{name}"] = {"extension": [{"url": LANGUAGE, "valueCode": language}]}
    return there


def literal(name: str, value: ox.Literal | None, language: str = "") -> Json:
    """Return a literal as a primitive, in its own language or else in that of its document."""
    return {} if value is None else marked(name, value.value, value.language or language)


def labelled(name: str, text: Text) -> Json:
    """Return a label as a primitive."""
    return marked(name, text.text, text.language or "")


def translated(name: str, labels: Sequence[ox.Literal]) -> Json:
    """Return a text in English (else in what there is) with its other languages as translations."""
    if not labels:
        return {}
    first = min(labels, key=lambda one: (one.language != "en", one.language or ""))
    there = literal(name, first)
    for other in (one for one in labels if one != first and one.language):
        parts = [{"url": "lang", "valueCode": other.language}, {"url": "content", "valueString": other.value}]
        there.setdefault(f"_{name}", {}).setdefault("extension", []).append({"url": TRANSLATION, "extension": parts})
    return there


def concept(iri: str, labels: Labels, *more: Json) -> Json:
    """Return a concept of the graph's schemes: the scheme as the system, the key as the code.

    Args:
        iri: of the concept.
        labels: names.
        more: codings of other code systems.
    """
    scheme, _, code = iri.rstrip("/").rpartition("/")
    label = labels(iri).text
    return made(coding=[made(system=scheme, code=code, display=label), *more], text=label)


def identifier(system: str, value: str, kind: str = "") -> Json:
    """Return an identifier."""
    return made(type=made(text=kind), system=system, value=value)


def own_identifier(iri: str) -> Json:
    """Return the IRI of a thing as its identifier."""
    return identifier(URI, iri)


def date(text: str) -> str:
    """Return a date as FHIR has it (year, month or day), empty for what is none.

    >>> date("2021-09"), date("spring 2021")
    ('2021-09', '')
    """
    return text if _DATE.fullmatch(text) else ""


def number(text: str) -> int | float:
    """Return a decimal as a number of JSON."""
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else float(value)


def note(text: str, *, by: str = "", at: str = "", language: str = "") -> Json:
    """Return an annotation: words, whose they are, and their date."""
    return made(authorString=writable(by), time=date(at), **marked("text", text, language))


def paragraph(text: str, *, language: str = "", link: str = "", tag: str = "p") -> str:
    """Return a paragraph of a narrative, as XHTML."""
    inner = escape(writable(text))
    if link:
        inner = f"<a href={quoteattr(link)}>{inner}</a>"
    marks = f" lang={quoteattr(language)} xml:lang={quoteattr(language)}" if language else ""
    return f"<{tag}{marks}>{inner}</{tag}>"


def narrative(*parts: str) -> Json:
    """Return a narrative (https://hl7.org/fhir/R5/narrative.html) of XHTML parts."""
    return {"status": "generated", "div": f'<div xmlns="{XHTML}">{"".join(parts)}</div>'}
