"""Addresses: planted broken and mended, in one copy each, and one by one."""

from pathlib import Path

import pytest

from msevidence.loaders.review.identifiers import broken_address
from msevidence.loaders.review.identifiers.addresses import printed_addresses
from msevidence.loaders.review.outcome import Outcome, Severity
from tests.review.reviewing import Reviewed, reviewed, reviewed_jats

RULE = broken_address.RULE
SAMPLE = Path(__file__).parents[3] / "shared" / "samples" / "jats_xml" / "journal.pone.0119074.xml"
MENDED = {
    "nygaard-2024": [("ogline-flesjaa->\n\n- har", "ogline-flesjaa-har")],
    "fhi-2021": [("autologous-haemato-\n\npoietic-stem", "autologous-haematopoietic-stem")],
}
PLANTED = {
    "nygaard-2024": [
        ("<https://www.helsedirektoratet.no/", "<http//www.helsedirektoratet.no/"),
        ("https://nyemetoder.no/Documents", "https://https://nyemetoder.no/Documents"),
    ],
    "fhi-2021": [
        ("https://clinicaltrials.gov/ct2/show/NCT04749667   ", "https://clinicaltrials.gov/ct2/show/ NCT04749667   "),
        ("https://pubmed.ncbi.nlm.nih.gov/33253391/   ", "https://pubmed/33253391/   "),
        ("https://en.irct.ir/trial/44197     ", "https://en.irct.ir/trial/44197-     "),
        ("https://clinicaltrials.gov/ct2/show/NCT01377870\n", "https://https://clinicaltrials.gov/ct2/show/NCT01377870\n"),
        ("www.fhi.no\n", "www,fhi.no\n"),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def original() -> Reviewed:
    return reviewed()


@pytest.fixture(scope="module")
def planted() -> Reviewed:
    return reviewed(PLANTED)


def found(review: Reviewed, words: str) -> list[Outcome]:
    """Return what the rule finds in passages with these words."""
    return [o for o in review.broken(RULE) if any(words in text for text in review.texts(o))]


def test_original_and_mended(original: Reviewed) -> None:
    assert len(original.broken(RULE)) == 2
    (cut,) = found(original, "Ystrøm T.")
    assert cut.severity is None
    assert "flesjaa-" in cut.english and "another line" in cut.english and "en annen linje" in cut.norwegian
    (hyphen,) = found(original, "Health Technology Wales")
    assert hyphen.severity is Severity.NOTE and "haemato-" in hyphen.english
    mended = reviewed(MENDED)
    assert mended.broken(RULE) == []
    assert mended.checked(RULE, "nygaard-2024") == 3 and mended.checked(RULE, "fhi-2021") > 40


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Helsedirektoratet. Nasjonal", "http//"),
        ("Rapport_2015_23", "doubled"),
        ("SMART-MS NCT04749667", None),
        ("show/ NCT04749667", "space in it, before “NCT04749667”"),
        ("https://pubmed/33253391/", "“pubmed” is not the name of a web site"),
        ("trial/44197-", "ends with “-”"),
        ("Nabavi (forfatter) NCT01377870", "doubled"),
        ("www,fhi.no", "www,"),
    ],
)
def test_planted(original: Reviewed, planted: Reviewed, words: str, said: str | None) -> None:
    assert found(original, words) == []
    outcomes = found(planted, words)
    assert len(outcomes) == (said is not None)
    assert all((said or "") in o.english and len(o.passages) == 1 and o.norwegian for o in outcomes)


@pytest.mark.skipif(not SAMPLE.exists(), reason="the samples are not here")
def test_links_of_an_article() -> None:
    clean = reviewed_jats(SAMPLE)
    (stop,) = clean.broken(RULE)[:1]
    assert "the link ends with “.”" in stop.english
    key = "10-1371-journal-pone-0119074"
    assert len(clean.broken(RULE, key)) == 1 and clean.checked(RULE, key) > 10
    changed = reviewed_jats(SAMPLE, [('href="http://www.R-project.org/"', 'href="http://www.S-project.org/"')])
    (other,) = [o for o in changed.broken(RULE, key) if "R-project" in o.english]
    assert "leads to http://www.S-project.org/" in other.english


@pytest.mark.parametrize(
    "text",
    [
        "https://https://www.fhi.no/rapport",
        "http//www.fhi.no/rapport",
        "htp://www.fhi.no/rapport",
        "https:/www.fhi.no/rapport",
        "https: //www.fhi.no/rapport",
        "https:// www.fhi.no/rapport",
        "https;//www.fhi.no/rapport",
        "https//:www.fhi.no/rapport",
        "https:///rapport/2015",
        "https:// (accessed 2019)",
        "https://clinicaltrials/ct2/show/NCT04047628",
        "https://clinicaltrials,gov/ct2/show/NCT04047628",
        "https://www..fhi.no/rapport",
        "https://www.fhi.no /rapport/2015",
        "https://en.irct.ir/trial/ 44197",
        "https://journals.plos.org/plosone/article?id= 10.1371/journal.pone.0113936",
        "https://www.fhi.no/rapport-",
        "https://www.fhi.no/rapport…",
        "https://www.fhi.no/rapport%2",
        "https://www.fhi.no/rapport(1",
        "https://www.fhi.no/ahttps://www.nrk.no/b",
        "https://www.example.com/rapport",
        "wwww.fhi.no",
        "ww.fhi.no/rapport",
    ],
)
def test_broken(text: str) -> None:
    (printed,) = [p for p in printed_addresses(f"Rapport. {text} og mer", text) if p.faults]
    assert all(f.english and f.norwegian for f in printed.faults)


@pytest.mark.parametrize(
    "text",
    [
        "https://www.fhi.no/rapport/ og andre rapporter",
        "http://www.R-project.org/. ISBN 3-900051-07-0.",
        "https://www.fhi.no/rapport/ Accessed 15.10.2023",
        "https://www.fhi.no/rapport/ 2015-2020",
        "(https://www.fhi.no/rapport)",
        "https://web.archive.org/web/2020/https://www.fhi.no/rapport",
        "https://login.no/?url=https://www.fhi.no/rapport",
        "https://doi.org/10.1002/1097-0258(20010215)20:3",
        "https://no.wikipedia.org/wiki/MS_(sykdom)",
        "www.fhi.no",
        "HTTP/2 og https er protokoller; forskjellen er stor.",
        "post@fhi.no eller www.fhi.no",
    ],
)
def test_not_broken(text: str) -> None:
    assert [p for p in printed_addresses(text, text) if p.faults] == []


def test_link_that_leads_elsewhere() -> None:
    exact = "Se [https://www.fhi.no/a](https://www.nrk.no/a) og [www.fhi.no/b](https://www.fhi.no/b)."
    text = "Se https://www.fhi.no/a og www.fhi.no/b."
    (printed,) = [p for p in printed_addresses(text, exact) if p.faults]
    assert printed.address == "https://www.fhi.no/a"
    assert [f.norwegian for f in printed.faults] == ["lenken fører til https://www.nrk.no/a"]
