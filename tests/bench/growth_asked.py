"""What a client waits for from a served release: point queries and pages, each asked for many different things.

Nothing is asked twice, so that no cache answers; the median is over things spread over the whole graph.
"""

import http.client
import json
import random
import time
from collections.abc import Iterable
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import quote

from msevidence.server.pages_links import PAGE
from tests.bench.generated_records import FIRST_NCT
from tests.bench.servers import Server, ask, ours

ASKED = 60
"""Different things for each measure."""
LISTS = ("/", "/studies", "/studies?page=2", "/publications", "/count", "/map", "/timeline", "/review", "/results")
"""Pages about everything, asked in turn, each with a value that no cache knows."""
PATIENCE = 120.0
_PREFIX = "PREFIX mse: <https://w3id.org/msevidence/ontology#> "
_THINGS = _PREFIX + "SELECT ?registration ?study WHERE { %s ?registration mse:registrationNumber ?n ; "
_THINGS += "mse:denotesStudy ?study } LIMIT 500"


def asked(home: Path, size: int) -> dict[str, Any]:
    """Serve the current release of a home, and return the median milliseconds of each kind of request.

    Raises ServerError where it does not start or answers with an error.
    """
    started = time.perf_counter()
    with ours(home) as server:
        parts: dict[str, Any] = {"cold start": {"median_ms": (time.perf_counter() - started) * 1000}}
        registrations, studies = _things(server, size)
        rng = random.Random(size)
        rng.shuffle(registrations)
        point = (f"/sparql?query={quote(f'SELECT ?p ?o WHERE {{ <{iri}> ?p ?o }}')}" for iri in registrations)
        parts["point query"] = _timed(server, point, "application/sparql-results+json")
        keys = [iri.rsplit("/", 1)[1] for iri in studies]
        parts["study page"] = _timed(server, (f"/study/{key}.html" for key in keys), "text/html")
        parts["study as data"] = _timed(server, (f"/study/{key}.ttl" for key in keys), "text/turtle")
        names = (iri.rsplit("/", 1)[1] for iri in registrations)
        parts["search for a number"] = _timed(server, (f"/search?q={name}" for name in names), "text/html")
        parts["page of a list"] = _timed(server, (f"/studies?page={n}" for n in _pages(size)), "text/html")
        counted = (f"/count?numbers={iri.rsplit('/', 1)[1]}" for iri in registrations)
        parts["count of a number"] = _timed(server, counted, "text/html")
        for path in LISTS:
            parts[f"page {path}"] = _timed(server, [f"{path}{'&' if '?' in path else '?'}lang=nb", path], "text/html")
        parts["memory of all processes"] = {"peak_bytes": _memory(server.pid)}
    return {"parts": parts}


def _things(server: Server, size: int) -> tuple[list[str], list[str]]:
    """Return registrations and studies, spread over those that were loaded; of ``data/`` where none were."""
    step = max(size // ASKED, 1)
    numbers = " ".join(f'"NCT{FIRST_NCT + number:08}"' for number in range(step // 2, size, step))
    answer = json.loads(ask(server, _THINGS % (f"VALUES ?n {{ {numbers} }}" if size else "")))
    rows = answer["results"]["bindings"]
    found = [list(dict.fromkeys(row[name]["value"] for row in rows))[:ASKED] for name in ("registration", "study")]
    return found[0], found[1]


def _pages(size: int) -> list[int]:
    """Return pages of the list of studies, spread over all that there are."""
    there = max(size // PAGE, 1)
    return list(range(1, there + 1, max(there // ASKED, 1)))[:ASKED]


def _timed(server: Server, targets: Iterable[str], accepted: str) -> dict[str, Any]:
    """Ask one after the other over one connection; return the milliseconds, and those of CPU in the server's processes.

    What it does of itself meanwhile is counted, too; a process that ends takes its time with it.
    """
    connection = http.client.HTTPConnection(server.host, server.port, timeout=PATIENCE)
    taken: list[float] = []
    size = status = 0
    failed = ""
    used = server.cpu()
    for target in targets:
        begun = time.perf_counter()
        connection.request("GET", target, headers={"Accept": accepted})
        response = connection.getresponse()
        body = response.read()
        taken.append((time.perf_counter() - begun) * 1000)
        status, size = response.status, max(size, len(body))
        if status != 200:
            failed = f"{target}: {status}"
    connection.close()
    told: dict[str, Any] = {"median_ms": median(taken), "asked": len(taken), "body_bytes": size}
    if used is not None and (now := server.cpu()) is not None:
        told["cpu_ms"] = (now - used) * 1000 / len(taken)
    if len(taken) > 3:
        told["quartiles_ms"] = quantiles(taken, n=4)
    return {**told, "failed": failed} if failed else told


def _memory(pid: int) -> int:
    """Return the proportional memory (PSS) of a process and its descendants in bytes, 0 where that is not told."""
    waiting, total = [pid], 0
    while waiting:
        process = waiting.pop()
        try:
            rollup = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
            total += int(rollup.split("\nPss:")[1].split()[0]) * 1024
            for children in Path(f"/proc/{process}/task").glob("*/children"):
                waiting += map(int, children.read_text(encoding="ascii").split())
        except OSError:
            continue
    return total
