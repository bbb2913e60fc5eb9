"""Honest clients get right answers while others attack; ``python -m tests.attacks.honest`` says how fast, too."""

from __future__ import annotations

import json
from pathlib import Path

from tests.attacks.clients import Book
from tests.attacks.honest import KINDS, measure, storm
from tests.attacks.oracle import oracle
from tests.attacks.serving import serving

SECONDS = 6.0
ADDRESSES = 4
LEAST = 0.999
"""The share of right answers that the contract asks for; a refusal is not one."""


def test_attackers_from_four_addresses_take_no_right_answer_away(attacked_home: Path, tmp_path: Path) -> None:
    known, book = oracle((attacked_home / "current").resolve()), Book()
    with serving(attacked_home, "--deadline", "1", log=tmp_path / "log") as server:
        book.learn(server.url, known, ("/", "/sparql"))
        attackers = storm(server.url, SECONDS, seed=3, addresses=ADDRESSES)
        found = measure(server.url, known, book, SECONDS, seed=3)
        seen = json.loads(attackers.communicate(timeout=60)[0])
    assert seen.get("504 timed-out", 0) > 2, seen
    for kind in KINDS:
        assert found[kind].asked > 20, seen
        assert found[kind].share >= LEAST, (kind, found[kind].wrong, seen)
    assert "Traceback" not in (tmp_path / "log").read_text()
