"""What identity hears of graphs that were pulled."""

import pyoxigraph as ox

from msevidence.loaders.exports.facts import MappingFact
from msevidence.loaders.stores.pulled_facts import facts_of
from msevidence.ontology.iris import BASE

MSE = BASE + "ontology#"


def _said(subject: str, predicate: str, value: str) -> ox.Quad:
    graph = ox.NamedNode(BASE + "graph/pulled-x")
    return ox.Quad(ox.NamedNode(BASE + subject), ox.NamedNode(MSE + predicate), ox.NamedNode(BASE + value), graph)


def test_a_study_that_two_agencies_list_is_heard_under_its_address() -> None:
    """Also where it has one registration alone: else our number of it would be a second study."""
    quads = [_said("study/astims", "registeredAs", "registration/EudraCT-2007-000064-24")]
    (fact,) = facts_of(quads, "0" * 64)
    assert isinstance(fact, MappingFact)
    pair = (fact.subject, fact.relation, fact.object)
    assert pair == ("registration/EudraCT-2007-000064-24", "same-study", "study/astims")


def test_two_registrations_of_one_study_are_heard_as_one() -> None:
    """Whoever lists the study or not."""
    quads = [_said("study/x", "registeredAs", f"registration/NCT0000000{n}") for n in (1, 2)]
    pairs = {(fact.subject, fact.object) for fact in facts_of(quads, "0" * 64) if isinstance(fact, MappingFact)}
    assert ("registration/NCT00000001", "registration/NCT00000002") in pairs
