"""What the build itself finds not to add up; the rules of the review are files of their own.

A finding never changes what a document says: it is a node in the graph ``review`` that points to the places.
"""

from collections.abc import Sequence

from rdflib import RDFS

from msevidence.loaders.context import DocumentContext
from msevidence.loaders.lenient import LeftOut
from msevidence.loaders.statements import Statements, Tagged
from msevidence.loaders.triples_citations import Citations
from msevidence.ontology.iris import Kind, mint
from msevidence.ontology.namespaces import MSE, scheme


def unresolved_references(review: Statements, context: DocumentContext, citations: Citations) -> None:
    """State one finding where a document has no reference list and cites numbers, listing them.

    A list that lacks some of its numbers is for the rule citation-without-entry.
    """
    if not citations.missing or context.parsed.references:
        return
    numbers = sorted(citations.missing)
    listed = ", ".join(map(str, numbers))
    kind = "missing-reference-list"
    english = f"The supplied text has no reference list: {len(numbers)} numbers lead to no entry ({listed})."
    norwegian = f"Den leverte teksten har ingen referanseliste: {len(numbers)} numre fører ikke til noe ({listed})."
    review.node(
        mint(Kind.FINDING, f"{context.key}.{kind}"),
        MSE.Finding,
        {
            MSE.foundBy: scheme("finder", "machine"),
            MSE.findingKind: scheme("finding-kind", kind),
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


def reading_faults(review: Statements, context: DocumentContext, faults: Sequence[str]) -> None:
    """State one finding where a loaded article has what its loader could not make sense of, listing all of it."""
    if not faults:
        return
    impossible = context.parsed.impossible
    dated = [
        iri
        for passage, iri in zip(context.parsed.passages, context.passages, strict=True)
        if any(printed in passage.text for printed in impossible)
    ]
    listed = "; ".join(faults)
    review.node(
        mint(Kind.FINDING, f"{context.key}.reading-fault"),
        MSE.Finding,
        {
            MSE.foundBy: scheme("finder", "machine"),
            MSE.findingKind: scheme("finding-kind", "reading-fault"),
            MSE.severity: scheme("severity", "warning"),
            RDFS.label: [
                Tagged(f"Reading the article met {len(faults)} faults: {listed}", "en"),
                Tagged(f"Innlesingen av artikkelen støtte på {len(faults)} feil: {listed}", "nb"),
            ],
            MSE.inDocument: context.document,
            MSE.about: context.document,
            MSE.statedIn: dated or context.passages[:1],
        },
    )


def curation_out_of_step(review: Statements, context: DocumentContext, left_out: Sequence[LeftOut]) -> None:
    """State one finding where the curation says things of words that the text does not have any more, listing them."""
    if not left_out:
        return
    listed = "; ".join(f"{o.place}: {o.because}" for o in left_out)
    review.node(
        mint(Kind.FINDING, f"{context.key}.curation-out-of-step"),
        MSE.Finding,
        {
            MSE.foundBy: scheme("finder", "machine"),
            MSE.findingKind: scheme("finding-kind", "curation-out-of-step"),
            MSE.severity: scheme("severity", "note"),
            RDFS.label: [
                Tagged(f"What the curation says in {len(left_out)} places does not fit the text: {listed}", "en"),
                Tagged(f"Det kurateringen sier {len(left_out)} steder, passer ikke med teksten: {listed}", "nb"),
            ],
            MSE.inDocument: context.document,
            MSE.about: context.document,
            MSE.statedIn: context.passages[:1],
        },
    )
