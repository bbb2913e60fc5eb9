"""The compiled shapes say what pyshacl says, constraint by constraint, and refuse by name what they do not cover."""

import logging

import pyoxigraph as ox
import pytest
from rdflib import SH, BNode, Graph
from rdflib.compare import isomorphic

from msevidence.ontology import validation
from msevidence.ontology.rule_check import RuleCheck
from msevidence.ontology.shacl_compile import compiled
from msevidence.ontology.shacl_constraints import CONSTRAINTS as COVERED
from msevidence.ontology.shacl_data import Columns, collected
from msevidence.ontology.shacl_errors import ShapesError
from msevidence.ontology.shacl_referee import Terms, graph_of, report_graph
from msevidence.ontology.shacl_store import StoreColumns
from msevidence.ontology.shacl_validate import core_report
from msevidence.ontology.validation import validate, validate_store
from msevidence.ontology.validation_compared import compared, compared_graphs, found_in
from msevidence.ontology.validation_reading import read_graph
from msevidence.ontology.validation_report import skolemised, term_files
from tests.shacl_shapes import (
    CONSTRAINTS,
    NAMED,
    PATHS,
    PREFIXES,
    QUALIFIED,
    TARGETS,
    VALUES,
    awkward,
    shapes_of,
    statements,
)

pytestmark = [
    pytest.mark.filterwarnings("ignore:Parsing weird boolean"),
    pytest.mark.filterwarnings("ignore::pyshacl.errors.ShapeRecursionWarning"),
]
AWKWARD = awkward()
NAMED_SHAPES = "ex:S sh:targetNode ex:s , ex:a , ex:b , ex:sub , 1 , ex:nowhere ; sh:targetClass ex:One ;"


def shapes(turtle: str) -> Graph:
    terms = Terms()
    terms.add(statements(turtle))
    return terms.graph


def the_same(turtle: str, data: list[ox.Triple] | None = None) -> int:
    """Compare both engines, and return how many results there are."""
    found = compared_graphs([AWKWARD if data is None else data], shapes(turtle))
    assert found.refused == ()
    assert (found.only_compiled, found.only_pyshacl) == ((), ())
    return found.results


def in_graph(t: ox.Triple | ox.Quad, graph: ox.NamedNode | None = None) -> ox.Quad:
    return ox.Quad(t.subject, t.predicate, t.object, graph or ox.DefaultGraph())


@pytest.fixture(autouse=True)
def without_the_log_of_rdflib(monkeypatch: pytest.MonkeyPatch) -> None:
    """rdflib logs every literal that is ill-formed, and there are many here."""
    monkeypatch.setattr(logging.getLogger("rdflib.term"), "level", logging.CRITICAL)


def refusals(turtle: str) -> list[str]:
    return [str(refused) for refused in compiled(shapes(turtle)).refused]


def test_every_constraint_of_core_has_a_case_here() -> None:
    own = {"sh:lessThan", "sh:lessThanOrEquals", "sh:qualifiedValueShape"}
    assert {*CONSTRAINTS, *own} == {f"sh:{str(parameter).removeprefix(str(SH))}" for parameter in COVERED}
    assert len(VALUES) > 70
    assert len(AWKWARD) > 250


@pytest.mark.parametrize("parameter", CONSTRAINTS)
def test_a_constraint_over_awkward_values(parameter: str) -> None:
    assert the_same(shapes_of(parameter)) > 0


@pytest.mark.parametrize("number", range(len(QUALIFIED)))
def test_qualified_value_shapes(number: int) -> None:
    assert the_same(f"{NAMED} {NAMED_SHAPES} sh:path ex:p ; {QUALIFIED[number]} .") > 0


def test_qualified_value_shapes_that_are_disjoint() -> None:
    one = "sh:qualifiedValueShape [ sh:nodeKind sh:IRI ] ; sh:qualifiedMinCount 3"
    two = "sh:qualifiedValueShape ex:Named ; sh:qualifiedMaxCount 1"
    disjoint = "sh:qualifiedValueShapesDisjoint true"
    inner = " , ".join(f"[ sh:path ex:p ; {disjoint} ; {q} ]" for q in (one, two))
    assert the_same(f"{NAMED} {NAMED_SHAPES} sh:property {inner} .") > 0


