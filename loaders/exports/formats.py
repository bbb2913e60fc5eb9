"""The formats that can be loaded, and which of them a file is: told from its content, not only from its name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, BinaryIO

from msevidence.loaders.exports.faults import ExportError, RecordError
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.records import Raw, Record

_REGISTRIES, _BIBLIOGRAPHIC = "msevidence.loaders.registries.", "msevidence.loaders.bibliographic."
_IDENTITY, _STORES = "msevidence.loaders.identity.", "msevidence.loaders.stores."
MODULES = (
    _REGISTRIES + "ctgov_json",
    _REGISTRIES + "ctgov_xml",
    _REGISTRIES + "ctgov_csv",
    _REGISTRIES + "euctr_text",
    _REGISTRIES + "ctis_json",
    _REGISTRIES + "isrctn_xml",
    _REGISTRIES + "ictrp_xml",
    _REGISTRIES + "ictrp_csv",
    _BIBLIOGRAPHIC + "pubmed_xml",
    _BIBLIOGRAPHIC + "nbib",
    _BIBLIOGRAPHIC + "crossref_json",
    _BIBLIOGRAPHIC + "endnote_xml",
    _BIBLIOGRAPHIC + "ris",
    _BIBLIOGRAPHIC + "jats_xml",
    _IDENTITY + "sssom_tsv",
    _STORES + "pulled_format",
)
"""In this order they are asked; each looks for what no other format has."""


@dataclass(frozen=True)
class Format:
    """One format: its key, what people call it, and how it is recognised and read.

    A module of a format has this as ``FORMAT``.
    """

    key: str
    """``ctgov-json``; part of the name of its activity in the graph ``meta``."""
    label: str
    """``ClinicalTrials.gov API v2, JSON``."""
    origin: str
    """Who publishes files of the format: ``ClinicalTrials.gov``."""
    rights: str
    """Terms of use of its records, as far as known; ``No licence is recorded.`` where none is."""
    recognise: Callable[[bytes], bool]
    """Says of the first bytes of a file whether they are of this format."""
    read: Callable[[BinaryIO, str], Iterator[Raw | RecordError]] | None
    """Yields the records of a file, spelled as it spells them; takes the stream and the name for messages.
    ``None`` for a format whose files are documents, not lists of records."""
    record: Callable[[Any, Audit], Record] | None
    """Takes the fields of one raw record apart; raises RecordError."""


def formats() -> list[Format]:
    """Return the formats, in the order in which they are asked."""
    return [import_module(name).FORMAT for name in MODULES]


def recognised(head: bytes, name: str) -> Format:
    """Return the format of a file with these first bytes.

    Raises ExportError for a file of no known format; a web page (of a login, say) and an empty file are named as such.
    """
    if not head.removeprefix(b"\xef\xbb\xbf").strip():
        raise ExportError("is empty; get the file again", name)
    for known in formats():
        if known.recognise(head):
            return known
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:400].lower()
    if start.startswith((b"<!doctype html", b"<html")) or b"<html" in start:
        raise ExportError(
            "is a web page, not an export (perhaps of a login, or of an error); log in and export it again", name
        )
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or head[:4].count(b"\0") >= 2:
        raise ExportError("is in UTF-16 or UTF-32; export it as UTF-8", name)
    known_formats = "; ".join(f.label for f in formats())
    raise ExportError(f"is of no format that can be loaded. Known are: {known_formats}", name)
