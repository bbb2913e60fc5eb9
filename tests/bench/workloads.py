"""What is asked: our own list of seven, and the stored questions, each with what its variables stand for in turn."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

from msevidence.queries import load_questions
from msevidence.server.binding import with_values
from tests.bench.comparing import AnswerError
from tests.bench.load import SERIAL_OF_QUERY, target
from tests.bench.servers import Server, accepted, ask

QUERIES = Path(__file__).parent / "queries"
POINT, SUPPORT, NUMBERS, TEXT = "point (one study)", "claim → support", "numbers of a study's identity", "text search"
CARD, CONSTRUCT, AGGREGATION = "study card", "CONSTRUCT of a resource", "aggregation over everything"
PAGE_SEARCH, PAGE_STUDY = "text search, ours: /search.json", "study page, ours: /study/<key>"
STORED = "stored: "
SAMPLE = 40
"""Different values that a variable takes, spread over all."""
WORDS = 12
HTML, JSON = "text/html", "application/json"


@dataclass(frozen=True)
class Workload:
    """One thing to ask, in all its texts."""

    name: str
    texts: list[str]
    """Queries, or addresses of pages of ours."""
    page: str = ""
    """The media type of a page of ours; empty for queries."""
    beside: str = ""
    """The workload whose answer at other servers it is set beside."""
    seconds: dict[str, float] = field(default_factory=dict, compare=False)
    """How long each server took for one answer, as answers were compared; those that are not here are left out."""

    @property
    def accept(self) -> str:
        """The media type that is asked for."""
        return self.page or accepted(self.texts[0])

    @property
    def joint(self) -> str:
        """What stands before a serial number that makes a text new and changes no answer."""
        return ("&x=" if "?" in self.texts[0] else "?x=") if self.page else SERIAL_OF_QUERY

    def targets(self, server: Server) -> list[str]:
        """Return what is asked of a server."""
        return self.texts if self.page else [target(server.path, text, server.parameters) for text in self.texts]


def workloads(server: Server) -> list[Workload]:
    """Return the list of seven, with two pages of ours beside two of them; the values come from the graph.

    Raises:
        AnswerError: the graph has none.
    """
    studies = _values(server, "studies")
    claims = _values(server, "claims")
    words = _words(server)
    numbers = uncommented(load_questions()["numbers-of-a-study"].sparql)
    keys = [study.rpartition("/")[2].rstrip(">") for study in studies]
    return [
        Workload(POINT, _texts("point", "study", studies)),
        Workload(SUPPORT, _texts("support-of-claim", "claim", claims)),
        Workload(NUMBERS, [with_values(numbers, {"study": ox.NamedNode(s[1:-1])}) for s in studies[:10]]),
        Workload(TEXT, _texts("text", "word", [f'"{word}"' for word in words])),
        Workload(PAGE_SEARCH, [f"/search.json?q={quote(word)}" for word in words], JSON, TEXT),
        Workload(CARD, _texts("study-card", "study", studies)),
        Workload(PAGE_STUDY, [f"/study/{key}.html" for key in keys], HTML, CARD),
        Workload(CONSTRUCT, _texts("construct", "study", studies)),
        Workload(AGGREGATION, [read("aggregation")]),
    ]


def stored() -> list[Workload]:
    """Return the stored questions, their parameters left out or at their defaults, as their pages ask them."""
    found = []
    for name, question in load_questions().items():
        values = {variable.value: term for variable, term in question.bind({}).items()}
        sparql = uncommented(question.sparql)
        found.append(Workload(f"{STORED}{name}", [with_values(sparql, values) if values else sparql]))
    return found


def read(name: str) -> str:
    """Return a query of the folder without the comments above it."""
    return uncommented((QUERIES / f"{name}.rq").read_text(encoding="utf-8"))


def uncommented(sparql: str) -> str:
    """Return a query without the lines that are comments: Oxigraph's server takes no address of more than 8 KiB."""
    return "".join(line for line in sparql.splitlines(keepends=True) if not line.lstrip().startswith("#"))


def spread(values: list[str], most: int = SAMPLE) -> list[str]:
    """Return so many of the values, evenly spread.

    >>> spread(["a", "b", "c", "d"], 2)
    ['a', 'c']
    """
    step = max(1, len(values) / most)
    return [values[int(number * step)] for number in range(min(most, len(values)))]


def _values(server: Server, name: str) -> list[str]:
    """Return the values that a query of the folder finds, as SPARQL writes them."""
    found = json.loads(ask(server, read(name)))
    [variable] = found["head"]["vars"]
    values = sorted(f"<{row[variable]['value']}>" for row in found["results"]["bindings"])
    if not values:
        raise AnswerError(f"{name}.rq finds nothing to ask about in the graph")
    return spread(values)


def _words(server: Server) -> list[str]:
    """Return words of the labels of studies, the longest of each."""
    query = read("studies").replace("?study a mse:Study", "?x a mse:Study ; rdfs:label ?study")
    found = json.loads(ask(server, f"PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n{query}"))
    labels = (row["study"]["value"] for row in found["results"]["bindings"])
    words = {max(re.findall(r"[a-z]+", label.lower()), key=len, default="") for label in labels}
    return spread(sorted(word for word in words if len(word) > 4), WORDS)


def _texts(query: str, variable: str, values: list[str]) -> list[str]:
    """Return the query with each value in the place of its variable."""
    return [read(query).replace(f"${variable}", value) for value in values]
