"""What the build itself finds not to add up; the rules of the review are files of their own.

A finding never changes what a document says: it is a node in the graph ``review`` that points to the places.
"""

from rdflib import RDFS

from msevidence.loaders.context import DocumentContext
from msevidence.loaders.statements import Statements, Tagged
from msevidence.loaders.triples_citations import Citations
from msevidence.ontology.iris import Kind, mint
from msevidence.ontology.namespaces import MSE, scheme


def missing_reference_list(review: Statements, context: DocumentContext, citations: Citations) -> None:
    """State one finding where a document cites numbers and the supplied text has no reference list."""
    if not citations.missing:
        return
    numbers = sorted(citations.missing)
    listed = ", ".join(map(str, numbers))
    count = len(numbers)
    english = f"The supplied text has no reference list: {count} numbers lead to no entry ({listed})."
    norwegian = f"Den leverte teksten har ingen referanseliste: {count} numre fører ikke til noen oppføring ({listed})."
    review.node(
        mint(Kind.FINDING, f"{context.key}.missing-reference-list"),
        MSE.Finding,
        {
            MSE.findingKind: scheme("finding-kind", "missing-reference-list"),
            MSE.severity: scheme("severity", "error"),
            RDFS.label: [Tagged(english, "en"), Tagged(norwegian, "nb")],
            MSE.inDocument: context.document,
            MSE.about: [citations.references[n] for n in numbers],
            MSE.statedIn: [
                context.passages[p]
                for p, pointers in sorted(citations.pointers.items())
                if any(x.number in citations.missing for x in pointers)
            ],
        },
    )
