"""Facts with who says so: equal values stand once with all their sources, different ones side by side."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from msevidence.server.exhibits import Cell, Column, Row, Table

_DATE = re.compile(r"\d{4}(-\d{2}){0,2}")


@dataclass(slots=True)
class FactValue:
    """One value of a fact."""

    cell: Cell
    sources: list[Cell] = field(default_factory=list)
    printed: list[Cell] = field(default_factory=list)
    """As the sources print it, where that is told apart from the value."""
    places: set[str] = field(default_factory=set)
    """Passages that it was read from."""


@dataclass(slots=True)
class Fact:
    """What is said of one thing: all values, in the order in which they were added."""

    key: str
    label: str
    scalar: bool = False
    """Whether two values can not both be right."""
    values: list[FactValue] = field(default_factory=list)
    disagreements: list[Cell] = field(default_factory=list)
    """Nodes of the graph that state how two sources differ in this."""

    @property
    def differ(self) -> bool:
        """Whether the sources differ: a node says so, or two values can not both be right."""
        return bool(self.disagreements) or (self.scalar and not _agree([value.cell.text for value in self.values]))

    def add(
        self,
        cell: Cell,
        source: Cell,
        printed: Cell | None = None,
        places: Iterable[str] = (),
        same: Callable[[Cell], Hashable] | None = None,
    ) -> None:
        """Add a value with its source; an equal one gets the source."""
        same = same or _same
        there = next((value for value in self.values if same(value.cell) == same(cell)), None)
        if there is None:
            there = FactValue(cell)
            self.values.append(there)
        if source not in there.sources:
            there.sources.append(source)
        if printed is not None and printed.text and printed not in there.printed and printed.text != cell.text:
            there.printed.append(printed)
        there.places.update(places)


def _same(cell: Cell) -> Hashable:
    return cell.iri or " ".join(cell.text.casefold().split())


def _agree(texts: Sequence[str]) -> bool:
    """Say whether texts can all be right: one date that is more exact than another agrees with it."""
    if texts and all(_DATE.fullmatch(text) for text in texts):
        exact = max(texts, key=len)
        return all(exact.startswith(text) for text in texts)
    return len({" ".join(text.casefold().split()) for text in texts}) < 2


def table(key: str, title: str, facts: Sequence[Fact], heads: Mapping[str, str], query: str = "") -> Table:
    """Return facts as a table, a row for each value.

    Args:
        key: of the table.
        title: of the table.
        facts: in the order of the rows.
        heads: headings of the columns ``fact``, ``value``, ``printed``, ``source``, ``differs``; and ``yes``, a value.
        query: the SPARQL behind it.
    """
    rows: list[Row] = []
    for fact in facts:
        for value in fact.values:
            differs = fact.disagreements or ([Cell(heads["yes"])] if fact.differ else [])
            head = Cell(fact.label, iri=fact.key)
            said: Row = {"value": value.cell, "printed": value.printed, "source": value.sources}
            rows.append({"fact": head, **said, "differs": differs})
    columns = [
        Column(name, heads[name], iris=name in ("value", "source", "differs"))
        for name in ("fact", "value", "printed", "source", "differs")
    ]
    return Table(key, title, columns, rows, query=query)
