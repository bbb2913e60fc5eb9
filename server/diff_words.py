"""What changed, in words: ``RAM-MS: expected end 2024 → 2028, per registry export of 2026-07-01 (…)``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pyoxigraph as ox

from msevidence.ontology.naming import choose
from msevidence.server import i18n
from msevidence.server.diff_model import GONE, GROUPS, MERGED, NEW, SPLIT, Change, Diff, Speaker, Told
from msevidence.server.diff_owners import MSE
from msevidence.server.diff_quads import Node
from msevidence.server.labels import PREFIXES, RDF_TYPE

EXPECTATION, REGISTRATION, VERSION = MSE + "Expectation", MSE + "Registration", MSE + "RecordVersion"
WHAT: Mapping[str, str] = {
    MSE + "completionDate": "end",
    MSE + "startDate": "start",
    MSE + "primaryCompletionDate": "primary",
    MSE + "registeredStatus": "status",
    MSE + "enrolment": "participants",
    MSE + "sha256": "content",
}
"""Property → name of its word; others are called by their label."""
REWORDED = frozenset([MSE + "claimText", MSE + "text", PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel"])
"""Properties that hold the words of a thing, which need no name."""
KEYED = frozenset(["documents"])
"""Groups whose things are named by their key, since their titles are long."""
ITSELF = frozenset(["claims", "findings"])
"""Groups whose things are named by the words that are told."""
LONGEST = 300
"""Characters of a text that are quoted: a long sentence, never a passage."""
_HASH = 12
_BOOLEAN = PREFIXES["xsd"] + "boolean"


def sentences(diff: Diff, told: Sequence[Told], language: str) -> Iterator[str]:
    """Yield what is told of things, a sentence a change, in their order."""
    for one in told:
        for change in one.changes:
            yield sentence(diff, one, change, language)


def sentence(diff: Diff, told: Told, change: Change, language: str) -> str:
    """Return a change of a thing in words."""
    said = _said(diff, told, change, language)
    whole = not change.property and change.node == told.thing
    if whole and told.parts:
        parts = ", ".join(
            i18n.text(
                "diff-part", language, kind=_name(diff, kind, language).lower(), count=i18n.number(count, language)
            )
            for kind, count in told.parts.items()
        )
        said = i18n.text("diff-with-parts", language, said=said, parts=parts)
    if change.how in (MERGED, SPLIT) or whole:
        return said
    if told.group in ITSELF and change.property in REWORDED:
        return i18n.text("diff-of", language, thing=_name(diff, change.node_class, language), said=said)
    return i18n.text("diff-of", language, thing=thing_name(diff, told, language), said=said)


def moved(diff: Diff, language: str) -> Iterator[str]:
    """Yield which addresses do not mean what they meant, and how."""
    for one in diff.moved:
        said = i18n.text("diff-another-class" if one.property == RDF_TYPE else "diff-another-text", language)
        before, after = (values(diff, nodes, language) for nodes in (one.before, one.after))
        became = i18n.text("diff-became", language, what=said, before=before, after=after)
        yield i18n.text("diff-of", language, thing=one.thing, said=became)


def thing_name(diff: Diff, told: Told, language: str) -> str:
    """Return what a thing is called in a sentence."""
    return told.thing.rpartition("/")[2] if told.group in KEYED else _cut(_name(diff, told.thing, language))


def summary(diff: Diff, language: str) -> list[str]:
    """Return how many things of each group are new, gone and changed, a line a group."""
    lines = []
    for group in GROUPS:
        there = diff.of(group)
        if there:
            new, gone = (sum(one.how == how for one in there) for how in (NEW, GONE))
            counts = {"new": new, "gone": gone, "changed": len(there) - new - gone}
            figures = {name: i18n.number(count, language) for name, count in counts.items()}
            lines.append(
                i18n.text("diff-summary", language, group=i18n.text(f"diff-group-{group}", language), **figures)
            )
    return lines


def per(speakers: Sequence[Speaker], change: Change, language: str) -> str:
    """Return who says so, empty where that is the review or the product itself."""
    return "; ".join(dict.fromkeys(said for one in speakers if (said := _per(one, change, language))))


def value(diff: Diff, node: Node, language: str) -> str:
    """Return a value as a sentence has it; a text in quotation marks, and cut where it is long."""
    if isinstance(node, ox.NamedNode):
        return _name(diff, node.value, language)
    if node.datatype.value == _BOOLEAN:
        return i18n.text("yes" if node.value in ("true", "1") else "no", language)
    if len(node.value) == 64 and set(node.value) <= set("0123456789abcdef"):
        return node.value[:_HASH]
    text = _cut(node.value)
    quoted = " " in text and not text.startswith(("“", "«"))
    return i18n.text("diff-quoted", language, text=text) if quoted else text


def values(diff: Diff, nodes: Sequence[Node], language: str) -> str:
    """Return several values; of texts in several languages, that in the reader's."""
    tagged = [node for node in nodes if isinstance(node, ox.Literal) and node.language]
    if len(tagged) > 1 and len({node.language for node in tagged}) == len(tagged):
        chosen = choose(tagged, language).text
        nodes = [node for node in nodes if node not in tagged or node.value == chosen]
    return ", ".join(value(diff, node, language) for node in nodes)


