"""HTTP/1.1 as nobody should write it, as bytes, and how each may be answered: RFC 9112, contract 5 and 9.

Each is sent on a connection of its own. Where a request is followed by another that would be smuggled in it, that one
asks for ``/smuggled``, which does not exist: an answer about it shows that the server read two requests.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

CLOSED = 0
"""Stands among the statuses where the connection may be closed without a word."""
BAD = frozenset({400})
ANY = frozenset({200, 303, 304, 400, 404, 405, 406, 408, 411, 413, 414, 415, 416, 417, 426, 431})
"""Whatever it takes it for, but no fault of ours."""
REFUSED = ANY - {200, 303, 304}
BAD_OR_CLOSED = BAD | {CLOSED, 408}
LONG = 2_000_000
"""Bytes of header that are over every limit (512 KiB, and what is read at once)."""


class Case(NamedTuple):
    """Bytes, and the statuses that the first answer may have."""

    sent: bytes
    allowed: frozenset[int]
    answers: int = 1
    """How many answers may come at most."""


def head(*lines: bytes, first: bytes = b"GET /health HTTP/1.1", host: bytes = b"Host: a\r\n") -> bytes:
    """Write a request without a body that asks for the connection to be closed."""
    return first + b"\r\n" + host + b"".join(line + b"\r\n" for line in lines) + b"Connection: close\r\n\r\n"


SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /sparql HTTP/1.1"
TYPE = b"Content-Type: application/sparql-query"
CHUNKED = b"Transfer-Encoding: chunked"
ASK = b"6\r\nASK {}\r\n0\r\n\r\n"
OK = frozenset({200})


def post(*lines: bytes, body: bytes) -> bytes:
    """Write a POST of a query, with exactly these headers and this body."""
    return head(TYPE, *lines, first=POST) + body


def _lengths() -> Iterator[tuple[str, Case]]:
    for value in (b"+6", b"0x6", b"-1", b"6e0", b"6.0", b"", b"6 6", b"six", b"\xef\xbc\x96", b"6_0", b"6;", b"\x0b6"):
        yield f"length {value!r}", Case(post(b"Content-Length: " + value, body=b"ASK {}" + SMUGGLED), BAD_OR_CLOSED)
    for first, second in ((b"6", b"0"), (b"0", b"6"), (b"6", b"7")):
        lines = b"Content-Length: " + first, b"Content-Length: " + second
        yield f"lengths {first!r} and {second!r}", Case(post(*lines, body=b"ASK {}" + SMUGGLED), BAD_OR_CLOSED)
        line = b"Content-Length: " + first + b", " + second
        yield f"lengths {line!r}", Case(post(line, body=b"ASK {}" + SMUGGLED), BAD_OR_CLOSED)
    many = b"9" * 30
    yield "length beyond all", Case(post(b"Content-Length: " + many, body=b"ASK {}"), frozenset({400, 413}))
    yield "the same length twice", Case(post(b"Content-Length: 6", b"Content-Length: 6", body=b"ASK {}"), OK | BAD)
    yield "length on GET", Case(head(b"Content-Length: 6") + b"ASK {}", OK | BAD)


def _codings() -> Iterator[tuple[str, Case]]:
    length = b"Content-Length: 6"
    for name, lines in {
        "coding and length": (CHUNKED, length),
        "length and coding": (length, CHUNKED),
        "length 0 and coding": (b"Content-Length: 0", CHUNKED),
    }.items():
        # RFC 9112, section 6.3: refused, or read by the coding alone; in both cases the connection is closed.
        yield name, Case(post(*lines, body=ASK + SMUGGLED), OK | BAD)
    for value in (
        *(b"xchunked", b"chunkedx", b"chunked, identity", b"identity", b"gzip", b"chunked, gzip", b"\x0bchunked"),
        *(b"chunked;q=1", b'"chunked"', b"chunked\x00", b"", b",", b"chunked chunked", b"\xffchunked"),
    ):
        sent = post(b"Transfer-Encoding: " + value, body=ASK + SMUGGLED)
        yield f"coding {value!r}", Case(sent, BAD_OR_CLOSED)
    yield "coding twice", Case(post(CHUNKED, CHUNKED, body=ASK + SMUGGLED), OK | BAD)
    yield (
        "coding with a space before the colon",
        Case(post(b"Transfer-Encoding : chunked", length, body=b"ASK {}" + SMUGGLED), BAD_OR_CLOSED),
    )
    yield "coding folded", Case(post(b"Transfer-Encoding:\r\n chunked", length, body=ASK + SMUGGLED), OK | BAD)
    yield (
        "coding in HTTP/1.0",
        Case(head(TYPE, CHUNKED, first=b"POST /sparql HTTP/1.0") + ASK + SMUGGLED, ANY | {CLOSED}),
    )


def _chunks() -> Iterator[tuple[str, Case]]:
    for name, body in {
        "no number": b"xyz\r\nASK {}\r\n0\r\n\r\n",
        "negative": b"-6\r\nASK {}\r\n0\r\n\r\n",
        "with 0x": b"0x6\r\nASK {}\r\n0\r\n\r\n",
        "with a plus": b"+6\r\nASK {}\r\n0\r\n\r\n",
        "empty": b"\r\nASK {}\r\n0\r\n\r\n",
        "beyond all": b"F" * 30 + b"\r\nASK {}\r\n0\r\n\r\n",
        "beyond 64 bits by a little": b"10000000000000006\r\nASK {}\r\n0\r\n\r\n",
        "two numbers": b"6 6\r\nASK {}\r\n0\r\n\r\n",
        "underscore": b"0_6\r\nASK {}\r\n0\r\n\r\n",
        "data too long": b"6\r\nASK {}xx\r\n0\r\n\r\n",
        "data too short": b"8\r\nASK {}\r\n0\r\n\r\n",
        "NUL": b"6\x00\r\nASK {}\r\n0\r\n\r\n",
    }.items():
        yield f"chunk size: {name}", Case(post(CHUNKED, body=body + SMUGGLED), BAD_OR_CLOSED)
    yield "chunk size of a gigabyte", Case(post(CHUNKED, body=b"40000000\r\nASK {}"), REFUSED | {CLOSED})
    yield "chunk extension", Case(post(CHUNKED, body=b"6;a=b\r\nASK {}\r\n0\r\n\r\n"), OK | BAD)
    yield (
        "chunk extension without end",
        Case(post(CHUNKED, body=b"6;" + b"a" * 3_000_000 + b"\r\nASK {}\r\n0\r\n\r\n"), ANY | {CLOSED}),
    )
    yield "many small chunks", Case(post(CHUNKED, body=b"1\r\n \r\n" * 5_000 + ASK), OK)
    yield "trailers", Case(post(CHUNKED, body=b"6\r\nASK {}\r\n0\r\nX: y\r\nContent-Length: 5\r\n\r\n"), OK | BAD)
    yield (
        "trailers without end",
        Case(post(CHUNKED, body=b"6\r\nASK {}\r\n0\r\n" + b"X: y\r\n" * 200_000 + b"\r\n"), ANY | {CLOSED}),
    )
    yield "bad trailer", Case(post(CHUNKED, body=b"6\r\nASK {}\r\n0\r\nX y\r\n\r\n" + SMUGGLED), OK | BAD_OR_CLOSED)
    yield "line feed in a chunk", Case(post(CHUNKED, body=b"6\nASK {}\n0\n\n" + SMUGGLED), OK | BAD_OR_CLOSED, 2)


def _lines() -> Iterator[tuple[str, Case]]:
    for name, line in {
        "space before the colon": b"X : y",
        "no colon": b"X",
        "no name": b": y",
        "NUL in a value": b"X: a\x00b",
        "NUL in a name": b"X\x00: b",
        "space in a name": b"X Y: b",
        "brackets in a name": b"X(): b",
        "carriage return in a value": b"X: a\rb",
        "not ASCII in a name": b"X\xc3\xb8: b",
    }.items():
        yield f"header: {name}", Case(head(line), BAD_OR_CLOSED if b"\r" not in line else BAD_OR_CLOSED | OK)
    yield "header: folded", Case(head(b"X: a\r\n b"), OK | BAD)
    yield "header: folded first", Case(b"GET /health HTTP/1.1\r\n Host: a\r\nConnection: close\r\n\r\n", BAD_OR_CLOSED)
    yield "header: not ASCII in a value", Case(head(b"X: \xff\xfe\xc3\xb8"), OK | BAD)
    yield "header: control signs in a value", Case(head(b"X: \x01\x02\x1b[31m\x7f"), OK | BAD_OR_CLOSED)
    yield "header: ten thousand", Case(head(*[b"X%d: y" % n for n in range(10_000)]), OK | frozenset({400, 431}))
    yield "header: fifty thousand", Case(head(*[b"X%d: y" % n for n in range(60_000)]), frozenset({400, 431, CLOSED}))
    yield "header: long", Case(head(b"X: " + b"y" * LONG), frozenset({400, 431, CLOSED}))
    yield "header: long name", Case(head(b"X" * LONG + b": y"), frozenset({400, 431, CLOSED}))
    yield (
        "header: without end",
        Case(b"GET /health HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 200_000, frozenset({400, 431, CLOSED})),
    )
    yield "line feeds alone", Case(head().replace(b"\r\n", b"\n"), OK | BAD_OR_CLOSED)
    yield "carriage returns alone", Case(head().replace(b"\r\n", b"\r"), BAD_OR_CLOSED)
    yield "empty lines first", Case(b"\r\n\r\n" + head(), OK | BAD)
    yield "empty lines alone", Case(b"\r\n" * 1_000_000, BAD_OR_CLOSED | REFUSED)
    yield "nothing but a letter", Case(b"G", BAD_OR_CLOSED)


def _hosts() -> Iterator[tuple[str, Case]]:
    yield "host: none", Case(head(host=b""), BAD)
    yield "host: two", Case(head(b"Host: b"), BAD)
    yield "host: the same twice", Case(head(b"Host: a"), BAD)
    for value in (b"a b", b"a/b", b"a@b", b"a:b", b"[::1", b"a,b", b"\xff", b"a\\b", b"<script>", b"a" * 5000):
        yield f"host: {value[:20]!r}", Case(head(host=b"Host: " + value + b"\r\n"), BAD)
    yield "host: empty", Case(head(host=b"Host:\r\n"), OK | BAD)


def _first_lines() -> Iterator[tuple[str, Case]]:
    for name, (first, allowed) in {
        "HTTP/1.0": (b"GET /health HTTP/1.0", OK),
        "HTTP/1.2": (b"GET /health HTTP/1.2", OK | BAD_OR_CLOSED),
        "HTTP/2.0": (b"GET /health HTTP/2.0", OK | BAD_OR_CLOSED | {505}),
        "HTTP/9.9": (b"GET /health HTTP/9.9", OK | BAD_OR_CLOSED | {505}),
        "HTTP/11.1": (b"GET /health HTTP/11.1", BAD_OR_CLOSED | {505}),
        "http/1.1": (b"GET /health http/1.1", BAD_OR_CLOSED),
        "no version": (b"GET /health", OK | BAD_OR_CLOSED),
        "three spaces": (b"GET   /health   HTTP/1.1", BAD_OR_CLOSED | OK),
        "a tab": (b"GET\t/health\tHTTP/1.1", BAD_OR_CLOSED),
        "space in the target": (b"GET /he alth HTTP/1.1", BAD_OR_CLOSED | frozenset({404})),
        "no target": (b"GET HTTP/1.1", BAD_OR_CLOSED | {404}),
        "no slash": (b"GET health HTTP/1.1", OK | frozenset({400, 404, CLOSED})),
        "absolute target": (b"GET http://a/health HTTP/1.1", OK),
        "absolute target of another": (b"GET http://evil.example/smuggled HTTP/1.1", REFUSED),
        "target of a file": (b"GET file:///etc/passwd HTTP/1.1", REFUSED),
        "CONNECT": (b"CONNECT a:80 HTTP/1.1", REFUSED),
        "CONNECT to a path": (b"CONNECT /health HTTP/1.1", REFUSED),
        "OPTIONS *": (b"OPTIONS * HTTP/1.1", ANY),
        "GET *": (b"GET * HTTP/1.1", REFUSED),
        "TRACE": (b"TRACE /health HTTP/1.1", REFUSED),
        "PUT": (b"PUT /sparql HTTP/1.1", REFUSED),
        "DELETE": (b"DELETE /graph?default HTTP/1.1", REFUSED),
        "PATCH": (b"PATCH / HTTP/1.1", REFUSED),
        "unknown method": (b"BREW /health HTTP/1.1", REFUSED),
        "small method": (b"get /health HTTP/1.1", REFUSED | {CLOSED}),
        "bracket in the method": (b"GE(T /health HTTP/1.1", BAD_OR_CLOSED),
        "long method": (b"G" * 20_000 + b" /health HTTP/1.1", REFUSED | {CLOSED}),
        "not ASCII in the method": (b"G\xc3\x86T /health HTTP/1.1", REFUSED | {CLOSED}),
        "not ASCII in the target": (b"GET /\xc3\xa6\xff HTTP/1.1", frozenset({400, 404, CLOSED})),
        "NUL in the target": (b"GET /health\x00 HTTP/1.1", frozenset({400, 404, CLOSED})),
        "escaped NUL": (b"GET /study/%00 HTTP/1.1", frozenset({400, 404})),
        "escaped line end": (b"GET /study/%0d%0aX-Evil:%20y HTTP/1.1", frozenset({400, 404})),
        "bytes that are no UTF-8": (b"GET /study/%ff%fe HTTP/1.1", frozenset({400, 404})),
        "overlong slash": (b"GET /static/%c0%ae%c0%ae%c0%af%c0%ae%c0%ae/app.py HTTP/1.1", frozenset({400, 404})),
        "up": (b"GET /../../../etc/passwd HTTP/1.1", frozenset({400, 404})),
        "up, escaped": (b"GET /static/%2e%2e/%2e%2e/etc/passwd HTTP/1.1", frozenset({400, 404})),
        "up, escaped slash": (b"GET /static/..%2f..%2fapp.py HTTP/1.1", frozenset({400, 404})),
        "up, backslash": (b"GET /static/..%5c..%5capp.py HTTP/1.1", frozenset({400, 404})),
        "up from a release": (b"GET /releases/../../../etc/passwd HTTP/1.1", frozenset({400, 404})),
        "root of a file": (b"GET //etc/passwd HTTP/1.1", frozenset({400, 404})),
        "half an escape": (b"GET /study/% HTTP/1.1", frozenset({400, 404})),
        "query: half an escape": (b"GET /sparql?query=% HTTP/1.1", BAD),
        "query: no UTF-8": (b"GET /sparql?query=ASK%20%7B%7D%20%23%80 HTTP/1.1", OK | BAD),
        "query: NUL": (b"GET /sparql?query=ASK%20%7B%7D%00 HTTP/1.1", BAD),
        "query: twice": (b"GET /sparql?query=ASK%7B%7D&query=ASK%7B%7D HTTP/1.1", BAD),
        "query: ten thousand parameters": (b"GET /sparql?" + b"&".join([b"a=b"] * 10_000) + b" HTTP/1.1", ANY),
        "long target": (b"GET /" + b"a" * LONG + b" HTTP/1.1", frozenset({400, 414, 431, CLOSED})),
        "long fragment": (b"GET /health#" + b"a" * 5_000 + b" HTTP/1.1", OK | frozenset({400, 404})),
    }.items():
        yield f"first line: {name}", Case(head(first=first), allowed)
    yield "first line: HTTP/0.9", Case(b"GET /health\r\n", BAD_OR_CLOSED)
    yield (
        "HTTP/2",
        Case(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00", BAD_OR_CLOSED | REFUSED | {505}),
    )
    yield "TLS", Case(bytes.fromhex("16030100c5010000c10303") + bytes(range(190)), BAD_OR_CLOSED)
    yield "SSH", Case(b"SSH-2.0-OpenSSH_9.9\r\n", BAD_OR_CLOSED)
    yield "a line without end", Case(b"A" * LONG, REFUSED | {CLOSED})


def _fields() -> Iterator[tuple[str, Case]]:
    for name, line in {
        "accept, long": b"Accept: " + b",".join(b"a/b%d;q=0.%d" % (n, n % 10) for n in range(5_000)),
        "accept, odd": b"Accept: text/html;q=nan, */*;q=inf, /;q=, ;;;, a/b;q=1e9, a/b;q=-1",
        "language, long": b"Accept-Language: " + b",".join([b"nb-NO;q=0.5"] * 5_000),
        "tags, many": b"If-None-Match: " + b",".join(b'"%d"' % n for n in range(10_000)),
        "tags, odd": b'If-None-Match: "',
        "range, many": b"Range: bytes=" + b",".join(b"%d-%d" % (n, n) for n in range(3_000)),
        "range, odd": b"Range: bytes=9999999999999999999999-", "date, odd": b"If-Modified-Since: yesterday",
        "cookies": b"Cookie: " + b"a=b; " * 5_000, "forwarded": b"X-Forwarded-For: " + b"1.2.3.4, " * 5_000,
        "upgrade to HTTP/2": b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
        "upgrade to sockets": b"Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "expect, odd": b"Expect: the unexpected", "authorization": b"Authorization: Basic " + b"=" * 5_000,
        "connection, odd": b"Connection: Host, Content-Length, keep-alive",
    }.items():  # fmt: skip
        yield f"field: {name}", Case(head(line), ANY)
        yield f"field at a query: {name}", Case(head(line, first=b"GET /sparql?query=ASK%7B%7D HTTP/1.1"), ANY)


def _noise() -> Iterator[tuple[str, Case]]:
    random = Random(5)
    good = post(b"Content-Length: 6", body=b"ASK {}")
    for number in range(60):
        bent = bytearray(good)
        for _ in range(random.randint(1, 4)):
            at = random.randrange(len(bent))
            bent[at : at + random.randint(0, 3)] = random.randbytes(random.randint(0, 3))
        yield f"noise {number}", Case(bytes(bent), ANY | {CLOSED}, 2)
    for number in range(20):
        yield (
            f"random bytes {number}",
            Case(random.randbytes(random.randint(1, 4_000)), BAD_OR_CLOSED | REFUSED),
        )


CASES: dict[str, Case] = dict(
    case for group in (_lengths, _codings, _chunks, _lines, _hosts, _first_lines, _fields, _noise) for case in group()
)
