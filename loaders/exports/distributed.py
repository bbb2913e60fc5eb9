"""Shards converted on a Dask cluster that is there already (https://distributed.dask.org): the optional extra ``dask``.

A task holds the bytes of its shard, or, where a folder is shared, the way to them; no other file is needed on a worker.
What a killed worker had under way, or had not handed over yet, Dask gives to another one, since the scheduler holds the
task with its bytes until it is answered (data that was scattered to workers would be lost with them). On the worker the
shard goes to a bounded process, as here. Each task names the program that cut the shard, by its hash: a worker with
another one refuses, as it would state other things.

By Dask's own design whoever reaches a scheduler can run code on its workers and on those who ask them: use ``tls://``
with certificates of your own, or a network that nobody else is in.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msevidence.loaders.exports.bounded import Converter
from msevidence.loaders.exports.faults import ExportError
from msevidence.loaders.exports.shards import Shard
from msevidence.loaders.exports.sources import program_fingerprint

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECTS_IN = 30
"""Seconds that a scheduler may take to answer."""
ASKED_EVERY = 16
"""Shards after which the cluster is asked how many workers it has now."""
EMPTY_FOR = 60
"""Seconds after which a cluster that has lost all its workers is given up."""
LOOKED_EVERY = 5
"""Seconds after which, while no answer comes, it is looked whether there still are workers."""
DONE, FAULT, DISK = "done", "fault", "disk"

_mine = threading.local()


class ClusterError(Exception):
    """Raised when a cluster cannot be used: not there, gone, without workers, or with another program on them."""


def program_here() -> str:
    """Return the hash of the program on this machine."""
    return program_fingerprint()


def convert_here(program: str, shard: bytes | str, sha256: str) -> tuple[str, Any]:
    """Convert a shard on this machine: ``done`` and the outcome, or what is wrong. Runs on a worker.

    Args:
        program: the hash of the program that cut the shard.
        shard: its bytes, or the path of a file that holds them.
        sha256: the hash of its bytes.
    """
    if program != program_fingerprint():
        return DISK, f"has another version of msevidence ({program_fingerprint()}, not {program})"
    if isinstance(shard, str):
        try:
            shard = Path(shard).read_bytes()
        except OSError as e:
            return DISK, f"cannot read {e.filename} ({e.strerror}); is that folder shared with it?"
        if hashlib.sha256(shard).hexdigest() != sha256:
            return DISK, "reads other bytes in the shared folder than were written there"
    # One process for each thread of the worker, started by it and kept: to be ready takes a second.
    converter: Converter | None = getattr(_mine, "converter", None)
    if converter is None:
        converter = _mine.converter = Converter()
    try:
        return DONE, converter.convert(shard)
    except ExportError as e:
        return FAULT, (e.message, e.path, e.line, e.field)
    except OSError as e:
        return DISK, f"cannot start a process ({e})"


class _NoWorkerError(Exception):
    """Raised where a cluster has lost all its workers, and none has come."""


@dataclass(frozen=True)
class _Answer:
    """A shard under way."""

    workers: DaskWorkers
    shard: bytes
    future: Future[tuple[str, Any]]
    file: Path | None

    def result(self) -> bytes:
        from distributed import KilledWorker

        try:
            kind, told = self._waited_for()
        except KilledWorker as e:
            tried = e.allowed_failures + 1
            raise ExportError(
                f"{tried} workers of {self.workers.address} ended on its records"
                f" {Shard.decoded(self.shard).words()}; look at their logs, and at the memory that they have",
                "",
            ) from None
        except Exception as e:  # whatever a cluster raises that goes away
            raise ClusterError(
                f"{self.workers.address}: the cluster gave no answer ({type(e).__name__}: {e}); see whether scheduler"
                " and workers run, and load the file again"
            ) from None
        finally:
            self.future.release()  # type: ignore[no-untyped-call]
            if self.file is not None:
                self.file.unlink(missing_ok=True)
        if kind == DONE:
            return bytes(told)
        if kind == FAULT:
            raise ExportError(*told)
        raise ClusterError(f"{self.workers.address}: a worker {told}")

    def _waited_for(self) -> tuple[str, Any]:
        """Wait for the answer; a cluster that lost all its workers would have us wait for ever."""
        without = 0
        while True:
            try:
                kind, told = self.future.result(timeout=LOOKED_EVERY)
                return kind, told
            except TimeoutError:
                without = 0 if self.workers.workers() else without + LOOKED_EVERY
                if without >= EMPTY_FOR:
                    raise _NoWorkerError(f"it has had no worker for {EMPTY_FOR} s") from None


class DaskWorkers:
    """The workers of a cluster.

    Args:
        address: of its scheduler: ``tcp://host:8786``, or ``tls://``, for which Dask's own settings name certificates.
        shared: a folder that each worker sees under the same path; shards go through it, not through the scheduler.

    Raises:
        ClusterError: it cannot be used, or the extra ``dask`` is not installed.
    """

    def __init__(self, address: str, shared: Path | None = None) -> None:
        self.address = address
        self._client = _connected(address)
        try:
            self._check()
            self._folder = (
                None if shared is None else Path(tempfile.mkdtemp(prefix="msevidence-", dir=shared.resolve()))
            )
        except BaseException:
            self._client.close()  # type: ignore[no-untyped-call]
            raise
        self._number = 0
        self._ahead = 0

    @property
    def alone(self) -> int | None:
        return 0

    @property
    def ahead(self) -> int:
        if self._number % ASKED_EVERY == 1 or not self._ahead:
            self._ahead = 2 + 2 * sum(worker["nthreads"] for worker in self.workers().values())
        return self._ahead

    def workers(self) -> dict[str, Any]:
        """Return the workers that there are now, by address."""
        return dict(self._client.scheduler_info(n_workers=-1)["workers"])

    def submit(self, shard: bytes) -> _Answer:
        digest = hashlib.sha256(shard).hexdigest()
        self._number += 1
        file = None
        if self._folder is not None:
            file = self._folder / f"{self._number}.shard"
            file.write_bytes(shard)
        future = self._client.submit(
            convert_here, program_fingerprint(), shard if file is None else str(file), digest, pure=False
        )
        return _Answer(self, shard, future, file)

    def close(self) -> None:
        with suppress(Exception):  # a cluster that is gone has nothing to be told
            self._client.close(timeout=5)  # type: ignore[no-untyped-call]
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _check(self) -> None:
        """Ask each worker for its program."""
        if not self.workers():
            raise ClusterError(f"{self.address}: the cluster has no worker; start some, and load the file again")
        ours = program_fingerprint()
        for worker, theirs in self._client.run(program_here, on_error="return").items():
            if theirs != ours:
                what = "no msevidence" if isinstance(theirs, ImportError) else f"another msevidence ({theirs})"
                raise ClusterError(
                    f"{self.address}: worker {worker} has {what}; install the same version on every worker ({ours})"
                )


def _connected(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError as e:
        raise ClusterError(
            "a Dask cluster is asked with the package distributed, which is not installed; install the extra:"
            " pip install 'msevidence[dask]'"
        ) from e
    if not address.startswith(("tcp://", "tls://")):
        raise ClusterError(f"{address!r}: is no address of a scheduler; write tcp://host:8786 or tls://host:8786")
    if address.startswith("tls:") and not _has_certificate():
        raise ClusterError(
            f"{address}: is asked with a certificate, and none is named; set it in Dask's own settings"
            " (DASK_DISTRIBUTED__COMM__TLS__CA_FILE, …__CLIENT__CERT, …__CLIENT__KEY)"
        )

    class _Closed(Client):
        """A client that is closed by us alone: one that failed to connect waits for ever when it is let go."""

        def __del__(self) -> None: ...

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is raised
    try:
        return _Closed(address, timeout=CONNECTS_IN, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as e:
        why = str(e) or type(e).__name__
        raise ClusterError(
            f"{address}: no scheduler can be reached there ({why}); name it as tcp://host:8786, or tls:// with Dask's"
            " own settings for certificates"
        ) from e


def _has_certificate() -> bool:
    """Say whether Dask's own settings name what a client shows to a scheduler at ``tls://``."""
    from distributed.security import Security

    known: Any = Security
    return known().get_connection_args("client").get("ssl_context") is not None
