"""Rules that are queries: entries and citations that do not meet, much that rests on one work, what a person said."""

from pathlib import Path

from msevidence.loaders.review.outcome import Rule
from msevidence.loaders.review.sparql import sparql_rule
from msevidence.ontology.namespaces import FOLDER
from tests.review.citation_texts import mended, planted, small
from tests.review.reviewing import reviewed


def rule(name: str) -> Rule:
    return sparql_rule(FOLDER / "review" / f"{name}.rq")


NOT_CITED, NO_ENTRY = rule("entry-not-cited"), rule("citation-without-entry")
CONCENTRATION, PERSONAL = rule("concentration"), rule("personal-communication")


def test_entry_not_cited() -> None:
    found = planted().broken(NOT_CITED)
    assert [o.english for o in found] == [
        "Entry 14 of the reference list is never cited in the text.",
        "Entry 15 of the reference list is never cited in the text.",
    ]
    assert [planted().texts(o)[0][:6] for o in found] == ["Luna G", "Das J,"]
    assert not reviewed().broken(NOT_CITED)
    assert reviewed().checked(NOT_CITED) == 15


def test_citation_without_entry() -> None:
    (outcome,) = planted().broken(NO_ENTRY)
    assert planted().texts(outcome)[0].startswith("These medications also increase the risk of infections")
    assert outcome.english == "The text cites 24, and the reference list has no entry with this number."
    assert not reviewed().broken(NO_ENTRY)
    # a document without any list is the finding of the build, not twenty of this rule
    assert reviewed().checked(NO_ENTRY, "fhi-2021") == 0
    assert reviewed().checked(NO_ENTRY, "nygaard-2024") == 15


def test_concentration() -> None:
    (outcome,) = reviewed().broken(CONCENTRATION)
    assert outcome.english == (
        "8 of the 32 citations (25 %) lead to the work Nabizadeh 2022; so do 4 cells of a table."
    )
    assert outcome.norwegian.startswith("8 av de 32 siteringene (25 %) fører til verket Nabizadeh 2022")
    assert len(outcome.passages) == 9  # eight sentences and the entry
    assert len(outcome.about) >= 8
    assert not mended().broken(CONCENTRATION)
    assert mended().checked(CONCENTRATION) >= 2


def test_small_concentration(tmp_path: Path) -> None:
    def body(*numbers: int) -> str:
        return "<sec><title>A</title>" + "".join(f"<p>So it is, {n} [{n}].</p>" for n in numbers) + "</sec>"

    works = ["<year>2015</year>"] * 8
    (outcome,) = small(tmp_path, body(1, 1, 1, 2, 3, 4, 5, 6, 7, 8), works).broken(CONCENTRATION)
    assert outcome.english.startswith("3 of the 10 citations (30 %) lead to the work")
    assert not small(tmp_path, body(1, 1, 2, 2, 3, 4, 5, 6, 7, 8), works).broken(CONCENTRATION)
    # of fewer than ten nothing is said
    assert small(tmp_path, body(1, 1, 1, 2, 3, 4, 5, 6, 7), works).checked(CONCENTRATION) == 0


def test_personal_communication() -> None:
    assert {o.english for o in planted().broken(PERSONAL)} == {
        "This rests on a personal communication, which nobody can look up: Torstein Egeland, personal communication,"
        " 1 November 2023.",
        "This rests on a personal communication, which nobody can look up: Kari Nordmann, personlig meddelelse.",
    }
    (outcome,) = reviewed().broken(PERSONAL)
    assert outcome.about
    assert not mended().broken(PERSONAL)


def test_small_personal_communication(tmp_path: Path) -> None:
    review = small(
        tmp_path,
        "<sec><title>A</title><p>It fell (B. Hall, pers. comm.).</p><p>Personal communication skills matter.</p></sec>",
    )
    assert [review.text(o.focus) for o in review.broken(PERSONAL)] == ["It fell (B. Hall, pers. comm.)."]
