"""Rules that SHACL Core cannot say: SPARQL files of ``rules/``, run on the statements.

A SHACL-SPARQL constraint costs pyshacl about 6 ms a focus node; one query over all statements costs a few. Each file
selects ``?focus ?path ?value ?en ?nb``, a row for each violation: the thing, the property, its value, the messages.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from msevidence.ontology.namespaces import FOLDER

_COLUMNS = ("focus", "path", "value", "en", "nb")


class RuleError(Exception):
    """Raised when a file of rules cannot be used."""


@dataclass(frozen=True, order=True)
class Broken:
    """A row of a rule: what breaks it, and the messages."""

    rule: str
    focus: str
    path: str
    value: str
    en: str
    nb: str


def rule_files() -> list[Path]:
    """Return the files of rules."""
    return sorted((FOLDER / "rules").glob("*.rq"))


class RuleCheck:
    """Rules, and the statements that they look at. A triple that two graphs state is two rows: let no rule count."""

    def __init__(self, rules: Iterable[Path] | None = None) -> None:
        self._files = rule_files() if rules is None else list(rules)
        self._store = ox.Store()

    def add(self, statements: Iterable[ox.Quad | ox.Triple]) -> None:
        """Add statements to what the rules look at."""
        if self._files:
            self._store.extend(s if isinstance(s, ox.Quad) else ox.Quad(*s) for s in statements)

    def broken(self) -> Iterator[Broken]:
        """Yield what breaks a rule, looking at the merge of all graphs.

        Raises:
            RuleError: when a file is no SELECT query, or has other columns.
        """
        return broken_in(self._store, self._files, union=True)


def broken(statements: Iterable[ox.Quad | ox.Triple], rules: Iterable[Path] | None = None) -> Iterator[Broken]:
    """Yield what breaks a rule, looking at the merge of all graphs.

    Raises:
        RuleError: when a file is no SELECT query, or has other columns.
    """
    check = RuleCheck(rules)
    check.add(statements)
    return check.broken()


def broken_in(store: ox.Store, rules: Iterable[Path], union: bool = False) -> Iterator[Broken]:
    """Yield what breaks a rule in the default graph of a store, or in all its graphs.

    Raises:
        RuleError: when a file is no SELECT query, or has other columns.
    """
    for file in rules:
        try:
            rows = store.query(file.read_text(encoding="utf-8"), use_default_graph_as_union=union)
        except SyntaxError as error:
            raise RuleError(f"{file}: {error}") from error
        if not isinstance(rows, ox.QuerySolutions) or tuple(v.value for v in rows.variables) != _COLUMNS:
            raise RuleError(f"{file}: it must select ?{' ?'.join(_COLUMNS)}, in this order")
        yield from dict.fromkeys(Broken(file.stem, *(_text(row[name]) for name in _COLUMNS)) for row in rows)


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal) else ""
