"""What contradicts stops a merge, stays visible as a stopped decision, and is a finding."""

import pytest

from tests.identity.study_facts import CELLS, KIDNEY, fact, iri, kinds, parts, resolved, said, same, study, word

A, B, C = "NCT00273364", "2017-001362-25", "ISRCTN88667898"


def test_what_is_kept_apart_is_not_joined_by_a_third() -> None:
    found = resolved(
        [fact(A, B), fact(C, B)],
        word(A, "not-same", C, "curated", decided_by="a test"),
    )
    assert not same(found, A, C)
    assert "kept-apart-yet-joined" in kinds(found)
    assert ("NCT00273364", "not-same", "ISRCTN88667898", "curated", "applied") in said(found)
    stopped = [d for d in found.decisions if d.outcome == "stopped"]
    assert stopped and all(d.stopped_by in found.findings for d in stopped)
    assert any("a decision keeps NCT00273364 and ISRCTN88667898 apart" in f.english for f in found.findings)


def test_a_weak_no_yields_to_a_strong_yes() -> None:
    found = resolved([fact(A, B), fact(B, A)], word(A, "not-same", B, "link-leads-to-other-number"))
    assert same(found, A, B)
    assert kinds(found) == ["kept-apart-yet-joined"]
    assert found.findings[0].norwegian.endswith("uten virkning.")


def test_a_part_is_not_its_whole() -> None:
    found = resolved(
        [],
        word("study/mesems-badalona", "part-of", "study/mesems", "site-list"),
        word(A, "same-study", "study/mesems-badalona", "named-in-text"),
        word(A, "same-study", "study/mesems"),
        studies=[study("mesems", "MESEMS"), study("mesems-badalona", "MESEMS Badalona")],
    )
    assert found.study_of == {iri(A): iri("study/mesems-badalona")}
    assert kinds(found) == ["part-and-whole"]
    assert parts(found) == [("mesems-badalona", "mesems")]


def test_a_part_of_a_part_is_not_the_whole() -> None:
    found = resolved(
        [],
        word("study/a", "part-of", "study/b", "curated"),
        word("study/b", "part-of", "study/c", "curated"),
        word(A, "same-study", "study/a", "curated"),
        word(A, "same-study", "study/c"),
    )
    assert kinds(found) == ["part-and-whole"]


def test_two_studies_of_the_catalogue_are_never_one() -> None:
    found = resolved([fact(A, B)], word(A, "same-study", "study/mist"), word(B, "same-study", "study/ram-ms"))
    assert kinds(found) == ["two-studies-joined"]
    assert found.study_of[iri(A)] == iri("study/mist")


def test_a_record_about_another_condition() -> None:
    listing = fact(A, B, title=CELLS, conditions=["Multiple Sclerosis"])
    other = fact(B, title=KIDNEY, conditions=["Kidney transplantation"])
    found = resolved([listing, other])
    assert not same(found, A, B)
    assert kinds(found) == ["other-condition"]
    assert "Multiple Sclerosis" in found.findings[0].english
    assert (
        "is about Kidney transplantation" in found.findings[0].english or "about Multiple" in found.findings[0].english
    )
    assert found.findings[0].about == tuple(sorted((iri(A), iri(B))))


def test_a_printed_number_whose_record_is_about_another_condition() -> None:
    mesems = study("mesems", "MESEMS", "MEsenchymal StEm cells for Multiple Sclerosis", acronym="MESEMS")
    found = resolved([fact(B, title=KIDNEY)], word(B, "same-study", "study/mesems"), studies=[mesems])
    assert kinds(found) == ["other-condition"]
    assert found.study_of[iri(B)] == iri("study/EudraCT-2017-001362-25")


def test_titles_that_agree_outweigh_conditions_that_are_named_otherwise() -> None:
    listing = fact(A, B, title=CELLS, conditions=["Multiple Sclerosis"])
    found = resolved([listing, fact(B, title=CELLS, conditions=["Polysklerose"])])
    assert same(found, A, B) and not found.findings


HAUKELAND, SHEFFIELD = "Haukeland University Hospital", "Sheffield Teaching Hospitals"
ONE, TWO = "Cells for relapsing multiple sclerosis", "Transplantation against alemtuzumab in sclerosis, MS"


def test_another_sponsor_stops_a_one_sided_number() -> None:
    found = resolved([fact(A, B, title=ONE, sponsor=HAUKELAND), fact(B, title=TWO, sponsor=SHEFFIELD)])
    assert not same(found, A, B)
    assert kinds(found) == ["other-sponsor"]
    assert HAUKELAND in found.findings[0].english and SHEFFIELD in found.findings[0].norwegian


def test_another_sponsor_does_not_stop_a_mutual_number() -> None:
    found = resolved([fact(A, B, title=ONE, sponsor=HAUKELAND), fact(B, A, title=TWO, sponsor=SHEFFIELD)])
    assert same(found, A, B) and not found.findings


