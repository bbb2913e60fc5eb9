"""Worker processes: asking them, ending them, and what their end means; ``spawner`` starts them."""

from __future__ import annotations

import logging
import os
import select
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from msevidence.server import diagnosis, errors, errors_elsewhere, wire
from msevidence.server.forked import Forked
from msevidence.server.releases import DamagedStoreError, Release, check_store
from msevidence.server.sandbox import Confinement

if TYPE_CHECKING:
    from msevidence.server.link import Link

LOG = logging.getLogger(__name__)
START_LIMIT = 30.0
LAST_BREATH = 2.0
LAST_WORDS = 2048
"""Bytes that are repeated of what a worker wrote on standard error, such as its allocator's complaint."""
ELSEWHERE: Mapping[str, type[errors_elsewhere.StoreElsewhere]] = {
    "unreachable": errors_elsewhere.StoreUnreachable,
    "moved": errors_elsewhere.StoreMoved,
    "refused": errors_elsewhere.StoreRefused,
}
"""Problems of a store elsewhere, by what its worker says of it."""
PANIC = " panicked at "
"""What the engine writes before it ends through a fault of its own; where memory ends, it says that."""
UNKNOWN_FUNCTION = ("The custom function ", "The custom aggregate function ")


Process: TypeAlias = "subprocess.Popen[bytes] | Forked"
"""A worker's process: a child of this one, or of a fork server."""


class WorkerFailedError(RuntimeError):
    """A worker did not come up on this release."""


@dataclass(frozen=True, slots=True)
class Question:
    """One query and everything that decides its answer."""

    query: str
    format: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    substitutions: Mapping[str, wire.Term] = field(default_factory=dict)
    prefixes: Mapping[str, str] = field(default_factory=dict)
    gzip: bool = False
    federated: bool = False
    names: tuple[str, ...] = ()
    """Properties that name things on a page; of no account for other formats."""


