"""A canary: it listens on all addresses of this machine, over TCP and UDP, and keeps what anybody sends to it.

A server that can be made to ask others (server-side request forgery) shows here, and nothing leaves this machine.
"""

from __future__ import annotations

import select
import socket
import threading
from contextlib import suppress

BODY = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"tweet"}}]}}'
"""What it answers, so that who asks gets what SERVICE takes for a result."""
HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
    b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(BODY)
)
POLL = 0.05


class Canary:
    """Listens while a block runs; :attr:`heard` has one line for each connection and each datagram."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._closing = threading.Event()
        self._tcp = socket.create_server(("0.0.0.0", 0), backlog=128)
        self.port: int = self._tcp.getsockname()[1]
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("0.0.0.0", self.port))
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Canary:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._thread.join()
        self._tcp.close()
        self._udp.close()

    def addresses(self) -> list[str]:
        """Return where it is reached: the loopback, as text, number and name, and the machine's own address if any."""
        hosts = ["127.0.0.1", "localhost", "127.1", "2130706433", "[::ffff:127.0.0.1]"]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(("192.0.2.1", 9))  # sends nothing: it makes the kernel choose an address
                hosts.append(probe.getsockname()[0])
            except OSError:  # no route: the machine has the loopback only
                pass
        return [f"http://{host}:{self.port}/" for host in dict.fromkeys(hosts)]

    def _listen(self) -> None:
        while not self._closing.is_set():
            ready, _, _ = select.select([self._tcp, self._udp], [], [], POLL)
            if self._udp in ready:
                data, sender = self._udp.recvfrom(2048)
                self.heard.append(f"udp {sender} {data!r}")
            if self._tcp in ready:
                connection, sender = self._tcp.accept()
                with connection, suppress(OSError):
                    connection.settimeout(2)
                    self.heard.append(f"tcp {sender}")
                    self.heard[-1] += f" {connection.recv(2048)[:80]!r}"
                    connection.sendall(HEAD + BODY)
