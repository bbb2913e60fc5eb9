"""A worker process over a store elsewhere: the same as ``worker``, asked the same and ended the same.

What it reads from the store is a stranger's text, so it is read in a confined process with a limit on its memory, and
a store that drips bytes ends with the process at the deadline.
"""

from __future__ import annotations

import encodings.idna  # noqa: F401 (names of hosts are looked up when files are closed to this process)
import sys

from msevidence.server import worker
from msevidence.server.remote_place import Held
from msevidence.server.remote_store import RemoteStore

TIMEOUT = 3600.0
"""Longer than any deadline: the process is killed at that, and says so."""


def checked(packed: str) -> RemoteStore:
    """Return a store elsewhere that holds its release.

    Raises:
        remote_errors.RemoteError: it does not.
    """
    store = RemoteStore(Held.unpacked(packed), timeout=TIMEOUT)
    store.check()
    return store


if __name__ == "__main__":
    worker.main(sys.argv[1:], checked)
