"""Which records of publications are one publication: by DOI, PMID or PMCID, or by what the work prints of itself.

Rules go from the strongest to the weakest. What a rule would join is joined only if nothing keeps any two of it apart;
else nothing of it is joined by that rule, and a finding says why. So the outcome does not depend on the order of the
records, and one slip never draws two works together through a third record.

Nothing is merged on titles alone: no rule looks them up, they only keep apart.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import networkx as nx
from networkx.utils import UnionFind

from msevidence.loaders.bibliographic.fingerprint import blocking_key, same_container
from msevidence.loaders.exports.facts import PublicationFact
from msevidence.loaders.identity.publication_conflicts import Conflict, Said, conflict, notice, said_by, words
from msevidence.loaders.identity.publication_keys import rank

CURATED = "curated"
SAME, APART = "same-publication", "not-same"
CONFIDENCE = {"same-doi": 0.99, "same-pmid": 0.99, "same-pmcid": 0.98, "same-author-year-container-page": 0.95}
"""How far a rule is to be trusted once nothing contradicts it: an order, with room for slips of the pen. It is no
measurement; on the labelled publications the precision of each is 1."""
CROWD = 200
"""Records that differ from each other under one identifier: with more it is no identifier of a work, and comparing each
with each would take long."""
_NAMES = {"same-doi": "DOI", "same-pmid": "PMID", "same-pmcid": "PMCID"}
_BY_PRINT = "same-author-year-container-page"
_PRINTED = ("first author, year, container and first page", "førsteforfatter, år, kilde og første side")
_VOLUMES = Conflict(
    "volumes", "they name different volumes or containers", "de oppgir ulike årganger (bind) eller kilder"
)
_CROWDED = Conflict("crowd", "there are too many of them", "det er for mange av dem")
_LISTED = 5  # keys that a finding names in its text; all of them are in its `keys`


@dataclass(frozen=True, slots=True)
class Assertion:
    """What somebody says of two publications: a curator (rule ``curated``), or a file of mappings."""

    subject: str
    relation: str
    """``same-publication`` or ``not-same``."""
    object: str
    rule: str = CURATED
    place: str = ""


@dataclass(frozen=True, slots=True)
class PublicationDecision:
    """Two keys are of one publication."""

    subject: str
    relation: str
    object: str
    rule: str
    confidence: float
    because: str
    sources: tuple[str, ...]
    """Where the records of both stand."""


@dataclass(frozen=True, slots=True)
class PublicationFinding:
    """What stopped a merge; ``kind`` is a concept of the scheme finding-kind."""

    kind: str
    keys: tuple[str, ...]
    english: str
    norwegian: str
    sources: tuple[str, ...]


@dataclass(slots=True)
class PublicationResolution:
    """What came out: the key that stands for each other key of its publication, why, and what was kept apart."""

    replaced: dict[str, str] = field(default_factory=dict)
    decisions: list[PublicationDecision] = field(default_factory=list)
    findings: list[PublicationFinding] = field(default_factory=list)

    def canonical(self, key: str) -> str:
        """Return the key that stands for the publication with ``key``."""
        return self.replaced.get(key, key)


@dataclass(frozen=True, slots=True)
class _Group:
    """Keys that a rule would join, and in what they agree: in English and in Norwegian."""

    keys: tuple[str, ...]
    rule: str
    agree: tuple[str, str]


def resolve_publications(
    facts: Iterable[PublicationFact], assertions: Iterable[Assertion] = (), catalogue: Collection[str] = ()
) -> PublicationResolution:
    """Return which of the publications that ``facts`` name are one.

    ``catalogue`` has the keys that win; those that begin with ``document/`` win as well. Of ``assertions`` a curated
    one holds against all but another curated one; any other one is a rule among the rules, the first of them. Theirs
    are no decisions of the outcome: whoever states them has them.
    """
    return _Resolver(facts, tuple(sorted(set(assertions), key=_order)), frozenset(catalogue)).resolved()


def _order(assertion: Assertion) -> tuple[str, ...]:
    return (assertion.subject, assertion.relation, assertion.object, assertion.rule, assertion.place)


class _Resolver:
    def __init__(
        self, facts: Iterable[PublicationFact], assertions: Sequence[Assertion], catalogue: Collection[str]
    ) -> None:
        self.records: dict[str, list[PublicationFact]] = defaultdict(list)
        for fact in facts:
            self.records[fact.key].append(fact)
        named = {key for a in assertions for key in (a.subject, a.object)}
        self.catalogue = catalogue
        self.keys = sorted({*self.records, *named}, key=self._rank)
        self.own = {key: said_by(self.records.get(key, ())) for key in self.keys}
        self.clusters = UnionFind(self.keys)
        self.said = {key: said_by(self.records.get(key, ())) for key in self.keys}
        """What the records of each cluster say, by the key that stands for it in ``clusters``."""
        self.assertions = assertions
        self.foes: dict[str, set[str]] = defaultdict(set)
        """The keys that somebody keeps apart from a cluster, by the key that stands for it."""
        for a in assertions:
            if a.relation == APART:
                self.foes[a.subject].add(a.object)
                self.foes[a.object].add(a.subject)
        self.outcome = PublicationResolution()

    def _rank(self, key: str) -> tuple[int, str]:
        return rank(key, self.catalogue)

    def resolved(self) -> PublicationResolution:
        self._one_key()
        self._curated()
        self._level(self._asserted())
        for rule, name in (("same-doi", "dois"), ("same-pmid", "pmids"), ("same-pmcid", "pmcids")):
            self._level(self._identified(rule, name))
        self._level(self._printed())
        for cluster in self.clusters.to_sets():
            best = min(cluster, key=self._rank)
            self.outcome.replaced.update({key: best for key in cluster if key != best})
        self.outcome.replaced = dict(sorted(self.outcome.replaced.items()))
        self.outcome.decisions.sort(key=lambda d: (d.object, d.subject, d.rule))
        self.outcome.findings.sort(key=lambda f: (f.kind, f.keys, f.english))
        return self.outcome

    def _one_key(self) -> None:
        """Tell of records that have one key, and so are one already, and yet do not agree."""
        for key, records in self.records.items():
            said = {_signature(s): s for s in (said_by([r]) for r in records)}
            found = _first(conflict(a, b) for a, b in combinations(list(said.values()), 2))
            if found is not None:
                self._tell(
                    "one-identifier-two-works",
                    [key],
                    f"Records that are all of {key} do not agree: {found.english}.",
                    f"Oppføringer som alle gjelder {key}, stemmer ikke overens: {found.norwegian}.",
                )

    def _curated(self) -> None:
        """Join what curators join; only their own word against it holds it up."""
        said = [a for a in self.assertions if a.relation == SAME and a.rule == CURATED and a.subject != a.object]
        against = {
            frozenset({a.subject, a.object}) for a in self.assertions if a.relation == APART and a.rule == CURATED
        }
        joined: nx.Graph[str] = nx.Graph([(a.subject, a.object) for a in said])
        for cluster in nx.connected_components(joined):
            broken = [pair for pair in against if pair <= cluster]
            if broken:
                keys = sorted(cluster, key=self._rank)
                one, other = sorted(min(broken, key=sorted))
                self._tell(
                    "decisions-contradict",
                    keys,
                    f"Curators join {_names(keys)}, and keep {one} and {other} apart: none of them is joined."
                    " Delete one of these decisions.",
                    f"Kuratorer slår sammen {_names(keys)} og holder {one} og {other} fra hverandre: ingen av dem er"
                    " slått sammen. Slett en av beslutningene.",
                )
            else:
                self._join(sorted(cluster, key=self._rank))

    def _asserted(self) -> Iterator[_Group]:
        for a in self.assertions:
            if a.relation == SAME and a.rule != CURATED and a.subject != a.object:
                keys = tuple(sorted((a.subject, a.object), key=self._rank))
                yield _Group(keys, a.rule, (f"the word of {a.place or a.rule}", f"det {a.place or a.rule} sier"))

    def _identified(self, rule: str, name: str) -> Iterator[_Group]:
        by_value: dict[str, list[str]] = defaultdict(list)
        for key in self.keys:
            for value in getattr(self.own[key], name):
                by_value[value].append(key)
        for value in sorted(by_value):
            if len(by_value[value]) > 1:
                text = f"{_NAMES[rule]} {value}"
                yield _Group(tuple(by_value[value]), rule, (f"the {text}", text))

    def _printed(self) -> Iterator[_Group]:
        blocks: dict[str, dict[tuple[tuple[str, ...], str], set[str]]] = defaultdict(lambda: defaultdict(set))
        for key in self.keys:
            for fact in self.records.get(key, ()):
                if fact.containers and (found := _block(fact)):
                    blocks[found][(fact.containers, _volume(fact.volume))].add(key)
        for block in sorted(blocks):
            yield from self._one_container(blocks[block])

    def _one_container(self, printed: Mapping[tuple[tuple[str, ...], str], set[str]]) -> Iterator[_Group]:
        """Yield the keys of those that name one container, and no two volumes of it."""
        alike: nx.Graph[tuple[tuple[str, ...], str]] = nx.Graph()
        if len(printed) > CROWD:
            keys = [key for found in printed.values() for key in found]
            self._find("one-work-in-doubt", keys, _PRINTED, _CROWDED)
            return
        alike.add_nodes_from(printed)
        for one, other in combinations(alike, 2):
            if same_container(one[0], other[0]) and (not one[1] or not other[1] or one[1] == other[1]):
                alike.add_edge(one, other)
        groups = []
        for part in nx.connected_components(alike):
            keys = sorted({key for each in part for key in printed[each]}, key=self._rank)
            if len(keys) < 2:
                continue
            if all(alike.has_edge(a, b) for a, b in combinations(part, 2)):
                groups.append(_Group(tuple(keys), _BY_PRINT, _PRINTED))
            else:
                self._find("one-work-in-doubt", keys, _PRINTED, _VOLUMES)
        yield from sorted(groups, key=lambda g: g.keys)

    def _level(self, groups: Iterable[_Group]) -> None:
        """Join what one rule joins: each group as far as it holds, then the chains of groups that share a cluster."""
        chains: nx.Graph[str] = nx.Graph()
        for group in groups:
            holders: dict[str, str] = {}
            for key in group.keys:  # best first
                holders.setdefault(self.clusters[key], key)
            if len(holders) < 2:
                continue
            for part in self._parts(group, holders):
                best, *others = sorted(part, key=lambda root: self._rank(holders[root]))
                for root in others:
                    if not chains.has_edge(best, root):
                        chains.add_edge(best, root, group=group, keys=(holders[root], holders[best]))
        links = [
            (sorted(chain, key=self._rank), list(chains.subgraph(chain).edges(data=True)))
            for chain in nx.connected_components(chains)
        ]
        for roots, edges in links:
            self._chain(roots, [(data["group"], data["keys"]) for _, _, data in edges])

    def _parts(self, group: _Group, holders: Mapping[str, str]) -> Iterator[list[str]]:
        """Yield the clusters of a group that may be joined with each other, told apart from those that may not."""
        kinds: dict[object, list[str]] = defaultdict(list)
        for root in holders:
            kinds[self._signature(root) if len(holders) > 2 else root].append(root)
        if len(kinds) > CROWD:
            number = len(kinds)
            self._tell(
                "one-identifier-two-works",
                list(holders.values()),
                f"{number} records that differ share {group.agree[0]}: it is no mark of one work, and joins none.",
                f"{number} oppføringer som er ulike, deler {group.agree[1]}: den kjennetegner ikke ett verk.",
            )
            return
        fits: nx.Graph[str] = nx.Graph()
        fits.add_nodes_from(roots[0] for roots in kinds.values())
        conflicts: list[Conflict | None] = []
        for one, other in combinations(fits, 2):
            conflicts.append(self._conflict(one, other, group.rule))
            if conflicts[-1] is None:
                fits.add_edge(one, other)
        found = _first(conflicts)
        members = {roots[0]: roots for roots in kinds.values()}
        for part in nx.connected_components(fits):
            if all(fits.has_edge(a, b) for a, b in combinations(part, 2)):
                yield [root for first in part for root in members[first]]
        # On one page there may be more than one work of one author: of those nobody needs to be told.
        if found is not None and not (group.rule == _BY_PRINT and found.about == "titles"):
            kind = "one-work-in-doubt" if group.rule == _BY_PRINT else "one-identifier-two-works"
            self._find(kind, list(holders.values()), group.agree, found)

    def _chain(self, roots: list[str], links: list[tuple[_Group, tuple[str, str]]]) -> None:
        rule = links[0][0].rule
        if len({group for group, _ in links}) > 1:
            kinds = {self._signature(root): root for root in reversed(roots)}
            few = len(kinds) <= CROWD
            pairs = combinations(kinds.values(), 2) if few else ()
            found = _first(self._conflict(a, b, rule) for a, b in pairs) if few else _CROWDED
            if found is not None:
                keys = sorted({key for _, pair in links for key in pair}, key=self._rank)
                agree = (
                    " and ".join(sorted({g.agree[0] for g, _ in links})),
                    " og ".join(sorted({g.agree[1] for g, _ in links})),
                )
                self._find("one-identifier-two-works", keys, agree, found)
                return
        if rule in CONFIDENCE:
            self.outcome.decisions += [self._decision(group, *keys) for group, keys in links]
        self._join(roots)

    def _decision(self, group: _Group, subject: str, obj: str) -> PublicationDecision:
        one, other = self.own[subject], self.own[obj]
        more = [
            name
            for rule, name in _NAMES.items()
            if rule != group.rule and getattr(one, f"{name.lower()}s") & getattr(other, f"{name.lower()}s")
        ]
        because = f"Both have {group.agree[0]}" + (f"; {' and '.join(more)} agree, too." if more else ".")
        if group.rule == _BY_PRINT:
            r = next(r for r in self.records[subject] if _block(r) in self._prints(obj))
            because = f"First author ({r.family}), year ({r.year}), container ({r.containers[0]}) and first page agree"
            because += f" (pages {r.pages})."
        return PublicationDecision(
            subject, SAME, obj, group.rule, CONFIDENCE[group.rule], because, self._places([subject, obj])
        )

    def _prints(self, key: str) -> set[str]:
        return {found for r in self.records[key] if (found := _block(r))}

    def _join(self, keys: Sequence[str]) -> None:
        roots = {self.clusters[key] for key in keys}
        whole = Said()
        foes: set[str] = set()
        for root in roots:
            whole.take_in(self.said.pop(root))
            foes |= self.foes.pop(root, set())
        self.clusters.union(*keys)
        root = self.clusters[keys[0]]
        self.said[root] = whole
        if foes:
            self.foes[root] = foes

    def _conflict(self, one: str, other: str, rule: str) -> Conflict | None:
        """Return what keeps two clusters apart: somebody's word, or what their records say."""
        if any(self.clusters[key] == other for key in self.foes.get(one, ())):
            return Conflict("decision", "a decision keeps them apart", "en beslutning holder dem fra hverandre")
        return conflict(self.said[one], self.said[other], by_print=rule == _BY_PRINT)

    def _signature(self, root: str) -> object:
        """Return what is equal for clusters that nothing tells apart, from each other or from a third one."""
        return (_signature(self.said[root]), root if root in self.foes else None)

    def _find(self, kind: str, keys: list[str], agree: tuple[str, str], found: Conflict) -> None:
        names = _names(sorted(keys, key=self._rank))
        self._tell(
            kind,
            keys,
            f"{names} have {agree[0]} in common, and yet {found.english}: not all of them are joined by it.",
            f"{names} har {agree[1]} felles, men {found.norwegian}: ikke alle er slått sammen på grunn av det.",
        )

    def _tell(self, kind: str, keys: list[str], english: str, norwegian: str) -> None:
        ordered = tuple(sorted(set(keys), key=self._rank))
        self.outcome.findings.append(PublicationFinding(kind, ordered, english, norwegian, self._places(ordered)))

    def _places(self, keys: Iterable[str]) -> tuple[str, ...]:
        """Return where the records of ``keys`` stand; the key itself where nobody says."""
        places: dict[str, None] = {}
        for key in keys:
            said = sorted({r.place for r in self.records.get(key, ()) if r.place})
            places.update(dict.fromkeys(said or [key]))
        return tuple(places)


def _block(fact: PublicationFact) -> str | None:
    """Return first author, year and first page, by which records without an identifier are looked up."""
    return blocking_key(fact.family, fact.year, fact.pages)


def _volume(printed: str | None) -> str:
    match = re.search(r"\d+", printed or "")
    return match[0].lstrip("0") if match else ""


def _names(keys: Sequence[str]) -> str:
    shown = ", ".join(keys[:_LISTED])
    return f"{shown} (+{len(keys) - _LISTED})" if len(keys) > _LISTED else shown


def _signature(said: Said) -> object:
    titles = frozenset((notice(t), t.lstrip().startswith("["), words(t)) for t in said.titles)
    identifiers = (frozenset(said.dois), frozenset(said.pmids), frozenset(said.pmcids))
    return (*identifiers, frozenset(said.kinds), frozenset(said.years), titles)


def _first(conflicts: Iterable[Conflict | None]) -> Conflict | None:
    """Return the one of several conflicts that is told, the same whatever their order."""
    return min((c for c in conflicts if c is not None), key=lambda c: (c.about, c.english), default=None)
