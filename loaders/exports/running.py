"""Converts one source with bounded memory and time: one process reads it, others convert its shards.

This process itself parses nothing of the source: it hands shards on, and puts together what comes back.
"""

import subprocess
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from msevidence.loaders.exports.bounded import BYTES_PER_SECOND, MEMORY, SECONDS, command, last_words
from msevidence.loaders.exports.child import ALL
from msevidence.loaders.exports.faults import ExportError
from msevidence.loaders.exports.frames import Frame, receive
from msevidence.loaders.exports.merging import Merger
from msevidence.loaders.exports.stating import Converted
from msevidence.loaders.exports.workers import Answer, LocalWorkers, Workers


def convert_apart(
    path: Path,
    name: str,
    sha256: str,
    target: Path,
    *,
    strict: bool,
    tell: Callable[[int], None],
    memory: int = MEMORY,
    workers: Workers | None = None,
) -> None:
    """Convert the source at ``path`` into ``target`` in processes of its own.

    Args:
        path: the bytes.
        name: what the source was called.
        sha256: hash of the bytes.
        target: an empty folder.
        strict: whether the first record that cannot be loaded, or the first unknown field, is an ExportError.
        tell: told the records read.
        memory: bytes of address space of the process that reads.
        workers: who converts the shards; processes of this machine where left out. They are not closed.

    Raises:
        ExportError: it cannot be read, or a process does not survive it or takes too long.
        OSError: the outcome cannot be written.
    """
    if workers is None:
        with closing(LocalWorkers(memory=memory)) as own:
            convert_apart(path, name, sha256, target, strict=strict, tell=tell, memory=memory, workers=own)
        return
    try:
        with (
            Merger(name, sha256, target, strict=strict, tell=tell) as merger,
            _reader(path, name, sha256, target, strict, memory, workers.alone) as said,
        ):
            for converted in _in_order(said, workers):
                merger.take(Converted.decoded(converted))
            merger.finish()
    except ExportError as e:
        raise e if e.path else ExportError(e.message, name, e.line, e.field) from e
    except OSError as e:
        if e.filename is not None or e.errno is None:
            raise
        raise OSError(e.errno, e.strerror, str(target)) from e  # of a file that is open: it names none


def _in_order(said: Iterator[Frame], workers: Workers) -> Iterator[bytes]:
    """Yield what came of each shard, in the order of the source."""
    waiting: deque[Answer] = deque()
    fault: ExportError | OSError | None = None
    while True:
        try:
            frame = next(said, None)
        except (ExportError, OSError) as e:
            fault = e  # told when what stands before it has been put together
            break
        if frame is None:
            break
        if frame.kind == "converted":
            yield frame.content
            continue
        waiting.append(workers.submit(frame.content))
        while len(waiting) >= workers.ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
    if fault is not None:
        raise fault


@contextmanager
def _reader(
    path: Path, name: str, sha256: str, target: Path, strict: bool, memory: int, alone: int | None
) -> Iterator[Iterator[Frame]]:
    """Start the process that reads a source, and yield what it says; it ends with the block."""
    here = ALL if alone is None else str(alone)
    arguments = [str(memory), str(path), name, sha256, str(target), here, *(["--strict"] if strict else [])]
    limit = SECONDS + path.stat().st_size / BYTES_PER_SECOND
    with tempfile.TemporaryFile() as errors:
        child = subprocess.Popen(
            command("read", *arguments), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors
        )
        clock = threading.Timer(limit, child.kill)
        clock.daemon = True
        clock.start()

        def said() -> Iterator[Frame]:
            while (frame := receive(cast(BinaryIO, child.stdout))) is not None:
                if frame.kind in ("shard", "converted"):
                    yield frame
                    continue
                if frame.kind == "error":
                    fault = frame.told
                    raise ExportError(fault["message"], fault["path"], fault["line"], fault["field"])
                if frame.kind == "disk":
                    raise OSError(frame.told["errno"], frame.told["strerror"], str(target))
                return
            if not clock.is_alive():
                raise ExportError(f"was not read in {limit:.0f} s; split it", name)
            why = last_words(cast(BinaryIO, errors), child.wait())
            raise ExportError(f"the process that reads it did not survive it ({why}); please report this file", name)

        try:
            yield said()
        finally:
            clock.cancel()
            child.kill()
            child.wait()
            assert child.stdout is not None
            child.stdout.close()
