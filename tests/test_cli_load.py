"""``msevidence load``, ``forget`` and ``sources``, run on the real data with small exports of our own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from msevidence.loaders.exports.faults import ExportError
from msevidence.loaders.exports.running import convert_apart
from msevidence.loaders.exports.sources import Sources
from msevidence.server.cli import run
from tests.exports.test_conversion import page, study, updated

MSE = "https://w3id.org/msevidence/ontology#"
BASE = "https://w3id.org/msevidence/"


def loaded(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    """Run a command with ``--json``; return the exit code and what it printed."""
    capsys.readouterr()
    code = run([*arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def counts(file: dict[str, Any]) -> tuple[int, int, int, int]:
    return file["read"], file["loaded"], file["quarantined"], file["duplicate"]


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with exports: two days of one registry, and a folder of single studies."""
    folder = tmp_path_factory.mktemp("exports")
    start = {"startDateStruct": {"date": "2026-01", "type": "ESTIMATED"}}
    later = {"startDateStruct": {"date": "2026-05", "type": "ESTIMATED"}, "overallStatus": "SUSPENDED"}
    monday = [study("NCT91234567", "A study of cells", **start, **updated("2025-01-05")), study("NCT91234568")]
    tuesday = [study("NCT91234567", "A study of cells", **later, **updated("2025-01-06")), study("NCT91234568")]
    (folder / "monday.json").write_bytes(page(*monday))
    (folder / "tuesday.json").write_bytes(page(*tuesday, study("NCT9")))
    (folder / "single").mkdir()
    for number in ("NCT91234571", "NCT91234572"):
        (folder / "single" / f"{number}.json").write_text(json.dumps(study(number)))
    (folder / "login.csv").write_text("<!doctype html><html>Log in</html>")
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, exports: Path) -> Iterator[Path]:
    """Return a home in which Monday's export is loaded."""
    folder = tmp_path_factory.mktemp("home")
    assert run(["load", str(exports / "monday.json"), "--home", str(folder)]) == 0
    yield folder


def release(home: Path) -> str:
    return (home / "current").readlink().name


def store(home: Path) -> ox.Store:
    return ox.Store.read_only(str(home / "current" / "store"))


