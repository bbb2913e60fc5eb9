"""What things are called: prefixes of IRIs, names of terms of other vocabularies, the rule by which a label is chosen.

The rule is data (``labels.toml``). The build applies it to every IRI of a release, once; the server reads the result.
"""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from msevidence.ontology.iris import BASE
from msevidence.ontology.namespaces import FOLDER, ONTOLOGY

PREFIXES: Mapping[str, str] = {
    "adms": "http://www.w3.org/ns/adms#",
    "biro": "http://purl.org/spar/biro/",
    "c4o": "http://purl.org/spar/c4o/",
    "cito": "http://purl.org/spar/cito/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "deo": "http://purl.org/spar/deo/",
    "doco": "http://purl.org/spar/doco/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "fabio": "http://purl.org/spar/fabio/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "frbr": "http://purl.org/vocab/frbr/core#",
    "mse": ONTOLOGY + "#",
    "oa": "http://www.w3.org/ns/oa#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "pico": "http://data.cochrane.org/ontologies/pico/",
    "prism": "http://prismstandard.org/namespaces/basic/2.0/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sepio": "http://purl.obolibrary.org/obo/SEPIO_",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "sssom": "https://w3id.org/sssom/",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
TERM_LABELS = "term_labels.toml"


class UnknownPrefixError(LookupError):
    """Raised when a name in a configuration file has a prefix that is not in :data:`PREFIXES`, or none."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words with their language: a BCP 47 tag, or empty where nothing says which it is (HTML's `lang=""`)."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """``labels.toml``, with IRIs."""

    readers: tuple[str, ...]
    fallback: str
    properties: tuple[str, ...]
    pair: tuple[str, str]
    language: str
    language_of: tuple[str, ...]


@cache
def rule() -> Rule:
    """Return the rule by which labels are chosen."""
    read = tomllib.loads((FOLDER / "labels.toml").read_text(encoding="utf-8"))
    field, value = map(expand, read["pair"])
    return Rule(
        tuple(read["readers"]),
        read["fallback"],
        tuple(map(expand, read["properties"])),
        (field, value),
        expand(read["language"]),
        tuple(map(expand, read["language_of"])),
    )


def expand(name: str) -> str:
    """Return the IRI that is written as prefix and local name.

    >>> expand("rdfs:label")
    'http://www.w3.org/2000/01/rdf-schema#label'

    Raises:
        UnknownPrefixError: the prefix is not known.
    """
    prefix, _, local = name.partition(":")
    if prefix not in PREFIXES or not local:
        raise UnknownPrefixError(f"{name}: write a prefix of {', '.join(PREFIXES)}, a colon, and the local name")
    return PREFIXES[prefix] + local


def short(iri: str) -> str:
    """Return an IRI as prefix and local name where its namespace has a usual prefix, else the IRI."""
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local != iri and local and not set(local) & set("/#?"):
            return f"{prefix}:{local}"
    return iri


@cache
def _terms() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((FOLDER / TERM_LABELS).read_text(encoding="utf-8"))


def term(name: str, language: str) -> str | None:
    """Return what is said for a term of another vocabulary, named as ``cito:cites``; None where it is not listed."""
    return _terms().get(name, {}).get(language)


def choose(literals: Sequence[ox.Literal], language: str, fallback: str = "") -> Text:
    """Return the literal in the reader's language, else one without a language, else English, else the first.

    Args:
        literals: at least one.
        language: the reader's.
        fallback: the language of a literal that names none.
    """
    ranks = {language: 0, "": 1, rule().fallback: 2}
    best = min(literals, key=lambda literal: (ranks.get(literal.language or "", 3), literal.value))
    return Text(best.value, best.language or fallback)


def by_class(iri: str, types: Collection[str], base: str) -> str | None:
    """Return the class by which a thing of the data without a name is called; None where it is no such thing."""
    ours = sorted(t for t in types if t.startswith(PREFIXES["mse"])) or sorted(types)
    return ours[0] if ours and iri.startswith(base) else None


def nameless(iri: str, base: str, language: str) -> Text:
    """Return what a thing is called of which nothing is said: the name of the term, its key, or its IRI."""
    if (known := term(short(iri), language)) is not None:
        return Text(known, language)
    return Text(key(iri, base))


def key(iri: str, base: str) -> str:
    """Return an IRI without the base of the data, or as prefix and local name."""
    for own in (base, BASE):
        if iri.startswith(own) and iri.removeprefix(own)[:1].isalnum() and "#" not in iri:
            return iri.removeprefix(own)
    return short(iri)