@pytest.mark.parametrize("path", PATHS)
def test_a_path(path: str) -> None:
    asked = "sh:maxCount 1 ; sh:minCount 1 ; sh:nodeKind sh:IRI ; sh:hasValue ex:a ; sh:equals ex:q"
    assert the_same(f"{NAMED_SHAPES} sh:path {path} ; {asked} .") > 0


@pytest.mark.parametrize("targets", TARGETS)
def test_targets_with_messages_and_severity(targets: str) -> None:
    said = 'sh:message "one"@en , "én"@nb ; sh:severity sh:Info'
    assert the_same(f"ex:S0 {targets} ; sh:nodeKind sh:BlankNode ; {said} .") > 0


def test_a_shape_that_is_deactivated_finds_nothing_and_lets_all_pass() -> None:
    off = "ex:Off sh:deactivated true ; sh:targetNode ex:s ; sh:nodeKind sh:Literal ."
    assert the_same(f"{off} {NAMED_SHAPES} sh:node ex:Off ; sh:not ex:Off .") == len(VALUES) + 6


PAIRS = [
    "1 ; ex:to 2 , 0",
    "2 , 02 ; ex:to 2",
    "1.5 , 1e0 ; ex:to 1 , 2.5",
    '"2020-01-01"^^xsd:date ; ex:to "2020-01-02"^^xsd:date , "2019-01-01"^^xsd:date',
    '"2020"^^xsd:gYear ; ex:to "2020"^^xsd:gYear , "2021"^^xsd:gYear',
    '"2020"^^xsd:gYear ; ex:to "2020-05"^^xsd:gYearMonth , "2021-01-01"^^xsd:date',
    '"2020-01"^^xsd:gYearMonth ; ex:to "2019"^^xsd:gYear , "2020-01-31"^^xsd:date , 3',
    '"a" , "b"@en , ex:a ; ex:to "b" , ex:b , 7 , "2020"^^xsd:gYear',
    '99999999999999999999 , "-0"^^xsd:integer , "+1"^^xsd:integer ; ex:to 1 , 0 , 99999999999999999998',
    "true ; ex:to false , true",
    '"x"^^xsd:integer ; ex:to 1 , "x"',
]


@pytest.mark.parametrize("parameter", ["sh:lessThan", "sh:lessThanOrEquals"])
@pytest.mark.parametrize("pair", PAIRS)
def test_pairs_of_numbers_dates_and_texts(parameter: str, pair: str) -> None:
    data = statements(f"ex:x ex:from {pair} . ex:one ex:from 1 ; ex:to 0 .")
    shape = f"ex:S sh:targetSubjectsOf ex:from ; sh:path ex:from ; {parameter} ex:to , ex:other ."
    if '"x"^^' in pair and parameter == "sh:lessThanOrEquals":
        with pytest.raises(ShapesError, match="cannot be compared"):  # it is pyshacl that ends with an error
            the_same(shape, data)
    else:
        assert the_same(shape, data) > 0


def test_a_value_that_was_written_differently_is_another_value() -> None:
    data = statements('ex:s ex:p 1.50 , 01 , "1"^^xsd:boolean , "2020-01-01+00:00"^^xsd:date .')
    shape = 'ex:S sh:targetNode ex:s ; sh:path ex:p ; sh:in ( 1.5 1 true "2020-01-01Z"^^xsd:date ) ; sh:maxLength 2 .'
    found = compared_graphs([data], shapes(shape))
    assert found.equal
    assert found.results == 4 + 2  # none is among the four; the decimal and the date are too long as written


