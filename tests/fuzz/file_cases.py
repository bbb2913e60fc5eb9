"""Case *n* of a seed and a loader: a changed file, and, where one record alone was changed, which."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.fuzz.file_formats import DOCUMENTS, FILES, Loader, loader, signed
from tests.fuzz.mutating_files import changed, changed_inside


@dataclass(frozen=True)
class FileCase:
    """One changed file."""

    loader: str
    data: bytes
    neighbours: bytes | None = None
    """The file without the record that was changed, where it alone was."""
    part: str = ""
    """Of a document, which of its files was changed."""
    review: bool = True
    """Whether a document that a build can read is read as for a review as well; one that it refuses always is."""


def file_case(seed: int, key: str, number: int, *, samples: bool = False) -> FileCase:
    """Return a case."""
    one, random = loader(key), Random(f"{seed}:{key}:{number}")
    seeds = one.seeds(samples)
    if key in ("article", "report"):
        at = random.randrange(len(seeds))
        return FileCase(key, changed(seeds[at], "yaml" if at else "text", random), None, FILES[at], number % 4 == 0)
    data = random.choice(seeds)
    if one.cut is not None and random.random() < 0.4:
        inside = _of_one_record(one, data, random)
        if inside is not None:
            return inside
    if key == "pulled" and random.random() < 0.7:  # else its hash gives nearly every change away
        _, _, statements = data.partition(b"\n")
        return FileCase(key, signed(changed(statements, one.family, random).splitlines(keepends=True)))
    part = "source" if key in DOCUMENTS else ""
    return FileCase(key, changed(data, one.family, random), None, part, number % 4 == 0)


def _of_one_record(one: Loader, data: bytes, random: Random) -> FileCase | None:
    assert one.cut is not None
    try:
        parts = one.cut(data)
    except (ValueError, IndexError):
        return None
    if len(parts.records) < 2:
        return None
    at = random.randrange(len(parts.records))
    new = changed_inside(parts.records[at], one.family, random)
    if new is None:
        return None
    records = list(parts.records)
    others = parts.joined([*records[:at], *records[at + 1 :]])
    records[at] = new
    return FileCase(one.key, parts.joined(records), others)
