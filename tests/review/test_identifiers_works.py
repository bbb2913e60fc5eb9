"""Titles and identifiers of cited works, planted wrong and mended; one copy each."""

from pathlib import Path

import pytest

from msevidence.loaders.review.identifiers import identifier_of_other_work, title_differs
from msevidence.loaders.review.identifiers.titles import Difference, compare, same_work
from msevidence.loaders.review.outcome import Outcome, Rule, Severity
from tests.review.reviewing import Reviewed, reviewed, reviewed_jats

TITLE, IDENTIFIER = title_differs.RULE, identifier_of_other_work.RULE
SAMPLE = Path(__file__).parents[3] / "shared" / "samples" / "jats_xml" / "journal.pone.0119074.xml"

MENDED = {
    "nygaard-2024": [
        ("som begrenser multipel sklerose", "som begrenser multippel sklerose"),
        ("transplantasjon ved multipel sklerose", "transplantasjon ved multippel sklerose"),
    ]
}
PLANTED = {
    "nygaard-2024": [
        # Another word, another spelling, another work, the identifier of another work.
        ("Safety and efficacy of autologous hematopoietic stem cell transplantation for multiple sclerosis in Norway",
         "Safety and efficacy of allogeneic hematopoietic stem cell transplantation for multiple sclerosis in Norway"),
        ("Peripheral blood stem cell", "Periferal blood stem cell"),
        ("Resetting tolerance in autoimmune disease.", "Microbial fermentation of cocoa beans in West Africa."),
        ("doi: 10.4045/tidsskr.21.0155", "doi: 10.4045/tidsskr.23.0770"),
        # What is no other title: a subtitle left out, British spelling, another dash.
        ("Treatment of Multiple Sclerosis: A Review.", "Treatment of multiple sclerosis."),
        ("Autologous Hematopoietic Stem-Cell Transplantation in",
         "Autologous haematopoietic stem–cell transplantation in"),
    ],
    "fhi-2021": [
        # The link of another entry; an article number that is not that of the DOI.
        ("https://pubmed.ncbi.nlm.nih.gov/26467901/   ", "https://pubmed.ncbi.nlm.nih.gov/33253391/   "),
        ("2014;9(12):e113936", "2014;9(12):e113396"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC6439765/    ",
         "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC6439766/    "),
        ("for multiple sclerosis: Current Status. BioDrugs", "for multiple myeloma: Current Status. BioDrugs"),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def original() -> Reviewed:
    return reviewed()


@pytest.fixture(scope="module")
def planted() -> Reviewed:
    return reviewed(PLANTED)


def found(review: Reviewed, rule: Rule, words: str) -> list[Outcome]:
    """Return what a rule finds that rests on a passage with these words."""
    return [o for o in review.broken(rule) if any(words in text for text in review.texts(o))]


def test_original_and_mended(original: Reviewed) -> None:
    assert len(original.broken(TITLE)) == 2
    for words in ("Behandling som begrenser multipel", "Autolog hematopoietisk stamcelletransplantasjon ved multipel"):
        (outcome,) = found(original, TITLE, words)
        assert outcome.severity is Severity.NOTE
        assert "“multipel”" in outcome.english and "“multippel”" in outcome.english
        assert "«multipel»" in outcome.norwegian and "«multippel»" in outcome.norwegian
    mended = reviewed(MENDED)
    assert mended.broken(TITLE) == []
    assert mended.checked(TITLE, "nygaard-2024") == 15


def test_identifiers_of_the_originals_are_right(original: Reviewed) -> None:
    assert original.broken(IDENTIFIER) == []
    assert original.checked(IDENTIFIER, "fhi-2021") == 6
    assert original.checked(IDENTIFIER, "nygaard-2024") == 1


@pytest.mark.parametrize(
    ("words", "severity", "values"),
    [
        ("Kvistad SAS", None, ("allogeneic", "autologous")),
        ("Fassas A", Severity.NOTE, ("Periferal", "Peripheral")),
        ("Muraro PA. Microbial", None, ("cocoa beans", "Resetting tolerance")),
        ("Mariottini A", None, ("myeloma", "sclerosis")),
    ],
)
def test_planted_titles(
    original: Reviewed, planted: Reviewed, words: str, severity: Severity | None, values: tuple[str, str]
) -> None:
    assert found(original, TITLE, words) == []
    (outcome,) = found(planted, TITLE, words)
    assert outcome.severity is severity and len(outcome.passages) == 1
    assert all(v in outcome.english and v in outcome.norwegian for v in values)


def test_ways_to_print_one_title(planted: Reviewed) -> None:
    assert found(planted, TITLE, "Hauser SL") == found(planted, TITLE, "Nabizadeh F") == []


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("Behandling som begrenser", ("10.4045/tidsskr.23.0770", "Norwegian health service should offer")),
        ("Rice CM, Marks DI", ("33253391", "Beneficial effects of autologous mesenchymal")),
        ("Llufriu S", ("e113396", "10.1371/journal.pone.0113936")),
        ("Burt RK, Balabanov R, Burman J, Sharrack B", ("PMC6439766", "PMC6439765")),
    ],
)
def test_planted_identifiers(planted: Reviewed, words: str, values: tuple[str, str]) -> None:
    (outcome,) = found(planted, IDENTIFIER, words)
    assert all(v in outcome.english and v in outcome.norwegian for v in values), outcome.english
    assert len(outcome.passages) <= 2


