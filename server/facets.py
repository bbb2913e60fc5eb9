"""Lists by facets, from the index of a release: what there is of a class, what is chosen, how many each value has.

Values of one facet widen a choice, facets narrow it. Counts of a facet are those given what is chosen in the others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from msevidence.loaders.index_facets import NOT_STATED
from msevidence.loaders.index_words import fold
from msevidence.ontology.naming import Text
from msevidence.server.index import index
from msevidence.server.releases import Release

# ?1 class, ?2 reader, ?3 an object of JSON: facet → its values, ?4 a list of words,
# ?5 the first facet in which something is chosen, ?6 a facet that is counted, or how many are wanted.
# Nothing of a request is ever part of the text.
_FITTING = """
NOT EXISTS (
  SELECT 1 FROM json_each(?3) AS c WHERE NOT EXISTS (
    SELECT 1 FROM facet_value AS v WHERE v.class = ?1 AND v.iri = t.iri AND v.facet = c.key
    AND v.value IN (SELECT value FROM json_each(c.value))))
AND NOT EXISTS (
  SELECT 1 FROM json_each(?4) AS w WHERE NOT EXISTS (
    SELECT 1 FROM label AS l WHERE l.iri = t.iri AND l.reader = ?2 AND instr(l.sort, w.value)))
"""
_OF_CLASS = f"SELECT t.iri FROM thing AS t WHERE t.class = ?1 AND {_FITTING}"
# Where a facet is chosen, only what has its value is looked at: not every thing of the class.
_OF_FACET = f"""
SELECT DISTINCT t.iri FROM json_each(?3, '$."' || ?5 || '"') AS value
JOIN facet_value AS t ON t.class = ?1 AND t.facet = ?5 AND t.value = value.value
WHERE {_FITTING}
"""
_ORDERS = {
    "label": "coalesce(l.sort, ''), t.iri",
    "text": "coalesce(t.document, '') = '', coalesce(t.document, ''), coalesce(t.place, 0), t.iri",
}
_LISTED = """
SELECT t.iri FROM thing AS t
LEFT JOIN label AS l ON l.iri = t.iri AND l.reader = ?2
WHERE t.class = ?1 AND t.iri IN ({members}) ORDER BY {order} LIMIT ?6
"""
_COUNTED = """
SELECT facet, value, count(*) FROM facet_value WHERE class = ?1 AND (?6 = '' OR facet = ?6) AND iri IN ({members})
GROUP BY facet, value
"""
_BY_KEY = "SELECT iri FROM thing WHERE class = ? ORDER BY iri LIMIT ? OFFSET ?"
_PLACED = "SELECT 1 FROM thing WHERE class = ?1 AND (?2 = '' OR iri = ?2) AND document != '' LIMIT 1"
_IS_OF = "SELECT 1 FROM thing WHERE class = ?1 AND iri = ?2"
_ALL = "SELECT value, count FROM facet WHERE class = ?1 AND facet = ?2"
_HAVING = """
SELECT class, facet, value, count FROM facet WHERE value IN (SELECT value FROM json_each(?1)) ORDER BY class, facet
"""
_FACETS = "SELECT facet, text FROM facet_label WHERE class = ?1 AND reader = ?2 ORDER BY position"
_VALUES = "SELECT facet, iri, value FROM facet_value WHERE class = ?1 AND iri IN (SELECT value FROM json_each(?2))"
_CLASSES = """
SELECT c.class, c.count, l.text, l.language, l.sort FROM class_count AS c
LEFT JOIN label AS l ON l.iri = c.class AND l.reader = ?1
"""


@dataclass(frozen=True, slots=True)
class Choice:
    """What of a class is asked for."""

    class_iri: str
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Facet → values, of which a thing has one at least; ``NOT_STATED`` for none."""
    words: Sequence[str] = ()
    """Folded; all of them stand in the label."""

    def without(self, facet: str) -> Choice:
        """Return the choice in the other facets."""
        return Choice(self.class_iri, {name: v for name, v in self.values.items() if name != facet}, self.words)


@dataclass(frozen=True, slots=True)
class Having:
    """How many things of a class have a value of a facet."""

    class_iri: str
    facet: str
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class ClassCount:
    """A class, and how many things are of it."""

    iri: str
    count: int
    label: Text


