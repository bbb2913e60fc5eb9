"""The guard beside the engine on random texts: what the engine would ask of another endpoint, the guard refuses."""

from __future__ import annotations

from random import Random

import pyoxigraph as ox
import pytest

from msevidence.server import errors
from msevidence.server.guard import check
from tests.test_server_guard import EVIL, PROLOGUE, SETTINGS

PIECES = [
    "SERVICE",
    "service",
    "SERVICE ",
    "SILENT",
    "SERVICE:x",
    "SERVICESILENT:x",
    "SERVICEevil:x",
    "true:x",
    "SERVICEtrue:x",
    ":x",
    "?x",
    "$x",
    "{}",
    "{",
    "}",
    "(",
    ")",
    "<",
    ">",
    "<=",
    "#",
    "\n",
    "'",
    '"',
    "'''",
    "\\u0027",
    "\\'",
    "\\#",
    ".",
    ";",
    ",",
    "FILTER",
    "FILTER(",
    "FILTER(1",
    "FILTER(?x<",
    "BIND(",
    "AS ?y)",
    "EXISTS",
    "NOT EXISTS",
    "OPTIONAL",
    "GRAPH",
    "VALUES ?x {",
    "?s ?p ?o",
    "?s ?p 1",
    "?s ?p true",
    "?s a ",
    "true",
    "1",
    "1.",
    "1e0",
    "a",
    "evil:",
    "evil:b.c",
    ".x",
    "..",
    "_:b",
    "@en",
    '"a"',
    '"a"@en',
    " ",
    "{SELECT * {",
    "{SELECT (1<",
    "ORDER BY",
    "HAVING(",
    "GROUP BY",
    "1<2",
    "1<",
    "2>1",
    "<2",
    "#>\n",
    ">\n",
    "+",
    "*",
    "/",
    "^",
    "!",
    "&&",
    "[",
    "]",
    "=",
    "IN(",
    "<<(",
    ")>>",
    "UNION",
    "MINUS",
    "LATERAL",
    "IF(",
    "\\u0053",
    "^^",
    "%",
    "x",
    "ERVICE",
    "SERVICE?x",
]
CORES = [
    f"SERVICE <{EVIL}> {{}}",
    "SERVICE:x{}",
    "SERVICEevil:x{}",
    "SERVICE?x#>\n{}",
    "SERVICE:x#>\n{}",
    "SERVICE#'\n:x{}",
]


def test_nothing_that_the_engine_would_ask_passes_in_thirty_thousand_random_texts() -> None:
    """Found two holes when it was first run for some minutes; the seed is fixed so that a failure can be repeated."""
    random = Random(2024)
    store = ox.Store()
    asked = 0
    for _ in range(30_000):
        before, after = ([random.choice(PIECES) for _ in range(random.randint(0, 6))] for _ in range(2))
        end = random.choice(["", "#'", '#"""', "#'''", ")}", "'", "}"]) + random.choice([" }", "\n}", "}}", ")}"])
        query = f"{PROLOGUE} ASK {{ {''.join(before)}{random.choice(CORES)}{''.join(after)}{end}"
        try:
            bool(store.query(query))
        except SyntaxError:
            continue
        except (OSError, RuntimeError):
            asked += 1
            with pytest.raises((errors.Forbidden, errors.SyntaxFault)):
                check(query, SETTINGS)
    assert asked > 100
