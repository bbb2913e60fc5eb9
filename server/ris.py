"""RIS: one publication or registry record each, for EndNote, Zotero, Mendeley, Rayyan and Covidence.

The format is of Research Information Systems (now EndNote's) and no longer on a site of its own. What is written is the
part that these programs read alike: two letters, two spaces, a hyphen, a space; ``TY`` first and ``ER`` last; lines
that end with CR and LF; a value a line. A registry record is ``ELEC``, an electronic source with an address that was
read: ``DBASE`` would name the registry, and ``JOUR``, as some services have it, makes an article of it, which is then
screened and counted as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msevidence.server.bibliography import REGISTRATION, Record, distinct, one_line

MEDIA_TYPE = "application/x-research-info-systems"
_TYPES = {"newspaper-article": "NEWS", "web-page": "ELEC", "software": "COMP", REGISTRATION: "ELEC"}
_KINDS_OF_WORK = {"conference-abstract": "Conference Abstract", REGISTRATION: "Trial registry record"}
"""What ``M3`` says where ``TY`` does not tell it; the words that services of today write."""


def write(records: Iterable[Record]) -> str:
    """Write records as RIS; nothing where there are none."""
    blocks = ["".join(f"{line}\r\n" for line in _lines(record)) for record in distinct(records)]
    return "\r\n".join(blocks)


def _lines(record: Record) -> Iterator[str]:
    for tag, value in _fields(record):
        if text := one_line(value):
            yield f"{tag}  - {text}"
    yield "ER  - "


def _fields(record: Record) -> Iterator[tuple[str, str]]:
    yield "TY", type_of(record)
    for name in record.authors:
        # A comma parts a name, and one at its end says that it is not to be parted: those inside a body's name go.
        yield "AU", f"{one_line(name.family.replace(',', ' '))}," if name.body else name.inverted
    yield "TI", record.title or record.key
    yield "ST", record.short_title
    yield ("PB", record.container) if record.report or record.kind == REGISTRATION else ("T2", record.container)
    yield "PY", record.year
    yield "DA", _date(record.issued)
    yield "VL", record.volume
    yield "IS", record.issue
    first, last = record.page_ends
    yield "SP", first
    yield "EP", last
    yield "SN", record.issn
    yield "DO", record.doi
    yield from _numbers(record)
    yield "M3", _KINDS_OF_WORK.get(record.kind, "")
    yield "LA", record.language
    if record.publisher and record.publisher != record.container:
        yield "PB", record.publisher
    yield "Y2", _date(record.accessed)
    for link in dict.fromkeys((record.address, *record.links)):
        yield "UR", link
    for keyword in dict.fromkeys(record.keywords):
        yield "KW", keyword
    for note in record.notes:
        yield "N1", note
    yield "ID", record.key


def _numbers(record: Record) -> Iterator[tuple[str, str]]:
    """Give the accession number, with the database whose number it is."""
    if record.number:
        yield "AN", record.number
        yield "DB", record.container
    elif record.pmid:
        yield "AN", record.pmid
        yield "DB", "PubMed"
    yield "C2", record.pmcid


def type_of(record: Record) -> str:
    """Return the type of reference."""
    if record.report:
        return "RPRT"
    if record.in_journal:
        return "JOUR"
    return _TYPES.get(record.kind, "GEN")


def _date(date: str) -> str:
    """Write a date with its three slashes.

    >>> _date("2019-01-15"), _date("2021-09"), _date("2019")
    ('2019/01/15/', '2021/09//', '')
    """
    parts = date.split("-")
    return "/".join([*parts, "", ""][:3]) + "/" if len(parts) > 1 else ""
