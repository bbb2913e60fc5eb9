"""Assertions that stand in the graphs already: decisions of documents and curators, and links beside numbers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import cast

from rdflib import DCTERMS, RDF, URIRef

from msevidence.loaders.identity.confidence import confidence
from msevidence.loaders.identity.model import Assertion, Relation
from msevidence.loaders.identity.records import name_of
from msevidence.loaders.statements import Statements
from msevidence.ontology.iris import Kind, parts
from msevidence.ontology.namespaces import MSE, SSSOM

Fields = dict[str, dict[str, list[str]]]
_PUBLICATIONS = (Kind.PUBLICATION, Kind.DOCUMENT)
_LINK_RULE = "link-leads-to-other-number"


def assertions_of(identity: Statements) -> Iterator[Assertion]:
    """Yield the decisions about studies and registrations that ``decide`` has stated in ``identity``."""
    return (said for said in decisions_in(identity) if parts(said.subject)[0] not in _PUBLICATIONS)


def decisions_in(identity: Statements) -> Iterator[Assertion]:
    """Yield all decisions that are stated in ``identity``, those about publications, too."""
    for fields in _fields(identity, {str(MSE.IdentityDecision)}).values():
        rule = fields[str(MSE.rule)][0].rsplit("/", 1)[1]
        stated = _perhaps(fields, SSSOM.confidence)
        yield Assertion(
            fields[str(SSSOM.subject_id)][0],
            cast(Relation, fields[str(MSE.relation)][0].rsplit("/", 1)[1]),
            fields[str(SSSOM.object_id)][0],
            rule,
            fields[str(MSE.because)][0],
            confidence(rule) if stated is None else float(stated),
            tuple(fields.get(str(DCTERMS.source), ())),
            tuple(fields.get(str(MSE.statedIn), ())),
            _perhaps(fields, MSE.inDocument),
            _perhaps(fields, DCTERMS.date),
            _perhaps(fields, MSE.decidedByName),
        )


def assertions_of_links(documents: Iterable[Statements]) -> Iterator[Assertion]:
    """Yield that a number is not the one that the link beside it leads to, in the graphs of ``documents``.

    Only numbers of one registry are told apart: a link to the record in another registry is how a study with two
    numbers is printed. The study of the row, too, is not that of the number behind the link.
    """
    dates: dict[str, str] = {}
    mentions: Fields = {}
    studies: dict[str, dict[str, str]] = defaultdict(dict)
    for graph in documents:
        for document, fields in _fields(graph, {str(MSE.Document)}).items():
            dates.update((document, date) for date in fields.get(str(DCTERMS.issued), ()))
        mentions.update(_fields(graph, {str(MSE.NumberMention)}))
        for fields in _fields(graph, {str(MSE.StudyDescription)}).values():
            printed_name = fields.get(str(MSE.printedName), ["the study"])[0]
            for mention in fields.get(str(MSE.hasMention), ()):
                studies[mention].update((study, printed_name) for study in fields.get(str(MSE.describes), ()))
    for mention, fields in mentions.items():
        for linked in fields.get(str(MSE.linksToRegistration), ()):
            printed = fields[str(MSE.denotesRegistration)][0]
            if _registry(printed) != _registry(linked):
                continue
            document = fields[str(MSE.inDocument)][0]
            because = f"The document prints {name_of(printed)}, and the link beside it leads to {name_of(linked)}"
            others = [(printed, ".")]
            others += [
                (s, f": no number of {name}, beside which it stands.") for s, name in sorted(studies[mention].items())
            ]
            for other, end in others:
                yield Assertion(
                    linked,
                    "not-same",
                    other,
                    _LINK_RULE,
                    because + end,
                    confidence(_LINK_RULE),
                    tuple(fields.get(str(MSE.link), ())),
                    tuple(fields[str(MSE.inPassage)]),
                    document,
                    dates.get(document),
                )


def _registry(registration: str) -> str:
    kind, key = parts(registration)
    assert kind is Kind.REGISTRATION
    return "".join(c for c in key.partition("-")[0] if c.isalpha())


def _perhaps(fields: dict[str, list[str]], name: URIRef) -> str | None:
    return next(iter(fields.get(str(name), ())), None)


def _fields(graph: Statements, types: set[str]) -> Fields:
    """Return the fields of the nodes of ``graph`` that have one of ``types``."""
    found: Fields = {}
    wanted: set[str] = set()
    for subject, predicate, value in graph.texts():
        found.setdefault(subject, {}).setdefault(predicate, []).append(value)
        if predicate == str(RDF.type) and value in types:
            wanted.add(subject)
    return {subject: fields for subject, fields in found.items() if subject in wanted}
