"""The index of a release made beside other work: in a process of its own, on the other core.

    python -m msevidence.loaders.index_apart FOLDER BASE SCRATCH

It ends with the process that started it. What it could not do it says on standard error, and ends with 3.
"""

import gc
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msevidence.loaders.exports.parent import end_with_parent
from msevidence.loaders.release_errors import ReleaseError
from msevidence.loaders.release_index import write_index

FAILED = 3


class Indexing:
    """An index that is being made, or will be when it is waited for."""

    def __init__(self, folder: Path, base: str, scratch: Path, *, apart: bool) -> None:
        self._folder = folder
        self._base = base
        self._scratch = scratch
        command = [sys.executable, "-m", __name__, str(folder), base, str(scratch)]
        self._child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) if apart else None

    def wait(self) -> None:
        """Return when the index is written.

        Raises ReleaseError where it could not be.
        """
        if self._child is None:
            write_index(self._folder, self._base, self._scratch)
            return
        said = self._child.communicate()[1].decode(errors="replace").strip()
        if self._child.returncode == FAILED:
            raise ReleaseError(said)
        if self._child.returncode:
            last = said.splitlines()[-1] if said else f"it ended with {self._child.returncode}"
            raise ReleaseError(f"{self._folder}: the index could not be written ({last}); build again")

    def close(self) -> None:
        """End what is still under way."""
        if self._child is not None and self._child.poll() is None:
            self._child.kill()
            self._child.communicate()


@contextmanager
def indexing(folder: Path, base: str, scratch: Path, *, apart: bool) -> Iterator[Indexing]:
    """Have the index of the release in ``folder`` made from its quads: now in a process ``apart``, or when asked."""
    index = Indexing(folder, base, scratch, apart=apart)
    try:
        yield index
    finally:
        index.close()


def main(folder: str, base: str, scratch: str) -> int:
    """Write one index."""
    end_with_parent()
    gc.disable()  # what is held has no cycles, and looking for them takes longer the more there is
    try:
        write_index(Path(folder), base, Path(scratch))
    except ReleaseError as e:
        print(e, file=sys.stderr)
        return FAILED
    except OSError as e:
        print(f"{folder}: the index could not be written ({e}); check the disk, and build again", file=sys.stderr)
        return FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
