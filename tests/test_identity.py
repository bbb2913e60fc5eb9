"""Identity decisions: nodes with reasons, positive and negative, that may not contradict each other."""

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import DCTERMS
from ruamel.yaml import YAML

from msevidence.loaders.assembly import assemble
from msevidence.loaders.errors import CurationError
from msevidence.loaders.identity import decide as decide_identity
from msevidence.loaders.statements import Statements
from msevidence.ontology.iris import Kind, document_iri, graph_iri, mint
from tests.graph import DATA, ask, rows, store_of


def decide(data: Path, **entry: str) -> None:
    path = data / "identity.yaml"
    yaml = YAML()
    content = yaml.load(path)
    content["decisions"].append({"because": "A test.", "date": "2026-11-20", "decided_by": "a test", **entry})
    yaml.dump(content, path)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def test_each_decision_says_who_what_and_why(real_store: ox.Store) -> None:
    found = rows(
        real_store,
        "SELECT ?d ?relation ?rule ?why { ?d a mse:IdentityDecision ; mse:relation ?relation ; mse:rule ?rule ;"
        " mse:because ?why ; sssom:subject_id ?s ; sssom:object_id ?o ; sssom:mapping_justification ?j }",
    )
    relations = {str(relation).rsplit("/", 1)[1] for _, relation, _, _ in found}
    assert relations == {"same-study", "part-of", "not-same"}
    assert len(found) == len({d for d, *_ in found})


def test_the_number_behind_the_wrong_link_is_kept_apart(real_store: ox.Store) -> None:
    wrong = "<https://w3id.org/msevidence/registration/EudraCT-2010-024381-21>"
    mesems = "<https://w3id.org/msevidence/study/mesems>"
    assert ask(
        real_store, f"ASK {{ ?d sssom:subject_id {wrong} ; sssom:object_id {mesems} ; sssom:predicate_modifier ?not }}"
    )
    assert not ask(real_store, f"ASK {{ {mesems} mse:registeredAs {wrong} }}")


def denoted(store: ox.Store, registration: str) -> list[str | None]:
    """Return the studies that a registration denotes."""
    iri = f"https://w3id.org/msevidence/registration/{registration}"
    return [row[0] for row in rows(store, "SELECT ?study { ?r mse:denotesStudy ?study }", r=iri)]


def stopped(store: ox.Store) -> set[tuple[str | None, ...]]:
    """Return what was stopped, apart from the number that the report prints beside the whole of MESEMS: rule, kind."""
    query = (
        "SELECT ?rule ?kind { ?d mse:stoppedBy ?f ; mse:rule ?rule ; sssom:object_id ?o . ?f mse:findingKind ?kind"
        " FILTER(?o != <https://w3id.org/msevidence/study/mesems>) }"
    )
    return {tuple(str(iri).rsplit("/", 1)[1] for iri in row) for row in rows(store, query)}


STUDY = "https://w3id.org/msevidence/study/"


def test_every_registration_denotes_one_study(real_store: ox.Store) -> None:
    query = "SELECT ?r (COUNT(DISTINCT ?study) AS ?n) { ?r a mse:Registration OPTIONAL { ?r mse:denotesStudy ?study } }"
    found = rows(real_store, query + " GROUP BY ?r")
    assert len(found) > 35
    assert {n for _, n in found} == {"1"}
    assert denoted(real_store, "EudraCT-2010-024081-21") == [STUDY + "mesems-badalona"]
    assert stopped(real_store) == set()


def test_two_studies_that_people_join_stop_the_build(data: Path) -> None:
    for study in ("study/mist", "study/ram-ms"):
        decide(data, subject="registration/NCT00273364", relation="same-study", object=study)
    with pytest.raises(CurationError, match=r"study/mist and study/ram-ms are two studies.*registration/NCT00273364"):
        assemble(data)


def test_a_decision_outweighs_a_row_which_becomes_a_finding(data: Path) -> None:
    decide(data, subject="registration/NCT00273364", relation="same-study", object="study/ram-ms")
    store = store_of(assemble(data))
    assert denoted(store, "NCT00273364") == [STUDY + "ram-ms"]
    assert denoted(store, "NCT03133403") == [STUDY + "mist"]
    assert stopped(store) == {("printed-in-one-row", "two-studies-joined")}


def test_what_people_keep_apart_they_may_not_join(data: Path) -> None:
    for relation in ("not-same", "same-study"):
        decide(data, subject="registration/NCT00273364", relation=relation, object="study/mist")
    with pytest.raises(
        CurationError, match=r"kept apart by a decision \(identity.yaml\).*= study/mist \(identity.yaml"
    ):
        assemble(data)


def test_what_is_kept_apart_no_row_joins(data: Path) -> None:
    decide(data, subject="registration/NCT00273364", relation="not-same", object="study/mist")
    store = store_of(assemble(data))
    assert denoted(store, "NCT00273364") == [STUDY + "NCT00273364"]
    assert stopped(store) == {("printed-in-one-row", "kept-apart-yet-joined")}


