"""The flow diagram of a report: its boxes with their counts, and the reasons for exclusion that they list."""

from rdflib import RDFS

from msevidence.loaders.context import DocumentContext
from msevidence.loaders.document import FlowBox
from msevidence.loaders.statements import Tagged
from msevidence.ontology.iris import Kind, under
from msevidence.ontology.namespaces import MSE


def flow_statements(context: DocumentContext) -> None:
    """State the boxes of the flow diagram, in their order."""
    for number, box in enumerate(context.parsed.flow, 1):
        _box(context, number, box)


def _box(context: DocumentContext, number: int, box: FlowBox) -> None:
    iri = under(Kind.FLOW_BOX, context.document, number)
    language = context.metadata.language
    context.text.node(
        iri,
        MSE.FlowBox,
        {
            RDFS.label: Tagged(box.label, language),
            MSE.inDocument: context.document,
            MSE.count: box.count,
            MSE.position: number,
            MSE.statedIn: [context.passages[p] for p in box.passages],
        },
    )
    for position, (reason, count, passage) in enumerate(box.reasons, 1):
        node = under(Kind.EXCLUSION_REASON, iri, position)
        context.text.node(
            node,
            MSE.ExclusionReason,
            {
                RDFS.label: Tagged(reason, language),
                MSE.count: count,
                MSE.position: position,
                MSE.statedIn: context.passages[passage],
            },
        )
        context.text.add(iri, MSE.hasReason, node)
    for position, (counted, count, passage) in enumerate(box.further, 1):
        node = under(Kind.BOX_COUNT, iri, position)
        context.text.node(
            node,
            MSE.BoxCount,
            {RDFS.label: Tagged(counted, language), MSE.count: count, MSE.statedIn: context.passages[passage]},
        )
        context.text.add(iri, MSE.hasCount, node)
