"""One measurement of loading, in a process of its own: ``python -m tests.bench.loading_once MODE FILE [KEEP]``.

Prints seconds, peak memory, records and statements as JSON. Time begins when everything is imported. A mode imports
what it needs and no more, so that memory is its own.
"""

from __future__ import annotations

import json
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from msevidence.loaders.exports.containers import HEAD
from msevidence.loaders.exports.conversion import RECORDS, convert, source_graph
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.formats import Format, recognised
from msevidence.loaders.exports.records import RegistryRecord
from msevidence.loaders.exports.registration_block import registration_block
from msevidence.ontology.iris import Kind, mint
from tests.bench.loading import CONVERT, MEMORY, PARSE, PEER, PIECE, SHA256, SHAPES, STATE, STORE

Done = tuple[int, int]
"""Records and statements."""
GRAPH, SOURCE = source_graph(SHA256), mint(Kind.SOURCE, SHA256)


def records(known: Format, path: Path) -> Iterator[tuple[RegistryRecord, str]]:
    """Yield the records of a file with the parser that both loaders share, and where each stands.

    A record that cannot be read is an error here: the inputs have none.
    """
    assert known.read is not None and known.record is not None
    audit = Audit()
    with path.open("rb") as stream:
        for raw in known.read(stream, path.name):
            if isinstance(raw, Exception):
                raise raw
            record = known.record(raw.fields, audit)
            assert isinstance(record, RegistryRecord)
            yield record, f"line {raw.line}"


def ours(mode: str, path: Path, known: Format, keep: Path | None) -> Done:
    """Do what ``mode`` says, as a load does it."""
    if mode == "read":
        assert known.read is not None
        with path.open("rb") as stream:
            return sum(1 for _ in known.read(stream, path.name)), 0
    if mode == PARSE:
        return sum(1 for _ in records(known, path)), 0
    if mode == STATE:
        done = 0, 0
        for record, place in records(known, path):
            block, _ = registration_block(record, GRAPH, SOURCE, place)
            done = done[0] + 1, done[1] + block.encoded().count(b"\n")
        return done
    with tempfile.TemporaryDirectory(prefix="msevidence-bench-") as folder:
        report = convert(path, path.name, SHA256, Path(folder), shapes=mode == SHAPES)
        if report.quarantined or report.duplicate:
            raise ValueError(f"{report.duplicate} duplicates, quarantined: {report.quarantined[:3]}")
        if mode in (STORE, MEMORY):
            bulk_load(Path(folder) / RECORDS, Path(folder) / "store" if mode == STORE else None)
        if keep is not None:
            shutil.copyfile(Path(folder) / RECORDS, keep)
        return report.loaded, report.statements


def bulk_load(statements: Path, target: Path | None) -> None:
    """Load statements into a store at ``target``, or in memory, some at a time: in one go the engine holds them all."""
    import pyoxigraph as ox

    store = ox.Store() if target is None else ox.Store(str(target))
    with statements.open("rb") as file:
        while piece := file.read(PIECE):
            store.bulk_load(input=piece + file.readline(), format=ox.RdfFormat.N_QUADS)
    store.flush()


def theirs(mode: str, path: Path, known: Format, keep: Path | None) -> Done:
    """Do what ``mode`` says with rdflib."""
    from tests.bench import rdflib_loader

    loaded = stated = 0
    if mode == STATE:
        for record, place in records(known, path):
            loaded, stated = loaded + 1, stated + len(set(rdflib_loader.statements(record, SOURCE, place)))
        return loaded, stated
    with tempfile.TemporaryDirectory(prefix="msevidence-bench-") as folder:
        target = keep or Path(folder) / RECORDS
        if mode == "stream":
            with target.open("wb") as file:
                for record, place in records(known, path):
                    rows = rdflib_loader.rows(rdflib_loader.statements(record, SOURCE, place), GRAPH)
                    file.write(rows)
                    loaded, stated = loaded + 1, stated + rows.count(b"\n")
            return loaded, stated
        memory = rdflib_loader.Memory(GRAPH)
        for record, place in records(known, path):
            statements = rdflib_loader.statements(record, SOURCE, place)
            memory.add(statements)
            loaded, stated = loaded + 1, stated + len(statements)
        if mode == CONVERT:
            memory.write(target)
        return loaded, stated


@contextmanager
def _measured(told: dict[str, float]) -> Iterator[None]:
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    told["wall"], told["cpu"] = time.perf_counter() - wall, time.process_time() - cpu


def _peak() -> int:
    """Return the peak of memory in bytes. Linux gives ru_maxrss of the process that this one was forked from, too."""
    if sys.platform == "linux":
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.split("VmHWM:")[1].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main(mode: str, path: Path, keep: Path | None = None) -> None:
    """Measure one mode and print what it took."""
    loader: Callable[[str, Path, Format, Path | None], Done] = ours
    if mode.startswith(PEER):
        import tests.bench.rdflib_loader  # noqa: F401  # before time begins

        loader, mode = theirs, mode.removeprefix(PEER)
    elif mode in (STORE, MEMORY):
        import pyoxigraph  # noqa: F401
    with path.open("rb") as file:
        known = recognised(file.read(HEAD), path.name)
    told: dict[str, float] = {}
    with _measured(told):
        told["records"], told["statements"] = loader(mode, path, known, keep)
    print(json.dumps({**told, "peak": _peak()}))


if __name__ == "__main__":
    main(sys.argv[1], *map(Path, sys.argv[2:]))