def test_no_other_identifier(planted: Reviewed) -> None:
    # The entry whose identifier another one borrows is right.
    assert found(planted, IDENTIFIER, "Petrou P") == []
    assert len(planted.broken(IDENTIFIER)) == 4


@pytest.mark.skipif(not SAMPLE.exists(), reason="the samples are not here")
def test_article_without_records() -> None:
    clean = reviewed_jats(SAMPLE)
    assert clean.broken(IDENTIFIER) == [] and clean.checked(IDENTIFIER, "10-1371-journal-pone-0119074") > 1
    changed = reviewed_jats(
        SAMPLE,
        [
            ("<fpage>e35564</fpage>", "<fpage>e35546</fpage>"),
            ('href="http://dx.doi.org/10.1002/sim.2740" xlink:type="simple">10.1002/sim.2740<',
             'href="http://dx.doi.org/10.1002/sim.2731" xlink:type="simple">10.1002/sim.2731<'),
            ('href="http://dx.doi.org/10.1093/ije/dyl129"', 'href="http://dx.doi.org/10.1093/ije/dyl192"'),
        ],
    )  # fmt: skip
    texts = [changed.texts(o)[0][:20] + " " + o.english for o in changed.broken(IDENTIFIER)]
    assert len(texts) == 4
    assert any("Reich NG" in t and "e35546" in t and "0035564" in t for t in texts)
    # Two entries with one DOI: who is right is not known, so that both are shown.
    assert sum("10.1002/sim.2731 is printed with" in t for t in texts) == 2
    assert any("Eldridge" in t and "dyl129" in t and "dyl192" in t for t in texts)


@pytest.mark.parametrize(
    ("printed", "record", "difference"),
    [
        ("A <i>new</i> trial – of rituximab", "A new trial: of Rituximab.", Difference.NONE),
        ("Randomised trial of haematopoietic cells", "Randomized trial of hematopoietic cells", Difference.NONE),
        ("Cross-over trial of stem cells in MS", "Crossover trial of stem cells in MS", Difference.NONE),
        ("A trial of mesenchymal cells in MS, a long title", "A trial of mesenchymal … title", Difference.NONE),
        ("Stem cells for MS", "Stem cells for MS (Report 2015:23)", Difference.NONE),
        ("Guidelines of the World Health Organization (WHO)", "Guidelines of the WHO", Difference.NONE),
        ("Phase II trial of rituximab in lupus nephritis", "Phase III trial of rituximab in lupus nephritis",
         Difference.WORDS),
        ("Rituximab in lupus nephritis and vasculitis", "Rituximab in nephritis and vasculitis", Difference.WORDS),
        ("Rituximab in lupus nephritis", "Rituximab in lupus nefritis", Difference.SPELLING),
        ("Fermentation of cocoa beans", "Rituximab in lupus nephritis", Difference.SUBJECT),
    ],
)  # fmt: skip
def test_comparing_titles(printed: str, record: str, difference: Difference) -> None:
    found = compare(printed, [record])
    assert found is not None and found.difference is difference
    assert same_work(printed, [record]) is (difference is not Difference.SUBJECT)


def test_nothing_to_compare() -> None:
    assert compare("A title", []) is None and not same_work("A title", [])
