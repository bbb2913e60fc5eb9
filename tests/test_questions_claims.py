"""Claims, decisions, interests and findings: the stored questions against the answers worked out by hand."""

from typing import Any

import pyoxigraph as ox
import pytest

from msevidence.ontology.iris import BASE
from msevidence.queries import question
from tests.questions import (
    ARTICLE,
    DATA,
    REPORT,
    Row,
    asked,
    expected,
    fold,
    local,
    numbers,
    publication,
    same,
    study,
    unmarked,
)

CLAIMS = {row["id"]: row for row in expected("claim-to-support")["answer"]}
"""Claims of the article by their ids in the answers."""


def claim_id(row: Row) -> str:
    """Return the id of a passage: by its words, and by what its cell cites where other passages have the same words."""
    text = unmarked(row["sentence"] or "")
    match = [
        i
        for i, c in CLAIMS.items()
        if unmarked(c["text"]) == text or (len(c["text"]) > 20 and unmarked(c["text"]) in text)
    ]
    assert len(match) == 1, (text, match)
    return str(match[0])


@pytest.mark.parametrize("row", expected("claims-resting-on-publication")["answer"], ids=lambda r: r["number"])
def test_claims_resting_on_a_publication(real_store: ox.Store, row: dict[str, Any]) -> None:
    key = publication(row["publication"])
    found = asked(real_store, "claims-resting-on-publication", publication=f"publication/{key}")
    assert {r["number"] for r in found} == {str(row["number"])}
    same(
        {(r["how"], claim_id(r)) for r in found},
        {("direct", i) for i in row["direct"]} | {("inherited", i) for i in row["inherited"]},
    )
    only = {claim_id(r) for r in found if r["onlySupport"] == "true" and r["how"] == "direct"}
    assert only == set(row["only_support"])


@pytest.mark.parametrize(
    "row", [r for r in expected("claims-resting-on-publication")["answer"] if "study" in r], ids=lambda r: r["study"]
)
def test_claims_resting_on_a_study(real_store: ox.Store, row: dict[str, Any]) -> None:
    found = asked(real_store, "claims-resting-on-publication", onStudy=f"study/{study(row['study'])}")
    same({claim_id(r) for r in found}, {*row["direct"], *row["inherited"]})


def test_claims_resting_on_any_publication(real_store: ox.Store) -> None:
    """Without a parameter: all publications, also those that report no study."""
    found = asked(real_store, "claims-resting-on-publication")
    answer = expected("claims-resting-on-publication")["answer"]
    same(
        {(local(r["publication"]), r["how"], claim_id(r)) for r in found},
        {
            (publication(row["publication"]), how, i)
            for row in answer
            for how in ("direct", "inherited")
            for i in row[how]
        },
    )


def test_claims_on_personal_communication(real_store: ox.Store) -> None:
    found = asked(real_store, "claims-on-personal-communication")
    (row,) = expected("claims-on-personal-communication")["answer"]
    (there,) = found
    assert fold(row["text"]) in fold(there["claimText"])
    assert (local(there["document"]), there["personName"], there["date"]) == (
        row["document"],
        row["person"],
        row["date"],
    )
    assert row["date_printed"] in str(there["printed"])


def test_uncited_claims_with_numbers(real_store: ox.Store) -> None:
    found = asked(real_store, "uncited-claims-with-numbers", document=ARTICLE)
    answer = expected("uncited-claims-with-numbers")["answer"]

    def which(r: Row) -> str | None:
        match = [row["id"] for row in answer if fold(row["text"]) in fold(r["claimText"])]
        return match[0] if len(match) == 1 else r["claimText"]

    same({(which(r), r["written"]) for r in found}, {(row["id"], row["written"]) for row in answer})
    digits = asked(real_store, "uncited-claims-with-numbers", document=ARTICLE, written="digits")
    same({which(r) for r in digits}, {row["id"] for row in answer if row["written"] == "digits"})


def test_unresolved_references(real_store: ox.Store) -> None:
    found = asked(real_store, "unresolved-references")
    answer = expected("unresolved-references")["answer"]
    same(
        {(local(r["document"]), r["number"], r["entry"], r["inferred"] is not None) for r in found},
        {(row["document"], str(row["number"]), "false", row["inferred"] is not None) for row in answer},
    )
    inferred = {r["number"]: local(r["inferredPublication"]) for r in found}
    for row in answer:
        if row["strength"] == "strong":
            assert inferred[str(row["number"])] == publication(row["refdata"]), row
    assert all(r["because"] for r in found if r["inferred"])


