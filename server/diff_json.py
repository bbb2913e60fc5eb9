"""What changed between two releases as JSON, for scripts; and as text, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyoxigraph as ox

from msevidence.server import diff_words, i18n
from msevidence.server.diff_model import GROUPS, Change, Diff, Told
from msevidence.server.diff_quads import Node
from msevidence.server.diff_releases import Kept


def as_json(diff: Diff, language: str) -> dict[str, Any]:
    """Return a difference as values of JSON.

    Texts are cut as in the sentences; the patch has them whole.
    """
    return {
        "before": _release(diff.before),
        "after": _release(diff.after),
        "same": diff.same,
        "removed": diff.removed,
        "added": diff.added,
        "complete": diff.complete,
        "graphs": {graph: {"removed": gone, "added": new} for graph, (gone, new) in diff.graphs.items()},
        "things": [_told(diff, one, language) for one in diff.told],
        "moved": [
            {
                "thing": one.thing,
                "property": one.property,
                "before": _values(diff, one.before, language),
                "after": _values(diff, one.after, language),
            }
            for one in diff.moved
        ],
    }


def as_text(diff: Diff, language: str) -> str:
    """Return a difference as a person reads it: counts at the top, then a sentence a change, by groups."""
    heading = {
        "before": diff.before.id[:12],
        "since": diff.before.built[:10],
        "after": diff.after.id[:12],
        "built": diff.after.built[:10],
    }
    lines = [i18n.text("diff-between", language, **heading)]
    if diff.same:
        return "\n".join([*lines, i18n.text("diff-same", language)])
    figures = {"removed": i18n.number(diff.removed, language), "added": i18n.number(diff.added, language)}
    lines.append(i18n.text("diff-statements", language, **figures))
    if not diff.complete:
        lines.append(i18n.text("diff-untold", language))
        lines += [f"  {graph}: -{gone} +{new}" for graph, (gone, new) in diff.graphs.items()]
    elif not diff.told:
        lines.append(i18n.text("diff-nothing-told", language))
    lines += diff_words.summary(diff, language)
    if diff.moved:
        lines += ["", i18n.text("diff-moved", language), *(f"  {moved}" for moved in diff_words.moved(diff, language))]
    for group in GROUPS:
        if there := diff.of(group):
            lines += ["", i18n.text(f"diff-group-{group}", language)]
            lines += [f"  {said}" for said in diff_words.sentences(diff, there, language)]
    return "\n".join(lines)


def _release(release: Kept) -> dict[str, str]:
    return {"id": release.id, "iri": release.iri, "built": release.built, "version": release.version}


def _told(diff: Diff, one: Told, language: str) -> dict[str, Any]:
    return {
        "thing": one.thing,
        "name": diff.name(one.thing, language).text,
        "group": one.group,
        "how": one.how,
        "studies": sorted(one.studies),
        "parts": dict(one.parts),
        "changes": [_change(diff, one, change, language) for change in one.changes],
    }


def _change(diff: Diff, told: Told, change: Change, language: str) -> dict[str, Any]:
    return {
        "said": diff_words.sentence(diff, told, change, language),
        "how": change.how,
        "node": change.node,
        "class": change.node_class,
        **({"successor": change.successor} if change.successor else {}),
        **({"property": change.property} if change.property else {}),
        "before": _values(diff, change.before, language),
        "after": _values(diff, change.after, language),
        "sources": [
            {"graph": one.graph, "name": one.name, **({"date": one.date} if one.date else {})}
            for one in change.speakers
        ],
    }


def _values(diff: Diff, nodes: Sequence[Node], language: str) -> list[dict[str, str]]:
    found = []
    for node in nodes:
        if isinstance(node, ox.NamedNode):
            found.append({"iri": node.value, "name": diff.name(node.value, language).text})
            continue
        text = node.value if len(node.value) <= diff_words.LONGEST else node.value[: diff_words.LONGEST - 1] + "…"
        found.append({"value": text, **({"language": node.language} if node.language else {})})
    return found
