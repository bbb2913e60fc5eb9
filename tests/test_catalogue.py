"""The catalogues answer keys and identifiers with nodes, and refuse what two entries or a wrong key would blur."""

import shutil
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from rdflib import DCTERMS
from ruamel.yaml import YAML

from msevidence.loaders.catalogue import Catalogue
from msevidence.loaders.document import Reference
from msevidence.loaders.documents import DocumentFolder, read_document
from msevidence.loaders.errors import CurationError
from msevidence.loaders.triples_catalogue import catalogue_statements
from msevidence.ontology.iris import Kind, mint
from msevidence.ontology.namespaces import MSE
from tests.graph import DATA, rows

BURT = mint(Kind.PUBLICATION, "burt-2019")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for path in DATA.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    assert len(list(tmp_path.iterdir())) == 7
    return tmp_path


def edit(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    yaml = YAML()
    yaml.width = 10_000
    content = yaml.load(path)
    change(content)
    yaml.dump(content, path)


def fields(content: dict[str, Any], key: str) -> Any:
    return content["publications"][key]["fields"]


def identifiers(catalogue: Catalogue, key: str) -> dict[str, str]:
    return {name: value.texts()[0] for name, value in catalogue.publications[key].values()}


def test_a_publication_is_found_by_its_identifiers_however_they_are_printed() -> None:
    catalogue = Catalogue(DATA)
    known = identifiers(catalogue, "burt-2019")
    doi, pmid, pmcid = known["doi"], known["pmid"], known["pmcid"]
    for address in (
        f"https://doi.org/{doi.upper()}",
        f"https://jamanetwork.com/doi/{doi}/",
        f"https://example.org/?doi={doi.replace('/', '%2F')}",
        f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/",
        f"https://www.ncbi.nlm.nih.gov/pubmed/{pmid}?dopt=Abstract",
        f"https://pmc.ncbi.nlm.nih.gov/articles/{pmcid.lower()}/",
    ):
        assert catalogue.publication_by_identifier(None, address) == BURT, address
    assert catalogue.publication_by_identifier(f"doi:{doi}", None) == BURT


def test_a_number_in_another_address_is_no_identifier() -> None:
    catalogue = Catalogue(DATA)
    known = identifiers(catalogue, "burt-2019")
    for address in (
        f"https://example.org/news/{known['pmid']}",
        f"https://pubmed.ncbi.nlm.nih.gov/{known['pmid']}0/",
        f"https://example.org/{known['doi']}/comment",
        f"https://example.org/1{known['doi']}",
        None,
    ):
        assert catalogue.publication_by_identifier(None, address) is None, address


def test_two_publications_with_one_identifier_are_refused(data: Path) -> None:
    def change(content: dict[str, Any]) -> None:
        fields(content, "muraro-2023").update(doi=deepcopy(fields(content, "burt-2019")["doi"]))

    edit(data / "publications.yaml", change)
    with pytest.raises(CurationError, match=r"publications\.yaml:\d+: \S+\.fields\.doi: 10\.\S+ is that of"):
        Catalogue(data)


def test_a_registration_of_an_unknown_study_is_refused(data: Path) -> None:
    link = {"study": "misst", "because": "A test.", "where": "here"}
    edit(data / "registrations.yaml", lambda c: c["registrations"]["NCT00273364"].update(registers=[link]))
    with pytest.raises(CurationError, match=r"registrations\.yaml:\d+: \S+registers\.0\.study: 'misst' is not in"):
        catalogue_statements(Catalogue(data))


@pytest.mark.parametrize("written", ["about 110", "110.5", "-3", "NaN", "Infinity"])
def test_an_enrolment_that_is_no_count_is_refused(data: Path, written: str) -> None:
    def change(content: dict[str, Any]) -> None:
        content["registrations"]["NCT00273364"]["fields"]["enrolment"]["value"] = written

    edit(data / "registrations.yaml", change)
    with pytest.raises(CurationError, match=r"registrations\.yaml:\d+: .*enrolment.* is no number of persons"):
        catalogue_statements(Catalogue(data))


def test_a_publication_that_is_a_document_not_there_is_refused() -> None:
    catalogue = Catalogue(DATA)
    catalogue.check_documents({"nygaard-2024", "fhi-2021"})
    with pytest.raises(
        CurationError, match=r"publications\.yaml:\d+: publications.nygaard-2024.document: there is no doc"
    ):
        catalogue.check_documents({"fhi-2021"})


def test_every_member_of_a_list_is_stated(data: Path) -> None:
    def two_titles(content: dict[str, Any]) -> None:
        fields(content, "burt-2019")["title"]["value"] = ["One title", "Another title"]

    def two_phases(content: dict[str, Any]) -> None:
        content["registrations"]["NCT00273364"]["fields"]["phase"] = {"value": ["Phase 2", "Phase 3"], "source": "s1"}

    edit(data / "publications.yaml", two_titles)
    edit(data / "registrations.yaml", two_phases)
    stated = {t for graph in catalogue_statements(Catalogue(data)) for t in graph.texts()}
    titles = {o for s, p, o in stated if s == str(BURT) and p == str(DCTERMS.title)}
    assert titles >= {"One title", "Another title"}
    number = str(mint(Kind.REGISTRATION, "NCT00273364"))
    assert {o for s, p, o in stated if s == number and p == str(MSE.phase)} == {"Phase 2", "Phase 3"}


def test_a_field_that_a_record_leaves_empty_is_told_from_one_that_nobody_looked_at(real_store: ox.Store) -> None:
    record = str(mint(Kind.REGISTRATION, "EudraCT-2022-002654-95"))
    empty = rows(real_store, "SELECT ?record ?field { ?record mse:emptyField ?field }")
    assert empty == [(record, "official_title")]
    query = "SELECT ?v { ?v mse:about ?record ; mse:field ?f FILTER(?f = 'official_title') }"
    assert not rows(real_store, query, record=record)


def test_a_title_that_only_a_document_gives_has_its_own_language(tmp_path: Path) -> None:
    folder = tmp_path / "fhi-2021"
    shutil.copytree(DATA / "reports" / "fhi-2021", folder)
    (folder / "curation.yaml").unlink()
    context = read_document(DocumentFolder(folder, "reports"))
    catalogue = Catalogue(DATA)
    for title, language in (
        ("Stem cell transplantation for patients with relapsing multiple sclerosis", "en"),
        ("Stamcelletransplantasjon hos pasienter med attakkpreget multippel sklerose", "nb"),
    ):
        iri = catalogue.publication_of_reference(Reference(1, 0, title, title=title), context)
        about, predicate = ox.NamedNode(str(iri)), ox.NamedNode(str(DCTERMS.title))
        titles = [q.object for q in context.text if (q.subject, q.predicate) == (about, predicate)]
        assert titles == [ox.Literal(title, language=language)]