def test_publications_cited_in_several_documents(real_store: ox.Store) -> None:
    content = expected("publications-cited-in-several-documents")

    def rows_of(name: str) -> set[tuple[str, str, str, bool]]:
        return {
            (
                publication(row["refdata"]),
                str(row["article_number"]),
                str(row["report_number"]),
                row["basis"] == "printed",
            )
            for row in content[name]
        }

    found = asked(real_store, "publications-cited-in-several-documents")
    assert {(r["document"], r["otherDocument"]) for r in found} == {(ARTICLE, REPORT)}
    same(
        {
            (
                str(local(r["publication"])),
                str(r["numbers"]),
                str(r["otherNumbers"]),
                numbers(r["otherHows"]) != {"inferred"},
            )
            for r in found
        },
        rows_of("answer"),
        rows_of("inferred"),
    )


OUTCOMES = {
    "recommended-in-trial-only": "decision",
    "insufficient-documentation": "decision",
    "denied": "refusal",
    "standard-treatment": "use abroad",
    "recommended": "recommendation",
    "commissioned": "commission",
}


def test_decisions(real_store: ox.Store) -> None:
    found = asked(real_store, "decisions")
    answer = expected("decisions")["answer"]
    same(
        {
            (
                OUTCOMES[local(r["outcome"])],
                str(r["key"]).replace("commission", "commission-2021"),
                local(r["document"]),
                r["date"],
                numbers(r["references"]),
            )
            for r in found
        },
        {
            (row["kind"], row["decision"], row["told_by"], row["date"], frozenset(map(str, row["cites"])))
            for row in answer
        },
    )
    for row in answer:
        (there,) = [
            r
            for r in found
            if local(r["document"]) == row["told_by"]
            and str(r["key"]).split("-20")[0] == row["decision"].split("-20")[0]
        ]
        if row["body"] is None:
            assert there["body"] is None, row
        else:
            names = {"Decision Forum": "Beslutningsforum"}
            body = names.get(row["body"], row["body"]).removeprefix("public health services of ")
            assert body in str(there["bodyName"]), row
        if row["kind"] in ("decision", "use abroad"):
            assert fold(row["outcome"]) in fold(there["words"]), row
        if row["kind"] == "commission":
            assert fold(row["date_printed"]) in fold(there["words"]) and fold(row["body"]) in fold(there["words"])
            assert there["label"] == "Commission from Bestillerforum for Nye metoder to Område for helsetjenester"
        assert there["words"] and there["label"], row
        if row["grounds"]:
            assert fold(row["grounds"]) in fold(there["grounds"]), row
        assert (there["printedDate"] or None) == row.get("date_printed", row["date"]), row
        assert (there["personalCommunication"] or "") == row.get("personal_communication", "").split(",")[0], row


def test_interests_that_touch_what_the_document_speaks_about(real_store: ox.Store) -> None:
    found = asked(real_store, "declared-interests")
    same(
        {(r["personName"], local(r["study"]), r["touches"], r["declared"]) for r in found},
        {
            (row["person"], study(row["touches"]), row["touches_kind"], str(row["declared"]).lower())
            for row in expected("declared-interests")["answer"]
        },
    )
    assert all("Not named" in str(r["because"]) for r in found)


KINDS = {
    "none declared": "none-declared",
    "lecture fees": "lecture-fees",
    "participated in clinical trials": "trial-participation",
    "assessed the scientific basis for stem cell therapy": "assessment-for-organisation",
    "involved in study": "study-involvement",
    "steering group": "steering-group",
}


def test_all_declared_interests(real_store: ox.Store) -> None:
    same(
        {
            (r["personName"], local(r["interestKind"]), r["ofName"])
            for r in asked(real_store, "interests-of-authors", document=ARTICLE, declared="true")
        },
        {(row["person"], KINDS[row["kind"]], row["of"]) for row in expected("declared-interests")["all"]},
    )


