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


def broken(statements: Iterable[ox.Quad | ox.Triple], rules: Iterable[Path] | None = None) -> Iterator[Broken]:
    """Yield what breaks a rule, looking at the merge of all graphs.

    Raises:
        RuleError: when a file is no SELECT query, or has other columns.
    """
    files = rule_files() if rules is None else list(rules)
    store = ox.Store()
    store.bulk_extend(ox.Quad(s.subject, s.predicate, s.object, ox.DefaultGraph()) for s in statements)
    for file in files:
        try:
            rows = store.query(file.read_text(encoding="utf-8"))
        except SyntaxError as error:
            raise RuleError(f"{file}: {error}") from error
        if not isinstance(rows, ox.QuerySolutions) or tuple(v.value for v in rows.variables) != _COLUMNS:
            raise RuleError(f"{file}: it must select ?{' ?'.join(_COLUMNS)}, in this order")
        for row in rows:
            yield Broken(file.stem, *(_text(row[name]) for name in _COLUMNS))


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal) else ""
