"""How many studies, and why: spellings, each step, and the figures of the two documents worked out by hand."""

from __future__ import annotations

import csv
import io
import time

import pyoxigraph as ox
import pytest

from msevidence.ontology.iris import BASE
from msevidence.server.count import UnknownDocumentError, of_document, of_everything, of_numbers
from msevidence.server.count_facts import Facts
from msevidence.server.count_json import as_object
from msevidence.server.count_model import Count
from msevidence.server.count_numbers import read_arguments, read_numbers
from msevidence.server.count_table import COLUMNS, as_csv, defused
from tests.count_graph import Store, small
from tests.questions import expected, study

ANSWER = expected("how-many-studies-and-why")
DOCUMENTS = ("fhi-2021", "nygaard-2024")
STEPS = ("printed", "numbers", "registrations", "studies", "references")


def numbers(text: str, store: Store | None = None) -> Count:
    return of_numbers(Facts(store or small()), read_numbers(text), BASE)


def five(count: Count) -> tuple[int, ...]:
    return tuple(count.figures()[step] for step in STEPS)


def keys(iris: object) -> list[str]:
    return [iri.removeprefix(BASE) for iri in iris]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "spelling",
    [
        *("NCT 0027 3364", "nct00273364", "NCT: 00273364", "NCT\u00a00027\u00a03364", "(NCT00273364)."),
        *("https://clinicaltrials.gov/ct2/show/NCT00273364?term=x", "https://a.b/?q=%4eCT00273364%20x"),
    ],
)
def test_a_number_in_any_spelling_is_that_number(spelling: str) -> None:
    given = read_numbers(spelling)
    assert [n.normalised for n in given.numbers] == ["NCT00273364"]
    assert given.not_recognised == ()


@pytest.mark.parametrize(
    "spelling", ["EudraCT: 2010–023560–40/SE", "2010 - 023560 - 40-SE", "EUCTR2010-023560-40-SE", "2010-\n023560-40/SE"]
)
def test_a_number_of_the_eu_register_keeps_its_country_apart(spelling: str) -> None:
    (number,) = read_numbers(spelling).numbers
    assert (number.scheme, number.normalised, number.suffix) == ("EudraCT", "2010-023560-40", "SE")


def test_a_pasted_text_gives_every_occurrence_in_order() -> None:
    text = "MIST (NCT00273364; also nct 0027 3364) and RAM-MS, ISRCTN 8866 7898, NCT00273364"
    found = [n.normalised for n in read_numbers(text).numbers]
    assert found == ["NCT00273364", "NCT00273364", "ISRCTN88667898", "NCT00273364"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        *(("NCT00000000", "placeholder"), ("NCT12345678", "placeholder"), ("EudraCT 0000-000000-00", "placeholder")),
        *(("NCT0027336", "pattern"), ("MIST", "none"), ("TISCHMS-MSCNP-002", "none"), ("=1+1", "none")),
    ],
)
def test_what_is_no_number_is_told_with_why_alone_and_beside_one(text: str, why: str) -> None:
    for whole in (text, f"{text}\nNCT00273364", f"NCT00273364 {text}"):
        assert [(n.text, n.why) for n in read_numbers(whole).not_recognised] == [(text, why)], whole


def test_the_words_of_a_sentence_and_of_a_label_are_no_faults() -> None:
    given = read_numbers("the trial was registered as EudraCT No. 2010-023560-40 in the same year, \n")
    assert len(given.numbers) == 1 and given.not_recognised == ()
    assert read_numbers("EudraCT\n2010-023560-40").not_recognised == ()


def test_a_number_that_the_shell_has_cut_is_put_together() -> None:
    assert [n.normalised for n in read_arguments(("NCT", "0027", "3364")).numbers] == ["NCT00273364"]
    assert len(read_arguments(("NCT00273364", "NCT00273365")).numbers) == 2


