"""A bounded process that converts shards, one after another, and is started anew where one was too much for it."""

import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from typing import BinaryIO, cast

from msevidence.loaders.exports.faults import ExportError
from msevidence.loaders.exports.frames import receive, send
from msevidence.loaders.exports.shards import Shard

MEMORY = 2 * 2**30
"""Bytes of address space of a process: rdflib and the shapes take some 300 MB, a record ten times its size."""
SECONDS, BYTES_PER_SECOND = 600, 10_000
"""A source, or a shard, may take ten minutes, and a second more for each of these bytes (100 times what it needs)."""
MODULE = "msevidence.loaders.exports.child"
TRIES = 2


def command(*arguments: str) -> list[str]:
    """Return the command line of a bounded process."""
    return [sys.executable, "-m", MODULE, *arguments]


def last_words(errors: BinaryIO, code: int | None) -> str:
    """Return why a process has ended: what it said last, or its signal or code."""
    errors.seek(0)
    said = errors.read().decode(errors="replace").strip().splitlines()
    if said:
        return said[-1][:500]
    if code is not None and code < 0:
        return f"it was ended by {signal.Signals(-code).name}"
    return f"it ended with code {code}"


class Converter:
    """One process, started when it is first needed.

    A shard that it does not survive is done again in a new one, once.
    """

    def __init__(self, memory: int = MEMORY) -> None:
        self._memory = memory
        self._child: subprocess.Popen[bytes] | None = None
        self._errors: BinaryIO | None = None
        self._closed = False
        self._busy = threading.Lock()

    @property
    def pid(self) -> int | None:
        """Process, where there is one."""
        return None if self._child is None else self._child.pid

    def convert(self, shard: bytes) -> bytes:
        """Return a shard, as bytes, converted, as bytes.

        Raises ExportError (of no file: whoever knows the source names it) where it cannot be converted, and where two
        processes did not survive it; OSError where no process can be started.
        """
        with self._busy:
            for _ in range(TRIES):
                found, why, late = self._asked(shard)
                if found is not None:
                    return found
                if late or self._closed:
                    break
        raise ExportError(
            f"the process that converts its records {Shard.decoded(shard).words()} did not survive them ({why});"
            " please report this file",
            "",
        )

    def _asked(self, shard: bytes) -> tuple[bytes | None, str, bool]:
        """Return what the process answered; else ``None``, why it ended, and whether it took too long."""
        child = self._running()
        assert child.stdin is not None and child.stdout is not None and self._errors is not None
        limit = SECONDS + len(shard) / BYTES_PER_SECOND
        clock = threading.Timer(limit, child.kill)
        clock.daemon = True
        clock.start()
        answer = None
        with suppress(OSError):  # where it has ended its last words say why
            send(cast(BinaryIO, child.stdin), "shard", shard)
        with suppress(OSError):  # one that could not take all of it may have said why
            answer = receive(cast(BinaryIO, child.stdout))
        late = not clock.is_alive()
        clock.cancel()
        if answer is not None and answer.kind == "converted":
            return answer.content, "", False
        if answer is not None and answer.kind == "error":
            fault = answer.told
            raise ExportError(fault["message"], fault["path"], fault["line"], fault["field"])
        child.kill()
        code = child.wait()
        why = f"it took more than {limit:.0f} s" if late else last_words(self._errors, code)
        self._end()
        return None, why, late

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._closed:
            raise ExportError("the conversion was stopped", "")
        if self._child is None:
            self._errors = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115  # closed with the process
            self._child = subprocess.Popen(
                command("state", str(self._memory)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors
            )
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout, self._errors):
            if pipe is not None:
                with suppress(OSError):  # what was still to be written goes nowhere
                    pipe.close()

    def close(self) -> None:
        """End the process, also while another thread waits for its answer."""
        self._closed = True
        child = self._child
        if child is not None:
            child.kill()
        with self._busy:
            self._end()
