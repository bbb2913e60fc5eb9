"""DCAT-AP 3.0.1 of the release: held against DCAT-AP's own shapes, and read back against manifest and graph."""

import re
from pathlib import Path

import pytest
from rdflib import DCTERMS, RDF, RDFS, SH, Graph, Literal, Namespace, URIRef

from msevidence.server.exports.formats import EXPORTS
from msevidence.server.local_lane import LocalLane
from tests.handover.conftest import Export
from tests.pages_site import client_of

DCAT = Namespace("http://www.w3.org/ns/dcat#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
SITE = "https://kg.example/"
SHAPES = (
    *("shacl_dcat-ap-SHACL", "shacl_ranges", "html_shacl_shapes", "html_shacl_range"),
    *("html_shacl_mdr-vocabularies.shape", "html_shacl_shapes_recommended", "html_shacl_deprecateduris"),
)
LEFT_OUT = {
    "Agent": {"type"},
    "Catalog": {"spatial", "publisher"},
    "DataService": {"contactPoint", "publisher"},
    "Dataset": {"contactPoint", "publisher", "spatial", "temporal"},
    "Distribution": {"availability", "format", "license"},
    "LicenseDocument": {"type"},
}
"""What DCAT-AP recommends and the graph does not have, by class; the publisher is none of the EU's corporate bodies."""


@pytest.fixture(scope="module")
def described(export: Export) -> Graph:
    """Return the description, as rdflib reads it."""
    files = export("dcat")
    (name,) = files
    assert name.endswith(".dcat.ttl")
    return Graph().parse(data=files[name], format="turtle")


def shapes(folder: Path) -> Graph:
    """Return DCAT-AP's shapes without what points to property shapes that are nowhere."""
    graph = Graph()
    for name in SHAPES:
        graph.parse(folder / f"{name}.ttl")
    # It asks for https, and for SPDX's own class: SPDX's algorithms have http in their names, so none could pass.
    graph.remove((None, SH.pattern, Literal("^https://spdx.org/rdf/terms")))
    dangling = [(s, p, o) for s, p, o in graph.triples((None, SH.property, None)) if (o, None, None) not in graph]
    for triple in dangling:
        graph.remove(triple)
    return graph


@pytest.mark.shared
def test_dcat_ap_has_nothing_against_it(described: Graph, shared_dir: Path) -> None:
    from pyshacl import validate

    of_ap = shapes(shared_dir / "conformance" / "schemas" / "dcat-ap-3.0.1")
    _, report, _ = validate(described, shacl_graph=of_ap, advanced=False, do_owl_imports=False, inference="none")
    assert isinstance(report, Graph)
    found = [
        (report.value(r, SH.resultSeverity), report.value(r, SH.focusNode), report.value(r, SH.resultPath))
        for r in report.objects(None, SH.result)
    ]
    assert [one for one in found if one[0] == SH.Violation] == []
    assert found, "the recommended properties that are left out are warnings"
    for _, focus, path in found:
        classes = {re.split("[#/]", str(c))[-1] for c in described.objects(focus, RDF.type)}
        name = re.split("[#/]", str(path))[-1]
        assert any(name in LEFT_OUT.get(c, ()) for c in classes), (focus, path)


def test_a_server_says_the_same_and_names_its_own_address(described: Graph, release_home: Path) -> None:
    with client_of(release_home) as client:
        served = Graph().parse(data=client.get("/dataset.nt", base_url=SITE).data, format="nt")
    dcat = {triple for triple in described if "dcat#previousVersion" not in str(triple[1])}
    assert dcat <= set(served)


def test_every_file_of_the_release_is_described_as_the_manifest_does(described: Graph, lane: LocalLane) -> None:
    root = f"{SITE}releases/{lane.release.id}/"
    seen = {}
    for distribution in described.subjects(RDF.type, DCAT.Distribution):
        (address,) = [str(a) for a in described.objects(distribution, DCAT.downloadURL) if str(a).startswith(SITE)]
        if not address.startswith(root):
            continue
        checksum = described.value(distribution, SPDX.checksum)
        if (size := described.value(distribution, DCAT.byteSize)) is None:
            continue
        seen[address.removeprefix(root)] = {
            "sha256": str(described.value(checksum, SPDX.checksumValue)),
            "bytes": int(size),
        }
    assert seen == {name: dict(facts) for name, facts in lane.release.files.items()}


def test_every_format_of_exports_is_offered_where_the_site_has_it(described: Graph, lane: LocalLane) -> None:
    dataset = URIRef(f"{lane.release.base}dataset/msevidence")
    found = {
        str(described.value(d, DCAT.downloadURL)): described.value(d, DCAT.mediaType)
        for d in described.objects(dataset, DCAT.distribution)
    }
    assert found.keys() == {f"{SITE}export/{name}" for name in EXPORTS}
    assert found[f"{SITE}export/trig"] == URIRef("https://www.iana.org/assignments/media-types/application/trig")
    assert found[f"{SITE}export/ris"] is None, "its media type is not registered"


def test_dataset_and_service_are_those_of_the_graph(described: Graph, lane: LocalLane) -> None:
    this = URIRef(f"{lane.release.base}release/{lane.release.id}")
    assert (this, DCTERMS.identifier, Literal(lane.release.id)) in described
    assert {str(t.language) for t in described.objects(this, DCTERMS.title) if isinstance(t, Literal)} == {"en", "nb"}
    (catalogue,) = described.subjects(RDF.type, DCAT.Catalog)
    assert this in set(described.objects(catalogue, DCAT.dataset))
    (service,) = described.objects(catalogue, DCAT.service)
    assert URIRef(f"{SITE}sparql") in set(described.objects(service, DCAT.endpointURL))
    assert {str(o).rpartition("/")[2] for o in described.objects(this, DCTERMS.language)} == {"ENG", "NOB"}
    assert not list(described.subjects(DCAT.contactPoint)), "the graph has none"


def test_rights_of_the_sources_are_stated_and_only_our_own_files_are_licensed(
    described: Graph, lane: LocalLane
) -> None:
    licensed = {
        str(next(described.objects(d, DCAT.downloadURL)))
        for d in described.subjects(DCTERMS.license)
        if (d, RDF.type, DCAT.Distribution) in described
    }
    assert licensed and all("/ontology/" in address for address in licensed)
    (statement,) = {
        o for o in described.objects(None, DCTERMS.rights) if (o, RDF.type, DCTERMS.RightsStatement) in described
    }
    said = {str(o) for o in described.objects(statement, RDFS.comment)}
    assert any("No licence is printed" in one for one in said) and any("Copyright" in one for one in said)


def test_the_same_release_gives_the_same_bytes(export: Export) -> None:
    assert export("dcat") == export("dcat")
