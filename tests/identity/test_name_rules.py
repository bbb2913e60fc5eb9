"""Rules over names: never on a title alone, never two records of one registry, always with the sponsor."""

from typing import Any

import pytest

from msevidence.loaders.exports.facts import RegistrationFact
from tests.identity.study_facts import fact, given, resolved, said, same

TITLE = "A randomised trial of ocrelizumab or stem cells in inflammatory multiple sclerosis (COAST)"
BOTH = ("NCT04971005", "2016-001166-29")


def pair(**change: Any) -> list[RegistrationFact]:
    """Return two records that agree in all names, with what is changed in the second one."""
    common = {"title": TITLE, "acronym": "COAST", "sponsor": "University Medical Centre Hamburg-Eppendorf"}
    second = {**common, "sponsor": "Universitätsklinikum Hamburg-Eppendorf", **change}
    number = second.pop("number", BOTH[1])
    return [fact(BOTH[0], **common), fact(number, **second)]  # type: ignore[arg-type]


def test_title_acronym_and_sponsor_together() -> None:
    found = resolved(pair())
    rule = "same-acronym-title-and-sponsor"
    assert said(found) == {("EudraCT-2016-001166-29", "same-study", "NCT04971005", rule, "applied")}
    assert "the acronym COAST" in found.decisions[0].assertion.because
    assert "Hamburg" in found.decisions[0].assertion.because


def test_what_stands_in_brackets_is_no_part_of_the_title() -> None:
    assert same(resolved(pair(title=TITLE.removesuffix(" (COAST)"))), *BOTH)


@pytest.mark.parametrize(
    "change",
    [
        {"acronym": ""},
        {"acronym": "ROAST"},
        {"sponsor": ""},
        {"sponsor": "Haukeland University Hospital"},
        {"title": "Another randomised trial of cells in multiple sclerosis"},
        {"number": "NCT00273364"},
    ],
    ids=lambda change: "-".join(change),
)
def test_one_of_them_missing_or_one_registry_joins_nothing(change: dict[str, str]) -> None:
    assert not resolved(pair(**change)).decisions


def codes(code: str, *records: tuple[str, str]) -> list[RegistrationFact]:
    return [fact(number, given(code, "protocol-code"), sponsor=sponsor) for number, sponsor in records]


NOVARTIS = [("2010-024381-21", "Novartis Pharma Services AG"), ("NCT01544491", "Novartis Pharmaceuticals")]


def test_protocol_code_and_sponsor() -> None:
    found = resolved(codes("CRAD001A2314", *NOVARTIS))
    rule = "same-protocol-code-and-sponsor"
    assert said(found) == {("EudraCT-2010-024381-21", "same-study", "NCT01544491", rule, "applied")}
    assert "CRAD001A2314" in found.decisions[0].assertion.because


@pytest.mark.parametrize("code", ["001", "2017/1033", "MS-01", "STUDYONE", "U1111-1234-5678", "123456789"])
def test_a_code_that_may_be_anybodys_joins_nothing(code: str) -> None:
    assert not resolved(codes(code, *NOVARTIS)).decisions


def test_a_code_with_another_sponsor_or_twice_in_a_registry_joins_nothing() -> None:
    other = ("ISRCTN88667898", "Sheffield Teaching Hospitals")
    assert not resolved(codes("CRAD001A2314", NOVARTIS[0], other)).decisions
    assert not resolved(codes("CRAD001A2314", *NOVARTIS, other)).decisions
    twice = ("NCT00273364", "Novartis")
    assert not resolved(codes("CRAD001A2314", *NOVARTIS, twice)).decisions
