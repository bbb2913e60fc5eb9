"""Our patterns mean the same to Python's ``re``, with which pyshacl and the compiled shapes look, and to SPARQL.

Other validators follow the specification, which asks for REGEX of SPARQL. There is one difference: ``$`` of Python
matches before a line break at the end, too.
"""

import random
import re

import pyoxigraph as ox
import pytest
from rdflib import SH

from msevidence.loaders.assembly import Graph
from msevidence.ontology.namespaces import FOLDER
from msevidence.ontology.validation_reading import read_graph, read_statements
from msevidence.ontology.validation_report import shape_files

PATTERNS = sorted({str(pattern) for pattern in read_graph(shape_files()).objects(None, SH.pattern)})
EXAMPLES = sorted((FOLDER / "examples").rglob("*.ttl"))
STRANGE = [
    "",
    "\n",
    "\r",
    "a\nb",
    "a\r\nb",
    "١٢٣٤",
    "２０２０",
    "K",
    "ſ",
    "\u00a0",
    "\u2028",
    "\x85",
    "/study/\n",
    "https://a\u00a0b",
]


@pytest.fixture(scope="module")
def texts(real_graph: Graph) -> list[str]:
    """Return texts of the real graph and of the examples, and strange ones made of them."""
    terms = {q.object for q in real_graph.own_quads()} | {q.object for f in EXAMPLES for q in read_statements(f)}
    known = sorted({t.value for t in terms if isinstance(t, ox.Literal | ox.NamedNode)})
    choose = random.Random(5)
    short = [text for text in known if len(text) < 80]
    some = choose.sample(short, 1_500)
    changed = [text[:3] + choose.choice(STRANGE) + text[3:] for text in choose.sample(short, 500)]
    return sorted({*some, *changed, *STRANGE, *(text + "x" for text in some[:200])})


def by_sparql(pattern: str, texts: list[str]) -> set[str]:
    values = " ".join(str(ox.Literal(text)) for text in texts)
    query = f"SELECT ?text {{ VALUES ?text {{ {values} }} FILTER(REGEX(?text, {ox.Literal(pattern)})) }}"
    rows = ox.Store().query(query)
    assert isinstance(rows, ox.QuerySolutions)
    return {row["text"].value for row in rows}


def test_our_patterns_mean_the_same_in_sparql(texts: list[str]) -> None:
    assert len(PATTERNS) > 60
    looked = [text for text in texts if not text.endswith("\n")]
    matched = 0
    for pattern in PATTERNS:
        found = {text for text in looked if re.search(pattern, text)}
        assert by_sparql(pattern, looked) == found, pattern
        matched += len(found)
    assert matched > 1_000


def test_the_one_difference_is_a_line_break_at_the_end() -> None:
    assert re.search("^[0-9]{4}$", "2020\n")
    assert by_sparql("^[0-9]{4}$", ["2020\n"]) == set()
