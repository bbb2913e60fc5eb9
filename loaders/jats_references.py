"""The reference list of a JATS article: its entries in their order, and what each says of the work that it names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from msevidence.loaders import partial_dates
from msevidence.loaders.addresses import E_MAIL
from msevidence.loaders.document import PartialDate, Reference
from msevidence.loaders.jats_markers import Numbering
from msevidence.loaders.jats_tree import Element
from msevidence.loaders.printed_dates import MONTH_NUMBER, parse_date
from msevidence.loaders.references import parse_reference
from msevidence.loaders.text import fold_dashes, squash
from msevidence.ontology.identifiers import normalise_doi

CITATIONS = frozenset({"mixed-citation", "element-citation", "nlm-citation", "citation", "citation-alternatives"})
OTHER_TEXTS = frozenset({"sub-article", "response"})
PUB_IDS = {"doi": "doi", "pmid": "pmid", "medline": "pmid", "pmcid": "pmcid", "pmc": "pmcid"}
"""``pub-id-type`` and the field of :class:`Reference` that it is."""
PMID, PMCID = re.compile(r"[1-9]\d*", re.ASCII), re.compile(r"(?:PMC)?(\d+)", re.ASCII | re.IGNORECASE)
YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
TITLES = ("article-title", "chapter-title", "data-title", "part-title", "trans-title")
NO_AUTHORS = frozenset({"editor", "editors", "translator", "transed", "compiler", "director", "inventor", "assignee"})


@dataclass(frozen=True)
class Entry:
    """One citation of a list: its number, the label printed before it, the ``ref`` and the citation in it."""

    number: int
    label: str | None
    ref: Element
    citation: Element


def citations_of(ref: Element) -> list[Element]:
    """Return the citations of a ``ref``; one without any is itself the citation."""
    return ref.elements(*CITATIONS) or [ref]


def read_entries(article: Element) -> tuple[list[Entry], Numbering]:
    """Return the entries of all reference lists of an article, and how its citations lead to them.

    An entry's number is its place. Where one ``ref`` holds several citations, the first has its number; the others,
    which no marker can name alone, are numbered behind the last entry.
    """
    refs = list(article.within("ref", but=OTHER_TEXTS))
    entries = []
    numbering = Numbering()
    following = len(refs)
    for place, ref in enumerate(refs, 1):
        printed = ref.first("label")
        label = printed.text().strip("[]().: ") if printed is not None else ""
        numbers = []
        for part, citation in enumerate(citations_of(ref)):
            following += 1 if part else 0
            number = following if part else place
            inner = citation.first("label") if citation is not ref else None
            own = f"{label}{inner.text().strip('[](). ')}" if inner is not None else label
            numbers.append(number)
            entries.append(Entry(number, own or None, ref, citation))
            if (name := citation.attributes.get("id")) and citation is not ref:
                numbering.by_id[name] = (number,)
        if name := ref.attributes.get("id"):
            numbering.by_id[name] = tuple(numbers)
        if label.isdecimal():
            numbering.by_label.setdefault(int(label), place)
        elif not label:
            numbering.by_label.setdefault(place, place)
    return entries, numbering


def read_reference(entry: Entry, passage: int, printed: str) -> tuple[Reference, list[str]]:
    """Return the parts of an entry, and what is wrong with them.

    Where the file marks up neither title nor container, the words are parsed as those of a printed entry.
    """
    faults: list[str] = []
    citation = entry.citation
    if citation.name == "citation-alternatives":
        forms = citation.elements()
        citation = next((f for f in forms if f.name != "mixed-citation"), forms[0] if forms else citation)
    label = entry.label if entry.label != str(entry.number) else None
    found = Reference(entry.number, passage, printed, label=label)
    title, container = _titles(citation)
    if title is None and container is None:
        try:
            found = replace(parse_reference(entry.number, passage, printed), printed=printed, label=label)
        except ValueError as e:
            faults.append(str(e))
    else:
        authors, group, et_al = _authors(citation)
        year = _text(citation, "year")
        found = replace(
            found,
            authors=authors,
            et_al=et_al,
            group_author=group,
            title=title,
            container=container,
            year=match.group() if year and (match := YEAR.search(year)) else year,
            published=_published(citation, faults),
            volume=_text(citation, "volume"),
            issue=_text(citation, "issue"),
            pages=_pages(citation),
            accessed=_accessed(citation, faults),
        )
    return _identified(found, citation, faults), faults


def _text(citation: Element, *names: str) -> str | None:
    for name in names:
        for element in citation.within(name):
            if text := E_MAIL.sub("", squash(element.text())).strip():
                return text
    return None


def _titles(citation: Element) -> tuple[str | None, str | None]:
    """Return the title of the work and that of the whole that it stands in; a book alone is the work."""
    title, source = _text(citation, *TITLES), _text(citation, "source")
    kind = citation.attributes.get("publication-type", citation.attributes.get("citation-type"))
    journal = kind == "journal" or (kind is None and _text(citation, "volume") is not None)
    if title is None and not journal:
        title, source = source, None
    return (title[:-1] if title and title.endswith(".") and not title.endswith("..") else title), source


def _authors(citation: Element) -> tuple[tuple[str, ...], str | None, bool]:
    names: list[str] = []
    groups: list[str] = []
    et_al = False
    for element in citation.within("name", "string-name", "collab", "etal", "anonymous"):
        role = next((a.attributes.get("person-group-type") for a in element.above() if a.name == "person-group"), None)
        if role in NO_AUTHORS or any(a.name in ("name", "string-name", "collab") for a in element.above()):
            continue
        if element.name == "etal":
            et_al = True
        elif element.name == "collab":
            groups.append(squash(element.text()))
        elif name := person(element, family_first=True):
            names.append(name)
    return tuple(names), next((g for g in groups if g), None), et_al


def person(name: Element, *, family_first: bool) -> str:
    """Return a name as one line: ``Holmøy T`` as reference lists print it, or ``Trygve Holmøy``."""
    parts = {e.name: squash(e.text()) for e in name.within("surname", "given-names", "suffix")}
    family, given = parts.get("surname", ""), parts.get("given-names", "")
    if not family and not given:
        return squash(name.text()).strip(" ,.;")
    first = family_first or name.attributes.get("name-style") == "eastern"
    order = (family, given) if first else (given, family)
    return " ".join(p for p in (*order, parts.get("suffix", "")) if p)


def _pages(citation: Element) -> str | None:
    first, last = _text(citation, "fpage"), _text(citation, "lpage")
    if first is None:
        printed = _text(citation, "page-range", "elocation-id")
        return fold_dashes(printed) if printed else None
    return f"{first}-{last}" if last and last != first else first


def date_of(element: Element, faults: list[str]) -> PartialDate | None:
    """Return the date that an element's ``year``, ``month`` and ``day`` give, as far as the calendar has it."""
    parts = {name: _text(element, name) or "" for name in ("year", "month", "day")}
    year = YEAR.search(parts["year"])
    if year is None:
        return None
    month = (
        int(parts["month"]) if parts["month"].isdecimal() else MONTH_NUMBER.get(parts["month"].strip(". ").lower(), 0)
    )
    value = year.group() + (f"-{month:02}" if month else "")
    if month and parts["day"].isdecimal():
        value += f"-{int(parts['day']):02}"
    printed = " ".join(parts[name] for name in ("day", "month", "year") if parts[name])
    try:
        partial_dates.last_day(value)
    except ValueError:
        faults.append(f"{printed!r} is no date of the calendar; only its year is read")
        value = year.group()
    return PartialDate(printed, value)


