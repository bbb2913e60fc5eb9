"""Reads bytes with a format of ClinicalTrials.gov, as a load does: each item read is a record or a fault."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.formats import Format
from msevidence.loaders.exports.records import RegistryRecord

FIXTURES = Path(__file__).parent.parent / "fixtures" / "exports"


@dataclass
class Loaded:
    """What a file gave, in order."""

    read: int = 0
    records: list[RegistryRecord] = field(default_factory=list)
    lines: list[int | None] = field(default_factory=list)
    faults: list[RecordError] = field(default_factory=list)
    audit: Audit = field(default_factory=Audit)

    @property
    def numbers(self) -> list[str]:
        return [r.number.normalised for r in self.records]


def load(known: Format, data: bytes) -> Loaded:
    """Read all of ``data``; only a RecordError may stop a record."""
    loaded = Loaded()
    assert known.read is not None and known.record is not None
    for raw in known.read(BytesIO(data), "file"):
        loaded.read += 1
        try:
            if isinstance(raw, RecordError):
                raise raw
            record = known.record(raw.fields, loaded.audit)
        except RecordError as e:
            loaded.faults.append(e)
            continue
        assert isinstance(record, RegistryRecord)
        loaded.records.append(record)
        loaded.lines.append(raw.line)
    assert loaded.read == len(loaded.records) + len(loaded.faults)
    return loaded


def one(known: Format, data: bytes) -> RegistryRecord:
    """Return the only record of ``data``, which has no fault and nothing unknown."""
    loaded = load(known, data)
    assert [str(f) for f in loaded.faults] == []
    assert loaded.audit.unknown == {}
    assert len(loaded.records) == 1
    return loaded.records[0]


def cuts(data: bytes, places: int = 40) -> Iterator[bytes]:
    """Yield the beginnings of ``data``, cut at places spread over it and at each of its last bytes."""
    step = len(data) // places
    assert step > 1
    for end in [*range(step, len(data) - 12, step), *range(len(data) - 12, len(data) - 1)]:
        yield data[:end]


def other_heads(shared: Path, folder: str) -> list[bytes]:
    """Return the first bytes of the samples of all other formats, with a web page and text of no format."""
    paths = [p for p in sorted((shared / "samples").glob("*/*")) if p.parent.name != folder]
    assert len(paths) > 20
    return [*(p.open("rb").read(2**16) for p in paths), b"<!DOCTYPE html><html></html>", b"hello", b"", b"{}", b"[]"]


def wrong_types(value: Any) -> Iterator[Any]:
    """Yield copies of a JSON value in which one value inside is of another type, for every place in it."""
    if isinstance(value, dict):
        for key, inside in value.items():
            yield from ({**value, key: other} for other in wrong_types(inside))
    elif isinstance(value, list):
        for i, inside in enumerate(value):
            yield from ([*value[:i], other, *value[i + 1 :]] for other in wrong_types(inside))
    for other in ("text", 7, True, None, [], {}, [[]], {"a": {"b": []}}, ["x"], "\0", "\ud800", -1, "2031-02-30"):
        if type(other) is not type(value) or isinstance(other, str):
            yield other
