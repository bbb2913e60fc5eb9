"""Errors of releases: each says what is wrong, where, and how to mend it."""


class ReleaseError(Exception):
    """Raised when a release cannot be written, read or switched to: disk, store, permissions, damage."""


class BusyError(ReleaseError):
    """Raised when another build of the same home is under way."""


class UnpublishableError(ReleaseError):
    """Raised when a quad may not be published as it stands: blank node, no named graph, reserved graph."""
