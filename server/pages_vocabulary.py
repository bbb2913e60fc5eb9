"""The vocabulary: ``/vocabulary``, every class and property, and ``/vocabulary/<term>``, its shapes and examples."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox
from flask import Blueprint, Response, url_for

from msevidence.ontology.namespaces import ONTOLOGY
from msevidence.server import exhibit_page, i18n, shape_texts, terms
from msevidence.server.errors import NotFound, Words
from msevidence.server.exhibits import Cell, Column, Exhibits, Row, Table, cell, figure
from msevidence.server.labels import PREFIXES, Labels, Text, choose, query, short
from msevidence.server.pages_links import Value, link, name
from msevidence.server.store import PageLane
from msevidence.server.wire import Term

blueprint = Blueprint("vocabulary", __name__)

OTHERS = "terms"
"""Where terms of other vocabularies stand: ``/vocabulary/terms/<prefix>:<name>``."""
_BROADER = frozenset(PREFIXES["rdfs"] + name for name in ("subClassOf", "subPropertyOf"))


@dataclass(frozen=True, slots=True)
class About:
    """A term and what is said of it."""

    label: Text
    definitions: list[Text]
    said: list[tuple[Value, list[Value]]]
    """Property → values, labels and definitions left out."""


@blueprint.get("/vocabulary")
@blueprint.get("/vocabulary.<any(json, csv, svg, ttl, jsonld):suffix>")
def vocabulary(suffix: str = "") -> Response:
    """List every class and property that the release declares or uses."""

    def make(lane: PageLane, labels: Labels, language: str) -> Exhibits:
        found = zip(("classes", "properties"), terms.vocabulary(lane), strict=True)
        counts = _shapes_of(lane)
        tables = [_table(kind, entries, counts, language) for kind, entries in found]
        return Exhibits(i18n.text("nav-vocabulary", language), tables, subjects=[ONTOLOGY])

    return exhibit_page.answer("vocabulary.html", make, suffix)


@blueprint.get("/vocabulary/<key>")
@blueprint.get("/vocabulary/<key>.<any(json, csv, svg, ttl, jsonld):suffix>")
def term(key: str, suffix: str = "") -> Response:
    """Show a term: definition, broader and narrower terms, the shapes about it as they are written, and examples."""

    def make(lane: PageLane, labels: Labels, language: str) -> Exhibits:
        iri = _iri(key)
        entry, is_class = _entry(lane, iri, key)
        shapes = [shape for shape in shape_texts.shapes(lane.release) if iri in shape.paths | shape.classes]
        about = _about(lane, labels, iri, language)
        tables = [_shape_table(shapes, language), _examples(lane, labels, iri, is_class, language)]
        shown = {
            "iri": iri,
            "name": short(iri),
            "about": about,
            "is_class": is_class,
            "count": entry["count"],
            "shapes": shapes,
        }
        return Exhibits(f"{about.label.text} ({short(iri)})", tables, subjects=[iri], shown=shown)

    return exhibit_page.answer("term.html", make, suffix)


def address(iri: str) -> str:
    """Return the address of a term's page, empty where its namespace has no prefix here."""
    named = short(iri)
    return "" if named == iri else url_for("vocabulary.term", key=named.removeprefix("mse:"))


def _iri(key: str) -> str:
    """Return the IRI of a term of ours by its name, of another vocabulary by prefix and name."""
    prefix, colon, local = key.partition(":")
    return PREFIXES["mse"] + key if not colon else PREFIXES.get(prefix, prefix + colon) + local


def _entry(lane: PageLane, iri: str, key: str) -> tuple[terms.Term, bool]:
    for is_class, entries in zip((True, False), terms.vocabulary(lane), strict=True):
        for entry in entries:
            if entry["iri"] == iri:
                return entry, is_class
    said = f"There is no class or property {key[:100]!r} in this release."
    raise NotFound(Words(said, f"Det finnes ingen klasse eller egenskap {key[:100]!r} i denne utgivelsen."))


def _shapes_of(lane: PageLane) -> dict[str, int]:
    """Return how many shapes there are about each term."""
    found: dict[str, int] = {}
    for shape in shape_texts.shapes(lane.release):
        for iri in shape.paths | shape.classes:
            found[iri] = found.get(iri, 0) + 1
    return found


