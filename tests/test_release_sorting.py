"""Sorted runs are put together in as many pieces as there are runs, and in memory that does not grow with them."""

import random
from pathlib import Path

import pytest

from msevidence.loaders import release_sorting
from msevidence.loaders.release_sorting import Runs

RUN, BLOCK = 4_000, 100
LINE = len(b"000000\n")


def runs_of(numbers: list[int], folder: Path) -> Runs:
    """Return the runs of lines with these numbers, as they come."""
    runs = Runs(folder)
    for number in numbers:
        runs.add([b"%06d\n" % number])
    return runs


@pytest.mark.parametrize("order", ["shuffled", "rising", "falling", "in turns"])
def test_what_is_merged_at_a_time_is_about_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, order: str) -> None:
    monkeypatch.setattr(release_sorting, "RUN_BYTES", RUN)
    monkeypatch.setattr(release_sorting, "BLOCK_BYTES", BLOCK)
    numbers = list(range(20_000))
    if order == "shuffled":
        random.Random(1).shuffle(numbers)
    elif order == "falling":
        numbers.reverse()
    elif order == "in turns":
        numbers = [n for first in range(7) for n in numbers[first::7]]
    runs = runs_of(numbers, tmp_path)
    pieces = list(runs.merged())
    assert [line for piece in pieces for line in piece] == [b"%06d\n" % n for n in range(20_000)]
    assert runs.written > 30
    assert len(pieces) <= 2 * runs.written, "as often as there are runs, and not for each run as often"
    assert max(map(len, pieces)) * LINE <= 2 * RUN + runs.written * BLOCK
