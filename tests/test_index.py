"""The index of a release: labels as a query a thing gives them, facets counted by hand, damage, absence and age."""

from __future__ import annotations

import hashlib
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from msevidence.loaders.release_index import FORMAT, HASH, INDEX, index_fault, read
from msevidence.loaders.release_verify import verify
from msevidence.ontology import index_rules
from msevidence.ontology.iris import BASE
from msevidence.ontology.namespaces import FOLDER, MSE, schemes
from msevidence.ontology.naming import PREFIXES, UnknownPrefixError, expand, key, rule, short, term
from msevidence.server import i18n, releases
from msevidence.server.index import index
from msevidence.server.releases import DamagedStoreError
from tests.pages_site import FILLERS, publish_pages
from tests.release_helper import publish_small, small_graph

QUERY = (Path(__file__).parent / "fixtures" / "label.rq").read_text(encoding="utf-8")
SAMPLE = 150
RDF_TYPE = PREFIXES["rdf"] + "type"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a release of the small graph."""
    home = tmp_path_factory.mktemp("index")
    return home / "releases" / publish_pages(home)


@pytest.fixture(scope="module")
def rows(small: Path) -> Iterator[sqlite3.Connection]:
    with closing(read(small / INDEX)) as connection:
        yield connection


def asked(store: ox.Store, iri: str, language: str, asking: tuple[str, ...] = ()) -> tuple[str, str]:
    """Name a thing as the pages did when each name was a query: the rule, written anew."""
    literals: dict[str, list[ox.Literal]] = {}
    types, languages = set(), set()
    solutions: Any = store.query(QUERY, substitutions={ox.Variable("resource"): ox.NamedNode(iri)})
    for row in solutions:
        if isinstance(row["value"], ox.Literal):
            literals.setdefault(row["property"].value, []).append(row["value"])
        elif row["property"].value == RDF_TYPE:
            types.add(row["value"].value)
        if row["language"] is not None:
            languages.add(row["language"].value)
    own = languages.pop() if len(languages) == 1 else ""
    mse = PREFIXES["mse"]
    if mse + "field" in literals and mse + "value" in literals:
        field, value = (min(x.value for x in literals[mse + name]) for name in ("field", "value"))
        return f"{field}: {value}", ""
    for name in (
        *("skos:prefLabel", "rdfs:label", "dcterms:title", "foaf:name", "mse:claimText", "mse:text", "mse:term"),
        *("mse:name", "mse:registrationNumber", "mse:printedName", "mse:printedElement", "mse:treatment"),
        *("mse:measure", "mse:field", "mse:printed", "mse:quotedText", "oa:exact", "mse:mark"),
    ):
        if found := literals.get(expand(name)):
            order = [language, "", "en"]
            ranks = {x: order.index(x.language or "") if (x.language or "") in order else 3 for x in found}
            best = min(found, key=lambda x: (ranks[x], x.value))
            return best.value, best.language or own
    if known := term(short(iri), language):
        return known, language
    ours = sorted(t for t in types if t.startswith(mse)) or sorted(types)
    if ours and iri.startswith(BASE) and ours[0] not in asking:
        kind = asked(store, ours[0], language, (*asking, iri))
        return f"{kind[0]} {iri.rsplit('/', 1)[1]}", kind[1]
    return key(iri, BASE), ""


def named(store: ox.Store) -> list[str]:
    """Return every IRI that is a subject, a property, a class or the name of a graph."""
    found = set()
    for quad in store:
        found |= {quad.subject.value, quad.predicate.value}
        if quad.predicate.value == RDF_TYPE:
            found.add(quad.object.value)
        if isinstance(quad.graph_name, ox.NamedNode):
            found.add(quad.graph_name.value)
    return sorted(found)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_label_is_what_a_query_gives(small: Path, rows: sqlite3.Connection, language: str) -> None:
    store = ox.Store.read_only(str(small / "store"))
    wanted = {iri: asked(store, iri, language) for iri in named(store)}
    assert len(wanted) > 500
    found = rows.execute("SELECT iri, text, language FROM label WHERE reader = ?", (language,))
    assert {iri: (text, own) for iri, text, own in found} == wanted


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_labels_of_the_real_graph_are_what_a_query_gives(release_home: Path, language: str) -> None:
    folder = (release_home / "current").resolve()
    store = ox.Store.read_only(str(folder / "store"))
    names = named(store)
    with closing(read(folder / INDEX)) as connection:
        found = connection.execute("SELECT iri, text, language FROM label WHERE reader = ?", (language,))
        labels = {iri: (text, own) for iri, text, own in found}
    assert sorted(labels) == names
    for iri in random.Random(5).sample(names, SAMPLE):
        assert labels[iri] == asked(store, iri, language), iri


def test_a_text_has_the_language_of_its_document(rows: sqlite3.Connection) -> None:
    languages = "SELECT language FROM label WHERE reader = 'en' AND iri = ?"
    for iri, language in (
        ("claim/to.aaaaaaaaaa.1.1", "nb"),  # of its passage
        ("passage/one.bbbbbbbbbb.1", "en"),  # its own
        ("registration/NCT01234567", ""),  # nothing says
        ("person/b-author", ""),
    ):
        assert rows.execute(languages, (BASE + iri,)).fetchall() == [(language,)], iri


def test_classes_and_facets_are_counted(rows: sqlite3.Connection) -> None:
    counts = dict(rows.execute("SELECT class, count FROM class_count"))
    assert (counts[str(MSE.Claim)], counts[str(MSE.Study)], counts[str(MSE.Document)]) == (5 + FILLERS, 2, 2)
    found = rows.execute("SELECT facet, value, count FROM facet WHERE class = ?", (str(MSE.Study),)).fetchall()
    studies = {(facet, value.removeprefix(BASE)): count for facet, value, count in found}
    assert studies == {
        # FIRST has two designs, and counts for each; its part states none.
        ("study-design", "scheme/study-design/multicentre"): 1,
        ("study-design", "scheme/study-design/randomised-controlled-trial"): 1,
        ("study-design", ""): 1,
        ("transplantation", ""): 2,
        ("ms-type", ""): 2,
        ("status-as-reported", ""): 2,
        ("status-as-registered", ""): 2,
        ("registry", "registry/nct"): 1,
        ("registry", "registry/eudract"): 1,
        ("registry", ""): 1,
        ("has-results", "any"): 1,
        ("has-results", "stated"): 1,
        ("has-results", "publication"): 1,
        ("has-results", "none"): 1,
        ("has-publication", "true"): 1,
        ("has-publication", "false"): 1,
        ("document", "document/one"): 1,
        ("document", "document/to"): 1,
        ("document", ""): 1,
    }
    found = rows.execute("SELECT value, count FROM facet WHERE facet = 'year'").fetchall()
    # The printed year of an entry is not taken: it may be that in which a page was read.
    assert dict(found) == {"2024": 1, "": 2}
    support = dict(rows.execute("SELECT value, count FROM facet WHERE facet = 'support'"))
    assert support == {BASE + "scheme/claim-support/cited": 1, BASE + "scheme/claim-support/uncited": 4, "": FILLERS}


def test_a_list_is_filtered_by_several_facets(rows: sqlite3.Connection) -> None:
    """As the pages do: things with one value and another, in plain SQL."""
    one = "SELECT iri FROM facet_value WHERE class = ? AND facet = ? AND value = ?"
    claim = str(MSE.Claim)
    values = (claim, "claim-document", BASE + "document/one", claim, "support", BASE + "scheme/claim-support/cited")
    found = rows.execute(f"{one} INTERSECT {one}", values).fetchall()
    assert found == [(BASE + "claim/one.bbbbbbbbbb.1.1",)]


def test_things_stand_where_they_stand_in_the_text(rows: sqlite3.Connection) -> None:
    sql = "SELECT iri FROM thing WHERE class = ? AND document = ? ORDER BY place, iri LIMIT 4"
    found = [iri for (iri,) in rows.execute(sql, (str(MSE.Claim), BASE + "document/one"))]
    keys = [iri.rpartition("/")[2] for iri in found]
    assert keys == [f"one.{key}.1.1" for key in ("bbbbbbbbbb", "cccccccccc", "dddddddddd", "efababefab")]


def test_the_rules_name_terms_that_there_are() -> None:
    kinds = [kind for facet in index_rules.facets() for kind in facet.kinds]
    paths = [path for one in (*index_rules.facets(), *kinds) for path in one.paths]
    paths += [condition.path for kind in kinds for condition in (*kind.only, *kind.without)]
    names = {step.lstrip("^") for path in paths for step in path} | {kind.of for kind in kinds if kind.of}
    names |= {facet.class_iri for facet in index_rules.facets()} | {f.of for f in index_rules.facets() if f.of}
    names |= {c for kind in index_rules.search().kinds for c in kind.classes}
    names |= {step.lstrip("^") for field in index_rules.search().fields for path in field.paths for step in path}
    names |= {step for _, path in index_rules.search().identifiers for step in path}
    names |= {step.lstrip("^") for path in index_rules.search().concepts for step in path}
    names |= {*rule().properties, *rule().language_of, *rule().pair}
    ours = {name.removeprefix(PREFIXES["mse"]) for name in names if name.startswith(PREFIXES["mse"])}
    assert len(ours) > 50
    core = (FOLDER / "core.ttl").read_text(encoding="utf-8")
    assert {name for name in ours if f"mse:{name} " not in core and f"mse:{name}\n" not in core} == set()
    assert rule().readers == tuple(i18n.LANGUAGES)
    assert len(schemes()) > 20


def test_what_readers_call_a_concept_is_of_a_concept_that_there_is(release_home: Path) -> None:
    spoken = index_rules.search().spoken
    with closing(read((release_home / "current").resolve() / INDEX)) as connection:
        for iri, words in spoken.items():
            for language, called in words.items():
                sql = (
                    "SELECT w.text FROM wording w JOIN entry ON entry = id WHERE iri = ? AND field = ? AND language = ?"
                )
                found = connection.execute(sql, (iri, index_rules.CONCEPT, language)).fetchall()
                assert [text for (text,) in found if text.endswith(f" ({called})")] == [text for (text,) in found] != []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"as": "sum"}, "as 'sum'"),
        ({"label": {"en": "x"}}, "its label in en and nb"),
        ({"colour": 1}, "unknown key colour"),
        ({"paths": None}, "it has no paths"),
        ({"as": "kinds"}, "unknown key paths"),
        ({"as": "kinds", "paths": None}, "it has no kind"),
        ({"as": "kinds", "paths": None, "kind": [{"value": "x"}]}, "it has no paths"),
    ],
)
def test_a_facet_that_is_not_whole_is_refused(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], said: str
) -> None:
    facet: dict[str, Any] = {
        "class": "mse:Study",
        "name": "x",
        "paths": [["mse:note"]],
        "label": {"en": "x", "nb": "x"},
    }
    facet |= change
    read = {"facet": [{name: value for name, value in facet.items() if value is not None}]}
    monkeypatch.setattr(index_rules, "_read", lambda name: read)
    with pytest.raises(index_rules.RuleError, match=said):
        index_rules.facets.__wrapped__()
    with pytest.raises(UnknownPrefixError, match="nope:x"):
        expand("nope:x")


def test_a_flipped_byte_and_a_missing_file_are_found_and_mended(tmp_path: Path) -> None:
    folder = publish_small(tmp_path).path
    release = releases.current(tmp_path)
    releases.check_store(release)
    content = (folder / INDEX).read_bytes()
    for at in (0, len(content) // 2, len(content) - 1):
        (folder / INDEX).write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        assert verify(tmp_path) == [f"{INDEX}: not as it was written; build again to have it made from the store"]
        with pytest.raises(DamagedStoreError, match=r"index\.sqlite: not as it was written; `msevidence build`"):
            releases.check_store(release)
        assert publish_small(tmp_path).already_published
        assert verify(tmp_path) == []
    for name in (INDEX, HASH):
        (folder / name).unlink()
        (fault,) = verify(tmp_path)
        assert fault.startswith(f"{name}: missing")
        with pytest.raises(DamagedStoreError, match="build"):
            releases.check_store(release)
        publish_small(tmp_path)
        assert verify(tmp_path) == []
    assert not list((tmp_path / "releases").glob(".new-*"))


def test_an_index_of_another_format_is_made_anew(tmp_path: Path) -> None:
    folder = publish_small(tmp_path).path
    with closing(sqlite3.connect(folder / INDEX)) as connection:
        connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    digest = hashlib.sha256((folder / INDEX).read_bytes()).hexdigest()
    (folder / HASH).write_text(f"{digest}  {INDEX}\n")
    assert index_fault(folder) == f"{INDEX}: of format {FORMAT + 1}; this version reads format {FORMAT}"
    publish_small(tmp_path)
    assert index_fault(folder) is None


def test_the_index_goes_and_comes_with_the_store(tmp_path: Path) -> None:
    first = publish_small(tmp_path).path
    for word in ("two", "three"):
        publish_small(tmp_path, small_graph(word))
    assert {path.name for path in first.iterdir()}.isdisjoint({"store", "store.sha256", INDEX, HASH})
    assert verify(first) == []
    publish_small(tmp_path)
    assert (first / INDEX).is_file() and verify(tmp_path) == []


def test_an_index_is_opened_once_and_nobody_writes_to_it(tmp_path: Path) -> None:
    publish_small(tmp_path)
    release = releases.current(tmp_path)
    opened = index(release)
    assert index(release) is opened
    assert opened.label(BASE + "study/mist", "nb") is not None
    assert opened.label(BASE + "study/none", "nb") is None
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        opened.rows("DELETE FROM label")
