"""The identifiers printed with an entry, or in the address beside it, and what a DOI says of its article by its form.

DOIs are opaque (DOI Handbook §2.2); but some publishers make them of volume, year and article number, always in the
same way. Only such forms are read here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote

from rdflib import DCTERMS

from msevidence.loaders.review.identifiers.known import first_page
from msevidence.loaders.review.view import Reference
from msevidence.ontology.identifiers import normalise_doi
from msevidence.ontology.namespaces import MSE, OA, PRISM

_DOI = re.compile(r"(?:\bdoi\s*[:.]?\s*|doi\.org/|[/=:])(10\.\d{4,9}/[^\s<>\"?&#]+)", re.I)
_PMID = re.compile(
    r"(?:\bPMID\s*:?\s*|pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/(?:m/)?pubmed/|pub-id-type=\"pmid\"[^>]*>)(\d+)",
    re.I,
)
_PMCID = re.compile(r"\bPMC(\d+)\b")
_HREF = re.compile(r"xlink:href=\"([^\"]+)\"")
_ROUTE = re.compile(r"(?:/(?:full|fulltext|abstract|pdf|epdf|html|meta|results)|\.pdf|\.full)+$", re.I)
_CENTRAL = re.compile(r"10\.1002/central/", re.I)
"""DOIs of records in CENTRAL, the register of the Cochrane Library; they are none of the works recorded there."""
_VERSION = re.compile(r"\.pub\d+$")


@dataclass(frozen=True)
class Identifier:
    """An identifier with an entry; ``value`` is normalised."""

    kind: str
    """DOI, PMID or PMCID."""
    value: str
    printed: str
    """The number, or the address that it stands in."""
    passage: str
    """IRI."""


def printed_identifiers(reference: Reference) -> list[Identifier]:
    """Return the identifiers of an entry, each once: printed with it, or in the addresses beside or under it."""
    found: dict[tuple[str, str], Identifier] = {}
    for passage in reference.passages:
        texts = [passage.text, *(unescape(h) for h in _HREF.findall(passage.thing.value(OA.exact) or ""))]
        texts += re.findall(r"pub-id-type=\"pmid\"[^>]*>\d+", passage.thing.value(OA.exact) or "")
        if passage is reference.passages[0]:
            texts += [f"doi:{d}" for d in reference.thing.values(MSE.printedDoi)]
        for text in texts:
            for one in _identifiers(text, passage.iri):
                found.setdefault((one.kind, one.value), one)
    return list(found.values())


def _identifiers(text: str, passage: str) -> Iterator[Identifier]:
    plain = unquote(text)
    for match in _DOI.finditer(plain):
        printed = _ROUTE.sub("", match[1].rstrip(".,;:])" if "(" not in match[1] else ".,;:]"))
        doi = normalise_doi(printed)
        if doi and not _CENTRAL.match(doi):
            yield Identifier("DOI", plain_doi(doi), printed, passage)
    for match in _PMID.finditer(plain):
        yield Identifier("PMID", match[1].lstrip("0"), match[1], passage)
    for match in _PMCID.finditer(plain):
        yield Identifier("PMCID", match.group(), match.group(), passage)


def plain_doi(doi: str) -> str:
    """Return a DOI without the version that Cochrane reviews have at their end: the versions are one review."""
    return _VERSION.sub("", doi.lower())


_FORMS = tuple(
    re.compile(f"^{form}$", re.I)
    for form in (
        r"10\.1371/journal\.p[a-z]{3}\.(?P<article>\d{7})",
        r"10\.1155/(?P<year>\d{4})/(?P<article>\d{5,})",
        r"10\.1002/14651858\.(?P<article>CD\d{6})",
        r"10\.7554/elife\.(?P<article>\d{5,})",
        r"10\.1016/j\.[a-z]+\.(?P<year>\d{4})\.(?P<article>1\d{5})",
        r"10\.1016/j\.[a-z]+\.(?P<year>\d{4})\.\d{2}\.\d{3}",
        r"10\.3389/f[a-z]+\.(?P<year>\d{4})\.(?P<article>\d{5,})",
        r"10\.1186/\d{4}-\d{3}[\dx]-(?P<volume>\d{1,3})-(?P<article>\d{1,4})",
        r"10\.1136/bmj\.(?P<article>[a-z]\d{3,5})",
        r"10\.1136/bmjopen-(?P<year>\d{4})-(?P<article>\d{6})",
        r"10\.1093/[a-z]+/(?P<article>[a-z]{4}\d{3,4})",
        r"10\.(?:1034|1046|1111)/j\.\d{4}-\d{3}[\dx]\.(?P<year>\d{4})\.[\da-z]+\.x",
    )
)
_ARTICLE = re.compile(r"(?:e?\d+|cd\d{6}|[a-z]\d{3,5}|[a-z]{4}\d{3,4})", re.I)
_AHEAD = 2
"""Years between the DOI, given when a work is accepted, and the issue that it is printed in."""


@dataclass(frozen=True)
class Part:
    """A part of an entry that the DOI has otherwise."""

    name: str
    name_nb: str
    printed: str
    in_doi: str


def against_form(reference: Reference, doi: str) -> Part | None:
    """Return what an entry prints otherwise than its DOI says; ``None`` where nothing is.

    Raises LookupError where the DOI has no known form, or the entry prints nothing that it says.
    """
    match = next((m for form in _FORMS if (m := form.match(doi))), None)
    said = match.groupdict() if match else {}
    volume, pages = reference.thing.value(PRISM.volume), reference.thing.value(PRISM.pageRange)
    year = next(iter(re.findall(r"\d{4}", reference.thing.value(MSE.year) or "")), None)
    compared = False
    article = said.get("article")
    if article and pages and _ARTICLE.fullmatch(pages) and _same_form(pages, article):
        compared = True
        if first_page(pages) != first_page(article):
            return Part("article number", "artikkelnummeret", pages, article)
    if (in_doi := said.get("volume")) and volume and volume.isdigit():
        compared = True
        if int(in_doi) != int(volume):
            return Part("volume", "årgangen", volume, in_doi)
    if (in_doi := said.get("year")) and year:
        compared = True
        if not -1 <= int(year) - int(in_doi) <= _AHEAD:
            return Part("year", "året", year, in_doi)
    if not compared:
        raise LookupError(doi)
    return None


def _same_form(pages: str, article: str) -> bool:
    """Say whether both are article numbers of one form: a first page of two figures is none."""

    def letters(text: str) -> str:
        found = re.sub(r"\d", "", text).lower()
        return "" if found == "e" else found

    long = len(re.sub(r"\D", "", article)) < 5 or len(re.sub(r"\D", "", pages)) >= 4
    return len(letters(pages)) == len(letters(article)) and long


def title_of(reference: Reference) -> str | None:
    """Return the printed title of an entry, if it has one that is no translation in square brackets."""
    title = reference.thing.value(DCTERMS.title)
    return None if title is None or title.startswith("[") else title