class Facets:
    """The facets of one release, for one reader."""

    def __init__(self, release: Release, reader: str) -> None:
        self._index, self._reader = index(release), reader

    def classes(self) -> list[ClassCount]:
        """Return the classes of the release, by their labels."""
        rows = sorted(self._index.rows(_CLASSES, (self._reader,)), key=lambda row: (row[4] or "", row[0]))
        return [ClassCount(iri, count, Text(label or iri, language or "")) for iri, count, label, language, _ in rows]

    def first_class(self, iri: str, classes: Sequence[str]) -> str | None:
        """Return the first of these classes that a thing is of."""
        return next((one for one in classes if self._index.rows(_IS_OF, (one, iri))), None)

    def of_class(self, class_iri: str) -> Mapping[str, str]:
        """Return the facets of a class, in their order: name → what the reader calls it."""
        return dict(self._index.rows(_FACETS, (class_iri, self._reader)))

    def is_named(self, iri: str) -> bool:
        """Tell whether the release has a name for a thing, of whatever class."""
        return self._index.label(iri, self._reader) is not None

    def ordered(self, choice: Choice, sort: str = "label", first: int = -1) -> list[str]:
        """Return what is chosen, by ``label``, or as it stands in the documents (``text``).

        Args:
            choice: what of a class is asked for.
            sort: the order.
            first: how many are wanted; below 0: all.
        """
        members, values = self._members(choice)
        return [
            iri for (iri,) in self._index.rows(_LISTED.format(members=members, order=_ORDERS[sort]), (*values, first))
        ]

    def count(self, class_iri: str) -> int:
        """Return how many things there are of a class."""
        rows = self._index.rows("SELECT count FROM class_count WHERE class = ?", (class_iri,))
        return int(rows[0][0]) if rows else 0

    def by_key(self, class_iri: str, start: int, size: int) -> list[str]:
        """Return a stretch of the things of a class, in the order of their IRIs."""
        return [iri for (iri,) in self._index.rows(_BY_KEY, (class_iri, size, start))]

    def is_placed(self, class_iri: str, iri: str = "") -> bool:
        """Tell whether a thing of a class, this one or any, stands in a document."""
        return bool(self._index.rows(_PLACED, (class_iri, iri)))

    def counts(self, choice: Choice, facet: str) -> Mapping[str, int]:
        """Return how many things have each value of a facet, given what is chosen in the others.

        Values that are chosen and that none of these things has are in it too, so that the choice can be undone.
        """
        return self.counts_of(choice, [facet])[facet]

    def counts_of(self, choice: Choice, names: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """Return for each of these facets what :meth:`counts` returns; those in which nothing is chosen are counted
        together."""
        found: dict[str, Mapping[str, int]] = {}
        free = [facet for facet in names if facet not in choice.values]
        if free and (choice.values or choice.words):
            counted = self._counted(choice, free[0] if len(free) == 1 else "")
            found.update({facet: counted.get(facet, {}) for facet in free})
        for facet in names:
            others = choice.without(facet)
            if facet not in found and (others.values or others.words):
                found[facet] = self._counted(others, facet).get(facet, {})
            elif facet not in found:
                found[facet] = self.all_counts(choice.class_iri, facet)
        return {facet: {**dict.fromkeys(choice.values.get(facet, ()), 0), **found[facet]} for facet in names}

    def all_counts(self, class_iri: str, facet: str) -> dict[str, int]:
        """Return every value that a facet has in this release, and how many things have it, as the build counted."""
        return dict(self._index.rows(_ALL, (class_iri, facet)))

    def having(self, values: Sequence[str]) -> list[Having]:
        """Return what has these values, whatever its class and the facet."""
        return [Having(*row) for row in self._index.rows(_HAVING, (json.dumps(list(values)),))]

    def values(self, class_iri: str, iris: Sequence[str]) -> Mapping[tuple[str, str], Sequence[str]]:
        """Return (facet, thing) → its values, for these things; those that are not stated are left out."""
        found: dict[tuple[str, str], list[str]] = {}
        for facet, iri, value in self._index.rows(_VALUES, (class_iri, json.dumps(list(iris)))):
            if value != NOT_STATED:
                found.setdefault((facet, iri), []).append(value)
        return found

    def _counted(self, choice: Choice, facet: str) -> dict[str, dict[str, int]]:
        """Return facet → value → how many of what is chosen have it, of one facet or of all."""
        members, bound = self._members(choice)
        found: dict[str, dict[str, int]] = {}
        for name, value, count in self._index.rows(_COUNTED.format(members=members), (*bound, facet)):
            found.setdefault(name, {})[value] = count
        return found

    def _members(self, choice: Choice) -> tuple[str, tuple[str, str, str, str, str]]:
        """Return the statement that selects what is chosen, and what is bound in it."""
        chosen = {facet: list(values) for facet, values in choice.values.items() if values}
        bound = (choice.class_iri, self._reader, json.dumps(chosen), json.dumps(list(choice.words)))
        return (_OF_FACET if chosen else _OF_CLASS), (*bound, next(iter(chosen), ""))


MOST_WORDS = 20
"""Different words of a filter: each is looked for in every label."""


def folded_words(text: str) -> list[str]:
    """Return the words of a filter as labels are compared: without accents and case.

    >>> folded_words("  Pågående  studie ")
    ['pagaende', 'studie']
    """
    return list(dict.fromkeys(fold(text).split()))[:MOST_WORDS]
