"""Values that many formats print alike: texts without tags and e-mail addresses, numbers of persons and of studies."""

import time

import pytest

from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.records import Counted, OtherNumber
from msevidence.loaders.exports.values import (
    counted,
    numbers_in,
    other_number,
    own_number,
    plain,
    registry_number,
    unmarked,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" a \t\n b\u00a0c\u2003d ", "a b c d"),
        ("", ""),
        ("mail a.b+c@x.example.org, or call", "mail *******************, or call"),
        ("5 @ 3, a@b", "5 @ 3, a@b"),
        ("a@b.no b@c.no", "****** ******"),
    ],
)
def test_plain_texts(text, expected):
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<i>in vivo</i> &amp; <sub class='x'>2</sub>", "in vivo & 2"),
        ("CD4<sup>+</sup> T<br/>cells", "CD4+ T cells"),
        ("<p>one</p><p>two</p><ul><li>a</li><li>b</li></ul>", "one two a b"),
        ("p < 0.05 and q > 3", "p < 0.05 and q > 3"),
        ("&lt;script&gt;", "<script>"),
        ("a <unknown> b", "a <unknown> b"),
        ("&#233; &eacute; &nope; &", "é é &nope; &"),
        ("<b", "<b"),
        ("x&#0;y", "x\ufffdy"),
    ],
)
def test_tags_and_entities(text, expected):
    assert unmarked(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "<" * 200_000,
        "<b " * 100_000,
        "&" * 200_000,
        "a@" * 100_000,
        "a.b+" * 50_000,
        "<b" + " " * 200_000,
        "&#" * 99_999,
    ],
)
def test_hostile_texts_take_no_time(text):
    begin = time.monotonic()
    unmarked(text)
    plain(text)
    assert time.monotonic() - begin < 1


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("110", 110),
        ("110.0", 110),
        ("110.", 110),
        (" 0 ", 0),
        ("007", 7),
        ("999999999", 999_999_999),
        ("", None),
        ("about 30", None),
        ("1,200", None),
        ("A:15;B:15;", None),
        ("N/A", None),
        ("1e3", None),
        ("٣", None),
        ("x" * 100_000, None),
    ],
)
def test_numbers_of_persons(printed, value):
    assert counted(printed, "size", "actual") == Counted(printed, value, "actual")


@pytest.mark.parametrize("printed", ["-1", "-0.5", "12.5", "9999999999", "0.1", "-7.0"])
def test_what_counts_no_people_is_a_fault(printed):
    with pytest.raises(RecordError, match="no number of persons; correct it") as caught:
        counted(printed, "size")
    assert caught.value.field == "size"


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("NCT01234567", "NCT01234567"),
        ("EudraCT: 2017-001362-25", "2017-001362-25"),
        ("see NCT01234567 (parent)", "NCT01234567"),
        ("NCT01234567 and NCT01234567", "NCT01234567"),
        ("NCT01234567 and NCT01234568", None),
        ("P60DK020579", None),
        ("NCT00000000", None),
        ("NCT123", None),
        ("", None),
        ("NCT01234567 " + "x" * 80, None),
    ],
)
def test_the_one_registry_number_of_a_text(text, normalised):
    found = registry_number(text)
    assert (found.normalised if found else None) == normalised


def test_another_number_keeps_its_print():
    number = other_number(" ISRCTN 88667898 ", "secondary", "ID", "https://example.org")
    assert (number.printed, number.role, number.label, number.link) == (
        "ISRCTN 88667898",
        "secondary",
        "ID",
        "https://example.org",
    )
    assert number.number is not None
    assert number.number.normalised == "ISRCTN88667898"
    assert other_number("ISRCTN 1", "secondary") == OtherNumber("ISRCTN 1", "secondary")


def test_numbers_in_a_text_without_the_own_one():
    text = "RAM-MS (NCT03477500, ISRCTN88667898, NCT03477500; EudraCT 2010-023560-40/SE)"
    found = numbers_in(text, "title", "ISRCTN88667898")
    assert [(n.printed, n.role, n.label) for n in found] == [
        ("NCT03477500", "title", None),
        ("2010-023560-40/SE", "title", None),
    ]
    assert numbers_in("", "title", "x") == []


@pytest.mark.parametrize(
    ("printed", "why"),
    [
        (None, "no NCT number"),
        ("", "no NCT number"),
        ("  ", "no NCT number"),
        ("NCT1", "pattern of NCT"),
        ("NCT00000000", "placeholder"),
        ("ISRCTN88667898", "no number of NCT"),
        ("unknown", "no number of NCT"),
    ],
)
def test_the_own_number_is_there_and_of_its_registry(printed, why):
    with pytest.raises(RecordError, match=why) as caught:
        own_number(printed, "NCT", "nctId")
    assert caught.value.field == "nctId"


def test_the_own_number():
    assert own_number(" NCT03477500\n", "NCT", "nctId").normalised == "NCT03477500"
