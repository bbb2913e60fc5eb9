"""What a proxy says of a client, and how much of a body is made before it is sent."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from msevidence.server import gateway
from msevidence.server.gateway import forwarded_for
from msevidence.server.http_message import Request

SERVER = ("127.0.0.1", 80)


@pytest.mark.parametrize(
    ("written", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("10.0.0.1, 192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:8080", "192.0.2.7"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ('"[2001:db8::1]:443"', "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_a_client_is_known_by_its_address_without_a_port(written: str, client: str) -> None:
    assert forwarded_for(Request("", "", headers=[("x-forwarded-for", written)])) == client


def application(pieces: Iterable[bytes], *headers: tuple[str, str]) -> gateway.Application:
    def answer(_: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", list(headers))
        return pieces

    return answer


def asked(method: str = "GET") -> Request:
    return Request("", "192.0.2.1", method, b"/", headers=[("host", "a")])


def test_of_a_stream_little_is_gathered_before_it_is_sent() -> None:
    drawn: list[int] = []

    def endless() -> Iterator[bytes]:
        while True:
            drawn.append(1)
            yield bytes(8 << 10)

    for headers in ([], [("Content-Length", str(1 << 30))]):
        drawn.clear()
        answer = gateway.respond(application(endless(), *headers), asked(), SERVER)
        assert answer.more is not None
        assert gateway.FIRST <= len(answer.body) == len(drawn) * (8 << 10) <= 2 * gateway.FIRST
    # What has its length is put together where it is short, and one piece is one however long.
    for pieces in ([bytes(8 << 10)] * 20, [bytes(gateway.AT_ONCE + 1)], [b""]):
        length = ("Content-Length", str(sum(map(len, pieces))))
        answer = gateway.respond(application(pieces, length), asked(), SERVER)
        assert answer.more is None and answer.body == b"".join(pieces)


def test_an_empty_piece_is_no_end_and_is_waited_for_elsewhere() -> None:
    answer = gateway.respond(application(iter([b"", b"a"])), asked(), SERVER)
    assert answer.body == b"" and answer.more is not None and list(answer.more) == [b"a"]


def test_a_body_is_closed_when_it_fails_and_when_nobody_reads_it() -> None:
    class Body:
        closed = 0

        def __init__(self, *pieces: bytes) -> None:
            self.pieces = pieces

        def __iter__(self) -> Iterator[bytes]:
            yield from self.pieces
            raise ValueError

        def close(self) -> None:
            self.closed += 1

    failing, left = Body(b"a"), Body(bytes(gateway.FIRST), b"a")
    with pytest.raises(ValueError):
        gateway.respond(application(failing), asked(), SERVER)
    rest = gateway.respond(application(left), asked(), SERVER).more
    assert isinstance(rest, gateway.Rest) and not left.closed
    rest.close()
    assert (failing.closed, left.closed) == (1, 1)


def test_a_file_is_read_in_pieces_that_are_worth_a_thread() -> None:
    content = bytes(range(256)) * 1024

    def send(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", str(1 << 30))])
        wrapped: Iterable[bytes] = environ["wsgi.file_wrapper"](io.BytesIO(content), 8192)
        return wrapped

    answer = gateway.respond(send, asked(), SERVER)
    assert answer.more is not None
    pieces = [answer.body, *answer.more]
    assert [len(piece) for piece in pieces] == [gateway.FIRST] * 4 and b"".join(pieces) == content