def test_no_study_is_a_part_of_itself(data: Path) -> None:
    decide(data, subject="study/mist", relation="part-of", object="study/ram-ms")
    decide(data, subject="study/ram-ms", relation="part-of", object="study/mist")
    with pytest.raises(CurationError, match=r"a part of itself: study/.* in study/.* \(identity.yaml\)"):
        assemble(data)


def test_what_people_say_is_the_same_is_no_part(data: Path) -> None:
    for relation in ("part-of", "same-study"):
        decide(data, subject="registration/NCT00273364", relation=relation, object="study/mist")
    with pytest.raises(CurationError, match=r"are a part and its whole \(identity.yaml\)"):
        assemble(data)


def test_what_is_a_part_no_row_makes_the_whole(data: Path) -> None:
    decide(data, subject="registration/NCT00273364", relation="part-of", object="study/mist")
    store = store_of(assemble(data))
    assert denoted(store, "NCT00273364") == [STUDY + "NCT00273364"]
    assert ask(store, f"ASK {{ <{STUDY}NCT00273364> mse:partOf <{STUDY}mist> }}")
    assert stopped(store) == {("printed-in-one-row", "part-and-whole")}


def test_two_documents_that_say_the_same_are_two_decisions() -> None:
    identity = Statements(graph_iri("identity"))
    study, number = mint(Kind.STUDY, "mist"), mint(Kind.REGISTRATION, "NCT00273364")
    words = [
        decide_identity(
            identity, number, "same-study", study, rule="named-in-text", because="It says so.", document=d, date=date
        )
        for d, date in ((document_iri("a-2020"), "2020"), (document_iri("b-2021"), "2021"))
    ]
    assert len(set(words)) == 2
    dates = [o for s, p, o in identity.texts() if s == str(words[0]) and p == str(DCTERMS.date)]
    assert dates == ["2020"]


def test_deleting_the_entry_undoes_the_decision(data: Path) -> None:
    untouched = (data / "identity.yaml").read_text(encoding="utf-8")
    decide(data, subject="registration/NCT00273364", relation="same-study", object="study/ram-ms")
    assert denoted(store_of(assemble(data)), "NCT00273364") == [STUDY + "ram-ms"]
    (data / "identity.yaml").write_text(untouched, encoding="utf-8")
    store = store_of(assemble(data))
    assert denoted(store, "NCT00273364") == [STUDY + "mist"]
    assert not ask(
        store, "ASK { ?d mse:rule <https://w3id.org/msevidence/scheme/identity-rule/curated> ; mse:decidedByName ?who }"
    )


def test_the_build_needs_no_file_of_decisions(data: Path) -> None:
    (data / "identity.yaml").unlink()
    assert ask(store_of(assemble(data)), "ASK { ?d a mse:IdentityDecision }")


def test_publications_are_decided_on_like_studies(data: Path) -> None:
    decide(data, subject="publication/das-2021", relation="not-same", object="publication/kvistad-2020")
    decide(data, subject="publication/hauser-2020", relation="same-publication", object="publication/pmid-32682869")
    store = store_of(assemble(data))
    assert rows(
        store,
        "SELECT ?s ?r { ?d sssom:subject_id ?s ; mse:relation ?r ; sssom:predicate_id skos:exactMatch"
        " FILTER(CONTAINS(STR(?s), '/publication/')) } ORDER BY ?s",
    ) == [
        (f"https://w3id.org/msevidence/publication/{key}", f"https://w3id.org/msevidence/scheme/identity-relation/{r}")
        for key, r in (("das-2021", "not-same"), ("hauser-2020", "same-publication"))
    ]


def test_publications_that_one_decision_joins_and_another_keeps_apart_stop_the_build(data: Path) -> None:
    decide(data, subject="publication/das-2021", relation="not-same", object="publication/pmid-1")
    decide(data, subject="publication/pmid-1", relation="same-publication", object="publication/das-2021")
    with pytest.raises(CurationError, match="kept apart by a decision"):
        assemble(data)


@pytest.mark.parametrize(
    ("subject", "relation", "obj", "said"),
    [
        (
            "publication/das-2021",
            "same-study",
            "publication/pmid-1",
            "does not relate .* write one of same-publication",
        ),
        ("publication/das-2021", "part-of", "publication/pmid-1", "does not relate"),
        ("study/mist", "same-publication", "study/ram-ms", "does not relate .* write one of same-study"),
        ("study/mist", "not-same", "publication/pmid-1", "of two kinds"),
        ("paper/das-2021", "not-same", "study/mist", "neither study nor registration nor publication"),
    ],
)
def test_what_does_not_go_together_is_told_with_its_line(
    data: Path, subject: str, relation: str, obj: str, said: str
) -> None:
    decide(data, subject=subject, relation=relation, object=obj)
    with pytest.raises(CurationError, match=rf"identity.yaml:\d+.*{said}"):
        assemble(data)
