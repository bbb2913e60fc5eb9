"""A source in shards: the same bytes however many processes convert them, nothing lost where one is killed."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from msevidence.loaders.exports import bounded, shards
from msevidence.loaders.exports.batches import broken
from msevidence.loaders.exports.conversion import RECORDS, blocks_of, convert
from msevidence.loaders.exports.faults import ExportError, RecordError
from msevidence.loaders.exports.formats import formats
from msevidence.loaders.exports.packed import packed, unpacked
from msevidence.loaders.exports.running import convert_apart
from msevidence.loaders.exports.seen import Seen, Sighting
from msevidence.loaders.exports.shards import PULLED, Shard, cut
from msevidence.loaders.exports.stating import Converted, convert_shard
from msevidence.loaders.exports.workers import LocalWorkers
from msevidence.server.cli import run
from tests.exports.converting import FIXTURES, converted
from tests.exports.test_conversion import page, study, updated

ONE_PIECE = {"jats-xml", PULLED}
"""Formats that are not sharded, as :mod:`msevidence.loaders.exports.shards` says."""


def shards_of(path: Path, target: Path) -> list[Shard]:
    target.mkdir(exist_ok=True)
    return list(cut(path, path.name, "a" * 64, target))


def outcome(
    source: Path, target: Path, workers: LocalWorkers, tell: Callable[[int], None] = lambda n: None
) -> dict[str, str]:
    """Convert a source apart, and return the hash of each file of the outcome."""
    target.mkdir()
    convert_apart(source, source.name, "a" * 64, target, strict=False, tell=tell, workers=workers)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(target.iterdir())}


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive of two files and five shards: faults, duplicates and versions across shards and files."""
    folder = tmp_path_factory.mktemp("dump")
    first = [study(f"NCT9{n:07}", f"Study number {n}") for n in range(650)]
    first[10], first[420] = study("NCT1"), study("NCT2")
    first[430] = first[20]  # again, two shards later
    first[640] = study("NCT90000030", "The same number, other content")
    second = [study(f"NCT9{n:07}", f"Study number {n}", **updated("2025-01-05")) for n in range(100)]
    path = folder / "dump.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", page(*first))
        archive.writestr("b.json", page(*second)[:-40])  # breaks off
        archive.writestr("c.csv", "<!doctype html><html>Log in</html>")
        archive.writestr("d.ris", b"TY  - JOUR\nTI  - A title\nAU  - Burt, R\nPY  - 2019\nER  - \n")
    return path


