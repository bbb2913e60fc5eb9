"""Counts against the rows of tables and the entries of lists: planted, mended, in English, and what is left alone."""

from pathlib import Path

import pytest

from msevidence.loaders.review.arithmetic.count_against_rows import RULE
from msevidence.loaders.review.arithmetic.study_rows import alike, words_of
from tests.review.reviewing import Reviewed, reviewed, reviewed_jats

CLEAN = reviewed()
PLANTED = reviewed(
    {
        "fhi-2021": [
            ("Vi fant fire pågående studier. Alle", "Vi fant fem pågående studier. Alle"),
            ("Vi idenifiserte ti studier på mesenkymal", "Vi idenifiserte elleve studier på mesenkymal"),
            ("of which five have reported results", "of which six have reported results"),
            ("Vi fant syv fullførte og tre pågående", "Vi fant åtte fullførte og tre pågående"),
            ("Systematiske oversikter: 15", "Systematiske oversikter: 16"),
        ],
        "nygaard-2024": [
            ("50 observational studies and two randomised", "50 observational studies and three randomised"),
            ("results of two randomised clinical trials", "results of four randomised clinical trials"),
        ],
    }
)
MENDED = reviewed(
    {
        "fhi-2021": [
            ("Fire av studiene har publisert", "Tre av studiene har publisert"),
            ("en studie har konferan-\nsebidrag med", "to studier har konferan-\nsebidrag med"),
        ]
    }
)


def messages(of: Reviewed, document: str) -> list[str]:
    return [o.english for o in of.broken(RULE, document)]


def test_the_studies_with_articles_and_with_conference_papers() -> None:
    articles, papers = CLEAN.broken(RULE)
    assert articles.english == (
        "The text says “Fire av studiene har publisert resultater i tidsskriftsartikler”; "
        "Tabell 3 has 3 such rows (Fernandez, Llufriu, Petrou)."
    )
    assert papers.english.endswith("Tabell 3 has 2 such rows (MESEMS, Nabavi).")
    for outcome in (articles, papers):
        assert CLEAN.texts(outcome)[0].startswith("Fire av studiene har publisert resultater")
    assert CLEAN.checked(RULE, "fhi-2021") == 29
    assert CLEAN.checked(RULE, "nygaard-2024") == 2


def test_mended_nothing_is_found() -> None:
    assert MENDED.broken(RULE) == []
    assert MENDED.checked(RULE) == CLEAN.checked(RULE)


def test_planted_counts() -> None:
    found = [o for o in PLANTED.broken(RULE, "fhi-2021")]
    clean = {o.english for o in CLEAN.broken(RULE)}
    new = {o.english: PLANTED.texts(o)[0] for o in found if o.english not in clean}
    assert new == {
        "The text says “elleve studier på mesenkymal stamcelletransplantasjon (MSCT)”; "
        "Tabell 3 and Tabell 4 have 10 rows (Actimus, EMMES, Fernandez, Llufriu, MESEMS, Nabavi, Petrou, "
        "Bonan, Sadiq, SMART-MS).": ("Vi idenifiserte elleve studier på mesenkymal stamcelletransplantasjon (MSCT)."),
        "The text says “six have reported results”; Tabell 3 has 5 such rows "
        "(Fernandez, Llufriu, MESEMS, Nabavi, Petrou).": (
            "Seven studies are completed, of which six have reported results."
        ),
        "The text says “fem pågående studier”; Tabell 2 has 4 rows (BEAT-MS, COAST, RAM-MS, StarMS).": (
            "Vi fant fem pågående studier."
        ),
        "The text says “åtte fullførte og tre pågående studier på MSCT”; Tabell 3 has 7 rows "
        "(Actimus, EMMES, Fernandez, Llufriu, MESEMS, Nabavi, Petrou).": (
            "Tabell 3: Fullførte randomiserte studier på MSCT"
        ),
        "“Systematiske oversikter” are counted as 16; “Vedlegg 2: Systematiske oversikter” lists 15.": (
            "Systematiske oversikter: 16"
        ),
    }
    trials, results = PLANTED.broken(RULE, "nygaard-2024")
    assert results.english.startswith(
        "The text says “four randomised clinical trials have been published”; Table 1 has 2"
    )
    assert trials.english.startswith("The text says “three randomised clinical trials documenting safety")
    assert "Table 1 has 2 such entries" in trials.english


ARTICLE = """<article xmlns:xlink="http://www.w3.org/1999/xlink" xml:lang="en"><front><article-meta>
<article-id pub-id-type="doi">10.5555/invented.rows</article-id><title-group><article-title>Baths: an invented review
</article-title></title-group><pub-date><year>2020</year></pub-date></article-meta></front><body>
<sec><title>Results</title><p>We found four trials of baths. {said} Two studies reported less pain with baths.
Three studies with a low risk of bias agreed. Two of the trials were done in Norway.</p>
<table-wrap id="t1"><label>Table 1</label><caption><p>Included trials of baths</p></caption><table><thead>
<tr><th>Study</th><th>Country</th><th>Result</th></tr></thead><tbody>
<tr><td colspan="3">Warm baths</td></tr>
<tr><td>Doe 2011</td><td>Norway</td><td>Less pain</td></tr><tr><td>Roe 2012</td><td>Norway</td><td>Less pain</td></tr>
<tr><td>Poe 2013</td><td>Sweden</td><td>No change</td></tr><tr><td>Moe 2014</td><td>Chad</td><td>Less pain</td></tr>
<tr><td>Total</td><td></td><td></td></tr></tbody></table></table-wrap></sec></body></article>"""


def article(folder: Path, said: str, *edits: tuple[str, str]) -> list[str]:
    path = folder / "invented.xml"
    path.write_text(ARTICLE.format(said=said), encoding="utf-8")
    return messages(reviewed_jats(path, edits), "10-5555-invented-rows")


def test_in_english_with_a_heading_and_a_sum_among_the_rows(tmp_path: Path) -> None:
    assert article(tmp_path, "") == []
    assert article(tmp_path, "", ("found four", "found five"), ("Two of the trials", "One of the trials")) == [
        "The text says “five trials of baths”; Table 1 has 4 rows (Doe 2011, Roe 2012, Poe 2013, Moe 2014).",
        "The text says “One of the trials were done in Norway”; Table 1 has 2 such rows (Doe 2011, Roe 2012).",
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("studies", "study", True),
        ("tidsskriftsartikler", "tidsskriftsartikkel", True),
        ("completed", "fullførte", True),
        ("publisert", "publikasjon", False),
        ("studie", "studieprotokoll", False),
        ("kontrollerte", "konferanse", False),
    ],
)
def test_forms_of_a_word(one: str, other: str, same: bool) -> None:
    assert alike(one, other) is same
    assert words_of(f"The {one} of 2014") == [one]
