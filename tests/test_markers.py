"""Citation markers: what is one, what only looks like one, and ranges."""

import pytest

from msevidence.loaders.errors import SourceError
from msevidence.loaders.markers import find_markers

KNOWN = frozenset(range(1, 16))


@pytest.mark.parametrize(
    ("text", "numbers", "inside", "locator"),
    [
        ("effective (8).", (8,), set(), None),
        ("published (6, 9–12).", (6, 9, 10, 11, 12), {10, 11}, None),
        ("published (6, 9-12).", (6, 9, 10, 11, 12), {10, 11}, None),
        ("attakker (2;3).", (2, 3), set(), None),
        ("safety.” (14, s. 165).", (14,), set(), "s. 165"),
        ("here (14, pp. 165–7)", (14,), set(), "pp. 165–7"),
        ("here [9, p. 4]", (9,), set(), "p. 4"),
        ("it [3].", (3,), set(), None),
        ("it [3-5].", (3, 4, 5), {4}, None),
        ("it[3]", (3,), set(), None),
        ("sclerosis(3)", (3,), set(), None),
        ("both (1 and 2)", (1, 2), set(), None),
        ("see (ref. 5)", (5,), set(), None),
        ("IL-2 (4)", (4,), set(), None),
        ("overlap (9–12, 11)", (9, 10, 11, 12), {10}, None),
        ("(6)", (6,), set(), None),
        ("no entry (16)", (16,), set(), None),
        ("one end known (14–17)", (14, 15, 16, 17), {15, 16}, None),
    ],
)
def test_markers(text: str, numbers: tuple[int, ...], inside: set[int], locator: str | None) -> None:
    (found,) = find_markers(text, KNOWN)
    assert (found.numbers, set(found.from_range), found.locator) == (numbers, inside, locator)
    assert text[found.begin : found.end] == found.printed
    assert found.printed[0] in "([" and found.printed[-1] in ")]"


@pytest.mark.parametrize(
    "text",
    [
        "JAMA 2019;321(2):165-74.",
        "2019;321(2):165",
        "volume 20(8)",
        "2019;(2):165",
        "(n = 9)",
        "(n = 2 558)",
        "(30 %)",
        "(10–20 %)",
        "(Table 1)",
        "(Figure 1)",
        "(2015)",
        "(1997–2001)",
        "aged (18–55)",
        "Eq. (3)",
        "phase (2)",
        "[DMT]",
        "[…]",
        "(0)",
        "(3.5)",
        "(7, 12 months)",
        "(3 of 10)",
        "f(2)",
        "CD4(25)",
        "(Torstein Egeland, personal communication, 1 November 2023)",
        "(HDT)",
        "()",
    ],
)
def test_what_is_no_marker(text: str) -> None:
    assert find_markers(text, KNOWN) == []


def test_a_year_is_a_marker_only_where_the_list_has_that_number() -> None:
    assert find_markers("so (1997)", KNOWN) == []
    assert find_markers("so (1997)") == []
    assert [m.numbers for m in find_markers("so (1997)", frozenset({1997}))] == [(1997,)]


def test_without_a_list_every_plausible_number_counts() -> None:
    assert [m.numbers for m in find_markers("a (1;13) b (18–20) c (2016)")] == [(1, 13), (18, 19, 20)]


def test_several_in_order_and_by_bracket() -> None:
    text = "a (1) b [2] c [3][4]"
    assert [m.numbers for m in find_markers(text, KNOWN)] == [(1,), (2,), (3,), (4,)]
    assert [m.numbers for m in find_markers(text, KNOWN, style="square")] == [(2,), (3,), (4,)]
    assert [m.numbers for m in find_markers(text, KNOWN, style="round")] == [(1,)]


@pytest.mark.parametrize(("first", "last"), [(a, b) for a in range(1, 16) for b in range(1, a)])
def test_a_range_that_runs_backwards_is_an_error(first: int, last: int) -> None:
    text = f"line one\nline two ({first}–{last})"
    with pytest.raises(SourceError) as caught:
        find_markers(text, KNOWN, path="source.txt", line_at=lambda offset: text.count("\n", 0, offset) + 1)
    assert caught.value.line == 2
    assert f"{first}–{last}" in caught.value.message and "backwards" in caught.value.message
    assert f"write ({last}–{first})" in caught.value.message


@pytest.mark.parametrize(("first", "last"), [(a, b) for a in range(1, 16) for b in range(a, 16)])
def test_a_range_is_written_out(first: int, last: int) -> None:
    (found,) = find_markers(f"x ({first}–{last})", KNOWN)
    assert found.numbers == tuple(range(first, last + 1))
    assert found.from_range == frozenset(range(first + 1, last))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Not all agree (1, 8-10; see also ref. 2).", [(1, 8, 9, 10, 2)]),
        ("None was found (cf. ref. 4).", [(4,)]),
        ("So it is (se også 3, 5).", [(3, 5)]),
        ("Median 2 år (1-5)", []),
        ("a mean age of 9 years (4–12) in both (3)", [(3,)]),
        ("after 2 years (1-5)", [(1, 2, 3, 4, 5)]),
    ],
)
def test_words_that_lead_to_numbers_and_spreads(text: str, numbers: list[tuple[int, ...]]) -> None:
    assert [m.numbers for m in find_markers(text, set(range(1, 16)))] == numbers


@pytest.mark.parametrize(
    "text",
    ["in the acute phase (2).", "loss of brain volume (2), too", "an open question (2).", "(see Table 2 and ref. 2)"],
)
def test_words_that_count_nothing(text: str) -> None:
    assert [m.numbers for m in find_markers(text, KNOWN)] == [(2,)]
    assert find_markers("a phase (2) trial", KNOWN) == []