def test_recommendations(real_store: ox.Store) -> None:
    same(
        {fold(r["claimText"]).rstrip(".") for r in asked(real_store, "recommendations", document=ARTICLE)},
        {fold(row["text"]) for row in expected("recommendations")["answer"]},
    )
    assert {local(r["support"]) for r in asked(real_store, "recommendations", document=ARTICLE)} == {"uncited"}


def test_pull_quotes(real_store: ox.Store) -> None:
    same(
        {
            (fold(r["quote"]).strip("«»"), fold(r["sentenceText"]), r["relation"])
            for r in asked(real_store, "pull-quotes")
        },
        {(fold(row["quote"]), fold(row["of"]), row["relation"]) for row in expected("pull-quotes")["answer"]},
    )


def test_treatment_abroad(real_store: ox.Store) -> None:
    found = asked(real_store, "treatment-abroad")
    answer = expected("treatment-abroad")["answer"]
    same({(r["place"], r["value"]) for r in found}, {(row["place"], str(row["value"])) for row in answer})
    for row in answer:
        (there,) = [r for r in found if r["place"] == row["place"]]
        assert row["according_to"] in str(there["claimText"])
        assert row["qualifier"] in (str(there["qualifier"]), *str(there["note"]).split("'")), row
        assert (local(there["support"]), numbers(there["references"])) == ("uncited", frozenset())


def test_what_does_not_add_up(real_store: ox.Store) -> None:
    """The finding that this graph has: each number that leads nowhere, and each line that holds its marker."""
    (row,) = expected("what-does-not-add-up")["answer"]
    found = [r for r in asked(real_store, "what-does-not-add-up") if local(r["kind"]) == "missing-reference-list"]
    assert {local(r["document"]) for r in found} == {row["document"]}
    (text,) = {r["text"] for r in found}
    assert f"({', '.join(map(str, row['numbers']))})" in str(text)
    source = (DATA / "reports" / "fhi-2021" / "source.txt").read_text(encoding="utf-8")
    spans = [(int(str(r["start"])), int(str(r["end"]))) for r in found]
    lines = [(source.count("\n", 0, a) + 1, source.count("\n", 0, b) + 1) for a, b in spans]
    outline = 1387
    marked = set(row["lines"]["fhi-2021"]) - {outline}
    assert all(any(a <= line <= b for a, b in lines) for line in marked)
    assert all(any(a <= line <= b for line in marked) for a, b in lines)


def test_provenance_of_a_triple(real_store: ox.Store) -> None:
    first, second, third = expected("provenance-of-a-triple")["answer"]
    expectation = _subject(
        real_store,
        "?s a mse:Expectation ; mse:quotedText 'Forventet ferdigstilt i 2024'",
    )
    claim = _subject(
        real_store, "?s a mse:Claim ; mse:claimText ?t FILTER(STRSTARTS(?t, 'The most common complications'))"
    )
    mse = BASE + "ontology#"
    for row, subject, predicate, obj in (
        (first, expectation, mse + "date", "2024"),
        (second, "study/mist", mse + "registeredAs", BASE + "registration/NCT00273364"),
        (third, claim, "http://purl.org/spar/cito/cites", BASE + "publication/kvistad-2020"),
    ):
        found = asked(real_store, "provenance-of-a-triple", subject=subject, predicate=predicate)
        ours = [r for r in found if r["object"] == obj]
        assert ours, row
        assert {r["documentSha256"] for r in ours} == {row["sha256"]}
        assert all(row["source"].endswith(str(r["documentFile"])) for r in ours)
        assert {r["documentLoader"] for r in ours} == {row["loader_kind"]}
        assert {r["issued"] for r in ours} == {row["issued"]}
        assert all(fold(row["text"]) in fold(r["text"]) for r in ours)
        assert all(r["loader"] and r["version"] and r["sha256"] for r in ours)


def _subject(store: ox.Store, where: str) -> str:
    found = store.query(f"PREFIX mse: <{BASE}ontology#> SELECT ?s {{ {where} }}")
    assert isinstance(found, ox.QuerySolutions)
    (one,) = found
    return str(one["s"].value)


def test_graph_of_one_study(real_store: ox.Store) -> None:
    triples = real_store.query(question("graph-of-one-study").sparql)
    assert isinstance(triples, ox.QueryTriples)
    small = ox.Store()
    small.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    assert 300 < len(small) < 3000
    content = expected("graph-of-one-study")
    for fact in content["answer"]:
        assert _holds(small, fact), fact
    for fact in content["must_not"]:
        assert not _holds(small, fact), fact