@pytest.mark.parametrize("text", ["NCT00273364 https://a/NCT00273364 x ", "2010 - ", "1,", "IRCT1 ", "NCT0 "])
def test_reading_takes_time_in_proportion_to_the_text(text: str) -> None:
    begin = time.process_time()
    read_numbers(text * (100_000 // len(text)))
    assert time.process_time() - begin < 60  # some minutes where it is not; other work does not count here


def test_two_numbers_of_one_study_and_one_spelt_twice() -> None:
    count = numbers("NCT00000101 nct 0000 0101 EudraCT 2010-000101-10/SE")
    assert five(count)[:4] == (3, 2, 2, 1)
    (one,) = count.studies.values()
    assert one.label == "One" and keys(one.registrations) == [
        "registration/NCT00000101",
        "registration/EudraCT-2010-000101-10",
    ]
    assert keys(count.decisions) == ["identity/former", "identity/same"]


def test_a_former_number_denotes_the_record_that_has_another_today() -> None:
    count = numbers("NCT00000101 NCT00000102")
    assert five(count)[:4] == (2, 2, 1, 1)
    rows = as_object(count, BASE)["number_list"]
    assert [(row["registration"], row["rule"]) for row in rows] == [
        ("registration/NCT00000101", "own-record"),
        ("registration/NCT00000101", "obsolete-number"),
    ]


def test_former_numbers_in_a_circle_are_one_record() -> None:
    turned = """<identity/round> mse:rule <scheme/identity-rule/obsolete-number> ;
      sssom:subject_id <registration/NCT00000102> ; sssom:object_id <registration/NCT00000101> ."""
    from tests.count_graph import PREFIXES

    more = [quad.triple for quad in ox.parse(PREFIXES + turned, ox.RdfFormat.TURTLE)]
    assert five(numbers("NCT00000101 NCT00000102", small(more)))[2] == 1


def test_a_part_is_no_study_more_and_stands_under_its_whole() -> None:
    count = numbers("NCT00000101 NCT00000201")
    assert five(count)[:4] == (2, 2, 2, 1)
    (part,) = as_object(count, BASE)["parts"]
    assert (part["part"], part["of"], part["rules"]) == ("study/arm", "study/one", ["site-list"])
    assert part["because"] == ["Listed as an arm."]
    alone = numbers("NCT00000201")
    assert keys(alone.studies) == ["study/one"] and keys(alone.parts) == ["study/arm"]


def test_a_part_of_two_studies_stands_under_both() -> None:
    count = numbers("NCT00000301")
    assert keys(count.studies) == ["study/one", "study/two"] and len(count.parts) == 1


def test_an_unknown_number_is_a_study_of_its_own() -> None:
    count = numbers("NCT99999998 NCT99999998 2030-918273-17")
    assert five(count) == (3, 2, 2, 2, 0)
    written = as_object(count, BASE)
    assert [row["known"] for row in written["number_list"] + written["study_list"]] == [False] * 4
    assert written["registration_list"][0]["rules"] == ["not-known"] and written["unknown"] == 2


def test_a_record_of_which_no_study_is_stated_is_a_study_of_its_own() -> None:
    count = numbers("NCT00000501")
    assert five(count) == (1, 1, 1, 1, 0)
    assert as_object(count, BASE)["number_list"][0]["known"] is True


def test_references_are_entries_and_records_of_the_study_and_its_parts() -> None:
    count = numbers("NCT00000101")
    found = {key: r for key, r in zip(keys(count.references), count.references.values(), strict=True)}
    assert set(found) == {"listed-reference/d.1", "listed-reference/d.2", "record-version/p1.a"}
    assert [keys(r.others) for r in found.values()] == [[], ["study/other"], []]
    assert keys(count.publications) == ["publication/p1"]
    other = numbers("NCT00000401")
    assert set(keys(other.references)) == {"listed-reference/d.2", "record-version/p2.a"}
    assert next(iter(other.references["https://w3id.org/msevidence/record-version/p2.a"].studies.values())) == [
        "gives-number"
    ]


def test_what_is_kept_apart_says_why() -> None:
    kept = as_object(numbers("NCT00000401"), BASE)["kept_apart"]
    assert [(k["kind"], k["rule"], k["because"]) for k in kept] == [
        ("not-same", "curated", "Another disease."),
        ("stopped", "shared-secondary-number", "Both list a third."),
        ("finding", "kept-apart-yet-joined", "Kept apart, yet joined."),
    ]
    assert kept[1]["finding"] == "finding/kept"


def test_a_document_counts_numbers_and_what_it_describes_and_names() -> None:
    count = of_document(Facts(small()), BASE + "document/d")
    assert five(count) == (2, 2, 2, 2, 2)
    assert [p.printed for p in count.printed] == ["2010–000101-10/SE", "NCT00000102"]
    ways = {row["study"]: [w["way"] for w in row["ways"]] for row in as_object(count, BASE)["study_list"]}
    assert ways == {"study/one": ["number", "number", "table-row"], "study/two": ["mention"]}
    assert count.figures()["listed"] == 1
    with pytest.raises(UnknownDocumentError):
        of_document(Facts(small()), BASE + "document/none")


def test_everything_counts_what_is_shared_once() -> None:
    count = of_everything(Facts(small()))
    assert [(one.title, five(one)) for one in [*count.documents, *count.sources]] == [
        ("A document", (2, 2, 2, 2, 2)),
        ("export.csv", (3, 3, 3, 2, 0)),
        ("pubmed.xml", (1, 1, 1, 2, 2)),
    ]
    assert five(count) == (6, 4, 3, 3, 4)  # NCT00000102 is a number more, and no registration more
    assert count.figures()["listed"] == 2
    assert len(count.kept_apart) == 2 and keys(count.findings) == ["finding/kept"]


def test_what_is_asked_does_not_grow_with_what_else_there_is() -> None:
    store = small()
    numbers("NCT00000101", store)
    assert len(store.asked) < 60
    assert not {"count_denoted", "count_kept_apart", "count_former"} & set(store.asked)


def test_csv_has_one_row_a_number_and_no_formula() -> None:
    count = numbers("nct00000201\nNCT 0000 0101\n=cmd()\nNCT99999998")
    rows = list(csv.DictReader(io.StringIO(as_csv(count, BASE))))
    assert tuple(rows[0]) == COLUMNS
    assert [row["printed"] for row in rows] == ["nct00000201", "NCT 0000 0101", "NCT99999998", "'=cmd"]
    assert (rows[0]["study"], rows[0]["whole"], rows[0]["rule"]) == (
        "Arm (study/arm)",
        "One (study/one)",
        "own-record; site-list",
    )
    assert rows[1]["rule"] == "obsolete-number; secondary-number" and rows[1]["sources"] == "export.csv, line 1"
    assert [defused(c) for c in ("+1", "-1", "-1+1", "@a", "\t=1", " =1")] == [
        *("+1", "-1", "'-1+1", "'@a", "'\t=1", "' =1")
    ]


def test_json_has_five_integers_and_its_lists() -> None:
    written = as_object(of_everything(Facts(small())), BASE)
    assert all(type(written[step]) is int for step in STEPS)
    assert len(written["printed_list"]) == written["printed"] and len(written["study_list"]) == written["studies"]
    assert len(written["number_list"]) == written["numbers"] and len(written["reference_list"]) == written["references"]
    assert len(written["registration_list"]) == written["registrations"]
    for name in ("parts", "decisions", "kept_apart", "not_recognised", "documents", "sources"):
        assert isinstance(written[name], list), name
    (document,) = written["documents"]
    assert document["document"] == "document/d" and set(STEPS) <= set(document)


@pytest.mark.parametrize("number", range(3))
def test_the_documents_have_the_figures_worked_out_by_hand(real_store: ox.Store, number: int) -> None:
    wanted = ANSWER["totals"][number]
    facts = Facts(Store(real_store))
    key = wanted["document"]
    count = of_document(facts, f"{BASE}document/{key}") if key else of_everything(facts)
    figures = count.figures()
    assert {name: figures[name] for name in (*STEPS, "listed", "parts")} == {
        name: wanted[name] for name in (*STEPS, "listed", "parts")
    }


@pytest.mark.parametrize("document", DOCUMENTS)
def test_each_study_of_a_document_has_what_was_worked_out_by_hand(real_store: ox.Store, document: str) -> None:
    count = of_document(Facts(Store(real_store)), f"{BASE}document/{document}")
    found = {}
    for one in count.studies.values():
        printed = sum(len(count.numbers[n].printed) for r in one.registrations for n in count.registrations[r].numbers)
        rows = [(way.table.removeprefix("Tabell "), way.row) for way in one.ways if way.kind == "table-row"]
        names = frozenset(count.registrations[r].label for r in one.registrations)
        key = one.iri.rpartition("/")[2]
        found[key] = (printed, names, len(one.parts), len(one.references), rows)
    assert found == {
        study(row["study"]): (
            row["printed"],
            frozenset(row["numbers"]),
            row["parts"],
            row["references"],
            [(str(row["table"]), row["row"])] if "table" in row else [],
        )
        for row in ANSWER["answer"]
        if row["document"] == document
    }


def test_the_first_entry_of_the_row_of_mesems_registers_another_trial(real_store: ox.Store) -> None:
    count = of_document(Facts(Store(real_store)), f"{BASE}document/fhi-2021")
    others = [r for r in count.references.values() if r.others]
    assert [keys(r.others) for r in others] == [["study/everolimus-paediatric-renal-transplant"]]
    apart = {frozenset(keys((d.subject, d.object))) for d in count.kept_apart.values() if not d.stopped}
    assert frozenset(("registration/EudraCT-2010-024381-21", "study/mesems")) in apart
    assert all("registration/EudraCT-2010-024381-21" in pair for pair in apart)
