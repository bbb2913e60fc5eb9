"""A build that dies, a disk that is full, a byte that turns: what is served is the old release or the new one."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from msevidence.loaders.release_errors import BusyError, ReleaseError
from msevidence.loaders.release_home import Home, building
from msevidence.loaders.release_manifest import describe_file
from msevidence.loaders.release_nquads import survey
from msevidence.loaders.release_verify import verify
from tests import release_helper
from tests.release_helper import BASE, RELEASE_GRAPH, agree, publish_small, small_graph

STAGES = [
    "started",
    "hashed",
    "described",
    "loaded",
    "copied",
    "dumped",
    "described in full",
    "indexed",
    "checked",
    "synced",
    "placed",
    "switched",
    "pruned",
]
SERVED_BY = STAGES.index("switched")


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, release_helper.__file__, str(home), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def current(home: Path) -> str:
    return (home / "current").readlink().name


def served(home: Path) -> str:
    """Return the id of the release served, which must be whole."""
    assert verify(home) == []
    return current(home)


def test_the_stages_are_all_that_there_are(tmp_path: Path) -> None:
    seen: list[str] = []
    publish_small(tmp_path, stage=seen.append)
    assert seen == STAGES


@pytest.mark.parametrize("stage", STAGES)
def test_kill_at_any_stage_leaves_the_old_release_or_the_new(tmp_path: Path, stage: str) -> None:
    old = publish_small(tmp_path).id
    killed = run(tmp_path, "two", stage)
    assert killed.returncode == -signal.SIGKILL
    assert killed.stdout.splitlines()[-1] == stage
    left = served(tmp_path)
    assert (left == old) == (STAGES.index(stage) < SERVED_BY)
    new = publish_small(tmp_path, small_graph("two"))
    assert served(tmp_path) == new.id != old
    assert new.already_published == (STAGES.index(stage) >= STAGES.index("placed"))
    assert sorted(p.name for p in tmp_path.iterdir()) == [".lock", "current", "releases"]
    assert sorted(p.name for p in (tmp_path / "releases").iterdir()) == sorted([old, new.id])


def test_kill_while_a_pruned_store_is_made_again(tmp_path: Path) -> None:
    one = publish_small(tmp_path, small_graph("one")).id
    for word in ("two", "three"):
        publish_small(tmp_path, small_graph(word))
    (tmp_path / "releases" / f".new-{one}").mkdir()
    (tmp_path / "releases" / f".new-{one}" / "CURRENT").write_text("half a store")
    assert not (tmp_path / "releases" / one / "store").exists()
    assert run(tmp_path, "one", "-").returncode == 0
    assert served(tmp_path) == one


@pytest.mark.parametrize("size", [0, 10, 1_000, 20_000, 80_000, 200_000, 400_000])
def test_full_disk_leaves_the_old_release(tmp_path: Path, size: int) -> None:
    old = publish_small(tmp_path).id
    full = run(tmp_path, "large", "-", str(size))
    assert full.returncode == 3, full.stdout
    assert "build again" in full.stderr
    assert "Traceback" not in full.stderr
    assert served(tmp_path) == old
    assert sorted(p.name for p in (tmp_path / "releases").iterdir()) == [old]


def test_full_disk_strikes_in_several_stages(tmp_path: Path) -> None:
    """The sizes above are no accident: they end the build in different places."""
    last = {
        (run(tmp_path, "large", "-", str(size)).stdout.splitlines() or ["none"])[-1] for size in (0, 80_000, 400_000)
    }
    assert len(last) >= 2
    assert run(tmp_path, "large", "-").returncode == 0
    assert verify(tmp_path) == []


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    inode = path.with_suffix(".copy")  # a new file: the store's own may be a hard link
    inode.write_bytes(content)
    inode.replace(path)


@pytest.mark.parametrize("nth", range(16))
def test_bad_byte_in_any_file_of_the_store_is_found_before_it_is_served(tmp_path: Path, nth: int) -> None:
    old = publish_small(tmp_path).id
    flipped: list[Path] = []

    def damage(stage: str) -> None:
        if stage == "copied":
            files = sorted(p for p in (tmp_path / "releases").glob(".new-*/store/*") if p.stat().st_size)
            file = files[nth % len(files)]
            flip(file, file.stat().st_size * nth // 16)
            flipped.append(file)

    with pytest.raises(ReleaseError):
        publish_small(tmp_path, small_graph("two"), stage=damage)
    assert len(flipped) == 1
    assert served(tmp_path) == old


def test_bad_byte_in_any_file_of_a_served_store_is_told(tmp_path: Path) -> None:
    store = publish_small(tmp_path).path / "store"
    files = [p for p in sorted(store.iterdir()) if p.stat().st_size]
    assert len(files) >= 12  # nine indexes, the strings, two files of the engine
    for file in files:
        content = file.read_bytes()
        flip(file, len(content) // 3)
        assert verify(tmp_path) == [f"store/{file.name}: not as it was written"]
        file.write_bytes(content)
    assert verify(tmp_path) == []


@pytest.mark.parametrize("name", ["data.nq", "validation.ttl", "manifest.json", "ontology/core.ttl"])
def test_bad_byte_in_a_file_stops_the_release(tmp_path: Path, name: str) -> None:
    old = publish_small(tmp_path).id

    def damage(stage: str) -> None:
        if stage == "described in full":
            (folder,) = (tmp_path / "releases").glob(".new-*")
            content = (folder / name).read_bytes()
            flip(folder / name, content.index(b"o"))

    with pytest.raises(ReleaseError, match="not what was built"):
        publish_small(tmp_path, small_graph("two"), stage=damage)
    assert served(tmp_path) == old
    assert len(list((tmp_path / "releases").iterdir())) == 1


def test_two_builds_at_once_are_refused(tmp_path: Path) -> None:
    with building(Home(tmp_path)):
        (tmp_path / "work" / "mine").touch()
        other = run(tmp_path, "two", "-")
        assert other.returncode == 3
        assert f"another build is under way (process {os.getpid()})" in other.stderr
        assert (tmp_path / "work" / "mine").exists()
        with pytest.raises(BusyError):
            publish_small(tmp_path)
    assert run(tmp_path, "two", "-").returncode == 0


def test_a_current_that_is_no_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "current").mkdir()
    with pytest.raises(ReleaseError, match="is not a link"):
        publish_small(tmp_path)
    assert verify(tmp_path) == [
        f"{tmp_path / 'current'} is not a link (Invalid argument); move it away and build again"
    ]


def test_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    with pytest.raises(ReleaseError, match="could not be written"):
        publish_small(tmp_path / "home")


def test_damaged_release_of_the_same_graph_is_not_served_again(tmp_path: Path) -> None:
    release = publish_small(tmp_path)
    (release.path / "validation.ttl").write_text("# else\n")
    with pytest.raises(ReleaseError, match=r"is damaged: validation\.ttl"):
        publish_small(tmp_path)


def test_verify_names_each_fault(tmp_path: Path) -> None:
    assert verify(tmp_path) == [f"{tmp_path}: no release is published here; `msevidence build` makes one"]
    path = publish_small(tmp_path).path
    (path / "ontology" / "core.ttl").unlink()
    (path / "stray").touch()
    (path / "validation.ttl").write_text("# else\n")
    missing, stray, changed = verify(tmp_path)
    assert missing == "ontology/core.ttl: missing"
    assert stray == "stray: not in the manifest"
    assert changed.startswith("validation.ttl: 7 bytes with SHA-256")


def rewrite(folder: Path, old: bytes, new: bytes, **fields: object) -> None:
    """Change ``data.nq`` and let the manifest agree with its bytes, as a careful hand would."""
    data = (folder / "data.nq").read_bytes()
    assert old in data
    data = b"".join(sorted(data.replace(old, new).splitlines(keepends=True)))
    (folder / "data.nq").write_bytes(data)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["data.nq"] = asdict(describe_file(folder / "data.nq"))
    (folder / "manifest.json").write_text(json.dumps(manifest | fields, indent=2) + "\n")
    agree(folder)


def test_verify_recomputes_id_counts_merge_and_store(tmp_path: Path) -> None:
    path = publish_small(tmp_path).path
    names = ("data.nq", "manifest.json", "SHA256SUMS")
    whole = {name: (path / name).read_bytes() for name in names}

    def again() -> None:
        for name, content in whole.items():
            (path / name).write_bytes(content)

    rewrite(path, b'"one 3"@en .', b'"one 33"@en .')
    first, merge, *records = verify(tmp_path)
    assert first.startswith("data.nq: its quads have the id")
    assert merge == "data.nq: the default graph is not the merge of the named graphs"
    record = f"data.nq: record <{BASE}study/s3> in "
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    assert records == [
        f'{record}graph {BASE}graph/studies: {label} "one 3"@en is not in the default graph, which repeats every graph',
        f'{record}the default graph: {label} "one 33"@en is in none of the named graphs, which it repeats',
    ]
    again()
    rewrite(path, b"05:06:07", b"06:06:07")  # in the graph release: the id does not cover it, the manifest states it
    hashes = survey(path / "data.nq", RELEASE_GRAPH).graph_sha256
    rewrite(path, b"<", b"<", graph_sha256=hashes)
    assert verify(tmp_path) == [
        "manifest.json: built is 2026-03-04T05:06:07Z; the graph release says 2026-03-04T06:06:07Z"
    ]
    again()
    rewrite(path, b"05:06:07", b"06:06:07", built="2026-03-04T06:06:07Z")  # and in both: the graph has another hash
    (graph,) = verify(tmp_path)
    assert graph.startswith(f"data.nq: graph {RELEASE_GRAPH} was touched: its quads have SHA-256 ")
    rewrite(path, b"<", b"<", built="2026-03-04T06:06:07Z", graph_sha256=hashes)  # and the hash: the store says else
    first, record = verify(tmp_path)
    assert first == "store: it does not hold the quads of data.nq"
    assert record.startswith(f"data.nq: record <{BASE}release/{path.name}> in graph {RELEASE_GRAPH}: ")
    assert '"2026-03-04T05:06:07Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> is in the store and not here' in record
    assert '"2026-03-04T06:06:07Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> is here and not in the store' in record
    again()
    rewrite(path, b"<", b"<", quads=7)
    assert verify(tmp_path)[0].endswith("quads; the manifest says 7")
    again()
    rewrite(path, b"<", b"<", release="0" * 64)
    assert verify(tmp_path)[0].startswith("manifest.json: it is of release 0000")
    again()
    (path / "manifest.json").write_text("{}")
    assert "not a whole manifest (release: Field required)" in verify(tmp_path)[0]
    (path / "manifest.json").unlink()
    assert "cannot be read" in verify(tmp_path)[0]
    again()
    assert verify(tmp_path) == []
    (path / "store").rename(tmp_path / "elsewhere")
    assert verify(tmp_path) == ["store: missing; build again to have it made from data.nq"]
