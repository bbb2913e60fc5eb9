"""The review in a build: the view of what was stated, the rules on it, what people judged, all of it as statements."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from msevidence.loaders.loaded import Loaded, Names
from msevidence.loaders.review.running import RuleRun, all_rules, run_rules
from msevidence.loaders.review.stating import state_runs
from msevidence.loaders.review.view import View
from msevidence.loaders.statements import Statements
from msevidence.ontology.iris import BASE, Kind, graph_iri, mint
from msevidence.ontology.namespaces import MSE

EXPECTATIONS = "expectation-passed"
"""The rule whose outcome depends on a date."""
_KINDS = tuple(f"{BASE}{kind}/" for kind in (Kind.REGISTRATION, Kind.PUBLICATION))


@dataclass(frozen=True)
class Reviewed:
    """What the rules showed, with the view that they looked at."""

    view: View
    runs: list[RuleRun]


def review(
    own: Iterable[Statements],
    loaded: Loaded,
    names: Names,
    statements: Statements,
    data: Path,
    lenient: bool = False,
    as_of: str | None = None,
) -> Reviewed:
    """Run all rules on the statements of a build and state what they and people found in the graph of the review.

    ``as_of`` is the date to measure expectations at, where it is not that of ``review.yaml``; ``lenient`` leaves out
    what people judged on words that are gone.

    Raises ReviewError where a rule fails, CurationError for a fault of ``review.yaml``.
    """
    quads = [quad for graph in own for quad in graph]
    view = View([*quads, *concerned(quads, loaded, names)], (), as_of)
    runs = run_rules(view)
    state_runs(statements, view, runs)
    return Reviewed(view, runs)


def concerned(own: Iterable[ox.Quad], loaded: Loaded, names: Names) -> Iterator[ox.Quad]:
    """Yield the statements of loaded records about the registrations and publications that our own speak of.

    A hundred thousand records may be loaded of which the documents name a few: only those are for the rules to see.
    """
    if not loaded.converted:
        return
    wanted = {
        node.value
        for quad in own
        for node in (quad.subject, quad.object)
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
    return [q for q in quads if getattr(q.subject, "value", None) not in old] + list(found)
