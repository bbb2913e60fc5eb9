"""Reads back the files for reference managers: each record is what is said of the thing that its note names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

import bibtexparser
import rispy

from msevidence.server.exports.handover import Files
from tests.handover.kept import Said

_IRI = re.compile(r"https://w3id\.org/msevidence/(?:publication|document|registration)/[^\s}]+")


def read_ris(files: Files) -> Said:
    """Return what the records of a RIS file say."""
    return _said(_strings(record) for record in rispy.loads(_text(files)))


def read_bibtex(files: Files) -> Said:
    """Return what the entries of a BibTeX file say."""
    library = bibtexparser.parse_string(_text(files))
    return _said([str(field.value) for field in entry.fields] for entry in library.entries)


def read_csl(files: Files) -> Said:
    """Return what the items of a CSL-JSON file say."""
    return _said(_strings(item) for item in json.loads(_text(files)))


def _text(files: Files) -> str:
    return next(iter(files.values())).decode("utf-8-sig")


def _strings(value: object) -> list[str]:
    return list(_walked(value))


def _walked(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _walked(one)
    else:
        yield str(value)


def _said(records: Iterable[list[str]]) -> Said:
    said: dict[str, set[str]] = {}
    for strings in records:
        words = {word.strip() for text in strings for word in re.split("[,;]", text)}
        for named in _IRI.findall("\n".join(strings))[:1]:
            said[named] = {*strings, *words}
    return said
