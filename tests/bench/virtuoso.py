"""Virtuoso 7 as a peer, where ``virtuoso-t`` is installed: one process, a database in a scratch folder.

It has no default graph beside its named ones, so the release's default graph is a graph of that name, and queries are
asked of it. The file goes to its bulk loader whole: N-Quads, the triples of the default graph under that name.
"""

from __future__ import annotations

import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from msevidence.ontology.namespaces import BASE
from tests.bench import servers
from tests.bench.servers import HOST, START_LIMIT, Server, ServerError, await_answer, free_port, patience_for, running
from tests.stores.servers import INI, VIRTUOSO

DEFAULT = f"{BASE}graph/default"
ROWS = 2_000_000
WIDER = {
    "NumberOfBuffers = 20000": "NumberOfBuffers = 170000",
    "MaxDirtyBuffers = 15000": "MaxDirtyBuffers = 130000",
    "ServerThreads = 10": "ServerThreads = 20",
    "ServerThreads = 5": "ServerThreads = 20",
    "MaxKeepAlives = 5": "MaxKeepAlives = 20",
}
"""Settings of the tests, and what is measured instead: the buffers that its own file recommends for 2 GB of memory, and
a thread for each connection."""
_TRIPLE = re.compile(rb'\S+ \S+ (?:<[^>]*>|".*"\S*) \.\n')


@contextmanager
def virtuoso(programs: Path, data: Path, scratch: Path) -> Iterator[Server]:
    """Serve N-Quads with Virtuoso while the block runs.

    Raises:
        ServerError: it is not installed, does not start, or does not load the data.
    """
    isql = next((found for name in ("isql-vt", "isql-v", "isql") if (found := shutil.which(name))), None)
    if shutil.which(VIRTUOSO) is None or isql is None:
        raise ServerError(f"{VIRTUOSO} or isql-vt is not installed")
    folder = scratch / "virtuoso"
    folder.mkdir()
    sql, http = free_port(), free_port()
    ini = folder / "virtuoso.ini"
    ini.write_text(INI.format(folder=folder, sql=sql, http=http, rows=ROWS), encoding="ascii")
    for few, many in WIDER.items():
        ini.write_text(ini.read_text(encoding="ascii").replace(few, many), encoding="ascii")
    command: list[str | Path] = [VIRTUOSO, "+foreground", "+configfile", ini]
    password = secrets.token_hex(8)
    made = subprocess.run(
        [*command, "+pwdold", "dba", "+pwddba", password, "+pwddav", password], capture_output=True, timeout=START_LIMIT
    )
    if made.returncode:
        raise ServerError(f"{VIRTUOSO} ended with {made.returncode}: {made.stderr.decode(errors='replace')[-300:]}")
    with running(command) as process:
        server = Server(
            servers.VIRTUOSO,
            HOST,
            http,
            "/sparql",
            process.pid,
            f"default-graph-uri={quote(DEFAULT, safe='')}&",
            "virtuoso",
        )
        await_answer(server, process)
        _load(isql, sql, password, data, folder)
        yield server


def _load(isql: str, port: int, password: str, data: Path, folder: Path) -> None:
    """Have the bulk loader take the quads."""
    load = folder / "load"
    load.mkdir()
    written = load / "data.nq"
    graph = f" <{DEFAULT}> .\n".encode()
    with data.open("rb") as lines, written.open("wb") as out:
        for line in lines:
            out.write(line[:-3] + graph if _TRIPLE.fullmatch(line) else line)
    said = "\n".join(
        (
            f"ld_dir('{load}', '{written.name}', '{DEFAULT}');",
            "rdf_loader_run();",
            "select 'loaded', ll_state, coalesce(ll_error, 'well') from DB.DBA.load_list;",
            "checkpoint;",
            "",
        )
    )
    options = ("VERBOSE=OFF", "BANNER=OFF", "PROMPT=OFF", "ERRORS=STDOUT")
    # It tries a password of its own first, and reads ours from the input then.
    done = subprocess.run(
        [isql, f"{HOST}:{port}", "dba", *options],
        input=f"{password}\n{said}".encode(),
        capture_output=True,
        timeout=patience_for(data),
    )
    told = done.stdout.decode(errors="replace")
    if done.returncode or not re.search(r"loaded\s+2\s+well", told):
        raise ServerError(f"Virtuoso's loader did not load the data: {told[-400:]}")
    written.unlink()
