"""Compares two releases: the lines that differ, gathered by the things that people know.

A node is new or gone, or its properties have other values, whichever graph says so. What stands in another place now,
or is said by one more source, is counted and not told.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyoxigraph as ox

from msevidence.ontology.naming import Text
from msevidence.server.diff_fields import RECORDED, field_changes, holders
from msevidence.server.diff_model import CHANGED, GONE, GROUPS, MERGED, NEW, SPLIT, Change, Diff, Moved, Told
from msevidence.server.diff_names import Names
from msevidence.server.diff_owners import MSE, OA, PARTS, classes, group, is_part, owner, studies
from msevidence.server.diff_pairs import pairs
from msevidence.server.diff_quads import ADDED, Node, Quads, changed_lines, graph_of
from msevidence.server.diff_releases import Kept
from msevidence.server.diff_speakers import Speakers, ahead
from msevidence.server.errors import Words
from msevidence.server.i18n import LANGUAGES
from msevidence.server.labels import PREFIXES, RDF_TYPE
from msevidence.server.turns import Turns

TURNS = Turns(Words("releases are being compared", "utgivelser blir sammenlignet"))
KEPT, KEPT_STATEMENTS = 16, 50_000
"""Comparisons that are kept in memory, and statements that one may have for it: each takes about 500 bytes."""
_kept: OrderedDict[tuple[object, ...], Diff] = OrderedDict()
MOST = 200_000
"""Statements whose things are told one by one; holding them takes about 500 bytes each."""
EXPECTATION, FORMER = MSE + "Expectation", MSE + "FormerIdentity"
REPLACED = PREFIXES["dcterms"] + "isReplacedBy"
BOOKKEEPING = frozenset(
    [RDF_TYPE, REPLACED, MSE + "sha256"]
    + [OA + name for name in ("start", "end", "exact", "hasTarget", "hasSelector")]
    + [MSE + name for name in ("hasAnchor", "statedIn", "inPassage", "inSection", "hasComparedValue", "hasVersion")]
    + [MSE + name for name in ("hasSourcedValue", "registeredAs", "exportPlace", "quotedText", "latestDate", "focus")]
    + [MSE + name for name in ("hasPointer", "hasMention", "hasOtherNumber", "statesNumber", "statesNumberInWords")]
    + [MSE + name for name in ("describes", "inDocument", "hasQuotation", "hasArm", "comment", "hasEntry", "position")]
    + [PREFIXES["prov"] + name for name in ("wasDerivedFrom", "wasGeneratedBy")]
    + [PREFIXES["sh"] + name for name in ("focusNode", "value", "resultPath")]
)
"""Properties that tie a node to its place or its parts; other values of theirs are told there, or not at all."""
ALONE: Mapping[str, frozenset[str]] = {
    EXPECTATION: frozenset([MSE + "date", MSE + "modality", MSE + "event"]),
    MSE + "Finding": frozenset([PREFIXES["rdfs"] + "label", MSE + "severity"]),
    PREFIXES["prov"] + "Entity": frozenset([MSE + "sha256"]),
    MSE + "IdentityDecision": frozenset(
        PREFIXES["sssom"] + name
        for name in ("subject_id", "predicate_id", "predicate_modifier", "object_id", "mapping_justification")
    ),
    MSE + "Disagreement": frozenset([PREFIXES["rdfs"] + "label", MSE + "verdict", MSE + "disagreementKind"]),
}
"""Of some classes, the properties that are told: the others follow from them."""
ENDS = (PREFIXES["sssom"] + "subject_id", PREFIXES["sssom"] + "object_id")
"""What an identity decision, which has no name, is about."""
WORDS = (MSE + "claimText", MSE + "text", MSE + "field")
"""What an address stands for: the words whose hash it has, or the field that it holds a value of."""


def compare(before: Kept, after: Kept) -> Diff:
    """Return what changed from one release to another; kept in memory for the next who asks.

    Raises:
        errors.DamagedStore: the quads of one are not as they were written.
        errors.Unavailable: others are being compared.
    """
    key = (before, after, *(one.whole().stat().st_mtime_ns for one in (before, after)))
    if key not in _kept:
        with TURNS.turn():
            if key not in _kept:
                found = _compare(before, after)
                _keep(key, found)
                return found
    try:
        _kept.move_to_end(key)
        return _kept[key]
    except KeyError:  # it has made room for another
        return compare(before, after)


def _keep(key: tuple[object, ...], found: Diff) -> None:
    """Keep what was found for the next who asks, unless there is very much of it."""
    if sum(gone + new for gone, new in found.graphs.values()) <= KEPT_STATEMENTS or not found.complete:
        _kept[key] = found
        while len(_kept) > KEPT:
            _kept.popitem(last=False)


def _compare(before: Kept, after: Kept) -> Diff:
    left_out = {"", before.own_graph, after.own_graph}
    gone: Counter[str] = Counter()
    new: Counter[str] = Counter()
    touched: dict[str, None] = {}
    for operation, line in changed_lines(before.data, after.data):
        graph = graph_of(line)
        if graph in left_out:
            continue
        (new if operation == ADDED else gone)[graph] += 1
        if gone.total() + new.total() <= MOST:
            touched[line[1 : line.index(b">")].decode()] = None
    graphs = {graph: (gone[graph], new[graph]) for graph in sorted({*gone, *new})}
    if gone.total() + new.total() > MOST:
        return Diff(before, after, graphs, complete=False)
    with Quads(before.data, before.own_graph) as old, Quads(after.data, after.own_graph) as now:
        return _Comparison(before, after, old, now).diff(list(touched), graphs)


class _Comparison:
    """One run of :func:`compare`, with both releases open."""

    def __init__(self, before: Kept, after: Kept, old: Quads, now: Quads) -> None:
        self.before, self.after, self.old, self.now = before, after, old, now
        self.sides = (now, old)
        self.old_names, self.now_names = Names(old, before.base), Names(now, after.base)
        self.old_speakers, self.now_speakers = Speakers(old, self.old_names), Speakers(now, self.now_names)
        self.paired: dict[str, str] = {}

    def diff(self, touched: Sequence[str], graphs: Mapping[str, tuple[int, int]]) -> Diff:
        nodes = [node for node in touched if not self._untold(node)]
        recorded = holders(self.sides, nodes)
        nodes = [node for node in nodes if not any(RECORDED in classes(quads, node) for quads in self.sides)]
        gone = [node for node in nodes if not self.now.of(node)]
        new = [node for node in nodes if not self.old.of(node)]
        self.paired = pairs(self.old, self.now, gone, new)
        successors = set(self.paired.values())
        by_thing: dict[str, list[Change]] = {}
        for node in nodes:
            if node in successors:
                continue
            for change in self._changes(node):
                thing = owner(self.sides, self.paired.get(node, node))
                by_thing.setdefault(thing, []).append(change)
        for holder in recorded:
            if not self.old.of(holder) or not self.now.of(holder):
                continue  # it came or went with all that is recorded of it
            thing = owner(self.sides, holder)
            there = by_thing.get(thing, [])
            speakers = (self.old_speakers, self.now_speakers)
            if more := list(field_changes(self.old, self.now, *speakers, holder, there)):
                by_thing[thing] = [*there, *more]
        told = [self._told(thing, changes) for thing, changes in by_thing.items()]
        told.sort(key=lambda one: (GROUPS.index(one.group), self.now_names(one.thing, "en").text.casefold(), one.thing))
        moved = list(self._moved(node for node in touched if self.old.of(node) and self.now.of(node)))
        return Diff(self.before, self.after, graphs, told, moved, self._names(told, moved))

    def _untold(self, node: str) -> bool:
        """Say whether a node is a part, a figure of the release (VoID), or a graph, whose source is told."""
        return "/graph/" in node or any(not PARTS.isdisjoint(quads.links(node, RDF_TYPE)) for quads in self.sides)

    def _told(self, thing: str, changes: Sequence[Change]) -> Told:
        own = next((c for c in changes if c.node == thing and not c.property), None)
        about = studies(self.sides, thing).union(*(studies(self.sides, c.node) for c in changes))
        how = own.how if own else CHANGED
        parts: Counter[str] = Counter()
        if how in (NEW, GONE):  # its parts came or went with it
            parts.update(c.node_class for c in changes if not c.property and c.node != thing)
            changes = [c for c in changes if c.property or c.node == thing]
        changes = sorted(changes, key=lambda c: (not c.property, c.node, c.property, c.how))
        return Told(thing, group(self.sides, thing), how, changes, dict(sorted(parts.items())), about)

    def _changes(self, node: str) -> Iterator[Change]:
        other = self.paired.get(node)
        then, now = self.old.links(node, REPLACED), self.now.links(node, REPLACED)
        if now and not then:
            yield Change(node, FORMER, MERGED, REPLACED, after=_nodes(now))
        elif then and not now and self.now.of(node):
            yield Change(node, FORMER, SPLIT, REPLACED, before=_nodes(then))
        elif other is not None:
            yield from self._values(node, other)
        elif not self.now.of(node):
            yield self._whole(node, GONE, self.old, self.old_speakers)
        elif not self.old.of(node):
            yield self._whole(node, NEW, self.now, self.now_speakers)
        else:
            yield from self._values(node, node)

    def _whole(self, node: str, how: str, quads: Quads, speakers: Speakers) -> Change:
        kinds = classes(quads, node)
        related = _nodes(quads.links(node, *ENDS))
        return Change(
            node,
            kinds[0] if kinds else "",
            how,
            before=related if how == GONE else (),
            after=related if how == NEW else (),
            speakers=speakers.of(node, None, _graphs(quads, node)),
            event=_event(quads, node),
        )

    def _values(self, node: str, other: str) -> Iterator[Change]:
        """Yield the properties of a node that have other values where it is told now."""
        kinds = classes(self.now, other)
        told = next((ALONE[kind] for kind in kinds if kind in ALONE), None)
        then, now = _by_property(self.old, node), _by_property(self.now, other)
        for property in sorted({*then, *now} & told if told else {*then, *now} - BOOKKEEPING):
            was = {self._moved_to(value): graphs for value, graphs in then.get(property, {}).items()}
            has = now.get(property, {})
            less = [v for v in was if v not in has and not self._is_part(self.old, v)]
            more = [v for v in has if v not in was and not self._is_part(self.now, v)]
            if not less and not more:
                continue
            side, where, speakers, quads, of = (
                (more, has, self.now_speakers, self.now, other)
                if more
                else (less, was, self.old_speakers, self.old, node)
            )
            said = speakers.of(of, side[0], (graph for value in side for graph in where[value]))
            yield Change(
                node,
                kinds[0] if kinds else "",
                CHANGED,
                property,
                _sorted(less),
                _sorted(more),
                said,
                expected=ahead(quads, of, property, side[0], said),
                event=_event(self.now, other),
                successor=other if other != node else "",
            )

    def _is_part(self, quads: Quads, value: Node) -> bool:
        return isinstance(value, ox.NamedNode) and is_part(classes(quads, value.value))

    def _moved_to(self, value: Node) -> Node:
        return ox.NamedNode(self.paired.get(value.value, value.value)) if isinstance(value, ox.NamedNode) else value

    def _moved(self, nodes: Iterable[str]) -> Iterator[Moved]:
        """Yield what is not what it was: another class, or words that its IRI is made from."""
        for node in nodes:
            then, now = set(self.old.values(node, RDF_TYPE)), set(self.now.values(node, RDF_TYPE))
            if then != now and not self._merged(node):
                yield Moved(node, RDF_TYPE, _sorted(then), _sorted(now))
            for property in WORDS:
                was, has = self.old.values(node, property), self.now.values(node, property)
                if set(was) != set(has):
                    yield Moved(node, property, _sorted(was), _sorted(has))

    def _merged(self, node: str) -> bool:
        """Say whether an IRI was given up for another one, or was and is not any more: it keeps its meaning."""
        return any(quads.links(node, REPLACED) for quads in self.sides)

    def _names(self, told: Sequence[Told], moved: Sequence[Moved]) -> dict[str, dict[str, Text]]:
        """Return what all that is told is called: now, or then where it is gone."""
        iris = {iri for one in told for iri in _iris(one)} | {value.value for one in moved for value in one.before}
        iris |= {value for one in moved for value in (one.thing, one.property, *(v.value for v in one.after))}
        return {
            iri: {language: names(iri, language) for language in LANGUAGES}
            for iri in sorted(iris)
            for names in [self.now_names if self.now.of(iri) or not self.old.of(iri) else self.old_names]
        }


def _graphs(quads: Quads, node: str) -> list[str]:
    return [q.graph_name.value for q in quads.of(node) if isinstance(q.graph_name, ox.NamedNode)]


def _event(quads: Quads, node: str) -> str:
    return next(iter(quads.links(node, MSE + "event")), "")


def _by_property(quads: Quads, node: str) -> dict[str, dict[Node, list[str]]]:
    """Return property → value → the graphs that state it."""
    found: dict[str, dict[Node, list[str]]] = {}
    for q in quads.of(node):
        if isinstance(q.object, ox.NamedNode | ox.Literal) and isinstance(q.graph_name, ox.NamedNode):
            found.setdefault(q.predicate.value, {}).setdefault(q.object, []).append(q.graph_name.value)
    return found


def _iris(one: Told) -> Iterator[str]:
    yield one.thing
    yield from one.studies
    for change in one.changes:
        yield from one.parts
        yield from (iri for iri in (change.node, change.node_class, change.property, change.event) if iri)
        yield from (change.successor,) if change.successor else ()
        yield from (v.value for v in (*change.before, *change.after) if isinstance(v, ox.NamedNode))


def _nodes(iris: Iterable[str]) -> tuple[Node, ...]:
    return tuple(ox.NamedNode(iri) for iri in iris)


def _sorted(values: Iterable[Node]) -> tuple[Node, ...]:
    return tuple(sorted(values, key=str))
