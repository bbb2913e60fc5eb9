"""What the index of a release holds: ``facets.toml`` and ``search.toml``, read and checked."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from msevidence.ontology.iris import BASE
from msevidence.ontology.namespaces import FOLDER
from msevidence.ontology.naming import expand, rule

WAYS = ("value", "year", "exists", "kinds")
CONCEPT = "concept"
"""The field, after all others, of what the concepts of a thing are called, in every language."""
SCHEMES = ("registry", "doi", "pubmed", "pmc", "name")

SCHEME_BASE = f"{BASE}scheme/"

Path = tuple[str, ...]
"""A chain of properties, by IRI, from a thing to a value; ``^`` before one that is followed backwards."""


class RuleError(ValueError):
    """Raised when a rule of the index is not as it must be; the message names the file and the rule."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What the nodes that a path leads to must be, or must not be."""

    path: Path
    """From such a node; empty for the node itself."""
    values: frozenset[str]
    """Literals in lower case, and last names of concepts."""


@dataclass(frozen=True, slots=True)
class Among:
    """A value of a facet that a thing has where a path leads to a node that the conditions allow."""

    value: str
    paths: tuple[Path, ...]
    of: str | None
    only: tuple[Condition, ...]
    """A node counts that has one of the values of each."""
    without: tuple[Condition, ...]
    """A node does not count that has none but the values of one of these."""


@dataclass(frozen=True, slots=True)
class Facet:
    """By what a list of the things of a class is filtered."""

    class_iri: str
    name: str
    paths: tuple[Path, ...]
    of: str | None
    way: str
    label: Mapping[str, str]
    kinds: tuple[Among, ...] = ()
    """Of the way ``kinds``: its values."""


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
    labels: tuple[str, ...]
    """Properties by which concepts are called, the preferred label first."""
    concepts: tuple[Path, ...]
    """From a thing to the concepts by whose labels it is found too."""
    spoken: Mapping[str, Mapping[str, str]]
    """Concept → language → what readers call it, beside its labels."""


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
        tuple(map(expand, read[CONCEPT]["labels"])),
        tuple(map(path, read[CONCEPT]["paths"])),
        {
            SCHEME_BASE + one[CONCEPT]: {reader: ", ".join(one[reader]) for reader in rule().readers}
            for one in read["spoken"]
        },
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
    way = read.get("as", "value")
    reached = {"kind"} if way == "kinds" else {"paths"}
    _whole(name, read, {"class", "name", "label"} | reached, {"as"} | ({"of"} if way != "kinds" else set()))
    if way not in WAYS:
        raise RuleError(f"facets.toml, {name}: as {way!r}; write one of {', '.join(WAYS)}")
    if set(read["label"]) != set(rule().readers):
        raise RuleError(f"facets.toml, {name}: write its label in {' and '.join(rule().readers)}")
    kinds = tuple(_among(name, one) for one in read.get("kind", ()))
    paths = tuple(map(path, read.get("paths", ())))
    return Facet(expand(read["class"]), name, paths, _class(read), way, read["label"], kinds)


def _among(facet: str, read: dict[str, Any]) -> Among:
    _whole(facet, read, {"value", "paths"}, {"of", "only", "without"})
    only, without = (tuple(_condition(facet, one) for one in read.get(key, ())) for key in ("only", "without"))
    return Among(read["value"], tuple(map(path, read["paths"])), _class(read), only, without)


def _condition(facet: str, read: dict[str, Any]) -> Condition:
    _whole(facet, read, {"path", "values"}, set())
    return Condition(path(read["path"]), frozenset(read["values"]))


def _class(read: dict[str, Any]) -> str | None:
    return expand(read["of"]) if "of" in read else None


def _whole(name: str, read: dict[str, Any], needed: set[str], others: set[str]) -> None:
    if unknown := read.keys() - needed - others:
        raise RuleError(f"facets.toml, {name}: unknown key {', '.join(sorted(unknown))}")
    if missing := needed - read.keys():
        raise RuleError(f"facets.toml, {name}: it has no {', '.join(sorted(missing))}")
