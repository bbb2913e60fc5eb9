"""The declared normalisation, and the way back to the source."""

import pytest

from msevidence.loaders.text import Drop, Span, hyphen_rule, normalise, squash


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("opp-\ndrag", "oppdrag"),
        ("165-\n74", "165-74"),
        ("2014-\n2021", "2014-2021"),
        ("10–20 %", "10-20 %"),
        ("2012–000518-13", "2012-000518-13"),
        ("a −1", "a -1"),
        ("  to \n\n lines\t", "to lines"),
        ("soft\u00adhyphen and zero\u200bwidth", "softhyphen and zerowidth"),
        ("ve\u0301rite\u0301", "vérité"),
        ("ends with a dash -\nand goes on", "ends with a dash - and goes on"),
        ("", ""),
    ],
)
def test_normalised_form(raw: str, text: str) -> None:
    assert normalise(raw).text == text
    assert squash(raw) == text


def test_every_character_leads_back_to_the_source() -> None:
    raw = "Område for hel-\nsetjenester  fikk\n31. mai"
    result = normalise(raw)
    assert result.text == "Område for helsetjenester fikk 31. mai"
    for character, start, end in zip(result.text, result.starts, result.ends, strict=True):
        assert raw[start:end] == character or (character == " " and raw[start:end].isspace())
    begin = result.text.index("helsetjenester")
    (span,) = result.spans(begin, begin + len("helsetjenester"))
    assert raw[span.start : span.end] == "hel-\nsetjenester"


def test_a_combining_mark_counts_as_two_code_points_of_the_source() -> None:
    raw = "Fe\u0301vrier 2019"
    result = normalise(raw)
    assert result.text == "Février 2019"
    assert result.spans(1, 2) == (Span(1, 3),)


def test_furniture_splits_a_quotation_and_markup_does_not() -> None:
    raw = "one two\n32\nthree [\\(1\\)](#) four"
    page = raw.index("32")
    link = raw.index("[\\(")
    drops = [
        Drop(Span(page, page + 2)),
        Drop(Span(link, link + 2), splits=False),
        Drop(Span(link + 4, link + 5), splits=False),
        Drop(Span(link + 6, link + 10), splits=False),
    ]
    result = normalise(raw, drop=drops)
    assert result.text == "one two three (1) four"
    assert [raw[s.start : s.end] for s in result.spans()] == ["one two", raw[page + 3 :]]


def test_a_word_cut_by_furniture_is_joined() -> None:
    raw = "tids-\n32\nskrift"
    result = normalise(raw, drop=[Drop(Span(6, 8))])
    assert result.text == "tidsskrift"
    assert [raw[s.start : s.end] for s in result.spans()] == ["tids", "skrift"]


def test_line_end_hyphen_that_belongs_to_the_word() -> None:
    raw = "A meta-analysis of stem cell trials. Another meta-\nanalysis of stem-\ncell use in patients; pati-\nents."
    keep = hyphen_rule(raw)
    assert normalise(raw, keep_hyphen=keep).text == (
        "A meta-analysis of stem cell trials. Another meta-analysis of stem-cell use in patients; patients."
    )


def test_slices_keep_their_offsets() -> None:
    raw = "  First sentence.   Second\nsentence. "
    result = normalise(raw)
    second = result.slice(result.text.index(" Second"), len(result.text))
    assert second.text == "Second sentence."
    (span,) = second.spans()
    assert raw[span.start : span.end] == "Second\nsentence."


@pytest.mark.parametrize(
    ("broken", "joined"),
    [
        ("treatment-\nrelated", "treatment-related"),
        ("meta-\nanalysis", "meta-analysis"),
        ("un-\nrelated", "unrelated"),
        ("inter-\ndependent", "interdependent"),
        ("meta-\nbolic", "metabolic"),
    ],
)
def test_words_that_english_joins_to_no_other(broken: str, joined: str) -> None:
    assert normalise(broken, keep_hyphen=hyphen_rule(broken)).text == joined
