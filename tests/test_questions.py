"""The header of stored questions: what is read, what is refused, what is bound."""

import pyoxigraph as ox
import pytest

from msevidence.queries import ParameterError, QuestionError, load_questions, parse_question, question

GOOD = """\
# title(en): Which publications report on this study?
# title(nb): Hvilke publikasjoner rapporterer denne studien?
# about(en): One row a publication,
#   with its year.
# asks: 3, 4
# param: study IRI
# param(en): study The study; left out,
#   all of them
# param(nb): study Studien; utelatt: alle
# param: before date=2024-12-31
# param(en): before Published before
# param(nb): before Publisert før
PREFIX mse: <https://w3id.org/msevidence/ontology#>
SELECT ?study ?before ?publication WHERE { ?publication mse:reportsOn ?study }
"""


def test_header_is_read() -> None:
    read = parse_question("reports", GOOD)
    assert read.titles["nb"] == "Hvilke publikasjoner rapporterer denne studien?"
    assert read.descriptions == {"en": "One row a publication, with its year."}
    assert (read.asks, read.form, read.sparql) == ((3, 4), "select", GOOD)
    assert [(p.name, p.type, p.default, dict(p.abouts)) for p in read.params] == [
        ("study", "IRI", None, {"en": "The study; left out, all of them", "nb": "Studien; utelatt: alle"}),
        ("before", "date", "2024-12-31", {"en": "Published before", "nb": "Publisert før"}),
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("# asks: 3, 4", "# asks: three", r"reports\.rq:5: asks is 'three'"),
        ("# asks: 3, 4\n", "", "has no asks"),
        ("# title(nb)", "# title(sv)", r"reports\.rq:2: title\(sv\)"),
        ("# title(nb): Hvilke publikasjoner rapporterer denne studien?\n", "", r"has no title\(nb\)"),
        ("# about(en)", "# abuot(en)", r"reports\.rq:3: 'abuot' is no key"),
        ("# asks: 3, 4", "# asks: 3\n# asks: 4", r"reports\.rq:6: 'asks' is no key here, or stands twice"),
        ("# asks: 3, 4", "#asks 3", r"reports\.rq:5: not a line of the form"),
        ("study IRI", "study Iri", r"reports\.rq:6: write `param"),
        ("study IRI", "studie IRI", r"has no variable \?studie"),
        ("param: before date=2024-12-31", "param: study date", r"reports\.rq:10: the parameter study stands twice"),
        ("# param(nb): before Publisert før\n", "", r"has no param\(nb\): before"),
        ("(nb): before Publ", "(sv): before Publ", r"reports\.rq:12: param\(sv\): before must stand once each"),
        ("(nb): before Publ", "(en): before Publ", r"reports\.rq:12: param\(en\): before must stand once each"),
        ("(nb): before Publ", "(nb): after Publ", r"reports\.rq:12: write `param\(nb\): name description` below"),
        (
            "# param(nb): before",
            "# example: before 2020-01-01\n# param(nb): before",
            r"rq:12: write `example: name value` once",
        ),
        (
            "# param(nb): study",
            "# example: studie study/mist\n# param(nb): study",
            r"rq:9: write `example: name value` once",
        ),
        (
            "# param(nb): study",
            "# example: study <a b>\n# param(nb): study",
            r"rq:9: the example is wrong: study=<a b>: not an",
        ),
        ("study IRI", "study IRI of Studie", r"rq:6: of Studie: write a class of the ontology, or scheme/NAME"),
        ("date=2024-12-31", "date=2024-12-31 of Study", r"rq:10: of Study: write a class of the ontology"),
        ("date=2024-12-31", "date=2024-13-31", r"reports\.rq:10: the default is wrong"),
        ("?study ?before ?pub", "?before ?pub", "must stand among the variables of SELECT"),
        ("reportsOn ?study }", "reportsOn ?study", "not SPARQL: error at 15:1"),
        ("SELECT", "INSERT", "has no line that begins with SELECT"),
    ],
)
def test_mistake_in_the_header_is_named(old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(QuestionError, match=message):
        parse_question("reports", GOOD.replace(old, new))


def test_values_are_bound_by_type() -> None:
    read = parse_question("reports", GOOD)
    date = ox.Literal("2024-12-31", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date"))
    assert read.bind({}) == {ox.Variable("before"): date}
    mist = ox.NamedNode("https://w3id.org/msevidence/study/mist")
    for value in ("study/mist", "https://w3id.org/msevidence/study/mist", "<https://w3id.org/msevidence/study/mist>"):
        assert read.bind({"study": value})[ox.Variable("study")] == mist
    for values in ({"study": "no iri"}, {"before": "2024"}, {"nonsense": "1"}):
        with pytest.raises(ParameterError):
            read.bind(values)


def test_an_example_is_taken_where_there_is_no_value() -> None:
    read = parse_question(
        "reports", GOOD.replace("# param(en): study", "# example: study study/mist\n# param(en): study")
    )
    iri = "https://w3id.org/msevidence/study/"
    assert read.examples({}) == {"study": "study/mist"} and read.examples({"study": "study/astims"}) == {}
    assert read.bind({})[ox.Variable("study")] == ox.NamedNode(iri + "mist")
    assert read.bind({"study": "study/astims"})[ox.Variable("study")] == ox.NamedNode(iri + "astims")


def test_a_prefix_stands_for_the_thing_that_is_asked_for() -> None:
    """The IRI is in the text before an engine plans it; what else the text says stays as it is."""
    text = GOOD.replace("study IRI", "thing IRI of Study").replace("): study", "): thing")
    line = "prefix  thing: <https://w3id.org/msevidence/study/mist> # HERE: <of the study>"
    text = text.replace("PREFIX mse", f"{line}\nPREFIX mse").replace("reportsOn ?study", "reportsOn thing:")
    read = parse_question("reports", text)
    assert read.examples({}) == {"thing": "study/mist"} and read.written({}) == text
    assert list(read.bind({"thing": "study/astims"})) == [ox.Variable("before")]
    for value in ("study/astims", "https://w3id.org/msevidence/study/astims"):
        assert read.written({"thing": value}) == text.replace("study/mist>", "study/astims>")
    for value in ("x> <y", "a b", "x\n"):
        with pytest.raises(ParameterError):
            read.written({"thing": value})


def test_unknown_question_is_told_with_those_there_are() -> None:
    with pytest.raises(QuestionError, match="no question 'nonsense'; there are: "):
        question("nonsense")


def test_all_stored_questions_can_be_read() -> None:
    """Reading them asks each of an empty store, with every parameter bound."""
    questions = load_questions()
    assert all(name == read.name and read.asks for name, read in questions.items())
