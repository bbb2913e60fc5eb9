"""The identity graph of a study as a figure with its table: every tie with its rule, outcome and source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import render_template
from markupsafe import Markup

from msevidence.ontology.iris import BASE
from msevidence.server import i18n, identity_reasons
from msevidence.server.document_names import document_names
from msevidence.server.exhibits import Cell, Column, Figure, Row, Table, words
from msevidence.server.identity_graph import FORMER, STATED, Identity, Tie, kind_of
from msevidence.server.identity_layout import layout
from msevidence.server.labels import Text
from msevidence.server.study_read import Reading, Thing, behind

KEY = "identity"
COLUMNS = ("from", "relation", "to", "rule", "outcome", "confidence", "because", "source", "date", "decision")
"""Of the table; their headings are texts of the interface, ``identity-<key>``."""
_LINKS = ("from", "relation", "to", "rule", "outcome", "source", "decision")


@dataclass(frozen=True, slots=True)
class Node:
    """What a box says."""

    href: str
    whole: str
    kind: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """What a label says."""

    text: str
    whole: str
    href: str = ""
    other: Text | None = None
    """The reason, where it is in another language than the reader's: no part of a title can be marked as such."""


def figure(reading: Reading, graph: Identity) -> Figure:
    """Return the figure; a study to which nothing is tied stands in it alone."""
    language = reading.language
    names = {iri: _name(reading, graph, iri) for iri in graph.all()}
    title = i18n.text("identity-title", language, study=reading.labels(graph.study).text)
    counted = {"numbers": 0, "parts": len(graph.parts), "apart": 0, "stopped": 0}
    counted["numbers"] = sum(kind_of(iri) == "number" for several in graph.numbers.values() for iri in several)
    counted["apart"] = sum(tie.relation == "not-same" for tie in graph.ties)
    counted["stopped"] = sum(tie.stopped for tie in graph.ties)
    description = i18n.text("identity-description", language, **counted)

    def edge(tie: Tie, number: int) -> Said:
        return _said(reading, names, tie, number)

    svg = render_template(
        "figure_identity.svg",
        drawing=layout(graph, {iri: cell.text for iri, cell in names.items()}, lambda tie, n: edge(tie, n).text),
        nodes={iri: _node(cell, iri, graph, language) for iri, cell in names.items()},
        edge=edge,
        style=lambda tie: "stopped" if tie.stopped else "apart" if tie.relation == "not-same" else "joined",
        study=graph.study,
        title=title,
        description=description,
    )
    query = behind("study_decisions", graph.study)
    note = i18n.text("identity-lines", language)
    return Figure(KEY, title, description, Markup(svg), _table(reading, graph, names), query, KEY, note)


def _name(reading: Reading, graph: Identity, iri: str) -> Cell:
    cell = reading.cell(iri)
    if kind_of(iri) == "description":
        document = iri.rpartition("/")[2].partition(".")[0]
        named = document_names(reading.lane).get(f"{reading.lane.release.base}document/{document}", document)
        return replace(cell, text=i18n.text("described-in", reading.language, document=named), language=None)
    return cell


def _node(cell: Cell, iri: str, graph: Identity, language: str) -> Node:
    kind = "former" if any(t.relation == FORMER and iri == t.other for t in graph.ties) else kind_of(iri)
    said = i18n.text("identity-description-of" if kind == "description" else f"identity-{kind}", language)
    return Node(cell.href or "", f"{said}: {cell.text}", kind, cell.language)


def _said(reading: Reading, names: dict[str, Cell], tie: Tie, number: int) -> Said:
    language = reading.language
    if not tie.decisions:
        text = i18n.text("identity-former" if tie.relation == FORMER else "identity-stated", language)
        return Said(text, text)
    decision = tie.decisions[number]
    rule, relation = _label(reading, decision, "rule"), _label(reading, decision, "relation")
    text = rule if tie.relation == "same-study" else f"{relation}: {rule}"
    if tie.stopped:
        text = f"{_label(reading, decision, 'outcomeOfDecision')}: {text}"
    whole = f"{names[tie.one].text} – {names[tie.other].text}: {text}."
    href = reading.cell(decision.iri).href or ""
    because = identity_reasons.in_language(decision.words("because"), language)
    if because.language != language:
        return Said(text, whole, href, because)
    return Said(text, f"{whole} {because.text}", href)


def _label(reading: Reading, decision: Thing, key: str) -> str:
    iri = decision.first(key)
    return reading.labels(iri).text if iri else i18n.text("not-said", reading.language)


def _table(reading: Reading, graph: Identity, names: dict[str, Cell]) -> Table:
    language = reading.language
    rows: list[Row] = []
    for tie in graph.ties:
        for decision in tie.decisions:
            rows.append(_row(reading, names, decision))
        if not tie.decisions:
            said = i18n.text("identity-former" if tie.relation == FORMER else "identity-stated", language)
            relation = f"{BASE}scheme/identity-relation/{'same-study' if tie.relation == STATED else tie.relation}"
            stated = Cell(said if tie.relation == FORMER else reading.labels(relation).text)
            rows.append({"from": names[tie.other], "relation": stated, "to": names[tie.one], "rule": Cell(said)})
    return Table("decisions", i18n.text("identity-table", language), _columns(reading), rows)


def decisions_table(reading: Reading, decisions: Iterable[Thing], query: str) -> Table:
    """Return decisions as a table, where no graph is drawn of them."""
    graph = Identity(reading.iri)
    told = list(decisions)
    ends = {iri for one in told for iri in one.texts("sssom:subject_id") + one.texts("sssom:object_id")}
    names = {iri: _name(reading, graph, iri) for iri in ends}
    rows = [_row(reading, names, decision) for decision in told]
    return Table("decisions", i18n.text("identity-table", reading.language), _columns(reading), rows, query=query)


def _columns(reading: Reading) -> list[Column]:
    return [Column(key, i18n.text(f"identity-{key}", reading.language), iris=key in _LINKS) for key in COLUMNS]


def _row(reading: Reading, names: dict[str, Cell], decision: Thing) -> Row:
    shown: dict[str, Cell | list[Cell]] = {
        key: reading.cell(decision.first(name))
        for key, name in (("relation", "relation"), ("rule", "rule"), ("outcome", "outcomeOfDecision"))
        if decision.first(name)
    }
    confidence = decision.first("sssom:confidence")
    document = decision.first("inDocument")
    passages = decision.texts("statedIn") or ([document] if document else [])
    said = document_names(reading.lane).get(document, document.rpartition("/")[2])
    source = [replace(reading.cell(iri), text=said, language=None) for iri in passages]
    source += [Cell(text, "") for text in decision.texts("dcterms:source")]
    subject, object_ = decision.first("sssom:subject_id"), decision.first("sssom:object_id")
    return {
        **shown,
        "from": names[subject],
        "to": names[object_],
        "confidence": Cell(confidence, number=float(confidence)) if confidence else [],
        "because": words(identity_reasons.in_language(decision.words("because"), reading.language)),
        "source": source,
        "date": Cell(decision.first("dcterms:date")),
        "decision": replace(reading.cell(decision.iri), text=decision.iri.rpartition("/")[2], language=None),
    }
