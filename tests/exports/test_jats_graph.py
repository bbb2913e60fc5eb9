"""The graph of JATS articles: the path from a claim to what it cites, and its citations counted by another reader."""

import re
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from lxml import etree

from msevidence.loaders.jats import read_jats
from msevidence.loaders.statements import Statements
from msevidence.ontology.validation import validate
from tests.exports.jats_files import AUTHOR_YEAR, NUMBERED, graph_of, xml_of
from tests.graph import ask, rows

BASE = "https://w3id.org/msevidence/"
PREFIXES = (
    "PREFIX fabio: <http://purl.org/spar/fabio/> PREFIX prism: <http://prismstandard.org/namespaces/basic/2.0/> "
    "PREFIX deo: <http://purl.org/spar/deo/> "
)
SAMPLES = {
    "1472-6831-8-11.nxml": "10-1186-1472-6831-8-11",
    "journal.pone.0026358.xml": "10-1371-journal-pone-0026358",
    "journal.pone.0119074.xml": "10-1371-journal-pone-0119074",
}
STOP = re.compile(r"(?<=[.!?\]])\s+(?=[A-Z“])")
BLOCK = ("p", "td", "th", "title", "label")


def store(graphs: list[Statements]) -> ox.Store:
    found = ox.Store()
    for graph in graphs:
        found.extend(ox.Quad(q.subject, q.predicate, q.object) for q in graph)
    return found


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> list[Statements]:
    return graph_of([NUMBERED, AUTHOR_YEAR], tmp_path_factory.mktemp("invented"))


@pytest.fixture(scope="module")
def invented_store(invented: list[Statements]) -> ox.Store:
    return store(invented)


@pytest.fixture(scope="module")
def samples(shared_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Statements]:
    paths = sorted((shared_dir / "samples" / "jats_xml").iterdir())
    assert [p.name for p in paths] == list(SAMPLES)
    return graph_of(paths, tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="module")
def samples_store(samples: list[Statements]) -> ox.Store:
    return store(samples)


def claims(found: ox.Store, key: str) -> Counter[tuple[str, int]]:
    """Return the pairs of claim and reference number, by pointers that stand in the claim itself."""
    query = (
        "SELECT ?claim ?number { ?claim a mse:Claim ; mse:inDocument ?d ; mse:hasPointer ?p ."
        " ?p a c4o:InTextReferencePointer ; c4o:denotes/mse:number ?number }"
    )
    return Counter((str(c), int(n or 0)) for c, n in rows(found, query, d=f"{BASE}document/{key}"))


def counted_by_lxml(path: Path) -> tuple[Counter[int], set[tuple[str, int]]]:
    """Count the citations of an article with a numbered list: how often each entry, and pairs of sentence and entry."""
    root = xml_of(path)
    numbers = {str(r.get("id")): n for n, r in enumerate(root.iterfind(".//ref"), 1)}
    often: Counter[int] = Counter()
    pairs: set[tuple[str, int]] = set()
    for block in root.iterfind(".//body//*"):
        if block.tag in BLOCK and block.find(".//p") is None:
            for at, sentence in enumerate(STOP.split(marked(block))):
                found = [numbers[i] for i in re.findall(r"⟦(.*?)⟧", sentence)]
                for first, last in re.findall(
                    r"⟦([^⟦⟧]*)⟧[^⟦⟧]*?[-–]\[?⟦([^⟦⟧]*)⟧", re.sub(r"⟧[\d\]]*", "⟧", sentence)
                ):
                    found += range(numbers[first] + 1, numbers[last])
                often.update(found)
                name = root.getroottree().getpath(block)
                pairs |= {(f"{name} {at}", n) for n in found}
    return often, pairs


