"""Fields that hold one number, several, or a sentence."""

import pytest

from msevidence.loaders.registries.several_numbers import has_value, is_acronym, is_code, several_numbers


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ("NCT04971004", ["NCT04971004"]),
        ("NCT04971004 NCT04971006", ["NCT04971004", "NCT04971006"]),
        ("NCT04971004|NCT04971006;ISRCTN40217893", ["NCT04971004", "NCT04971006", "ISRCTN40217893"]),
        ("EudraCT number: 2018-003415-27, protocol NORD-7", ["2018-003415-27", "protocol NORD-7"]),
        ("2018‐003415‐27", ["2018‐003415‐27"]),  # as printed, with its own dashes
        ("NCT04971004 (HTA 07/36/01)", ["NCT04971004", "07/36/01"]),
        ("NCT04971004, NCT04971004", ["NCT04971004"]),
        ("GA N° 101095654, THCS2025-404", ["GA N° 101095654", "THCS2025-404"]),
        ("Nil known", []),
        ("None; N/A", []),
        ("", []),
    ],
)
def test_numbers_are_taken_apart(printed: str, found: list[str]):
    assert [n.printed for n in several_numbers(printed, "secondary", "field")] == found


def test_what_is_no_registrys_has_a_role_of_its_own():
    found = several_numbers("NCT04971004; NORD-7", "secondary", "field", other_role="protocol-code")
    assert [(n.printed, n.role, n.number is None) for n in found] == [
        ("NCT04971004", "secondary", False),
        ("NORD-7", "protocol-code", True),
    ]


@pytest.mark.parametrize("text", ["", " ", "-", "N/A", "n.a.", "Not applicable", "NIL", "...", "0"])
def test_words_for_nothing(text: str):
    assert not has_value(text)


@pytest.mark.parametrize(
    ("text", "acronym", "code"),
    [
        ("RAM-MS", True, False),
        ("StarMS", True, False),
        ("BEAT-MS2", True, False),
        ("MS", False, False),
        ("AB21004", False, True),
        ("200925", False, True),
        ("Cells in MS", False, False),
        ("Phase 2 of cells", False, False),
        ("Stem", False, False),
        ("<b>MS</b>", False, False),
    ],
)
def test_short_titles(text: str, acronym: bool, code: bool):
    assert (is_acronym(text), is_code(text)) == (acronym, code)
