"""What the curation of a document says, each value anchored in the words it rests on.

People, decisions, expectations, definitions, quotations and inferences. Claims, studies with their results, the
question of a review and its searches have modules of their own (``triples_claims``, ``_studies``, ``_question``,
``_search``).
"""

from rdflib import DCTERMS, FOAF, PROV, RDFS, URIRef

from msevidence.loaders import partial_dates
from msevidence.loaders.catalogue import Catalogue
from msevidence.loaders.context import DocumentContext
from msevidence.loaders.languages import foreign_language
from msevidence.loaders.statements import Tagged, Typed, english, partial_date
from msevidence.loaders.triples_citations import Citations
from msevidence.loaders.triples_text import language_of
from msevidence.ontology.iris import Kind, mint, reference_iri
from msevidence.ontology.namespaces import FABIO, MSE, OA, scheme

Location = tuple[int | str, ...]
Quotations = dict[str, list[URIRef]]
"""The quotations of one document by the key of the study that they are about."""


def curation_statements(context: DocumentContext, catalogue: Catalogue, citations: Citations) -> Quotations:
    """State the sections of the curation that the module's text names; returns the quotations by study."""
    _people(context, catalogue)
    _communications(context, citations)
    _decisions(context, catalogue)
    _expectations(context, catalogue)
    _definitions(context)
    quotations = _quotations(context, catalogue, citations)
    _inferences(context, catalogue, citations)
    _translations(context)
    for i, entry in enumerate(context.curation.not_claims):
        for anchor in context.anchors.find(entry, ("not_claims", i)):
            context.curated.add(context.passages[anchor.passage], MSE.assertsNothing, True)
    return quotations


def dated(value: str | None) -> Typed | None:
    """Return a partial date as a literal."""
    return None if value is None else partial_date(value)


def _people(context: DocumentContext, catalogue: Catalogue) -> None:
    curation = context.curation
    for i, person in enumerate(curation.people):
        at: Location = ("people", i)
        iri = mint(Kind.PERSON, person.person)
        context.curated.node(iri, MSE.Person, {FOAF.name: person.name})
        context.anchored(
            Kind.ROLE,
            MSE.Role,
            person,
            at,
            {
                MSE.person: iri,
                MSE.roleKind: context.concepts("person-role", person.role, (*at, "role")),
                MSE.affiliation: [
                    catalogue.organisation(o, context, (*at, "affiliation", n))
                    for n, o in enumerate(person.affiliation)
                ],
            },
        )
        if "author" in person.role:
            context.curated.add(context.document, DCTERMS.creator, iri)
    known = {p.person for p in curation.people} | {c.person for c in curation.communications}
    for i, interest in enumerate(curation.interests):
        at = ("interests", i)
        if interest.person not in known:
            raise context.error(f"{interest.person!r} is not among the people of this file; add an entry there", at)
        context.anchored(
            Kind.INTEREST,
            MSE.InterestDeclaration,
            interest,
            at,
            {
                MSE.person: mint(Kind.PERSON, interest.person),
                MSE.interestKind: context.concept("interest-kind", interest.kind, (*at, "kind")),
                MSE.organisation: [
                    catalogue.organisation(o, context, (*at, "organisations", n))
                    for n, o in enumerate(interest.organisations)
                ],
                MSE.concernsStudy: [
                    catalogue.study(s, context, (*at, "studies", n)) for n, s in enumerate(interest.studies)
                ],
                MSE.declared: interest.declared,
            },
        )


def _communications(context: DocumentContext, citations: Citations) -> None:
    for i, said in enumerate(context.curation.communications):
        person_iri = mint(Kind.PERSON, said.person)
        context.curated.node(person_iri, MSE.Person, {FOAF.name: said.name})
        communication = context.anchored(
            Kind.COMMUNICATION,
            [MSE.PersonalCommunication, FABIO.PersonalCommunication],
            said,
            ("communications", i),
            {MSE.person: person_iri, MSE.date: dated(said.date)},
        )
        for anchor in context.anchors.find(said, ("communications", i)):
            for claim in citations.claims.get(anchor.passage, []):
                context.text.add(claim, MSE.citesCommunication, communication)


def _decisions(context: DocumentContext, catalogue: Catalogue) -> None:
    for i, entry in enumerate(context.curation.decisions):
        at: Location = ("decisions", i)
        if entry.grounds is not None:
            context.anchors.locate(entry.grounds, (*at, "grounds"))
        context.anchored(
            Kind.DECISION,
            MSE.Decision,
            entry,
            at,
            {
                RDFS.label: Tagged(entry.label, "en"),
                MSE.decisionKey: entry.key,
                MSE.decidedBy: catalogue.organisation(entry.body, context, (*at, "body")) if entry.body else None,
                MSE.date: dated(entry.date),
                MSE.printedDate: entry.date_printed,
                MSE.decisionOutcome: context.concept("decision-outcome", entry.outcome, (*at, "outcome")),
                MSE.grounds: entry.grounds,
                MSE.basedOn: [
                    catalogue.publication(p, context, (*at, "based_on", n)) for n, p in enumerate(entry.based_on)
                ],
            },
        )
    commission = context.curation.commission
    if commission is not None:
        at = ("commission",)
        context.anchored(
            Kind.COMMISSION,
            MSE.Commission,
            commission,
            at,
            {
                MSE.commissionedBy: catalogue.organisation(commission.body, context, (*at, "body")),
                MSE.commissionedTo: catalogue.organisation(commission.to, context, (*at, "to")),
                MSE.date: dated(commission.date),
                MSE.printedDate: commission.date_printed,
            },
        )


