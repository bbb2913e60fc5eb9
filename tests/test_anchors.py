"""A quotation leads to its passages, or the build says why not."""

from pathlib import Path

import pytest

from msevidence.loaders.anchors import Anchors
from msevidence.loaders.document import ParsedDocument, Passage, PassageKind, Section
from msevidence.loaders.errors import QuotationError
from msevidence.loaders.schema import Anchored
from msevidence.loaders.text import normalise

SOURCE = (
    "Methods\n\nWe searched in June.\nIt was a long-\nish day.\n\nResults\n\nWe searched in June."
    " Ten–twelve were found.\n\n"
    "«Ten–twelve were found»\n"
)


@pytest.fixture
def anchors(tmp_path: Path) -> Anchors:
    pieces = [
        ("Methods", PassageKind.HEADING, 0),
        ("We searched in June.", PassageKind.SENTENCE, 0),
        ("It was a long-\nish day.", PassageKind.SENTENCE, 0),
        ("Results", PassageKind.HEADING, 1),
        ("We searched in June.", PassageKind.SENTENCE, 1),
        ("Ten–twelve were found.", PassageKind.SENTENCE, 1),
        ("«Ten–twelve were found»", PassageKind.PULL_QUOTE, 1),
    ]
    passages: list[Passage] = []
    at = 0
    for text, kind, section in pieces:
        at = SOURCE.index(text, at)
        passages.append(Passage(kind, normalise(SOURCE, at, at + len(text)), section))
        at += len(text)
    sections = [Section(0, "Methods", 1), Section(3, "Results", 1)]
    document = ParsedDocument(SOURCE, "en", passages=passages, sections=sections)
    return Anchors(document, tmp_path / "curation.yaml", {})


def test_offsets_count_code_points_of_the_source(anchors: Anchors) -> None:
    (anchor,) = anchors.locate("longish day", ("claims", 0))
    (span,) = anchor.spans
    assert SOURCE[span.start : span.end] == "long-\nish day"


def test_dashes_and_line_breaks_do_not_matter(anchors: Anchors) -> None:
    (anchor,) = anchors.locate("Ten-twelve\nwere   found.", ())
    assert anchor.passage == 5


def test_a_pull_quote_is_not_meant_where_the_sentence_stands_too(anchors: Anchors) -> None:
    (anchor,) = anchors.locate("Ten–twelve were found", ())
    assert anchor.passage == 5


def test_a_quotation_over_two_passages_has_an_anchor_in_each(anchors: Anchors) -> None:
    found = anchors.locate("It was a longish day. Results", ())
    assert [a.passage for a in found] == [2, 3]


def test_twice_is_an_error_that_names_the_lines(anchors: Anchors) -> None:
    with pytest.raises(QuotationError, match=r"stands 2 times \(source lines 3, 9\)"):
        anchors.locate("We searched in June.", ("claims", 0))


def test_where_and_nth_tell_places_apart(anchors: Anchors) -> None:
    assert anchors.locate("We searched in June.", (), where="Results")[0].passage == 4
    assert anchors.locate("We searched in June.", (), nth=1)[0].passage == 1
    with pytest.raises(QuotationError, match="2 times, not 3"):
        anchors.locate("We searched in June.", (), nth=3)


def test_words_that_do_not_stand_there_are_refused_with_the_nearest(anchors: Anchors) -> None:
    with pytest.raises(QuotationError, match=r"does not stand in the text.*nearest passage: «We searched in June.»"):
        anchors.find(Anchored(quote="We searched in July."), ("claims", 0))
