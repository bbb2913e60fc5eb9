"""The FHIR bundle: valid R5 by ``fhir.resources``, closed, the same each time, and what the graph says."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from fhir.resources import get_fhir_model_class
from fhir.resources.bundle import Bundle
from fhir_core.fhirabstractmodel import FHIRAbstractModel

from msevidence.server import i18n
from msevidence.server.exports.fhir_compositions import composition
from msevidence.server.exports.fhir_graph import Facts, full
from msevidence.server.exports.fhir_lost import HELD, KINDS_HELD, KINDS_LOST, LOST, REASONS
from msevidence.server.exports.fhir_studies import NCT_SYSTEM
from msevidence.server.exports.fhir_values import TRANSLATION, fhir_id
from msevidence.server.exports.handover import Handover
from msevidence.server.exports.rights import LONGEST_QUOTATION, rights
from msevidence.server.local_lane import LocalLane

Json = dict[str, Any]
PREFIXES = """
PREFIX mse: <https://w3id.org/msevidence/ontology#>
PREFIX prism: <http://prismstandard.org/namespaces/basic/2.0/>
PREFIX fabio: <http://purl.org/spar/fabio/>
PREFIX pico: <http://data.cochrane.org/ontologies/pico/>
PREFIX cito: <http://purl.org/spar/cito/>
PREFIX outcome: <https://w3id.org/msevidence/scheme/outcome/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""


def asked(lane: LocalLane, query: str) -> list[tuple[str, ...]]:
    """Return the rows of a query, as texts in the order of the variables."""
    rows = lane.select(PREFIXES + query)
    return sorted(
        tuple(term.value for term in row.values() if isinstance(term, ox.NamedNode | ox.Literal)) for row in rows
    )


@pytest.fixture(scope="module")
def bundle(export: Callable[..., dict[str, bytes]]) -> Json:
    """Return the bundle of the whole release."""
    ((name, content),) = export("fhir").items()
    assert name.endswith(".fhir.json")
    read: Json = json.loads(content)
    return read


def of_kind(bundle: Json, kind: str) -> dict[str, Json]:
    """Return the resources of a type by the IRI of their entry."""
    return {
        entry["fullUrl"]: entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind
    }


def inside(value: object, name: str) -> Iterator[Any]:
    """Give the values of all members of a name, however deep."""
    if isinstance(value, dict):
        for member, one in value.items():
            if member == name:
                yield one
            yield from inside(one, name)
    elif isinstance(value, list):
        for one in value:
            yield from inside(one, name)


def test_the_validator_refuses_what_r5_has_not(bundle: Json) -> None:
    study = next(iter(of_kind(bundle, "ResearchStudy").values()))
    model = get_fhir_model_class("ResearchStudy")
    for wrong in (
        {"enrollment": [{"reference": "x"}]},
        {"progressStatus": [{}]},
        {"recruitment": {"targetNumber": -1}},
    ):
        with pytest.raises(ValueError, match="validation error"):
            model.model_validate({**study, **wrong})


def codes(value: object) -> Iterator[tuple[str, Any, set[str]]]:
    """Give the codes of a resource that R5 takes from a list of its own: the member, the code, the list."""
    if isinstance(value, list):
        for one in value:
            yield from codes(one)
    elif isinstance(value, FHIRAbstractModel):
        for name, field in type(value).model_fields.items():
            held = getattr(value, name)
            extra = field.json_schema_extra
            allowed = extra.get("enum_values") if isinstance(extra, dict) else None
            if held is not None and isinstance(allowed, list):
                yield name, held, {str(one) for one in allowed}
            yield from codes(held)


def test_every_resource_is_valid_r5(bundle: Json) -> None:
    checked: Counter[str] = Counter()
    read = Bundle.model_validate(bundle)
    assert len(read.entry) == len(bundle["entry"])
    for entry in read.entry:
        assert type(entry.resource) is get_fhir_model_class(entry.resource.get_resource_type())
        for name, code, allowed in codes(entry.resource):
            assert code in allowed, (entry.fullUrl, name)
            checked[name] += 1
    assert checked.keys() >= {"status", "membership", "type", "informationType"}


