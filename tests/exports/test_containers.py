"""Files, folders and archives that are damaged or made to harm: a clear error, and the good files beside them."""

import gzip
import io
import os
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from msevidence.loaders.exports import containers
from msevidence.loaders.exports.containers import HEAD, Member, files, members
from msevidence.loaders.exports.faults import ExportError

GOOD = b"a good file\n" * 200


def zipped(path: Path, entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def content(member: Member) -> bytes:
    with member.open() as stream:
        pieces = []
        while piece := stream.read(1000):
            pieces.append(piece)
    return b"".join(pieces)


def outcome(path: Path) -> dict[str, bytes | str]:
    """Return what each file of an archive holds, or why it cannot be read."""
    found: dict[str, bytes | str] = {}
    for member in members(path):
        try:
            found[member.name] = content(member)
        except ExportError as e:
            found[member.name] = e.message
    return found


def test_a_plain_file_is_its_one_member(tmp_path):
    (tmp_path / "a.txt").write_bytes(GOOD)
    assert outcome(tmp_path / "a.txt") == {"a.txt": GOOD}
    (member,) = members(tmp_path / "a.txt", "shown.txt")
    assert (member.name, member.inside) == ("shown.txt", None)
    assert member.head() == GOOD[:HEAD]
    with member.open() as stream:
        assert stream.readline() == b"a good file\n"


def test_gzip_is_unpacked_whatever_the_name_says(tmp_path):
    (tmp_path / "a.csv").write_bytes(gzip.compress(GOOD))
    assert outcome(tmp_path / "a.csv") == {"a.csv": GOOD}
    zipped(tmp_path / "a.zip", {"b.gz": gzip.compress(GOOD), "c": GOOD})
    assert outcome(tmp_path / "a.zip") == {"a.zip!b.gz": GOOD, "a.zip!c": GOOD}


def test_only_the_beginning_is_read_for_the_head(tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"x" * 10 * HEAD))
    (member,) = members(tmp_path / "a.gz")
    assert member.head() == b"x" * HEAD


