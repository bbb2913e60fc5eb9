"""What the tests of the three European registries share: reading bytes, cutting them, and files of other formats."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from msevidence.loaders.exports.faults import ExportError, RecordError
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.formats import Format
from msevidence.loaders.exports.records import Raw, RegistryRecord

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "exports"
OTHERS = {
    "ctgov json": b'{"studies": [{"protocolSection": {"identificationModule": {"nctId": "NCT04971004"}}}]}',
    "ctgov xml": b"<?xml version='1.0'?><clinical_study><id_info/></clinical_study>",
    "ctgov csv": b"NCT Number,Study Title,Study URL,Acronym,Study Status\nNCT04971004,Title,,,COMPLETED\n",
    "ictrp xml": b"<Trials_downloaded_from_ICTRP><Trial><TrialID/></Trial></Trials_downloaded_from_ICTRP>",
    "ictrp csv": b"TrialID,Last Refreshed on,Public title\nISRCTN40217893,4 June 2024,Title\n",
    "pubmed xml": b"<PubmedArticleSet><PubmedArticle><MedlineCitation/></PubmedArticle></PubmedArticleSet>",
    "nbib": b"PMID- 38345678\nOWN - NLM\nTI  - A title\nSI  - EudraCT/2018-003415-27\n",
    "crossref": b'{"status": "ok", "message-type": "work", "message": {"title": ["EudraCT Number: 1"]}}',
    "endnote": b"<xml><records><record><titles><title>ISRCTN40217893</title></titles></record></records></xml>",
    "ris": b"TY  - JOUR\nTI  - EudraCT Number: 2018-003415-27\nER  - \n",
    "jats": b"<article><front><article-meta/></front></article>",
    "page": b"<!DOCTYPE html><html><body>Log in to see ctNumber and EudraCT Number: 2018</body></html>",
    "nothing": b"",
}
"""Beginnings of files of the other formats."""


def items(known: Format, data: bytes) -> list[Raw | RecordError]:
    """Read bytes to the end."""
    assert known.read is not None
    return list(known.read(io.BytesIO(data), "test"))


def loaded(known: Format, data: bytes, audit: Audit | None = None) -> list[RegistryRecord | RecordError]:
    """Read bytes and take each record apart; what is wrong with one stands in its place."""
    found: list[RegistryRecord | RecordError] = []
    for item in _each(known, data):
        try:
            found.append(item if isinstance(item, RecordError) else _record(known, item.fields, audit or Audit()))
        except RecordError as e:
            found.append(e)
    return found


def _each(known: Format, data: bytes) -> Iterator[Raw | RecordError]:
    assert known.read is not None
    yield from known.read(io.BytesIO(data), "test")


def _record(known: Format, fields: Any, audit: Audit) -> RegistryRecord:
    assert known.record is not None
    record = known.record(fields, audit)
    assert isinstance(record, RegistryRecord)
    return record


def records_of(known: Format, data: bytes, audit: Audit | None = None) -> list[RegistryRecord]:
    """Read bytes in which nothing is wrong."""
    found = loaded(known, data, audit)
    wrong = [f for f in found if isinstance(f, RecordError)]
    assert not wrong, wrong
    return [f for f in found if isinstance(f, RegistryRecord)]


def faults(found: list[RegistryRecord | RecordError]) -> list[RecordError]:
    return [f for f in found if isinstance(f, RecordError)]


def cuts(data: bytes, number: int = 40) -> list[int]:
    """Return places to cut data at, all over it."""
    return sorted({len(data) * i // (number + 1) for i in range(1, number + 1)} | {len(data) - 1, len(data) - 2})


def survives(known: Format, data: bytes) -> list[RegistryRecord | RecordError]:
    """Read hostile bytes: whatever is wrong ends in an ExportError or RecordError, and nothing else."""
    try:
        return loaded(known, data)
    except ExportError as e:
        assert str(e)
        return []


def damaged(value: Any, change: Callable[[Any], Any]) -> Iterator[Any]:
    """Yield copies of nested lists and objects with one value changed each."""
    yield change(value)
    if isinstance(value, dict):
        for key, inner in value.items():
            for other in damaged(inner, change):
                yield {**value, key: other}
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            for other in damaged(inner, change):
                yield [*value[:i], other, *value[i + 1 :]]
