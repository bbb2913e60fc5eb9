"""The bounded processes of a conversion: what a stranger's file does to a parser ends here.

    python -m msevidence.loaders.exports.child read MEMORY PATH NAME SHA256 TARGET SHARDS [--strict]
    python -m msevidence.loaders.exports.child state MEMORY

The first reads a source and writes its shards; a source of no more than ``SHARDS`` shards it converts itself (``all``:
any source) and writes what came of them. The second converts each shard that it is sent. Both write
:mod:`~msevidence.loaders.exports.frames` on standard output: ``shard`` or ``converted``, and at the end of a source
``done``, ``error`` or, where the outcome cannot be written, ``disk``. Both end with who started them.
"""

import os
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from msevidence.loaders.exports.faults import ExportError
from msevidence.loaders.exports.frames import receive, send
from msevidence.loaders.exports.parent import end_with_parent

ALL = "all"


def main(arguments: list[str]) -> int:
    """Do what the command line says."""
    task, memory, *rest = arguments
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    end_with_parent()
    # Messages have a descriptor of their own: what a library prints does not get in between.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return _read(out, int(memory), rest) if task == "read" else _state(out, int(memory))


def _read(out: BinaryIO, memory: int, arguments: list[str]) -> int:
    from msevidence.loaders.exports.shards import Shard, cut
    from msevidence.loaders.exports.stating import convert_shard

    strict = arguments[-1:] == ["--strict"]
    path, name, sha256, target, here = arguments[:5]
    limit = None if here == ALL else int(here)
    held: list[Shard] = []
    alone = True

    def hand_over() -> None:
        for shard in held:
            if alone:
                send(out, "converted", convert_shard(shard).encoded())
            else:
                send(out, "shard", shard.encoded())
        held.clear()

    with _told(out, name, memory):
        try:
            for shard in cut(Path(path), name, sha256, Path(target), strict=strict):
                held.append(shard)
                alone = limit is None or (alone and len(held) <= limit)
                if limit is None or not alone:
                    hand_over()
        except ExportError:
            hand_over()  # what is wrong before comes first
            raise
        hand_over()
        send(out, "done")
        return 0
    return 1


def _state(out: BinaryIO, memory: int) -> int:
    from msevidence.loaders.exports.shards import Shard
    from msevidence.loaders.exports.stating import convert_shard

    while True:
        asked = None
        with _told(out, "", memory):
            asked = receive(sys.stdin.buffer)
            if asked is None:
                return 0
            send(out, "converted", convert_shard(Shard.decoded(asked.content)).encoded())
        if asked is None:
            return 1  # it was too large to be received: what is left of it is no next one


@contextmanager
def _told(out: BinaryIO, name: str, memory: int) -> Iterator[None]:
    """Tell what goes wrong."""
    try:
        yield
    except ExportError as e:
        send(out, "error", message=e.message, path=e.path, line=e.line, field=e.field)
    except OSError as e:  # of writing: what cannot be read is an ExportError
        send(out, "disk", errno=e.errno, strerror=e.strerror or str(e))
    except (MemoryError, SystemError):  # which Python says where memory ends inside some of its own parts
        message = f"needs more than {memory // 2**20} MiB to be read; split it, or look at what it holds"
        send(out, "error", message=message, path=name, line=None, field=None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
