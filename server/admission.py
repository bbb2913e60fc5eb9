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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache

from msevidence.server import errors

LONG = 1.0
"""Seconds after which a query counts as long: ten times what the slowest page needs."""
FULL = errors.Words("the queue is full", "køen er full")
PENALTY = 60.0
"""Seconds for which a client that ran a long query leaves one worker to others who asked within as many."""


@lru_cache(maxsize=4096)
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


@dataclass(eq=False, slots=True)
class Ticket:
    """One request's place: with a slot once it is `granted`, in the queue before that."""

    client: str
    called: Callable[[], None]
    """Called once, from any thread, when the ticket is granted or displaced, or the lane stops."""
    granted: bool = False
    displaced: bool = False
    """It gave its place in a full queue to somebody who had fewer."""
    started: float = field(default_factory=time.monotonic)


class Admission:
    """Slots of one lane, for threads (:meth:`slot`) and for an event loop (:meth:`enter`, then :meth:`leave`).

    Args:
        slots: requests that run at the same time.
        waiting: requests that may wait.
        per_client: requests of one client, running and waiting.
        patience: seconds that a request waits before it is refused.
    """

    def __init__(self, slots: int, waiting: int, per_client: int, patience: float) -> None:
        self.patience = patience
        self._slots, self._waiting_limit, self._per_client = slots, waiting, per_client
        self._lock = threading.Lock()
        self._running: Counter[str] = Counter()
        self._running_all = 0
        self._waiting: OrderedDict[str, deque[Ticket]] = OrderedDict()
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
        called = threading.Event()
        ticket = self.enter(client, called.set)
        if not ticket.granted:
            called.wait(self.patience)
            self.settle(ticket)
        try:
            yield
        finally:
            self.leave(ticket)

    def enter(self, client: str, called: Callable[[], None]) -> Ticket:
        """Take a slot, or a place in the queue; who waits calls :meth:`settle` when called, or out of patience.

        Raises:
            errors.TooManyRequests, errors.HeldBack, errors.Overloaded, errors.Stopping: as :meth:`slot`.
        """
        ticket = Ticket(client, called)
        displaced = None
        with self._lock:
            if self._stopping:
                raise errors.Stopping()
            if client != self._latest[0]:
                self._other = self._latest
            self._latest = (client, ticket.started)
            own = self._waiting.get(client, ())
            if self._running[client] + len(own) >= self._per_client:
                raise errors.TooManyRequests(self._per_client)
            if self._next() is None and self._may_run(client):
                self._grant(ticket)
            else:
                if sum(map(len, self._waiting.values())) >= self._waiting_limit:
                    displaced = self._displaced_by(client)
                    if displaced is None:
                        raise self._refusal(client, FULL)
                    self._forget(displaced)
                    displaced.displaced = True
                self._waiting.setdefault(client, deque()).append(ticket)
        if displaced is not None:
            displaced.called()
        return ticket

    def settle(self, ticket: Ticket) -> None:
        """End the wait of a ticket: it is granted, or its place in the queue is given up.

        Raises:
            errors.Stopping: no more requests are let in.
            errors.HeldBack, errors.Overloaded: it waited in vain.
        """
        with self._lock:
            if not ticket.granted and not self._stopping and self._next() is ticket:
                self._forget(ticket)  # time alone may have made it next: nobody is called for that
                self._grant(ticket)
            if ticket.granted:
                return
            if ticket.displaced:
                raise self._refusal(ticket.client, FULL)
            self._forget(ticket)
            if self._stopping:
                raise errors.Stopping()
            waited = f"{self.patience:g}"
            in_vain = f"none came free in {waited} seconds", f"ingen ble ledig på {waited} sekunder"
            raise self._refusal(ticket.client, errors.Words(*in_vain))

    def leave(self, ticket: Ticket) -> None:
        """Give a slot back, and call those who have theirs now."""
        now = time.monotonic()
        client = ticket.client
        with self._lock:
            self._running_all -= 1
            self._running[client] -= 1
            if not self._running[client]:
                del self._running[client]
            if self._long_until:
                self._long_until = {name: end for name, end in self._long_until.items() if end > now}
            if now - ticket.started > LONG:
                self._long_until[client] = now + PENALTY
            called = []
            while (following := self._next()) is not None:
                self._forget(following)
                self._grant(following)
                called.append(following)
        for other in called:
            other.called()

    def stop(self) -> None:
        """Let nobody in any more, those who wait included."""
        with self._lock:
            self._stopping = True
            waiting = [ticket for tickets in self._waiting.values() for ticket in tickets]
        for ticket in waiting:
            ticket.called()

    def load(self) -> tuple[int, int]:
        """Return how many requests run and how many wait."""
        with self._lock:
            return self._running_all, sum(map(len, self._waiting.values()))

    def _grant(self, ticket: Ticket) -> None:
        ticket.granted, ticket.started = True, time.monotonic()
        self._running_all += 1
        self._running[ticket.client] += 1
        if ticket.client in self._waiting:
            self._waiting.move_to_end(ticket.client)

    def _next(self) -> Ticket | None:
        """Return the ticket that may run now, if any: the first of the first client whose turn it is."""
        for client, tickets in self._waiting.items():
            if self._may_run(client):
                return tickets[0]
        return None

    def _displaced_by(self, client: str) -> Ticket | None:
        """Return the ticket that gives way in a full queue, if any: the latest of who has most of it.

        Who is held back gives way to who is not; otherwise one gives way to who has fewer, so that a few addresses
        that fill the queue do not shut everybody else out.
        """
        held = self._held_for(client) > 0
        most = max(
            self._waiting, key=lambda other: (self._held_for(other) > 0, len(self._waiting[other])), default=None
        )
        if most is None or most == client:
            return None
        tickets = self._waiting[most]
        first_out = self._held_for(most) > 0 and not held
        return tickets[-1] if first_out or len(tickets) > len(self._waiting.get(client, ())) + 1 else None

    def _may_run(self, client: str) -> bool:
        return self._free() > (1 if self._held_for(client) else 0)

    def _free(self) -> int:
        return self._slots - self._running_all

    def _held_for(self, client: str) -> float:
        """Return for how many seconds more a client leaves a slot to others, 0 where it need not."""
        if not self._long_until:
            return 0.0
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

    def _forget(self, ticket: Ticket) -> None:
        tickets = self._waiting[ticket.client]
        tickets.remove(ticket)
        if not tickets:
            del self._waiting[ticket.client]
