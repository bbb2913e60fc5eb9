"""The hand-made labels against what the resolution makes of the data: precision, recall and the misses."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

from ruamel.yaml import YAML

from msevidence.loaders.catalogue import Catalogue
from msevidence.loaders.documents import find_documents, read_document, state_document
from msevidence.loaders.exports.facts import RegistrationFact
from msevidence.loaders.identity import (
    Records,
    Resolution,
    assertions_of,
    assertions_of_facts,
    assertions_of_links,
    resolve,
)
from msevidence.loaders.identity.catalogue_facts import (
    assertions_of_catalogue,
    facts_of_catalogue,
    studies_of_catalogue,
)
from msevidence.loaders.identity.file import identity_decisions
from msevidence.loaders.statements import Statements
from msevidence.ontology.iris import BASE, graph_iri

LABELS = Path(__file__).parent.parent / "expected" / "identity-labels.yaml"
RELATIONS = ("same-study", "part-of", "not-same")
Pair = tuple[str, str]


@dataclass(frozen=True)
class Figures:
    """How the pairs of one relation were found."""

    relation: str
    labelled: int
    found: int
    right: int
    missed: tuple[Pair, ...]
    wrong: tuple[Pair, ...]

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.labelled if self.labelled else 1.0


def resolution_of(
    data: Path, more: Iterable[RegistrationFact] = (), shuffled: random.Random | None = None
) -> tuple[Resolution, Catalogue]:
    """Return the resolution over documents, catalogue and ``more`` records, as a build makes it."""
    catalogue = Catalogue(data)
    identity, review = Statements(graph_iri("identity")), Statements(graph_iri("review"))
    documents: list[Statements] = []
    for folder in find_documents(data):
        documents += state_document(read_document(folder), catalogue, identity, review)
    identity_decisions(identity, data)
    facts = [*facts_of_catalogue(catalogue), *more]
    if shuffled is not None:
        shuffled.shuffle(facts)
    records = Records(facts, studies_of_catalogue(catalogue))
    said = [
        *assertions_of(identity),
        *assertions_of_links(documents),
        *assertions_of_catalogue(catalogue),
        *assertions_of_facts(records),
    ]
    if shuffled is not None:
        shuffled.shuffle(said)
    return resolve(said, records, catalogue.numbers), catalogue


@cache
def labels() -> dict[str, list[dict[str, str]]]:
    content: dict[str, list[dict[str, str]]] = YAML(typ="safe").load(LABELS.read_text(encoding="utf-8"))
    return content


def found_relation(found: Resolution, one: str, other: str) -> tuple[str, Pair]:
    """Return how the resolution relates two things (``study/mist``, ``registration/NCT00273364``), and which way."""
    study, its = (found.final(found.study_of.get(BASE + t, BASE + t)) for t in (one, other))
    if study == its:
        return "same-study", _unordered(one, other)
    if _is_part(found, study, its):
        return "part-of", (one, other)
    if _is_part(found, its, study):
        return "part-of", (other, one)
    return "not-same", _unordered(one, other)


def figures(found: Resolution) -> list[Figures]:
    """Return the figures of each relation.

    Same and part are compared over all pairs of things that any label names, since every pair of numbers of one study
    is labelled; ``not-same`` over the pairs that have a label, since not all others were written down.
    """
    wanted: dict[str, set[Pair]] = {r: set() for r in RELATIONS}
    for label in labels()["labels"]:
        pair = (label["subject"], label["object"])
        wanted[label["relation"]].add(pair if label["relation"] == "part-of" else _unordered(*pair))
    undecided = {_unordered(u["subject"], u["object"]) for u in labels()["undecided"]}
    labelled = {_unordered(*pair) for pairs in wanted.values() for pair in pairs}
    things = sorted({thing for pair in labelled for thing in pair})
    got: dict[str, set[Pair]] = {r: set() for r in RELATIONS}
    for one, other in combinations(things, 2):
        if (one, other) not in undecided:
            relation, pair = found_relation(found, one, other)
            if relation != "not-same" or pair in labelled:
                got[relation].add(pair)
    return [
        Figures(
            r,
            len(wanted[r]),
            len(got[r]),
            len(wanted[r] & got[r]),
            tuple(sorted(wanted[r] - got[r])),
            tuple(sorted(got[r] - wanted[r])),
        )
        for r in RELATIONS
    ]


def _unordered(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def _is_part(found: Resolution, part: str, whole: str) -> bool:
    wholes = {w for p, w in found.parts if p == part}
    return whole in wholes or any(_is_part(found, w, whole) for w in wholes)