def what(diff: Diff, change: Change, language: str) -> str:
    """Return what is told of: the word for a property, or the event that is expected."""
    if change.node_class == EXPECTATION and change.property == MSE + "date":
        ends = change.event.endswith("/study-end")
        event = i18n.text("diff-what-end", language) if ends else _name(diff, change.event, language)
        return i18n.text("diff-expected", language, what=event)
    if change.field:
        return change.field
    word = WHAT.get(change.property)
    said = i18n.text(f"diff-what-{word}", language) if word else _name(diff, change.property, language)
    return i18n.text("diff-expected", language, what=said) if change.expected else said


def kind_name(diff: Diff, told: Told, change: Change, language: str) -> str:
    """Return what the node of a change is, in the middle of a sentence."""
    if told.group == "sources":
        return i18n.text("diff-kind-source", language)
    return _name(diff, change.node_class, language).lower() if change.node_class else ""


def _said(diff: Diff, told: Told, change: Change, language: str) -> str:
    before, after = (values(diff, nodes, language) for nodes in (change.before, change.after))
    speakers = per(change.speakers, change, language)
    if change.how in (MERGED, SPLIT):
        name, other = _name(diff, change.node, language), before or after
        return i18n.text(f"diff-{change.how}", language, called=name, other=other)
    if not change.property:
        kind = kind_name(diff, told, change, language)
        name = " – ".join(value(diff, node, language) for node in (*change.before, *change.after))
        name = name or _cut(_name(diff, change.node, language))
        named = i18n.text("diff-kind", language, kind=kind, called=name) if kind else name
        said = i18n.text("diff-new-thing" if change.how == NEW else "diff-gone-thing", language, called=named)
        return _with(said, speakers, language)
    if change.property in REWORDED and before and after:
        return _with(i18n.text("diff-reworded", language, before=before, after=after), speakers, language)
    of = what(diff, change, language)
    if before and after:
        said = i18n.text("diff-became", language, what=of, before=before, after=after)
    elif after:
        said = i18n.text("diff-now", language, what=of, after=after)
    elif speakers:
        return i18n.text("diff-no-longer", language, what=of, before=before, per=speakers)
    else:
        return i18n.text("diff-dropped", language, what=of, before=before)
    if change.node != told.thing and (change.field or change.node_class == REGISTRATION):
        said = i18n.text("diff-in-record", language, said=said, record=_name(diff, change.node, language))
    return _with(said, speakers, language)


def _with(said: str, speakers: str, language: str) -> str:
    return i18n.text("diff-with", language, said=said, per=speakers) if speakers else said


def _per(one: Speaker, change: Change, language: str) -> str:
    if one.kind == "graph":
        return ""
    registry = change.node_class in (REGISTRATION, VERSION)
    kind = "registry" if one.kind == "export" and registry else one.kind
    if one.date:
        return i18n.text(f"diff-per-{kind}", language, called=one.name, date=one.date)
    return i18n.text(f"diff-per-{kind}-undated", language, called=one.name)


def _name(diff: Diff, iri: str, language: str) -> str:
    return diff.name(iri, language).text


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
