"""The questions on disagreement, coverage, concentration and sources, against the answers worked out by hand."""

import pyoxigraph as ox

from msevidence.ontology.iris import BASE
from tests.questions import ARTICLE, REPORT, asked, expected, fold, local, publication, same


def test_how_much_rests_on_how_little(real_store: ox.Store) -> None:
    answer = expected("how-much-rests-on-how-little")
    found = {local(r["work"]): r for r in asked(real_store, "how-much-rests-on-how-little", document=ARTICLE)}
    same(
        {(work, r["pointers"], r["cells"]) for work, r in found.items()},
        {(publication(row["work"]), str(row["pointers"]), str(row["cells"])) for row in answer["answer"]},
    )
    total = str(answer["total"]["nygaard-2024"])
    assert {r["total"] for r in found.values()} == {total}
    assert sum(int(str(r["pointers"])) for r in found.values()) == int(total)
    assert found[publication("Nabizadeh 2022")]["percent"] == "25"


def test_what_was_read_of_the_sources(real_store: ox.Store) -> None:
    read: dict[str, set[str]] = {}
    for row in asked(real_store, "what-was-read-of-the-sources", document=ARTICLE):
        read.setdefault(str(row["number"]), set()).update({row["read"]} if row["read"] else set())
    answer = expected("what-was-read-of-the-sources")["answer"]
    assert read == {str(row["number"]): set(row["read"]) for row in answer}


def test_disagreements(real_store: ox.Store) -> None:
    found = asked(real_store, "disagreements")
    for row in found:
        assert {local(row["firstDocument"]), local(row["secondDocument"])} == {"nygaard-2024", "fhi-2021"}
    for wanted in expected("disagreements")["answer"]:
        hits = [
            r
            for r in found
            if (r["studyName"], r["field"], local(r["kind"])) == (wanted["study"], wanted["field"], wanted["kind"])
            and local(r["foundBy"]) == "machine"
        ]
        assert hits, wanted
        said = " ".join(fold(r[name]) for r in hits for name in ("firstSays", "secondSays"))
        assert fold(wanted["nygaard-2024"]) in said and fold(wanted["fhi-2021"]) in said, wanted


def test_disagreements_about_one_study(real_store: ox.Store) -> None:
    found = asked(real_store, "disagreements", onStudy=BASE + "study/ram-ms")
    assert {r["studyName"] for r in found} == {"RAM-MS"}
    assert len(found) < len(asked(real_store, "disagreements"))


def test_what_the_rules_looked_at(real_store: ox.Store) -> None:
    found = {(local(r["document"]), local(r["kind"])): r for r in asked(real_store, "what-the-rules-looked-at")}
    for row in expected("what-the-rules-looked-at")["answer"]:
        there = found[row["document"], row["rule"]]
        assert (local(there["state"]), there["found"]) == (row["state"], str(row["found"])), row
        assert int(str(there["checked"])) >= row["checked_at_least"], row
        assert bool(there["why"]) == (row["state"] == "not-applicable"), row
    documents = {document for document, _ in found}
    rules = {rule for _, rule in found}
    assert len(found) == len(documents) * len(rules)
    assert REPORT.rsplit("/", 1)[1] in documents


def test_claims_against_their_sources(real_store: ox.Store) -> None:
    found = asked(real_store, "claims-against-their-sources", document=ARTICLE)
    for row in expected("claims-against-their-sources")["answer"]:
        hits = [
            r
            for r in found
            if fold(row["text"]) in fold(r["words"])
            and fold(row["source"]) in fold(r["sourceWords"])
            and local(r["work"]) == publication(row["publication"])
        ]
        assert {(local(r["verdict"]), local(r["basis"])) for r in hits} >= {(row["verdict"], row["basis"])}, row
    assert {local(r["verdict"]) for r in found} == {"agrees", "disagrees", "other-measure", "not-in-what-was-read"}