def _expectations(context: DocumentContext, catalogue: Catalogue) -> None:
    for i, entry in enumerate(context.curation.expectations):
        at: Location = ("expectations", i)
        context.anchored(
            Kind.EXPECTATION,
            MSE.Expectation,
            entry,
            at,
            {
                MSE.ofStudy: catalogue.study(entry.study, context, (*at, "study")) if entry.study else None,
                MSE.event: context.concept("study-event", entry.event, (*at, "event")),
                MSE.date: dated(entry.date),
                MSE.latestDate: Typed(partial_dates.last_day(entry.date_end or entry.date), "date"),
                MSE.endDate: dated(entry.date_end),
                MSE.printedDate: entry.printed,
                MSE.modality: scheme("modality", entry.modality),
                MSE.asOf: dated(context.metadata.published),
            },
        )


def _definitions(context: DocumentContext) -> None:
    for i, entry in enumerate(context.curation.definitions):
        at: Location = ("definitions", i)
        context.anchored(
            Kind.DEFINITION,
            MSE.Definition,
            entry,
            at,
            {
                MSE.term: Tagged(entry.term, entry.language or context.metadata.language),
                MSE.defines: concept_path(context, entry.concept, (*at, "concept")) if entry.concept else None,
            },
        )


def concept_path(context: DocumentContext, path: str, at: Location) -> URIRef | None:
    """Return the concept written ``scheme/concept``."""
    name, _, concept = path.partition("/")
    return context.concept(name, concept, at)


def _quotations(context: DocumentContext, catalogue: Catalogue, citations: Citations) -> Quotations:
    quotations: Quotations = {}
    for i, entry in enumerate(context.curation.quotations):
        at: Location = ("quotations", i)
        anchors = context.anchors.find(entry, at)
        quoted = catalogue.publication(entry.publication, context, (*at, "publication")) if entry.publication else None
        pointers = [p for a in anchors for p in citations.pointers.get(a.passage, []) if p.number == entry.number]
        if entry.number is not None and not pointers:
            raise context.error(f"no citation ({entry.number}) stands with this quotation", (*at, "number"))
        words = " ".join(a.quote for a in anchors)
        spoken = language_of(context, context.parsed.passages[anchors[0].passage])
        iri = context.anchored(
            Kind.QUOTATION,
            [MSE.Quotation, FABIO.Quotation],
            entry,
            at,
            {
                OA.exact: words,
                DCTERMS.language: foreign_language(words, spoken) or spoken,
                MSE.quotationKind: context.concept("quotation-kind", entry.kind, (*at, "kind")),
                MSE.ofStudy: catalogue.study(entry.study, context, (*at, "study")) if entry.study else None,
                MSE.quotes: quoted,
                PROV.wasQuotedFrom: quoted,
                MSE.hasPointer: [p.iri for p in pointers],
                MSE.number: entry.number,
                MSE.pages: entry.pages,
            },
        )
        if entry.study is not None:
            quotations.setdefault(entry.study, []).append(iri)
    return quotations


def _inferences(context: DocumentContext, catalogue: Catalogue, citations: Citations) -> None:
    for i, entry in enumerate(context.curation.inferences):
        at: Location = ("inferences", i)
        if entry.number not in citations.missing:
            raise context.error(
                f"({entry.number}) is not among the numbers without an entry: {sorted(citations.missing)}",
                (*at, "number"),
            )
        context.anchored(
            Kind.INFERENCE,
            MSE.Inference,
            entry,
            at,
            {
                MSE.about: reference_iri(context.key, entry.number),
                MSE.infersPublication: catalogue.publication(entry.publication, context, (*at, "publication"))
                if entry.publication
                else None,
                MSE.infersName: entry.names,
                MSE.because: english(entry.because),
            },
        )


def _translations(context: DocumentContext) -> None:
    for i, entry in enumerate(context.curation.translations):
        at: Location = ("translations", i)
        translated = context.anchors.locate(entry.quote, (*at, "quote"))
        original = context.anchors.locate(entry.translates, (*at, "translates"))
        for a in translated:
            for b in original:
                context.curated.add(context.passages[a.passage], MSE.translationOf, context.passages[b.passage])
            context.curated.add(context.passages[a.passage], MSE.translationDiffers, entry.differs)