def test_loading_again_changes_nothing(
    home: Path, exports: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    before = release(home)
    copy = tmp_path / "other-name.txt"
    shutil.copyfile(exports / "monday.json", copy)
    code, said = loaded(capsys, "load", str(copy), "--home", str(home))
    assert code == 0
    assert counts(said["files"][0]) == (2, 0, 0, 2)
    assert said["files"][0]["loaded_before"] is True
    assert said["release"]["already_published"] is True
    assert release(home) == before


def test_the_statements_of_a_loaded_record_have_their_source_and_its_counts(home: Path) -> None:
    query = f"""
      PREFIX mse: <{MSE}> PREFIX prov: <http://www.w3.org/ns/prov#>
      SELECT ?status ?printed ?date ?file ?read ?loader WHERE {{
        ?r mse:registrationNumber "NCT91234567" ; mse:hasVersion ?v ; mse:registeredStatus ?status .
        ?v mse:printedStatus ?printed ; mse:sourceDate ?date ; prov:wasDerivedFrom ?s .
        ?s mse:sourceFile ?file ; mse:recordsRead ?read .
        GRAPH ?g {{ ?r mse:hasVersion ?v }}
        ?g prov:wasDerivedFrom ?s ; prov:wasGeneratedBy/mse:loader ?loader
      }}"""
    rows = [[t.value for t in row] for row in store(home).query(query)]
    status = f"{BASE}scheme/status-as-registered/recruiting"
    assert rows == [[status, "RECRUITING", "2025-01-05", "monday.json", "2", "ctgov-json"]]


def test_what_changed_is_told_and_a_bad_record_does_not_stop_its_neighbours(
    home: Path, exports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = loaded(capsys, "load", str(exports / "tuesday.json"), str(exports / "login.csv"), "--home", str(home))
    assert code == 1
    tuesday, login = said["files"]
    assert counts(tuesday) == (3, 1, 1, 1)
    assert "NCT9" in tuesday["quarantine"][0]["reason"]
    assert "is a web page" in login["fault"]
    changes = {(c["registration"], c["field"], c["before"], c["after"]) for c in tuesday["changes"]}
    assert changes == {
        ("NCT91234567", "status", "RECRUITING", "SUSPENDED"),
        ("NCT91234567", "start", "2026-01", "2026-05"),
    }
    assert {c["before_date"] for c in tuesday["changes"]} == {"2025-01-05"}
    assert {c["after_date"] for c in tuesday["changes"]} == {"2025-01-06"}
    assert [s.name for s in Sources(home).all()] == sorted(
        ["monday.json", "tuesday.json"], key=lambda n: next(s.sha256 for s in Sources(home).all() if s.name == n)
    )
    both = store(home).query(
        f'SELECT ?s {{ ?r <{MSE}registrationNumber> "NCT91234567" ; <{MSE}hasVersion>/<{MSE}printedStatus> ?s }}'
    )
    assert sorted(row["s"].value for row in both) == ["RECRUITING", "SUSPENDED"]
    now = store(home).query(f'SELECT ?s {{ ?r <{MSE}registrationNumber> "NCT91234567" ; <{MSE}registeredStatus> ?s }}')
    assert [row["s"].value.rsplit("/", 1)[1] for row in now] == ["suspended"]  # of the newer record alone


def test_forgetting_gives_back_the_release_of_before(
    home: Path, exports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["load", str(exports / "tuesday.json"), "--home", str(home)]) == 1  # one record is in quarantine
    with_both = release(home)
    code, said = loaded(capsys, "forget", "tuesday.json", "--home", str(home))
    assert code == 0
    assert [s["name"] for s in said["forgotten"]] == ["tuesday.json"]
    only_monday = release(home)
    assert only_monday != with_both
    code, said = loaded(capsys, "load", str(exports / "tuesday.json"), "--home", str(home))
    assert said["release"]["release"] == with_both
    assert run(["forget", "tuesday.json", "--home", str(home)]) == 0
    assert release(home) == only_monday
    assert run(["forget", "tuesday.json", "--home", str(home)]) == 2


def test_the_order_of_loading_does_not_matter(
    exports: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """And a folder is one source, kept as one archive that is the same each time."""
    names = ["monday.json", "tuesday.json", "single"]
    releases = []
    for n, order in enumerate((names, names[::-1])):
        folder = tmp_path / str(n)
        for name in order[:-1]:
            assert run(["load", str(exports / name), "--no-build", "--home", str(folder)]) in (0, 1)
        code, said = loaded(capsys, "load", str(exports / order[-1]), "--home", str(folder))
        releases.append(said["release"]["release"])
        assert len(Sources(folder).all()) == 3
    assert releases[0] == releases[1]
    code, rows = loaded(capsys, "sources", "--home", str(tmp_path / "0"))
    assert code == 0
    assert {row["name"]: row["read"] for row in rows} == {"monday.json": 2, "tuesday.json": 3, "single": 2}  # type: ignore[call-overload]


def test_a_refused_file_leaves_nothing_behind(exports: Path, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", b'{"studies": [' + b" " * 50_000_000)
    folder = tmp_path / "home"
    for bad in (exports / "login.csv", bomb):
        assert run(["load", str(bad), "--no-build", "--home", str(folder)]) == 1
    assert run(["load", str(exports / "tuesday.json"), "--strict", "--no-build", "--home", str(folder)]) == 1
    assert Sources(folder).all() == []
    left = [p for p in folder.rglob("*") if p.is_file()]
    assert left == []


def test_a_killed_load_leaves_whole_sources_only(exports: Path, tmp_path: Path) -> None:
    """SIGKILL at several moments: what is listed is whole, and loading again goes through."""
    many = tmp_path / "many.json"
    many.write_bytes(page(*(study(f"NCT9{n:07}") for n in range(3_000))))
    folder = tmp_path / "home"
    code = "from msevidence.server.cli import main; main()"
    for wait in (0.3, 1.5, 3.0):
        child = subprocess.Popen(
            [sys.executable, "-c", code, "load", str(many), "--no-build", "--home", str(folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(wait)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        for source in Sources(folder).all():
            assert Sources(folder).path(source).read_bytes() == many.read_bytes()
    assert run(["load", str(exports / "monday.json"), "--no-build", "--home", str(folder)]) == 0
    assert "monday.json" in [s.name for s in Sources(folder).all()]


def test_a_file_that_takes_all_memory_ends_in_a_clear_error(tmp_path: Path) -> None:
    """One record of a very long list: the process that reads it is bounded, ours is not touched."""
    big, target = tmp_path / "big.json", tmp_path / "target"
    target.mkdir()
    with big.open("wb") as out:
        out.write(b'{"studies": [{"protocolSection": {"identificationModule": {"nctId": "NCT91234567", "x": [')
        for _ in range(20):
            out.write(b"[[1],[2],[3],[4],[5]]," * 60_000)
        out.write(b"0]}}}]}")
    with pytest.raises(ExportError, match=r"big\.json: needs more than 600 MiB to be read"):
        convert_apart(big, big.name, "0" * 64, target, strict=False, tell=lambda n: None, memory=600 * 2**20)


def test_the_progress_of_a_build_that_fails_takes_back_what_was_loaded(
    exports: Path, tmp_path: Path, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "data"
    shutil.copytree(data_dir, broken)
    (broken / "identity.yaml").write_text("decisions: [")
    folder = tmp_path / "home"
    assert run(["load", str(exports / "monday.json"), "--data", str(broken), "--home", str(folder)]) == 1
    assert Sources(folder).all() == []
