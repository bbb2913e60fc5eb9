"""From one source to statements: read in shards, each taken apart, stated and checked, and put together in order.

What is read is loaded, quarantined or a duplicate, and never lost. The outcome depends on the bytes of the source
alone, so it can be kept as long as the program is the same; :mod:`~msevidence.loaders.exports.merging` says what is in
it. Here all is done in this process; :mod:`~msevidence.loaders.exports.running` does it in bounded ones.
"""

from collections.abc import Iterator
from pathlib import Path

from msevidence.loaders.exports.merging import BLOCKS, FACTS, RECORDS, REPORT, Merger, Progress
from msevidence.loaders.exports.report import SourceReport
from msevidence.loaders.exports.shards import PULLED, cut
from msevidence.loaders.exports.stating import convert_shard, source_graph

__all__ = [
    "BLOCKS",
    "FACTS",
    "PULLED",
    "RECORDS",
    "REPORT",
    "Progress",
    "blocks_of",
    "convert",
    "source_graph",
]


def convert(
    path: Path,
    name: str,
    sha256: str,
    target: Path,
    *,
    strict: bool = False,
    shapes: bool = True,
    tell: Progress = lambda n: None,
) -> SourceReport:
    """Convert the source at ``path`` into the empty folder ``target``.

    Args:
        path: the bytes.
        name: what the source was called, for messages and its report.
        sha256: hash of the bytes.
        target: an empty folder.
        strict: whether the first record that cannot be loaded, or the first unknown field, is an ExportError.
        shapes: whether the statements are checked against the shapes; left out only where that is measured apart.
        tell: told the records read.

    Raises:
        ExportError: the source as a whole cannot be read.
    """
    with Merger(name, sha256, target, strict=strict, tell=tell) as merger:
        for shard in cut(path, name, sha256, target, strict=strict):
            merger.take(convert_shard(shard, shapes=shapes))
        return merger.finish()


def blocks_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the version and the statements of each record of a converted source."""
    with (folder / RECORDS).open("rb") as records, (folder / BLOCKS).open(encoding="utf-8") as blocks:
        for line in blocks:
            version, _, size = line.rstrip("\n").partition("\t")
            yield version, records.read(int(size))
