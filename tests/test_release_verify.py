"""``verify`` finds every change of a manifest, of the file of hashes, and says which release it looked at."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from msevidence.loaders.release_verify import verify
from msevidence.server.cli import run
from tests.release_helper import agree, publish_small

UNSIGNED = "the signature: the release has none here, so nothing says who published it"
Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def release(tmp_path: Path, release_home: Path) -> Path:
    """Return a copy of the release of the real data, which the test may damage; its store is not copied."""
    original = release_home / "current"
    copy = tmp_path / "releases" / original.resolve().name
    shutil.copytree(original, copy, ignore=shutil.ignore_patterns("store", "store.sha256", "index.*"))
    assert verify(copy) == []
    return copy


def change(release: Path, how: Change) -> None:
    file = release / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    how(manifest)
    file.write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    agree(release)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (lambda m: m.update(built="2020-01-01T00:00:00Z"), "built is 2020-01-01T00:00:00Z; the graph release says 20"),
        (lambda m: m.update(version="9.9.9"), "version is 9.9.9; the graph release says 0."),
        (lambda m: m["sources"][0].update(sha256="0" * 64), f"with SHA-256 {'0' * 64} stands in the manifest, not in"),
        (lambda m: m["sources"][0].update(path="other.txt"), "sources: other.txt with SHA-256 "),
        (lambda m: m["sources"].pop(), "stands in the graph meta only"),
        (lambda m: m["sources"].clear(), "stands in the graph meta only"),
        (lambda m: m["sources"].append({"path": "x", "sha256": "1" * 64}), "sources: x with SHA-256 1"),
        (lambda m: m.update(signed="yes"), "unknown key signed"),
        (lambda m: m["sources"][1].update(note="x"), "unknown key sources.1.note"),
        (lambda m: m["files"]["data.nq"].update(md5="x"), "unknown key files.data.nq.md5"),
        (lambda m: m.update(quads=str(m["quads"])), "not in the form in which it was written"),
        (lambda m: m["files"].pop("validation.ttl"), "validation.ttl: not in the manifest"),
    ],
)
def test_every_change_of_the_manifest_is_found(release: Path, how: Change, said: str) -> None:
    change(release, how)
    faults = verify(release)
    assert any(said in fault for fault in faults), faults


def test_another_form_of_the_manifest_is_found(release: Path) -> None:
    file = release / "manifest.json"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"version"', '"version": "8.8.8",\n  "version"', 1), encoding="utf-8")
    agree(release)
    assert verify(release) == ["manifest.json: not in the form in which it was written"]


def test_a_changed_report_does_not_pass_with_a_changed_manifest(release: Path) -> None:
    report = release / "validation.ttl"
    report.write_bytes(report.read_bytes() + b"# more\n")
    digest = hashlib.sha256(report.read_bytes()).hexdigest()
    change(release, lambda m: m["files"].update({"validation.ttl": {"sha256": digest, "bytes": report.stat().st_size}}))
    (fault,) = verify(release)
    assert fault.startswith(f"manifest.json: files.validation.ttl.sha256 is {digest}; the graph release says ")


def test_missing_hashes_of_the_store_are_told_and_mended(tmp_path: Path) -> None:
    released = publish_small(tmp_path).path
    (released / "store.sha256").unlink()
    (fault,) = verify(tmp_path)
    assert fault.startswith("store.sha256: missing; remove store/ as well and build again")
    shutil.rmtree(released / "store")
    assert publish_small(tmp_path).already_published
    assert verify(tmp_path) == []


def test_the_release_that_was_checked_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    released = publish_small(tmp_path)
    home = ["--home", str(tmp_path)]
    for given in ([], [released.id], [released.id[:8]]):
        assert run(["verify", *home, *given]) == 0
        assert capsys.readouterr().out == (
            f"release {released.id[:12]} in {released.path}: nothing wrong\nnot checked: {UNSIGNED}\n"
        )
        assert run(["verify", *home, *given, "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == {
            "release": released.id,
            "path": str(released.path),
            "faults": [],
            "not_checked": [UNSIGNED],
        }
    (released.path / "manifest.json").unlink()
    for given in ([], [released.id]):
        assert run(["verify", *home, *given]) == 1
        first, second = capsys.readouterr().out.splitlines()
        assert first == f"release {released.id[:12]} in {released.path}: 1 fault"
        assert "manifest.json: cannot be read" in second
