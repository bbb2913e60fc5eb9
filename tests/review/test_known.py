"""The findings known from reading stand in the documents, and are of kinds that exist.

How many of them the rules find is measured by ``python -m tests.bench.review``, not here.
"""

from collections import Counter
from collections.abc import Iterable

import pytest

from msevidence.loaders.catalogue_schema import Publications, Registrations, SourceQuotes
from msevidence.loaders.documents import find_documents, read_document
from msevidence.loaders.yamlfile import parse
from msevidence.ontology.namespaces import schemes
from tests.conftest import ROOT
from tests.review.known import Known, known

DATA = ROOT / "data"
KNOWN, WITHOUT_KIND = known()


@pytest.fixture(scope="module")
def texts() -> dict[str, list[str]]:
    """Return the texts of all passages, by document."""
    return {f.key: [p.text for p in read_document(f).parsed.passages] for f in find_documents(DATA)}


@pytest.fixture(scope="module")
def elsewhere() -> dict[str, list[str]]:
    """Return what is recorded of each publication and registration, by key."""
    publications = parse(DATA / "publications.yaml", Publications)[0].publications
    registrations = parse(DATA / "registrations.yaml", Registrations)[0].registrations
    found = {
        key: [text for _, value in entry.values() for text in value.texts()]
        for key, entry in [*publications.items(), *registrations.items()]
    }
    for entry in parse(DATA / "source-quotes.yaml", SourceQuotes)[0].source_quotes:
        found[entry.publication] += [q.exact for q in entry.quotes] + [entry.paraphrase or ""]
    return found


def holding(quote: str, texts: Iterable[str]) -> int:
    return sum(quote in text for text in texts)


def test_ids_are_unique_and_every_group_is_there() -> None:
    twice = [i for i, n in Counter(e.id for e in KNOWN).items() if n > 1]
    assert not twice
    assert Counter(e.sure for e in KNOWN) == {"yes": 93, "debatable": 70, "no": 85}
    assert {e.document for e in KNOWN} == {"nygaard-2024", "fhi-2021"}


@pytest.mark.parametrize("entry", KNOWN, ids=lambda e: e.id)
def test_every_quotation_identifies_a_passage(entry: Known, texts: dict[str, list[str]]) -> None:
    for quote in entry.quotes:
        assert holding(quote, texts[entry.document]) == 1, quote
    assert entry.kind in schemes()["finding-kind"]
    assert entry.trap == (entry.sure == "no")


@pytest.mark.parametrize("entry", [e for e in KNOWN if e.other], ids=lambda e: e.id)
def test_the_other_side_is_there(entry: Known, texts: dict[str, list[str]], elsewhere: dict[str, list[str]]) -> None:
    assert entry.other is not None
    if entry.other.document is not None:
        assert holding(entry.other.quote, texts[entry.other.document]) == 1
    else:
        assert holding(entry.other.quote, elsewhere[entry.other.publication or entry.other.registration or ""]) >= 1


def test_what_no_kind_is_for_stands_there_too(texts: dict[str, list[str]]) -> None:
    quotes = [(n.document, q) for n in WITHOUT_KIND for q in n.quotes]
    assert len(quotes) > 4
    for document, quote in quotes:
        assert holding(quote, texts[document]) == 1, quote
