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
# param: study IRI The study; left out, all of them
# param: before date=2024-12-31 Published before
PREFIX mse: <https://w3id.org/msevidence/ontology#>
SELECT ?study ?before ?publication WHERE { ?publication mse:reportsOn ?study }
"""


def test_header_is_read() -> None:
    read = parse_question("reports", GOOD)
    assert read.titles["nb"] == "Hvilke publikasjoner rapporterer denne studien?"
    assert read.descriptions == {"en": "One row a publication, with its year."}
    assert (read.asks, read.form, read.sparql) == ((3, 4), "select", GOOD)
    assert [(p.name, p.type, p.default) for p in read.params] == [
        ("study", "IRI", None),
        ("before", "date", "2024-12-31"),
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
        ("study IRI The", "study Iri The", r"reports\.rq:6: write `param"),
        ("study IRI The", "studie IRI The", r"has no variable \?studie"),
        ("date=2024-12-31", "date=2024-13-31", r"reports\.rq:7: the default is wrong"),
        ("?study ?before ?pub", "?before ?pub", "must stand among the variables of SELECT"),
        ("reportsOn ?study }", "reportsOn ?study", "not SPARQL: error at 10:1"),
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


def test_unknown_question_is_told_with_those_there_are() -> None:
    with pytest.raises(QuestionError, match="no question 'nonsense'; there are: "):
        question("nonsense")


def test_all_stored_questions_can_be_read() -> None:
    """Reading them asks each of an empty store, with every parameter bound."""
    questions = load_questions()
    assert all(name == read.name and read.asks for name, read in questions.items())
