"""Views of invented documents, from a few sentences or the cells of a table, for rules that need no more."""

from collections.abc import Sequence

import pyoxigraph as ox
from rdflib import DCTERMS, RDF, URIRef

from msevidence.loaders.review.outcome import NotApplicable, Outcome, Rule
from msevidence.loaders.review.view import View
from msevidence.ontology.namespaces import MSE, OA

BASE = "https://example.org/"
DOCUMENT = BASE + "document/invented"


def text_view(*paragraphs: Sequence[str] | str, language: str = "en", chapters: Sequence[str] = ()) -> View:
    """Return the view of a document with paragraphs, each a sentence or several; ``chapters`` are titles over them."""
    quads: list[ox.Triple] = _document(language)
    ordinal = 0
    for title in dict.fromkeys(chapters):
        quads.append(_triple(f"{BASE}section/{title}", DCTERMS.title, ox.Literal(title)))
    for number, sentences in enumerate(paragraphs, 1):
        for sentence in [sentences] if isinstance(sentences, str) else sentences:
            ordinal += 1
            quads += _passage(ordinal, sentence, "sentence", **{"paragraph": number})
            if chapters:
                section = ox.NamedNode(f"{BASE}section/{chapters[number - 1]}")
                quads.append(_triple(f"{BASE}passage/{ordinal}", MSE.inSection, section))
    return View(quads)


def table_view(*rows: Sequence[str], caption: str = "", language: str = "en") -> View:
    """Return the view of a document with one table; the first row is its header."""
    quads, table = _document(language), BASE + "table/1"
    quads += _passage(1, caption, "table-caption") if caption else []
    quads += [_triple(table, MSE.caption, ox.NamedNode(BASE + "passage/1"))] if caption else []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text:
                kind = "table-cell" if r else "table-header"
                ordinal = 2 + r * 100 + c
                quads += _passage(ordinal, text, kind, row=r, column=c)
                quads.append(_triple(f"{BASE}passage/{ordinal}", MSE.inTable, ox.NamedNode(table)))
    return View(quads)


def outcomes(rule: Rule, view: View) -> list[Outcome]:
    """Return what a rule says of the things that it looked at."""
    return [o for o in rule.check(view) if not isinstance(o, NotApplicable)]


def broken(rule: Rule, view: View) -> list[str]:
    """Return the messages of what a rule finds."""
    return [o.english for o in outcomes(rule, view) if o.broken]


def _document(language: str) -> list[ox.Triple]:
    return [
        _triple(DOCUMENT, RDF.type, ox.NamedNode(str(MSE.Document))),
        _triple(DOCUMENT, DCTERMS.language, ox.Literal(language)),
    ]


def _passage(ordinal: int, text: str, kind: str, **places: int) -> list[ox.Triple]:
    iri = f"{BASE}passage/{ordinal}"
    return [
        _triple(iri, RDF.type, ox.NamedNode(str(MSE.Passage))),
        _triple(iri, OA.hasSource, ox.NamedNode(DOCUMENT)),
        _triple(iri, MSE.text, ox.Literal(text)),
        _triple(iri, MSE.passageKind, ox.NamedNode(f"{BASE}passage-kind/{kind}")),
        _triple(iri, MSE.ordinal, ox.Literal(ordinal)),
        *(_triple(iri, MSE[name], ox.Literal(value)) for name, value in places.items()),
    ]


def _triple(subject: str, path: URIRef, value: ox.NamedNode | ox.Literal) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(str(path)), value)
