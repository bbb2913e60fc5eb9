"""One connection with a clock and a transport of the test: what would take a real one half a minute."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

import pytest

from msevidence.server.connection import HEAD_TIME, Connection
from msevidence.server.errors import Unavailable
from msevidence.server.http_message import Answer, Clock, Request
from msevidence.server.listening import Listener

T = TypeVar("T")


class Transport:
    """Holds what is written, in order."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.closed = False

    def write(self, data: bytes) -> None:
        assert not self.closed, "uvloop raises"
        assert self.written[-1:] != [b"<end>"], "nothing can be written after the end"
        self.written.append(bytes(data))

    def write_eof(self) -> None:
        self.written.append(b"<end>")

    def abort(self) -> None:
        self.written.append(b"<aborted>")

    def can_write_eof(self) -> bool:
        return True

    def is_closing(self) -> bool:
        return self.closed

    def resume_reading(self) -> None:
        pass

    def get_extra_info(self, name: str) -> tuple[str, int] | None:
        return ("192.0.2.1", 1) if name == "peername" else None

    def get_write_buffer_size(self) -> int:
        return 0


class Clocked:
    """As much of a listener as a connection asks."""

    stopping = False

    def __init__(self) -> None:
        self.now = 0.0
        self.date = Clock()
        self.asked: list[Request] = []
        self.refusals = 0
        self.threads = AtOnce()

    def time(self) -> float:
        return self.now

    def admit(self, _: Connection) -> bool:
        return True

    def hold(self, _: str, __: int) -> bool:
        return True

    def answer_kept(self, _: Connection, __: bytes) -> bool:
        return False

    def answer(self, _: Connection, request: Request) -> None:
        self.asked.append(request)

    def refused(self, _: Request, __: Answer) -> None:
        self.refusals += 1


def test_a_request_that_does_not_end_is_told_after_the_answer_to_the_one_before() -> None:
    listener, transport = Clocked(), Transport()
    connection = Connection(cast(Listener, listener))
    connection.connection_made(cast(Any, transport))
    connection.data_received(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /next HTTP/1.1\r\n")
    listener.now = HEAD_TIME + 1
    connection.look(listener.now, 60.0)
    connection.look(listener.now + 1, 60.0)
    assert transport.written == []
    connection.send(listener.asked[0], Answer(200, [("Content-Length", "2")], b"ok"))
    first, second, end = transport.written
    assert (first[:12], second[:12], end) == (b"HTTP/1.1 200", b"HTTP/1.1 408", b"<end>")
    assert listener.refusals == 1


def test_a_request_that_does_not_end_is_refused_at_once_where_nothing_is_being_answered() -> None:
    listener, transport = Clocked(), Transport()
    connection = Connection(cast(Listener, listener))
    connection.connection_made(cast(Any, transport))
    connection.data_received(b"GET /never HTTP/1.1\r\n")
    connection.look(HEAD_TIME - 1, 60.0)
    assert transport.written == []
    connection.look(HEAD_TIME + 1, 60.0)
    assert transport.written[0].startswith(b"HTTP/1.1 408") and transport.written[1:] == [b"<end>"]


def ended(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end, in a thread of its own: in this one, tests with a browser may have left a loop."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


class AtOnce:
    """Threads of which none is one."""

    async def do(self, work: Callable[[], T]) -> T:
        return work()


@pytest.mark.parametrize("cut", [False, True])
def test_a_body_whose_first_piece_takes_a_while_is_sent_whole_or_cut_off(cut: bool) -> None:
    closed = []

    def pieces() -> Iterator[bytes]:
        try:
            yield from (b"ab", b"", b"c")
            if cut:
                raise Unavailable("another's")
        finally:
            closed.append(True)

    listener, transport = Clocked(), Transport()
    connection = Connection(cast(Listener, listener))
    connection.connection_made(cast(Any, transport))
    connection.data_received(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    ended(connection.stream(listener.asked[0], Answer(200, [], b"", more=pieces())))
    end = b"<aborted>" if cut else b"0\r\n\r\n"
    assert transport.written[1:] == [b"2\r\nab\r\n", b"1\r\nc\r\n", end]
    assert closed == [True]


class Connected(Transport):
    """Has a socket, which it closes as a transport does."""

    def __init__(self, end: socket.socket) -> None:
        super().__init__()
        self.end = end

    def write(self, data: bytes) -> None:
        self.end.sendall(data)

    def abort(self) -> None:
        self.end.close()

    def close(self) -> None:
        self.end.close()

    def get_extra_info(self, name: str) -> Any:
        return self.end if name == "socket" else super().get_extra_info(name)


def test_a_body_that_is_cut_off_ends_in_a_reset_also_where_it_has_no_chunks() -> None:
    """A client of HTTP/1.0, as proxies are, takes an end in order for the end of the answer."""

    def pieces() -> Iterator[bytes]:
        yield b"ab"
        raise Unavailable("another's")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        client = socket.create_connection(listening.getsockname())
        listener, transport = Clocked(), Connected(listening.accept()[0])
    connection = Connection(cast(Listener, listener))
    connection.connection_made(cast(Any, transport))
    connection.data_received(b"GET / HTTP/1.0\r\n\r\n")
    ended(connection.stream(listener.asked[0], Answer(200, [], b"", more=pieces())))
    with client, pytest.raises(ConnectionResetError):
        while client.recv(100):
            pass


def test_nothing_is_written_to_who_went_away_while_a_body_was_made() -> None:
    listener, transport = Clocked(), Transport()

    def pieces() -> Iterator[bytes]:
        yield b"a"
        transport.closed = True
        yield b"b"
        raise AssertionError("nobody reads that")

    connection = Connection(cast(Listener, listener))
    connection.connection_made(cast(Any, transport))
    connection.data_received(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    ended(connection.stream(listener.asked[0], Answer(200, [], b"", more=pieces())))
    assert transport.written[1:] == [b"1\r\na\r\n"]
