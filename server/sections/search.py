"""A literature search: source, date, purpose, limits, and its strings line by line with hits."""

from __future__ import annotations

from msevidence.server import i18n
from msevidence.server.exhibits import Cell, Table, cell, cells
from msevidence.server.labels import PREFIXES, Labels
from msevidence.server.pages_links import MSE
from msevidence.server.pages_view import View
from msevidence.server.search_tables import SearchTables
from msevidence.server.sections.facts import Fact, FactSections
from msevidence.server.store import PageLane

_FACTS = (
    ("search", PREFIXES["rdfs"] + "label"),
    ("document", MSE + "inDocument"),
    ("purpose", MSE + "purpose"),
    ("date", MSE + "date"),
    ("printed-date", MSE + "printedDate"),
    ("limits", MSE + "limit"),
    ("interfaces", MSE + "interface"),
    ("hits", MSE + "hits"),
    ("printed-hits", MSE + "printedHits"),
    ("amends", MSE + "amends"),
)
_MAY_LACK = frozenset(("interfaces", "amends"))
"""What a search need not have: nothing is said where it has none."""


def sections(lane: PageLane, labels: Labels, view: View, language: str) -> FactSections:
    """Return what the page of a search shows."""
    facts: list[Fact] = []
    for name, iri in _FACTS:
        values = [cell(value) for value in view.values(iri)]
        if values or name not in _MAY_LACK:
            facts.append((i18n.text(f"searches-{name}", language), values))
    made = SearchTables(lane, labels, language)
    document = next((value.iri for value in view.values(MSE + "inDocument")), "")
    lines = made.lines(view.iri)
    tables = [lines, made.totals(document)]
    of_text = next((one.language or "" for row in lines.rows for one in cells(row, "string")), "")
    return FactSections("search_section.html", tables, facts=facts, language=of_text, copy="\n".join(_copied(lines)))


def _copied(lines: Table) -> list[str]:
    """Return the lines as they can be pasted: label and string, parted by a tab."""
    found = []
    for row in lines.rows:
        label = [one.text for one in cells(row, "label")]
        string: list[str] = [one.text for one in cells(row, "string") if isinstance(one, Cell)]
        found.append("\t".join([*label, *string]))
    return found
