"""What changed between two releases as tables of a page: one a group of things, and the statements of each graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyoxigraph as ox

from msevidence.server import diff_words, i18n
from msevidence.server.diff_model import GROUPS, Change, Diff, Told
from msevidence.server.diff_quads import Node
from msevidence.server.exhibits import Cell, Column, Row, Table, figure

COLUMNS = ("said", "thing", "how", "part", "property", "before", "after", "source", "date")
GRAPHS = ("graph", "removed", "added")
MOVED = ("thing", "property", "before", "after")
WITH_IRIS = frozenset(["thing", "part", "property", "graph"])
FILE_ONLY = ("how", "part", "property", "source", "date")
"""Columns that the page leaves to the files: the sentence says the same."""

Link = Callable[[str], str | None]
"""From an IRI to its local address; None where this server has no page of it."""


def tables(diff: Diff, language: str, link: Link, study: str = "") -> list[Table]:
    """Return all that changed, a table a group that has anything.

    Args:
        diff: the difference.
        language: the reader's.
        link: makes addresses.
        study: IRI of a study; then only what is told of it.
    """
    told = diff.about(study) if study else diff.told
    found = [
        _group(diff, group, [one for one in told if one.group == group], language, link)
        for group in GROUPS
        if any(one.group == group for one in told)
    ]
    if diff.moved:
        found.append(_moved(diff, language, link))
    if not study:
        found.append(_graphs(diff, language, link))
    return found or [empty(language)]


def empty(language: str) -> Table:
    """Return the table of a page that has nothing to tell, so that its files say so."""
    return Table("studies", i18n.text("diff-group-studies", language), _columns(COLUMNS, language), [])


def shortened(table: Table, most: int) -> Table:
    """Return a table as the page shows it: its first rows, without what the sentence says already."""
    columns = [column for column in table.columns if column.key not in FILE_ONLY]
    return Table(table.key, table.title, columns, table.rows[:most], table.note)


def _columns(names: Sequence[str], language: str) -> list[Column]:
    return [Column(name, i18n.text(f"diff-column-{name}", language), iris=name in WITH_IRIS) for name in names]


def _group(diff: Diff, group: str, told: Sequence[Told], language: str, link: Link) -> Table:
    rows = [_row(diff, one, change, language, link) for one in told for change in one.changes]
    return Table(group, i18n.text(f"diff-group-{group}", language), _columns(COLUMNS, language), rows)


def _row(diff: Diff, told: Told, change: Change, language: str, link: Link) -> Row:
    return {
        "said": Cell(diff_words.sentence(diff, told, change, language)),
        "thing": _thing(diff, told.thing, language, link),
        "how": Cell(i18n.text(f"diff-how-{change.how}", language)),
        "part": _thing(diff, change.successor or change.node, language, link) if change.node != told.thing else (),
        "property": _thing(diff, change.property, language, link) if change.property else (),
        "before": _values(diff, change.before, language),
        "after": _values(diff, change.after, language),
        "source": [Cell(one.name, "", iri=one.graph) for one in change.speakers],
        "date": [Cell(one.date) for one in change.speakers if one.date],
    }


def _moved(diff: Diff, language: str, link: Link) -> Table:
    rows: list[Row] = [
        {
            "thing": _thing(diff, one.thing, language, link),
            "property": _thing(diff, one.property, language, link),
            "before": _values(diff, one.before, language),
            "after": _values(diff, one.after, language),
        }
        for one in diff.moved
    ]
    return Table("moved", i18n.text("diff-table-moved", language), _columns(MOVED, language), rows)


def _graphs(diff: Diff, language: str, link: Link) -> Table:
    rows: list[Row] = [
        {
            "graph": Cell(iri.rpartition("/")[2], "", link(iri), iri),
            "removed": figure(gone, i18n.number(gone, language)),
            "added": figure(new, i18n.number(new, language)),
        }
        for iri, (gone, new) in diff.graphs.items()
    ]
    return Table("graphs", i18n.text("diff-table-graphs", language), _columns(GRAPHS, language), rows)


def _thing(diff: Diff, iri: str, language: str, link: Link) -> Cell:
    name = diff.name(iri, language)
    text = name.text if len(name.text) <= diff_words.LONGEST else name.text[: diff_words.LONGEST - 1] + "…"
    return Cell(text, name.language, link(iri), iri)


def _values(diff: Diff, nodes: Sequence[Node], language: str) -> list[Cell]:
    return [
        Cell(
            diff_words.value(diff, node, language),
            node.language or "" if isinstance(node, ox.Literal) else diff.name(node.value, language).language,
        )
        for node in nodes
    ]
