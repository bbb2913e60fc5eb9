"""Abstracts of bibliographic records: kept for the review beside the statements, and no part of what a version is."""

from dataclasses import replace

import pytest

from msevidence.loaders.bibliographic import crossref_json, endnote_xml, nbib, pubmed_xml, ris
from msevidence.loaders.bibliographic.publication import LONGEST_ABSTRACT, take_abstract
from msevidence.loaders.exports.facts import PublicationFact, from_json, to_json
from msevidence.loaders.exports.formats import Format
from msevidence.loaders.exports.publication_block import publication_block
from msevidence.loaders.exports.records import PublicationRecord
from msevidence.ontology.iris import Kind, graph_iri, mint
from tests.exports.reading import FIXTURES, load

FILES = (
    (pubmed_xml.FORMAT, "pubmed_xml/three.xml"),
    (nbib.FORMAT, "nbib/three.nbib"),
    (ris.FORMAT, "ris/mixed.ris"),
    (crossref_json.FORMAT, "crossref_json/list.json"),
    (endnote_xml.FORMAT, "endnote_xml/library.xml"),
)


@pytest.mark.parametrize(("known", "file"), FILES, ids=lambda v: v.key if isinstance(v, Format) else "")
def test_every_format_keeps_the_abstract(known: Format, file: str) -> None:
    first, *others = load(known, (FIXTURES / file).read_bytes()).records
    assert first.abstract is not None and "Registered as NCT09990002" in first.abstract
    assert "<" not in first.abstract and "\n" not in first.abstract
    assert others and all(o.abstract is None for o in others)


def test_it_is_in_the_facts_and_not_in_the_statements() -> None:
    record = PublicationRecord("A trial", pmid="1", abstract="Twenty patients were identified.")
    graph, source = graph_iri("export", "x"), mint(Kind.SOURCE, "0" * 64)
    block, fact = publication_block(record, graph, source, "line 1")
    assert fact.abstract == "Twenty patients were identified."
    assert from_json(to_json(fact)) == fact
    assert "Twenty" not in str([getattr(block, name) for name in block.__slots__])
    _, other = publication_block(replace(record, abstract="Thirty patients."), graph, source, "line 1")
    assert other.version == fact.version  # what is stated is the same


def test_a_fact_without_one_has_none() -> None:
    fact = PublicationFact(key="pmid-1", title="T")
    assert "abstract" not in to_json(fact)
    assert from_json(to_json(fact)) == fact


def test_the_first_is_kept_without_tags_and_bounded() -> None:
    record = PublicationRecord("A trial")
    take_abstract(record, None)
    take_abstract(record, "")
    assert record.abstract is None
    take_abstract(record, "<jats:title>Aim</jats:title><jats:p>Of <i>in vivo</i>\n cells: p&lt;0.05\0</jats:p>")
    assert record.abstract == "Aim Of in vivo cells: p<0.05"
    take_abstract(record, "Another.")
    assert record.abstract == "Aim Of in vivo cells: p<0.05"
    long = PublicationRecord("A trial")
    take_abstract(long, "word " * LONGEST_ABSTRACT)
    assert long.abstract is not None and len(long.abstract) == LONGEST_ABSTRACT
