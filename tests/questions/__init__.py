"""What the tests of the stored questions share: the answers worked out by hand, the names they use, and the asking.

The answers are in ``tests/expected``; their README says what they hold. Names of studies and publications are those of
``claim-to-support.yaml`` and ``publications-of-a-study.yaml``, or keys of the reference data.
"""

import re
from collections.abc import Hashable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pyoxigraph as ox
from ruamel.yaml import YAML

from msevidence.loaders.text import fold_dashes, squash
from msevidence.ontology.iris import BASE
from msevidence.queries import question

EXPECTED = Path(__file__).parent.parent / "expected"
DATA = Path(__file__).parent.parent.parent / "data"
ARTICLE = BASE + "document/nygaard-2024"
REPORT = BASE + "document/fhi-2021"

Row: TypeAlias = Mapping[str, str | None]

STUDIES = {
    "StarMS": "star-ms",
    "STREAMS": "mesems-london",
    "meta-analysis of observational studies 2022": "nabizadeh-meta-analysis-2022",
    "registry study 2023": "msbase-registry-2023",
    "first 30 patients treated in Norway": "norway-first-30-patients",
    "European observational study of first-line stem cell therapy": "das-first-line-cohort",
    "Fassas pilot study": "fassas-pilot-1997",
    "everolimus in paediatric kidney transplantation": "everolimus-paediatric-renal-transplant",
}
"""Keys of the studies whose name in the answers is not the key itself in other letters."""


@cache
def expected(name: str) -> dict[str, Any]:
    """Return the answer worked out by hand for a question; it has rows, so that nothing passes by being empty."""
    path = EXPECTED / f"{name}.yaml"
    content: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    assert content["answer"], f"{path} has no rows"
    return content


def asked(store: ox.Store, name: str, **values: str) -> list[Row]:
    """Ask the stored question and return its rows: variable to value, ``None`` where it is empty."""
    found = question(name)
    solutions = store.query(found.sparql, substitutions=found.bind(values))
    assert isinstance(solutions, ox.QuerySolutions)
    names = [v.value for v in solutions.variables]
    rows: list[Row] = [{n: None if s[n] is None else s[n].value for n in names} for s in solutions]
    assert rows, f"{name} {values} gives no rows"
    return rows


def fold(text: str | None) -> str:
    """Return a text as the answers are to be compared: one line, dashes and blanks folded."""
    return "" if text is None else fold_dashes(squash(text)).strip()


def same(found: Iterable[Hashable], wanted: Iterable[Hashable], allowed: Iterable[Hashable] = ()) -> None:
    """Assert that two answers are the same set; rows in ``allowed`` may be found or not.

    Both fail: what is missing, and what is too much.
    """
    there, want = set(found), set(wanted)
    assert want, "nothing is expected"
    missing = want - there
    superfluous = there - want - set(allowed)
    assert not missing and not superfluous, f"missing: {_listed(missing)}\nsuperfluous: {_listed(superfluous)}"


def _listed(rows: Iterable[Hashable]) -> str:
    return "".join(f"\n  {row}" for row in sorted(map(str, rows))) or "nothing"


def once(rows: Iterable[Row], *names: str) -> set[tuple[str | None, ...]]:
    """Return the values of these variables, each combination once."""
    return {tuple(row[name] for name in names) for row in rows}


def local(iri: str | None) -> str | None:
    """Return the last part of an IRI: a key, or the name of a concept."""
    return None if iri is None else iri.rpartition("/")[2]


def study(name: str) -> str:
    """Return the key of a study by its name in the answers."""
    return STUDIES.get(name, name.lower())


@cache
def _publication_keys() -> dict[str, str]:
    content = YAML(typ="safe").load((DATA / "publications.yaml").read_text(encoding="utf-8"))
    keys = {entry["refdata_id"]: key for key, entry in content["publications"].items()}
    assert len(keys) > 40
    return keys


@cache
def _publication_names() -> dict[str, str]:
    rows = expected("claim-to-support")["references"] + expected("publications-of-a-study")["answer"]
    return {row["publication"]: row["refdata"] for row in rows if "refdata" in row}


def publication(name: str) -> str:
    """Return the key of a publication by its name, or its key in the reference data."""
    return _publication_keys()[_publication_names().get(name, name)]


def registration(number: str) -> str:
    """Return the key of a registration by its normalised number with its registry (``EudraCT 2010-023560-40``)."""
    return number.replace(" ", "-")


def unmarked(text: str) -> str:
    """Return a text without its citation markers, for comparison."""
    return re.sub(r"\s*\(\d[\d,;\s-]*(, s\. \d+)?\)", "", fold(text))


def numbers(text: str | None) -> frozenset[str]:
    """Return the members of a list in one cell."""
    return frozenset(filter(None, (text or "").split("; ")))
