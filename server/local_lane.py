"""A lane over a store that this process opened itself: for commands, whose user asks on the user's own machine."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox

from msevidence.loaders.stores.asked import AskedStore
from msevidence.server.releases import Release
from msevidence.server.settings import GIB
from msevidence.server.store import NOTHING, PageLane
from msevidence.server.wire import Term
from msevidence.server.worker import serialise

CAP = 4 * GIB
"""Bytes of one result: what a lane must know, and a command does not limit."""


class LocalLane(PageLane):
    """A release and its store, the embedded one or one elsewhere, asked without a worker."""

    def __init__(self, release: Release, store: AskedStore) -> None:
        self._local, self._store = release, store

    @property
    def release(self) -> Release:
        """The release that the answers come from."""
        return self._local

    def _ask(
        self,
        query: str,
        format: str,
        substitutions: Mapping[str, Term] = NOTHING,
        prefixes: Mapping[str, str] | None = None,
        names: tuple[str, ...] = (),
    ) -> bytes:
        results = self._store.query(
            query,
            base_iri=self._local.base,
            substitutions={ox.Variable(name): term for name, term in substitutions.items()} or None,
        )
        return serialise(results, format, dict(prefixes or {}), CAP)
