"""Rules over numbers that records give: each by its name, with the numbers in its reason."""

import pytest

from msevidence.loaders.identity import Records, assertions_of_facts
from tests.identity.study_facts import CELLS, fact, given, iri, kinds, parts, resolved, said, same


def test_one_record_lists_the_others_number() -> None:
    found = resolved([fact("NCT03477500", "2017-001362-25", updated="2025-06-25", place="line 12")])
    assert said(found) == {("NCT03477500", "same-study", "EudraCT-2017-001362-25", "secondary-number", "applied")}
    assert same(found, "NCT03477500", "2017-001362-25")
    (decision,) = found.decisions
    assert decision.assertion.because == "NCT03477500 gives EudraCT 2017-001362-25 as another number of the study."
    assert decision.assertion.sources == ("NCT03477500: line 12",)
    assert decision.assertion.date == "2025-06-25"


def test_each_lists_the_other() -> None:
    found = resolved([fact("ISRCTN88667898", "2019-001549-42"), fact("2019-001549-42", "ISRCTN88667898")])
    assert said(found) == {
        ("EudraCT-2019-001549-42", "same-study", "ISRCTN88667898", "mutual-secondary-number", "applied")
    }
    assert found.decisions[0].assertion.because == (
        "EudraCT 2019-001549-42 gives ISRCTN88667898 as another number,"
        " and ISRCTN88667898 gives EudraCT 2019-001549-42."
    )
    assert found.decisions[0].assertion.sources == ("EudraCT 2019-001549-42", "ISRCTN88667898")


@pytest.mark.parametrize(("role", "rule"), [("obsolete", "obsolete-number"), ("transition", "transition")])
def test_former_numbers(role: str, rule: str) -> None:
    found = resolved([fact("2022-500244-37-00", given("2014-000001-12", role))])
    assert said(found) == {("CTIS-2022-500244-37-00", "same-study", "EudraCT-2014-000001-12", rule, "applied")}


@pytest.mark.parametrize("role", ["associated", "abstract"])
def test_related_numbers_join_nothing_but_denote_a_study(role: str) -> None:
    found = resolved([fact("NCT03477500", given("NCT00273364", role))])
    assert not found.decisions
    assert not same(found, "NCT03477500", "NCT00273364")


@pytest.mark.parametrize("printed", ["R01-NS12345", "U1111-1234-5678", "REK 2017/1033", "CRAD001A2314"])
def test_a_number_of_no_registry_joins_nothing(printed: str) -> None:
    found = resolved([fact("NCT03477500", printed), fact("ISRCTN88667898", printed)])
    assert not found.decisions and not found.findings
    assert len(found.study_of) == 2


def test_a_sponsors_code_that_is_a_registry_number_counts() -> None:
    found = resolved([fact("NCT03477500", given("2017-001362-25", "protocol-code"))])
    assert {rule for *_, rule, _ in said(found)} == {"secondary-number"}


def test_a_title_names_a_number() -> None:
    found = resolved([fact("NCT03477500", given("NCT00273364", "title"), title="Cells in MS (NCT00273364)")])
    assert said(found) == {("NCT03477500", "same-study", "NCT00273364", "title-names-number", "applied")}


def test_a_title_that_says_follow_up_names_the_whole() -> None:
    title = "Long-term follow-up of patients treated in NCT00273364"
    found = resolved([fact("NCT03477500", given("NCT00273364", "title"), title=title)])
    assert said(found) == {("NCT03477500", "part-of", "NCT00273364", "title-names-number", "applied")}
    assert parts(found) == [("NCT03477500", "NCT00273364")]
    assert "“long term follow up”" in found.decisions[0].assertion.because


@pytest.mark.parametrize("lists", ["part", "whole", "both"])
def test_a_follow_up_is_a_part_whoever_lists_it(lists: str) -> None:
    part = fact("NCT03477500", *(["NCT00273364"] if lists != "whole" else []), title=f"Extension study: {CELLS}")
    whole = fact("NCT00273364", *(["NCT03477500"] if lists != "part" else []), title=CELLS)
    found = resolved([part, whole])
    assert {d[:4] for d in said(found)} == {("NCT03477500", "part-of", "NCT00273364", "follow-up-of")}
    assert parts(found) == [("NCT03477500", "NCT00273364")]
    assert not found.findings


def test_two_records_of_one_extension_are_the_same() -> None:
    title = "Extension study of ocrelizumab in multiple sclerosis"
    found = resolved([fact("NCT03477500", "2017-001362-25", title=title), fact("2017-001362-25", title=title)])
    assert same(found, "NCT03477500", "2017-001362-25")
    assert not found.parts


def test_two_records_share_a_third_number() -> None:
    title = "Autologous stem cells in rapidly evolving multiple sclerosis"
    listing = [fact(n, "2017-001362-25", title=title) for n in ("NCT03477500", "ISRCTN88667898")]
    found = resolved(listing)
    assert same(found, "NCT03477500", "ISRCTN88667898", "2017-001362-25")
    shared = ("ISRCTN88667898", "same-study", "NCT03477500", "shared-secondary-number", "applied")
    assert shared in said(found)
    decision = next(d for d in found.decisions if d.assertion.rule == "shared-secondary-number")
    assert decision.assertion.through == iri("2017-001362-25")


def test_country_records_are_one_registration() -> None:
    countries = [fact(f"2010-023560-40/{country}", title=CELLS) for country in ("SE", "GB")]
    records = Records(countries)
    assert len(list(records)) == 1
    assert not list(assertions_of_facts(records))


def test_versions_of_a_record_are_put_together() -> None:
    found = resolved(
        [
            fact("NCT03477500", "2017-001362-25", title="Old title of a trial", updated="2018"),
            fact("NCT03477500", title="New title of a trial", updated="2025"),
        ]
    )
    assert same(found, "NCT03477500", "2017-001362-25")
    assert [m.label for m in found.minted] == ["New title of a trial"]


def test_two_nct_numbers_are_no_proof_of_two_trials() -> None:
    found = resolved([fact("NCT00273364", "NCT03133403", title=CELLS), fact("NCT03133403", title=CELLS)])
    assert same(found, "NCT00273364", "NCT03133403")
    assert kinds(found) == []
