"""Who may use a lane's workers next: a bounded queue that serves clients in turn.

A client with many requests waits behind its own, not before others'. While others ask too, a query that runs for more
than a moment goes on at the lowest priority, in a slow place beside the slots where the lane has one; and a client
whose queries ran long is for a while let into slow places only, or, where there are none, not into the last slot: so
somebody else always finds one. Where nobody else has asked of late, nothing of this applies.
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
MOMENT = 0.1
"""Seconds that a query runs like any other: of the stored questions, the longest takes as many."""
PENALTY = 60.0
"""Seconds for which a client that ran a long query leaves room to others who asked within as many."""


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
    slow: bool = False
    """It runs in a slow place."""
    lowered: bool = False
    """It runs at the lowest priority, or is told to: it goes to a slow place as soon as one is free."""
    lower: Callable[[], None] | None = None
    """Called once, from any thread, when what it runs is to go on at the lowest priority."""
    started: float = field(default_factory=time.monotonic)


class Admission:
    """Slots of one lane, for threads (:meth:`slot`) and for an event loop (:meth:`enter`, then :meth:`leave`).

    Args:
        slots: requests that run at the same time.
        waiting: requests that may wait.
        per_client: requests of one client, running and waiting.
        patience: seconds that a request waits before it is refused.
        slow: places beside the slots, for queries that run long.
    """

    def __init__(self, slots: int, waiting: int, per_client: int, patience: float, *, slow: int = 0) -> None:
        self.patience = patience
        self._slots, self._waiting_limit, self._per_client, self._slow_places = slots, waiting, per_client, slow
        self._lock = threading.Lock()
        self._running: Counter[str] = Counter()
        self._granted: dict[Ticket, None] = {}
        """Those that run, the one that has for longest first."""
        self._slow = 0
        self._waiting: OrderedDict[str, deque[Ticket]] = OrderedDict()
        self._stopping = False
        self._long_until: dict[str, float] = {}
        self._latest, self._other = ("", -math.inf), ("", -math.inf)
        """Who asked last and when, and the last before that who was somebody else."""

    @contextmanager
    def slot(self, client: str) -> Iterator[Ticket]:
        """Hold a slot, or a slow place, while the block runs.

        Raises:
            errors.TooManyRequests: this client has too many requests here already.
            errors.HeldBack: what is free is kept for others.
            errors.Overloaded: the queue is full, or no slot came free in time.
            errors.Stopping: no more requests are let in.
        """
        called = threading.Event()
        ticket = self.enter(client, called.set)
        if not ticket.granted:
            called.wait(self.patience)
            self.settle(ticket)
        try:
            yield ticket
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
            if client != self._latest[0]:
                self._other = self._latest
            self._latest = (client, ticket.started)
            displaced = self._place(client)
            if displaced is not None:
                self._forget(displaced)
                displaced.displaced = True
            if displaced is None and self._next() is None and self._may_run(client):
                self._grant(ticket)
            else:
                self._waiting.setdefault(client, deque()).append(ticket)
        if displaced is not None:
            displaced.called()
        return ticket

    def let_in(self, client: str) -> None:
        """Do nothing where :meth:`enter` would give a slot or a place in the queue now.

        Raises:
            errors.Problem: as :meth:`enter`.
        """
        with self._lock:
            self._place(client)

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
            del self._granted[ticket]
            self._slow -= ticket.slow
            self._running[client] -= 1
            if not self._running[client]:
                del self._running[client]
            if self._long_until:
                self._long_until = {name: end for name, end in self._long_until.items() if end > now}
            if now - ticket.started > LONG:
                self._long_until[client] = now + PENALTY
            called = self._called()
        for other in called:
            other.called()

    def look(self) -> None:
        """Have what runs for more than a moment make room for others, if there are any; to be called now and then."""
        before = time.monotonic() - MOMENT
        lowered, called = [], []
        with self._lock:
            for ticket in self._granted:
                if ticket.started > before:
                    break
                if not self._others_than(ticket.client):
                    continue
                lower, ticket.lower = ticket.lower, None  # read once: its thread may set it to None meanwhile
                if lower is not None:
                    lowered.append(lower)
                    ticket.lowered = True
                if ticket.lowered and not ticket.slow and self._slow < self._slow_places:
                    ticket.slow = True
                    self._slow += 1
            called = self._called()
        for lower in lowered:
            lower()
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
            return len(self._granted), sum(map(len, self._waiting.values()))

    def _called(self) -> list[Ticket]:
        """Grant what can be granted, and return whose it is."""
        called = []
        while (following := self._next()) is not None:
            self._forget(following)
            self._grant(following)
            called.append(following)
        return called

    def _grant(self, ticket: Ticket) -> None:
        ticket.granted, ticket.started = True, time.monotonic()
        ticket.slow = self._slow_places > 0 and self._held_for(ticket.client) > 0
        self._slow += ticket.slow
        self._granted[ticket] = None
        self._running[ticket.client] += 1
        if ticket.client in self._waiting:
            self._waiting.move_to_end(ticket.client)

    def _next(self) -> Ticket | None:
        """Return the ticket that may run now, if any: the first of the first client whose turn it is."""
        for client, tickets in self._waiting.items():
            if self._may_run(client):
                return tickets[0]
        return None

    def _place(self, client: str) -> Ticket | None:
        """Find a place for one more request: return the ticket that gives way for it, None where none needs to.

        Raises:
            errors.Problem: as :meth:`enter`.
        """
        if self._stopping:
            raise errors.Stopping()
        if self._running[client] + len(self._waiting.get(client, ())) >= self._per_client:
            raise errors.TooManyRequests(self._per_client)
        if self._next() is None and self._may_run(client):
            return None
        if sum(map(len, self._waiting.values())) < self._waiting_limit:
            return None
        displaced = self._displaced_by(client)
        if displaced is None:
            raise self._refusal(client, FULL)
        return displaced

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
        held = self._held_for(client) > 0
        if held and self._slow_places:
            return self._slow < self._slow_places
        return self._free() > (1 if held else 0)

    def _free(self) -> int:
        return self._slots - len(self._granted) + self._slow

    def _held_for(self, client: str) -> float:
        """Return for how many seconds more a client leaves room to others, 0 where it need not."""
        if not self._long_until or (self._slots == 1 and not self._slow_places) or not self._others_than(client):
            return 0.0
        return max(0.0, self._long_until.get(client, 0.0) - time.monotonic())

    def _others_than(self, client: str) -> bool:
        """Tell whether somebody else has asked of late."""
        _, asked = self._other if self._latest[0] == client else self._latest
        return time.monotonic() - asked <= PENALTY

    def _refusal(self, client: str, why: errors.Words) -> errors.Problem:
        held = self._held_for(client)
        if held and (self._slow_places or self._free()):
            return errors.HeldBack(LONG, math.ceil(held), shared=self._slow_places > 0)
        return errors.Overloaded(
            errors.Words(f"All workers are busy, and {why.en}.", f"Alle arbeidsprosesser er opptatt, og {why.nb}.")
        )

    def _forget(self, ticket: Ticket) -> None:
        tickets = self._waiting[ticket.client]
        tickets.remove(ticket)
        if not tickets:
            del self._waiting[ticket.client]
