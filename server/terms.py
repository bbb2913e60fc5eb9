"""The vocabulary of a release as one file: its classes, properties and prefixes, for editors that complete from them.

An editor of queries that asks an outside host what there is completes what this graph does not have, and tells that
host what its user writes. This file has what the release uses, with how often, and what its ontology declares.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import pyoxigraph as ox
from flask import Blueprint, Response

from msevidence.server import answers, i18n, negotiation
from msevidence.server.labels import PREFIXES, query, short
from msevidence.server.store import PageLane, pages

blueprint = Blueprint("terms", __name__)

JSON = "application/json"
_FIELDS = {PREFIXES["rdfs"] + "label": "label", PREFIXES["skos"] + "definition": "definition"}

Term = dict[str, Any]


@blueprint.get("/terms.json")
def terms() -> Response:
    """Send every class and property of this release, the most used first, and the prefixes of the pages."""
    lane = pages()
    tag = answers.entity_tag(lane.release, "terms", negotiation.gzip_wanted())
    if (known := answers.known(tag, JSON)) is not None:
        return known
    classes, properties = vocabulary(lane)
    body = {"release": lane.release.id, "prefixes": dict(PREFIXES), "classes": classes, "properties": properties}
    return answers.compressed(json.dumps(body, ensure_ascii=False).encode(), JSON, tag)


def vocabulary(lane: PageLane) -> tuple[list[Term], list[Term]]:
    """Return the classes and the properties, each with its IRI, short name, labels, definitions and count of uses.

    The count is zero for what is declared and not used; a release without statistics has only what it declares.
    """
    kept = _kept(lane.release.id)
    if not kept:
        kept.append(_read(lane))
    return kept[0]


@lru_cache(maxsize=2)
def _kept(release: str) -> list[tuple[list[Term], list[Term]]]:
    """Return what was read of a release: it never changes; of one before the last it is dropped."""
    return []


def _read(lane: PageLane) -> tuple[list[Term], list[Term]]:
    found: dict[bool, dict[str, Term]] = {True: {}, False: {}}
    for row in lane.select(query("terms_used")):
        _entry(found, row)["count"] += int(row["count"].value)  # type: ignore[union-attr]
    for row in lane.select(query("terms_declared")):
        entry, value = _entry(found, row), row.get("value")
        if isinstance(value, ox.Literal) and value.language in i18n.LANGUAGES:
            entry[_FIELDS[row["property"].value]][value.language] = value.value  # type: ignore[union-attr]
    return _sorted(found[True]), _sorted(found[False])


def _entry(found: dict[bool, dict[str, Term]], row: dict[str, Any]) -> Term:
    iri = row["term"].value
    return found[row["class"].value == "true"].setdefault(iri, _new(iri))


def _new(iri: str) -> Term:
    name = short(iri)
    labels = {language: label for language in i18n.LANGUAGES if (label := i18n.term(name, language))}
    return {"iri": iri, "name": name if name != iri else None, "label": labels, "definition": {}, "count": 0}


def _sorted(entries: dict[str, Term]) -> list[Term]:
    return sorted(entries.values(), key=lambda entry: (-entry["count"], entry["name"] or entry["iri"]))
