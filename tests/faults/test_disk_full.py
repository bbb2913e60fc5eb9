"""Disks that are full at each stage: a clear error, the old release whole, nothing half-written, and then it goes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from msevidence.loaders.exports.sources import Sources
from msevidence.loaders.release_verify import examine, verify
from msevidence.server.releases import current
from tests.exports.test_conversion import study
from tests.faults.sizes import size
from tests.faults.small_data import small_data
from tests.faults.small_disk import KIB, SmallDisk, small_disk
from tests.faults.stepping import Ended, Order, Stepper, stepper
from tests.server_fixtures import quick, running
from tests.server_http import ask, send
from tests.stores.servers import oxigraph

FULL_SAID = ("No space left on device", "database or disk is full", "unable to open database file")
"""How the system says it, and SQLite, which cannot open a file where no file may be added."""
LARGE = 256 * KIB * KIB


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stepper]:
    """Return what runs the commands."""
    with stepper(tmp_path_factory.mktemp("stepper")) as one:
        yield one


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """Return a disk."""
    with small_disk(tmp_path / "disk", LARGE) as one:
        yield one


def refused(ended: Ended, place: Path) -> None:
    """Assert that a command has told what is full, where, and how to mend it, and ended with 3."""
    assert ended.code == 3, ended.said
    assert ended.left == ()
    assert "Traceback" not in ended.said
    last = ended.said.strip().splitlines()[-1]
    assert any(said in last for said in FULL_SAID), ended.said
    assert str(place) in last, ended.said
    assert "make room" in last or "check the disk" in last, ended.said


def until_it_fits(disk: SmallDisk, steps: Stepper, order: Order, step: int, whole: object = None) -> list[str]:
    """Run a command on a disk that grows until it goes through; return what it said each time before."""
    room, said = max(disk.used(), 4 * KIB), []
    while True:
        disk.resize(room)
        ended = steps.run(order)
        if ended.code == 0:
            return said
        refused(ended, disk.path)
        said.append(ended.said)
        if callable(whole):
            whole()
        assert disk.used() <= room
        room += step
        assert len(said) < 400, ended.said


def test_a_release_is_published_whole_or_not_at_all(disk: SmallDisk, steps: Stepper) -> None:
    home = disk.path / "home"
    assert steps.run(Order("publish", (str(home), "one"))).code == 0
    old, before = current(home).id, disk.used()

    def whole() -> None:
        assert verify(home) == []
        assert current(home).id == old
        assert {p.name for p in home.iterdir()} == {".lock", "current", "releases"}
        assert {p.name for p in (home / "releases").iterdir()} == {old}
        assert disk.used() <= before + 4 * KIB

    order = Order("publish", (str(home), "large"))
    said = until_it_fits(disk, steps, order, size(256, 32) * KIB, whole)
    assert len(said) >= 10
    stages = {
        len([line for line in one.splitlines() if " " not in line or line == "described in full"]) for one in said
    }
    assert len(stages) >= 4, "the disk is full in too few stages"
    assert verify(home) == [] and current(home).id != old


def test_a_release_needs_files_as_well(disk: SmallDisk, steps: Stepper) -> None:
    home = disk.path / "home"
    assert steps.run(Order("publish", (str(home), "one"))).code == 0
    old = current(home).id
    files, failed = disk.files(), 0
    while True:
        disk.resize(LARGE, files)
        ended = steps.run(Order("publish", (str(home), "two")))
        if ended.code == 0:
            break
        refused(ended, disk.path)
        assert verify(home) == [] and current(home).id == old
        for folder in (home / "releases").iterdir():  # one that only the link could not be moved to is whole
            assert not folder.name.startswith(".") and examine(folder).faults == []
        failed += 1
        files += size(4, 1)
    assert failed >= 10
    assert verify(home) == [] and current(home).id != old


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of data."""
    return small_data(tmp_path_factory.mktemp("data") / "data")


def test_a_build_on_a_full_disk_leaves_the_old_release(disk: SmallDisk, steps: Stepper, data: Path) -> None:
    home = disk.path / "home"
    assert steps.run(Order("publish", (str(home), "one"))).code == 0
    old, used = current(home).id, disk.used()
    order = Order("cli", ("build", "--data", str(data), "--home", str(home)))
    for more in sorted({0, 6 * KIB * KIB, *range(0, size(0, 20) * KIB * KIB, KIB * KIB)}):
        disk.resize(used + more + 4 * KIB)
        ended = steps.run(order)
        if not ended.code:
            break  # there was room, and the old release is another's by now
        refused(ended, disk.path)
        assert verify(home) == [] and current(home).id == old
    disk.resize(LARGE)
    assert steps.run(order).code == 0
    assert verify(home) == [] and current(home).id != old


def test_a_load_keeps_whole_sources_or_none(disk: SmallDisk, steps: Stepper, tmp_path: Path) -> None:
    home, file = disk.path / "home", tmp_path / "studies.json"
    studies = [study(f"NCT912345{n:02}", f"A study of {n} cells") for n in range(20)]
    file.write_text(json.dumps({"studies": studies}) + " " * 200 * KIB)
    home.mkdir()
    order = Order("cli", ("load", "--no-build", str(file), "--home", str(home)))

    def whole() -> None:
        assert Sources(home).all() == []
        assert [p for p in home.rglob("*") if p.is_file()] == []

    said = until_it_fits(disk, steps, order, size(32, 8) * KIB, whole)
    assert len(said) >= 6
    assert [source.name for source in Sources(home).all()] == ["studies.json"]
    assert Sources(home).path(Sources(home).all()[0]).read_bytes() == file.read_bytes()


