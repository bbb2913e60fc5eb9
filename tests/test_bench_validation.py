"""The benchmark of validation on a small graph: all engines find the same, and a difference stops it."""

import doctest
from pathlib import Path

import click
import pytest

from msevidence.loaders.assembly import Graph
from tests.bench import validation
from tests.bench.validation import AS_IT_COMES, ENGINES, FED, OURS, faulty, measured


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, real_graph: Graph) -> Path:
    """Return a file with a part of the real graph; a generated one is for who measures."""
    file = tmp_path_factory.mktemp("bench") / "small.nt"
    quads = [f"{quad} .\n".encode() for quad in real_graph.own_quads()][:6_000]
    file.write_bytes(b"".join(faulty(iter(quads))))
    return file


def test_all_engines_find_the_same_faults(small: Path) -> None:
    runs = measured(small, ENGINES, 1)
    assert set(runs) == {OURS, AS_IT_COMES, FED}
    assert {run["results"] for found in runs.values() for run in found} != {0}
    for (run,) in runs.values():
        assert 0 < run["read_cpu"] < run["cpu"]
        assert run["peak"] > 10_000_000


def test_engines_that_differ_are_not_measured(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = iter([{"results": 1, "digest": "a"}, {"results": 1, "digest": "b"}])

    class Done:
        stdout = b""

    monkeypatch.setattr(validation.subprocess, "run", lambda *args, **kwargs: Done())
    monkeypatch.setattr(validation.json, "loads", lambda text: next(told))
    with pytest.raises(click.ClickException, match="the engines differ"):
        measured(small, (OURS, FED), 1)


def test_one_line_in_many_is_broken() -> None:
    quads = [f'<urn:a> <urn:p> "text {n}" <urn:g> .\n'.encode() for n in range(2_018)]
    made = list(faulty(iter(quads)))
    assert len(made) == 2_018 - 2 + 2
    assert made[0] == b'<urn:a> <urn:p> "text 0" .\n'
    assert sum(b'"not text' in line for line in made) == 2


def test_the_exponent_is_fitted() -> None:
    assert doctest.testmod(validation).attempted == 1
    assert doctest.testmod(validation).failed == 0
