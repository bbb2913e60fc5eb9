"""Registry numbers: their links, dashes, titles and records, planted wrong and mended; one copy each."""

from pathlib import Path

import pytest

from msevidence.loaders.review.identifiers import odd_dash, record_of_other_condition, title_of_other_record
from msevidence.loaders.review.identifiers.record_of_other_condition import condition_phrase
from msevidence.loaders.review.outcome import Outcome, Rule, Severity
from msevidence.loaders.review.sparql import sparql_rule
from msevidence.ontology.namespaces import FOLDER
from tests.review.reviewing import Reviewed, reviewed, reviewed_jats

LINK = sparql_rule(FOLDER / "review" / "link-leads-to-other-number.rq")
MISSING = sparql_rule(FOLDER / "review" / "link-missing.rq")
SAMPLE = Path(__file__).parents[3] / "shared" / "samples" / "jats_xml" / "journal.pone.0026358.xml"
KEY = "10-1371-journal-pone-0026358"
DASH, TITLE, CONDITION = odd_dash.RULE, title_of_other_record.RULE, record_of_other_condition.RULE

OTHER_RECORD = (
    "A 12-month, multicenter, open label, randomized, controlled study to eval-\nuate the efficacy, tolerability and"
    " safety of early introduction of everolimus, reduced CNI, and early steroid \nelimination compared to standard"
    " CNI, mycophenolate mofetil and steroid regimen in pediatric renal trans-\nplant recipients with a 24-month"
    " additional safety follow-up \nhttps://www.clinicaltrialsregister.eu/ctr-search/trial/2010-024381-21/results   "
)
MENDED = {
    "fhi-2021": [
        (
            OTHER_RECORD,
            "Mesenchymal stem cells for multiple sclerosis"
            " \nhttps://www.clinicaltrialsregister.eu/ctr-search/trial/2010-024081-21/results   ",
        ),
        ("search?query=2010-024381-21", "search?query=2010-024081-21"),
        (
            "/trial/2010-024381-21/results\nhttps://www.cochranelibrary.com/central/doi/10.1002/central/CN-02160820",
            "/trial/2010-024081-21/results\nhttps://www.cochranelibrary.com/central/doi/10.1002/central/CN-02160820",
        ),
        ("EudraCT 2012–000518-13", "EudraCT 2012-000518-13"),
        ("EudraCT 2015–000137-78", "EudraCT 2015-000137-78"),
        ("(NCT03133403, EudraCT", "(EudraCT"),
    ]
}
PLANTED = {
    "fhi-2021": [
        # A link to another number, and no link at all.
        ("https://clinicaltrials.gov/ct2/show/NCT01377870\n", "https://clinicaltrials.gov/ct2/show/NCT01377871\n"),
        ("https://clinicaltrials.gov/ct2/show/NCT02403947\n", ""),
        # An address in a row that is that of the row above.
        ("https://clinicaltrials.gov/ct2/show/NCT02495766   ", "https://clinicaltrials.gov/ct2/show/NCT01815632   "),
        # Other dashes, with and without spaces; a dash that is no part of a number.
        ("EudraCT 2016-001166-29", "EudraCT 2016−001166‑29"),
        ("EudraCT 2008-004015-35", "EudraCT 2008 – 004015 – 35"),
        ("perioden 2024-2029", "perioden 2024–2029"),
        # The title of another record, and one about something else than the record.
        ("Study of mesenchymal autologous stem cells as regenerative treatment for multiple scle-\nrosis.",
         "Assessment of Bone Marrow-derived Cellular Therapy in Progressive Multiple Sclerosis \n(ACTiMuS)."),
        ("A multicentre, randomised controlled trial to evaluate the efficacy of autologous haemato-\npoietic stem cell"
         " transplantation versus alemtuzumab or ocrelizumab in relapsing-remitting multiple sclerosis",
         "Rivaroxaban for stroke prevention in atrial fibrillation after carotid endarterectomy"),
        # A number of a trial of another disease; a title in other words for the same study.
        ("(NCT03477500, RAM-MS)", "(EudraCT 2010-024381-21, RAM-MS)"),
        ("Autologous mesenchymal stromal cells for multiple sclerosis. \n",
         "Autologous mesenchymal stem cells as a therapeutic strategy in multiple sclerosis. \n"),
    ]
}  # fmt: skip


@pytest.fixture(scope="module")
def original() -> Reviewed:
    return reviewed()


@pytest.fixture(scope="module")
def mended() -> Reviewed:
    return reviewed(MENDED)


@pytest.fixture(scope="module")
def planted() -> Reviewed:
    return reviewed(PLANTED)


def found(review: Reviewed, rule: Rule, words: str) -> list[Outcome]:
    """Return what a rule finds that rests on a passage with these words."""
    return [o for o in review.broken(rule) if any(words in text for text in review.texts(o))]


