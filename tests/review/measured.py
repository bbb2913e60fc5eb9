"""How good the rules are: what they found of what is known from reading, and how much of what they find is right."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter
from rdflib import RDFS, SKOS

from msevidence.loaders.review.running import RuleRun
from msevidence.loaders.review.stating import finding_iri
from msevidence.loaders.review.view import View
from msevidence.loaders.yamlfile import check, read_yaml
from msevidence.ontology.namespaces import MSE, scheme
from tests.review.known import EXPECTED, Known

Judgement = Literal["right", "debatable", "wrong"]


@dataclass(frozen=True)
class Found:
    """A finding of a machine."""

    key: str
    document: str
    """Key."""
    kind: str
    severity: str
    texts: tuple[str, ...]
    """Of the passages that it rests on."""
    message: str


@dataclass(frozen=True)
class Recall:
    """Which entries were found: by their kind, and by any kind of the same group."""

    of: tuple[Known, ...]
    found: tuple[Known, ...]
    by_group: tuple[Known, ...]

    @property
    def missed(self) -> list[Known]:
        return [e for e in self.of if e not in self.found]


def findings(view: View, runs: Iterable[RuleRun]) -> list[Found]:
    """Return what rules found, and what the build itself did: faults of identity, references without an entry."""
    texts = {p.iri: p.text for d in view.documents for p in d.passages}
    found = [
        Found(
            finding_iri(run.rule.name, outcome).rsplit("/", 1)[-1],
            run.document.rsplit("/", 1)[-1],
            run.rule.name,
            str(outcome.severity or run.rule.severity),
            tuple(texts[p] for p in outcome.passages),
            outcome.english,
        )
        for run in runs
        for outcome in run.broken
    ]
    for thing in view.things.of_class(MSE.Finding):
        if thing.values(MSE.reviewRule) or thing.concept(MSE.foundBy) != "machine":
            continue
        label = next((str(t.value) for t in thing.all(RDFS.label) if getattr(t, "language", "") == "en"), "")
        for document in thing.values(MSE.inDocument):
            found.append(
                Found(
                    thing.iri.rsplit("/", 1)[-1],
                    document.rsplit("/", 1)[-1],
                    thing.concept(MSE.findingKind) or "",
                    thing.concept(MSE.severity) or "",
                    tuple(texts[p] for p in thing.values(MSE.statedIn) if p in texts),
                    label,
                )
            )
    return found


def groups(view: View) -> dict[str, str]:
    """Return the group of each kind of finding."""
    kinds = view.things.pointing(SKOS.inScheme, str(scheme("finding-kind", "arithmetic")).rsplit("/", 1)[0])
    return {k.iri.rsplit("/", 1)[-1]: k.concept(SKOS.broader) or k.iri.rsplit("/", 1)[-1] for k in kinds}


def recall(entries: Sequence[Known], found: Iterable[Found], group: Mapping[str, str]) -> Recall:
    """Return which entries were found.

    An entry is found where a finding of its document rests on a passage that holds one of its quotations, and is of
    its kind.
    """
    there = list(found)

    def touched(entry: Known, by_group: bool) -> bool:
        return any(
            f.document == entry.document
            and (f.kind == entry.kind or (by_group and group.get(f.kind) == group.get(entry.kind)))
            and any(quote in text for quote in entry.quotes for text in f.texts)
            for f in there
        )

    return Recall(
        tuple(entries),
        tuple(e for e in entries if touched(e, by_group=False)),
        tuple(e for e in entries if touched(e, by_group=True)),
    )


def judgements() -> dict[str, Judgement]:
    """Return what people judged of findings, by key."""
    path = EXPECTED / "review-precision.yaml"
    return check(path, read_yaml(path), TypeAdapter(dict[str, Judgement]))


def precision(found: Iterable[Found], judged: Mapping[str, Judgement]) -> Counter[str]:
    """Return how many findings are right, debatable, wrong, and not judged."""
    return Counter(judged.get(f.key, "not judged") for f in found)
