"""Who may use a lane's workers next: a bounded queue that serves clients in turn.

A client with many requests waits behind its own, not before others'; one whose queries ran long may not take the last
free worker for a while, so that somebody else always can. Where nobody else has asked of late, it may.
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager

from msevidence.server import errors

LONG = 1.0
"""Seconds after which a query counts as long: ten times what the slowest page needs."""
PENALTY = 60.0
"""Seconds for which a client that ran a long query leaves one worker to others who asked within as many."""


def network_of(address: str) -> str:
    """Return what a client is known by: its address, an IPv6 one by its network of 64 bits, of which it has all.

    >>> network_of("::ffff:192.0.2.7"), network_of("2001:db8::1"), network_of("2001:db8::a:b:c:d")
    ('192.0.2.7', '2001:db8::/64', '2001:db8::/64')
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:  # what a proxy says, such as "unknown"
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((parsed.packed, 64), strict=False))


class Admission:
    """Slots of one lane.

    Args:
        slots: requests that run at the same time.
        waiting: requests that may wait.
        per_client: requests of one client, running and waiting.
        patience: seconds that a request waits before it is refused.
    """

    def __init__(self, slots: int, waiting: int, per_client: int, patience: float) -> None:
        self._slots, self._waiting_limit, self._per_client, self._patience = slots, waiting, per_client, patience
        self._changed = threading.Condition()
        self._running: Counter[str] = Counter()
        self._waiting: OrderedDict[str, deque[object]] = OrderedDict()
        self._stopping = False
        self._long_until: dict[str, float] = {}
        self._latest, self._other = ("", -math.inf), ("", -math.inf)
        """Who asked last and when, and the last before that who was somebody else."""

    @contextmanager
    def slot(self, client: str) -> Iterator[None]:
        """Hold a slot while the block runs.

        Raises:
            errors.TooManyRequests: this client has too many requests here already.
            errors.HeldBack: a slot is free, and kept for others.
            errors.Overloaded: the queue is full, or no slot came free in time.
            errors.Stopping: no more requests are let in.
        """
        self._enter(client)
        started = time.monotonic()
        try:
            yield
        finally:
            self._leave(client, time.monotonic() - started)

    def stop(self) -> None:
        """Let nobody in any more, those who wait included."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def load(self) -> tuple[int, int]:
        """Return how many requests run and how many wait."""
        with self._changed:
            return self._running.total(), sum(map(len, self._waiting.values()))

    def _enter(self, client: str) -> None:
        ticket = object()
        now = time.monotonic()
        until = now + self._patience
        with self._changed:
            if self._stopping:
                raise errors.Stopping()
            if client != self._latest[0]:
                self._other = self._latest
            self._latest = (client, now)
            own = self._waiting.get(client, ())
            if self._running[client] + len(own) >= self._per_client:
                raise errors.TooManyRequests(self._per_client)
            if self._next() is None and self._may_run(client):
                self._running[client] += 1
                return
            if sum(map(len, self._waiting.values())) >= self._waiting_limit:
                raise self._refusal(client, errors.Words("the queue is full", "køen er full"))
            self._waiting.setdefault(client, deque()).append(ticket)
            while self._stopping or self._next() is not ticket:
                in_time = not self._stopping and self._changed.wait(until - time.monotonic())
                if self._stopping:
                    self._forget(client, ticket)
                    raise errors.Stopping()
                if not in_time and self._next() is not ticket:
                    self._forget(client, ticket)
                    waited = f"{self._patience:g}"
                    in_vain = f"none came free in {waited} seconds", f"ingen ble ledig på {waited} sekunder"
                    raise self._refusal(client, errors.Words(*in_vain))
            self._forget(client, ticket)
            if client in self._waiting:
                self._waiting.move_to_end(client)
            self._running[client] += 1
            self._changed.notify_all()

    def _leave(self, client: str, took: float) -> None:
        now = time.monotonic()
        with self._changed:
            self._running[client] -= 1
            if not self._running[client]:
                del self._running[client]
            self._long_until = {name: end for name, end in self._long_until.items() if end > now}
            if took > LONG:
                self._long_until[client] = now + PENALTY
            self._changed.notify_all()

    def _next(self) -> object | None:
        """Return the ticket that may run now, if any: the first of the first client whose turn it is."""
        for client, tickets in self._waiting.items():
            if self._may_run(client):
                return tickets[0]
        return None

    def _may_run(self, client: str) -> bool:
        return self._free() > (1 if self._held_for(client) else 0)

    def _free(self) -> int:
        return self._slots - self._running.total()

    def _held_for(self, client: str) -> float:
        """Return for how many seconds more a client leaves a slot to others, 0 where it need not."""
        now = time.monotonic()
        _, asked = self._other if self._latest[0] == client else self._latest
        if self._slots == 1 or now - asked > PENALTY:
            return 0.0
        return max(0.0, self._long_until.get(client, 0.0) - now)

    def _refusal(self, client: str, why: errors.Words) -> errors.Problem:
        held = self._held_for(client)
        if held and self._free():
            return errors.HeldBack(LONG, math.ceil(held))
        return errors.Overloaded(
            errors.Words(f"All workers are busy, and {why.en}.", f"Alle arbeidsprosesser er opptatt, og {why.nb}.")
        )

    def _forget(self, client: str, ticket: object) -> None:
        tickets = self._waiting[client]
        tickets.remove(ticket)
        if not tickets:
            del self._waiting[client]
