"""Statements of loaded sources as shards: files of N-Quads with their hashes, which any store loads in bulk.

For what is too large to be a release here. A shard ends with a record and never between two statements of one; the
named graph of a source is the same in all its shards. ``SHA256SUMS`` says what a folder of shards holds, as
``sha256sum --check`` reads it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from msevidence.loaders.exports.conversion import blocks_of
from msevidence.loaders.release_errors import ReleaseError
from msevidence.loaders.release_loading import load
from msevidence.loaders.release_nquads import split_line
from msevidence.loaders.release_sorting import sort_lines
from msevidence.loaders.release_store import dump_sorted
from msevidence.loaders.stores.bulk import Writer
from msevidence.loaders.stores.client import Client
from msevidence.loaders.stores.engines import Engine
from msevidence.loaders.stores.parts import Part
from msevidence.loaders.stores.push import AlteredError, ForeignError, Tell
from msevidence.loaders.stores.reading import Compared, compared, count, read_graph

SUMS = "SHA256SUMS"
BYTES = 64 * 2**20
"""Bytes of a shard, about: some 300,000 statements."""


def write_shards(converted: Iterable[tuple[str, Path]], target: Path, size: int = BYTES) -> list[Path]:
    """Write the statements of converted sources as shards into a new folder, whole or not at all; return the files.

    Args:
        converted: the hash of each source, and the folder of its conversion.
        target: a folder that is not there yet, or empty.
        size: bytes of a shard, about.

    Raises:
        ReleaseError: the folder holds something, or cannot be written.
    """
    with _new(target) as folder:
        sums = []
        for sha256, source in converted:
            for number, blocks in enumerate(_cut(source, size), 1):
                name = f"{sha256[:16]}-{number:05}.nq"
                digest = hashlib.sha256()
                with (folder / name).open("wb") as file:
                    for lines in blocks:
                        digest.update(lines)
                        file.write(lines)
                sums.append(f"{digest.hexdigest()}  {name}\n")
        (folder / SUMS).write_text("".join(sums), encoding="ascii")
    return shards(target)


def _cut(source: Path, size: int) -> Iterator[Iterator[bytes]]:
    """Yield the blocks of each shard; they are read as they are asked for."""
    blocks = (lines for _, lines in blocks_of(source))

    def some(first: bytes) -> Iterator[bytes]:
        written = len(first)
        yield first
        while written < size and (lines := next(blocks, None)) is not None:
            written += len(lines)
            yield lines

    while (first := next(blocks, None)) is not None:
        yield some(first)


def shards(folder: Path) -> list[Path]:
    """Return the shards of a folder, each with the hash that is stated of it.

    Raises ReleaseError where they are not as they were written.
    """
    try:
        stated = (folder / SUMS).read_text(encoding="ascii").splitlines()
        found = []
        for digest, _, name in (line.partition("  ") for line in stated):
            path = folder / Path(name).name
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                    raise ReleaseError(f"{path}: is not as it was written; write the shards again")
            found.append(path)
    except (OSError, UnicodeDecodeError) as e:
        raise ReleaseError(f"{folder}: is no whole folder of shards ({e}); write them with msevidence load") from e
    return found


@contextmanager
def graphs_of(folder: Path) -> Iterator[list[Part]]:
    """Yield the graphs of a folder of shards, each as its sorted distinct triples in a temporary file.

    Raises ReleaseError where the shards are not as they were written, or there is no room.
    """
    found = shards(folder)
    try:
        with TemporaryDirectory(prefix="msevidence-") as scratch:
            yield list(_graphs(found, Path(scratch)))
    except OSError as e:
        raise ReleaseError(f"{e.filename or folder}: {e.strerror or e}; make room, or mend the permissions") from e


def _graphs(found: list[Path], scratch: Path) -> Iterator[Part]:
    raw: dict[bytes, Path] = {}
    for shard in found:
        with shard.open("rb") as lines:
            _split(lines, raw, scratch)
    for number, (graph, path) in enumerate(sorted(raw.items())):
        target = scratch / f"{number}.nt"
        sort_lines(path, target, scratch)
        path.unlink()
        with target.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        with target.open("rb") as file:
            size = sum(1 for _ in file)
        yield Part(graph[1:-1].decode(), target, size, digest)


def _split(lines: Iterable[bytes], raw: dict[bytes, Path], scratch: Path) -> None:
    """Append triples to the file of their graph; a source's shard has one graph, so one file is open at a time."""
    last, file = None, None
    try:
        for line in lines:
            triple, graph = split_line(line)
            if graph != last:
                if file is not None:
                    file.close()
                last, path = graph, raw.setdefault(graph, scratch / f"{len(raw)}.raw")
                file = path.open("ab")
            assert file is not None
            file.write(triple + b" .\n")
    finally:
        if file is not None:
            file.close()


