"""pyshacl as the referee of the compiled shapes: on the examples, the real graph, and one with thousands of faults."""

import random
import re
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from rdflib import RDF, SH

from msevidence.loaders.assembly import Graph
from msevidence.ontology.namespaces import FOLDER
from msevidence.ontology.shacl_compile import compiled
from msevidence.ontology.shacl_data import Columns
from msevidence.ontology.shacl_referee import report_graph
from msevidence.ontology.shacl_validate import core_report
from msevidence.ontology.validation_compared import compared, compared_graphs
from msevidence.ontology.validation_reading import read_graph, read_statements
from msevidence.ontology.validation_report import shape_files, skolemised, term_files

EXAMPLES = sorted((FOLDER / "examples").rglob("*.ttl"))
MUTATIONS = 4_000
SEED = 7
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE = ox.NamedNode(str(RDF.type))
_DATATYPES = [ox.NamedNode(_XSD + name) for name in ("integer", "decimal", "date", "gYear", "gYearMonth", "boolean")]
_TEXTS = [
    "",
    " ",
    "\n",
    "a\n",
    "12",
    "-1",
    "2020",
    "2020-02-30",
    "2020-01",
    "true",
    "x" * 300,
    "https://example.org/x",
    "æ𝒳",
]


def examples() -> list[list[ox.Quad | ox.Triple]]:
    assert len(EXAMPLES) > 550
    return [list(read_statements(file)) for file in [*term_files(), *EXAMPLES]]


def test_all_examples() -> None:
    found = compared(*EXAMPLES)
    assert found.equal, (found.only_compiled[:3], found.only_pyshacl[:3])
    assert found.results > 500


def test_the_report_on_the_examples_has_the_same_bytes() -> None:
    """Where results are told apart by what they are sorted by: those with blank values have an order of chance."""
    shapes, parts = read_graph(shape_files()), examples()
    columns = Columns()
    for part in parts:
        columns.take(part)
    ours, _ = core_report(compiled(shapes), columns)
    theirs = report_graph(read_graph(parts), shapes)
    assert skolemised(ours).serialize(format="turtle") == skolemised(theirs).serialize(format="turtle")


def test_the_real_graph(real_graph: Graph) -> None:
    quads = list(real_graph.own_quads())
    found = compared(quads)
    assert len(quads) > 40_000
    assert found.equal
    assert found.results == 0


class Breaking:
    """Breaks statements at random, each in one of many ways."""

    def __init__(self, statements: list[ox.Triple]) -> None:
        self.random = random.Random(SEED)
        self.subjects = sorted({t.subject for t in statements if isinstance(t.subject, ox.NamedNode)}, key=str)
        self.objects = sorted({t.object for t in statements}, key=str)
        self.classes = sorted({t.object for t in statements if t.predicate == _TYPE}, key=str)
        self.ways = [
            self.dropped, self.dropped, self.datatype, self.datatype, self.text, self.text, self.language, self.another,
            self.second, self.second_language, self.blank, self.iri, self.literal, self.turned, self.cased,
        ]  # fmt: skip

    def __call__(self, t: ox.Triple) -> Iterator[ox.Triple]:
        for value in self.random.choice(self.ways)(t):
            if value is not None:
                yield ox.Triple(t.subject, t.predicate, value)

    def dropped(self, t):
        return []

    def datatype(self, t):
        return [ox.Literal(_text(t), datatype=self.random.choice(_DATATYPES))]

    def text(self, t):
        return (
            [ox.Literal(self.random.choice(_TEXTS), datatype=getattr(t.object, "datatype", None))]
            if (isinstance(t.object, ox.Literal) and not t.object.language)
            else [ox.Literal(self.random.choice(_TEXTS))]
        )

    def language(self, t):
        return [ox.Literal(_text(t), language=self.random.choice(["en", "nb", "nb-NO", "de"]))]

    def another(self, t):
        return [self.random.choice(self.classes if t.predicate == _TYPE else self.objects)]

    def second(self, t):
        return [t.object, self.random.choice(self.classes if t.predicate == _TYPE else self.objects)]

    def second_language(self, t):
        return [t.object, *(ox.Literal(f"{_text(t)} {n}", language="en") for n in range(2))]

    def blank(self, t):
        # pyshacl ends with an error where it has to say which of two blank nodes is less.
        compared = re.search(r"#(start|end|value|valueHigh)$", t.predicate.value)
        return [t.object] if compared else [ox.BlankNode(f"b{self.random.randrange(50)}")]

    def iri(self, t):
        return [ox.NamedNode("https://example.org/" + re.sub(r"[^A-Za-z0-9]", "", _text(t))[:40])]

    def literal(self, t):
        return [ox.Literal(_text(t))]

    def turned(self, t):
        return [t.subject]

    def cased(self, t):
        return (
            [ox.Literal(_text(t).swapcase(), datatype=getattr(t.object, "datatype", None))]
            if (isinstance(t.object, ox.Literal) and not t.object.language)
            else [ox.Literal(_text(t).swapcase())]
        )


def _text(t: ox.Triple) -> str:
    return t.object.value if isinstance(t.object, ox.NamedNode | ox.BlankNode | ox.Literal) else str(t.object)


def asked() -> set[str]:
    """Return the predicates that the shapes name: what a path is made of."""
    graph = read_graph(shape_files())
    return {str(term) for triple in graph for term in triple if not str(term).startswith(str(SH))}


@pytest.mark.filterwarnings("ignore:Parsing weird boolean")
def test_a_graph_with_thousands_of_faults(real_graph: Graph, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL", "rdflib.term")  # it logs every literal that is ill-formed
    valid = [file for file in EXAMPLES if "-valid-" in file.name]
    known = {ox.Triple(q.subject, q.predicate, q.object) for q in real_graph.own_quads()}
    known |= {ox.Triple(q.subject, q.predicate, q.object) for file in valid for q in read_statements(file)}
    statements = sorted(known, key=str)
    by_predicate: dict[str, list[int]] = {}
    for number, t in enumerate(statements):
        by_predicate.setdefault(t.predicate.value, []).append(number)
    breaking = Breaking(statements)
    choose = breaking.random
    wanted = {
        n
        for p in sorted(asked() & by_predicate.keys())
        for n in choose.sample(by_predicate[p], min(15, len(by_predicate[p])))
    }
    wanted |= set(choose.sample(range(len(statements)), MUTATIONS - len(wanted)))
    assert len(wanted) >= 2_000
    broken = [new for n, t in enumerate(statements) for new in (breaking(t) if n in wanted else (t,))]
    shapes = read_graph(shape_files())
    found = compared_graphs([*(list(read_statements(f)) for f in term_files()), broken], shapes)
    assert found.refused == ()
    assert (found.only_compiled, found.only_pyshacl) == ((), ())
    assert found.results > 2_000
    columns = Columns()
    for part in ([q for f in term_files() for q in read_statements(f)], broken):
        columns.take(part)
    report, _ = core_report(compiled(shapes), columns)
    components = {str(c).rsplit("#", 1)[1] for c in report.objects(None, SH.sourceConstraintComponent)}
    assert len(components) >= 16, sorted(components)
    assert len(set(report.objects(None, SH.sourceShape))) > 350
