"""Settings of the server: every limit in one place, each with its reason.

The limits answer the attacks listed under "Queries from strangers" in the project's contract; the figures were
measured with pyoxigraph 0.5.13 (see the comments).
"""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB


@dataclass(frozen=True, slots=True)
class Settings:
    """How the server listens, how many workers it keeps and what one query may use.

    All sizes are bytes and all times are seconds.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str | None = None
    """Address that clients see, without a trailing slash, where a proxy stands in front; None: take the request's."""
    trusted_proxy: str | None = None
    """Address of a proxy whose X-Forwarded-* headers are believed (admission counts clients by address)."""

    store: str | None = None
    """Address of a store elsewhere that holds the releases and answers for them (``remote_place``); None: our own."""

    workers: int = 2
    """SPARQL worker processes that run queries at the same time (one a core on the smallest machine)."""
    page_workers: int = 2
    """Worker processes of the pages lane, which strangers' queries never reach."""
    spares: int = 1
    """Warm SPARQL workers that wait to replace a killed one (a cold start took 140 to 180 ms on a busy machine)."""

    slow_workers: int = 1
    """SPARQL workers beside them that go on, at the lowest priority, with what runs for more than a moment while others
    ask: under attack, honest clients keep the others to themselves."""

    deadline: float = 10.0
    """Wall time of one query, ended by SIGKILL; the longest question of the collection needs under a second."""
    page_deadline: float = 5.0
    """Wall time of one query that a page asks; all those of a request have three times as long (``store.TOGETHER``)."""
    memory: int = 1 * GIB
    """Address space that a worker may add to what it has with the store open (450 MiB, 50 of them in use)."""
    in_memory: int = 500_000
    """Quads, those of the default graph among them, up to which a release is served from memory rather than
    from its store's files: they take about 330 bytes each, once for all workers (0: never)."""
    stack: int = 64 * MIB
    """Stack of a worker's main thread: the usual 8 MiB hold 2,000 nested groups and not 2,350; 64 MiB hold 10,000."""
    result_cap: int = 64 * MIB
    """Serialised size of one answer; the whole graph of both documents is a fraction of it."""

    max_query: int = 128 * KIB
    """Length of a query text: a VALUES block of 2,000 IRIs fits; judging the worst costs the web process 120 ms."""
    max_depth: int = 100
    """Nesting of brackets of all kinds; a hand-written query seldom passes 10."""
    max_tokens: int = 20_000
    """Tokens of a query text."""
    max_operators: int = 1_000
    """Operators between two separators: the engine's trees, and its recursion, are as deep as the run is long."""
    max_prefix_run: int = 50
    """Signs in a row (`!!!!`, `----`, `^^^^`): each is one level of the engine's recursion."""

    queue: int = 16
    """SPARQL requests that may wait for a worker."""
    page_queue: int = 16
    """Page requests that may wait for a worker."""
    per_client: int = 8
    """Requests that one client address may have running and waiting in a lane."""

    idle: int = 60
    """Seconds after which a connection without traffic is closed, also one whose client does not read its answer."""
    cache_bytes: int = 32 * MIB
    """Finished answers kept in memory: one half bodies by entity tag, the other whole responses (0: none)."""
    metrics_for: tuple[str, ...] = ()
    """Networks that may read /metrics, beside this machine."""
    access_log: bool = False
    """Write a line for every request."""
    service_allow: tuple[str, ...] = ()
    """Endpoints that a SERVICE clause may name, as absolute IRIs written in full."""
    unsandboxed: bool = False
    """Serve other hosts than this one although the kernel can not confine the workers."""

    @property
    def threads(self) -> int:
        """Threads of Flask: all that can run or wait in every lane, and eight for what needs no worker.

        Fewer would let waiting SPARQL requests hold every thread and starve the pages.
        """
        lanes = self.workers + self.queue + self.page_workers + self.page_queue
        return lanes + (self.workers + self.queue if self.service_allow else 0) + 8