def marked(element: "etree._Element") -> str:
    """Return the text of an element with the ``rid`` of each citation in double brackets before what it prints."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == "xref" and child.get("ref-type") == "bibr":
            parts.append(f"⟦{child.get('rid')}⟧")
        parts += [marked(child), child.tail or ""]
    return "".join(parts)


def test_the_invented_articles_conform(invented: list[Statements]) -> None:
    outcome = validate([q for graph in invented for q in graph])
    assert outcome.conforms, outcome.summary()


@pytest.mark.parametrize(("key", "citing"), [("10-9999-jic-2031-17", 15), ("pmc9900021", 3)])
def test_every_citing_sentence_is_a_claim(invented_store: ox.Store, key: str, citing: int) -> None:
    query = (
        "SELECT ?text ?publication { ?c a mse:Claim ; mse:inDocument ?d ; mse:statedIn/mse:text ?text ."
        " ?c mse:hasPointer ?x . ?x a c4o:InTextReferencePointer ; c4o:denotes/biro:references ?publication }"
    )
    assert len({text for text, _ in rows(invented_store, query, d=f"{BASE}document/{key}")}) == citing


def test_a_claim_cites_what_its_pointers_lead_to(invented_store: ox.Store) -> None:
    """Both ways from a claim to a publication give the same pairs, those inherited from a column's head included."""
    path = "SELECT ?c ?p { ?c a mse:Claim ; mse:hasPointer/c4o:denotes/biro:references ?p }"
    short = "SELECT ?c ?p { ?c a mse:Claim ; cito:cites ?p }"
    assert set(rows(invented_store, path)) == set(rows(invented_store, short))
    assert len(set(rows(invented_store, short))) > 25


def test_a_claim_leads_to_identifiers(invented_store: ox.Store) -> None:
    query = PREFIXES + (
        "SELECT DISTINCT ?doi ?pmid ?pmc ?title { ?c a mse:Claim ; mse:inDocument ?d ; mse:statedIn/mse:text ?text ;"
        " mse:hasPointer/c4o:denotes ?r . ?r biro:references ?p ; mse:printedDoi ?printed . ?p prism:doi ?doi ;"
        " fabio:hasPubMedId ?pmid ; fabio:hasPubMedCentralId ?pmc ; dcterms:title ?title"
        ' FILTER(?text = "Cells were invented [1]." && ?printed = "10.9999/FJ.2029.7") }'
    )
    assert rows(invented_store, query, d=f"{BASE}document/10-9999-jic-2031-17") == [
        ("10.9999/fj.2029.7", "90000001", "PMC9900001", "The fox and the cells")
    ]


def test_the_document_has_its_identifiers_and_file(invented_store: ox.Store) -> None:
    query = PREFIXES + (
        "SELECT ?doi ?pmid ?pmc ?file ?licence ?issued { ?d prism:doi ?doi ; fabio:hasPubMedId ?pmid ;"
        " fabio:hasPubMedCentralId ?pmc ; mse:sourceFile ?file ; dcterms:license ?licence ; dcterms:issued ?issued }"
    )
    assert rows(invented_store, query, d=f"{BASE}document/10-9999-jic-2031-17") == [
        (
            "10.9999/jic.2031.17",
            "90000017",
            "PMC9900017",
            "numbered.xml",
            "https://creativecommons.org/licenses/by/4.0/",
            "2031-03-05",
        )
    ]


def test_pointers_below_a_column_that_cites_are_inherited(invented_store: ox.Store) -> None:
    query = "SELECT ?text ?number { ?p a mse:InheritedPointer ; c4o:hasContext/mse:text ?text ; mse:number ?number }"
    assert sorted(rows(invented_store, query)) == [("1", "4"), ("12", "4"), ("18", "4"), ("40", "4"), ("60", "4")]


def test_a_label_that_is_no_number_stays_with_its_entry(invented_store: ox.Store) -> None:
    query = "SELECT ?number ?label { ?r a biro:BibliographicReference ; mse:number ?number ; mse:entryLabel ?label }"
    assert sorted(rows(invented_store, query)) == [("2", "Moe 2020"), ("6", "6a"), ("7", "6b")]


def test_a_year_after_that_of_the_document_stays_with_the_entry(invented_store: ox.Store) -> None:
    assert ask(invented_store, 'ASK { ?r a biro:BibliographicReference ; mse:year "2033" }')
    assert not ask(invented_store, 'ASK { ?p a mse:Publication ; mse:year "2033" }')


def test_sections_have_their_roles(invented_store: ox.Store) -> None:
    query = PREFIXES + "SELECT ?title { ?s a deo:Methods ; a mse:Section ; dcterms:title ?title }"
    assert rows(invented_store, query) == [("Patients and methods",)]