@pytest.mark.parametrize(
    ("form", "name", "step"), [("nquads", "graph.nq", 4), ("csvw", "tables/", 16), ("xlsx", "tables.xlsx", 8)]
)
def test_an_export_is_written_whole_or_not_at_all(
    disk: SmallDisk, steps: Stepper, tmp_path: Path, form: str, name: str, step: int
) -> None:
    home = tmp_path / "home"
    assert steps.run(Order("publish", (str(home), "one"))).code == 0
    target = disk.path / name
    order = Order("cli", ("export", form, "--output", f"{disk.path}/{name}", "--home", str(home)))

    def whole() -> None:
        assert list(disk.path.iterdir()) == []

    said = until_it_fits(disk, steps, order, size(step, max(1, step // 4)) * KIB, whole)
    assert len(said) >= 2
    assert list(disk.path.iterdir()) == [target]
    again = tmp_path / "again"
    assert (
        steps.run(
            Order("cli", (*order.arguments[:3], f"{again}/" if "/" in name else str(again), *order.arguments[4:]))
        ).code
        == 0
    )
    if target.is_dir():
        assert {p.name: p.read_bytes() for p in target.iterdir()} == {p.name: p.read_bytes() for p in again.iterdir()}
    else:
        assert target.read_bytes() == again.read_bytes()


def test_a_push_needs_room_for_its_parts(disk: SmallDisk, steps: Stepper, tmp_path: Path) -> None:
    """A push takes the release apart beside the home, where temporary files go."""
    home = tmp_path / "home"
    assert steps.run(Order("publish", (str(home), "large"))).code == 0
    with oxigraph() as server:
        services = ("--query", server.query, "--update", server.update)
        order = Order("cli", ("push", *services, "--home", str(home)), environment={"TMPDIR": str(disk.path)})
        disk.resize(64 * KIB)
        refused(steps.run(order), disk.path)
        assert list(disk.path.iterdir()) == []
        disk.resize(LARGE)
        assert steps.run(order).code == 0
        assert list(disk.path.iterdir()) == []


def test_a_verification_needs_room_for_what_it_compares(disk: SmallDisk, steps: Stepper, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert steps.run(Order("publish", (str(home), "large"))).code == 0
    order = Order("cli", ("verify", "--home", str(home)), environment={"TMPDIR": str(disk.path)})
    disk.resize(64 * KIB)
    refused(steps.run(order), disk.path)
    disk.resize(LARGE)
    assert steps.run(order).code == 0


@pytest.mark.parametrize("command", ["query --list", "sources", "export nquads --output -", "verify", "--help"])
def test_a_full_disk_behind_standard_output_is_told(
    steps: Stepper, disk: SmallDisk, tmp_path: Path, command: str
) -> None:
    home = tmp_path / "home"
    assert steps.run(Order("publish", (str(home), "one"))).code == 0
    words = command.split()
    if words[0] != "--help":
        words += ["--home", str(home)]
    ended = steps.run(Order("cli", tuple(words), environment={"STANDARD_OUTPUT": "/dev/full"}))
    assert ended.code == 3
    refused(ended, Path("standard output"))


@pytest.mark.parametrize("how", ["full", "read-only"])
def test_a_server_needs_no_room_and_writes_nothing(
    disk: SmallDisk, steps: Stepper, tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Home and temporary files lie on a disk that is full, or that nobody may write to."""
    home = disk.path / "home"
    assert steps.run(Order("publish", (str(home), "large"))).code == 0
    (disk.path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(disk.path / "tmp"))
    disk.resize(disk.used() + 64 * KIB)
    if how == "full":
        disk.fill(leave=4 * KIB)  # enough for the probe by which Python finds a folder for temporary files
    else:
        disk.read_only()
    before = {p: p.stat().st_mtime_ns for p in home.rglob("*")}
    with running(home, quick(deadline=60.0, page_deadline=60.0, cache_bytes=8 << 20)) as url:
        everything = "SELECT * { ?a ?b ?c . ?d ?b ?e FILTER(STRLEN(STR(?c)) < 8) } LIMIT 30000"
        answers = [ask(url, everything, Accept="text/csv") for _ in range(2)]
        assert [a.status for a in answers] == [200, 200]
        assert len(answers[0].body) > 2 << 20 and answers[0].body == answers[1].body
        long = b"query=" + b"ASK+%7B%7D+%23" + b"x" * 100 * KIB
        assert send(url, "/sparql", "POST", long, Content_Type="application/x-www-form-urlencoded").status == 200
        for path in (
            "/",
            "/study/s1.ttl",
            "/search?q=large",
            f"/releases/{current(home).id}/data.nq",
            "/export?format=nquads",
        ):
            assert send(url, path).status == 200, path
        health = json.loads(send(url, "/health").body)
        assert health["status"] == "ok", health
    assert {p: p.stat().st_mtime_ns for p in home.rglob("*")} == before
    assert list((disk.path / "tmp").iterdir()) == []


def test_a_server_goes_on_while_a_build_fills_the_disk(disk: SmallDisk, steps: Stepper) -> None:
    home = disk.path / "home"
    assert steps.run(Order("publish", (str(home), "one"))).code == 0
    old = current(home).id
    with running(home, quick(deadline=60.0)) as url:
        for more in (100, 400, 900):
            disk.resize(disk.used() + more * KIB)
            refused(steps.run(Order("publish", (str(home), "large"))), disk.path)
            answer = ask(url, "SELECT * { ?s ?p ?o }", Accept="text/csv")
            assert answer.status == 200 and old in answer.headers["ETag"]
        disk.resize(LARGE)
        assert steps.run(Order("publish", (str(home), "large"))).code == 0
        answer = ask(url, "SELECT * { ?s ?p ?o }", Accept="text/csv")
        assert answer.status == 200 and b"large 2996" in answer.body
    shutil.rmtree(home)
