"""Reads back the FHIR bundle: each resource is what is said of the thing whose address or identifier it has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from msevidence.server.exports.handover import Files
from tests.handover.kept import Said


def read(files: Files) -> Said:
    """Return what the entries say."""
    said: dict[str, set[str]] = {}
    for entry in json.loads(next(iter(files.values())))["entry"]:
        resource = entry["resource"]
        strings = set(_strings(resource))
        for name in (entry["fullUrl"], *_identifiers(resource)):
            said.setdefault(name, set()).update(strings)
    return said


def _identifiers(resource: dict[str, Any]) -> Iterator[str]:
    held = resource.get("identifier", [])
    for identifier in held if isinstance(held, list) else [held]:
        yield identifier["value"]


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _strings(one)
    else:
        yield str(value)