@pytest.mark.parametrize(
    ("rule", "passage", "values"),
    [
        (LINK, "MESEMS EudraCT 2010-024081-21", ("2010-024081-21", "2010-024381-21")),
        (DASH, "Copenhagen: EudraCT 2012-000518-13", ("2012–000518-13", "2012-000518-13")),
        (DASH, "Salzburg: EudraCT 2015-000137-78", ("2015–000137-78", "2015-000137-78")),
        (
            TITLE,
            "Studieregistrering med resultater",
            ("EudraCT 2010-024081-21", "EudraCT 2010-024381-21", "everolimus"),
        ),
        (CONDITION, "Studieregistrering med resultater", ("EudraCT 2010-024381-21", "renal transplant")),
        (MISSING, "MIST NCT00273364", ("NCT03133403",)),
    ],
)
def test_original_and_mended(
    original: Reviewed, mended: Reviewed, rule: Rule, passage: str, values: tuple[str, ...]
) -> None:
    outcomes = found(original, rule, passage)
    assert outcomes
    for outcome in outcomes:
        for text in (outcome.english, outcome.norwegian):
            assert all(v in text for v in values), text
        assert all(outcome.document.endswith("/fhi-2021") for _ in outcome.passages)
    assert found(mended, rule, passage) == []


def test_mended_document_has_nothing_else(mended: Reviewed) -> None:
    for rule in (LINK, DASH, TITLE, CONDITION):
        assert mended.broken(rule) == [], rule.name
        assert mended.checked(rule) > 8, rule.name


def test_every_finding_in_the_original(original: Reviewed) -> None:
    counts = {rule.name: len(original.broken(rule)) for rule in (LINK, DASH, TITLE, CONDITION)}
    # The address under the number and the one in the row both lead to the other record.
    assert counts == {
        "link-leads-to-other-number": 2,
        "odd-dash": 2,
        "title-of-other-record": 1,
        "record-of-other-condition": 1,
    }
    assert len(original.broken(MISSING)) == 6
    assert all(o.severity is None for o in original.broken(MISSING))
    assert MISSING.severity is Severity.NOTE


def test_planted_links(original: Reviewed, planted: Reviewed) -> None:
    assert found(original, LINK, "Nabavi (forfatter) NCT01377870") == []
    (link,) = found(planted, LINK, "Nabavi (forfatter) NCT01377870")
    assert ("NCT01377870" in link.english) and "NCT01377871" in link.english
    row = [o for o in planted.broken(LINK) if "NCT01815632" in o.english]
    assert [planted.texts(o) for o in row] == [
        ["EMMES NCT02495766 EudraCT 2012-000734-19", "https://clinicaltrials.gov/ct2/show/NCT01815632"]
    ]
    assert len(planted.broken(LINK)) == 2 + len(original.broken(LINK))


def test_planted_missing_link(original: Reviewed, planted: Reviewed) -> None:
    assert found(original, MISSING, "Toulouse") == []
    (outcome,) = found(planted, MISSING, "Toulouse: NCT02403947")
    assert "NCT02403947" in outcome.english and "lenke" in outcome.norwegian


def test_a_number_linked_at_another_place_is_linked(original: Reviewed) -> None:
    assert found(original, MISSING, "(NCT03477500, RAM-MS)") == []


def test_planted_dashes(planted: Reviewed) -> None:
    (minus,) = found(planted, DASH, "COAST EudraCT")
    assert "2016−001166‑29" in minus.english and "U+2212" in minus.english and "minustegn" in minus.norwegian
    (spaced,) = found(planted, DASH, "Fernandez (forfatter)")
    assert "2008 – 004015 – 35" in spaced.english and "2008-004015-35" in spaced.english
    assert len(planted.broken(DASH)) == 4


def test_planted_titles(original: Reviewed, planted: Reviewed) -> None:
    assert found(original, TITLE, "SMART-MS") == found(original, TITLE, "StarMS ISRCTN88667898") == []
    (other,) = found(planted, TITLE, "SMART-MS")
    assert "NCT04749667" in other.english and "ACTiMuS" in other.english
    assert "NCT01815632" in other.english or "ISRCTN27232902" in other.english
    assert len(other.passages) == 2
    (about,) = found(planted, TITLE, "StarMS ISRCTN88667898")
    assert "Rivaroxaban" in about.english and "haematopoietic" in about.english
    assert len(planted.broken(TITLE)) == 3


def test_planted_number_of_another_condition(original: Reviewed, planted: Reviewed) -> None:
    assert not any("RAM-MS" in t for o in original.broken(CONDITION) for t in original.texts(o))
    (outcome,) = planted.broken(CONDITION)
    assert any("(EudraCT 2010-024381-21, RAM-MS)" in text for text in planted.texts(outcome))


def test_condition_of_a_title() -> None:
    assert condition_phrase("Rituximab for rheumatoid arthritis - a randomised trial") == "rheumatoid arthritis"
    assert condition_phrase("Behandling ved leddgikt") == "leddgikt"


@pytest.mark.skipif(not SAMPLE.exists(), reason="the samples are not here")
@pytest.mark.parametrize("dash", ["\u2013", "&#x2013;", "\u00ad"])
def test_dash_and_link_in_an_article(dash: str) -> None:
    changed = reviewed_jats(
        SAMPLE,
        [("EudraCT no. 2007-007973-22", f"EudraCT no. 2007{dash}007973-22"), ("show/NCT00848692", "show/NCT00848693")],
    )
    (outcome,) = changed.broken(DASH, KEY)
    assert changed.texts(outcome)[0].startswith("This study (KTS-1-2008")
    (link,) = changed.broken(LINK, KEY)
    assert "NCT00848692" in link.english and "NCT00848693" in link.english


@pytest.mark.skipif(not SAMPLE.exists(), reason="the samples are not here")
def test_article_as_it_is() -> None:
    clean = reviewed_jats(SAMPLE)
    assert [clean.broken(rule, KEY) for rule in (DASH, LINK, TITLE, CONDITION)] == [[]] * 4
    assert len(clean.broken(MISSING, KEY)) == 3
