"""BibTeX in UTF-8, for Zotero, JabRef, Mendeley and biber: one entry a publication or registry record.

Format: https://www.ctan.org/pkg/bibtex. Values stand in braces, the title in two pairs, so that no style changes its
letters; what TeX reads as a command is escaped, except in addresses, where it is percent-encoded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from msevidence.server.bibliography import REGISTRATION, Name, Record, distinct, one_line

MEDIA_TYPE = "application/x-bibtex"
_ESCAPED = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "{": r"\{",
    "}": r"\}",
    **{character: f"\\{character}" for character in "&%$#_"},
}
_SPELLED = {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
_SPECIAL = re.compile("|".join(map(re.escape, _ESCAPED)))
_UNSAFE = re.compile(r"[{}\\%~^\s\"]")


def write(records: Iterable[Record]) -> str:
    """Write records as BibTeX; nothing where there are none."""
    return "\n".join(_entry(record) for record in distinct(records))


def _entry(record: Record) -> str:
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(record) if value)
    return f"@{type_of(record)}{{{_key(record.key)},\n{fields}}}\n"


def _fields(record: Record) -> Iterator[tuple[str, str]]:
    yield "title", f"{{{escaped(record.title or record.key)}}}"
    names = [_name(name) for name in record.authors]
    yield "author", " and ".join([*names, *(["others"] if record.more_authors and names else [])])
    container = escaped(record.container)
    yield {"article": "journal", "techreport": "institution"}.get(type_of(record), "howpublished"), container
    yield "year", record.year
    month = record.issued[5:7]
    yield "month", str(int(month)) if month.isdecimal() else ""
    yield "volume", escaped(record.volume)
    yield "number", escaped(record.issue or record.number)
    first, last = record.page_ends
    yield "pages", escaped(f"{first}--{last}" if last else first)
    yield "doi", _verbatim(record.doi)
    yield "pmid", escaped(record.pmid)
    yield "pmcid", escaped(record.pmcid)
    yield "issn", escaped(record.issn)
    yield "url", _verbatim(record.address)
    yield "urldate", escaped(record.accessed)
    yield "language", escaped(record.language)
    if record.publisher != record.container:
        yield "publisher", escaped(record.publisher)
    yield "keywords", escaped(", ".join(keyword.replace(",", " ") for keyword in dict.fromkeys(record.keywords)))
    yield "note", escaped(" ".join(record.notes))


def _name(name: Name) -> str:
    """Write a name; braces keep together what is not to be parted."""
    together = name.body or (not name.given and bool(re.search(r",|\band\b", name.family)))
    return f"{{{escaped(name.family)}}}" if together else escaped(name.inverted)


def type_of(record: Record) -> str:
    """Return the type of entry: standard ones that every program and style knows."""
    if record.report and record.container:
        return "techreport"
    return "article" if record.in_journal and record.kind != REGISTRATION else "misc"


def escaped(text: str) -> str:
    r"""Return a text as TeX prints it, in one line. BibTeX counts braces, escaped or not: odd ones are spelled out.

    >>> escaped("100% {of} A_1 & B\n"), escaped("} a {")
    ('100\\% \\{of\\} A\\_1 \\& B', '\\textbraceright{} a \\textbraceleft{}')
    """
    line = one_line(text)
    braces = _ESCAPED if _even(line) else {**_ESCAPED, **_SPELLED}
    return _SPECIAL.sub(lambda match: braces[match[0]], line)


def _even(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return depth == 0


def _verbatim(text: str) -> str:
    """Return an address or a DOI, which TeX does not read as text."""
    return _UNSAFE.sub(lambda match: quote(match[0]) if match[0] != "%" else "%", one_line(text))


def _key(key: str) -> str:
    return re.sub(r"[^A-Za-z0-9._:-]", "-", key)