def push_shards(
    client: Client,
    engine: Engine,
    parts: list[Part],
    writer: Writer,
    *,
    replace: bool = False,
    tell: Tell = lambda stage, done, total: None,
) -> list[Compared]:
    """Write the graphs of shards into a store, and return what reading them back showed.

    A graph that the store holds as it is here is not written again, so what was interrupted goes on.

    Raises:
        ForeignError: it holds something else under a name of ours, and is not to replace it.
        AlteredError: it holds something else than what was sent.
    """
    held = {part.graph: count(client, part.graph) for part in parts}
    there = [p for p in parts if held[p.graph] == p.count and _read_back(client, engine, p).equal]
    wanted = [p for p in parts if p not in there]
    foreign = [p.graph for p in wanted if held[p.graph]]
    if foreign and not replace:
        raise ForeignError(
            f"{client.query}: holds other statements in {', '.join(foreign)}; replace them with --replace"
            " (an interrupted push leaves such graphs, too)"
        )
    for number, part in enumerate(wanted):
        tell("written", number, len(wanted))
        writer.write(part.graph, part)
    tell("written", len(wanted), len(wanted))
    found = [_read_back(client, engine, part) for part in parts]
    if not all(c.equal for c in found):
        raise AlteredError(f"{client.query}: holds other statements than were sent; push them again", found)
    return found


def _read_back(client: Client, engine: Engine, part: Part) -> Compared:
    return compared(part.graph, part.lines(), read_graph(client, part.graph), engine)


def fill_store(folder: Path, target: Path) -> int:
    """Load a folder of shards into a new embedded store at ``target``, whole or not at all; return its statements.

    The store is read back: its sorted statements must be those of the shards.

    Raises:
        ReleaseError: the shards are not as they were written, the store holds something else, or there is no room.
    """
    found = shards(folder)
    with _new(target) as new, TemporaryDirectory(prefix="msevidence-") as scratch:
        store = ox.Store(str(new))
        for shard in found:
            load(store, shard)
        store.flush()
        store.optimize()
        ours, theirs, both = (Path(scratch) / name for name in ("ours.nq", "theirs.nq", "both.nq"))
        with both.open("wb") as out:
            for shard in found:
                with shard.open("rb") as file:
                    shutil.copyfileobj(file, out)
        sort_lines(both, ours, Path(scratch))
        both.unlink()
        dump_sorted(store, theirs, Path(scratch))
        with ours.open("rb") as one, theirs.open("rb") as other:
            if hashlib.file_digest(one, "sha256").digest() != hashlib.file_digest(other, "sha256").digest():
                raise ReleaseError(f"{target}: the store gives back other statements than were loaded; check the disk")
        size = len(store)
        del store  # gives the engine's lock free before the folder is renamed
    return size


@contextmanager
def _new(target: Path) -> Iterator[Path]:
    """Yield a folder beside ``target`` that takes its place when the block has ended well, and goes away otherwise.

    Raises ReleaseError where ``target`` holds something, or cannot be written.
    """
    new = target.with_name(f".{target.name}-{os.getpid()}")
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise ReleaseError(f"{target}: is there already; name a new folder")
        target.parent.mkdir(parents=True, exist_ok=True)
        new.mkdir()
        try:
            yield new
            if target.exists():
                target.rmdir()
            new.rename(target)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    except OSError as e:
        raise ReleaseError(f"{e.filename or target}: {e.strerror or e}; make room, or mend the permissions") from e
