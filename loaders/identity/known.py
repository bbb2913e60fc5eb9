"""What there is to decide about in ``identity.yaml``: a key that names nothing is told with those near it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from msevidence.loaders.identity.clusters import node_of
from msevidence.loaders.identity.records import Records
from msevidence.loaders.statements import Statements
from msevidence.ontology.iris import Kind, mint, parts

NEAR, ALIKE = 3, 0.75
"""Keys named beside one that there is not, and how like it they must be: all numbers of a registry are alike a bit."""
_OF_IDENTIFIERS = ("pmid-", "pmcid-", "doi-", "work-")
"""How keys begin that follow from an identifier: such a publication may be loaded later than it is decided on."""


@dataclass
class Known:
    """The studies, registrations and publications of a build, before it is decided which of them are one."""

    studies: frozenset[str]
    """Keys of the catalogue."""
    numbers: Iterable[str]
    """IRIs of the registrations that documents and catalogues name."""
    records: Records
    documents: Sequence[Statements]
    publications: frozenset[str]
    """Keys of the catalogue."""
    stated: Callable[[], Iterable[str]]
    """IRIs of all publications that anything states."""
    elsewhere: bool
    """Whether statements of another agency are among the sources, whose studies are known only later."""

    @cached_property
    def registrations(self) -> frozenset[str]:
        return frozenset({*self.numbers, *self.records.of, *self.records.numbers})

    @cached_property
    def _others(self) -> frozenset[str]:
        """What statements of documents are about: the studies of rows that nobody curated."""
        return frozenset(subject for graph in self.documents for subject, _, _ in graph.texts())

    @cached_property
    def _publications(self) -> frozenset[str]:
        return frozenset(self.stated())

    def has(self, kind: Kind, key: str) -> bool:
        """Say whether there is such a thing; of documents, and of another agency's things, that is not asked."""
        iri = str(mint(kind, key))
        if kind is Kind.PUBLICATION:
            return key.startswith(_OF_IDENTIFIERS) or key in self.publications or iri in self._publications
        if kind not in (Kind.STUDY, Kind.REGISTRATION) or self.elsewhere:
            return True
        return key in self.studies or node_of(iri) in self.registrations or iri in self._others

    def near(self, kind: Kind, key: str) -> list[str]:
        """Return the keys of this kind that are nearly like one that there is not, the nearest first."""
        numbers = (parts(iri)[1] for iri in self.registrations)
        there = {Kind.STUDY: self.studies, Kind.PUBLICATION: self.publications}.get(kind, numbers)
        return get_close_matches(key, sorted(there), NEAR, ALIKE)
