"""The loaders are not made for the two real texts: a second article and report, laid out by ``msevidence new``.

Both are invented, in Swedish, with other headings, other markers and other lists. They are built into the whole graph
beside the real ones: first with nothing but the stubs, then with their metadata and curation.
"""

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from msevidence.loaders.assembly import assemble
from msevidence.loaders.build import validate
from msevidence.loaders.errors import SourceError
from msevidence.server.cli import run
from tests.graph import DATA, ask, rows, store_of

FIXTURES = Path(__file__).parent / "fixtures"
DOCUMENTS = {"prov-2099": "article", "sagobad-2023": "report"}
BASE = "https://w3id.org/msevidence/"


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the data with the two new documents as ``msevidence new`` lays them out."""
    data = tmp_path_factory.mktemp("new") / "data"
    shutil.copytree(DATA, data)
    for key, kind in DOCUMENTS.items():
        source = FIXTURES / f"{kind}s" / key / "source.txt"
        code = run(["new", kind, key, str(source), "--language", "sv", "--data", str(data)])
        assert code == 0
        assert (data / f"{kind}s" / key / "source.txt").read_bytes() == source.read_bytes()
    return data


@pytest.fixture(scope="module")
def built(laid_out: Path, tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    """The graph with the metadata and curation of the new documents filled in."""
    data = tmp_path_factory.mktemp("filled") / "data"
    shutil.copytree(laid_out, data)
    for key, kind in DOCUMENTS.items():
        for name in ("metadata.yaml", "curation.yaml"):
            shutil.copy(FIXTURES / f"{kind}s" / key / name, data / f"{kind}s" / key / name)
    graph, outcome = validate(data)
    assert outcome.conforms, outcome.summary()
    return store_of(graph)


def test_with_nothing_but_the_stubs_it_builds_and_conforms(laid_out: Path) -> None:
    graph, outcome = validate(laid_out)
    assert outcome.conforms, outcome.summary()
    store = store_of(graph)
    for key in DOCUMENTS:
        claims = rows(
            store,
            "SELECT ?claim { ?claim a mse:Claim ; mse:inDocument ?d ; mse:hasPointer/c4o:denotes/biro:references ?p }",
            d=f"{BASE}document/{key}",
        )
        assert claims, key


def test_the_path_from_claim_to_publication_in_the_new_article(built: ox.Store) -> None:
    found = rows(
        built,
        "SELECT ?text ?number ?year { ?c mse:inDocument ?d ; mse:claimText ?text ; mse:hasPointer/c4o:denotes ?r ."
        " ?r mse:number ?number ; biro:references ?p . OPTIONAL { ?p mse:year ?year } ?c cito:cites ?p }",
        d=f"{BASE}document/prov-2099",
    )
    small = {int(n) for text, n, _ in found if text and n and "var små" in text}
    assert small == {2, 3, 4}
    assert {int(n) for text, n, _ in found if text and n and "Ingenstad" in text} == {1}


def test_cells_of_the_new_article_inherit_from_their_header(built: ox.Store) -> None:
    inherited = rows(
        built,
        "SELECT ?cell ?number { ?x a mse:InheritedPointer ; c4o:hasContext ?cell ; mse:number ?number ;"
        " mse:inheritedFrom/c4o:hasContext ?header . ?cell oa:hasSource ?d . ?header mse:row 0 }",
        d=f"{BASE}document/prov-2099",
    )
    assert inherited


def test_rows_of_the_new_report_are_studies_with_their_numbers(built: ox.Store) -> None:
    found = rows(
        built,
        "SELECT ?name ?number { ?s a mse:StudyDescription ; mse:inDocument ?d ; mse:printedName ?name ;"
        " mse:rowNumber ?row ; mse:describes/mse:registeredAs/mse:registrationNumber ?number }",
        d=f"{BASE}document/sagobad-2023",
    )
    assert {(n, x) for n, x in found} >= {
        ("VITSIPPA", "NCT99990001"),
        ("VITSIPPA", "2099-900001-12"),
        ("BLÅKLINT", "NCT99990002"),
        ("BLÅKLINT", "ISRCTN99990003"),
    }


def test_its_own_reference_list_is_used_and_nothing_is_said_to_be_missing(built: ox.Store) -> None:
    assert not ask(built, f"ASK {{ ?r a mse:MissingReference ; mse:inDocument <{BASE}document/sagobad-2023> }}")
    (found,) = rows(
        built,
        "SELECT ?number ?locator { ?c mse:inDocument ?d ; mse:claimText ?text ; mse:hasPointer ?p ."
        " ?p mse:number ?number ; mse:locator ?locator . FILTER(CONTAINS(?text, 'två former')"
        " || CONTAINS(?text, 'två')) FILTER(CONTAINS(?text, 'lätt och tung')) }",
        d=f"{BASE}document/sagobad-2023",
    )
    assert found == ("2", "s. 7")


def test_a_number_means_one_thing_here_and_another_there(built: ox.Store) -> None:
    titles = rows(
        built,
        "SELECT DISTINCT ?d ?title { ?r mse:number 4 ; mse:inDocument ?d ; a biro:BibliographicReference ."
        " OPTIONAL { ?r dcterms:title ?title } FILTER NOT EXISTS { ?r a mse:ListedReference } }",
    )
    assert len({d for d, _ in titles}) == 4
    assert len({title for _, title in titles}) == 4


def test_a_number_without_an_entry_is_let_through_where_the_metadata_says_so(laid_out: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(laid_out, data)
    folder = data / "reports" / "sagobad-2023"
    source = (folder / "source.txt").read_text(encoding="utf-8")
    (folder / "source.txt").write_text(source.replace("[6] Tomte C. Om bad och sömn.", "[7] Tomte C. Om bad."), "utf-8")
    with pytest.raises(SourceError):
        assemble(data)
    source = source.replace("[6] Tomte C. Om bad och sömn. Tidskr Påhitt 2022;13(1):5-9.\n", "")
    (folder / "source.txt").write_text(source, encoding="utf-8")
    metadata = (folder / "metadata.yaml").read_text(encoding="utf-8").replace("references: 6", "references: 5")
    (folder / "metadata.yaml").write_text(metadata, encoding="utf-8")
    with pytest.raises(SourceError, match="the citation number 6 has no entry"):
        assemble(data)
    reason = 'quarantine:\n  - text: "[2, 4-6]"\n    because: The list stops at 5.\n'
    (folder / "metadata.yaml").write_text(metadata + reason, encoding="utf-8")
    graph, outcome = validate(data)
    assert outcome.conforms, outcome.summary()
    assert ask(
        store_of(graph),
        "ASK { ?f a mse:Finding ; mse:about ?r ; mse:findingKind ?k . ?r a mse:MissingReference ; mse:number 6 ."
        " FILTER(STRENDS(STR(?k), '/citation-without-entry')) }",
    )


def test_a_taken_key_is_refused_and_nothing_changes(laid_out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(p.relative_to(laid_out) for p in laid_out.rglob("*"))
    source = FIXTURES / "articles" / "prov-2099" / "source.txt"
    code = run(["new", "article", "prov-2099", str(source), "--data", str(laid_out)])
    assert code != 0
    assert "prov-2099" in capsys.readouterr().err
    assert sorted(p.relative_to(laid_out) for p in laid_out.rglob("*")) == before


def test_no_address_of_an_author_is_published(laid_out: Path, tmp_path: Path) -> None:
    """Not even where the layout puts it between two words of a sentence."""
    data = tmp_path / "data"
    shutil.copytree(laid_out, data)
    source = data / "articles" / "prov-2099" / "source.txt"
    text = source.read_text(encoding="utf-8")
    before, sentence, after = text.partition("Provsjuka drabbar enligt")
    assert sentence
    source.write_text(f"{before}Provsjuka drabbar anna.testsson@exempel.invalid enligt{after}", encoding="utf-8")
    texts = [str(q.object) for q in assemble(data).quads()]
    assert any("Provsjuka drabbar" in t and "****" in t for t in texts)
    assert not [t for t in texts if "@exempel" in t]
