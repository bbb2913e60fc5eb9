"""Identity decisions: which things are the same study, which a part of one, which are kept apart, and on whose word.

Each decision is a node (SSSOM: subject, predicate, object, justification) with its rule, its reason and the passages or
addresses it rests on. Nothing is merged by it: the nodes of numbers and studies stay as they are.
"""

from collections.abc import Sequence
from typing import TypedDict

from rdflib import DCTERMS, SKOS, URIRef

from msevidence.loaders.context import DocumentContext
from msevidence.loaders.statements import Statements, english, partial_date
from msevidence.ontology.iris import Kind, mint, short_hash
from msevidence.ontology.namespaces import MSE, SSSOM, scheme

_PREDICATES = {
    "same-study": SKOS.exactMatch,
    "same-publication": SKOS.exactMatch,
    "part-of": DCTERMS.isPartOf,
    "not-same": SKOS.exactMatch,
}
_SEMAPV = "https://w3id.org/semapv/vocab/"
_HAND, _READ = "ManualMappingCuration", "UnspecifiedMatching"
_BY_HAND = frozenset({"curated", "described-in-text"})
"""Rules by which a person decided; by the others a loader read what a document or a record says."""


def decide(
    identity: Statements,
    subject: URIRef,
    relation: str,
    obj: URIRef,
    *,
    rule: str,
    because: str,
    passages: Sequence[URIRef] = (),
    sources: Sequence[str] = (),
    date: str | None = None,
    decided_by: str | None = None,
    document: URIRef | None = None,
) -> URIRef:
    """State one identity decision and return its node.

    ``relation`` and ``rule`` are concepts of their schemes; ``document`` and ``date`` say on whose word, and of when.
    """
    node = decision_iri(subject, relation, obj, rule, because, document)
    identity.node(
        node,
        MSE.IdentityDecision,
        {
            SSSOM.subject_id: subject,
            SSSOM.predicate_id: _PREDICATES[relation],
            SSSOM.object_id: obj,
            SSSOM.predicate_modifier: SSSOM.NegatedPredicate if relation == "not-same" else None,
            SSSOM.mapping_justification: URIRef(_SEMAPV + (_HAND if rule in _BY_HAND else _READ)),
            MSE.relation: scheme("identity-relation", relation),
            MSE.rule: scheme("identity-rule", rule),
            MSE.because: english(because),
            MSE.statedIn: passages,
            MSE.inDocument: document,
            DCTERMS.source: sources,
            DCTERMS.date: None if date is None else partial_date(date),
            MSE.decidedByName: decided_by,
        },
    )
    return node


def decision_iri(subject: str, relation: str, obj: str, rule: str, because: str, document: str | None) -> URIRef:
    """Return the IRI of a decision.

    Two documents that say the same are two decisions: each has its own date, and can be undone alone.
    """
    return mint(Kind.IDENTITY, short_hash(f"{subject} {relation} {obj} {rule} {because} {document or ''}"))


class Word(TypedDict):
    """On whose word a decision stands."""

    document: URIRef
    date: str | None


def word_of(context: DocumentContext) -> Word:
    """Return the document and its date, for a decision that rests on what it prints."""
    return {"document": context.document, "date": context.metadata.published}
