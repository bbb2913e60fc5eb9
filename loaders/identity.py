"""Identity decisions: which things are the same study, which a part of one, which are kept apart, and on whose word.

Each decision is a node (SSSOM: subject, predicate, object, justification) with its rule, its reason and the passages or
addresses it rests on. Nothing is merged by it: the nodes of numbers and studies stay as they are.
"""

from collections.abc import Sequence

from rdflib import DCTERMS, SKOS, URIRef

from msevidence.loaders.statements import Statements, english, partial_date
from msevidence.ontology.iris import Kind, mint, short_hash
from msevidence.ontology.namespaces import MSE, SSSOM, scheme

_PREDICATES = {"same-study": SKOS.exactMatch, "part-of": DCTERMS.isPartOf, "not-same": SKOS.exactMatch}
_JUSTIFICATION = URIRef("https://w3id.org/semapv/vocab/ManualMappingCuration")


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
) -> URIRef:
    """State one identity decision and return its node. ``relation`` and ``rule`` are concepts of their schemes."""
    node = mint(Kind.IDENTITY, short_hash(f"{subject} {relation} {obj} {rule} {because}"))
    identity.node(
        node,
        MSE.IdentityDecision,
        {
            SSSOM.subject_id: subject,
            SSSOM.predicate_id: _PREDICATES[relation],
            SSSOM.object_id: obj,
            SSSOM.predicate_modifier: SSSOM.NegatedPredicate if relation == "not-same" else None,
            SSSOM.mapping_justification: _JUSTIFICATION,
            MSE.relation: scheme("identity-relation", relation),
            MSE.rule: scheme("identity-rule", rule),
            MSE.because: english(because),
            MSE.statedIn: passages,
            DCTERMS.source: sources,
            DCTERMS.date: None if date is None else partial_date(date),
            MSE.decidedByName: decided_by,
        },
    )
    return node
