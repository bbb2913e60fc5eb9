"""Terms and concepts are closed: what is not declared in the Turtle files fails where it is written."""

import pyoxigraph as ox
import pytest

from msevidence.ontology.namespaces import (
    CITO,
    FOLDER,
    MSE,
    SCHEME,
    SEPIO,
    VOCABULARIES,
    UnknownConceptError,
    UnknownTermError,
    cito_property,
    scheme,
    scheme_iri,
    schemes,
)

SKOS = "http://www.w3.org/2004/02/skos/core#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
TERM_FILES = [FOLDER / "core.ttl", FOLDER / "alignments.ttl"]
SCHEME_FILES = sorted((FOLDER / "schemes").glob("*.ttl"))


def triples(*files):
    return [t for f in files for t in ox.parse(path=str(f), format=ox.RdfFormat.TURTLE)]


def languages(statements, predicate):
    found = {}
    for t in statements:
        if t.predicate.value == predicate:
            found.setdefault(t.subject.value, []).append(t.object.language)
    return found


def test_a_term_is_an_iri():
    assert str(MSE.Claim) == "https://w3id.org/msevidence/ontology#Claim"
    assert str(SEPIO["0000001"]) == "http://purl.obolibrary.org/obo/SEPIO_0000001"


@pytest.mark.parametrize("name", ["count", "value", "position"])
def test_no_method_of_str_hides_a_term(name):
    assert str(getattr(MSE, name)).endswith(f"#{name}")


def test_a_misspelt_term_fails_and_names_the_nearest():
    with pytest.raises(UnknownTermError, match=r"Did you mean statedIn"):
        MSE.statedin  # noqa: B018


def test_a_namespace_contains_its_declared_terms_only():
    assert str(MSE.Claim) in MSE
    assert str(MSE) + "Clam" not in MSE
    assert not hasattr(MSE, "Clam")


def test_the_inverse_properties_of_cito_are_closed_out():
    with pytest.raises(UnknownTermError):
        CITO.isSupportedBy  # noqa: B018


def test_every_vocabulary_has_terms():
    assert len(VOCABULARIES) == 15
    assert all(list(v) for v in VOCABULARIES)


def test_every_term_of_ours_has_a_label_and_a_definition_in_both_languages():
    statements = triples(FOLDER / "core.ttl")
    terms = {str(MSE) + name for name in MSE}
    assert len(terms) > 200
    for predicate in (RDFS + "label", SKOS + "definition"):
        found = languages(statements, predicate)
        assert {t: sorted(found.get(t, [])) for t in terms} == {t: ["en", "nb"] for t in terms}


def test_a_term_has_one_type():
    types = [
        (t.subject.value, t.object.value) for t in triples(FOLDER / "core.ttl") if t.predicate.value.endswith("#type")
    ]
    subjects = [s for s, _ in types]
    assert len(subjects) == len(set(subjects))


def test_a_concept_has_the_iri_of_its_scheme():
    assert str(scheme("ms-type", "rrms")) == "https://w3id.org/msevidence/scheme/ms-type/rrms"
    assert str(scheme_iri("ms-type")) == "https://w3id.org/msevidence/scheme/ms-type"


def test_an_unknown_concept_fails_and_lists_what_is_allowed():
    with pytest.raises(UnknownConceptError, match=r"'rms'.*did you mean rrms.*it has:.*ppms"):
        scheme("ms-type", "rms")


@pytest.mark.parametrize("call", [lambda: scheme("ms-typ", "rrms"), lambda: scheme_iri("ms-typ")])
def test_an_unknown_scheme_fails_and_lists_the_schemes(call):
    with pytest.raises(UnknownConceptError, match=r"no concept scheme 'ms-typ'; there are:.*ms-type"):
        call()


def test_every_scheme_has_its_file_and_concepts():
    assert len(SCHEME_FILES) == 37
    assert set(schemes()) == {f.stem for f in SCHEME_FILES}
    assert all(schemes().values())


def test_a_broader_concept_is_in_the_same_scheme():
    concepts = {f"{SCHEME}{s}/{c}" for s, cs in schemes().items() for c in cs}
    broader = [
        (t.subject.value, t.object.value) for t in triples(*SCHEME_FILES) if t.predicate.value == SKOS + "broader"
    ]
    assert len(broader) > 20
    for narrow, broad in broader:
        assert broad in concepts
        assert narrow.rsplit("/", 1)[0] == broad.rsplit("/", 1)[0]


def test_only_the_two_verified_codes_of_mondo_are_used():
    codes = {t.object.value.rsplit("/", 1)[1] for t in triples(*SCHEME_FILES) if "MONDO_" in str(t.object)}
    assert codes == {"MONDO_0005301", "MONDO_0005314"}


def test_every_citation_function_is_a_cito_property():
    for concept in schemes()["citation-function"]:
        assert str(cito_property(scheme("citation-function", concept))) in CITO


def test_a_concept_that_is_no_citation_function_has_no_cito_property():
    with pytest.raises(UnknownConceptError, match="no CiTO property"):
        cito_property(scheme("claim-kind", "fact"))


def test_every_kind_of_passage_is_a_concept():
    from msevidence.loaders.document import PassageKind

    assert schemes()["passage-kind"] == {k.value for k in PassageKind}


def test_no_work_is_aligned_as_an_expression():
    below = {}
    for t in triples(*TERM_FILES):
        if t.predicate.value == RDFS + "subClassOf":
            below.setdefault(t.subject.value, set()).add(t.object.value)

    def ancestors(cls):
        found = set()
        pending = [cls]
        while pending:
            for parent in below.get(pending.pop(), ()):
                if parent not in found:
                    found.add(parent)
                    pending.append(parent)
        return found

    frbr = "http://purl.org/vocab/frbr/core#"
    assert frbr + "Work" in ancestors("http://purl.org/spar/fabio/Opinion")
    assert frbr + "Expression" in ancestors("http://purl.org/spar/fabio/JournalArticle")
    assert [c for c in below if {frbr + "Work", frbr + "Expression"} <= ancestors(c)] == []
