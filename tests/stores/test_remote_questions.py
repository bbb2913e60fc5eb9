"""Every stored question has the same answer on every engine, but those that are listed with the engine's cause."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from msevidence.ontology.iris import BASE
from msevidence.queries import load_questions
from msevidence.server.releases import current
from msevidence.server.remote_errors import RemoteError
from msevidence.server.remote_values import written
from tests.stores.holding import Holding, answer, cannot

GIVEN = {
    "document": "document/fhi-2021",
    "study": "study/mist",
    "onStudy": "study/mist",
    "ofStudy": "study/ram-ms",
    "registration": "registration/NCT00273364",
    "publication": "publication/burt-2019",
    "claim": "claim/nygaard-2024.89b51131f0.1.1",
    "subject": "study/ram-ms",
    "predicate": "ontology#registeredAs",
    "kind": "scheme/transplantation/hsct",
    "status": "scheme/status-as-reported/ongoing",
    "declared": "true",
    "includesPpms": "true",
    "onlyRrms": "false",
    "words": "mortality",
    "written": "words",
}
"""A value for each parameter of a stored question."""


def _askings() -> list[tuple[str, dict[str, str]]]:
    """Return every question without values, and with each of its parameters given."""
    found: list[tuple[str, dict[str, str]]] = []
    for name, question in load_questions().items():
        values = [{p.name: GIVEN[p.name]} for p in question.params if p.default is None]
        found += [(name, given) for given in ({}, *values)]
    assert len(found) > 80
    return found


ASKINGS = _askings()


@pytest.fixture(scope="session")
def release_store(release_home: Path) -> ox.Store:
    """Return the embedded store of the release."""
    return ox.Store.read_only(str(current(release_home).store))


@pytest.fixture(scope="session")
def embedded(release_store: ox.Store) -> dict[int, object]:
    """Return the answers of the embedded engine, by the place in the list."""
    questions = load_questions()
    return {
        at: answer(release_store, questions[name].written(given), questions[name].bind(given), BASE)
        for at, (name, given) in enumerate(ASKINGS)
    }


def test_values_written_into_a_question_are_values_bound(release_store: ox.Store, embedded: dict[int, object]) -> None:
    rows = 0
    for at, (name, given) in enumerate(ASKINGS):
        question = load_questions()[name]
        text = written(question.written(given), {v.value: term for v, term in question.bind(given).items()})
        assert answer(release_store, text, {}, BASE) == embedded[at], (name, given)
        rows += given != {}
    assert rows > 40


def test_every_question_has_the_same_answer(held: Holding, embedded: dict[int, object]) -> None:
    questions, listed = load_questions(), cannot("question", held.engine)
    assert listed.keys() <= questions.keys()
    differ = set()
    for at, (name, given) in enumerate(ASKINGS):
        try:
            there: object = answer(held.store, questions[name].written(given), questions[name].bind(given), BASE)
        except RemoteError as error:
            there = error
        if there != embedded[at]:
            differ.add(name)
            assert name in listed, (name, given, there)
    assert differ == listed.keys(), "listed in cannot.toml, and works"
