"""Rules that are queries: the files of ``ontology/review/``, each run on all statements at once.

A file begins with its header, in comments::

    # rule: odd-dash                  name, a concept of the scheme finding-kind
    # severity: warning
    # needs(en): registry numbers     what a document must have for the rule to have something to look at
    # needs(nb): registernumre

and selects ``?document ?focus ?path ?value ?expected ?broken ?passage ?about ?en ?nb``: a row for each thing that it
looked at, broken or not, so that the rows are what was checked. Several rows of one focus (a row a
passage, or a row a thing concerned) are one outcome. ``?value`` is what the document prints, ``?expected`` what stands
against it; ``?path``, ``?value``, ``?expected`` and ``?about`` may be unbound, and ``?passage`` and the messages where
nothing is broken. So a broken row reads as a ``sh:ValidationResult``: focus node, path, value and messages. After them
all ``?severity`` may be selected: that of a row where it is not the one of the header.

Each predicate is named, none is a variable and none negated: only statements with these predicates are put into a store
for the queries, a third of all, which in a large build is what memory is taken by.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF

from msevidence.loaders.review.kept import kept
from msevidence.loaders.review.outcome import Check, Compared, NotApplicable, Outcome, Rule, Severity
from msevidence.loaders.review.view import View
from msevidence.ontology.namespaces import FOLDER

_COLUMNS = ("document", "focus", "path", "value", "expected", "broken", "passage", "about", "en", "nb")
_OPTIONAL = "severity"
"""A column that a query may select beside these: a severity other than that of its header."""
_HEADER = re.compile(r"^# (rule|severity|needs\((?:en|nb)\)): *(.+)$", re.M)

_DECLARED = re.compile(r"^PREFIX ([A-Za-z0-9-]*): <([^>]*)>", re.M)
_PREFIXED = re.compile(r"([A-Za-z0-9-]*):([A-Za-z0-9-]+)")
_IRI = re.compile(r"<([a-z][^ <>\"]*)>")


class RuleFileError(Exception):
    """Raised when a file of ``ontology/review/`` is no rule: its header, its syntax or its columns."""


def sparql_rules() -> list[Rule]:
    """Return the rules of ``ontology/review/``, by file name."""
    return [sparql_rule(path) for path in _files()]


def _files() -> list[Path]:
    return sorted((FOLDER / "review").glob("*.rq"))


def sparql_rule(path: Path) -> Rule:
    """Return the rule of one file. Raises RuleFileError where its header is not complete."""
    text = path.read_text(encoding="utf-8")
    header = dict(_HEADER.findall(text))
    for key in ("rule", "severity", "needs(en)", "needs(nb)"):
        if key not in header:
            raise RuleFileError(f"{path}: the header has no '# {key}: …'; add it")
    if header["severity"] not in set(Severity):
        raise RuleFileError(f"{path}: severity is one of {', '.join(Severity)}, not {header['severity']!r}")
    return Rule(
        header["rule"],
        Severity(header["severity"]),
        header["needs(en)"],
        header["needs(nb)"],
        _check(path, text),
        "sparql",
        f"ontology/review/{path.name}",
    )


def _check(path: Path, text: str) -> Check:
    def check(view: View) -> Iterator[Outcome | NotApplicable]:
        try:
            rows = _store(view).query(text)
        except SyntaxError as error:
            raise RuleFileError(f"{path}: {error}") from error
        selected = tuple(v.value for v in rows.variables) if isinstance(rows, ox.QuerySolutions) else ()
        if not isinstance(rows, ox.QuerySolutions) or selected not in (_COLUMNS, (*_COLUMNS, _OPTIONAL)):
            raise RuleFileError(f"{path}: it must select ?{' ?'.join(_COLUMNS)}, in this order")
        found: dict[tuple[str, str], list[dict[str, str | None]]] = {}
        for row in rows:
            values = {c: None if row[c] is None else _text(row[c]) for c in selected}
            found.setdefault((values["document"] or "", values["focus"] or ""), []).append(values)
        for (document, focus), same in sorted(found.items()):
            yield _outcome(view, document, focus, same)

    return check


@kept
def _store(view: View) -> ox.Store:
    """Return the statements that the queries ask for, in the default graph."""
    wanted = {str(RDF.type)}.union(*(named(path.read_text(encoding="utf-8")) for path in _files()))
    store = ox.Store()
    store.bulk_extend(view.things.quads(wanted))
    return store


def named(query: str) -> set[str]:
    """Return the IRIs that a query names: its predicates are among them."""
    namespaces = dict(_DECLARED.findall(query))
    written = (namespaces[prefix] + name for prefix, name in _PREFIXED.findall(query) if prefix in namespaces)
    return {*written, *_IRI.findall(query)}


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal) else ""


def _outcome(view: View, document: str, focus: str, rows: list[dict[str, str | None]]) -> Outcome:
    broken = [r for r in rows if r["broken"] == "true"]
    used = broken or rows
    first = min(used, key=lambda r: tuple(str(r[c]) for c in _COLUMNS))
    places = view.passages_in_order({r["passage"] for r in used if r["passage"]})
    compared = []
    if first["value"] is not None:
        compared.append(Compared("as printed", "som trykt", first["value"], places[0] if places else None))
    if first["expected"] is not None:
        compared.append(Compared("against it", "mot dette", first["expected"]))
    return Outcome(
        document,
        bool(broken),
        focus,
        tuple(places),
        (first["en"] or "") if broken else "",
        (first["nb"] or "") if broken else "",
        tuple(compared),
        tuple(sorted({r["about"] for r in used if r["about"]})),
        severity=Severity(first[_OPTIONAL] or "") if broken and first.get(_OPTIONAL) else None,
        path=first["path"],
    )