@pytest.mark.parametrize("common", [{"title": ONE}, {"acronym": "RAM-MS"}])
def test_another_sponsor_does_not_stop_one_title_or_acronym(common: dict[str, str]) -> None:
    found = resolved(
        [
            fact(A, B, **{"title": ONE, **common}, sponsor=HAUKELAND),  # type: ignore[arg-type]
            fact(B, **{"title": TWO, **common}, sponsor=SHEFFIELD),  # type: ignore[arg-type]
        ]
    )
    assert same(found, A, B) and not found.findings


def test_another_sponsor_is_no_matter_where_a_document_says_the_same() -> None:
    found = resolved(
        [fact(A, B, title=ONE, sponsor=HAUKELAND), fact(B, title=TWO, sponsor=SHEFFIELD)],
        word(A, "same-study", "study/mist", document=iri("document/a-2020")),
        word(B, "same-study", "study/mist", document=iri("document/a-2020")),
    )
    assert same(found, A, B)
    assert found.study_of[iri(B)] == iri("study/mist")
    assert not found.findings


def test_two_acronyms() -> None:
    found = resolved([fact(A, B, title=ONE, acronym="RAM-MS"), fact(B, title=TWO, acronym="StarMS")])
    assert not same(found, A, B)
    assert kinds(found) == ["two-acronyms"]


def test_an_acronym_in_a_title_speaks_for_one_study_unless_the_record_has_another() -> None:
    listing = fact(A, B, title=ONE, acronym="aHSCT", sponsor=HAUKELAND)
    title = "A randomised comparison (aHSCT) in sclerosis"
    assert same(resolved([listing, fact(B, title=title, sponsor=SHEFFIELD)]), A, B)
    assert kinds(resolved([listing, fact(B, title=title, acronym="COAST", sponsor=SHEFFIELD)])) == ["two-acronyms"]


def test_a_cluster_would_join_two_acronyms() -> None:
    """The number in the middle has no record of its own, so only the cluster shows it."""
    found = resolved(
        [fact(A, B, title=ONE, acronym="RAM-MS")],
        word(B, "same-study", "study/star-ms"),
        studies=[study("star-ms", "StarMS", acronym="StarMS")],
    )
    assert not same(found, A, B) or found.study_of[iri(A)] != iri("study/star-ms")
    assert kinds(found) == ["two-acronyms"]


def test_a_row_does_not_give_a_number_of_another_acronym() -> None:
    found = resolved(
        [fact(A, title=ONE, acronym="RAM-MS")],
        word(A, "same-study", "study/star-ms"),
        studies=[study("star-ms", "StarMS", acronym="StarMS")],
    )
    assert kinds(found) == ["two-acronyms"]


def test_a_number_that_strangers_share_joins_none_of_them() -> None:
    listing = [fact(A, B, title=ONE, sponsor=HAUKELAND), fact(C, B, title=TWO, sponsor=SHEFFIELD)]
    found = resolved(listing)
    assert len({found.study_of[iri(n)] for n in (A, B, C)}) == 3
    assert kinds(found) == ["number-shared-by-many"]
    assert set(found.findings[0].about) == {iri(A), iri(B), iri(C)}
    assert {outcome for *_, outcome in said(found)} == {"stopped"}


def test_a_shared_number_joins_the_record_that_it_lists_back() -> None:
    hub = fact(B, A, title="Anything", sponsor=HAUKELAND)
    found = resolved([hub, fact(A, B, title=ONE, sponsor=HAUKELAND), fact(C, B, title=TWO, sponsor=SHEFFIELD)])
    assert same(found, A, B) and not same(found, B, C)
    assert kinds(found) == ["number-shared-by-many"]


def test_a_number_that_many_records_of_one_registry_list() -> None:
    listing = [fact(f"NCT0027336{n}", B, title=CELLS, sponsor=HAUKELAND) for n in range(5)]
    found = resolved(listing)
    assert len(set(found.study_of.values())) == 6
    assert kinds(found) == ["number-shared-by-many"]


def test_placeholders_make_no_edge() -> None:
    found = resolved([fact(A, "NCT12345678", placeholders=["NCT00000000"]), fact(C, "NCT12345678")])
    assert not found.decisions
    assert kinds(found) == ["placeholder-number"] * 3
    assert set(found.study_of) == {iri(A), iri(C)}


def test_nothing_is_a_part_of_itself() -> None:
    found = resolved(
        [],
        word(A, "part-of", B, "follow-up-of"),
        word(B, "part-of", C, "follow-up-of"),
        word(C, "part-of", A, "follow-up-of"),
    )
    assert kinds(found) == ["cycle-of-parts"]
    assert len(found.parts) == 2


def test_a_part_of_what_is_the_same_is_stopped() -> None:
    found = resolved([fact(A, B), fact(B, A)], word(A, "part-of", B, "follow-up-of"))
    assert kinds(found) == ["cycle-of-parts"]
    assert not found.parts


def test_cyclic_equivalences_are_harmless() -> None:
    found = resolved([fact(A, B), fact(B, C), fact(C, A)])
    assert same(found, A, B, C) and not found.findings


def test_every_finding_is_told_in_both_languages() -> None:
    found = resolved([fact(A, B, title=ONE, acronym="RAM-MS"), fact(B, title=TWO, acronym="StarMS")])
    (finding,) = found.findings
    assert finding.english != finding.norwegian
    assert finding.severity == "error"