class Worker:
    """One process over one release. Used by one thread at a time."""

    def __init__(self, release: Release, process: Process, to: int, back: int, last_words: int) -> None:
        self.release = release
        self.process = process
        self.alive = True
        self.low = False
        """It runs at the lowest priority, for good."""
        self.spent = False
        """It was killed, and is to be closed and not to be asked again."""
        self._ended = False
        self.confinement: Confinement | None = None
        self.link: Link | None = None
        """What an event loop looks at its pipes with, once it was asked there."""
        self._to, self._back, self._last_words = to, back, last_words
        self._said = ""

    def ready(self) -> None:
        """Wait until the store is open; at once for a warm worker.

        Raises:
            WorkerFailedError: it is not, with the reason.
        """
        if self.confinement is not None:
            return
        try:
            header, _ = wire.receive(self._back, limit=0, until=time.monotonic() + START_LIMIT)
        except (wire.ClosedError, wire.LateError) as error:
            self.close()
            raise WorkerFailedError(
                f"{self.release.store}: a worker did not start ({error}; exit {self.process.returncode}){self._said}"
            ) from error
        if header["status"] != "ready":
            self.close()
            raise WorkerFailedError(f"{self.release.store}: the store does not open: {header['message']}")
        self.confinement = Confinement(header["landlock"], header["seccomp"])

    def ask(self, question: Question, *, deadline: float, cap: int) -> bytes:
        """Run one query and return its whole serialised result.

        Raises:
            errors.Problem: of the kind that fits what happened; the worker may be gone after it.
        """
        until = time.monotonic() + deadline
        heard = False
        try:
            wire.send_frame(self._to, self.request(question, deadline, cap), until=until)
            header, body = wire.receive(self._back, limit=self.body_limit(cap), until=until)
            heard = not header["retire"]
        except wire.LateError:
            raise errors.TimedOut(deadline) from None
        except wire.ClosedError:
            self.close()
            raise self.cause() from None
        finally:
            if not heard:  # whatever happened, half an answer must not be read as the next one
                self.close()
        if header["status"] == "ok":
            return body
        raise self.refusal(header, question, cap)

    def request(self, question: Question, deadline: float, cap: int, linger: float = 0.0) -> bytes:
        """Return a question as the worker reads it.

        Raises:
            errors.Unavailable: the worker has ended, and the numbers of its closed pipes may be those of others.
        """
        if not self.alive:
            raise errors.Unavailable("the worker of this request has ended")
        return wire.frame(
            {
                "query": question.query,
                "base": self.release.base,
                "format": question.format,
                "default_graphs": question.default_graphs,
                "named_graphs": question.named_graphs,
                "substitutions": wire.pack_terms(question.substitutions),
                "prefixes": dict(question.prefixes),
                "gzip": question.gzip,
                "names": question.names,
                "cap": cap,
                "deadline": deadline,
                "linger": linger,
            }
        )

    @staticmethod
    def body_limit(cap: int) -> int:
        """Return how long an answer may be: compression may lengthen what does not compress by a few bytes a block."""
        return cap + cap // 1000 + 1024

    def ends(self) -> tuple[int, int]:
        """Return the descriptors to write to and to read from, both non-blocking."""
        return self._to, self._back

    def lower(self) -> None:
        """Have the process run at the lowest priority from now on; elsewhere than on Linux it goes on as before."""
        if not self.low and isinstance(self.process, Forked):
            self.low = True
            self.process.lower()

    def spend(self) -> None:
        """Kill the process without waiting for its end; :meth:`close` does that."""
        self.spent = True
        self.process.kill()

    def end(self) -> None:
        """Kill the process, also while another thread waits for its answer: the server is stopping."""
        self._ended = True
        self.process.kill()

    def close(self) -> None:
        """End the process, if it has not ended, and let go of the pipes."""
        if not self.alive:
            return
        self.alive = False
        # A process that ends by itself keeps its own exit code, which cause() reads; a large one takes a while to go.
        try:
            self.process.wait(LAST_BREATH if self.hung_up() else 0)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        with suppress(BlockingIOError):
            said = os.read(self._last_words, LAST_WORDS).decode(errors="replace")
            self._said = "".join(f"; {line}" for line in said.splitlines() if line and not line.startswith("note: "))
        for end in (self._to, self._back, self._last_words):
            os.close(end)
        if self.link is not None:
            self.link.let_go()

    def hung_up(self) -> bool:
        """Tell whether the process has let go of its pipe, as it does when it ends."""
        waiting = select.poll()
        waiting.register(self._back, 0)
        return bool(waiting.poll(0))

    def cause(self) -> errors.Problem:
        """Tell from how the worker died what to answer."""
        if self._ended:
            return errors.Stopping()
        code = self.process.returncode
        level = logging.WARNING if code in (-signal.SIGABRT, -signal.SIGSEGV) else logging.ERROR
        LOG.log(level, "worker %d of release %s: exit %s%s", self.process.pid, self.release.id[:12], code, self._said)
        if code == -signal.SIGABRT and PANIC in self._said:
            # Some values of a graph have no order that the engine can keep, and it ends where it finds that out.
            return self._damage() or errors.EngineFault("The query met a fault of the engine that runs it.")
        if code == -signal.SIGABRT:
            # The engine meets the same damaged block again and again where a query collects its rows, to sort them.
            return self._damage() or errors.OutOfMemory()
        if code == -signal.SIGSEGV:
            return errors.TooComplex("the query is nested too deeply for the engine")
        return errors.ServerFault("the worker that ran the query ended unexpectedly")

    def refusal(self, header: wire.Header, question: Question, cap: int) -> errors.Problem:
        """Tell what a header that is not `ok` means."""
        status, message = header["status"], str(header.get("message", ""))
        if status == "syntax":
            return diagnosis.of_engine(message, question.query, header["offset"])
        if status == "too large":
            return errors.ResultTooLarge(cap)
        if status == "unwritable":
            said = f"The format asked for can not hold this result: {message}."
            nb = f"Formatet det spørres etter, kan ikke romme dette resultatet: {message}."
            return errors.NotAcceptable(errors.Words(said, nb))
        if status == "memory":
            return self._damage() or errors.OutOfMemory()
        if status in ELSEWHERE:
            LOG.error("worker %d on release %s: %s: %s", self.process.pid, self.release.id, status, message)
            return ELSEWHERE[status](message)
        if status == "evaluation" and message.startswith(UNKNOWN_FUNCTION):
            return errors.UnknownFunction(f"{message}.")
        if question.federated:
            return errors.BadGateway(f"the federated part of the query failed: {message[:500]}")
        LOG.error("worker %d on release %s: %s: %s", self.process.pid, self.release.id, status, message)
        return self._damage() or errors.ServerFault("the engine could not evaluate the query")

    def _damage(self) -> errors.DamagedStore | None:
        """Tell whether the store is to blame for what happened to a query."""
        if not self.release.store.is_dir():  # pruned under a worker of a release of before
            return None
        try:
            check_store(self.release)
        except DamagedStoreError as error:
            LOG.error("worker %d: %s", self.process.pid, error)
            return errors.DamagedStore()
        return None
