"""Works and registry records as a reference manager knows them: a model that ``ris``, ``bibtex`` and ``csl`` write.

What is not known is left out. Every text is one line: the formats have no way to write another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

REGISTRATION = "registration"
"""Kind of a record of a registry; the other kinds are those of the scheme ``publication-kind``."""
ARTICLES = frozenset(
    {
        *("journal-article", "conference-abstract", "protocol", "systematic-review", "review-article"),
        *("opinion", "commentary", "position-statement"),
    }
)
"""Kinds that stand in a journal, where one is named."""
REPORTS = frozenset(("hta-report", "guideline", "systematic-review", "position-statement"))
_VOLUME = re.compile(r"(?P<volume>[^\s:()]+)\s*(?:\((?P<issue>[^()]+)\))?\s*(?::\s*(?P<pages>\S.*))?")
_RANGE = re.compile(r"([A-Za-z]*)(\d+)\s*[-‐-―−]\s*([A-Za-z]*)(\d+)(\S*)")
_IN_PATH = "/:@!$&'()*+,;=~"
"""What a path may have beside letters and digits (RFC 3986, 3.3); older DOIs have more, such as < and #."""
_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Name:
    """A name of an author, in parts where the parts are known."""

    family: str
    """The family name; the whole name where its parts are not known, or where it is that of a body."""
    given: str = ""
    body: bool = False

    @property
    def inverted(self) -> str:
        """The name with the family name first."""
        return f"{self.family}, {self.given}" if self.given else self.family


@dataclass(frozen=True, slots=True)
class Record:
    """A publication or a record of a registry."""

    iri: str
    key: str
    """Short name, of ASCII letters, digits, `.`, `_` and `-`."""
    kind: str = ""
    """Key of the concept in the scheme ``publication-kind``; empty where none is stated."""
    kind_label: str = ""
    title: str = ""
    short_title: str = ""
    authors: Sequence[Name] = ()
    more_authors: bool = False
    """Whether the data name some of the authors only."""
    container: str = ""
    """The journal, newspaper or web site; of a registry record, the registry."""
    issued: str = ""
    """Year, or year and month, or date; of a registry record, the day on which it was registered."""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    issn: str = ""
    number: str = ""
    """Number of a registry record, with its scheme where the number does not tell it."""
    links: Sequence[str] = ()
    language: str = ""
    publisher: str = ""
    accessed: str = ""
    keywords: Sequence[str] = ()
    """Registry numbers of the studies that it is of, and what these are called."""
    notes: Sequence[str] = ()

    @property
    def year(self) -> str:
        """The first four figures of the date."""
        return self.issued[:4] if self.issued[:4].isdigit() else ""

    @property
    def in_journal(self) -> bool:
        """Whether it is an article in what ``container`` names, or said to be one of a journal that nobody names."""
        return self.kind == "journal-article" or (bool(self.container) and (self.kind in ARTICLES or not self.kind))

    @property
    def report(self) -> bool:
        """Whether it is published by itself, by a body."""
        return self.kind in REPORTS and not (self.in_journal and self.volume)

    @property
    def address(self) -> str:
        """Where it is to be read: of a work with a DOI, that, with what no address may hold escaped."""
        return f"https://doi.org/{quote(self.doi, safe=_IN_PATH)}" if self.doi else next(iter(self.links), "")

    @property
    def page_ends(self) -> tuple[str, str]:
        """The first and the last page in full, where there are two; the pages as they are and nothing otherwise."""
        return page_ends(self.pages)


def one_line(text: str) -> str:
    r"""Return a text without line breaks and control characters: what a line of RIS can hold.

    >>> one_line("A title\r\nER  - \n of  two lines ")
    'A title ER - of two lines'
    """
    return _SPACE.sub(" ", text).strip()


def page_ends(pages: str) -> tuple[str, str]:
    """Return the first and last page, the last with the figures that an abbreviated range leaves out.

    >>> page_ends("165–74"), page_ends("S130-S1"), page_ends("e0195891"), page_ends("1380–1390.e2"), page_ends("1-2, 5")
    (('165', '174'), ('S130', 'S131'), ('e0195891', ''), ('1380', '1390.e2'), ('1-2, 5', ''))
    """
    match = _RANGE.fullmatch(pages.strip())
    if match is None:
        return pages.strip(), ""
    letters, first, more, last, end = match.groups()
    if len(last) < len(first) and more in ("", letters):
        last = first[: len(first) - len(last)] + last
    return letters + first, (more or letters) + last + end


def volume_parts(printed: str) -> Mapping[str, str]:
    """Return volume, issue and pages of a place in a journal printed as one text; nothing where it is another.

    >>> volume_parts("13(5):e0195891"), volume_parts("321:165–74"), volume_parts("21(3)"), volume_parts("in press")
    ({'volume': '13', 'issue': '5', 'pages': 'e0195891'}, {'volume': '321', 'pages': '165–74'}, \
{'volume': '21', 'issue': '3'}, {})
    """
    match = _VOLUME.fullmatch(printed.strip())
    return {name: value for name, value in match.groupdict().items() if value} if match else {}


def citation(record: Record) -> str:
    """Return a work in a line, as reference lists print it.

    >>> citation(Record("", "k", title="On cells", authors=[Name("Burt", "R. K.")], more_authors=True,
    ...   container="JAMA", issued="2019-01-15", volume="321", issue="2", pages="165–74", doi="10.1001/x"))
    'Burt, R. K., et al. On cells. JAMA 2019;321(2):165–74. doi:10.1001/x'
    """
    names = [name.inverted for name in record.authors[:6]]
    authors = "; ".join(names)
    if record.more_authors or len(record.authors) > len(names):
        authors = f"{authors}, et al" if len(names) == 1 else f"{authors}; et al"
    place = record.year
    if record.volume:
        place += f";{record.volume}"
    if record.issue:
        place += f"({record.issue})"
    if record.pages:
        place += f":{record.pages}"
    where = " ".join(part for part in (record.container or record.publisher, place.lstrip(";")) if part)
    numbers = [f"doi:{record.doi}" if record.doi else "", record.number]
    parts = [one_line(part) for part in (authors, record.title, where, *numbers) if part]
    return " ".join(part if part.endswith((".", "?", "!", "…")) or part == numbers[0] else f"{part}." for part in parts)


def distinct(records: Iterable[Record]) -> list[Record]:
    """Return records once each, with keys that differ: the second of a key gets a letter.

    >>> [record.key for record in distinct([Record("a", "x"), Record("b", "x"), Record("a", "x")])]
    ['x', 'xa']
    """
    found: dict[str, Record] = {}
    keys: set[str] = set()
    for record in records:
        if record.iri not in found:
            endings = ("", *"abcdefghijklmnopqrstuvwxyz", *(f".{number}" for number in range(1, len(keys) + 2)))
            key = next(record.key + ending for ending in endings if record.key + ending not in keys)
            keys.add(key)
            found[record.iri] = replace(record, key=key)
    return list(found.values())
