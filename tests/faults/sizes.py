"""How much of a test of faults is run: a part in CI, all of it where ``FAULTS`` is ``full`` (``make soak``)."""

import os

FULL = os.environ.get("FAULTS") == "full"


def size(part: int, whole: int) -> int:
    """Return how often something is done: ``part`` in CI, ``whole`` where all is asked for."""
    return whole if FULL else part