def test_ids_are_unique_and_references_resolve(bundle: Json) -> None:
    addresses = {entry["fullUrl"]: entry["resource"]["resourceType"] for entry in bundle["entry"]}
    ids = Counter((entry["resource"]["resourceType"], entry["resource"]["id"]) for entry in bundle["entry"])
    assert len(addresses) == len(bundle["entry"]) > 500
    assert max(ids.values()) == 1
    assert all(re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", one) for _, one in ids)
    references = [one for one in inside(bundle, "reference") if isinstance(one, str)]
    assert len(references) > 500
    assert set(references) <= addresses.keys()
    for name in ("resourceReference", "observed", "observedGroup", "citeAsReference", "artifactReference", "entry"):
        for found in inside([entry["resource"] for entry in bundle["entry"]], name):
            for one in found if isinstance(found, list) else [found]:
                if "contributor" not in one:  # an author of a citation, of whom there is no entry
                    assert addresses[one["reference"]] == one["type"]


def test_long_and_odd_keys_get_ids_of_their_own() -> None:
    base = "https://w3id.org/msevidence/finding/"
    ids = {fhir_id(base + key) for key in ("a_b", "a.b", "æ", "x" * 100, "x" * 101)}
    assert len(ids) == 5
    assert all(re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", one) for one in ids)


def test_studies_have_their_registry_numbers(bundle: Json, lane: LocalLane) -> None:
    expected = asked(
        lane,
        "SELECT DISTINCT ?s ?n { ?s a mse:Study ; mse:registeredAs/mse:registrationNumber ?n }",
    )
    studies = of_kind(bundle, "ResearchStudy")
    held = sorted((iri, one["value"]) for iri, study in studies.items() for one in study["identifier"][1:])
    assert held == expected
    assert len(studies) == len(asked(lane, "SELECT DISTINCT ?s { ?s a mse:Study }"))
    for study in studies.values():
        for one in study["identifier"]:
            assert one["system"]
            assert (one["system"] == NCT_SYSTEM) == one["value"].startswith("NCT")


def test_numbers_of_participants_are_those_of_the_sources(bundle: Json, lane: LocalLane) -> None:
    described = asked(lane, "SELECT DISTINCT ?d ?n { ?d a mse:StudyDescription ; mse:participants ?n }")
    arms = asked(lane, "SELECT DISTINCT ?a ?n { ?a a mse:Arm ; pico:numberOfParticipants ?n }")
    groups = of_kind(bundle, "Group")
    held = sorted((iri, str(group["quantity"])) for iri, group in groups.items() if "quantity" in group)
    assert held == sorted(described + arms)
    studies = of_kind(bundle, "ResearchStudy")
    stated = asked(
        lane,
        "SELECT DISTINCT ?s ?n { { ?d mse:describes ?s ; mse:participants ?n } UNION { ?s mse:registeredAs ?r ."
        ' ?r mse:enrolment ?n ; mse:hasSourcedValue ?v . ?v mse:field "enrolment_type" ; mse:value "ACTUAL" } }',
    )
    by_study: dict[str, set[str]] = {}
    for study, count in stated:
        by_study.setdefault(study, set()).add(count)
    alone = {study: int(next(iter(counts))) for study, counts in by_study.items() if len(counts) == 1}
    assert {
        iri: study["recruitment"]["actualNumber"]
        for iri, study in studies.items()
        if "actualNumber" in study.get("recruitment", {})
    } == alone
    told_apart = set(by_study) - set(alone)
    for iri in told_apart:
        texts = [one["text"] for one in studies[iri]["note"]]
        assert len([text for text in texts if text.startswith(("Participants", "Enrolment"))]) > 1


def test_publications_have_their_identifiers(bundle: Json, lane: LocalLane) -> None:
    for system, term in (
        ("https://doi.org", "prism:doi"),
        ("https://pubmed.ncbi.nlm.nih.gov", "fabio:hasPubMedId"),
        ("https://www.ncbi.nlm.nih.gov/pmc", "fabio:hasPubMedCentralId"),
    ):
        expected = asked(lane, f"SELECT DISTINCT ?p ?n {{ ?p a mse:Publication ; {term} ?n }}")
        citations = of_kind(bundle, "Citation")
        held = sorted(
            (iri, one["value"])
            for iri, citation in citations.items()
            for one in citation["citedArtifact"].get("identifier", [])
            if one["system"] == system
        )
        assert held == expected
        assert held
    assert len(citations) == len(asked(lane, "SELECT DISTINCT ?p { ?p a mse:Publication }"))


def test_results_have_their_values(bundle: Json, lane: LocalLane) -> None:
    values = dict(asked(lane, "SELECT DISTINCT ?r ?v { ?r a mse:Result ; mse:value ?v }"))
    highs = dict(asked(lane, "SELECT DISTINCT ?r ?v { ?r a mse:Result ; mse:valueHigh ?v }"))
    evidence = of_kind(bundle, "Evidence")
    assert len(evidence) == len(asked(lane, "SELECT DISTINCT ?r { ?r a mse:Result }"))
    found, ranges = {}, {}
    for iri, one in evidence.items():
        for statistic in one.get("statistic", []):
            if "quantity" in statistic:
                found[iri] = statistic["quantity"]["value"]
            for estimate in statistic.get("attributeEstimate", []):
                found[iri] = estimate["range"]["low"]["value"]
                ranges[iri] = estimate["range"]["high"]["value"]
    assert found == {iri: float(value) for iri, value in values.items()}
    assert ranges == {iri: float(value) for iri, value in highs.items()}
    assert ranges
    sizes = dict(asked(lane, "SELECT DISTINCT ?r ?v { ?r a mse:Result ; mse:denominator ?v }"))
    held = {
        iri: size["numberOfParticipants"]
        for iri, one in evidence.items()
        for size in inside(one, "sampleSize")
        if "numberOfParticipants" in size
    }
    assert held == {iri: int(value) for iri, value in sizes.items()}


def test_findings_and_verdicts_are_told_in_both_languages(bundle: Json, lane: LocalLane) -> None:
    labels = asked(lane, 'SELECT DISTINCT ?f ?l { ?f a mse:Finding ; rdfs:label ?l FILTER(LANG(?l) = "nb") }')
    verdicts = asked(lane, 'SELECT DISTINCT ?f ?l { ?f a mse:Verdict ; rdfs:label ?l FILTER(LANG(?l) = "nb") }')
    told = []
    for iri, assessment in of_kind(bundle, "ArtifactAssessment").items():
        (content,) = assessment["content"]
        for extension in content.get("_summary", {}).get("extension", []):
            if extension["url"] == TRANSLATION:
                language, text = extension["extension"]
                assert language["valueCode"] == "nb"
                told.append((iri, text["valueString"]))
    assert sorted(told) == sorted(labels + verdicts)


def test_claims_stand_in_their_documents_with_what_they_cite(bundle: Json, lane: LocalLane) -> None:
    claims = asked(lane, "SELECT DISTINCT ?c { ?c a mse:Claim }")
    cited = asked(lane, "SELECT DISTINCT ?c ?p { ?c a mse:Claim ; cito:cites ?p . ?p a mse:Publication }")
    sections = [
        claim
        for composition in of_kind(bundle, "Composition").values()
        for section in composition["section"]
        for claim in section.get("section", [])
    ]
    links = {link: one for one in sections for link in re.findall(r'href="([^"]+)"', one["text"]["div"])}
    assert sorted(links) == [claim for (claim,) in claims]
    held = sorted(
        (iri, entry["reference"])
        for iri, one in links.items()
        for entry in one.get("entry", [])
        if entry["type"] == "Citation"
    )
    assert held == cited


def test_narratives_are_xhtml_and_short(bundle: Json) -> None:
    divs = [one for one in inside(bundle, "div") if isinstance(one, str)]
    assert len(divs) > 100
    for div in divs:
        root = ElementTree.fromstring(div)
        assert root.tag == "{http://www.w3.org/1999/xhtml}div"
    for one in of_kind(bundle, "Composition").values():
        for section in one["section"]:
            for claim in section.get("section", []):
                assert len("".join(ElementTree.fromstring(claim["text"]["div"]).itertext())) <= LONGEST_QUOTATION


def test_it_says_that_it_is_experimental_and_of_which_release(bundle: Json, lane: LocalLane) -> None:
    assert all(entry["resource"]["meta"]["tag"][0]["code"] == "experimental" for entry in bundle["entry"])
    for kind in ("Citation", "Evidence", "EvidenceVariable"):
        assert all(one["experimental"] is True for one in of_kind(bundle, kind).values())
    assert bundle["type"] == "collection"
    assert lane.release.id in bundle["identifier"]["value"]
    first = json.dumps(bundle["entry"][0], ensure_ascii=False)
    assert lane.release.id in first
    assert "Apache-2.0" in first
    assert "© Tidsskriftet" in first
    assert not re.search(r"[\w.]+@[\w.]+\.\w", json.dumps(bundle))


def test_a_required_value_that_no_source_states_is_said_to_be_absent(handover: Callable[..., Handover]) -> None:
    made = handover(studies=["mist"])
    held = rights(made.lane, made.labels)
    bare = composition("https://w3id.org/msevidence/document/bare", Facts(made.lane), made, held, [])
    assert "date" not in bare
    assert bare["_date"] == bare["author"][0] == bare["type"]
    get_fhir_model_class("Composition").model_validate(bare)


def test_counts_of_studies_and_harms_are_told_apart(bundle: Json, lane: LocalLane) -> None:
    categories = Counter(
        (iri, statistic["category"]["text"])
        for iri, one in of_kind(bundle, "Evidence").items()
        for statistic in one.get("statistic", [])
        if "category" in statistic
    )
    harms = asked(lane, "SELECT DISTINCT ?r { ?r a mse:Result ; mse:isHarm true }")
    assert sorted((iri,) for iri, text in categories if text == "Harm") == harms
    counts = asked(
        lane,
        "SELECT DISTINCT ?r { ?r a mse:Result ; mse:outcome ?o"
        " FILTER(?o IN (outcome:study-count, outcome:record-count)) }",
    )
    assert {iri for (iri,) in counts} <= {iri for iri, text in categories if text.startswith("Count")}


def test_a_part_is_closed_and_told_in_norwegian(export: Callable[..., dict[str, bytes]]) -> None:
    ((name, content),) = export("fhir", studies=["mist"], language="nb").items()
    assert export("fhir", studies=["mist"], language="nb") == {name: content}
    bundle = json.loads(content)
    test_ids = {entry["fullUrl"] for entry in bundle["entry"]}
    assert {one for one in inside(bundle, "reference") if isinstance(one, str)} <= test_ids
    assert "https://w3id.org/msevidence/study/mist" in test_ids
    assert "Hva denne samlingen ikke inneholder" in content.decode()
    for entry in bundle["entry"]:
        get_fhir_model_class(entry["resource"]["resourceType"]).model_validate(entry["resource"])


def test_what_is_not_held_is_listed(bundle: Json, lane: LocalLane) -> None:
    assert {reason for reasons in LOST.values() for reason in reasons} | KINDS_LOST.keys() | {"function"} == set(
        REASONS
    )
    for kind, held in HELD.items():
        rows = lane.select(f"{PREFIXES} SELECT DISTINCT ?p {{ ?s a <{full(kind)}> ; ?p ?o }}")
        used = {row["p"].value for row in rows if isinstance(row["p"], ox.NamedNode)}
        lost = {full(term) for terms in LOST.get(kind, {}).values() for term in terms}
        told_of = {full(term) for term in held}
        assert used - lost - told_of == set(), kind
        assert not lost & told_of, kind
    ours = full("mse:")
    declared = (
        "PREFIX owl: <http://www.w3.org/2002/07/owl#> SELECT DISTINCT ?c { { ?s a ?c } UNION { ?c a owl:Class } }"
    )
    classes = {row["c"].value for row in lane.select(declared) if isinstance(row["c"], ox.NamedNode)}
    named = {full(kind) for kind in (*HELD, *KINDS_HELD, *(one for kinds in KINDS_LOST.values() for one in kinds))}
    assert {one for one in classes if one.startswith(ours)} - named == set()
    shown = json.dumps(bundle["entry"][0], ensure_ascii=False)
    for reason in REASONS:
        assert i18n.text(f"fhir-why-{reason}", "en") in shown
