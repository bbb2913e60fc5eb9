"""A resolution as statements: each decision with its outcome, the study of each registration, and the findings."""

from collections import defaultdict
from decimal import Decimal as Number

from rdflib import RDFS, URIRef

from msevidence.loaders.identity.decisions import decide, decision_iri
from msevidence.loaders.identity.model import Assertion, Decision, IdentityFinding, Resolution
from msevidence.loaders.statements import Statements, Tagged
from msevidence.ontology.iris import Kind, mint, short_hash
from msevidence.ontology.namespaces import MSE, SSSOM, scheme


def state(resolution: Resolution, identity: Statements, review: Statements) -> None:
    """State ``resolution`` in the graph ``identity``, and its findings in ``review``.

    Decisions that ``identity`` has already keep their nodes, and get their confidence and outcome. What a document says
    of its numbers stays in its graph; ``mse:denotesStudy`` is what holds. Replaced studies are not stated here.
    """
    stopped: dict[IdentityFinding, list[Assertion]] = defaultdict(list)
    for decision in resolution.decisions:
        _state_decision(identity, decision)
        if decision.stopped_by is not None:
            stopped[decision.stopped_by].append(decision.assertion)
    for finding in resolution.findings:
        _state_finding(review, finding, stopped.get(finding, []))
    for study in resolution.minted:
        label = Tagged(study.label, study.language)
        identity.node(URIRef(study.iri), MSE.Study, {RDFS.label: label, MSE.acronym: study.acronym})
    for registration, denoted in resolution.study_of.items():
        identity.add(URIRef(registration), MSE.denotesStudy, URIRef(denoted))
        identity.add(URIRef(denoted), MSE.registeredAs, URIRef(registration))
    for part, whole in resolution.parts:
        identity.add(URIRef(part), MSE.partOf, URIRef(whole))


def decision_of(said: Assertion) -> URIRef:
    """Return the node of the decision that an assertion is."""
    return decision_iri(said.subject, said.relation, said.object, said.rule, said.because, said.document)


def finding_iri(finding: IdentityFinding) -> URIRef:
    """Return the node of a finding."""
    return mint(Kind.FINDING, f"identity.{finding.kind}.{short_hash(' '.join((*finding.about, finding.english)))}")


def _state_decision(identity: Statements, decision: Decision) -> None:
    said = decision.assertion
    node = decide(
        identity,
        URIRef(said.subject),
        said.relation,
        URIRef(said.object),
        rule=said.rule,
        because=said.because,
        passages=[URIRef(p) for p in said.passages],
        sources=said.sources,
        date=said.date,
        decided_by=said.decided_by,
        document=None if said.document is None else URIRef(said.document),
    )
    identity.add(node, SSSOM.confidence, Number(str(said.confidence)))
    identity.add(node, MSE.outcomeOfDecision, scheme("identity-outcome", decision.outcome))
    if decision.stopped_by is not None:
        identity.add(node, MSE.stoppedBy, finding_iri(decision.stopped_by))


def _state_finding(review: Statements, finding: IdentityFinding, stopped: list[Assertion]) -> None:
    review.node(
        finding_iri(finding),
        MSE.Finding,
        {
            MSE.foundBy: scheme("finder", "machine"),
            MSE.findingKind: scheme("finding-kind", finding.kind),
            MSE.severity: scheme("severity", finding.severity),
            RDFS.label: [Tagged(finding.english, "en"), Tagged(finding.norwegian, "nb")],
            MSE.about: [*map(URIRef, finding.about), *map(decision_of, stopped)],
            MSE.inDocument: [URIRef(s.document) for s in stopped if s.document is not None],
            MSE.statedIn: [URIRef(p) for s in stopped for p in s.passages],
        },
    )
