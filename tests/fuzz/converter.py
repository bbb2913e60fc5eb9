"""A process that reads changed files one after another, as the loaders do, and says what does not hold of them.

    python -m tests.fuzz.converter WORK

It takes a line of JSON for each file and answers with one. Memory is bounded as the loaders' own child's is; the time
of a file is bounded in seconds of the processor. What Python opens for writing outside WORK, connects to or starts is
a fault.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import resource
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from msevidence.loaders.errors import LoadError
from msevidence.loaders.exports.conversion import convert
from msevidence.loaders.exports.report import SourceReport, read_report
from tests.fuzz.file_formats import DOCUMENTS, FILES, FIXTURES, loader

MEMORY = 2 << 30
SECONDS = 30.0
"""Of the processor, for one file of up to 4 MB; the slowest honest one takes under one."""
BASE = "https://w3id.org/msevidence/"
WRITTEN = {"records.nq", "facts.jsonl", "blocks.tsv", "report.json", "pulled.nq", "pulled.json"}
METADATA = 'title: "A title of its own"\nlanguage: en\ntype: hta-report\npublished: 2022-02\n'
SECRET = "root:x:0:0"
"""How /etc/passwd begins, which some of the files name."""
_PLACE = re.compile(rb"^\S+ <https://w3id\.org/msevidence/ontology#exportPlace> .*\n", re.MULTILINE)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CLASH = "stands in the file already"


class Watch:
    """Hears, from Python's audit, what is opened for writing outside a folder, connected to, or started."""

    def __init__(self, work: Path) -> None:
        self._work = str(work)
        self.heard: list[str] = []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in (
            "socket.connect",
            "socket.getaddrinfo",
            "os.system",
            "os.exec",
            "os.posix_spawn",
            "subprocess.Popen",
        ):
            self.heard.append(f"{event} {str(arguments)[:200]}")
        elif event == "open" and isinstance(arguments[0], str | bytes):
            path, mode, flags = arguments
            writes = isinstance(flags, int) and flags & 0x3 and not (isinstance(mode, str) and mode in ("r", "rb"))
            name = path if isinstance(path, str) else path.decode("utf-8", "replace")
            if writes and not name.startswith(self._work) and name != "/dev/null":
                self.heard.append(f"open {name} {mode}")


