"""What a document says of studies: descriptions, arms, results, parts, mentions, and who is whom.

A description belongs to its document; the study is shared. Where the words do not name the study, the curator's
decision that they denote it is a node with its reason, and can be undone by deleting its line.
"""

from collections.abc import Iterable
from decimal import Decimal

from rdflib import RDFS, URIRef

from msevidence.loaders.catalogue import Catalogue
from msevidence.loaders.context import DocumentContext
from msevidence.loaders.identity import decide, word_of
from msevidence.loaders.schema import Anchored, ArmEntry, DescriptionEntry, PartEntry, ResultEntry
from msevidence.loaders.statements import Statements, Value, english
from msevidence.loaders.triples_curation import Location, Quotations, dated
from msevidence.loaders.triples_numbers import number_iri
from msevidence.ontology.identifiers import InvalidNumberError, parse_number
from msevidence.ontology.iris import Kind
from msevidence.ontology.namespaces import MSE, PICO, scheme


def study_statements(
    context: DocumentContext, catalogue: Catalogue, identity: Statements, quotations: Quotations
) -> dict[str, URIRef]:
    """State descriptions, parts, mentions and results; returns the description of each table row, by the row's name.

    ``quotations`` are those of this document, by study: each description has the ones about its study.
    """
    rows: dict[str, URIRef] = {}
    arms: dict[tuple[str, str], URIRef] = {}
    for i, entry in enumerate(context.curation.studies):
        iri = _description(context, catalogue, identity, entry, ("studies", i), arms)
        context.curated.add(iri, MSE.hasQuotation, *quotations.get(entry.study, []))
        if entry.row is not None:
            if entry.row in rows:
                raise context.error(f"the row {entry.row!r} is described twice; keep one", ("studies", i, "row"))
            rows[entry.row] = iri
    for i, part in enumerate(context.curation.parts):
        _part(context, catalogue, identity, part, ("parts", i))
    for i, mention in enumerate(context.curation.mentions):
        context.anchored(
            Kind.MENTION,
            MSE.StudyMention,
            mention,
            ("mentions", i),
            {
                MSE.ofStudy: catalogue.study(mention.study, context, ("mentions", i, "study")),
                MSE.mentionRole: english(mention.role),
            },
        )
    for i, result in enumerate(context.curation.results):
        _result(context, catalogue, result, ("results", i), arms)
    return rows


def _description(
    context: DocumentContext,
    catalogue: Catalogue,
    identity: Statements,
    entry: DescriptionEntry,
    at: Location,
    arms: dict[tuple[str, str], URIRef],
) -> URIRef:
    study = catalogue.study(entry.study, context, (*at, "study"))
    publications = [
        catalogue.publication(p, context, (*at, "publications", n)) for n, p in enumerate(entry.publications)
    ]
    properties: dict[URIRef, Value | Iterable[Value]] = {
        MSE.describes: study,
        MSE.studyDesign: context.concepts("study-design", entry.design, (*at, "design")),
        MSE.phase: entry.phase,
        MSE.transplantation: context.concept("transplantation", entry.transplantation, (*at, "transplantation")),
        MSE.statusAsReported: context.concept("status-as-reported", entry.status, (*at, "status")),
        MSE.printedStatus: entry.status_printed,
        MSE.asOf: dated(entry.as_of or context.metadata.published) if entry.status else None,
        MSE.ledBy: [catalogue.organisation(o, context, (*at, "led_by", n)) for n, o in enumerate(entry.led_by)],
        MSE.msType: context.concepts("ms-type", entry.ms_type, (*at, "ms_type")),
        MSE.printedMsType: entry.ms_type_printed,
        MSE.population: english(entry.population),
        MSE.participants: entry.participants,
        MSE.printedParticipants: entry.participants_printed,
        MSE.plannedParticipants: entry.planned_participants,
        MSE.comparator: english(entry.comparator),
        MSE.printedFollowUp: entry.follow_up_printed,
        MSE.place: entry.places,
        MSE.started: dated(entry.started),
        MSE.printedStart: entry.started_printed,
        MSE.ended: dated(entry.ended),
        MSE.printedEnd: entry.ended_printed,
        MSE.listsPublication: publications,
    }
    iri = context.anchored(Kind.STUDY_DESCRIPTION, MSE.StudyDescription, entry, at, properties)
    for publication in publications:
        if not catalogue.reports_elsewhere(publication, study):
            context.curated.add(publication, MSE.reportsOn, study)
    _numbers(context, catalogue, identity, iri, entry.numbers, study, _passages(context, entry, at), at)
    if entry.because is not None:
        passages = _passages(context, entry, at)
        decide(
            identity,
            iri,
            "same-study",
            study,
            rule="described-in-text",
            because=entry.because,
            passages=passages,
            **word_of(context),
        )
    for n, arm in enumerate(entry.arms):
        arms[entry.study, arm.key] = _arm(context, arm, study, iri, (*at, "arms", n))
    return iri


