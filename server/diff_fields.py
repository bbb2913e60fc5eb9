"""What a catalogue records of a thing, field by field, in two releases.

The address of a recorded value holds its place in the file, so that a field that is put in moves those after it. So the
values of a field are compared, whichever nodes hold them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pyoxigraph as ox

from msevidence.server.diff_model import CHANGED, Change
from msevidence.server.diff_owners import MSE, classes
from msevidence.server.diff_quads import Quads
from msevidence.server.diff_speakers import Speakers, folded

RECORDED = MSE + "SourcedValue"
Held = Mapping[str, Mapping[str, str]]
"""Field → its values → the node that holds each."""


def holders(sides: Sequence[Quads], nodes: Sequence[str]) -> list[str]:
    """Return the things that some of these nodes record a value of."""
    found = {
        far
        for quads in sides
        for node in nodes
        if RECORDED in classes(quads, node)
        for far in quads.links(node, MSE + "about")
    }
    return sorted(found)


def field_changes(
    old: Quads, now: Quads, old_speakers: Speakers, now_speakers: Speakers, holder: str, told: Sequence[Change]
) -> Iterator[Change]:
    """Yield the fields of a thing that have other values now.

    Args:
        old: the earlier release.
        now: the later one.
        old_speakers: of the earlier release.
        now_speakers: of the later one.
        holder: IRI of the thing.
        told: what is told of it already; a field that a property of it repeats is not told again.
    """
    said = {_words(change.before, change.after) for change in told if change.node == holder}
    then, there = _held(old, holder), _held(now, holder)
    for name in sorted({*then, *there}):
        was, has = then.get(name, {}), there.get(name, {})
        less, more = sorted(was.keys() - has.keys()), sorted(has.keys() - was.keys())
        before, after = [ox.Literal(text) for text in less], [ox.Literal(text) for text in more]
        if not (less or more) or _words(before, after) in said:
            continue
        quads, speakers, node, value = (
            (now, now_speakers, has[more[0]], after[0]) if more else (old, old_speakers, was[less[0]], before[0])
        )
        graphs = [q.graph_name.value for q in quads.of(node) if isinstance(q.graph_name, ox.NamedNode)]
        said_by = speakers.of(node, value, graphs)
        yield Change(holder, RECORDED, CHANGED, MSE + "value", before, after, said_by, field=name.replace("_", " "))


def _words(
    before: Sequence[ox.NamedNode | ox.Literal], after: Sequence[ox.NamedNode | ox.Literal]
) -> tuple[object, ...]:
    return tuple(frozenset(folded(value.value) for value in values) for values in (before, after))


def _held(quads: Quads, holder: str) -> Held:
    found: dict[str, dict[str, str]] = {}
    for node in quads.links(holder, MSE + "hasSourcedValue"):
        for name in quads.values(node, MSE + "field"):
            for value in quads.values(node, MSE + "value"):
                found.setdefault(name.value, {})[value.value] = node
    return found
