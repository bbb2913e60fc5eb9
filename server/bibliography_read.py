"""The records of a reference manager, read from the graph: what is said of a work, and what documents print of it.

What is said of a work itself goes before what a page of it gives, and that before what the entry of a reference list
prints. Of several titles of a registry record, the official one is taken, or the longest; one without any is called by
its study, its registry and its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msevidence.server import i18n
from msevidence.server.bibliography import REGISTRATION, Name, Record, volume_parts
from msevidence.server.bibliography_found import Found, read
from msevidence.server.bibliography_names import read_list, read_normalised
from msevidence.server.labels import PREFIXES, Labels, outside_link
from msevidence.server.page_reader import rows_of
from msevidence.server.pages_links import DCTERMS, MSE, name
from msevidence.server.store import PageLane

PRISM, FABIO, RDFS = PREFIXES["prism"], PREFIXES["fabio"], PREFIXES["rdfs"]
_YEAR = re.compile(r"\A(\d{4})[a-z]?\Z", re.ASCII)
"""A printed year that is one: not ``2023 (accessed)``."""
_NOT_A_KEY = re.compile(r"[^A-Za-z0-9._-]+")


def works_of_studies(lane: PageLane, studies: Sequence[str]) -> list[str]:
    """Return the publications and then the registry records of studies, in the order of these, each once."""
    found: dict[str, list[str]] = {}
    for row in rows_of(lane, "bib_of_studies", studies):
        found.setdefault(name(row["item"]), []).append(name(row["work"]))
    return list(dict.fromkeys(work for study in studies for work in found.get(study, ())))


def records(lane: PageLane, labels: Labels, language: str, works: Sequence[str]) -> list[Record]:
    """Return publications and registry records, in the order in which they are asked for.

    Args:
        lane: a worker.
        labels: names of concepts and documents.
        language: of the notes.
        works: IRIs.
    """
    once = list(dict.fromkeys(works))
    found = read(lane, once)
    return [_record(iri, found[iri], labels, language) for iri in once]


def _record(iri: str, found: Found, labels: Labels, language: str) -> Record:
    registration = MSE + "Registration" in found.said.get(PREFIXES["rdf"] + "type", ())
    kind = REGISTRATION if registration else found.first(MSE + "publicationKind").rpartition("/")[2]
    kind_iri = PREFIXES["mse"].removesuffix("ontology#") + f"scheme/publication-kind/{kind}" if kind else ""
    authors, more = ([_sponsor(found)], False) if registration else _authors(found)
    title, printed = _title(found, registration), found.given("volume_pages")
    own = (found.first(PRISM + "volume"), found.first(PRISM + "pageRange"))
    parts = volume_parts(printed)
    if any(own) and own[0] != parts.get("volume"):
        parts = {}
    doi = found.first(PRISM + "doi")
    links = [link for link in (*found.said.get(RDFS + "seeAlso", ()), *_printed_links(found)) if outside_link(link)]
    links = [link for link in dict.fromkeys(links) if not doi or not link.lower().endswith(doi.lower())]
    return Record(
        iri,
        _NOT_A_KEY.sub("-", iri.rstrip("/").rpartition("/")[2]) or "record",
        kind,
        kind_label=labels(kind_iri).text if kind_iri else "",
        title=title,
        short_title=found.given("brief_title") if found.given("brief_title") != title else "",
        authors=[author for author in authors if author.family],
        more_authors=more,
        container=found.first(MSE + "inRegistry" if registration else MSE + "container"),
        issued=_issued(found, registration),
        volume=own[0] or parts.get("volume", ""),
        issue=found.first(PRISM + "number") or parts.get("issue", ""),
        pages=own[1] or parts.get("pages", ""),
        doi=doi,
        pmid=found.first(FABIO + "hasPubMedId"),
        pmcid=found.first(FABIO + "hasPubMedCentralId"),
        issn=found.given("issn"),
        number=found.first(RDFS + "label") if registration else "",
        links=links,
        language=found.first(DCTERMS + "language"),
        publisher=found.first(DCTERMS + "publisher"),
        accessed=found.first(MSE + "copied", MSE + "accessed"),
        keywords=[word for study in found.studies.values() for word in (*study.names, *study.numbers)],
        notes=list(_notes(iri, found, labels, language, registration, more, "" if parts or any(own) else printed)),
    )


def _title(found: Found, registration: bool) -> str:
    if registration and (official := found.given("official_title")):
        return official
    title = max(found.said.get(DCTERMS + "title", ()), key=len, default="") or found.first(DCTERMS + "title")
    if title:
        return title
    studies = ", ".join(one for study in found.studies.values() for one in study.names)
    label = found.first(RDFS + "label")
    if not registration:
        return label
    where = ", ".join(part for part in (found.first(MSE + "inRegistry"), label) if part)
    return f"{studies} ({where})" if studies and studies != label else where


def _issued(found: Found, registration: bool) -> str:
    """Return when a work was published, or a registry record registered."""
    if registration:
        return found.first(MSE + "registeredOn") or found.given("first_posted", "first_entered")
    issued = max(found.said.get(DCTERMS + "issued", ()), key=len, default="")
    return issued or next(iter(_YEAR.findall(found.first(MSE + "year"))), "")


def _sponsor(found: Found) -> Name:
    """Return who registered a study: citations of registry records name the sponsor where others name authors."""
    return Name(found.first(MSE + "sponsor"), body=True)


def _authors(found: Found) -> tuple[list[Name], bool]:
    """Return the authors of a work, and whether these are only some of them."""
    lists = [names for entry, names in found.authors.items() if entry]
    printed = [read_normalised(one) for one in max(lists, key=len, default=[])]
    own = [read_normalised(one) for one in found.authors.get("", ())]
    bodies = [Name(one, body=True) for one in found.said.get(MSE + "groupAuthor", ())]
    if own or bodies:
        written, _ = read_list(found.given("authors"), printed)
        known = {author.family: author for author in (*own, *printed, *written) if author.given}
        return [*(_fuller(one, found, list(known.values())) for one in own), *bodies], False
    names, cut = read_list(found.given("authors"), printed)
    if (names and not cut) or len(names) > len(printed):
        return names, cut
    if printed:
        longest = max((entry for entry in found.authors if entry), key=lambda entry: len(found.authors[entry]))
        return printed, MSE + "etAl" in found.entries.get(longest, {})
    group = found.first(MSE + "groupAuthor")
    return ([Name(group, body=True)] if group else []), False


def _fuller(author: Name, found: Found, known: Sequence[Name]) -> Name:
    """Return the name of an author with the given names that the graph has of the person."""
    if not author.given:
        names, _ = read_list(author.family, known)
        return names[0] if names else author
    for person in found.said.get(DCTERMS + "creator", ()):
        names, _ = read_list(person, known)
        if names and names[0].family == author.family and names[0].given[:1] == author.given[:1]:
            return names[0]
    return author


def _printed_links(found: Found) -> Iterable[str]:
    return [link for entry in found.entries.values() for link in entry.get(MSE + "printedUrl", ())]


def _notes(
    iri: str, found: Found, labels: Labels, language: str, registration: bool, more: bool, printed: str
) -> Iterable[str]:
    """Yield who says what of the status, what the data lack, and where the record comes from."""
    if registration and MSE + "registeredStatus" in found.said:
        dates = [date for _, date in found.sourced.get("status", ()) if date]
        date = max([*dates, *found.said.get(MSE + "sourceDate", ())], default="")
        registry = found.first(MSE + "inRegistry")
        for status in found.said[MSE + "registeredStatus"]:
            when, said = _when(date, language), labels(status).text
            yield i18n.text("bib-registered-as", language, by=registry, status=said, when=when)
    for study in found.studies.values():
        names = ", ".join(study.names)
        for status, document, date in study.statuses:
            by = labels(document).text if document else i18n.text("bib-unnamed-document", language)
            when, said = _when(date, language), labels(status).text
            yield i18n.text("bib-reported-as", language, study=names, by=by, status=said, when=when)
    if more:
        yield i18n.text("bib-more-authors", language)
    if printed:
        yield i18n.text("bib-printed-place", language, place=printed)
    yield i18n.text("bib-record-from", language, iri=iri, release=labels.release.id[:12])


def _when(date: str, language: str) -> str:
    return i18n.text("bib-as-of", language, date=date) if date else i18n.text("bib-undated", language)