def _table(kind: str, entries: list[terms.Term], shapes: dict[str, int], language: str) -> Table:
    columns = (
        Column("term", i18n.text("term", language), iris=True),
        Column("label", i18n.text("label", language)),
        Column("definition", i18n.text("definition", language)),
        Column("uses", i18n.text("uses", language)),
        Column("shapes", i18n.text("shapes", language)),
    )
    rows: list[Row] = [
        {
            "term": Cell(entry["name"] or entry["iri"], None, address(entry["iri"]) or None, entry["iri"]),
            "label": _in(entry["label"], language),
            "definition": _in(entry["definition"], language),
            "uses": figure(entry["count"], i18n.number(entry["count"], language)),
            "shapes": figure(shapes.get(entry["iri"], 0)),
        }
        for entry in entries
    ]
    return Table(kind, i18n.text(kind, language), columns, rows)


def _in(words: dict[str, str], language: str) -> list[Cell]:
    chosen = next((code for code in (language, "en", *words) if code in words), None)
    return [Cell(words[chosen], chosen)] if chosen else []


def _about(lane: PageLane, labels: Labels, iri: str, language: str) -> About:
    said: dict[str, list[Term]] = {}
    for row in lane.select(query("term"), {"resource": ox.NamedNode(iri)}):
        if "property" in row and name(row["property"]) != PREFIXES["rdfs"] + "isDefinedBy":
            key = name(row["property"])
            below = key in _BROADER and "narrower" in row
            said.setdefault(f"^{key}" if below else key, []).append(row["value"])
    said.pop(PREFIXES["rdfs"] + "label", None)
    definitions = [one for one in said.pop(PREFIXES["skos"] + "definition", []) if isinstance(one, ox.Literal)]
    values = [
        (link(lane, labels, key.removeprefix("^")), [_value(lane, labels, one, language) for one in those])
        for key, those in said.items()
        if not key.startswith("^")
    ]
    narrower = [one for key, there in said.items() if key.startswith("^") for one in there]
    if narrower:
        shown = [_value(lane, labels, one, language) for one in narrower]
        values.append((Value(Text(i18n.text("narrower", language), language)), shown))
    texts = [Text(one.value, one.language or "") for one in definitions]
    return About(labels(iri), sorted(texts, key=lambda text: text.language != language), values)


def _value(lane: PageLane, labels: Labels, value: Term, language: str) -> Value:
    if isinstance(value, ox.Literal):
        return Value(choose([value], language))
    return link(lane, labels, name(value))


def _shape_table(shapes: list[shape_texts.Shape], language: str) -> Table:
    columns = (
        Column("shape", i18n.text("shape", language), iris=True),
        Column("file", i18n.text("file", language)),
        Column("message", i18n.text("what-it-says", language)),
        Column("turtle", "Turtle"),
    )
    rows: list[Row] = [
        {
            "shape": Cell(shape.name, iri=shape.iri),
            "file": Cell(f"ontology/shapes/{shape.file}"),
            "message": _in(shape.messages, language),
            "turtle": Cell(shape.text, ""),
        }
        for shape in shapes
    ]
    return Table("shapes", i18n.text("shapes", language), columns, rows)


def _examples(lane: PageLane, labels: Labels, iri: str, is_class: bool, language: str) -> Table:
    found = lane.select(query(f"example_of_{'class' if is_class else 'property'}"), {"resource": ox.NamedNode(iri)})
    columns = [Column("thing", i18n.text("thing", language), iris=True)]
    columns += [] if is_class else [Column("value", i18n.text("value", language), iris=True)]
    rows: list[Row] = []
    for row in sorted((row for row in found if "thing" in row), key=str):
        shown: dict[str, Cell] = {"thing": cell(link(lane, labels, name(row["thing"])))}
        if "value" in row:
            shown["value"] = cell(_value(lane, labels, row["value"], language))
        rows.append(shown)
    pattern = f"?thing a <{iri}>" if is_class else f"?thing <{iri}> ?value"
    asked = f"SELECT * WHERE {{ {pattern} }} LIMIT 100"
    return Table("examples", i18n.text("examples", language), columns, rows, query=asked)
