"""The counts of everything for the page of counts: of each document, of each loaded source, and of all together.

What is counted, and why, is told where a count lists what it counts: of numbers, or of a document. Of everything that
would be a list of all studies with the decisions on each; its figures follow from sets of IRIs, and are made here once
a release. A test holds that both ways count alike.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import itemgetter

from msevidence.loaders.index_graph import IndexedGraph
from msevidence.loaders.index_places import Identity, Place, links, members, values
from msevidence.ontology.iris import BASE

ALL, DOCUMENT, SOURCE = "all", "document", "source"
KEPT_APART = "kept_apart"
"""What is counted of everything only: decisions that keep apart or were stopped, and findings about identity."""
ABOUT_IDENTITY = frozenset(
    f"{BASE}scheme/finding-kind/{kind}"
    for kind in (
        "decisions-contradict",
        "kept-apart-yet-joined",
        "part-and-whole",
        "two-studies-joined",
        "other-condition",
        "other-sponsor",
        "two-acronyms",
        "number-shared-by-many",
        "placeholder-number",
        "cycle-of-parts",
        "link-leads-to-other-number",
    )
)
_NOT_SAME = f"{BASE}scheme/identity-relation/not-same"
_ARTICLES = "jats-xml"
"""The format of what is counted as documents, and not as a source."""

Entry = tuple[str, str, str, str]
"""Of a bibliographic entry: itself, the rule that leads to a study, that study, and what it refers to."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What there is of each in one place."""

    kind: str
    """:data:`DOCUMENT`, :data:`SOURCE`, or :data:`ALL`."""
    place: str
    """IRI of the document or source; empty for everything."""
    counts: Mapping[str, int]


def counted(graph: IndexedGraph) -> Iterator[Counted]:
    """Yield the counts of the documents by IRI, of the loaded sources by name, and of everything."""
    identity = Identity(graph)
    total = Place()
    for kind, places in ((DOCUMENT, _documents(graph, identity)), (SOURCE, _sources(graph, identity))):
        for iri, place in places:
            total.add(place)
            yield Counted(kind, iri, place.counts())
        graph.forget()
    yield Counted(ALL, "", {**total.counts(), KEPT_APART: len(_kept_apart(graph))})


def _documents(graph: IndexedGraph, identity: Identity) -> Iterator[tuple[str, Place]]:
    within = partial(values, links(graph, "mse:inDocument"))
    places: dict[str, Place] = {document: Place() for document in sorted(members(graph, "mse:Document"))}

    def at(thing: str) -> list[Place]:
        return [places[document] for document in within(thing) if document in places]

    printed, denoted = links(graph, "mse:printed"), links(graph, "mse:denotesRegistration")
    for mention in members(graph, "mse:NumberMention"):
        if mention in printed:
            for place in at(mention):
                for number in values(denoted, mention):
                    identity.print(place, number, 1)
    described, mentioned = links(graph, "mse:describes"), links(graph, "mse:ofStudy")
    table, row = links(graph, "mse:inTable"), links(graph, "mse:rowNumber")
    for thing in members(graph, "mse:StudyDescription"):
        for place in at(thing):
            for study in values(described, thing):
                identity.count(place, study, listed=thing in table and thing in row)
    for thing in members(graph, "mse:StudyMention"):
        for place in at(thing):
            for study in values(mentioned, thing):
                identity.count(place, study)
    of_document: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in _entries(graph, identity):
        for document in within(entry[0]):
            if document in places:
                of_document[document].append(entry)
    for document, place in places.items():
        _cite(place, identity, sorted(of_document.pop(document, ())))
        yield document, place


def _entries(graph: IndexedGraph, identity: Identity) -> Iterator[Entry]:
    """Yield the entries that stand in the row of a study, or refer to what reports on or registers one."""
    missing = set(members(graph, "mse:MissingReference"))
    targets, entries = links(graph, "biro:references"), links(graph, "mse:hasEntry")
    for description, studies in links(graph, "mse:describes").items():
        for entry in values(entries, description):
            if entry not in missing:
                for node in studies:
                    for target in values(targets, entry) or [""]:
                        yield entry, "in-its-row", node.value, target
    reported = links(graph, "mse:reportsOn")
    registrations = set(members(graph, "mse:Registration"))
    for entry, nodes in targets.items():
        if entry not in missing:
            for target in (node.value for node in nodes):
                for study in values(reported, target):
                    yield entry, "reports-on", study, target
                for study in identity.of_registration(target) if target in registrations else ():
                    yield entry, "registers", study, target


def _cite(place: Place, identity: Identity, entries: Sequence[Entry]) -> None:
    """Count the entries on studies that count, and the studies that are cited: not those of an entry in a row."""
    in_rows = {entry for entry, rule, _, _ in entries if rule == "in-its-row"}
    for entry, rule, study, _ in entries:
        if rule == "reports-on" and entry not in in_rows:
            identity.count(place, study)
    for entry, of_entry in groupby(entries, key=itemgetter(0)):
        fitting = (target for _, _, study, target in of_entry if place.studies.intersection(identity.wholes(study)))
        if (first := next(fitting, None)) is not None:
            place.refer(entry, first)


def _sources(graph: IndexedGraph, identity: Identity) -> Iterator[tuple[str, Place]]:
    labels, formats = links(graph, "rdfs:label"), links(graph, "mse:exportFormat")
    there = [one for one in links(graph, "mse:recordsRead") if set(values(formats, one)) != {_ARTICLES}]
    there.sort(key=lambda one: (min(values(labels, one), default=""), one))
    of_source: defaultdict[str, list[str]] = defaultdict(list)
    for thing, nodes in links(graph, "prov:wasDerivedFrom").items():
        for node in nodes:
            of_source[node.value].append(thing)
    printed, versions = links(graph, "mse:printed"), links(graph, "mse:versionOf")
    given, denoted = links(graph, "mse:hasOtherNumber"), links(graph, "mse:denotesRegistration")
    reported, publications = links(graph, "mse:reportsOn"), set(members(graph, "mse:Publication"))
    for source in there:
        place = Place()
        for thing in of_source.pop(source, ()):
            others = [
                (number, times)
                for other in values(given, thing)
                for number in values(denoted, other)
                if (times := len(printed.get(other, ())))
            ]
            for number, times in others:
                identity.print(place, number, times)
            for target in values(versions, thing):
                if thing in printed:
                    identity.print(place, target, len(printed[thing]), own=True)
                if target in publications:
                    numbers = [number for other in values(given, thing) for number in values(denoted, other)]
                    studies = {*values(reported, target)}.union(*map(identity.of_registration, numbers))
                    for study in studies:
                        identity.count(place, study)
                        place.refer(thing, target)
        yield source, place


def _kept_apart(graph: IndexedGraph) -> set[str]:
    """Return the decisions that keep things apart or were stopped, and the findings about identity."""
    relation, stopped = links(graph, "mse:relation"), links(graph, "mse:stoppedBy")
    subject, object = links(graph, "sssom:subject_id"), links(graph, "sssom:object_id")
    found = {
        one
        for one in members(graph, "mse:IdentityDecision")
        if one in subject
        and one in object
        and (_NOT_SAME in values(relation, one) or (one in stopped and one in relation))
    }
    kind, about = links(graph, "mse:findingKind"), links(graph, "mse:about")
    return found | {
        one for one in members(graph, "mse:Finding") if one in about and ABOUT_IDENTITY.intersection(values(kind, one))
    }
