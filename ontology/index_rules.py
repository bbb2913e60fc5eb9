"""What the index of a release holds: ``facets.toml`` and ``search.toml``, read and checked."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from msevidence.ontology.namespaces import FOLDER
from msevidence.ontology.naming import expand, rule

WAYS = ("value", "year", "exists")
SCHEMES = ("registry", "doi", "pubmed", "pmc", "name")

Path = tuple[str, ...]
"""A chain of properties, by IRI, from a thing to a value; ``^`` before one that is followed backwards."""


class RuleError(ValueError):
    """Raised when a rule of the index is not as it must be; the message names the file and the rule."""


@dataclass(frozen=True, slots=True)
class Facet:
    """By what a list of the things of a class is filtered."""

    class_iri: str
    name: str
    paths: tuple[Path, ...]
    of: str | None
    way: str
    label: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A group of search results."""

    name: str
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A part of what is searched of a thing."""

    name: str
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """What the full-text search covers."""

    kinds: tuple[Kind, ...]
    fields: tuple[Field, ...]
    identifiers: tuple[tuple[str, Path], ...]


@cache
def facets() -> tuple[Facet, ...]:
    """Return the facets, in the order in which they are shown.

    Raises:
        RuleError: one is not whole, or there are two of one name for a class.
        UnknownPrefixError: a name has no known prefix.
    """
    found = tuple(_facet(read) for read in _read("facets.toml")["facet"])
    names = [(facet.class_iri, facet.name) for facet in found]
    if twice := {name for _, name in names if names.count((_, name)) > 1}:
        raise RuleError(f"facets.toml: two facets {', '.join(sorted(twice))} of one class")
    return found


@cache
def search() -> Search:
    """Return what the full-text search covers.

    Raises:
        RuleError: an identifier has a scheme that nothing reads.
    """
    read = _read("search.toml")
    identifiers = tuple((one["scheme"], path(one["path"])) for one in read["identifier"])
    if unknown := {scheme for scheme, _ in identifiers} - set(SCHEMES):
        raise RuleError(f"search.toml: unknown scheme {', '.join(sorted(unknown))}; there are {', '.join(SCHEMES)}")
    return Search(
        tuple(Kind(kind["name"], tuple(map(expand, kind["classes"]))) for kind in read["kind"]),
        tuple(Field(field["name"], tuple(map(path, field["paths"]))) for field in read["field"]),
        identifiers,
    )


def path(names: list[str]) -> Path:
    """Return a path with its names as IRIs.

    >>> path(["^rdfs:label"])
    ('^http://www.w3.org/2000/01/rdf-schema#label',)
    """
    return tuple(f"^{expand(name[1:])}" if name.startswith("^") else expand(name) for name in names)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def _facet(read: dict[str, Any]) -> Facet:
    name = read.get("name", "?")
    if unknown := read.keys() - {"class", "name", "paths", "of", "as", "label"}:
        raise RuleError(f"facets.toml, {name}: unknown key {', '.join(sorted(unknown))}")
    if missing := {"class", "name", "paths", "label"} - read.keys():
        raise RuleError(f"facets.toml, {name}: it has no {', '.join(sorted(missing))}")
    way = read.get("as", "value")
    if way not in WAYS:
        raise RuleError(f"facets.toml, {name}: as {way!r}; write one of {', '.join(WAYS)}")
    if set(read["label"]) != set(rule().readers):
        raise RuleError(f"facets.toml, {name}: write its label in {' and '.join(rule().readers)}")
    of = expand(read["of"]) if "of" in read else None
    return Facet(expand(read["class"]), name, tuple(map(path, read["paths"])), of, way, read["label"])