def test_registry_numbers_lead_to_registrations(invented_store: ox.Store) -> None:
    query = "SELECT ?number ?iri { ?m a mse:NumberMention ; mse:normalised ?number ; mse:denotesRegistration ?iri }"
    assert ("NCT09990001", f"{BASE}registration/NCT09990001") in rows(invented_store, query)
    assert len(set(rows(invented_store, query))) == 5


@pytest.mark.parametrize("path", [NUMBERED, AUTHOR_YEAR])
def test_no_contact_data_is_published(invented: list[Statements], path: Path) -> None:
    values = [text for graph in invented for _, _, text in graph.texts()]
    assert len(values) > 2000
    for secret in ("@example.org", "Fable Street", "55 00 00"):
        assert not [v for v in values if secret in v]


def test_exact_words_and_offsets_are_those_of_the_file(invented_store: ox.Store) -> None:
    source = NUMBERED.read_text(encoding="utf-8")
    query = (
        "SELECT ?exact ?start ?end { { ?x oa:hasSource ?d } UNION { ?y oa:hasSource ?d ; oa:hasSelector ?x }"
        " ?x oa:exact ?exact ; oa:start ?start ; oa:end ?end }"
    )
    found = rows(invented_store, query, d=f"{BASE}document/10-9999-jic-2031-17")
    assert len(found) > 150
    for exact, start, end in found:
        assert exact is not None
        words = source[int(start or 0) : int(end or 0)]
        assert len(words) == len(exact)
        assert all(a in (b, "*") for a, b in zip(exact, words, strict=True))


@pytest.mark.shared
def test_the_samples_conform(samples: list[Statements]) -> None:
    outcome = validate([q for graph in samples for q in graph])
    assert outcome.conforms, outcome.summary()


@pytest.mark.shared
@pytest.mark.parametrize(("name", "pairs"), [(n, c) for n, c in zip(SAMPLES, (56, 37, 27), strict=True)])
def test_the_citations_of_the_samples_are_counted_right(
    samples_store: ox.Store, shared_dir: Path, name: str, pairs: int
) -> None:
    path = shared_dir / "samples" / "jats_xml" / name
    often, expected = counted_by_lxml(path)
    found = claims(samples_store, SAMPLES[name])
    assert len(found) == len(expected) == pairs
    assert Counter(n for _, n in found) == Counter(n for _, n in expected)
    pointers = Counter(n for m in read_jats(path).parsed.markers for n in m.numbers)
    assert pointers == often
    assert not read_jats(path).faults


@pytest.mark.shared
def test_claims_of_the_samples_lead_to_identifiers(samples_store: ox.Store) -> None:
    query = PREFIXES + (
        "SELECT DISTINCT ?claim ?number ?pmid ?doi { ?c a mse:Claim ; mse:inDocument ?d ; mse:claimText ?claim ;"
        " mse:hasPointer/c4o:denotes ?r . ?r mse:number ?number ; biro:references ?p . ?c cito:cites ?p ."
        " ?p fabio:hasPubMedId ?pmid OPTIONAL { ?p prism:doi ?doi } FILTER(CONTAINS(?claim, 'Sickness Impact')) }"
    )
    (found,) = rows(samples_store, query, d=f"{BASE}document/10-1186-1472-6831-8-11")
    assert found[0] and found[0].startswith(
        "In order to study the role of such factors in dentistry, Reisine et al. [2]"
    )
    assert found[1:] == ("2", "2645088", "10.1111/j.1600-0528.1989.tb01816.x")
    every = PREFIXES + "SELECT DISTINCT ?p { ?p fabio:hasPubMedId ?id }"
    assert len(rows(samples_store, every)) > 30


@pytest.mark.shared
def test_registry_numbers_of_the_samples(shared_dir: Path) -> None:
    parsed = read_jats(shared_dir / "samples" / "jats_xml" / "journal.pone.0026358.xml").parsed
    found = [(n.normalised, n.link) for n in parsed.numbers]
    assert ("2007-007973-22", None) in found
    assert ("NCT00848692", "http://clinicaltrials.gov/ct2/show/NCT00848692") in found
    assert len(found) == 6
