"""Going from one release to the next: all lanes of a server together, once what is published is found to be whole.

Lanes that went one by one would answer from different releases for as long as one of them looks at a large store, and
who asks a page after a query would see the newer release go away again. So the files are looked at once, every lane
gets a first worker, and then all go on at the same moment; where one can not, none does.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from msevidence.server import releases
from msevidence.server.pool import Worker, WorkerFailedError
from msevidence.server.releases import Release

LOG = logging.getLogger(__name__)
TRY_AGAIN = 30.0
"""Seconds after which a release whose store did not open is tried again: it may have been the machine's fault."""
SWITCH_PATIENCE = 5.0
"""Seconds that the request which finds a new release waits for it; a large store is checked while the old is served."""
COMMON_PATIENCE = 1.0
"""Seconds from its beginning that all others wait for a switch: a small release is there in a fraction of one."""


class Follower(Protocol):
    """A lane, as far as it goes from release to release."""

    warning: str | None

    def start(self, release: Release) -> Worker:
        """Start a worker on a release that is not served yet."""

    def adopt(self, release: Release, first: Worker) -> deque[Worker]:
        """Answer from this release from now on; return the idle workers of the one before."""

    def top_up(self) -> None:
        """Start the workers that are missing."""


class Switching:
    """Where the lanes of a server are, and how they go on.

    Args:
        home: folder with the link `current`.
        check: what is made sure of a release's files before it is served.
    """

    def __init__(self, home: Path, check: Callable[[Release], None] = releases.check_store) -> None:
        self._home, self._check = home, check
        self._lanes: list[Follower] = []
        self._lock = threading.Lock()
        self._going = threading.Lock()
        self._done, self._awaited_until = threading.Event(), 0.0
        self._release: Release | None = None
        self._broken: Release | None = None
        self._try_again = 0.0

    def join(self, lane: Follower) -> None:
        """Take a lane in, before anything is served."""
        self._lanes.append(lane)

    def follow(self, published: Release) -> None:
        """Go to what is published, aside; where it takes long, answers come from the release before meanwhile."""
        if not self._is_new(published):
            return
        if self._release is None:
            with self._going:
                self._go()
            return
        with self._lock:
            first = self._going.acquire(blocking=False)
            if first:
                self._done, self._awaited_until = threading.Event(), time.monotonic() + COMMON_PATIENCE
            done, until = self._done, self._awaited_until
        if first:
            threading.Thread(target=self._go_aside, args=(done,), name="switch", daemon=True).start()
            done.wait(SWITCH_PATIENCE)
        else:
            done.wait(max(0.0, until - time.monotonic()))

    def is_broken(self) -> bool:
        """Tell whether what is published can not be served."""
        return self._broken is not None

    def try_again(self) -> None:
        """Try what can not be served anew with the next request: perhaps what was not there is there now."""
        self._try_again = 0.0

    def _is_new(self, published: Release) -> bool:
        if published == self._release:
            self._broken = None
            return False
        return published != self._broken or time.monotonic() > self._try_again

    def _go_aside(self, done: threading.Event) -> None:
        try:
            self._go()
        except releases.NoReleaseError as error:  # gone again since it was seen
            for lane in self._lanes:
                lane.warning = str(error)
        finally:
            self._going.release()
            done.set()

    def _go(self) -> None:
        published = releases.current(self._home)  # anew: another request may have been faster
        if self._is_new(published):
            self._go_to(published)

    def _go_to(self, published: Release) -> None:
        """Have a worker for every lane, then go; stay with the release before where a store is not whole."""
        firsts: list[Worker] = []
        try:
            self._check(published)
            firsts += [lane.start(published) for lane in self._lanes]
            for first in firsts:
                first.ready()
        except (releases.DamagedStoreError, WorkerFailedError, OSError) as error:
            LOG.error("release %s is not served: %s", published.id, error)
            for lane in self._lanes:
                lane.warning = f"release {published.id} is not served: {error}"
            self._broken, self._try_again = published, time.monotonic() + TRY_AGAIN
            for first in firsts:
                first.close()
            return
        old = [lane.adopt(published, first) for lane, first in zip(self._lanes, firsts, strict=True)]
        self._release, self._broken = published, None
        for workers in old:
            for worker in workers:
                worker.close()
        for lane in self._lanes:
            lane.top_up()
