"""Reads bytes with a format, as a load does: records, faults and what was audited, which always balance."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.formats import Format
from msevidence.loaders.exports.records import PublicationRecord

FIXTURES = Path(__file__).parent.parent / "fixtures" / "exports"


@dataclass
class Outcome:
    """What a file gave."""

    records: list[PublicationRecord]
    faults: list[RecordError]
    audit: Audit
    lines: list[int | None]
    """Lines of the records, in order."""


def load(known: Format, data: bytes) -> Outcome:
    """Read all records of ``data``; every item that is read is a record or a fault."""
    outcome = Outcome([], [], Audit(), [])
    assert known.read is not None and known.record is not None
    read = 0
    for raw in known.read(BytesIO(data), "file"):
        read += 1
        if isinstance(raw, RecordError):
            outcome.faults.append(raw)
            continue
        try:
            record = known.record(raw.fields, outcome.audit)
        except RecordError as e:
            outcome.faults.append(e)
            continue
        assert isinstance(record, PublicationRecord)
        outcome.records.append(record)
        outcome.lines.append(raw.line)
    assert read == len(outcome.records) + len(outcome.faults)
    return outcome


def one(known: Format, data: bytes) -> PublicationRecord:
    """Return the only record of ``data``, which has no fault."""
    outcome = load(known, data)
    assert [str(f) for f in outcome.faults] == []
    assert len(outcome.records) == 1
    return outcome.records[0]


def cuts(data: bytes, places: int = 24) -> Iterator[bytes]:
    """Yield the beginnings of ``data``, cut at places spread over it, and near its end."""
    step = max(1, len(data) // places)
    for end in [*range(step, len(data) - 2, step), len(data) - 9, len(data) - 4]:
        yield data[:end]


def assert_truncation_is_told(known: Format, data: bytes, least_whole: int, ends: Callable[[bytes], bool]) -> None:
    """Check that whatever is whole before a cut loads unchanged, and that the cut is one fault, the last item."""
    whole = load(known, data)
    assert len(whole.records) >= least_whole and whole.faults == []
    seen = set()
    for piece in cuts(data):
        outcome = load(known, piece)
        assert outcome.records == whole.records[: len(outcome.records)]
        assert len(outcome.faults) == (0 if ends(piece) else 1), piece[-60:]
        seen.add(len(outcome.records))
    assert len(seen) > 1  # the cuts reached into several records


def other_samples(shared_dir: Path, folder: str) -> list[Path]:
    """Return the sample files of all other formats."""
    found = [p for p in sorted((shared_dir / "samples").glob("*/*")) if p.parent.name != folder]
    assert len(found) >= 20
    return found
