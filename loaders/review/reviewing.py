"""The review in a build: the view of what was stated, the rules on it, what people judged, all of it as statements."""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TypeGuard

import pyoxigraph as ox

from msevidence.loaders.lenient import LeftOut
from msevidence.loaders.loaded import Loaded, Names
from msevidence.loaders.review.judged import judged_outcomes, read_review
from msevidence.loaders.review.running import all_rules, run_rules
from msevidence.loaders.review.sources.abstracts import abstract_texts
from msevidence.loaders.review.stating import state_runs
from msevidence.loaders.review.stating_people import state_decisions, state_judged, state_out_of_step
from msevidence.loaders.review.view import View
from msevidence.loaders.statements import Statement, Statements, partial_date
from msevidence.ontology.iris import BASE, Kind, graph_iri, mint
from msevidence.ontology.namespaces import BIRO, MSE

EXPECTATIONS = "expectation-passed"
"""The rule whose outcome depends on a date."""
_NAMES_WORK = ox.NamedNode(str(BIRO.references))
_KINDS = tuple(f"{BASE}{kind}/" for kind in (Kind.REGISTRATION, Kind.PUBLICATION))


def review(
    own: Iterable[Statements],
    loaded: Loaded,
    names: Names,
    statements: Statements,
    data: Path,
    lenient: bool = False,
    as_of: str | None = None,
) -> None:
    """Run all rules on the statements of a build and state what they and people found in the graph of the review.

    ``as_of`` is the date to measure expectations at, where it is not that of ``review.yaml``; ``lenient`` leaves out
    what people judged on words that are gone.

    Raises CurationError for a fault of ``review.yaml``.
    """
    graphs = list(own)
    file = read_review(data)
    cited = {o.value for _, p, o in _all(graphs) if p == _NAMES_WORK and isinstance(o, ox.NamedNode)}
    texts = abstract_texts(loaded, names, cited)
    view = View(chain(_all(graphs), concerned(_all(graphs), loaded, names)), texts, as_of or file.as_of)
    runs = run_rules(view)
    state_runs(statements, view, runs)
    _state_as_of(statements, view.as_of)
    left_out: list[LeftOut] | None = [] if lenient else None
    absent: list[LeftOut] = []
    for entry, outcome in judged_outcomes(file, view, left_out, names, absent):
        state_judged(statements, view, entry, outcome)
    there = {iri.value.rsplit("/", 1)[1] for iri in (q.subject for q in statements) if _is_finding(iri)}
    state_decisions(statements, {k: d for k, d in file.decisions.items() if k in there})
    gone = [LeftOut(f"{file.path.name}, {key}", "", _GONE) for key in sorted(file.decisions.keys() - there)]
    state_out_of_step(statements, view, [*(left_out or ()), *absent, *gone])
    view.let_go()


_GONE = "there is no such finding any more; remove the decision, or look at what became of the finding"


def _state_as_of(statements: Statements, as_of: str | None) -> None:
    """State the day at which expectations were measured: what has passed depends on it, and a build has no clock."""
    if as_of is not None:
        statements.add(graph_iri("review"), MSE.asOf, partial_date(as_of))


def _is_finding(node: object) -> TypeGuard[ox.NamedNode]:
    return isinstance(node, ox.NamedNode) and node.value.startswith(f"{BASE}{Kind.FINDING}/")


def _all(graphs: Iterable[Statements]) -> Iterator[Statement]:
    for graph in graphs:
        yield from graph.triples()


def concerned(own: Iterable[Statement], loaded: Loaded, names: Names) -> Iterator[ox.Quad]:
    """Yield the statements of loaded records about the registrations and publications that our own speak of.

    A hundred thousand records may be loaded of which the documents name a few: only those are for the rules to see.
    """
    if not loaded.converted:
        return
    wanted = {
        node.value
        for subject, _, value in own
        for node in (subject, value)
        if isinstance(node, ox.NamedNode) and node.value.startswith(_KINDS)
    }
    versions = set()
    for _, fact in loaded.facts():
        key = getattr(fact, "key", None)
        for kind in (Kind.REGISTRATION, Kind.PUBLICATION):
            iri = f"{BASE}{kind}/{key}"
            if fact.version is not None and names.get(iri, iri) in wanted:
                versions.add(str(mint(Kind.RECORD_VERSION, fact.version)))
    for quad in loaded.quads(names):
        subject = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
        if subject in wanted or subject in versions:
            yield quad


def measured(quads: list[ox.Quad], as_of: str) -> list[ox.Quad]:
    """Return the statements of a release with its expectations measured at another date."""
    view = View(quads, (), as_of)
    rules = [rule for rule in all_rules() if rule.name == EXPECTATIONS]
    old = {
        thing.iri
        for name in (MSE.Finding, MSE.RuleState)
        for thing in view.things.of_class(name)
        if any(rule.endswith(f"/{EXPECTATIONS}") for rule in thing.values(MSE.reviewRule))
    }
    found = Statements(graph_iri("review"))
    state_runs(found, view, run_rules(view, rules))
    _state_as_of(found, as_of)
    measured_before = (ox.NamedNode(str(graph_iri("review"))), ox.NamedNode(str(MSE.asOf)))
    kept = [q for q in quads if getattr(q.subject, "value", None) not in old]
    return [q for q in kept if (q.subject, q.predicate) != measured_before] + list(found)