def test_blank_nodes_of_two_files_are_two() -> None:
    one, two = statements("_:b ex:p 1 ."), statements("_:b ex:p 2 .")
    found = compared_graphs([one, two], shapes("ex:S sh:targetSubjectsOf ex:p ; sh:path ex:p ; sh:minCount 2 ."))
    assert found.equal
    assert found.results == 2


def test_the_report_is_the_same_graph_with_paths_details_and_blank_values() -> None:
    turtle = f"""{NAMED} {NAMED_SHAPES} sh:property [ sh:path ( ex:p [ sh:inversePath ex:p ] ) ; sh:maxCount 1 ] ,
        [ sh:path ex:p ; sh:node ex:Named ; sh:nodeKind sh:Literal ] ; sh:closed true ."""
    graph, data = shapes(turtle), statements("ex:s ex:p [ ex:q ( 1 2 ) , 3 ; ex:p [ ex:p 4 ] ] , ex:a . ex:a ex:p 5 .")
    columns, terms = Columns(), Terms()
    columns.take(data)
    terms.add(data)
    ours, refused = core_report(compiled(graph), columns)
    theirs = report_graph(terms.graph, graph)
    assert refused == ()
    assert len(ours) > 70
    assert isomorphic(ours, theirs)
    assert not [n for triple in skolemised(ours) for n in triple if isinstance(n, BNode)]


REFUSED = {
    "sh:sparql": 'ex:S sh:targetNode ex:s ; sh:sparql [ sh:select "SELECT $this { $this ?p ?o }" ] .',
    "constraint component": "ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:most ] .",
    "sh:js": "ex:S sh:targetNode ex:s ; sh:js [] .",
    "sh:rule": "ex:S sh:targetNode ex:s ; sh:rule [] .",
    "sh:target": "ex:S sh:targetNode ex:s ; sh:target [] .",
    "sh:expression": "ex:S sh:targetNode ex:s ; sh:expression [] .",
    "sh:entailment": "ex:S sh:targetNode ex:s ; sh:entailment ex:e .",
    "sh:flags": 'ex:S sh:targetNode ex:s ; sh:pattern "a" ; sh:flags "x" .',
    "ill-formed sh:pattern": 'ex:S sh:targetNode ex:s ; sh:pattern "(" .',
    "recursion": "ex:S sh:targetNode ex:s ; sh:node ex:T . ex:T sh:property [ sh:path ex:p ; sh:node ex:S ] .",
    "shapes nested more than 15 deep": "ex:S sh:not " + "[ sh:not " * 16 + "[]" + " ]" * 16 + " .",
    "sh:minCount of a node shape": "ex:S a sh:NodeShape ; sh:minCount 1 .",
    "sh:uniqueLang of a node shape": "ex:S a sh:NodeShape ; sh:uniqueLang true .",
    "sh:lessThan of a node shape": "ex:S a sh:NodeShape ; sh:lessThan ex:p .",
    "several values of sh:datatype": "ex:S a sh:NodeShape ; sh:datatype xsd:date , xsd:gYear .",
    "ill-formed sh:datatype": "ex:S a sh:NodeShape ; sh:datatype 1 .",
    "ill-formed sh:nodeKind": "ex:S a sh:NodeShape ; sh:nodeKind ex:IRI .",
    "ill-formed sh:minLength": "ex:S a sh:NodeShape ; sh:minLength -1 .",
    "ill-formed sh:maxCount": 'ex:S sh:path ex:p ; sh:targetNode ex:s ; sh:maxCount "1" .',
    "ill-formed sh:closed": 'ex:S a sh:NodeShape ; sh:closed "yes" .',
    "ill-formed sh:languageIn": "ex:S a sh:NodeShape ; sh:languageIn ( ex:en ) .",
    "ill-formed sh:message": "ex:S a sh:NodeShape ; sh:message ex:m .",
    "ill-formed sh:targetClass": 'ex:S sh:targetClass "C" .',
    "ill-formed sh:class": 'ex:S a sh:NodeShape ; sh:class "C" .',
    "ill-formed sh:equals": "ex:S a sh:NodeShape ; sh:equals [] .",
    "ill-formed list": "ex:S a sh:NodeShape ; sh:in ex:list .",
    "list of fewer than 1 members": "ex:S sh:targetNode ex:s ; sh:or () .",
    "list of fewer than 2 members": "ex:S sh:targetNode ex:s ; sh:path ( ex:p ) .",
    "ill-formed sh:path": "ex:S sh:targetNode ex:s ; sh:path ex:p , ex:q .",
    "<https://example.org/upward> in sh:path": "ex:S sh:targetNode ex:s ; sh:path [ ex:upward ex:p ] .",
    "sh:inversePath of a sequence": "ex:S sh:targetNode ex:s ; sh:path [ sh:inversePath ( ex:p ex:q ) ] .",
    "sh:PropertyShape without sh:path": "ex:S a sh:PropertyShape .",
    "sh:property to the wrong kind of shape": "ex:S a sh:NodeShape ; sh:property [ sh:nodeKind sh:IRI ] .",
    "sh:node to the wrong kind of shape": "ex:S a sh:NodeShape ; sh:node [ sh:path ex:p ] .",
    "a literal as shape": 'ex:S a sh:NodeShape ; sh:node "T" .',
    "sh:qualifiedValueShape without a count": "ex:S sh:path ex:p ; sh:targetNode ex:s ; sh:qualifiedValueShape [] .",
    "sh:ignoredProperties without sh:closed": "ex:S a sh:NodeShape ; sh:ignoredProperties ( ex:p ) .",
}


