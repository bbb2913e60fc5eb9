"""What of a document is handed over: all under an open licence, else no texts of passages and no long quotations."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from msevidence.ontology.validation import validate
from msevidence.server.exports import about, rdf_rights
from msevidence.server.exports.formats import EXPORTS
from msevidence.server.exports.handover import Handover
from msevidence.server.exports.rdf import statements
from msevidence.server.exports.rdf_rights import WITHHELD, Withheld, copy, shortened
from msevidence.server.exports.rights import LONGEST_QUOTATION, Rights, SourceRights, is_open, rights
from msevidence.server.exports.scope import Selection, found
from msevidence.server.labels import PREFIXES, Labels, Text
from msevidence.server.local_lane import LocalLane
from msevidence.server.releases import current
from tests.handover.conftest import Export
from tests.pages_site import publish_pages

BASE = "https://w3id.org/msevidence/"
MSE, OA = PREFIXES["mse"], PREFIXES["oa"]
ONE, TO = f"{BASE}document/one", f"{BASE}document/to"
CC_BY = "https://creativecommons.org/licenses/by/4.0/"
LONG = "Setningen om behandlingen er lang. " * 20


def quad(subject: str, name: str, value: ox.NamedNode | ox.Literal, graph: str = "document-one") -> ox.Quad:
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(name), value, ox.NamedNode(f"{BASE}graph/{graph}"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with the small graph of the pages, its document ``one`` under CC BY, and a long claim of ``to``."""
    home = tmp_path_factory.mktemp("rights")
    claim = f"{BASE}claim/to.bbbbbbbbbb.1.9"
    publish_pages(
        home,
        more=[
            quad(ONE, PREFIXES["dcterms"] + "license", ox.NamedNode(CC_BY)),
            quad(claim, PREFIXES["rdf"] + "type", ox.NamedNode(MSE + "Claim"), "document-to"),
            quad(claim, MSE + "claimText", ox.Literal(LONG), "document-to"),
            quad(claim, MSE + "inDocument", ox.NamedNode(TO), "document-to"),
            quad(claim, MSE + "statedIn", ox.NamedNode(f"{BASE}passage/to.bbbbbbbbbb.1"), "document-to"),
        ],
    )
    return home


def handover_of(home: Path, language: str = "en", **selection: list[str]) -> Handover:
    release = current(home)
    lane = LocalLane(release, ox.Store.read_only(str(release.store)))
    scope = found(lane, Selection(**selection))
    return Handover(lane, Labels(lane, language), language, scope, "https://kg.example/")


def texts(quads: list[ox.Quad], document: str) -> set[str]:
    """Return the texts of the passages of a document."""
    own = {q.subject for q in quads if q.predicate.value == OA + "hasSource" and q.object == ox.NamedNode(document)}
    return {q.object.value for q in quads if q.predicate.value == MSE + "text" and q.subject in own}


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        (CC_BY, True),
        ("http://creativecommons.org/licenses/by-sa/3.0/", True),
        ("https://creativecommons.org/publicdomain/zero/1.0/", True),
        ("https://creativecommons.org/licenses/by-nc/4.0/", False),
        ("https://creativecommons.org/licenses/by-nd/4.0/", False),
        ("https://creativecommons.org.example/licenses/by/4.0/", False),
        ("https://example.org/creativecommons.org/licenses/by/4.0/", False),
        ("creativecommons.org/licenses/by/4.0/", False),
        ("", False),
    ],
)
def test_which_licences_are_open(licence: str, expected: bool) -> None:
    assert is_open(licence) is expected


@pytest.mark.parametrize("selection", [{}, {"documents": ["one", "to"]}])
def test_a_document_under_an_open_licence_is_handed_over_whole_and_the_other_is_not(
    home: Path, selection: dict[str, list[str]]
) -> None:
    one = handover_of(home, **selection)
    data = list(ox.parse(path=str(one.release.path / "data.nq"), format=ox.RdfFormat.N_QUADS))
    made = statements(one)
    assert len(texts(data, ONE)) > 8
    assert texts(list(made.quads), ONE) == texts(data, ONE)
    assert texts(data, TO)
    assert texts(list(made.quads), TO) == set()
    assert set(made.withheld) == {TO}
    short = [q.object.value for q in made.quads if q.predicate.value == MSE + "claimText" and "[…]" in q.object.value]
    assert short == [shortened(LONG)]
    said = {q.subject.value: int(q.object.value) for q in made.quads if q.predicate == WITHHELD}
    assert said[TO] == made.withheld[TO].characters == sum(said.values()) - said[TO]
    assert said[f"{BASE}claim/to.bbbbbbbbbb.1.9"] == len(LONG) - len(shortened(LONG)) + len(rdf_rights.CUT)
    assert made.withheld[TO].texts == len(said) - 1


@pytest.mark.parametrize("name", ["trig", "rdfxml", "nquads"])
def test_no_syntax_has_a_text_that_is_withheld(name: str, home: Path) -> None:
    files = EXPORTS[name].write(handover_of(home))
    content = next(iter(files.values())).decode()
    assert LONG.strip() not in content
    assert "withheldCharacters" in content
    readme = files["README.en.md"].decode()
    assert "Stamceller ved MS: texts: " in readme
    assert "No licence allows these documents to be passed on whole" in readme


