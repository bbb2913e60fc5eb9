"""Why identity decisions were made: in Norwegian on Norwegian pages, and marked as English where a person wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from msevidence.server.identity_reasons import in_language
from msevidence.server.labels import Text
from tests.pages_site import Page, client_of, page

BY_RULES = ("The document prints", "The document lists", "A source about", "as another number")
BY_PEOPLE = ("The column cites reference 10", "Not named.", "The official title of the record")
STUDIES = ("mist", "ram-ms", "mesems", "mesems-italy", "bonan", "sadiq", "actimus")


@pytest.fixture(scope="module")
def client(release_home: Path) -> Iterator[FlaskClient]:
    with client_of(release_home) as client:
        yield client


@pytest.mark.parametrize(
    ("english", "norwegian"),
    [
        (
            "The document prints the number under the study name Sadiq (forfatter).",
            "Nummeret er trykt under studienavnet Sadiq (forfatter) i dokumentet.",
        ),
        ("The document prints NCT01 beside the study.", "Dokumentet har trykt NCT01 ved studien."),
        (
            "The document prints NCT01, and the link beside it leads to NCT02.",
            "Dokumentet har trykt NCT01, og lenken ved siden av fører til NCT02.",
        ),
        (
            "The document prints NCT01, and the link beside it leads to NCT02: no number of X, beside which it stands.",
            "Dokumentet har trykt NCT01 ved X, og lenken ved siden av fører til NCT02, som ikke er et nummer for X.",
        ),
        ("A gives B as another number of the study (secondary_ids).", None),
        ("A gives B as another number of the study.", "A oppgir B som et annet nummer for studien."),
        ("A gives B as another number, and B gives A.", "A oppgir B som et annet nummer, og omvendt."),
        ("A and B both give C as another number.", "A og B oppgir begge C som et annet nummer."),
        (
            "A gives B as another number (other), and the title of C says that it is a part: “follow-up”.",
            "A oppgir B som et annet nummer (other), og tittelen på C sier at den er en del: «follow-up».",
        ),
        ("The title of A names B.", "Tittelen på A nevner B."),
        (
            "The title of A names B, and says that it is a part: “sub-study”.",
            "Tittelen på A nevner B, og sier at den er en del: «sub-study».",
        ),
    ],
)
def test_a_sentence_of_a_rule_is_said_in_norwegian(english: str, norwegian: str | None) -> None:
    norwegian = norwegian or "A oppgir B som et annet nummer for studien (secondary_ids)."
    assert in_language(Text(english, "en"), "nb") == Text(norwegian, "nb")
    assert in_language(Text(english), "en") == Text(english, "en")


@pytest.mark.parametrize(
    "written",
    [
        "Both are on the same patients.",
        "The document prints NCT01, and nobody knows why: it stands beside the study, and beside no other.",
    ],
)
def test_what_a_person_wrote_stays_english_and_says_so(written: str) -> None:
    assert in_language(Text(written), "nb") == Text(written, "en")


def unmarked(shown: Page) -> list[str]:
    """Return texts in English by which no element says that they are, attributes among them."""
    parents = {child: parent for parent in shown.root.iter() for child in parent}
    found = []

    def language(element: Any) -> str:
        while element is not None and element.get("lang") is None:
            element = parents.get(element)
        return str(element.get("lang")) if element is not None else ""

    for element in shown.root.iter():
        if not isinstance(element.tag, str):
            continue
        texts = [element.text or "", *(child.tail or "" for child in element)]
        if language(element) != "en":
            found += [text for text in texts if any(words in text for words in (*BY_RULES, *BY_PEOPLE))]
        named = element.get("aria-label") or ""
        found += [named for words in (*BY_RULES, *BY_PEOPLE) if words in named]
    return found


@pytest.mark.parametrize("address", ["/count", *(f"/study/{key}.html" for key in STUDIES)])
def test_no_reason_in_english_stands_unmarked_on_a_norwegian_page(client: FlaskClient, address: str) -> None:
    shown = page(client, f"{address}?lang=nb")
    assert unmarked(shown) == []
    assert not any(words in shown.text() for words in BY_RULES[:3])


def test_reasons_are_there_in_either_language(client: FlaskClient) -> None:
    for language, words in (
        ("nb", "Nummeret er trykt under studienavnet MIST i dokumentet."),
        ("en", "The document prints the number under the study name MIST."),
    ):
        shown = page(client, f"/study/mist.html?lang={language}")
        assert any(words in (a.get("aria-label") or "") for a in shown.root.iter())
        assert words in page(client, f"/count?lang={language}").text()
    assert len(unmarked(page(client, "/study/mist.html?lang=en"))) >= 3  # the names of a figure's links
