"""Validation: what goes in, what comes out, and that it cannot pass by looking at nothing."""

import pyoxigraph as ox
import pytest
from rdflib import RDF, SH, BNode, Graph

from msevidence import ontology
from msevidence.ontology.namespaces import FOLDER, MSE
from msevidence.ontology.validation import ShapesError, undeclared_terms, validate
from msevidence.ontology.validation_report import path_text, shape_files

BASE = "https://w3id.org/msevidence/"
TYPE = ox.NamedNode(str(RDF.type))
CLAIM = next((FOLDER / "examples").glob("*-valid-claim.ttl"))


def node(name):
    return ox.NamedNode(BASE + name)


def claim_quads():
    return [
        ox.Quad(t.subject, t.predicate, t.object, node("graph/a"))
        for t in ox.parse(path=str(CLAIM), format=ox.RdfFormat.TURTLE)
    ]


def test_the_package_offers_two_verbs():
    assert ontology.validate is validate
    assert ontology.undeclared_terms is undeclared_terms
    with pytest.raises(AttributeError, match="validat"):
        ontology.validat  # noqa: B018


def test_quads_triples_and_files_are_the_same_to_it(tmp_path):
    quads = claim_quads()
    file = tmp_path / "claim.nq"
    ox.serialize(quads, str(file), format=ox.RdfFormat.N_QUADS)
    streams = [iter(quads), (q.triple for q in quads), file]
    outcomes = [validate(data, rules=[]) for data in streams]
    assert all(o.conforms for o in outcomes)
    assert {o.triples for o in outcomes} == {outcomes[0].triples}
    assert {o.reached[str(MSE.Claim)] for o in outcomes} == {1}


def test_the_same_statement_in_two_graphs_is_one():
    quads = claim_quads()
    twice = [*quads, *(ox.Quad(q.subject, q.predicate, q.object, node("graph/b")) for q in quads)]
    assert validate(twice, rules=[]).triples == validate(quads, rules=[]).triples


def test_without_data_nothing_is_reached_and_the_terms_conform():
    outcome = validate()
    assert outcome.conforms, outcome.summary()
    assert outcome.reached == {}
    assert outcome.summary().endswith("conform to the shapes")


def test_a_class_without_a_shape_is_named_and_stops():
    quads = [ox.Quad(node("study/a"), TYPE, ox.NamedNode("http://www.w3.org/ns/adms#Identifier"))]
    outcome = validate(quads)
    assert outcome.unreached == {"http://www.w3.org/ns/adms#Identifier": 1}
    assert not outcome.violations
    assert not outcome.conforms
    assert "adms#Identifier" in outcome.summary()


def test_an_undeclared_term_is_named_and_stops():
    wrong = ox.NamedNode("https://w3id.org/msevidence/ontology#statedin")
    quads = [
        ox.Quad(node("claim/a"), wrong, ox.Literal("x")),
        ox.Quad(node("claim/b"), wrong, ox.Literal("x")),
        ox.Quad(node("claim/a"), ox.NamedNode("http://purl.org/spar/cito/isSupportedBy"), node("publication/a")),
        ox.Quad(node("claim/a"), TYPE, ox.NamedNode("http://purl.org/spar/fabio/JurnalArticle")),
        ox.Quad(node("claim/a"), ox.NamedNode("http://purl.org/dc/terms/title"), ox.Literal("x")),
    ]
    assert undeclared_terms(quads) == {
        "http://purl.org/spar/cito/isSupportedBy": 1,
        "http://purl.org/spar/fabio/JurnalArticle": 1,
        "https://w3id.org/msevidence/ontology#statedin": 2,
    }
    outcome = validate(quads, rules=[])
    assert outcome.undeclared[wrong.value] == 2
    assert not outcome.conforms
    assert "statedin" in outcome.summary()


def test_declared_terms_are_not_undeclared():
    assert undeclared_terms(claim_quads()) == {}


def test_the_report_is_rdf_without_blank_nodes_and_the_same_each_time():
    invalid = sorted((FOLDER / "examples").glob("*-invalid-*.ttl"))
    assert len(invalid) > 300
    first, second = (validate(*invalid, rules=[]).turtle for _ in range(2))
    assert first == second
    report = Graph().parse(data=first, format="turtle")
    assert not [n for triple in report for n in triple if isinstance(n, BNode)]
    root = next(report.subjects(RDF.type, SH.ValidationReport))
    assert report.value(root, SH.conforms).toPython() is False
    assert len(list(report.objects(root, SH.result))) >= len(invalid)


def test_a_summary_says_how_many_more_there_are():
    invalid = sorted((FOLDER / "examples").glob("*-invalid-claim-*.ttl"))
    assert len(invalid) > 5
    summary = validate(*invalid, rules=[]).summary("nb", most=2)
    assert "Påstand" in summary
    assert "more: they are in the validation report" in summary


def test_ill_formed_shapes_are_an_error_and_not_a_pass(tmp_path):
    file = tmp_path / "two-paths.ttl"
    file.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> .\n"
        "ex:s a sh:PropertyShape ; sh:targetClass ex:C ; sh:path ex:a , ex:b ; sh:minCount 1 .",
        encoding="utf-8",
    )
    with pytest.raises(ShapesError, match="the shapes cannot be used"):
        validate(claim_quads(), shapes=[file], rules=[])


@pytest.mark.parametrize(
    ("name", "content"), [("a.nq", "<a> <b> ."), ("a.txt", ""), ("b.nt", None)], ids=["broken", "format", "absent"]
)
def test_a_file_that_cannot_be_read_is_named(tmp_path, name, content):
    file = tmp_path / name
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(ShapesError, match=name):
        validate(file)


def test_triple_terms_are_refused():
    inner = ox.Triple(node("a"), TYPE, node("b"))
    with pytest.raises(ShapesError, match="triple term"):
        validate([ox.Quad(node("c"), TYPE, inner)], rules=[])


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("mse:value", "mse:value"),
        ("[ sh:inversePath mse:inRegistry ]", "^mse:inRegistry"),
        ("( [ sh:inversePath mse:inRegistry ] mse:scheme )", "^mse:inRegistry/mse:scheme"),
        ("[ sh:alternativePath ( mse:value mse:unit ) ]", "mse:value|mse:unit"),
        ("[ sh:zeroOrMorePath mse:partOf ]", "mse:partOf*"),
        ("[ sh:oneOrMorePath mse:partOf ]", "mse:partOf+"),
        ("[ sh:zeroOrOnePath <https://example.org/p> ]", "<https://example.org/p>?"),
    ],
)
def test_paths_read_as_in_sparql(path, text):
    graph = Graph().parse(
        data=f"@prefix sh: <{SH}> . @prefix mse: <{MSE}> . <https://example.org/s> sh:path {path} .", format="turtle"
    )
    assert path_text(graph, next(graph.objects(None, SH.path))) == text


def test_the_shapes_are_files_as_written():
    blank = [
        t
        for f in shape_files()
        for t in ox.parse(path=str(f), format=ox.RdfFormat.TURTLE)
        if t.predicate.value == str(SH.path) and isinstance(t.object, ox.BlankNode)
    ]
    assert len(blank) > 20
