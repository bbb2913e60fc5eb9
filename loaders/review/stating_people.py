"""What people judged and decided, as statements beside what the rules found, and told apart from it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from rdflib import RDFS, URIRef

from msevidence.loaders.lenient import LeftOut
from msevidence.loaders.review.judged import Judged
from msevidence.loaders.review.judged_schema import DecisionEntry, JudgedEntry
from msevidence.loaders.review.outcome import Outcome, Severity
from msevidence.loaders.review.stating import state_finding
from msevidence.loaders.review.view import View
from msevidence.loaders.statements import Statements, Tagged, partial_date
from msevidence.ontology.iris import Kind, mint, under
from msevidence.ontology.namespaces import MSE, scheme


def state_judged(review: Statements, view: View, entry: Judged, outcome: Outcome) -> URIRef:
    """State a finding that a person made, with the reason, the name and the day."""
    kind = entry.kind if isinstance(entry, JudgedEntry) else entry.finding
    severity = outcome.severity or Severity.WARNING
    finding = state_finding(review, view, kind, outcome, severity, "person")
    review.add(finding, MSE.because, entry.because)
    review.add(finding, MSE.decidedByName, entry.decided_by)
    review.add(finding, MSE.date, partial_date(str(entry.date)))
    return finding


def state_decisions(review: Statements, decisions: Mapping[str, DecisionEntry]) -> None:
    """State what people decided on findings, by key of the finding."""
    for key, said in sorted(decisions.items()):
        finding = mint(Kind.FINDING, key)
        review.node(
            under(Kind.REVIEW_DECISION, finding, 1),
            MSE.ReviewDecision,
            {
                RDFS.label: [Tagged(f"{said.decision}: {key}", "en")],
                MSE.ofFinding: finding,
                MSE.reviewDecision: scheme("review-decision", said.decision),
                MSE.because: said.because,
                MSE.decidedByName: said.decided_by,
                MSE.date: partial_date(str(said.date)),
            },
        )


def state_out_of_step(review: Statements, view: View, left_out: Sequence[LeftOut]) -> None:
    """State, in the document that it names, what people said of words or findings that are gone."""
    documents = {document.key: document for document in view.documents}
    told: dict[str, list[LeftOut]] = defaultdict(list)
    for one in left_out:
        name = one.place.partition(", ")[2].partition(".")[0]
        told[name if name in documents else min(documents, default="")].append(one)
    for key, several in sorted(told.items()):
        document = documents.get(key)
        if document is None:
            continue
        listed = "; ".join(f"{one.place}: {one.because}" for one in several)
        review.node(
            mint(Kind.FINDING, f"{key}.curation-out-of-step.review"),
            MSE.Finding,
            {
                MSE.foundBy: scheme("finder", "machine"),
                MSE.findingKind: scheme("finding-kind", "curation-out-of-step"),
                MSE.severity: scheme("severity", "note"),
                RDFS.label: [
                    Tagged(f"What people judged does not fit the text in {len(several)} places: {listed}", "en"),
                    Tagged(f"Det mennesker har vurdert, passer ikke med teksten {len(several)} steder: {listed}", "nb"),
                ],
                MSE.inDocument: URIRef(document.iri),
                MSE.about: URIRef(document.iri),
                MSE.statedIn: [URIRef(p.iri) for p in document.passages[:1]],
            },
        )
