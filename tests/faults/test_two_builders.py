"""Two that write to one home at once: both finish, or one says that another is at work, and what is there is whole."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from msevidence.loaders.exports.sources import Sources
from msevidence.loaders.release_verify import examine, verify
from msevidence.server.releases import current
from tests import release_helper
from tests.exports.test_conversion import page, study
from tests.faults.sizes import size
from tests.faults.small_data import small_data
from tests.faults.stepping import ROOT

BUSY = "another build is under way", "another process is loading or forgetting"
PATIENCE = 180.0
MAIN = "from msevidence.server.cli import main; main()"


def publisher(home: Path, word: str) -> list[str]:
    return [sys.executable, release_helper.__file__, str(home), word, "-"]


def command(*words: str) -> list[str]:
    return [sys.executable, "-c", MAIN, *words]


def together(*commands: list[str]) -> list[tuple[int, str]]:
    """Run commands at the same time; return their exit codes and what they said."""
    running = [
        subprocess.Popen(one, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT) for one in commands
    ]
    return [(one.wait(), said) for one in running for said in [one.communicate(timeout=PATIENCE)[0]]]


def judged(home: Path, ended: list[tuple[int, str]]) -> int:
    """Assert that each was done or refused, and that the home is whole; return how many were done."""
    for code, said in ended:
        assert code == 0 or (code == 3 and any(busy in said for busy in BUSY)), said
        assert "Traceback" not in said
    done = sum(code == 0 for code, _ in ended)
    assert done >= 1
    assert verify(home) == []
    assert {p.name for p in home.iterdir()} - {"sources", "converted"} == {".lock", "current", "releases"}
    for folder in (home / "releases").iterdir():
        assert not folder.name.startswith(".")
        assert examine(folder).faults == []
    return done


@pytest.mark.parametrize("words", [("one", "one"), ("one", "two"), ("one", "two", "three", "one")], ids="-".join)
def test_publishers_at_once(tmp_path: Path, words: tuple[str, ...]) -> None:
    home = tmp_path / "home"
    for _ in range(size(2, 20)):
        judged(home, together(*(publisher(home, word) for word in words)))
    for word in words:  # no lock and nothing else of those that were refused is in the way
        assert together(publisher(home, word))[0][0] == 0
        assert verify(home) == []


@pytest.mark.parametrize("kept", [1, 2])
def test_a_publisher_while_another_prunes(tmp_path: Path, kept: int) -> None:
    """The third release takes the store of the first away, which the other one is making again."""
    home = tmp_path / "home"
    for word in ("one", "two", "three")[: kept + 1]:
        assert together(publisher(home, word))[0][0] == 0
    judged(home, together(publisher(home, "four"), publisher(home, "one")))


def test_a_publisher_that_was_killed_holds_nobody_up(tmp_path: Path) -> None:
    """The lock is the kernel's: whoever comes next has it at once, whatever the dead one had started."""
    home = tmp_path / "home"
    for _ in range(size(2, 20)):
        one = subprocess.Popen(publisher(home, "large"), stdout=subprocess.PIPE, text=True)
        assert one.stdout is not None
        assert one.stdout.readline()  # it holds the lock
        assert judged_busy(together(publisher(home, "two"))) or one.poll() is not None
        one.send_signal(signal.SIGKILL)
        one.wait()
        one.stdout.close()
        assert together(publisher(home, "two"))[0][0] == 0
        assert verify(home) == []
        shutil.rmtree(home)


def judged_busy(ended: list[tuple[int, str]]) -> bool:
    return ended[0][0] == 3 and BUSY[0] in ended[0][1]


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """Return a folder of data, and an export."""
    folder = tmp_path_factory.mktemp("inputs")
    export = folder / "studies.json"
    export.write_bytes(page(*(study(f"NCT9123456{n}") for n in range(3))))
    yield small_data(folder / "data"), export


def test_a_build_and_a_load_at_once(tmp_path: Path, inputs: tuple[Path, Path]) -> None:
    """Whichever comes first, the source is kept or was not taken, and one more load gives what both would have."""
    data, export = inputs
    home = tmp_path / "home"
    more = ("--data", str(data), "--home", str(home))
    build, load = command("build", *more), command("load", str(export), *more)
    ended = together(build, load)
    judged(home, ended)
    names = [source.name for source in Sources(home).all()]
    assert names == (["studies.json"] if ended[1][0] == 0 else [])
    assert together(load)[0][0] == 0
    assert [source.name for source in Sources(home).all()] == ["studies.json"]
    assert verify(home) == []
    assert b"NCT91234560" in (current(home).path / "data.nq").read_bytes()


def test_two_loads_at_once(tmp_path: Path, inputs: tuple[Path, Path]) -> None:
    home, other = tmp_path / "home", tmp_path / "other.json"
    other.write_bytes(page(study("NCT91234569")))
    loads = [command("load", "--no-build", str(file), "--home", str(home)) for file in (inputs[1], other)]
    ended = together(*loads)
    codes = sorted(code for code, _ in ended)
    assert codes in ([0, 0], [0, 3]), ended
    assert len(Sources(home).all()) == codes.count(0)
    for load in loads:
        assert together(load)[0][0] == 0
    assert sorted(source.name for source in Sources(home).all()) == ["other.json", "studies.json"]
