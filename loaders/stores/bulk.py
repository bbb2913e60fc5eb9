"""Large graphs into a store: in pieces by the Graph Store Protocol, or by Virtuoso's own bulk loader.

One body for a whole graph is what servers refuse, or hold in memory, from some hundred megabytes on. Writing is not
all or nothing: whoever writes verifies afterwards, and writes again.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Protocol

from msevidence.loaders.stores.client import Client, StoreError
from msevidence.loaders.stores.parts import Part
from msevidence.loaders.stores.reading import repeated

PIECE = 16 * 2**20
"""Bytes of one piece, about: some 80,000 triples."""
ISQL = ("isql-vt", "isql-v", "isql")
"""Names of Virtuoso's command line, as it is packaged: Debian's, others', its own."""
LOADS_IN = 86_400
"""Seconds that Virtuoso's loader may take for a graph: it loads some 10,000 triples a second and more."""
_ERROR, _BEGIN, _ENTRY = "*** Error", "msevidence-begin", "msevidence-entry"
_OURS = "msevidence-load-"
"""How files that it is to load are called; entries of such names that a killed push left are nobody else's."""


class Writer(Protocol):
    """Replaces graphs of a store."""

    def write(self, graph: str | None, part: Part) -> None:
        """Replace a graph, ``None`` for the default graph; raises StoreError where the store refuses."""


class InPieces:
    """Writes by the Graph Store Protocol: the first piece replaces the graph, the others are added to it."""

    def __init__(self, client: Client, piece: int = PIECE) -> None:
        self._client = client
        self._piece = piece

    def write(self, graph: str | None, part: Part) -> None:
        step = self._client.put_graph
        for content in pieces(part.path, self._piece):
            repeated(partial(step, graph, content))
            step = self._client.post_graph


def pieces(path: Path, size: int) -> Iterator[bytes]:
    """Yield the lines of a file, so many bytes at a time; an empty piece for an empty file."""
    with path.open("rb") as file:
        first = True
        while (content := file.read(size)) or first:
            yield content + file.readline()
            first = False


class VirtuosoLoader:
    """Writes by Virtuoso's bulk loader (``ld_dir``, ``rdf_loader_run``), which reads files on the server's side.

    Who we are is ``MSEVIDENCE_STORE_USER`` and ``MSEVIDENCE_STORE_PASSWORD``, as for its web services; the password
    goes to ``isql-vt`` on its standard input, where no list of processes shows it.
    https://vos.openlinksw.com/owiki/wiki/VOS/VirtBulkRDFLoader

    Args:
        client: of its web services; graphs are emptied by its Graph Store service.
        address: of its SQL port: ``host:1111``.
        folder: one that the server reads under the same path, and allows (``DirsAllowed`` of ``virtuoso.ini``).

    Raises:
        StoreError: there is no ``isql-vt``, or nobody to be.
    """

    def __init__(self, client: Client, address: str, folder: Path, environment: dict[str, str] | None = None) -> None:
        known = os.environ if environment is None else environment
        self._client = client
        self._address = address
        self._folder = folder.resolve()
        self._user = known.get("MSEVIDENCE_STORE_USER", "")
        self._password = known.get("MSEVIDENCE_STORE_PASSWORD", "")
        found = next((path for name in ISQL if (path := shutil.which(name))), None)
        if found is None:
            raise StoreError("Virtuoso's isql-vt is not installed here; install it, or push without its bulk loader")
        if not self._user or not self._password or "\n" in self._password:
            raise StoreError("Virtuoso's loader asks who you are; set MSEVIDENCE_STORE_USER and _PASSWORD")
        self._isql = found
        self._let_in = False

    def write(self, graph: str | None, part: Part) -> None:
        if graph is None:
            raise StoreError("Virtuoso has no default graph of its own; name one with --default-graph IRI")
        self._client.delete_graph(graph)
        if not part.count:
            return
        copy = self._folder / f"{_OURS}{os.getpid()}-{part.path.name}"
        try:
            shutil.copyfile(part.path, copy)
            copy.chmod(0o644)  # the server is another user
            self._load(copy, graph)
        except OSError as e:
            raise StoreError(f"{copy}: cannot be written ({e.strerror}); name a folder of the server") from e
        finally:
            copy.unlink(missing_ok=True)

    def _load(self, file: Path, graph: str) -> None:
        """Have a file loaded; the loader would load what others have listed as well, so their entries come first."""
        listed = f"from DB.DBA.load_list where ll_file = {_sql(str(file))}"
        waiting = self._asked(
            f"select '{_ENTRY}', ll_file from DB.DBA.load_list where ll_state < 2 and ll_file not like '%{_OURS}%';"
        )
        if waiting:
            raise StoreError(f"{self._address}: its list of files to load has others ({waiting[0]}); load them first")
        said = self._asked(
            f"ld_dir({_sql(str(file.parent))}, {_sql(file.name)}, {_sql(graph)});",
            "rdf_loader_run();",
            f"select '{_ENTRY}', coalesce(ll_error, 'done') {listed} and ll_state = 2;",
            f"delete {listed};",
            "checkpoint;",
        )
        if said != ["done"]:
            why = said[0] if said else "it did not take the file: does it see that folder, and DirsAllowed name it?"
            raise StoreError(f"{self._address}: the bulk loader did not load {graph} ({why})")

    def _asked(self, *statements: str) -> list[str]:
        """Run statements; return the second columns of the rows that are marked.

        Raises StoreError where one fails.
        """
        if not self._let_in:
            # By itself: isql would take what follows for more passwords, and Virtuoso locks out who tries several.
            self._isql_said()
            self._let_in = True
        said = self._isql_said(f"select '{_BEGIN}';", *statements)
        _, begun, answer = said.partition(_BEGIN)
        if not begun or _ERROR in answer:
            why = " ".join((answer or said).replace(self._password, "***").rpartition(_ERROR)[2].split())[:300]
            raise StoreError(f"{self._address}: {why or 'no answer'}")
        return [line[len(_ENTRY) :].strip() for line in answer.splitlines() if line.startswith(_ENTRY)]

    def _isql_said(self, *lines: str) -> str:
        """Log in, run statements, and return what isql printed.

        Raises StoreError where it is not let in.
        """
        # It tries "dba" first, and asks then.
        known = () if self._password == "dba" else (self._password,)
        options = ("VERBOSE=OFF", "BANNER=OFF", "PROMPT=OFF", "ERRORS=STDOUT")
        try:
            done = subprocess.run(
                [self._isql, self._address, self._user, *options],
                input="\n".join((*known, *lines, "")).encode(),
                capture_output=True,
                timeout=LOADS_IN,
            )
        except subprocess.TimeoutExpired as e:
            raise StoreError(f"{self._address}: the bulk loader took more than {LOADS_IN} s") from e
        said = done.stdout.decode(errors="replace")
        if done.returncode:
            why = " ".join(said.replace(self._password, "***").rpartition(_ERROR)[2].split())[:300]
            raise StoreError(
                f"{self._address}: {why or 'no answer'}; is this Virtuoso's SQL port, and are MSEVIDENCE_STORE_USER and"
                " _PASSWORD right?"
            )
        return said


def _sql(text: str) -> str:
    """Return a text as a literal of SQL for isql, which ends statements at a semicolon that ends a line."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