@pytest.mark.parametrize("feature", REFUSED)
def test_what_is_not_covered_is_refused_by_its_name(feature: str) -> None:
    found = refusals(REFUSED[feature])
    assert any(said.startswith(feature) for said in found), found


def test_all_that_is_refused_is_named_and_the_shape_with_it() -> None:
    assert refusals(REFUSED["sh:js"] + REFUSED["sh:rule"].replace("ex:S", "ex:T")) == [
        "sh:js of <https://example.org/S>",
        "sh:rule of <https://example.org/T>",
    ]


def test_what_is_refused_is_validated_by_pyshacl_and_said(tmp_path) -> None:
    file = tmp_path / "own.ttl"
    select = "SELECT $this { FILTER NOT EXISTS { $this <https://example.org/q> ?q } }"
    file.write_text(
        f'{PREFIXES} ex:S sh:targetNode ex:s , ex:none ; sh:sparql [ sh:select "{select}" ; sh:message "no q" ] .',
        encoding="utf-8",
    )
    outcome = validate(AWKWARD, shapes=[file], rules=[])
    assert outcome.refused == ("sh:sparql of <https://example.org/S>",)
    assert [v.focus for v in outcome.violations] == ["https://example.org/none"]
    assert "sh:sparql of <https://example.org/S>" in outcome.summary()
    assert compared(AWKWARD, shapes=[file]).refused == outcome.refused
    assert not compared(AWKWARD, shapes=[file]).equal


@pytest.mark.parametrize(
    ("said", "parameter"), [("[] ; ex:to 1", "sh:lessThan"), ("1 ; ex:to _:b", "sh:lessThanOrEquals")]
)
def test_a_comparison_that_pyshacl_ends_with_an_error_is_its_error(said: str, parameter: str) -> None:
    data = Columns()
    data.take(statements(f"ex:s ex:from {said} ."))
    graph = shapes(f"ex:S sh:targetNode ex:s ; sh:path ex:from ; {parameter} ex:to .")
    assert compiled(graph).refused == ()
    with pytest.raises(ShapesError, match="BlankNode"):
        core_report(compiled(graph), data)


def test_a_decimal_is_not_compared_with_what_is_not_a_number() -> None:
    data = Columns()
    data.take(statements('ex:s ex:p "NaN"^^xsd:double .'))
    graph = shapes("ex:S sh:targetNode ex:s ; sh:path ex:p ; sh:minInclusive 1.5 .")
    with pytest.raises(ShapesError, match="cannot be compared"):
        core_report(compiled(graph), data)


