"""One work in two spellings, told by what is printed of it: first author, year, container, first page.

All four must be there and agree. An identifier (DOI, PubMed number) says more and is compared first, elsewhere; this is
for references that print none. Works are sought under :func:`blocking_key`, which leaves the container out, because a
record gives it in full and abbreviated, and then compared by :func:`same_work_by_print`. A pre-print with no pages, an
abstract in a supplement and the paper after it have other first pages, years or containers, and stay apart.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from msevidence.loaders.bibliographic.authors import family_name
from msevidence.loaders.bibliographic.journal_names import folded, journal_key
from msevidence.loaders.exports.records import PublicationRecord

_ROMAN = r"(?=[ivxl])(?:xl|l?x{0,3})(?:ix|iv|v?i{0,3})(?![^\W_])"
_PAGE = re.compile(rf"\s*(?:pp?\.?\s*|pages?\s+|s\.\s+)?([^\W\d_]{{0,5}}\.?\s?\d+|{_ROMAN})", re.IGNORECASE)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d", re.ASCII)
_VOLUME = re.compile(r"\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class PrintedWork:
    """What is printed of a work, each field as printed, or ``None`` where nothing is."""

    family: str | None
    """Family name of the first author, or the name of the group where no person is named."""
    year: str | None
    containers: tuple[str, ...] = ()
    """Journal or book that it stands in: in full, abbreviated, or both."""
    pages: str | None = None
    volume: str | None = None
    """Need not be there; two that differ are two works."""


def printed_work(record: PublicationRecord) -> PrintedWork:
    """Return what a bibliographic record prints of its work."""
    family = family_name(record.authors[0]) if record.authors else next(iter(record.group_authors), None)
    containers = tuple(c for c in (record.container, record.container_short) if c)
    return PrintedWork(family, record.year, containers, record.pages, record.volume)


def first_page(pages: str | None) -> str | None:
    """Return the first page, folded; letters that tell supplements and electronic pages stay.

    >>> [first_page(p) for p in ("165-74", "pp. 165–174", "e0195891", "S12-S15", "1380–1390.e2", "xi-xii", "in press")]
    ['165', '165', 'e0195891', 's12', '1380', 'xi', None]
    """
    match = _PAGE.match(pages or "")
    return re.sub(r"[.\s]", "", match[1]).lower() if match else None


def family_key(family: str | None) -> str | None:
    """Return a family name or group name to compare: without case, accents, hyphens and the article before it.

    >>> family_key("Ben-Shlomo"), family_key("O'Byrne"), family_key("The MSBase Study Group")
    ('ben shlomo', 'obyrne', 'msbase study group')
    """
    return folded(family or "").removeprefix("the ") or None


def blocking_key(family: str | None, year: str | None, pages: str | None) -> str | None:
    """Return the key under which spellings of one work are sought; ``None`` where one of the three is not there.

    >>> blocking_key("Burt", "2019", "165-74")
    'burt|2019|165'
    """
    name, page = family_key(family), first_page(pages)
    match = _YEAR.fullmatch((year or "").strip())
    return f"{name}|{match.group()}|{page}" if name and match and page else None


def same_container(one: Iterable[str], other: Iterable[str]) -> bool:
    """Say whether a name of one container is a name of the other, in full or abbreviated; no name is no match.

    >>> same_container(["JAMA Neurol"], ["JAMA Neurology"]), same_container(["JAMA"], ["JAMA Neurology"])
    (True, False)
    """
    keys = {key for name in one if (key := journal_key(name))}
    return any(journal_key(name) in keys for name in other)


def same_work_by_print(one: PrintedWork, other: PrintedWork) -> bool:
    """Say whether two prints are of one work: first author, year, first page and container are there and agree.

    Two volumes that differ, both printed, are two works.
    """
    key = blocking_key(one.family, one.year, one.pages)
    if key is None or key != blocking_key(other.family, other.year, other.pages):
        return False
    volumes = [_VOLUME.search(v) for v in (one.volume, other.volume) if v]
    numbers = {int(v.group()) for v in volumes if v}
    return len(numbers) < 2 and same_container(one.containers, other.containers)


def fingerprint(record: PublicationRecord) -> str | None:
    """Return first author, year, container and first page of a record as one key; ``None`` unless all four are there.

    The abbreviated container counts where the record has it. Equal keys are one work; unequal ones need not be two.
    """
    work = printed_work(record)
    key = blocking_key(work.family, work.year, work.pages)
    container = next((k for name in reversed(work.containers) if (k := journal_key(name))), None)
    if key is None or container is None:
        return None
    family, year, page = key.split("|")
    return f"{family}|{year}|{container}|{page}"
