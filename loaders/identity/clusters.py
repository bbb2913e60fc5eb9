"""Clusters of things that are one study, with what keeps them apart: what may be joined, and what stands in the way.

Each cluster carries its records, its study of the catalogue, what it is kept apart from, and its wholes; joining two
moves the smaller into the larger, so that all joins together cost about as much as the assertions are many.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeAlias, TypeVar

from networkx.utils import UnionFind

from msevidence.loaders.identity.confidence import EXPECTED_TO_DIFFER, STRONG
from msevidence.loaders.identity.contradictions import COMPARED, Contradiction, contradiction
from msevidence.loaders.identity.messages import Messages
from msevidence.loaders.identity.model import Assertion, IdentityFinding
from msevidence.loaders.identity.records import Record, Records
from msevidence.ontology.iris import Kind, mint, parts

_T = TypeVar("_T")
_CATALOGUED = re.compile(r"(?!other-)[a-z0-9]+(?:-[a-z0-9]+)*")
_MINTED = re.compile(r"(?=.*[A-Z]|other-)[^.]*")
"""Keys of studies that registrations make known; those of the catalogue have no capitals, those of rows a dot."""
_Apart: TypeAlias = dict[str, dict[str, Assertion]]
_Wholes: TypeAlias = dict[str, dict[str, str]]


def node_of(iri: str) -> str:
    """Return what ``iri`` is in a cluster: a study that was minted for a registration is that registration."""
    kind, key = parts(iri)
    return str(mint(Kind.REGISTRATION, key)) if kind is Kind.STUDY and _MINTED.fullmatch(key) else iri


def is_catalogued(iri: str) -> bool:
    """Say whether ``iri`` is a study of the catalogue, of which no two are ever made one."""
    kind, key = parts(iri)
    return kind is Kind.STUDY and _CATALOGUED.fullmatch(key) is not None


class Clusters:
    """What is joined so far."""

    def __init__(self, records: Records) -> None:
        self._known = records
        self._messages = Messages(records)
        self._sets: UnionFind[str] = UnionFind()
        self._records: dict[str, list[Record]] = {}
        self._study: dict[str, str] = {}
        self._apart: _Apart = {}
        """What a cluster may not be joined with: a member of the other one, and who says so."""
        self._wholes: _Wholes = {}
        """Members of the clusters that a cluster is a part of, each with the part that is said to be one."""

    def add(self, iri: str) -> str:
        """Take in a thing, if it is new, and return the name of its cluster."""
        node = node_of(iri)
        if node not in self._sets.parents:
            record = self._known.get(node)
            if record is not None:
                self._records[node] = [record]
            if is_catalogued(node):
                self._study[node] = node
        root: str = self._sets[node]
        return root

    def together(self, said: Assertion) -> bool:
        """Say whether subject and object are in one cluster already."""
        return self.add(said.subject) == self.add(said.object)

    def members(self) -> Iterator[list[str]]:
        """Yield the things of each cluster, sorted."""
        found: dict[str, list[str]] = defaultdict(list)
        for node in sorted(self._sets.parents):
            found[self._sets[node]].append(node)
        yield from found.values()

    def obstacle(self, said: Assertion) -> IdentityFinding | None:
        """Return what forbids that ``said`` joins its clusters: a decision, a part and its whole, or two studies."""
        one, other = self.add(said.subject), self.add(said.object)
        fewer, more = sorted((one, other), key=lambda root: len(self._apart.get(root, ())))
        for member, apart in self._apart.get(fewer, {}).items():
            if self._sets[member] == more:
                return self._messages.kept_apart(said, apart)
        for part, whole in ((one, other), (other, one)):
            way = self._way(part, whole)
            if way is not None:
                return self._messages.part_and_whole(said, *way)
        studies = sorted(self._study[root] for root in (one, other) if root in self._study)
        return self._messages.two_studies(said, *studies) if len(studies) > 1 else None

    def doubt(self, said: Assertion) -> tuple[Contradiction, IdentityFinding] | None:
        """Return what the records say against ``said``, unless its rule outweighs it."""
        if said.rule in STRONG:
            return None
        ones, others = (self._records.get(self.add(iri), []) for iri in (said.subject, said.object))
        found = contradiction(ones, others) if ones and others else None
        if found is None or (found[0] != "condition" and said.rule in EXPECTED_TO_DIFFER):
            return None
        return found[0], self._messages.contradicted(said, *found)

    def join(self, said: Assertion) -> None:
        """Make one cluster of two."""
        one, other = self.add(said.subject), self.add(said.object)
        self._sets.union(one, other)
        kept = self._sets[one]
        gone = other if kept == one else one
        if gone in self._study:
            self._study[kept] = self._study.pop(gone)
        if records := [*self._records.pop(kept, ()), *self._records.pop(gone, ())]:
            self._records[kept] = sorted(records, key=lambda r: r.iri)[:COMPARED]
        if apart := _together(self._apart.pop(kept, {}), self._apart.pop(gone, {})):
            self._apart[kept] = apart
        if wholes := _together(self._wholes.pop(kept, {}), self._wholes.pop(gone, {})):
            self._wholes[kept] = wholes

    def keep_apart(self, said: Assertion) -> IdentityFinding | None:
        """Keep two clusters apart; returns why that cannot be, where they are one."""
        one, other = self.add(said.subject), self.add(said.object)
        if one == other:
            return self._messages.joined_already(said)
        self._apart.setdefault(one, {}).setdefault(node_of(said.object), said)
        self._apart.setdefault(other, {}).setdefault(node_of(said.subject), said)
        return None

    def make_part(self, said: Assertion) -> IdentityFinding | None:
        """Make one cluster a part of another; returns why that cannot be, where it would be a part of itself."""
        part, whole = self.add(said.subject), self.add(said.object)
        if part == whole or self._way(whole, part) is not None:
            return self._messages.part_of_itself(said)
        self._wholes.setdefault(part, {}).setdefault(node_of(said.object), node_of(said.subject))
        return None

    def _way(self, part: str, whole: str) -> tuple[str, str] | None:
        """Return the names of part and whole, where the cluster ``part`` is a part of ``whole``, directly or not."""
        seen, ahead = {part}, [part]
        first: dict[str, str] = {}
        while ahead:
            here = ahead.pop()
            for member, said in sorted(self._wholes.get(here, {}).items()):
                root = self._sets[member]
                first.setdefault(root, first.get(here, said))
                if root == whole:
                    return self._study.get(part, first[root]), self._study.get(whole, member)
                if root not in seen:
                    seen.add(root)
                    ahead.append(root)
        return None

    def add_all(self, iris: Iterable[str]) -> None:
        """Take in things that no assertion may name."""
        for iri in iris:
            self.add(iri)


def _together(one: dict[str, _T], other: dict[str, _T]) -> dict[str, _T]:
    smaller, larger = sorted((one, other), key=len)
    larger.update(smaller)
    return larger