@pytest.fixture(scope="module")
def alone(dump: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Return the outcome of one process, its folder and hashes."""
    target = tmp_path_factory.mktemp("alone") / "target"
    with closing(LocalWorkers(1)) as workers:
        return target, outcome(dump, target, workers)


def test_what_stands_there_twice_is_found_across_shards_and_faults_are_told_in_their_order(
    alone: tuple[Path, dict[str, str]],
) -> None:
    report = json.loads((alone[0] / "report.json").read_text(encoding="utf-8"))
    assert report["read"] == report["loaded"] + report["duplicate"] + len(report["quarantined"])
    assert (report["read"], report["duplicate"]) == (752, 1)
    assert [q["place"] for q in report["quarantined"]] == [
        *["dump.zip!a.json, line 1"] * 3,
        "dump.zip!b.json, line 1",
        "dump.zip!c.csv",
    ]
    reasons = [q["reason"] for q in report["quarantined"]]
    assert "NCT1" in reasons[0] and "NCT2" in reasons[1]
    assert "stands in the file already, with other content" in reasons[2]
    assert "the JSON cannot be read from here on" in reasons[3] and "web page" in reasons[4]
    assert len(report["kept_versions"]) == 98


@pytest.mark.parametrize("number", [2, 3])
def test_the_number_of_processes_changes_no_byte(
    dump: Path, alone: tuple[Path, dict[str, str]], number: int, tmp_path: Path
) -> None:
    with closing(LocalWorkers(number)) as workers:
        assert outcome(dump, tmp_path / "target", workers) == alone[1]
        assert len(workers.pids) == number
        pids = workers.pids
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_the_bytes_are_those_of_a_conversion_in_this_process(
    dump: Path, alone: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    convert(dump, dump.name, "a" * 64, tmp_path, shapes=False)
    assert (tmp_path / RECORDS).read_bytes() == (alone[0] / RECORDS).read_bytes()


def test_a_killed_process_is_replaced_and_its_shard_done_again(
    dump: Path, alone: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    killed: list[int] = []
    with closing(LocalWorkers(2)) as workers:

        def kill(read: int) -> None:
            if not killed:  # when the first shard is done
                killed.append(workers.pids[-1])
                os.kill(killed[0], signal.SIGKILL)

        assert outcome(dump, tmp_path / "target", workers, kill) == alone[1]
        assert killed


def test_a_shard_that_two_processes_do_not_survive_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "studies.json"
    source.write_bytes(page(*(study(f"NCT9{n:07}") for n in range(3))))
    (shard,) = shards_of(source, tmp_path / "shards")
    monkeypatch.setattr(bounded, "command", lambda *arguments: ["sh", "-c", "echo out of luck >&2; kill -9 $$"])
    with closing(bounded.Converter()) as converter, pytest.raises(ExportError) as raised:
        converter.convert(shard.encoded())
    assert "its records from line 1 to line 1 did not survive them (out of luck)" in str(raised.value)


def test_a_shard_that_takes_too_long_is_not_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "SECONDS", 0.2)
    started: list[int] = []

    def command(*arguments: str) -> list[str]:
        started.append(1)
        return ["sleep", "600"]

    monkeypatch.setattr(bounded, "command", command)
    with closing(bounded.Converter()) as converter, pytest.raises(ExportError, match="it took more than 0 s"):
        converter.convert(Shard("a" * 64, ()).encoded())
    assert started == [1]


def test_a_shard_with_too_little_memory_says_so(tmp_path: Path) -> None:
    source = tmp_path / "studies.json"
    big = study("NCT91234567")
    big["x"] = [[n] for n in range(400_000)]
    source.write_bytes(page(big))
    (shard,) = shards_of(source, tmp_path / "shards")
    (tmp_path / "target").mkdir()
    with closing(bounded.Converter(memory=400 * 2**20)) as converter, pytest.raises(ExportError) as raised:
        converter.convert(shard.encoded() + b" " * 400 * 2**20)  # cannot even be received
    assert "needs more than 400 MiB" in str(raised.value)


def test_shards_and_what_they_are_converted_to_are_read_as_they_were_written(dump: Path, tmp_path: Path) -> None:
    found = shards_of(dump, tmp_path / "shards")
    assert len(found) == 4
    assert [len(shard.found) for shard in found[:3]] == [shards.RECORDS] * 3
    for shard in found:
        assert Shard.decoded(shard.encoded()) == shard
        done = convert_shard(shard, shapes=False)
        assert Converted.decoded(done.encoded()) == done
        assert convert_shard(Shard.decoded(shard.encoded()), shapes=False) == done


def test_each_format_is_sharded_or_said_to_be_read_in_one_piece(tmp_path: Path) -> None:
    """Of each format a fixture goes through shards; records come out as the reader gave them."""
    seen: set[str] = set()
    for number, path in enumerate(sorted(p for p in FIXTURES.rglob("*") if p.is_file())):
        try:
            found = shards_of(path, tmp_path / str(number))
        except ExportError:
            continue
        seen |= {one.format for shard in found for one in shard.found if one.kind == "record"}
    sssom = tmp_path / "mappings.tsv"
    sssom.write_text(
        "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
        "NCT:NCT00273364\tskos:exactMatch\teudract:2010-023560-40\tsemapv:ManualMappingCuration\n"
    )
    seen |= {one.format for shard in shards_of(sssom, tmp_path / "sssom") for one in shard.found if one.content}
    assert seen == {known.key for known in formats()} - ONE_PIECE
    assert {known.key for known in formats() if known.read is None} <= ONE_PIECE


@pytest.mark.parametrize(
    "value",
    [
        {"a": [1, Decimal("1.50"), None, True, {"b": "half \ud800 and é"}], "\0": ""},
        [("label", "value"), ("label", "again")],
    ],
)
def test_values_arrive_as_they_were_read(value: Any) -> None:
    assert unpacked(packed(value)) == value


def test_what_is_no_value_of_a_record_is_not_made() -> None:
    import pickle

    class Harmful:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.system, ("exit 1",)

    for made in (pickle.dumps(Harmful()), b"no pickle at all", pickle.dumps(Path("x"))):
        with pytest.raises(RecordError, match="please report"):
            unpacked(b"v" + made)


@pytest.mark.parametrize(
    "inner",
    [
        "<a>one<!-- two -->three<![CDATA[<four>]]></a>tail&#13;",
        '<n:a xmlns:n="http://x/n" n:b="1&#10;2">é</n:a>',
        "<a>&e;</a>",
        '<a b="&e;"/>',
        "<a>&quoted;</a>",
    ],
)
def test_xml_arrives_as_it_was_read(inner: str) -> None:
    text = (
        "<!DOCTYPE set [<!ENTITY e 'some text'><!ENTITY quoted '\"&#37;\" &#38;#38;'>]>"
        f'<set xmlns="http://x/default"><record>{inner}</record></set>'
    )
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True)
    (record,) = etree.fromstring(text.encode(), parser)
    again = unpacked(packed(record))

    def spelled(element: "etree._Element") -> list[object]:
        return [(str(e.tag), dict(e.attrib), e.text, e.tail if e is not element else None) for e in element.iter()]

    assert spelled(again) == spelled(record)


def test_values_nested_too_deeply_are_a_fault_of_their_record() -> None:
    value: Any = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(RecordError, match="nested too deeply"):
        packed(value)
    while value:  # or Python frees it by recursion
        value = value[0]


def test_a_record_that_breaks_a_shape_is_blamed_alone_where_records_share_the_node_at_fault(tmp_path: Path) -> None:
    folder = converted(tmp_path, page(*(study(f"NCT0123456{n}") for n in range(3)))).folder
    blocks = [b"", *(block for _, block in blocks_of(folder))]
    assert broken(blocks) == {}
    spoilt = [
        line.replace(b'"NCT01234561"', b'"12345"') if b"registrationNumber" in line else line
        for line in blocks[2].splitlines(keepends=True)
    ]
    blocks[2] = b"".join(spoilt)
    found = broken(blocks)
    assert list(found) == [2]
    assert "follows the pattern" in found[2]


def test_what_was_seen_is_kept_in_order_and_leaves_no_file(tmp_path: Path) -> None:
    seen = Seen(tmp_path)
    for n in range(3):
        seen.add("NCT1", Sighting(f"content {n}", "2024-01-01", f"line {n}", "a.json"))
    assert [s.content for s in seen.of("NCT1")] == ["content 0", "content 1", "content 2"]
    assert seen.of("NCT2") == []
    seen.close()
    assert list(tmp_path.iterdir()) == []


def test_load_takes_the_number_of_processes(dump: Path, tmp_path: Path) -> None:
    bytes_of = []
    for number in ("1", "2"):
        home = tmp_path / number
        assert run(["load", str(dump), "--no-build", "--workers", number, "--home", str(home)]) == 1
        (found,) = (home / "converted").glob("*/*/records.nq")
        bytes_of.append(found.read_bytes())
        assert not [p for p in home.rglob("*") if "seen" in p.name or p.name.startswith(".new")]
    assert bytes_of[0] == bytes_of[1]


def test_a_full_disk_names_the_folder(tmp_path: Path) -> None:
    """A limit on the size of files is met as a full disk is: in the middle of the statements."""
    source, target = tmp_path / "studies.json", tmp_path / "target"
    source.write_bytes(page(*(study(f"NCT9{n:07}") for n in range(500))))
    target.mkdir()
    script = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from msevidence.loaders.exports.running import convert_apart\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try: convert_apart(Path(sys.argv[1]), 'x', 'a' * 64, Path(sys.argv[2]), strict=False, tell=print)\n"
        "except OSError as e: print(e.filename)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(source), str(target)], capture_output=True, text=True, timeout=300
    )
    assert done.stdout.splitlines()[-1:] == [str(target)], done.stderr
