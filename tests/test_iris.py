"""IRIs come from the fewest stable fields, are checked, and never change or collide unseen."""

import pytest

from msevidence.ontology import iris
from msevidence.ontology.identifiers import parse_number
from msevidence.ontology.iris import InvalidKeyError, IriCollisionError, Kind


def test_iris_of_the_core_path():
    passage = iris.passage_iris("nygaard-2024", ["Some words."])[0]
    assert str(iris.document_iri("nygaard-2024")) == "https://w3id.org/msevidence/document/nygaard-2024"
    assert str(passage) == "https://w3id.org/msevidence/passage/nygaard-2024.c041125205.1"
    assert str(iris.claim_iri(passage, 2)) == "https://w3id.org/msevidence/claim/nygaard-2024.c041125205.1.2"
    assert str(iris.pointer_iri(passage, 1)) == "https://w3id.org/msevidence/pointer/nygaard-2024.c041125205.1.1"
    assert str(iris.reference_iri("nygaard-2024", 7)) == "https://w3id.org/msevidence/reference/nygaard-2024.7"


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("NCT00273364", "NCT00273364"),
        ("EudraCT 2010-023560-40/SE", "EudraCT-2010-023560-40"),
        ("ISRCTN27232902", "ISRCTN27232902"),
        ("IRCT20191004044975N1", "IRCT20191004044975N1"),
        ("CTRI/2012/03/002400", "CTRI-2012-03-002400"),
        ("ABC 12", "other-ABC-12"),
    ],
)
def test_a_registration_is_known_by_its_number(printed, key):
    assert str(iris.registration_iri(parse_number(printed))) == f"https://w3id.org/msevidence/registration/{key}"


def test_the_base_is_configuration():
    document = iris.document_iri("a", base="https://example.org/kg/")
    assert str(document) == "https://example.org/kg/document/a"
    assert str(iris.under(Kind.SECTION, document, 3)) == "https://example.org/kg/section/a.3"


def test_equal_passages_are_told_apart_by_their_ordinal_and_others_keep_their_iri():
    one = iris.passage_iris("d", ["a", "b", "a"])
    more = iris.passage_iris("d", ["new", "a", "b", "a"])
    assert [str(i).rsplit(".", 1)[1] for i in one] == ["1", "1", "2"]
    assert more[1:] == one


def test_a_collision_of_different_texts_stops(monkeypatch):
    monkeypatch.setattr(iris, "short_hash", lambda text: "0123456789")
    with pytest.raises(IriCollisionError, match="share the hash"):
        iris.passage_iris("d", ["a", "b"])


@pytest.mark.parametrize("key", ["", "a/b", "a b", "å", "../a", ".a", "a.", "a#b", 'a"', "a\n"])
def test_a_key_is_checked_and_never_escaped(key):
    with pytest.raises(InvalidKeyError):
        iris.mint(Kind.STUDY, key)


def test_parts_undo_mint():
    assert iris.parts(iris.mint(Kind.STUDY, "mist")) == (Kind.STUDY, "mist")


@pytest.mark.parametrize("iri", ["https://example.org/", "https://w3id.org/msevidence/nothing/a", "study/", "mist"])
def test_parts_refuses_other_iris(iri):
    with pytest.raises(InvalidKeyError):
        iris.parts(iri)


def test_named_graphs():
    assert str(iris.graph_iri("meta")) == "https://w3id.org/msevidence/graph/meta"
    assert str(iris.graph_iri("document", "a")) == "https://w3id.org/msevidence/graph/document-a"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Holmøy, Trygve", "holmoy-trygve"),
        ("Åse Bjørk-Ærlig", "ase-bjork-aerlig"),
        ("Sørlandet sykehus – HF", "sorlandet-sykehus-hf"),
        ("Łódź & Münster", "lodz-munster"),
    ],
)
def test_slug(name, key):
    assert iris.slug(name) == key
    iris.mint(Kind.PERSON, key)


def test_slug_refuses_what_has_no_latin_letters():
    with pytest.raises(InvalidKeyError, match="no key can be made"):
        iris.slug("— 東京 —")
