"""What goes wrong with a store elsewhere, as a worker tells it to the web process."""

from __future__ import annotations


class RemoteError(OSError):
    """Raised when a store elsewhere gives no answer that counts; a command ends with it as with a fault of the disk."""

    status = "refused"
    """What the header of a worker's answer says; ``pool`` makes a problem of it."""


class UnreachableError(RemoteError):
    """Raised when a store does not answer now."""

    status = "unreachable"


class MovedError(RemoteError):
    """Raised when a store does not hold the release that is asked for, or not whole."""

    status = "moved"


class LongError(RemoteError):
    """Raised when the answer of a store is over the cap."""

    status = "too large"
