"""An article and the PubMed record of a work that it cites, both loaded: the build compares them; abstracts stay out.

The article and the record are invented.
"""

import tempfile
from functools import cache
from pathlib import Path

import pytest

from msevidence.loaders.assembly import Graph, assemble
from msevidence.loaders.exports.sources import Sources
from msevidence.loaders.loaded import Loaded
from msevidence.loaders.review.sources.abstracts import abstract_texts
from msevidence.loaders.review.view import Document, View
from msevidence.ontology.namespaces import MSE
from tests.conftest import ROOT

SENTENCES = (
    "A total of 84 patients with secondary progressive multiple sclerosis were randomised at nine Swedish hospitals.",
    "At 3 years, 62% were free from relapses with the new treatment.",
    "Infections occurred in 21% of the patients.",
)
PUBMED = f"""<?xml version="1.0"?>
<PubmedArticleSet><PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">39900777</PMID>
<Article PubModel="Print"><Journal><JournalIssue CitedMedium="Print"><Volume>9</Volume><PubDate><Year>2019</Year>
</PubDate></JournalIssue><Title>Journal of Invented Trials</Title></Journal>
<ArticleTitle>An invented trial of a new treatment.</ArticleTitle>
<Abstract><AbstractText Label="METHODS">{SENTENCES[0]}</AbstractText>
<AbstractText Label="RESULTS">{SENTENCES[1]} {SENTENCES[2]}</AbstractText></Abstract>
<AuthorList><Author><LastName>Nemo</LastName><Initials>A</Initials></Author></AuthorList><Language>eng</Language>
<PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType></PublicationTypeList></Article>
</MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType="pubmed">39900777</ArticleId></ArticleIdList>
</PubmedData></PubmedArticle></PubmedArticleSet>
"""
NBIB = f"""PMID- 39900777
OWN - NLM
DP  - 2019
TI  - An invented trial of a new treatment.
AB  - METHODS: {SENTENCES[0]} RESULTS: {SENTENCES[1]}
      {SENTENCES[2]}
AU  - Nemo A
LA  - eng
PT  - Journal Article
TA  - J Invent Trials
JT  - Journal of Invented Trials
SO  - J Invent Trials. 2019.
"""
RIGHT = (
    "In a trial of 84 patients, 62 % were free from relapses after three years [1].",
    "About 20 % had infections [1].",
    "A Swedish study has shown this before [1].",
)
WRONG = (
    "In a trial of 48 patients, 62 % were free from relapses after five years [1].",
    "About 40 % had infections [1].",
    "A Danish study has shown this before [1].",
)
OPEN = (
    "Fatigue improved in 35 % of the patients [1].",
    "Another 500 patients are being followed [2].",
)


def jats(sentences: tuple[str, ...]) -> str:
    words = " ".join(sentences)
    for number in "12":
        words = words.replace(f"[{number}]", f'[<xref ref-type="bibr" rid="R{number}">{number}</xref>]')
    return f"""<article article-type="research-article"><front><article-meta>
<article-id pub-id-type="doi">10.1000/invented.777</article-id><title-group><article-title>An invented article
</article-title></title-group><pub-date><year>2022</year></pub-date></article-meta></front>
<body><sec><title>Discussion</title><p>{words}</p></sec></body><back><ref-list>
<ref id="R1"><label>1</label><element-citation publication-type="journal"><person-group><name><surname>Nemo</surname>
<given-names>A</given-names></name></person-group><article-title>An invented trial of a new treatment</article-title>
<source>J Invent Trials</source><year>2019</year><pub-id pub-id-type="pmid">39900777</pub-id></element-citation></ref>
<ref id="R2"><label>2</label><element-citation publication-type="journal"><article-title>Another work</article-title>
<source>J Invent Trials</source><year>2020</year></element-citation></ref></ref-list></back></article>"""


@cache
def built(sentences: tuple[str, ...], record: str, name: str) -> tuple[Graph, View, Document]:
    """Return a build of ``data/`` with both loaded, its view and the article in it."""
    folder = Path(tempfile.mkdtemp(prefix="sources-"))
    sources = Sources(folder / "home")
    for file, text in (("article.xml", jats(sentences)), (name, record)):
        (folder / file).write_text(text, encoding="utf-8")
        sources.keep(sources.take(folder / file)[0])
    graph = assemble(ROOT / "data", home=folder / "home")
    view = View(list(graph.quads()))
    return graph, view, view.document("10-1000-invented-777")


def findings(sentences: tuple[str, ...], record: str, name: str) -> dict[str, list[str]]:
    """Return the messages of the findings of this rule by the sentence that they are about."""
    _, view, document = built(sentences, record, name)
    found: dict[str, list[str]] = {}
    for finding in view.things.of_class(MSE.Finding):
        if finding.concept(MSE.findingKind) == "claim-against-source" and document.iri in finding.values(
            MSE.inDocument
        ):
            for passage in document.stated(finding):
                found.setdefault(passage.text, []).append(finding.value(MSE.severity) or "")
    return found


@pytest.mark.parametrize(("record", "name"), [(PUBMED, "record.xml"), (NBIB, "record.nbib")])
def test_what_disagrees_with_the_abstract_is_found(record: str, name: str) -> None:
    found = findings((*WRONG, *OPEN), record, name)
    assert {text: len(messages) for text, messages in found.items()} == {WRONG[0]: 2, WRONG[1]: 1, WRONG[2]: 1}


def test_what_agrees_is_not_and_has_a_verdict() -> None:
    assert findings((*RIGHT, *OPEN), PUBMED, "record.xml") == {}
    _, view, document = built((*RIGHT, *OPEN), PUBMED, "record.xml")
    verdicts = {
        (v.concept(MSE.verdict), v.concept(MSE.verdictBasis), v.value(MSE.sourceWords))
        for v in view.things.of_class(MSE.Verdict)
        if any(p in document.by_iri for p in v.values(MSE.statedIn))
    }
    assert {source for kind, _, source in verdicts if kind == "agrees"} == set(SENTENCES)
    assert {basis for _, basis, _ in verdicts} == {"abstract"}
    assert ("not-in-what-was-read", "abstract", None) in verdicts


def test_an_abstract_is_quoted_and_never_published_whole() -> None:
    graph, _, _ = built((*RIGHT, *OPEN), PUBMED, "record.xml")
    values = [q.object.value for q in graph.quads() if hasattr(q.object, "value")]
    assert any(SENTENCES[1] in v for v in values)
    assert not any(SENTENCES[1] in v and SENTENCES[2] in v for v in values)


def test_abstracts_come_under_the_publication_that_is_kept() -> None:
    graph, _, document = built((*RIGHT, *OPEN), PUBMED, "record.xml")
    texts = list(abstract_texts(graph.loaded, graph.names))
    (reference,) = [r for r in document.references.values() if r.number == 1]
    assert [t.publication for t in texts] == [reference.publication]
    assert [t.words for t in texts] == [" ".join(SENTENCES)]
    assert texts[0].address.startswith("record.xml, line ")
    assert list(abstract_texts(graph.loaded, graph.names, wanted=())) == []
    assert list(abstract_texts(Loaded(None), {})) == []
