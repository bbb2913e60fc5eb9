"""Authors who cite their own work, and authors with an interest in what they write about."""

from pathlib import Path

import pytest

from msevidence.loaders.review.citations import interests, self_citation
from msevidence.loaders.review.citations.people import can_be_one
from tests.review.citation_texts import mended, planted, small
from tests.review.reviewing import reviewed

SELF, INTEREST = self_citation.RULE, interests.RULE


def test_self_citation() -> None:
    (outcome,) = reviewed().broken(SELF)
    assert outcome.english == (
        "The document cites work 3, which has authors in common with it: Gro Owren Nygaard, Trygve Holmøy."
    )
    assert [t[:12] for t in reviewed().texts(outcome)] == ["This is effe", "Holmøy T, Ny"]
    assert reviewed().checked(SELF) > 10
    assert not mended().broken(SELF)


def test_self_citation_planted() -> None:
    """Nygaard GO is an author of the document, Holmøy KJ is not."""
    works = [planted().texts(o)[-1][:20] for o in planted().broken(SELF)]
    assert sorted(works) == ["Holmøy T, Nygaard GO", "Luna G, Nygaard GO, "]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("GRO OWREN NYGAARD", "Nygaard GO", True),
        ("Gro Owren Nygaard", "Nygaard G", True),
        ("Øystein Fluge", "Fluge Ø", True),
        ("Halvor Næss", "Naess H", True),
        ("Llufriu, Sara", "S. Llufriu", True),
        ("Kjell-Morten Myhr", "Myhr KM", True),
        ("Marylee J van der Meulen", "van der Meulen MJ", True),
        ("Allanach Jessica R", "Jessica R. Allanach", True),
        ("Nygaard GO", "Nygaard K", False),
        ("Nygaard GO", "Nygård GO", False),
        ("Wang L", "Li Wang", False),
        ("Wang LQ", "Li Qiang Wang", True),
        ("Nygaard", "Nygaard GO", False),
    ],
)
def test_names(one: str, other: str, same: bool) -> None:
    assert can_be_one(one, other) == same
    assert can_be_one(other, one) == same


def test_interests() -> None:
    found = {reviewed().text(o.focus)[:30]: o for o in reviewed().broken(INTEREST)}
    assert found.keys() == {"He is involved in the RAM-MS s", "The author has completed the I"}
    involved = found["He is involved in the RAM-MS s"]
    assert "the product ocrelizumab and the study RAM-MS" in involved.english
    texts = reviewed().texts(involved)
    assert any(t.startswith("An international clinical trial was therefore started") for t in texts)
    assert any("ocrelizumab was equally effective" in t for t in texts)
    none = found["The author has completed the I"]
    assert "No conflict of interest is declared" in none.english
    assert any("heads the expert group for stem cell therapy" in t for t in reviewed().texts(none))
    assert reviewed().checked(INTEREST) > 10


def test_interests_mended_and_planted() -> None:
    assert not mended().broken(INTEREST)
    (outcome,) = [o for o in planted().broken(INTEREST) if "rituximab" in o.english]
    assert planted().texts(outcome)[0] == "She is an adviser to the maker of rituximab."
    assert planted().texts(outcome)[1].startswith("The most common conventional therapy")


NOTE = '<fn fn-type="conflict"><p>{}</p></fn>'
BODY = "<sec><title>A</title><p>The BREATHE study found that omalizumab helps [1].</p></sec>"


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("AH is principal investigator of the BREATHE study.", "the study BREATHE"),
        ("AH received fees from the maker of omalizumab.", "the product omalizumab"),
        ("AH is the inventor of a patent on asthma training.", "asthma training"),
        ("AH is principal investigator of the LUNGS study.", None),
        ("AH received fees from the maker of mepolizumab.", None),
        ("The authors declare no competing interests.", None),
        ("The authors declare no competing interests. AH heads the centre for asthma training.", "asthma training"),
    ],
)
def test_small_interests(note: str, words: str | None, tmp_path: Path) -> None:
    review = small(tmp_path, BODY, notes=NOTE.format(note), authors=[("Hall", "Ann")])
    assert review.checked(INTEREST) >= 1
    found = review.broken(INTEREST)
    assert [words in o.english for o in found] == ([True] if words else [])
