"""Before anything is timed: every server's answers to everything beside those of the first.

Where an answer differs, is an error or does not come in time, that server is left out of that workload, and the report
says why. A server that did not answer in time may go on computing and bend what is measured next: it is started anew.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace

from tests.bench.comparing import AnswerError, Row, answer, difference
from tests.bench.servers import Server, ServerError, exchange
from tests.bench.workloads import Workload

LONG = 20.0
"""Seconds that an answer may take."""
FAULTS = (AnswerError, ServerError, OSError, ValueError, SyntaxError)


class Fleet:
    """The servers that run: ours first; each can be started anew.

    Args:
        anew: how many times in all.
    """

    def __init__(self, stack: ExitStack, anew: int = 4) -> None:
        self.servers: list[Server] = []
        self._stack, self._anew = stack, anew
        self._of: dict[str, tuple[ExitStack, Callable[[], AbstractContextManager[Server]]]] = {}

    def start(self, program: Callable[[], AbstractContextManager[Server]]) -> Server:
        """Start a server that runs as long as the fleet does.

        Raises:
            ServerError: it does not start.
        """
        own = self._stack.enter_context(ExitStack())
        server = own.enter_context(program())
        self.servers.append(server)
        self._of[server.name] = own, program
        return server

    def again(self, name: str) -> bool:
        """End a server and start it anew; tell whether it is there again. It is not, where that was done too often."""
        own, program = self._of[name]
        own.close()
        place = [server.name for server in self.servers].index(name)
        if not self._anew:
            del self.servers[place]
            return False
        self._anew -= 1
        try:
            self.servers[place] = own.enter_context(program())
        except ServerError:
            del self.servers[place]
            return False
        return True


@dataclass
class Checked:
    """What comparing answers found."""

    asked: list[Workload] = field(default_factory=list)
    """Those that are measured, with how long each server took for one."""
    rows: dict[str, int] = field(default_factory=dict)
    """Rows of all texts of a workload."""
    empty: list[str] = field(default_factory=list)
    """Workloads whose answer is empty in this graph."""
    without: dict[str, dict[str, str]] = field(default_factory=dict)
    """Workload, server → why it is left out there."""


def compared(asked: list[Workload], fleet: Fleet, tell: Callable[[str], None], patience: float = LONG) -> Checked:
    """Ask every server everything, and return what may be measured.

    Args:
        asked: what to ask.
        fleet: the servers; the answers of the first are the ones to give.
        tell: told what is left out.
        patience: seconds that an answer may take.
    """
    found = Checked()
    everybody = [server.name for server in fleet.servers]
    for workload in asked:
        reasons: dict[str, str] = {}
        seconds: dict[str, float] = {}
        expected: list[Counter[Row]] = []
        for name in everybody:
            server = next((server for server in fleet.servers if server.name == name), None)
            if server is None:
                reasons[name] = "it did not answer another in time, once too often"
                continue
            if workload.page and not server.has_pages:
                continue
            begun = time.perf_counter()
            try:
                if workload.page:
                    _page(server, workload, patience)
                elif not expected:
                    expected = [answer(server, text, patience) for text in workload.texts]
                else:
                    _same(server, workload, expected, patience)
            except TimeoutError:
                reasons[name] = f"no answer in {patience:.0f} s"
                if not server.has_pages:  # ours ends what runs too long by itself
                    fleet.again(name)
            except FAULTS as error:
                reasons[name] = f"{type(error).__name__}: {error}"[:500]
            else:
                seconds[name] = (time.perf_counter() - begun) / (1 if workload.page else len(workload.texts))
            if name == everybody[0] and not workload.page and not any(expected):
                break
        for name, reason in reasons.items():
            tell(f"{workload.name}: without {name}: {reason}")
        if reasons:
            found.without[workload.name] = reasons
        elif not workload.page and not any(expected):
            found.empty.append(workload.name)
            continue
        if everybody[0] in seconds:
            found.rows[workload.name] = sum(rows.total() for rows in expected)
            found.asked.append(replace(workload, seconds=seconds))
    return found


def _same(server: Server, workload: Workload, expected: list[Counter[Row]], patience: float) -> None:
    for text, rows in zip(workload.texts, expected, strict=True):
        found = answer(server, text, patience)
        if found != rows:
            raise AnswerError(f"it differs: {difference(rows, found)}")


def _page(server: Server, workload: Workload, patience: float) -> None:
    status, body = exchange(server, "GET", workload.texts[0], {"Accept": workload.page}, patience=patience)
    if status != 200 or not body:
        raise AnswerError(f"{workload.texts[0]}: {status}")
