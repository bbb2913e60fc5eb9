"""The three functions that the shared runner of the query tests imports under this name to start servers.

It is not in the shared folder; our runs use ``--callable`` and only need the import to succeed, but the functions work.
"""

from __future__ import annotations

import shlex
import socket
import subprocess
import time
from typing import IO


def free_port() -> int:
    """Return a port that nothing listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def start(spec: str, port: int, data: str, log: IO[str] | None = None) -> subprocess.Popen[bytes]:
    """Start `cmd:COMMAND`, with {data} and {port} filled in, and wait until the port is open."""
    command = spec.removeprefix("cmd:").format(data=data, port=port)
    output = log or subprocess.DEVNULL
    process = subprocess.Popen(shlex.split(command), stdout=output, stderr=output)
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.05)
    stop(process)
    raise RuntimeError(f"{command}: nothing listens on port {port}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process that :func:`start` made."""
    process.terminate()
    process.wait(10)
