"""``ro-crate-preview.html``: the metadata of a crate as a page, without script, style or anything from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any
from urllib.parse import quote

from msevidence.server import i18n


def preview(metadata: Mapping[str, Any], language: str) -> str:
    """Return a page that shows what is in a crate: what it is, who may use it, each file, and what it comes from."""
    entities = {entity["@id"]: entity for entity in metadata["@graph"]}
    root = entities["./"]
    title = escape(root["name"])
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{language}">',
            f'<head><meta charset="utf-8"><title>{title}</title></head>',
            f"<body><h1>{title}</h1>",
            f"<p>{escape(root['description'])}</p>",
            *_facts(entities[root["license"]["@id"]]),
            f"<h2>{escape(i18n.text('files', language))}</h2>",
            "<ul>",
            *(_file(entities[part["@id"]]) for part in _several(root["hasPart"])),
            "</ul>",
            f"<h2>{escape(i18n.text('source-files', language))}</h2>",
            "<ul>",
            *(_source(entities[source["@id"]]) for source in _several(entities["#build"]["object"])),
            "</ul>",
            "</body></html>",
            "",
        ]
    )


def _several(links: Any) -> list[Any]:
    return links if isinstance(links, list) else [links]


def _facts(rights: Mapping[str, Any]) -> Iterator[str]:
    yield "<ul>"
    for line in rights["description"].splitlines():
        yield f"<li>{escape(line)}</li>"
    yield "</ul>"


def _file(entity: Mapping[str, Any]) -> str:
    name, size = escape(entity["@id"]), escape(entity["contentSize"])
    return f'<li><a href="{escape(quote(entity["@id"]))}">{name}</a>, {size} B. {escape(entity["description"])}</li>'


def _source(entity: Mapping[str, Any]) -> str:
    return f"<li>{escape(entity['name'])}, SHA-256 <code>{escape(entity['sha256'])}</code></li>"