def _arm(context: DocumentContext, arm: ArmEntry, study: URIRef, description: URIRef, at: Location) -> URIRef:
    iri = context.anchored(
        Kind.ARM,
        [MSE.Arm, PICO.InterventionGroup],
        arm,
        at,
        {
            RDFS.label: english(arm.label),
            MSE.armRole: scheme("arm-role", arm.role),
            MSE.treatment: english(arm.treatment),
            PICO.numberOfParticipants: arm.size,
            MSE.printedSize: arm.size_printed,
            MSE.followUp: None if arm.follow_up is None else Decimal(arm.follow_up),
            MSE.followUpUnit: None if arm.follow_up_unit is None else scheme("unit", arm.follow_up_unit + "s"),
            MSE.printedFollowUp: arm.follow_up_printed,
            MSE.ofStudy: study,
        },
    )
    context.curated.add(description, MSE.hasArm, iri)
    return iri


def _part(context: DocumentContext, catalogue: Catalogue, identity: Statements, part: PartEntry, at: Location) -> None:
    study = catalogue.study(part.study, context, (*at, "study"))
    whole = catalogue.study(part.part_of, context, (*at, "part_of"))
    passages = _passages(context, part, at)
    iri = context.anchored(
        Kind.STUDY_DESCRIPTION,
        MSE.StudyDescription,
        part,
        at,
        {MSE.describes: study, MSE.place: part.place, MSE.printedName: part.acronym},
    )
    context.curated.add(study, MSE.partOf, whole)
    context.curated.add(study, MSE.acronym, part.acronym)
    decide(
        identity,
        study,
        "part-of",
        whole,
        rule="site-list",
        because=f"The document lists it, with its own numbers, as the part of the study in {part.place}.",
        passages=passages,
        **word_of(context),
    )
    _numbers(context, catalogue, identity, iri, part.numbers, study, passages, at)


def _passages(context: DocumentContext, entry: Anchored, at: Location) -> list[URIRef]:
    return [context.passages[a.passage] for a in context.anchors.find(entry, at)]


def _numbers(
    context: DocumentContext,
    catalogue: Catalogue,
    identity: Statements,
    description: URIRef,
    numbers: list[str],
    study: URIRef,
    passages: list[URIRef],
    at: Location,
) -> None:
    """State the registrations that a document prints beside a study outside a table of studies.

    Raises CurationError for a number that is none, or that does not stand in ``passages``.
    """
    for n, printed in enumerate(numbers):
        try:
            found = parse_number(printed)
        except InvalidNumberError as e:
            raise context.error(str(e), (*at, "numbers", n)) from e
        registration = catalogue.registration(found)
        context.curated.add(study, MSE.registeredAs, registration)
        mentions = [
            mention
            for mention in context.parsed.numbers
            if mention.normalised == found.normalised and context.passages[mention.passage] in passages
        ]
        if not mentions:
            message = f"{printed!r} is not printed where the quotation stands; correct it, or quote that place, too"
            raise context.error(message, (*at, "numbers", n))
        context.curated.add(description, MSE.hasMention, *(number_iri(context, mention) for mention in mentions))
        decide(
            identity,
            registration,
            "same-study",
            study,
            rule="named-in-text",
            because=f"The document prints {printed} beside the study.",
            passages=passages,
            **word_of(context),
        )


def _result(
    context: DocumentContext,
    catalogue: Catalogue,
    result: ResultEntry,
    at: Location,
    arms: dict[tuple[str, str], URIRef],
) -> None:
    def arm(key: str, field: str) -> URIRef:
        if result.study is None or (result.study, key) not in arms:
            known = sorted(k for s, k in arms if s == result.study)
            raise context.error(f"{key!r} is no arm of {result.study}; its arms are {known}", (*at, field))
        return arms[result.study, key]

    def number(value: str | None) -> Decimal | None:
        return None if value is None else Decimal(value)

    context.anchored(
        Kind.RESULT,
        MSE.Result,
        result,
        at,
        {
            MSE.ofStudy: catalogue.study(result.study, context, (*at, "study")) if result.study else None,
            MSE.ofArm: arm(result.arm, "arm") if result.arm else None,
            MSE.comparedWith: [arm(a, "compared_with") for a in result.compared_with],
            MSE.outcome: context.concepts("outcome", result.outcomes, (*at, "outcome")),
            MSE.measure: english(result.measure),
            MSE.treatment: english(result.treatment),
            MSE.value: number(result.value),
            MSE.valueHigh: number(result.value_high),
            MSE.printedValue: result.value_printed,
            MSE.qualifier: result.qualifier,
            MSE.unit: context.concept("unit", result.unit, (*at, "unit")),
            MSE.denominator: result.denominator,
            MSE.printedDenominator: result.denominator_printed,
            MSE.population: english(result.population),
            MSE.place: result.place,
            MSE.timePoint: english(result.time_point),
            MSE.direction: context.concept("direction", result.direction, (*at, "direction")),
            MSE.isHarm: result.harm,
        },
    )
