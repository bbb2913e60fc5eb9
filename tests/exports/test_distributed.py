"""Conversion on a real Dask cluster: the same bytes as here, also where a worker is killed in the middle."""

import hashlib
import signal
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from msevidence.loaders.exports.distributed import ClusterError, DaskWorkers, convert_here, program_here
from msevidence.loaders.exports.faults import ExportError
from msevidence.loaders.exports.running import convert_apart
from msevidence.loaders.exports.shards import Shard
from msevidence.loaders.exports.workers import LocalWorkers, Workers
from msevidence.server.cli import run
from tests.exports.cluster import cluster, until
from tests.exports.test_conversion import page, study

SHARDS = 5


def records() -> bytes:
    """Return a file of five shards, with bad records and duplicates in several of them."""
    studies = [study(f"NCT9{n:07}", f"Study number {n}") for n in range(SHARDS * 200 - 100)]
    for n in (5, 450, 451, 850):
        studies[n] = study(f"NCT{n}")
    for n in (7, 460, 890):
        studies[n] = studies[3]
    return page(*studies)


def outcome(
    source: Path, target: Path, workers: Workers, tell: Callable[[int], None] = lambda n: None
) -> dict[str, str]:
    """Convert a source, and return the hash of each file of the outcome."""
    target.mkdir()
    convert_apart(source, source.name, "a" * 64, target, strict=False, tell=tell, workers=workers)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(target.iterdir())}


def test_a_cluster_gives_the_same_bytes_also_where_a_worker_is_killed_in_the_middle(tmp_path: Path) -> None:
    source = tmp_path / "studies.json"
    source.write_bytes(records())
    with closing(LocalWorkers(1)) as here:
        local = outcome(source, tmp_path / "local", here)
    assert sorted(local) == ["blocks.tsv", "facts.jsonl", "records.nq", "report.json"]
    with cluster(tmp_path, 2) as dask:
        victim = dask.workers[0]

        def kill(read: int) -> None:
            if victim.poll() is None:  # when the first shard is done: the others are handed out, and some are done
                victim.send_signal(signal.SIGKILL)
                victim.wait()

        with closing(DaskWorkers(dask.address)) as workers:
            assert len(workers.workers()) == 2
            assert outcome(source, tmp_path / "killed", workers, kill) == local
            until(lambda: len(workers.workers()) == 1, "the killed worker is not missed")
        shared = tmp_path / "shared"
        shared.mkdir()
        few = tmp_path / "few.json"
        few.write_bytes(page(*(study(f"NCT9{n:07}") for n in range(20)), study("NCT1")))
        with closing(DaskWorkers(dask.address, shared)) as workers, closing(LocalWorkers(1)) as here:
            assert outcome(few, tmp_path / "by-folder", workers) == outcome(few, tmp_path / "few", here)
        assert list(shared.iterdir()) == []
        home = tmp_path / "home"
        assert run(["load", str(few), "--no-build", "--dask", dask.address, "--home", str(home)]) == 1
        (found,) = (home / "converted").glob("*/*/blocks.tsv")
        assert found.read_bytes() == (tmp_path / "few" / "blocks.tsv").read_bytes()


def test_a_cluster_that_cannot_be_used_says_why_and_nothing_is_loaded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "studies.json"
    source.write_bytes(page(study("NCT91234567")))
    load = ["load", str(source), "--no-build", "--home", str(tmp_path / "home")]
    assert run([*load, "--dask", "http://127.0.0.1:1"]) == 2
    assert "tcp://host:8786" in capsys.readouterr().err
    assert run([*load, "--dask", "tls://127.0.0.1:1"]) == 3
    assert "DASK_DISTRIBUTED__COMM__TLS__CA_FILE" in capsys.readouterr().err
    with cluster(tmp_path, 0) as dask:
        assert run([*load, "--dask", dask.address]) == 3
        assert "has no worker" in capsys.readouterr().err
    assert not list((tmp_path / "home").rglob("*.json"))


def test_a_worker_with_another_program_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with cluster(tmp_path, 1) as dask:
        monkeypatch.setattr("msevidence.loaders.exports.distributed.program_fingerprint", lambda: "0123456789abcdef")
        with pytest.raises(ClusterError, match=r"another msevidence \([0-9a-f]{16}\); install the same version"):
            DaskWorkers(dask.address)


def test_a_shard_is_converted_only_by_the_program_and_from_the_bytes_that_were_meant(tmp_path: Path) -> None:
    shard = Shard("a" * 64, ()).encoded()
    digest = hashlib.sha256(shard).hexdigest()
    assert convert_here("other", shard, digest)[0] == "disk"
    file = tmp_path / "1.shard"
    kind, told = convert_here(program_here(), str(file), digest)
    assert (kind, "shared" in told) == ("disk", True)
    file.write_bytes(shard + b" ")
    assert convert_here(program_here(), str(file), digest) == (
        "disk",
        "reads other bytes in the shared folder than were written there",
    )


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import builtins

    real = builtins.__import__

    def without(name: str, *arguments: object, **named: object) -> object:
        if name == "distributed":
            raise ImportError(name)
        return real(name, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ClusterError, match=r"msevidence\[dask\]"):
        DaskWorkers("tcp://127.0.0.1:8786")


@pytest.mark.parametrize(
    "options", [["--workers", "2", "--dask", "tcp://127.0.0.1:1"], ["--shared", "."], ["--workers", "0"]]
)
def test_options_that_do_not_go_together_are_refused(options: list[str], tmp_path: Path) -> None:
    source = tmp_path / "studies.json"
    source.write_bytes(page(study("NCT91234567")))
    assert run(["load", str(source), "--home", str(tmp_path / "home"), *options]) == 2


def test_strict_refuses_the_same_record_whoever_converts(tmp_path: Path) -> None:
    source = tmp_path / "studies.json"
    source.write_bytes(records())
    with closing(LocalWorkers(2)) as workers:
        (tmp_path / "target").mkdir()
        with pytest.raises(ExportError, match="NCT5"):
            convert_apart(
                source, source.name, "a" * 64, tmp_path / "target", strict=True, tell=lambda n: None, workers=workers
            )
