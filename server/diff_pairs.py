"""Which node stands in the place of one that is gone: IRIs of passages, claims and what rests on them hold a hash.

Whoever corrects a word of a document gets another passage, and with it another claim and expectation. Two passages
are paired where both stand between the same neighbours; other nodes where each is the only one of its class that is
linked so. Nothing is paired by likeness.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher

import pyoxigraph as ox

from msevidence.server.diff_owners import MSE, OA, OF_CLASS, classes, is_part
from msevidence.server.diff_quads import Quads

PASSAGE = MSE + "Passage"
_LOOSE = frozenset(
    [property for properties in OF_CLASS.values() for property in properties]
    + [MSE + name for name in ("inDocument", "event", "findingKind", "reviewRule", "focus", "field", "sourceFile")]
    + [MSE + "statedIn"]
)
"""What still ties two nodes whose other links differ, too."""

Pairs = dict[str, str]
Key = Callable[[Quads, str, Mapping[str, str], Collection[str]], Hashable]


def pairs(before: Quads, after: Quads, gone: Sequence[str], new: Sequence[str]) -> Pairs:
    """Return what stands in the place of nodes that are gone.

    Args:
        before: the earlier release.
        after: the later one.
        gone: nodes that only the earlier has.
        new: nodes that only the later has.
    """
    if not gone or not new:
        return {}
    found = dict(_passages(before, after, set(gone), set(new)))
    for key in (_all_links, _few_links):
        while more := _unique(before, after, gone, new, found, key):
            found |= more
    return found


def _passages(before: Quads, after: Quads, gone: set[str], new: set[str]) -> Iterator[tuple[str, str]]:
    touched = {
        document
        for iri in sorted(gone)
        if PASSAGE in classes(before, iri)
        for document in before.links(iri, OA + "hasSource")
    }
    for document in sorted(touched):
        old, now = _in_order(before, document), _in_order(after, document)
        for what, a, b, c, d in SequenceMatcher(None, old, now, autojunk=False).get_opcodes():
            if what == "replace" and b - a == d - c:
                yield from (
                    (one, other) for one, other in zip(old[a:b], now[c:d], strict=True) if one in gone and other in new
                )


def _in_order(quads: Quads, document: str) -> list[str]:
    """Return the passages of a document as they stand in it."""
    base, _, key = document.rpartition("/document/")
    placed = []
    for iri in quads.beginning(f"{base}/passage/{key}."):
        if document in quads.links(iri, OA + "hasSource"):
            starts = [int(value.value) for value in quads.values(iri, OA + "start") if value.value.isdigit()]
            placed.append((min(starts, default=0), iri))
    return [iri for _, iri in sorted(placed)]


def _unique(before: Quads, after: Quads, gone: Sequence[str], new: Sequence[str], found: Pairs, key: Key) -> Pairs:
    """Return the pairs of nodes that nothing else is linked like."""
    taken = set(found.values())
    old, now = defaultdict(list), defaultdict(list)
    vanished = set(gone) - found.keys()
    for iri in gone:
        if iri not in found and (one := key(before, iri, found, vanished)) is not None:
            old[one].append(iri)
    fresh = set(new) - taken
    for iri in new:
        if iri not in taken and (one := key(after, iri, {}, fresh)) is not None:
            now[one].append(iri)
    return {there[0]: now[one][0] for one, there in old.items() if len(there) == 1 and len(now.get(one, ())) == 1}


def _all_links(quads: Quads, iri: str, moved: Mapping[str, str], unsure: Collection[str]) -> Hashable:
    kinds = classes(quads, iri)
    if not kinds or is_part(kinds) or PASSAGE in kinds:
        return None
    links = {
        (q.predicate.value, moved.get(q.object.value, q.object.value))
        for q in quads.of(iri)
        if isinstance(q.object, ox.NamedNode) and q.object.value not in unsure
    }
    return frozenset(links) if any(property in _LOOSE for property, _ in links) else None


def _few_links(quads: Quads, iri: str, moved: Mapping[str, str], unsure: Collection[str]) -> Hashable:
    kinds = classes(quads, iri)
    if not kinds or is_part(kinds) or PASSAGE in kinds:
        return None
    links = {
        (q.predicate.value, moved.get(q.object.value, q.object.value))
        for q in quads.of(iri)
        if q.predicate.value in _LOOSE
        and isinstance(q.object, ox.NamedNode | ox.Literal)
        and q.object.value not in unsure
    }
    named = any(property == MSE + "sourceFile" for property, _ in links)
    return (tuple(kinds), frozenset(links)) if named or len(links) > 1 else None