def test_graph_of_any_study(real_store: ox.Store) -> None:
    """Each study's graph is that which the question gives with the study in the line marked HERE."""
    found = question("graph-of-one-study")
    sizes = set()
    for key in ("study/ram-ms", "study/astims", BASE + "study/beat-ms"):
        triples = list(real_store.query(found.written({"study": key}), substitutions=found.bind({"study": key})))
        iri = BASE + key.removeprefix(BASE)
        line = f"PREFIX study: <{BASE}study/mist>"
        assert found.sparql.count(line) == 1
        edited = real_store.query(found.sparql.replace(line, f"PREFIX study: <{iri}>"))
        assert {str(t) for t in triples} == {str(t) for t in edited}
        assert ox.NamedNode(iri) in {t.subject for t in triples}
        sizes.add(len(triples))
    assert len(sizes) == 3 and min(sizes) > 50


PLACES = {"Sverige": "Sweden", "Storbritannia": "United Kingdom", "Brasil": "Brazil"}
"""Places that the curation of the report names in English."""


def _holds(store: ox.Store, fact: dict[str, Any]) -> bool:
    """Say whether a small graph holds a fact of the hand-made answer."""
    value = fact["value"]
    document = BASE + "document/" + fact.get("document", "")
    concept = f"{BASE}scheme/{{}}/{str(value).lower()}"
    described = f"?d a mse:StudyDescription ; mse:describes study:mist ; mse:inDocument <{document}>"
    rested = CLAIMS.get(value, {}).get("text", "")
    where = {
        "name": f"study:mist rdfs:label '{value}'@en",
        "registration": f"study:mist mse:registeredAs ?r . ?r rdfs:label '{value}'",
        "kind of transplantation": f"{described} ; mse:transplantation <{concept.format('transplantation')}>",
        "status as reported": f"{described} ; mse:statusAsReported <{concept.format('status-as-reported')}>",
        "end as reported": f"{described} ; mse:ended '{value}'^^xsd:gYearMonth",
        "MS type": f"?d a mse:StudyDescription ; mse:msType <{concept.format('ms-type')}>",
        "participants": f"{described} ; mse:participants {value}",
        "place": f"{described} ; mse:place ?p FILTER(STR(?p) = '{PLACES.get(value, value)}')",
        "outcome": f"?r a mse:Result ; mse:inDocument <{document}> ; mse:measure ?m FILTER(STR(?m) = '{value}')",
        "publication": f"?e biro:references publication:burt-2019 ; mse:inDocument <{document}>"
        + (f" ; mse:number {fact['number']}" if "number" in fact else ""),
        "quoted conclusion": f"?q a mse:Quotation ; mse:inDocument <{document}> ; oa:exact ?t"
        f" FILTER(CONTAINS(?t, '{value}'))",
        "arm": "?a a mse:Arm ; rdfs:label ?l"
        + (f" ; pico:numberOfParticipants {fact['size']} ; mse:inDocument <{document}>" if "size" in fact else "")
        + f" FILTER(STR(?l) = '{value}')",
        "follow-up": f"{described} ; mse:printedFollowUp ?f FILTER(STR(?f) = '{value}')",
        "result": f"?r a mse:Result ; mse:ofStudy study:mist ; mse:value ?v ; mse:unit unit:percent ; mse:direction"
        f" direction:{'decrease' if fact.get('direction') == 'reduced' else 'increase'} FILTER(?v = {value})"
        if fact["fact"] == "result"
        else "",
        "claim that rests on it": "?c a mse:Claim ; cito:cites publication:burt-2019 ; mse:claimText ?t"
        f' FILTER(CONTAINS(?t, "{rested[:60]}"))',
    }[fact["fact"]]
    prefixes = {
        "mse": BASE + "ontology#",
        "study": BASE + "study/",
        "publication": BASE + "publication/",
        "unit": BASE + "scheme/unit/",
        "direction": BASE + "scheme/direction/",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "oa": "http://www.w3.org/ns/oa#",
        "biro": "http://purl.org/spar/biro/",
        "cito": "http://purl.org/spar/cito/",
        "pico": "http://data.cochrane.org/ontologies/pico/",
    }
    return bool(store.query(f"ASK {{ {where} }}", prefixes=prefixes))
