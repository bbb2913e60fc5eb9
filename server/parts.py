"""What the event loop and Flask share: the lanes, the counts, and the finished answers."""

from __future__ import annotations

from pathlib import Path

from msevidence.server.cache import Cache
from msevidence.server.metrics import Metrics
from msevidence.server.settings import Settings
from msevidence.server.store import Lanes


class Parts:
    """The shared parts of one server.

    Args:
        home: folder with the link `current`, absolute.
        settings: the limits.
    """

    def __init__(self, home: Path, settings: Settings) -> None:
        self.lanes = Lanes(home, settings)
        self.metrics = Metrics(self.lanes, settings.metrics_for)
        self.cache = Cache(settings.cache_bytes // 2)
