"""That nothing was altered can be proved: hashes of files and graphs, a signature, and records that are named."""

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from minisign import KeyPair, PublicKey, SecretKey, Signature

from msevidence.loaders.build import EPOCH, build_time
from msevidence.loaders.errors import LoadError
from msevidence.loaders.release import Release
from msevidence.loaders.release_check import UNNAMED
from msevidence.loaders.release_touched import NAMED
from msevidence.loaders.release_verify import Against, examine, verify
from msevidence.server.cli import run
from tests.pages_site import client_of
from tests.release_helper import BASE, publish_small, small_graph

LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home with one small release."""
    publish_small(tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def downloaded(home: Path, tmp_path: Path) -> Path:
    """Return that release as others have it: in a folder of another name, without store and index."""
    return shutil.copytree(
        (home / "current").resolve(), tmp_path / "downloaded", ignore=shutil.ignore_patterns("store*", "index.*")
    )


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    """Return a secret and a public key of minisign, in files."""
    pair = KeyPair.generate()
    secret, public = tmp_path / "key", tmp_path / "key.pub"
    secret.write_bytes(bytes(pair.secret_key) + b"\n")
    public.write_bytes(bytes(pair.public_key) + b"\n")
    return secret, public


def alter(folder: Path, old: bytes, new: bytes) -> None:
    data = (folder / "data.nq").read_bytes()
    assert old in data
    (folder / "data.nq").write_bytes(data.replace(old, new))


def test_hashes_are_read_by_sha256sum(downloaded: Path) -> None:
    said = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=downloaded, capture_output=True)
    assert said.returncode == 0, said.stderr
    named = {line.removesuffix(b": OK").decode() for line in said.stdout.splitlines()}
    there = {p.relative_to(downloaded).as_posix() for p in downloaded.rglob("*") if p.is_file()}
    assert named == there - {"SHA256SUMS"}


def test_a_downloaded_release_is_verified_and_what_was_not_checked_is_said(
    downloaded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["verify", str(downloaded)]) == 0
    first, *others = capsys.readouterr().out.splitlines()
    assert first.endswith(f" in {downloaded}: nothing wrong")
    assert [one.split(":")[1].strip() for one in others] == [
        "store/ and index.sqlite",
        f"the id {json.loads((downloaded / 'manifest.json').read_text())['release']}",
        "the signature",
    ]
    placed = downloaded.rename(downloaded.with_name("f" * 64))
    (fault,) = verify(placed)
    assert fault.endswith(f"in the place of {'f' * 64}")


def test_a_statement_changed_in_its_graph_alone_is_named(downloaded: Path) -> None:
    alter(downloaded, b'"one 3"@en <', b'"one 9"@en <')
    _, graph, here, there = verify(downloaded)
    assert graph.startswith(f"data.nq: graph {BASE}graph/studies was touched: ")
    assert here.startswith(f'data.nq: record <{BASE}study/s3> in graph {BASE}graph/studies: {LABEL} "one 9"@en is not')
    assert there.startswith(f'data.nq: record <{BASE}study/s3> in the default graph: {LABEL} "one 3"@en is in none')


def test_a_statement_changed_everywhere_is_named_by_the_store_or_a_second_copy(home: Path, downloaded: Path) -> None:
    alter(downloaded, b'"one 3"@en', b'"one 9"@en')
    _, graph, unnamed = verify(downloaded)
    assert graph.startswith(f"data.nq: graph {BASE}graph/studies was touched: ")
    assert unnamed == UNNAMED
    *_, named = examine(downloaded, Against(copy=home)).faults
    record = f"data.nq: record <{BASE}study/s3> in graph {BASE}graph/studies: "
    assert named == (
        f'{record}{LABEL} "one 3"@en is in {home} and not here; {LABEL} "one 9"@en is here and not in {home}'
    )
    alter((home / "current").resolve(), b'"one 3"@en', b'"one 9"@en')
    *_, named = verify(home)
    assert named == (
        f'{record}{LABEL} "one 3"@en is in the store and not here; {LABEL} "one 9"@en is here and not in the store'
    )


def test_a_line_that_is_no_quad_or_out_of_place_is_named(downloaded: Path) -> None:
    data = downloaded / "data.nq"
    lines = data.read_bytes().splitlines(keepends=True)
    data.write_bytes(b"".join([lines[1], lines[0], b"\xff broken\n", *lines[2:]]))
    _, order, broken, *graphs, records = verify(downloaded)
    assert order.startswith("data.nq: line 2 is out of order or there twice: <")
    assert broken == "data.nq: line 3 is no quad: \N{REPLACEMENT CHARACTER} broken"
    assert records == UNNAMED
    assert graphs == [] or all("was touched" in graph for graph in graphs)


def test_many_records_are_counted_and_not_all_named(tmp_path: Path) -> None:
    release = publish_small(tmp_path, small_graph("large"))
    alter(release.path, b'"large 1', b'"Large 1')
    told = [fault for fault in verify(tmp_path) if "record <" in fault]
    assert len(told) == NAMED
    assert verify(tmp_path)[-1] == f"and {1 + 10 + 100 + 1000 - NAMED} more records"


def test_a_second_copy_of_another_release_is_refused(
    downloaded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = publish_small(tmp_path / "other", small_graph("two"))
    assert run(["verify", str(downloaded), "--against", str(other.path)]) == 1
    assert f"of release {other.id}, no second copy of" in capsys.readouterr().out
    assert run(["verify", str(downloaded), "--against", str(tmp_path / "other")]) == 1
    assert "no second copy of release" in capsys.readouterr().out


def test_a_signature_is_made_and_checked_here_and_by_minisigns_own_format(
    home: Path,
    downloaded: Path,
    keys: tuple[Path, Path],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    secret, public = keys
    monkeypatch.setenv("MSEVIDENCE_HOME", str(home))
    assert run(["verify", str(downloaded), "--public-key", str(public)]) == 1
    assert "SHA256SUMS.minisig: missing" in capsys.readouterr().out
    assert run(["sign", "--key", str(secret), str(downloaded)]) == 0
    said = capsys.readouterr().out
    key = said.split()[-1]
    assert f"--public-key {key}" in said
    signature = downloaded / "SHA256SUMS.minisig"
    assert len(signature.read_text().splitlines()) == 4
    PublicKey.from_file(public).verify_file(downloaded / "SHA256SUMS")  # as another program does
    assert "timestamp" not in Signature.from_file(signature).trusted_comment
    first = signature.read_bytes()
    assert run(["sign", "--key", str(secret), str(downloaded)]) == 0
    assert signature.read_bytes() == first
    capsys.readouterr()
    for given in (str(public), key):
        assert run(["verify", str(downloaded), "--public-key", given, "--json"]) == 0
        assert not [one for one in json.loads(capsys.readouterr().out)["not_checked"] if "signature" in one]
    other = KeyPair.generate().public_key.to_base64().decode()
    assert run(["verify", str(downloaded), "--public-key", other]) == 1
    assert "was not signed as it is with this key (incompatible key identifiers)" in capsys.readouterr().out
    assert run(["verify", str(downloaded), "--public-key", "nonsense"]) == 2
    assert "neither a file with a public key of minisign nor such a key" in capsys.readouterr().err
    sums = downloaded / "SHA256SUMS"
    sums.write_bytes(sums.read_bytes().replace(b"0", b"1", 1))
    assert run(["verify", str(downloaded), "--public-key", key]) == 1
    assert "(signature verification failed)" in capsys.readouterr().out


def test_a_signature_of_another_release_is_not_taken(
    home: Path, tmp_path: Path, keys: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    other = publish_small(tmp_path / "other", small_graph("two"))
    assert run(["sign", "--key", str(keys[0]), str(other.path)]) == 0
    mine = (home / "current").resolve()
    for name in ("SHA256SUMS", "SHA256SUMS.minisig"):
        shutil.copy(other.path / name, mine / name)
    assert run(["verify", "--home", str(home), "--public-key", str(keys[1])]) == 1
    told = capsys.readouterr().out
    assert f"SHA256SUMS.minisig: it is of another release: msevidence release:{other.id}" in told


def test_a_signature_that_minisign_itself_made_is_taken(
    home: Path, keys: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """It has a comment of its own, and no word on the release: the hashes that it signs are of this one."""
    sums = (home / "current").resolve() / "SHA256SUMS"
    secret = SecretKey.from_file(keys[0])
    made = secret.sign(sums.read_bytes(), trusted_comment="timestamp:1772600000\tfile:SHA256SUMS\thashed")
    sums.with_name("SHA256SUMS.minisig").write_bytes(bytes(made) + b"\n")
    asked = ["verify", "--home", str(home), "--public-key", str(keys[1])]
    assert run(asked) == 0
    assert "nothing wrong" in capsys.readouterr().out
    sums.write_bytes(sums.read_bytes() + b"\n")
    assert run(asked) == 1


def test_the_password_of_a_key_is_taken_from_the_environment_alone(
    home: Path,
    tmp_path: Path,
    keys: tuple[Path, Path],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pair = KeyPair.generate()
    pair.secret_key.encrypt("søppel", opslimit=1 << 15, memlimit=1 << 20)
    key = tmp_path / "locked"
    key.write_bytes(bytes(pair.secret_key) + b"\n")
    sign = ["sign", "--home", str(home), "--key", str(key)]
    monkeypatch.delenv("MSEVIDENCE_SIGN_PASSWORD", raising=False)
    assert run(sign) == 2
    assert "the key has a password; give it in MSEVIDENCE_SIGN_PASSWORD" in capsys.readouterr().err
    monkeypatch.setenv("MSEVIDENCE_SIGN_PASSWORD", "wrong one")
    assert run(sign) == 2
    said = capsys.readouterr().err
    assert "wrong password for that key" in said
    assert "wrong one" not in said
    assert not (home / "current" / "SHA256SUMS.minisig").exists()
    monkeypatch.setenv("MSEVIDENCE_SIGN_PASSWORD", "søppel")
    assert run(sign) == 0
    key.write_text("no key\n")
    assert run(sign) == 2
    assert "no secret key of minisign" in capsys.readouterr().err


def test_a_damaged_release_is_not_signed(
    home: Path, keys: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "current" / "validation.ttl").write_text("# else\n")
    assert run(["sign", "--home", str(home), "--key", str(keys[0])]) == 1
    assert "not signed: validation.ttl: " in capsys.readouterr().err
    assert not (home / "current" / "SHA256SUMS.minisig").exists()


def as_before(release: Release) -> None:
    """Make a release one of a version that knew neither hashes of graphs nor ``SHA256SUMS``."""
    (release.path / "SHA256SUMS").unlink()
    file = release.path / "manifest.json"
    manifest = json.loads(file.read_text())
    del manifest["graph_sha256"]
    file.write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")


def test_a_release_of_a_version_before_is_verified_and_gets_its_hashes_with_the_next_build(tmp_path: Path) -> None:
    release = publish_small(tmp_path)
    as_before(release)
    found = examine(tmp_path)
    assert found.faults == []
    assert [one.split(":")[0] for one in found.not_checked] == ["graphs", "SHA256SUMS", "the signature"]
    assert publish_small(tmp_path).already_published
    assert (release.path / "SHA256SUMS").is_file()
    found = examine(tmp_path)
    assert found.faults == []
    assert [one.split(":")[0] for one in found.not_checked] == ["graphs", "the signature"]


def test_missing_hashes_are_a_fault(home: Path) -> None:
    (home / "current" / "SHA256SUMS").unlink()
    assert verify(home) == ["SHA256SUMS: missing"]


def test_pruning_keeps_hashes_and_signature(tmp_path: Path, keys: tuple[Path, Path]) -> None:
    first = publish_small(tmp_path)
    assert run(["sign", "--home", str(tmp_path), "--key", str(keys[0])]) == 0
    for word in ("two", "three"):
        publish_small(tmp_path, small_graph(word))
    assert not (first.path / "store").exists()
    found = examine(first.path, Against(key=PublicKey.from_file(keys[1])))
    assert found.faults == []
    assert found.not_checked == ["store/ and index.sqlite: not here; they are made from data.nq"]


def test_the_time_of_a_build_can_be_given() -> None:
    assert build_time({EPOCH: "1767225600"}) == datetime(2026, 1, 1, tzinfo=UTC)
    assert abs(build_time({}) - datetime.now(UTC)).total_seconds() < 60
    for wrong in ("", "now", "-1", "1e9", "9" * 30):
        with pytest.raises(LoadError, match=r"SOURCE_DATE_EPOCH: .* is no whole number"):
            build_time({EPOCH: wrong})


def test_two_homes_have_the_same_bytes_but_for_the_store(tmp_path: Path) -> None:
    one, other = publish_small(tmp_path / "a").path, publish_small(tmp_path / "b").path
    store = shutil.ignore_patterns("store*")
    one, other = (
        shutil.copytree(one, tmp_path / "c", ignore=store),
        shutil.copytree(other, tmp_path / "d", ignore=store),
    )
    names = {p.relative_to(one) for p in one.rglob("*") if p.is_file()}
    assert names >= {Path("SHA256SUMS"), Path("index.sqlite"), Path("manifest.json"), Path("data.nq")}
    assert names == {p.relative_to(other) for p in other.rglob("*") if p.is_file()}
    assert [name for name in names if (one / name).read_bytes() != (other / name).read_bytes()] == []


def test_hashes_and_signature_are_served_with_the_release(home: Path, keys: tuple[Path, Path]) -> None:
    release = (home / "current").resolve()
    with client_of(home) as client:
        root = f"/releases/{release.name}/"
        assert client.get(f"{root}SHA256SUMS.minisig").status_code == 404
        assert client.get("/releases/").get_json()["releases"][0]["signature"] is None
        assert run(["sign", "--home", str(home), "--key", str(keys[0])]) == 0
        (listed,) = client.get("/releases/").get_json()["releases"]
        page = client.get("/releases/", headers={"Accept": "text/html"}).text
        for name, address, kept in (
            ("SHA256SUMS", listed["sums"], "immutable"),
            ("SHA256SUMS.minisig", listed["signature"], "no-cache"),  # it may be signed again with another key
        ):
            sent = client.get(address)
            assert (sent.status_code, sent.mimetype) == (200, "text/plain")
            assert sent.data == (release / name).read_bytes()
            assert kept in sent.headers["Cache-Control"]
            assert f'href="{root}{name}"' in page
