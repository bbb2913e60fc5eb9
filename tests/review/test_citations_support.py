"""Sentences without support: numbers and judgements, planted, mended, and covered by a neighbour."""

from pathlib import Path

import pytest

from msevidence.loaders.review.citations import uncited_judgement, uncited_number
from msevidence.loaders.review.outcome import Outcome, Rule, Severity
from tests.review.citation_texts import article, mended, planted, small
from tests.review.reviewing import Reviewed, reviewed

NUMBER, JUDGEMENT = uncited_number.RULE, uncited_judgement.RULE


def found(review: Reviewed, rule: Rule, words: str) -> list[Outcome]:
    """Return the findings whose sentence (the first passage that is no neighbour) has these words."""
    return [o for o in review.broken(rule) if words in review.text(o.focus)]


def severity(outcome: Outcome, rule: Rule) -> Severity:
    return outcome.severity or rule.severity


def test_originals() -> None:
    review = reviewed()
    assert review.checked(NUMBER, "nygaard-2024") > 30
    assert review.checked(NUMBER, "fhi-2021") > 3
    warned = [o for o in review.broken(NUMBER) if severity(o, NUMBER) == Severity.WARNING]
    assert [review.text(o.focus)[:30] for o in warned] == [
        "Estimates from patient groups ",
        "A hospital stay of two to four",
        "As of November 2023, the trial",
        "The patients will be followed ",
        "In addition, an estimated 40 p",
    ]
    assert not [o for o in review.broken(JUDGEMENT) if o.document.endswith("fhi-2021")]


@pytest.mark.parametrize(
    "words",
    [
        "after one year in all 28 patients",
        "I Norge har 12 500 personer",
        "by 79 % compared",
        "Stem cell therapy (n = 9)",
    ],
)
def test_number_planted(words: str) -> None:
    assert found(planted(), NUMBER, words)
    assert not found(reviewed(), NUMBER, words)


def test_message_of_a_number() -> None:
    (outcome,) = found(planted(), NUMBER, "I Norge har 12 500 personer")
    assert outcome.english.startswith("Stated without a reference: 12 500 personer")
    assert outcome.norwegian.startswith("Oppgitt uten referanse: 12 500 personer")
    assert len(outcome.passages) == 1
    assert severity(outcome, NUMBER) == Severity.WARNING


@pytest.mark.parametrize(
    "words", ["approximately 400 MS patients", "two to four weeks", "88 out of the 100", "21 pasientserier"]
)
def test_number_mended(words: str) -> None:
    assert found(reviewed(), NUMBER, words)
    assert not found(mended(), NUMBER, words)


def test_next_sentence_covers() -> None:
    (outcome,) = found(reviewed(), NUMBER, "decreased from 1.3 %")
    assert severity(outcome, NUMBER) == Severity.NOTE
    assert outcome.english.endswith("0.2 %; the next sentence cites (5).")
    assert outcome.norwegian.endswith("0.2 %; neste setning siterer (5).")
    assert len(outcome.passages) == 2


def test_own_counts_are_left() -> None:
    for words in ("Databasesøket ga 424 treff", "Vi identifiserte fem studier", "15 inkluderte studiene"):
        assert not [o for o in reviewed().outcomes(NUMBER) if words in reviewed().text(o.focus)]


def test_judgement_planted() -> None:
    words = "research has shown the therapy to have a good effect"
    (outcome,) = found(planted(), JUDGEMENT, words)
    assert severity(outcome, JUDGEMENT) == Severity.WARNING
    assert "good effect and an acceptable risk" in outcome.english
    assert not found(reviewed(), JUDGEMENT, words)


@pytest.mark.parametrize(
    "words", ["is highly effective for relapsing-remitting MS", "it is more risky and challenging"]
)
def test_judgement_mended(words: str) -> None:
    assert found(reviewed(), JUDGEMENT, words)
    assert not found(mended(), JUDGEMENT, words)


