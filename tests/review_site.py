"""A home with the real data in which a person set one finding aside and confirmed another; built once for all tests."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from msevidence.loaders.build import build
from msevidence.server.review_model import Review
from msevidence.server.review_open import opened

DOCUMENTS = ("fhi-2021", "nygaard-2024")
BECAUSE = 'Read again: "the row" is <b>another</b> one.'
DECISION = """
  {key}:
    decision: {decision}
    because: '{because}'
    decided_by: the tests
    date: 2026-11-29
"""


@dataclass(frozen=True)
class Decided:
    """The home, and the keys of the two findings."""

    home: Path
    before: Path
    """The same, without any decision of a person."""
    set_aside: str
    confirmed: str


@cache
def decided(release_home: Path, data: Path) -> Decided:
    """Return a home in which two findings of the article were decided on: its first error, and its first warning."""
    (review,) = [one for one in reviews(release_home) if one.key == "nygaard-2024"]
    first = {f.severity: f.key for f in reversed(review.findings) if f.found_by == "machine"}
    folder = Path(tempfile.mkdtemp(prefix="decided-"))
    shutil.copytree(data, folder / "data")
    file = folder / "data" / "review.yaml"
    text = file.read_text(encoding="utf-8")
    undecided, found, _ = text.partition("\ndecisions:")
    assert found
    entries = [
        DECISION.format(key=first[severity], decision=decision, because=BECAUSE)
        for severity, decision in (("error", "set-aside"), ("warning", "confirmed"))
    ]
    for home, decisions in (("before", " {}\n"), ("home", "".join(entries))):
        file.write_text(f"{undecided}\ndecisions:{decisions}", encoding="utf-8")
        build(folder / "data", folder / home)
    return Decided(folder / "home", folder / "before", first["error"], first["warning"])


def reviews(home: Path) -> list[Review]:
    """Return the reviews of all documents of a home."""
    return opened(home, None, None, None).reviews
