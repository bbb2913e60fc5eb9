"""The question of a review: its criteria by element, as PICO; from the curation, or, without one, as printed.

A word such as ``Populasjon`` stands as it is printed (``mse:printedElement``). Which element of PICO it names is the
curator's to say.
"""

from rdflib import URIRef

from msevidence.loaders.anchors import Anchor
from msevidence.loaders.context import DocumentContext
from msevidence.loaders.document import Criterion
from msevidence.loaders.schema import QuestionEntry
from msevidence.loaders.statements import Typed, Value
from msevidence.loaders.triples_curation import Location, concept_path
from msevidence.ontology.iris import Kind, under
from msevidence.ontology.namespaces import MSE, PICO, scheme

_PICO = {
    "population": PICO.population,
    "intervention": PICO.interventionGroup,
    "comparator": PICO.comparatorGroup,
    "outcome": PICO.outcomeGroup,
}


def question_statements(context: DocumentContext) -> None:
    """State the question with its criteria: those of the curation, else those that the loader found in the text."""
    question = under(Kind.QUESTION, context.document)
    if context.curation.question:
        context.curated.node(question, PICO.PICO, {MSE.inDocument: context.document})
        for i, entry in enumerate(context.curation.question):
            _curated(context, question, entry, ("question", i))
    elif context.parsed.criteria:
        context.text.node(question, PICO.PICO, {MSE.inDocument: context.document})
        for number, criterion in enumerate(context.parsed.criteria, 1):
            _printed(context, question, number, criterion)


def _curated(context: DocumentContext, question: URIRef, entry: QuestionEntry, at: Location) -> None:
    quoted = {a.passage for a in context.anchors.find(entry, at)}
    properties: dict[URIRef, Value | list[Value]] = {
        MSE.element: scheme("question-element", entry.element),
        MSE.printedElement: next((c.element for c in context.parsed.criteria if quoted <= set(c.values)), None),
        MSE.included: not entry.excluded,
        MSE.concept: [concept_path(context, c, (*at, "concepts", n)) for n, c in enumerate(entry.concepts)],
        MSE.fromYear: Typed(str(entry.from_year), "gYear") if entry.from_year else None,
        MSE.toYear: Typed(str(entry.to_year), "gYear") if entry.to_year else None,
    }
    criterion = context.anchored(Kind.CRITERION, MSE.Criterion, entry, at, properties)
    context.curated.add(question, MSE.hasCriterion, criterion)
    if entry.element in _PICO and not entry.excluded:
        context.curated.add(question, _PICO[entry.element], criterion)


def _printed(context: DocumentContext, question: URIRef, number: int, criterion: Criterion) -> None:
    iri = under(Kind.CRITERION, context.document, number)
    context.text.node(
        iri,
        MSE.Criterion,
        {
            MSE.printedElement: criterion.element,
            MSE.included: criterion.included,
            MSE.inDocument: context.document,
        },
    )
    values = criterion.values or (criterion.element_passage,)
    context.anchor(iri, [_whole(context, index) for index in values], context.text)
    context.text.add(question, MSE.hasCriterion, iri)


def _whole(context: DocumentContext, index: int) -> Anchor:
    content = context.parsed.passages[index].content
    return Anchor(index, 0, len(content.text), content.text, content.spans())
