"""A claim stands in one passage and has the pointers, and the uses of what they lead to, that stand with it."""

from pathlib import Path

import pytest

from msevidence.loaders.catalogue import Catalogue
from msevidence.loaders.context import DocumentContext
from msevidence.loaders.documents import DocumentFolder, read_document
from msevidence.loaders.errors import CurationError
from msevidence.loaders.triples_citations import citation_statements
from msevidence.loaders.triples_claims import claim_statements
from msevidence.ontology.namespaces import C4O, CITO, MSE
from tests.graph import DATA

ARTICLE = """\
What helps: a small study

Ada Example

Introduction

Treatment A helps most people (1), and the way it was counted is in the same paper (1). It costs little (2).

References

1. Example A. Title one. J Ex 2001; 1: 1-2.
2. Example B. Title two. J Ex 2002; 2: 3-4.
"""
METADATA = "{title: What helps, language: en, type: journal-article, published: 2003, rights: A test.}\n"


def stated(folder: Path, claims: str) -> DocumentContext:
    """Return the article with its claims stated."""
    for name, content in (("source.txt", ARTICLE), ("metadata.yaml", METADATA), ("curation.yaml", claims)):
        (folder / name).write_text(content, encoding="utf-8")
    context = read_document(DocumentFolder(folder, "articles", "example-2003"))
    catalogue = Catalogue(DATA)
    claim_statements(context, catalogue, citation_statements(context, catalogue))
    return context


def test_two_claims_of_a_sentence_use_one_reference_each_in_its_way(tmp_path: Path) -> None:
    context = stated(
        tmp_path,
        "claims:\n"
        "  - {quote: Treatment A helps most people, kind: fact, cites: {1: cites-as-evidence}}\n"
        "  - {quote: the way it was counted is in the same paper, kind: method, cites: {1: uses-method-in}}\n",
    )
    pointers = {(s, o) for s, p, o in context.text.texts() if p == str(MSE.hasPointer) and "/claim/" in s}
    uses = {s: o.rsplit("/", 1)[1] for s, p, o in context.curated.texts() if p == str(MSE.citationFunction)}
    assert len(uses) == 2
    assert len([p for p in context.curated.texts() if p[1] == str(MSE.citationFunction)]) == 2
    by_claim = {claim: uses[pointer] for claim, pointer in pointers if pointer in uses}
    direct = {s: p for s, p, _ in context.curated.texts() if p in (str(CITO.citesAsEvidence), str(CITO.usesMethodIn))}
    assert {(direct[claim].rsplit("/", 1)[1], use) for claim, use in by_claim.items()} == {
        ("citesAsEvidence", "cites-as-evidence"),
        ("usesMethodIn", "uses-method-in"),
    }


def test_a_passage_with_a_citation_is_a_claim_without_curation(tmp_path: Path) -> None:
    context = stated(tmp_path, "")
    claims = {s for s, p, _ in context.text.texts() if p == str(MSE.claimText)}
    assert len(claims) == 2
    cited = {s for s, p, _ in context.text.texts() if p == str(CITO.cites) and "/claim/" in s}
    assert cited == claims
    assert len([t for t in context.text.texts() if t[1] == str(C4O.denotes)]) == 3
    assert not list(context.curated)


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        ("{quote: in the same paper (1). It costs little (2)., kind: fact}", r"claims\.0\.quote: .* in several"),
        (
            "{quote: It costs little (2)., kind: fact, cites: {1: cites-as-evidence}}",
            r"claims\.0\.cites\.1: no citation",
        ),
        ("{quote: It costs little (2)., kind: feeling}", r"claims\.0\.kind: 'feeling' is not in the scheme"),
    ],
)
def test_a_claim_that_cannot_be_is_refused_with_its_place(tmp_path: Path, claim: str, message: str) -> None:
    with pytest.raises(CurationError, match=rf"curation\.yaml:2: {message}"):
        stated(tmp_path, f"claims:\n  - {claim}\n")