def test_names_that_lead_elsewhere_lead_nowhere(tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    path = zipped(inner / "a.zip", {"../out.txt": GOOD, "/etc/out.txt": GOOD, "C:\\out.txt": GOOD, "ok": GOOD})
    before = sorted(tmp_path.rglob("*"))
    found = outcome(path)
    assert len(found) == 4
    assert set(found.values()) == {GOOD}
    assert sorted(tmp_path.rglob("*")) == before


def test_hidden_files_and_folders_of_an_archive_are_left_out(tmp_path):
    path = zipped(
        tmp_path / "a.zip",
        {"b": GOOD, ".hidden": b"x", "__MACOSX/b": b"x", "d/.DS_Store": b"x", "d/": b"", "d/e": GOOD},
    )
    assert outcome(path) == {"a.zip!b": GOOD, "a.zip!d/e": GOOD}


def test_files_of_an_archive_come_in_the_order_of_their_names(tmp_path):
    path = zipped(tmp_path / "a.zip", {name: name.encode() for name in ("c", "a", "b/a", "b")})
    assert [m.inside for m in members(path)] == ["a", "b", "b/a", "c"]


def test_a_bomb_is_not_unpacked_and_its_neighbours_are(tmp_path):
    path = zipped(tmp_path / "a.zip", {"bomb": b"\0" * 2**20, "ok": GOOD})
    raw = path.read_bytes()
    # A bomb says how large it is only in the directory; deflate itself cannot pass 1,032 to 1.
    claimed = raw.replace((2**20).to_bytes(4, "little"), (2**31).to_bytes(4, "little"))
    assert claimed != raw
    path.write_bytes(claimed)
    found = outcome(path)
    assert found["a.zip!ok"] == GOOD
    assert "claims 2147483648 bytes" in str(found["a.zip!bomb"])
    with pytest.raises(ExportError, match="not unpacked"):
        next(m for m in members(path) if m.inside == "bomb").head()


def test_an_archive_that_says_less_than_it_holds_is_a_fault(tmp_path):
    path = zipped(tmp_path / "a.zip", {"bomb": b"\0" * 2**20, "ok": GOOD})
    path.write_bytes(path.read_bytes().replace((2**20).to_bytes(4, "little"), (5).to_bytes(4, "little")))
    found = outcome(path)
    assert found["a.zip!ok"] == GOOD
    assert "CRC" in str(found["a.zip!bomb"])


def test_unpacking_stops_at_the_bound_in_flat_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(containers, "UNPACKED", 20_000_000)
    with gzip.open(tmp_path / "bomb.gz", "wb") as file:
        for _ in range(30):
            file.write(b"\0" * 1_000_000)
    (member,) = members(tmp_path / "bomb.gz")
    tracemalloc.start()
    read = 0
    with pytest.raises(ExportError, match="more than 20000000 bytes"), member.open() as stream:
        while piece := stream.read(2**16):
            read += len(piece)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 19_900_000 < read <= 20_000_000
    assert peak < 2_000_000


@pytest.mark.parametrize("outer", ["zip", "gz"])
@pytest.mark.parametrize("inner", ["zip", "gz"])
def test_an_archive_in_an_archive(tmp_path, outer, inner):
    packed = gzip.compress(GOOD)
    if inner == "zip":
        packed = zipped(tmp_path / "inner.zip", {"x": GOOD}).read_bytes()
    if outer == "gz":
        (tmp_path / "a").write_bytes(gzip.compress(packed))
    else:
        zipped(tmp_path / "a", {"inner": packed, "ok": GOOD})
    found = outcome(tmp_path / "a")
    if outer == "zip":
        assert found["a!ok"] == GOOD
    inside = found["a!inner" if outer == "zip" else "a"]
    if (outer, inner) == ("zip", "gz"):
        assert inside == GOOD
    else:
        assert "archive in an archive" in str(inside)


def test_one_name_twice_is_two_members(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a", b"first")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a", b"second")
    assert [content(m) for m in members(tmp_path / "a.zip")] == [b"first", b"second"]


def test_a_password(tmp_path):
    path = zipped(tmp_path / "a.zip", {"secret": GOOD, "ok": GOOD}, zipfile.ZIP_STORED)
    raw = bytearray(path.read_bytes())
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the flag of encryption, before and in the directory
        raw[raw.index(magic) + at] |= 1
    path.write_bytes(raw)
    found = outcome(path)
    assert found["a.zip!ok"] == GOOD
    assert "password" in str(found["a.zip!secret"])
    assert "unpack it yourself" in str(found["a.zip!secret"])


def test_a_way_of_packing_that_is_not_known(tmp_path):
    path = zipped(tmp_path / "a.zip", {"odd": GOOD, "ok": GOOD}, zipfile.ZIP_STORED)
    raw = bytearray(path.read_bytes())
    for magic, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        raw[raw.index(magic) + at] = 98
    path.write_bytes(raw)
    assert outcome(path)["a.zip!ok"] == GOOD
    assert "cannot be read or unpacked" in str(outcome(path)["a.zip!odd"])


def test_a_checksum_that_is_wrong_costs_its_file_only(tmp_path):
    path = zipped(tmp_path / "a.zip", {"bad": GOOD, "ok": b"other"}, zipfile.ZIP_STORED)
    raw = path.read_bytes()
    at = raw.index(GOOD) + 50
    path.write_bytes(raw[:at] + b"X" + raw[at + 1 :])
    found = outcome(path)
    assert "CRC" in str(found["a.zip!bad"])
    assert found["a.zip!ok"] == b"other"


@pytest.mark.parametrize("part", range(1, 21))
def test_gzip_that_breaks_off(tmp_path, part):
    packed = gzip.compress(os.urandom(5000))
    (tmp_path / "a.gz").write_bytes(packed[: max(2, len(packed) * part // 21)])
    with pytest.raises(ExportError, match="get the file again"):
        for member in members(tmp_path / "a.gz"):
            content(member)


@pytest.mark.parametrize("part", range(1, 21))
def test_a_zip_that_breaks_off(tmp_path, part):
    path = zipped(tmp_path / "a.zip", {"a": os.urandom(500), "b": GOOD})
    raw = path.read_bytes()
    path.write_bytes(raw[: max(4, len(raw) * part // 21)])
    with pytest.raises(ExportError, match="get the file again"):
        list(members(path))


@pytest.mark.parametrize("kind", ["zip", "gz"])
def test_a_changed_byte_anywhere_ends_in_the_content_or_an_export_error(tmp_path, kind):
    if kind == "zip":
        raw = zipped(tmp_path / "a", {"a": b"abc" * 9, "b": b"xyz" * 9}).read_bytes()
    else:
        raw = gzip.compress(b"abc" * 9)
    seen = 0
    for at in range(len(raw)):
        for value in (0, 0x7F, 0xFF):
            (tmp_path / "b").write_bytes(raw[:at] + bytes([value]) + raw[at + 1 :])
            try:
                for member in members(tmp_path / "b"):
                    content(member)
            except ExportError as e:
                assert e.path.startswith("b")
                seen += 1
    assert seen > len(raw) // 2


def test_what_the_reader_itself_raises_is_not_taken_for_a_damaged_file(tmp_path):
    (tmp_path / "a").write_bytes(GOOD)
    (member,) = members(tmp_path / "a")
    for fault in (RecursionError("mine"), ValueError("mine"), EOFError("mine"), OSError("mine")):
        with pytest.raises(type(fault), match="mine"), member.open():
            raise fault


def test_many_small_files_are_read_in_one_pass_over_the_list_of_names(tmp_path):
    path = zipped(tmp_path / "a.zip", {f"{n:05}.json": b"{}" for n in range(5_000)}, zipfile.ZIP_STORED)
    found = list(members(path))
    assert len(found) == 5_000
    assert len({id(m.archive) for m in found}) == 1
    assert all(m.head() == b"{}" for m in found)


def test_too_many_files(tmp_path, monkeypatch):
    monkeypatch.setattr(containers, "MEMBERS", 3)
    path = zipped(tmp_path / "a.zip", {str(n): b"" for n in range(4)})
    with pytest.raises(ExportError, match="holds 4 files, more than 3"):
        list(members(path))


def test_a_file_that_is_not_there_is_an_export_error(tmp_path):
    with pytest.raises(ExportError, match="cannot be read"):
        list(members(tmp_path / "none"))
    with pytest.raises(ExportError, match="cannot be read"):
        list(members(tmp_path))


def test_an_empty_zip_holds_nothing(tmp_path):
    assert list(members(zipped(tmp_path / "a.zip", {}))) == []


def test_folders(tmp_path):
    for name in ("b", "a/z", "a/.hidden", ".git/config", "c/d/e"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(GOOD)
    (tmp_path / "empty").mkdir()
    (tmp_path / "a" / "back").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "a" / "linked").symlink_to(tmp_path / "b")
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe")
    found = [f.relative_to(tmp_path).as_posix() for f in files(tmp_path)]
    assert found == ["a/linked", "a/z", "b", "c/d/e"]
    assert list(files(tmp_path / "b")) == [tmp_path / "b"]
    assert list(files(tmp_path / "none")) == [tmp_path / "none"]


def test_a_stream_from_an_archive_is_read_line_by_line(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a": gzip.compress(b"one\ntwo")})
    (member,) = members(path)
    with member.open() as stream:
        assert [stream.readline(), stream.readline(), stream.readline()] == [b"one\n", b"two", b""]
        assert isinstance(stream.read(), bytes)
    assert io.BytesIO(b"").read() == b""
