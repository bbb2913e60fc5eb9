"""What the OpenAPI description is made of: operations, their parameters and answers, the choices of a release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from msevidence.ontology.iris import BASE, Kind
from msevidence.queries import load_questions
from msevidence.server.browse_asked import SHORT, tokens_of
from msevidence.server.browse_classes import key_of
from msevidence.server.facets import Choice, Facets
from msevidence.server.openapi_schemas import KEY, TEXT, Schema
from msevidence.server.releases import Release

MOST = 100
"""Values of a parameter up to which they are enumerated; of more, any text is allowed by the description."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an address."""

    name: str
    schema: Schema = field(default_factory=lambda: TEXT)
    many: bool = False
    """Whether it may stand several times."""
    required: bool = False
    flag: bool = False
    """Whether it has no value: that it stands there is what counts."""
    about: str = ""
    """What it is, in the reader's language; empty where the translations have it (``api-parameter-…``)."""
    example: Any = None


@dataclass(frozen=True, slots=True)
class Operation:
    """What can be asked at one path."""

    path: str
    """With its variable parts in braces, from the top of the site."""
    answers: Mapping[str, Schema]
    """Media type of a complete answer → schema; empty where the answer is a redirect."""
    parameters: Sequence[Parameter] = ()
    parts: Mapping[str, Schema] = field(default_factory=dict)
    """Variable part of the path → schema."""
    examples: Mapping[str, str] = field(default_factory=dict)
    """Variable part of the path → an example."""
    redirects: bool = False
    """Whether a 303 is among the answers."""
    tagged: bool = True
    """Whether a complete answer always has an entity tag."""
    body: Mapping[str, Schema] = field(default_factory=dict)
    """Media type of the request's body → schema; empty for GET."""
    about: str = ""
    """What it does, in the reader's language; empty where the translations have it by the endpoint."""


class Choices:
    """What can be chosen in a release: the values of its facets, its documents, the releases that are kept."""

    def __init__(self, release: Release, releases: Sequence[str], language: str) -> None:
        self.release, self.language = release, language
        self._facets, self._releases = Facets(release, language), list(releases)

    @staticmethod
    def one_of(values: Sequence[str], otherwise: Schema = TEXT) -> Schema:
        """Return the schema of one of these values, or another schema where they are none or too many."""
        once = list(dict.fromkeys(values))
        return {"type": "string", "enum": once} if 0 < len(once) <= MOST else otherwise

    def facet(self, class_iri: str, name: str) -> Schema:
        """Return the schema of the values of a facet, as an address has them."""
        return self.one_of(list(tokens_of(self._facets.all_counts(class_iri, name)).values()))

    def facets(self, class_iri: str) -> list[Parameter]:
        """Return the facets of a class as parameters, their short names among them."""
        named = self._facets.of_class(class_iri)
        found = [Parameter(name, self.facet(class_iri, name), many=True, about=label) for name, label in named.items()]
        for short, name in SHORT.get(class_iri, {}).items():
            if name in named:
                found.append(Parameter(short, self.facet(class_iri, name), many=True, about=named[name]))
        return found

    def schemas(self) -> Mapping[str, Schema]:
        """Return the schemas that many operations refer to, by name: what there is in this release."""
        questions = [name for name, one in load_questions().items() if one.form == "select"]
        return {
            "StudyKey": self._keys("Study"),
            "DocumentKey": self._keys("Document"),
            "ReleaseId": self.one_of(self._releases),
            "SelectQuestion": self.one_of(questions),
            "Kind": self.one_of([kind.value for kind in Kind if kind is not Kind.DATASET]),
        }

    def _keys(self, local: str) -> Schema:
        listed = self._facets.ordered(Choice(iri_of(local)), first=MOST + 1)
        return self.one_of([iri.rpartition("/")[2] for iri in listed], KEY)

    def class_keys(self) -> list[str]:
        """Return the keys of the classes that the release has things of, as an address has them."""
        return [key_of(one.iri) for one in self._facets.classes()]

    def example(self, class_iri: str) -> str:
        """Return the key of a thing of a class, empty where there is none."""
        listed = self._facets.ordered(Choice(class_iri), first=1)
        return listed[0].rpartition("/")[2] if listed else ""


def iri_of(local: str) -> str:
    """Return the IRI of a local name of our ontology.

    >>> iri_of("Study")
    'https://w3id.org/msevidence/ontology#Study'
    """
    return f"{BASE}ontology#{local}"
