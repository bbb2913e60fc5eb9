"""What a JATS article says of itself: title, language, kind, dates, journal, identifiers, rights and licence."""

import hashlib
import re
from dataclasses import dataclass, field
from typing import get_args

from msevidence.loaders.document import PartialDate
from msevidence.loaders.exports.values import plain
from msevidence.loaders.jats_flow import Flow
from msevidence.loaders.jats_references import PMCID, PMID, PUB_IDS, date_of
from msevidence.loaders.jats_tree import Element
from msevidence.loaders.jats_words import FURNITURE, KINDS
from msevidence.loaders.metadata_schema import Identifier, Metadata
from msevidence.ontology.identifiers import normalise_doi
from msevidence.ontology.iris import InvalidKeyError, slug

LANGUAGES = frozenset(get_args(Metadata.model_fields["language"].annotation))
NO_LICENCE = "No licence is recorded."
ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
EVENTS = {
    "received": "received",
    "accepted": "accepted",
    "rev-recd": "revised",
    "revised": "revised",
    "revision-received": "revised",
}
"""``date-type`` in the history of an article, and the key of ``FrontMatter.dates``."""
FIRST, PRINTED = ("epub", "electronic", "epub-ppub"), ("ppub", "print", "pub", "collection", "")
"""Kinds of publication dates: the first of these that there is counts."""


@dataclass
class Described:
    """Metadata of an article, its dates as printed, and what is wrong with them."""

    metadata: Metadata
    key: str
    dates: dict[str, PartialDate] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def language_tag(printed: str | None) -> str | None:
    """Return the language of an ``xml:lang`` as the project writes it: without the country, Norwegian as bokmål.

    >>> language_tag("EN-us"), language_tag("no"), language_tag("")
    ('en', 'nb', None)
    """
    match = re.match(r"[a-z]{2,3}(?![a-z])", (printed or "").strip().lower())
    tag = match.group() if match else None
    return {"no": "nb"}.get(tag, tag) if tag else None


def describe(article: Element, raw: bytes) -> Described:
    """Return the metadata of an ``article``; the hash of ``raw``, the bytes of its file, is the last resort of keys."""
    meta = article.first("front", "article-meta") or article.first("front") or article
    faults: list[str] = []
    identifiers = _identifiers(meta, faults)
    title = _title(meta)
    if title is None:
        faults.append("the article has no title")
    printed_kind = article.attributes.get("article-type", "").strip().lower()
    kind = KINDS.get(printed_kind)
    if kind is None and printed_kind:
        faults.append(f"article-type {printed_kind!r} is not known; it is taken for a journal article")
    language = language_tag(article.attributes.get("lang")) or "en"
    if language not in LANGUAGES:
        faults.append(f"the language {language!r} is not known; it is taken for English")
        language = "en"
    dates = _dates(meta, faults)
    published = dates.get("published")
    journal = article.first("front", "journal-meta")
    names = (
        [e for n in ("journal-title", "abbrev-journal-title", "journal-id") for e in journal.within(n)]
        if journal
        else []
    )
    rights, licence = _terms(meta)
    metadata = Metadata.model_validate(
        {
            "title": title or next((i.value for i in identifiers), "Article without a title"),
            "language": language,
            "type": kind or "journal-article",
            "published": published.value if published else None,
            "container": next((text for n in names if (text := plain(n.text()))), None),
            "identifiers": identifiers,
            "rights": rights or (None if licence else NO_LICENCE),
            "licence": licence,
        }
    )
    return Described(metadata, _key(identifiers, raw), dates, faults)


def _title(meta: Element) -> str | None:
    group = meta.first("title-group") or meta
    parts = [_words(e) for e in group.elements("article-title", "subtitle")]
    title = ": ".join(p.rstrip(":") for p in parts if p)
    return title or None


def _words(element: Element, *leave: str) -> str:
    """Return the words of an element, without marks of footnotes and elements named ``leave``."""
    flow = Flow(leave={*FURNITURE, "xref", "fn", *leave})
    flow.take_all(element)
    return plain("".join(c for c, _, _ in flow.characters))


def _identifiers(meta: Element, faults: list[str]) -> list[Identifier]:
    found: dict[str, str] = {}
    for element in meta.elements("article-id"):
        scheme = PUB_IDS.get(element.attributes.get("pub-id-type", "").lower())
        value: str | None = element.text()
        if scheme is None or not value:
            continue
        if scheme == "doi":
            value = normalise_doi(value)
        elif scheme == "pmcid":
            value = f"PMC{match[1]}" if (match := PMCID.fullmatch(value)) else None
        elif not PMID.fullmatch(value):
            value = None
        if value is None:
            faults.append(f"line {element.line}: {element.text()!r} is given as {scheme} and is none")
        else:
            found.setdefault(scheme, value)
    return [Identifier(scheme=s, value=found[s]) for s in ("doi", "pmcid", "pmid") if s in found]


def _key(identifiers: list[Identifier], raw: bytes) -> str:
    by_scheme = {i.scheme: i.value for i in identifiers}
    for scheme in ("doi", "pmcid"):
        try:
            return slug(by_scheme[scheme])
        except (KeyError, InvalidKeyError):
            continue
    return hashlib.sha256(raw).hexdigest()[:12]


def _dates(meta: Element, faults: list[str]) -> dict[str, PartialDate]:
    dates: dict[str, PartialDate] = {}
    printed: dict[str, PartialDate] = {}
    for element in meta.elements("pub-date"):
        kinds = (element.attributes.get(a, "").lower() for a in ("publication-format", "pub-type", "date-type"))
        known = next((k for k in kinds if k in FIRST + PRINTED and k), "")
        told = element.attributes.get("pub-type") or element.attributes.get("date-type") or "pub"
        wanted = told in FIRST + PRINTED
        if wanted and (found := _date(element, faults)):
            printed.setdefault(known, found)
    published = next((printed[k] for k in FIRST + PRINTED if k in printed), None)
    history = meta.first("history")
    for element in history.elements("date") if history else []:
        key = EVENTS.get(element.attributes.get("date-type", "").lower())
        if key and key not in dates and (found := _date(element, faults)):
            dates[key] = found
    return dates | ({"published": published} if published else {})


def _date(element: Element, faults: list[str]) -> PartialDate | None:
    found: list[str] = []
    date = date_of(element, found)
    faults += [f"line {element.line}: {fault}" for fault in found]
    return date


def _terms(meta: Element) -> tuple[str | None, str | None]:
    """Return the terms of use as printed, and the address of the licence."""
    permissions = meta.first("permissions") or meta.first("copyright-statement")
    if permissions is None:
        return None, None
    texts = [_words(e, "license_ref") for e in permissions.elements("copyright-statement", "license", "license-p")]
    if permissions.name == "copyright-statement":
        texts = [plain(permissions.text())]
    if not any(texts):
        year, holder = (permissions.first(n) for n in ("copyright-year", "copyright-holder"))
        texts = [" ".join(("Copyright", *(plain(e.text()) for e in (year, holder) if e is not None)))]
        texts = texts if texts != ["Copyright"] else []
    addresses = [e.attributes.get("href", "") for e in permissions.elements("license")]
    addresses += [e.text() for e in permissions.within("license_ref")]
    addresses += [e.attributes.get("href", "") for e in permissions.within("ext-link", "uri")]
    licence = next((a.strip() for a in addresses if ADDRESS.fullmatch(a.strip())), None)
    return " ".join(t for t in texts if t) or None, licence
