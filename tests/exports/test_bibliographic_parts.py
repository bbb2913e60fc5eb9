"""Names, languages and titles as services print them."""

import pytest

from msevidence.loaders.bibliographic.authors import family_name, read_author
from msevidence.loaders.bibliographic.languages import language_tag
from msevidence.loaders.bibliographic.publication import title_text
from msevidence.loaders.exports.fields import Audit


@pytest.mark.parametrize(
    ("printed", "name", "group"),
    [
        ("Burt, Richard K.", "Burt RK", False),
        ("Burt, R. K., Jr.", "Burt RK Jr", False),
        ("Burt, Jr., R. K.", "Burt RK Jr", False),
        ("Burt RK", "Burt RK", False),
        ("Burt RK Jr", "Burt RK Jr", False),
        ("Burt R.K.", "Burt RK", False),
        ("BURT RK", "BURT RK", False),
        ("von Holst A", "von Holst A", False),
        ("Cabral-Marques, H. M.", "Cabral-Marques HM", False),
        ("Dupont, Jean-Paul", "Dupont JP", False),
        ("O'Byrne, Paul", "O'Byrne P", False),
        ("Madonna", "Madonna", False),
        ("MSBase Study Group", "MSBase Study Group", True),
        ("MSBase Study Group,", "MSBase Study Group", True),
        (
            "European Group for Blood and Marrow Transplantation EBMT",
            "European Group for Blood and Marrow Transplantation EBMT",
            True,
        ),
    ],
)
def test_a_name_in_each_spelling(printed: str, name: str, group: bool) -> None:
    assert read_author(printed) == (name, group)


@pytest.mark.parametrize(
    ("name", "family"),
    [("Burt RK", "Burt"), ("van der Lee JP Jr", "van der Lee"), ("Madonna", "Madonna"), ("BURT RK", "BURT")],
)
def test_the_family_name(name: str, family: str) -> None:
    assert family_name(name) == family


def test_every_language_is_named_in_three_ways() -> None:
    audit = Audit()
    for names, tag in ((("nor", "no", "Norwegian"), "no"), (("fre", "fra", "fr", "French"), "fr"), (("en-GB",), "en")):
        assert {language_tag(n, audit, "") for n in names} == {tag}
    assert [language_tag(n, audit, "") for n in ("mul", "und", "", "Undetermined")] == [None] * 4
    assert dict(audit.unknown) == {}


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("A title.", "A title"),
        ("A title?", "A title?"),
        ("Care in the U.S.", "Care in the U.S."),
        ("And so on...", "And so on..."),
        ("<b>T</b> cells &amp; B cells\n in vivo.", "T cells & B cells in vivo"),
    ],
)
def test_a_title_loses_tags_and_the_stop_at_its_end(printed: str, title: str) -> None:
    assert title_text(printed) == title