def test_what_is_shortened_is_as_long_as_a_quotation_may_be_and_ends_with_a_whole_word() -> None:
    words = ["ord"] * 400
    short = shortened(" ".join(words))
    assert LONGEST_QUOTATION - 8 < len(short) <= LONGEST_QUOTATION
    assert set(short.removesuffix(" […]").split()) == {"ord"}
    assert len(shortened("x" * 2_000)) == LONGEST_QUOTATION


def test_a_quotation_at_the_limit_stays_and_one_beyond_keeps_its_kind() -> None:
    at = ox.Literal("x" * LONGEST_QUOTATION)
    beyond = ox.Literal("y " * LONGEST_QUOTATION, language="nb")
    name = MSE + "quotedText"
    made = copy([quad(f"{BASE}role/a", name, at), quad(f"{BASE}role/b", name, beyond)], Rights(()))
    kept = {q.subject.value: q.object for q in made.quads if q.predicate.value == name}
    assert kept[f"{BASE}role/a"] == at
    cut = kept[f"{BASE}role/b"]
    assert isinstance(cut, ox.Literal)
    assert (cut.language, cut.value) == ("nb", shortened(beyond.value))
    assert made.withheld == {"": Withheld(1, len(beyond.value) - len(cut.value) + len(rdf_rights.CUT))}


def test_pieces_of_a_passage_are_withheld_with_it_and_counted_once() -> None:
    passage, piece = f"{BASE}passage/one.aaaaaaaaaa.1", f"{BASE}selector/one.aaaaaaaaaa.1.1"
    given = [
        quad(passage, OA + "hasSource", ox.NamedNode(ONE)),
        quad(passage, MSE + "text", ox.Literal("Ni tegn.x")),
        quad(passage, OA + "exact", ox.Literal("Ni  tegn.x")),
        quad(passage, OA + "hasSelector", ox.NamedNode(piece)),
        quad(piece, OA + "exact", ox.Literal("Ni")),
    ]
    made = copy(given, Rights(()))
    assert made.withheld == {ONE: Withheld(1, 9)}
    said = {q.subject.value: q.object.value for q in made.quads if q.predicate == WITHHELD}
    assert said == {passage: "9", piece: "2"}
    opened = Rights([SourceRights(ONE, Text("One"), True, (), (CC_BY,))])
    assert list(copy(given, opened).quads) == given


def test_a_copy_of_a_copy_is_the_same(home: Path) -> None:
    """An agency that takes an export in may export it again: nothing is counted twice."""
    one = handover_of(home)
    made = statements(one)
    again = copy(made.quads, rights(one.lane, one.labels))
    assert set(again.quads) == set(made.quads)
    assert again.withheld == made.withheld


def test_a_copy_without_texts_of_the_real_release_conforms_and_quotations_of_it_are_short(
    lane: LocalLane, export: Export
) -> None:
    held = rights(lane, Labels(lane, "en"))
    assert [source.iri.rpartition("/")[2] for source in held.sources] == ["fhi-2021", "nygaard-2024"]
    assert held.open == frozenset()
    read = ox.parse(next(iter(export("nquads", studies=["mist"]).values())), format=ox.RdfFormat.N_QUADS)
    quads = list(read)
    assert validate(quads, rules=[]).conforms
    assert not [q for q in quads if q.predicate.value == MSE + "text"]
    quoted = [q.object.value for q in quads if q.predicate.value in rdf_rights.QUOTED]
    assert len(quoted) > 100
    assert max(map(len, quoted)) <= LONGEST_QUOTATION
    assert not [text for text in quoted if text.endswith(rdf_rights.CUT)]


def test_every_property_of_the_rule_is_one_of_the_ontology(lane: LocalLane) -> None:
    for name in {*rdf_rights.QUOTED, *rdf_rights.WHOLE, WITHHELD.value}:
        assert lane.ask("ASK { ?name a ?kind }", {"name": ox.NamedNode(name)}), name


@pytest.mark.parametrize("language", ["en", "nb"])
def test_an_export_tells_release_rights_and_licences_in_its_language(home: Path, language: str) -> None:
    facts = about.about(handover_of(home, language, documents=["to"]))
    by_name = {fact.name: fact for fact in facts}
    release = current(home)
    assert by_name["release"].value == release.id
    assert by_name["built"].value == release.built
    assert by_name["address"].link == f"https://kg.example/releases/{release.id}/"
    assert by_name["part"].value == "to"
    assert by_name["licence"].link == about.OWN_LICENCE
    sources = {fact.link: fact.value for fact in facts if fact.name == "source"}
    assert sources[ONE] == f"Copyright of the publisher. · {CC_BY}"
    assert "Stamceller ved MS" in by_name["quotations"].value
    assert "hope" not in by_name["quotations"].value
    assert by_name["unregistered"].link == BASE
    assert ("ikke registrert" in by_name["unregistered"].value) is (language == "nb")
    assert all("\n" not in line for line in about.lines(handover_of(home, language)))


def test_nothing_is_said_to_be_withheld_where_all_is_open() -> None:
    opened = Rights([SourceRights(ONE, Text("One"), True, (), (CC_BY,))])
    assert about.quotations(opened, "en") == ""
    assert opened.allow("x" * 2_000, ONE)
    assert not opened.allow("x" * 2_000, TO)
    assert opened.allow("x" * LONGEST_QUOTATION, None)


def test_a_base_that_is_not_ours_is_not_said_to_be_unregistered(tmp_path: Path) -> None:
    publish_pages(tmp_path, "https://kg.example/")
    names = [fact.name for fact in about.about(handover_of(tmp_path))]
    assert "release" in names
    assert "unregistered" not in names
