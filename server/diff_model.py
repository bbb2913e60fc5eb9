"""What changed between two releases, as plain values: things that are new, gone or changed, and who says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from msevidence.ontology.naming import Text
from msevidence.server.diff_quads import Node
from msevidence.server.diff_releases import Kept

NEW, GONE, CHANGED, MERGED, SPLIT = "new", "gone", "changed", "merged", "split"
GROUPS = (
    *("studies", "claims", "registrations", "publications", "documents", "findings", "identity"),
    *("vocabulary", "questions", "sources", "others"),
)
"""What things are told under, in the order of the page."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says something: a named graph, what it was made from, and the date of that."""

    graph: str
    kind: str
    """``export``, ``document``, ``catalogue`` or ``graph``: how it is told."""
    name: str = ""
    """Name of the file of an export, or key of a document."""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is told of a node: it is new or gone, or one of its properties has other values.

    The node may be a part of the thing that it is told under, such as a record of a study.
    """

    node: str
    node_class: str
    """IRI of the class by which it is called."""
    how: str
    """:data:`NEW`, :data:`GONE` or :data:`CHANGED`; of an address, :data:`MERGED` or :data:`SPLIT`."""
    property: str = ""
    """IRI; empty where the node itself is new or gone."""
    before: Sequence[Node] = ()
    after: Sequence[Node] = ()
    speakers: Sequence[Speaker] = ()
    """Of what is said now; of what was said, where nothing is."""
    expected: bool = False
    """Whether it is a date that lies ahead."""
    event: str = ""
    """IRI of the event that an expectation is of."""
    field: str = ""
    """Name of the field of a catalogue, where its values are told of the thing that they are of."""
    successor: str = ""
    """IRI of the node that stands in its place now, where it is another one: its IRI depends on its words."""


@dataclass(frozen=True, slots=True)
class Told:
    """A thing of which something is told."""

    thing: str
    group: str
    how: str
    changes: Sequence[Change]
    parts: Mapping[str, int] = field(default_factory=dict)
    """Of a thing that is new or gone as a whole: IRI of a class → how many of its parts are of it."""
    studies: frozenset[str] = frozenset()
    """The studies that it is, or is about."""


@dataclass(frozen=True, slots=True)
class Moved:
    """An IRI that does not mean what it meant: its class or its own words are others in the later release."""

    thing: str
    property: str
    before: Sequence[Node]
    after: Sequence[Node]


@dataclass(frozen=True, slots=True)
class Diff:
    """The difference of two releases."""

    before: Kept
    after: Kept
    graphs: Mapping[str, tuple[int, int]]
    """Named graph → its statements that are gone, and that are new; without the graph ``release``."""
    told: Sequence[Told] = ()
    moved: Sequence[Moved] = ()
    """IRIs whose meaning changed; there should be none."""
    names: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)
    """IRI → what it is called, by language; of all that is named above."""
    complete: bool = True
    """False where there is too much to tell thing by thing; then ``graphs`` and the patch have it."""

    @property
    def same(self) -> bool:
        """Whether both say the same."""
        return not self.graphs

    @property
    def removed(self) -> int:
        """Statements that are gone."""
        return sum(gone for gone, _ in self.graphs.values())

    @property
    def added(self) -> int:
        """Statements that are new."""
        return sum(new for _, new in self.graphs.values())

    def name(self, iri: str, language: str) -> Text:
        """Return what a thing is called."""
        return self.names[iri][language] if iri in self.names else Text(iri)

    def of(self, group: str) -> list[Told]:
        """Return what is told in a group."""
        return [one for one in self.told if one.group == group]

    def about(self, study: str) -> list[Told]:
        """Return what is told of a study, by IRI, and of claims and findings about it."""
        return [one for one in self.told if study in one.studies]