def test_marked_opinion_is_a_note() -> None:
    (outcome,) = found(reviewed(), JUDGEMENT, "We believe that Norwegian patients")
    assert severity(outcome, JUDGEMENT) == Severity.NOTE
    assert outcome.english.endswith("the text says that it is the authors' opinion.")


def test_small_opinion(tmp_path: Path) -> None:
    review = small(
        tmp_path,
        "<sec><title>Asthma</title><p>Asthma affects 12 % of children [1].</p>"
        "<p>Inhaled steroids are safe.</p><p>Costs rose by 40 million kroner.</p><p>One of them is new.</p>"
        "<p>It is unknown whether training is safe.</p></sec>",
    )
    assert [review.text(o.focus) for o in review.broken(NUMBER)] == ["Costs rose by 40 million kroner."]
    assert [review.text(o.focus) for o in review.broken(JUDGEMENT)] == ["Inhaled steroids are safe."]


def test_small_study(tmp_path: Path) -> None:
    """In a document with results, its own data need no support, and others' do."""
    review = small(
        tmp_path,
        '<sec sec-type="intro"><title>Introduction</title><p>Asthma affects 12 % of children.</p>'
        "<p>We saw 9 children [1].</p></sec>"
        '<sec sec-type="methods"><title>Methods</title><p>We asked 80 children.</p></sec>'
        '<sec sec-type="results"><title>Results</title><p>Of 80 children, 30 % had asthma.</p></sec>'
        '<sec sec-type="discussion"><title>Discussion</title><p>Asthma was found in 30 %.</p>'
        "<p>A large Danish study found 14 %.</p><p>An earlier study found 13 % [2].</p></sec>",
    )
    assert [review.text(o.focus) for o in review.broken(NUMBER)] == [
        "Asthma affects 12 % of children.",
        "A large Danish study found 14 %.",
    ]


def test_table_without_any_reference(tmp_path: Path) -> None:
    """One finding of a table, not one of each cell."""
    rows = "".join(f"<tr><td>Group {n}</td><td>{n} children</td></tr>" for n in (12, 25, 40))
    table = (
        '<table-wrap id="t1"><label>Table 1</label><caption><p>Children with asthma{cite}</p></caption><table><thead>'
        f"<tr><th>Group</th><th>Size</th></tr></thead><tbody>{rows}</tbody></table></table-wrap>"
    )
    body = "<sec><title>Asthma</title><p>It is common [1].</p>{table}</sec>"
    review = small(tmp_path, body.format(table=table.format(cite="")))
    (outcome,) = review.broken(NUMBER)
    assert outcome.english == "The table has numbers in 3 cells and no reference: 12, 25, 40."
    assert len(outcome.passages) == 4
    assert not small(tmp_path, body.format(table=table.format(cite=" [2]"))).broken(NUMBER)


def test_without_markers_there_is_nothing_to_look_at(tmp_path: Path) -> None:
    assert small(tmp_path, "<sec><title>A</title><p>Asthma affects 12 % of children.</p></sec>").checked(NUMBER) == 0


def test_published_article(shared_dir: Path, tmp_path: Path) -> None:
    path = shared_dir / "samples" / "jats_xml" / "journal.pone.0026358.xml"
    marker = ' <xref ref-type="bibr" rid="pone.0026358-Nacul1">[3]</xref>. There is'
    words = "The prevalence estimates vary up to 1%"
    assert found(article(tmp_path, path, [(marker, ". There is")]), NUMBER, words)
    assert not found(article(tmp_path, path), NUMBER, words)


@pytest.mark.parametrize(
    ("name", "numbers", "judgements"),
    [("1472-6831-8-11.nxml", 1, 0), ("journal.pone.0026358.xml", 0, 0), ("journal.pone.0119074.xml", 0, 0)],
)
def test_published_articles_are_mostly_in_order(
    name: str, numbers: int, judgements: int, shared_dir: Path, tmp_path: Path
) -> None:
    review = article(tmp_path, shared_dir / "samples" / "jats_xml" / name)
    assert (len(review.broken(NUMBER)), len(review.broken(JUDGEMENT))) == (numbers, judgements)
