"""The load generator ``wrk``, where it is installed: it asks faster than Python can, and so checks our own.

https://github.com/wg/wrk; Debian has it as a package.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from itertools import product

from tests.bench.load import RESULTS, target
from tests.bench.servers import Server

PROGRAM = "wrk"
ANSWERS_IN = 30.0
_RATE = re.compile(r"^Requests/sec:\s+([\d.]+)", re.MULTILINE)
_FAILED = re.compile(r"^\s+(Non-2xx|Socket errors).*", re.MULTILINE)


class WrkError(Exception):
    """Raised when requests failed, or it did not say how many there were."""


def is_there() -> bool:
    """Tell whether it is installed."""
    return shutil.which(PROGRAM) is not None


def rates(servers: list[Server], text: str, connections: int, rounds: int, seconds: int) -> dict[str, list[float]]:
    """Return requests per second of one query, asked again and again of each server in turn, round by round.

    Raises:
        WrkError: see there.
    """
    found: dict[str, list[float]] = {server.name: [] for server in servers}
    for _, server in product(range(rounds), servers):
        found[server.name].append(_once(server, text, connections, seconds))
    return found


def _once(server: Server, text: str, connections: int, seconds: int) -> float:
    url = f"http://{server.host}:{server.port}{target(server.path, text, server.parameters)}"
    command = [PROGRAM, "-t1", f"-c{connections}", f"-d{seconds}s", "-H", f"Accept: {RESULTS}", url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + ANSWERS_IN)
    rate, failed = _RATE.search(done.stdout), _FAILED.search(done.stdout)
    if done.returncode or rate is None or failed is not None:
        raise WrkError(f"{server.name}: {failed[0].strip() if failed else (done.stderr or done.stdout)[-300:]}")
    return float(rate[1])
