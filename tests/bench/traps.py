"""What the engine is slow at, and what is done instead, measured side by side: why the product is built as it is.

Each is asked with new texts at one connection. That the engine walks a path in both directions from everywhere once
it is joined to more is why identity is materialised at build; that CONTAINS reads every label, why text has an index;
that an aggregation reads everything, why counts are made at build; and that RocksDB is slower than memory, why small
releases are served from memory.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table

from tests.bench.goals import geometric
from tests.bench.measuring import COLD, Figures
from tests.bench.servers import OURS, OURS_ON_DISK, OX_DISK, OX_MEMORY, RDFLIB, VIRTUOSO
from tests.bench.workloads import AGGREGATION, PAGE_SEARCH, TEXT, Workload, read

ALONE, JOINED, STATED, COUNTS = "path, alone", "path, joined", "path, materialised", "counts made at build"
MS = 1e3


def workloads(study: str) -> list[Workload]:
    """Return what is asked beside the list of seven.

    Args:
        study: a study's IRI, as SPARQL writes it.
    """
    files = ((ALONE, "path-alone"), (JOINED, "path-joined"), (STATED, "path-materialised"), (COUNTS, "counts"))
    return [Workload(name, [read(file).replace("$study", study)]) for name, file in files]


def told(figures: Iterable[Figures]) -> list[tuple[str, str, float]]:
    """Return the milliseconds of one request, by trap and server; of the last trap, times that memory is faster."""
    cold = [f for f in figures if f.cell.mode == COLD and f.cell.connections == 1]
    of = {(f.cell.workload, f.server): f.percentile(50) * MS for f in cold}
    wanted = [
        (name, server)
        for name in (ALONE, JOINED, STATED, TEXT, PAGE_SEARCH, AGGREGATION, COUNTS)
        for server in (OURS, OURS_ON_DISK, OX_MEMORY, OX_DISK, RDFLIB, VIRTUOSO)
    ]
    found = [(name, server, of[name, server]) for name, server in wanted if (name, server) in of]
    for memory, disk in ((OURS, OURS_ON_DISK), (OX_MEMORY, OX_DISK)):
        both = {f.cell.workload for f in cold if (f.cell.workload, memory) in of and (f.cell.workload, disk) in of}
        if both:
            times = geometric([of[name, disk] / of[name, memory] for name in both])
            found.append(("memory, times faster than files (geometric mean)", memory, times))
    return found


def table(figures: Iterable[Figures]) -> Table:
    """Return it for people."""
    found = told(figures)
    servers = list(dict.fromkeys(server for _, server, _ in found))
    shown = Table("ms of a request, median", *servers, title="What the engine is slow at", title_justify="left")
    for name in dict.fromkeys(name for name, _, _ in found):
        values = {server: value for what, server, value in found if what == name}
        shown.add_row(name, *(f"{values[server]:.2f}" if server in values else "" for server in servers))
    return shown