def main(work: Path) -> None:
    """Answer until the input ends."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    watch = Watch(work)
    for line in sys.stdin:
        asked = json.loads(line)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        begun = time.process_time()
        outcome, faults = _safely(asked, work)
        signal.setitimer(signal.ITIMER_PROF, 0)
        faults += watch.heard
        watch.heard = []
        print(json.dumps([outcome, faults, time.process_time() - begun]), flush=True)


def _safely(asked: dict[str, Any], work: Path) -> tuple[str, list[str]]:
    try:
        if asked["loader"] in DOCUMENTS:
            return read_document(asked, Path(asked["file"]).read_bytes(), work)
        return converted(asked, work)
    except MemoryError:
        return "memory", [f"needs more than {MEMORY >> 20} MiB"]
    except BaseException as error:
        return "raised", [f"{type(error).__name__}: {str(error)[:200]}\n{''.join(traceback.format_exc()[-2500:])}"]


def converted(asked: dict[str, Any], work: Path) -> tuple[str, list[str]]:
    """Convert a file, and hold what comes out against what must come out."""
    data = Path(asked["file"]).read_bytes()
    target = work / "converted"
    try:
        report = _convert(data, target)
    except LoadError as refused:
        fits = refused.message and str(refused).isprintable() and len(str(refused)) < 1_500
        faults = [] if fits else [f"an error that no terminal should show: {str(refused)[:300]!r}"]
        if asked["neighbours"]:
            faults += _lost(_neighbours(asked["neighbours"], work), {}, f"refused as a whole: {str(refused)[:200]}")
        return "refused", faults
    faults = [*_unbalanced(report, target), *_bad_statements(target)]
    if asked["neighbours"]:
        before = _neighbours(asked["neighbours"], work)
        if not any(_CLASH in q.reason for q in report.quarantined):
            faults += _lost(
                before, _blocks(target), f"{report.loaded} loaded, {[str(q) for q in report.quarantined][:3]}"
            )
    if report.loaded and not report.quarantined:
        return "loaded", faults
    return ("loaded in part" if report.loaded else "nothing loaded"), faults


def _convert(data: bytes, target: Path) -> SourceReport:
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    source = target.with_suffix(".bytes")
    source.write_bytes(data)
    return convert(source, "fuzzed", hashlib.sha256(data).hexdigest(), target)


_known: dict[bytes, dict[bytes, bytes]] = {}


def _neighbours(path: str, work: Path) -> dict[bytes, bytes]:
    """Return what the other records of a file give without the one that was changed."""
    data = Path(path).read_bytes()
    if data not in _known:
        try:
            _convert(data, work / "neighbours")
            _known[data] = _blocks(work / "neighbours")
        except LoadError:  # a header without rows, say: nothing that could get lost
            _known[data] = {}
    return _known[data]


def _blocks(folder: Path) -> dict[bytes, bytes]:
    """Return the statements of each version, without what names the file and the place in it."""
    found, at = {}, 0
    statements = (folder / "records.nq").read_bytes()
    for line in (folder / "blocks.tsv").read_bytes().splitlines():
        version, size = line.split(b"\t")
        block = statements[at : at + int(size)]
        at += int(size)
        block = re.sub(rb"/graph/export-[0-9a-f]{16}|/source/[0-9a-f]{64}", b"/", block)
        found[version] = _PLACE.sub(b"", block)
    return found


def _lost(before: dict[bytes, bytes], after: dict[bytes, bytes], why: str) -> list[str]:
    """Return which neighbours of a changed record do not load as they do without it."""
    return [
        f"a neighbour {'differs' if version in after else 'is lost'}: {version.decode()} ({why})"
        for version, block in before.items()
        if after.get(version) != block
    ]


def _unbalanced(report: SourceReport, target: Path) -> list[str]:
    found = []
    if report.read != report.loaded + report.duplicate + len(report.quarantined) or report.read < 1:
        found.append(
            f"read {report.read}, loaded {report.loaded}, duplicate {report.duplicate}, {len(report.quarantined)} not"
        )
    if not all(q.place.strip() and q.reason.strip() for q in report.quarantined):
        found.append("a record in quarantine without place or reason")
    if any(not str(q).isprintable() or len(str(q)) > 1_500 for q in report.quarantined):
        found.append("a record in quarantine that is told on several lines, steers a terminal, or is too long to read")
    if read_report(target / "report.json") != report:
        found.append("the report on disk is not the one that was returned")
    strange = {p.name for p in target.iterdir()} - WRITTEN
    if strange:
        found.append(f"files that nobody asked for: {strange}")
    if not report.documents and "pulled" not in report.formats:
        facts = (target / "facts.jsonl").read_bytes().count(b"\n")
        sizes = [int(line.split(b"\t")[1]) for line in (target / "blocks.tsv").read_bytes().splitlines()]
        if facts != report.loaded or len(sizes) != report.loaded:
            found.append(f"{report.loaded} loaded, {facts} facts, {len(sizes)} blocks")
        if sum(sizes) != (target / "records.nq").stat().st_size:
            found.append("the blocks are not as long as the statements")
    return found


def _bad_statements(target: Path) -> list[str]:
    found: list[str] = []
    for name in ("records.nq", "pulled.nq"):
        if not (target / name).exists():
            continue
        data = (target / name).read_bytes()
        if SECRET.encode() in data:
            found.append("a file of the machine is in the statements")
        try:
            for quad in ox.parse(io.BytesIO(data), format=ox.RdfFormat.N_QUADS):
                found += _bad_terms(quad, ours=name != "pulled.nq")
                if len(found) > 5:
                    break
        except SyntaxError as error:
            found.append(f"{name} does not parse: {error}")
    return found


def _bad_terms(quad: ox.Quad, *, ours: bool) -> Iterator[str]:
    for term in (quad.subject, quad.object, quad.graph_name):
        if isinstance(term, ox.BlankNode | ox.Triple):
            yield f"a blank node or a triple term: {quad}"
    if ours and isinstance(quad.subject, ox.NamedNode) and not quad.subject.value.startswith(BASE):
        yield f"a subject that is not ours: {quad.subject}"
    if isinstance(quad.object, ox.Literal) and _NOT_XML.search(quad.object.value):
        yield f"a character that XML cannot hold: {str(quad)[:200]}"


def read_document(asked: dict[str, Any], data: bytes, work: Path) -> tuple[str, list[str]]:
    """Read a document of which one file is changed as a build reads it, and as a review does (``FileCase.review``)."""
    from msevidence.loaders.documents import DocumentFolder, read_document

    key, part = asked["loader"], asked["part"]
    kind, fixture = DOCUMENTS[key]
    folder = work / "data" / kind / "fuzzed-2031"
    shutil.rmtree(work / "data", ignore_errors=True)
    folder.mkdir(parents=True)
    if fixture:
        for name in FILES:
            shutil.copyfile(FIXTURES / fixture / name, folder / name)
        (folder / part).write_bytes(data)
    else:
        (folder / "metadata.yaml").write_text(METADATA, encoding="utf-8")
        (folder / f"source{'.csv' if key.endswith('csv') else '.yaml'}").write_bytes(data)
    outcomes = []
    for lenient in (False, True):
        try:
            read_document(DocumentFolder(folder, kind), lenient=lenient)
            if not lenient and not asked["review"]:
                return "read", []
            outcomes.append("read")
        except LoadError as refused:
            if not refused.message.strip() or not str(refused).startswith(str(folder)):
                return "refused", [f"an error without its file: {refused}"]
            outcomes.append("refused")
    return {"refused refused": "refused", "refused read": "read for review"}.get(" ".join(outcomes), "read"), []


if __name__ == "__main__":
    # What can be read is told by the first file; the loaders' keys are checked before.
    assert loader("ris").key == "ris"
    main(Path(sys.argv[1]))
