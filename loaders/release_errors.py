"""Errors of releases: each says what is wrong, where, and how to mend it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class ReleaseError(Exception):
    """Raised when a release cannot be written, read or switched to: disk, store, permissions, damage."""


class BusyError(ReleaseError):
    """Raised when another build of the same home is under way."""


class UnpublishableError(ReleaseError):
    """Raised when a quad may not be published as it stands: blank node, no named graph, reserved graph."""


@contextmanager
def engine_faults(path: Path) -> Iterator[None]:
    """Tell damage that the engine finds in the files of a store, raised as RuntimeError, as a fault of the release."""
    try:
        yield
    except RuntimeError as e:
        raise ReleaseError(f"{path}: the store is damaged ({e}); check the disk, and build again") from e