def test_the_graph_for_pyshacl_is_the_one_that_was_read() -> None:
    columns, terms = Columns(), Terms()
    columns.take(AWKWARD)
    terms.add(AWKWARD)
    assert set(graph_of(columns)) == set(terms.graph)
    assert len(columns) == len(terms.graph)


def test_columns_say_how_often_a_term_is_used() -> None:
    graph, other = ox.NamedNode("urn:g"), ox.NamedNode("urn:h")
    data = statements("ex:s a ex:C ; ex:p 1 , 2 . ex:t a ex:C .")
    columns = Columns()
    columns.take(in_graph(t, g) for g in (graph, other) for t in data)
    ex = "https://example.org/"
    assert {k: n for k, n in columns.used().items() if k.startswith(ex)} == {f"{ex}C": 4, f"{ex}p": 4}
    assert len(columns) == 4


# A store


def test_a_store_gives_the_same_as_the_statements() -> None:
    store = ox.Store()
    store.extend(in_graph(t) for t in AWKWARD if ox.BlankNode not in (type(t.subject), type(t.object)))
    turtle = shapes_of("sh:closed") + shapes_of("sh:or").replace("ex:P", "ex:Q").replace("ex:N", "ex:M")
    turtle += f"{NAMED_SHAPES} sh:path {PATHS[9]} ; sh:maxCount 0 . ex:T sh:targetObjectsOf ex:q ; sh:nodeKind sh:IRI ."
    graph = shapes(turtle)
    kept = [q.triple for q in store.quads_for_pattern(None, None, None, ox.DefaultGraph())]
    columns = Columns()
    columns.take(kept)
    expected = found_in(core_report(compiled(graph), columns)[0])
    assert expected.total() > 50
    for held in (0, 1_000_000):
        assert found_in(core_report(compiled(graph), StoreColumns(store, held))[0]) == expected
    assert len(StoreColumns(store)) == len(columns)


def test_columns_of_a_store_are_let_go() -> None:
    store = ox.Store()
    store.extend(in_graph(t) for t in AWKWARD)
    columns = StoreColumns(store, held=5)
    for predicate in ("q", "p", "r"):
        iri = f"https://example.org/{predicate}"
        assert {s for s in columns.forward(iri)} == {s for values in columns.inverse(iri).values() for s in values}
        assert sum(len(collected(v)) for v in columns.forward(iri).values()) == sum(
            map(len, columns.inverse(iri).values())
        )
    assert columns.held <= len([t for t in AWKWARD if t.predicate.value == "https://example.org/r"]) * 2


def test_an_opened_store_is_validated_with_the_rules(tmp_path) -> None:
    data = statements("<https://w3id.org/msevidence/study/x> a <https://w3id.org/msevidence/ontology#Study> .")
    store = ox.Store(str(tmp_path / "store"))
    for file in term_files():
        store.bulk_extend(in_graph(t) for t in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE))
    store.bulk_extend(in_graph(t) for t in data)
    from_store, from_statements = validate_store(store), validate(data)
    assert from_store.violations == from_statements.violations
    assert len(from_store.violations) > 0
    assert from_store.reached == from_statements.reached
    assert from_store.turtle == from_statements.turtle


def test_rules_look_at_triples_and_at_quads_of_any_graph() -> None:
    class_of = "<https://w3id.org/msevidence/study/x> ex:p <https://w3id.org/msevidence/study/y> ."
    for graph in (None, ox.NamedNode("urn:g")):
        check = RuleCheck()
        check.add([t if graph is None else in_graph(t, graph) for t in statements(class_of)])
        check.add([in_graph(t, ox.NamedNode("urn:h")) for t in statements(class_of)])
        assert [row.rule for row in check.broken()] == ["thing-is-described"]


def test_the_shapes_of_this_folder_are_all_covered() -> None:
    made = compiled(read_graph(validation.shape_files()))
    assert made.refused == ()
    assert len(made.shapes) > 450