def _published(citation: Element, faults: list[str]) -> PartialDate | None:
    if not citation.elements("month"):
        return None
    found = date_of(citation, faults)
    return found if found and len(found.value) > 4 else None


def _accessed(citation: Element, faults: list[str]) -> PartialDate | None:
    for element in citation.within("date-in-citation", "access-date"):
        printed = squash(element.text())
        if element.attributes.get("content-type", "access-date").startswith(("access", "update")) and printed:
            try:
                return date_of(element, faults) or parse_date(re.sub(r"^[^\d]*(?=\d)", "", printed))
            except ValueError:
                faults.append(f"the date of access {printed!r} cannot be read")
    return None


def _identified(reference: Reference, citation: Element, faults: list[str]) -> Reference:
    """Return the reference with the identifiers that the file marks up, or lays under its words."""
    ids: dict[str, str] = {}
    for kind, value in _pub_ids(citation):
        if kind == "doi":
            good = value if normalise_doi(value) else None
        elif kind == "pmid":
            good = value if PMID.fullmatch(value) else None
        else:
            good = f"PMC{match[1]}" if (match := PMCID.fullmatch(value)) else None
        if good is None:
            faults.append(f"{value!r} is marked up as {kind} and is none")
        else:
            ids.setdefault(kind, good)
    links = [e.attributes.get("href") or squash(e.text()) for e in citation.within("ext-link", "uri")]
    links = [a for a in links if a.startswith(("http://", "https://"))]
    doi = ids.get("doi") or next((a for a in links if "doi.org/" in a and normalise_doi(a)), None)
    url = next((a for a in links if "doi.org/" not in a), None)
    return replace(
        reference,
        doi=_bare(doi) if doi else reference.doi,
        url=url or reference.url,
        pmid=ids.get("pmid"),
        pmcid=ids.get("pmcid"),
    )


def _bare(doi: str) -> str:
    return re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", doi, flags=re.I)


def _pub_ids(citation: Element) -> Iterator[tuple[str, str]]:
    for element in citation.within("pub-id", "object-id", "article-id"):
        kind = PUB_IDS.get(element.attributes.get("pub-id-type", "").lower())
        value = element.text().strip(" .;")
        if kind and value:
            yield kind, value
    for element in citation.within("ext-link"):
        kind = PUB_IDS.get(element.attributes.get("ext-link-type", "").lower())
        value = element.attributes.get("href", "")
        if kind and re.fullmatch(r"10\.\S+|(?:PMC)?\d+", value):
            yield kind, value
