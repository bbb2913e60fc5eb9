"""SECURITY.md names tests that exist, files that are there, and every requirement that it judges once."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
FILES = re.compile(r"`((?:server|loaders|ontology|queries|\.ci)/[\w./-]+)`")
REQUIREMENT = re.compile(r"V(\d+)\.(\d+)\.(\d+)(?:–V\d+\.\d+\.(\d+))?")


def test_every_test_that_is_named_exists() -> None:
    named = NAMED.findall(TEXT)
    for file, test in named:
        assert (ROOT / file).is_file(), file
        if test:
            assert re.search(rf"^def {test}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE), (file, test)
    assert len(named) > 60


def test_every_file_that_is_named_is_there() -> None:
    found = FILES.findall(TEXT)
    assert [file for file in found if not (ROOT / file).exists()] == [] and len(found) > 10


def test_every_threat_that_is_prevented_has_its_test() -> None:
    prevented = TEXT[TEXT.index("## What is prevented") : TEXT.index("## What is left to the operator")]
    rows = [line for line in prevented.splitlines() if line.startswith("| ") and not line.startswith("| threat")]
    assert [row for row in rows if not NAMED.search(row.rpartition("| ")[0] + row)] == [] and len(rows) > 25
    assert "SSRF" in prevented and "A query as a weapon" in prevented


def test_no_requirement_is_judged_twice() -> None:
    rows = [line.split("|")[1] for line in TEXT.splitlines() if re.match(r"\| V\d+\.\d+\.\d+", line)]
    judged: Counter[str] = Counter()
    for chapter, section, first, last in REQUIREMENT.findall(" ".join(rows)):
        judged.update(f"V{chapter}.{section}.{n}" for n in range(int(first), int(last or first) + 1))
    assert [one for one, count in judged.items() if count > 1] == [] and len(judged) > 90
