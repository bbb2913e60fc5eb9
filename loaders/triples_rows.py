"""Rows of tables that list studies: what each says of its study, its registrations, and the works it lists."""

from dataclasses import dataclass

from rdflib import URIRef

from msevidence.loaders.catalogue import Catalogue
from msevidence.loaders.context import DocumentContext
from msevidence.loaders.document import StudyRow
from msevidence.loaders.identity import decide, word_of
from msevidence.loaders.statements import Statements
from msevidence.loaders.text import squash
from msevidence.loaders.triples_listed import entry_statements
from msevidence.loaders.triples_numbers import found_number
from msevidence.ontology.iris import Kind, slug, under
from msevidence.ontology.namespaces import MSE


@dataclass
class _Known:
    """A study that rows of this document make known, with the numbers that they print."""

    name: str
    study: URIRef
    registrations: set[URIRef]


def row_statements(
    context: DocumentContext,
    catalogue: Catalogue,
    identity: Statements,
    described: dict[str, URIRef],
    mentions: list[URIRef],
) -> None:
    """State the rows; ``described`` has the description of each curated row, ``mentions`` the numbers of the text.

    Raises CurationError where the curation names a row that no table has.
    """
    known: list[_Known] = []
    for row in context.parsed.study_rows:
        _row(context, catalogue, identity, row, described, mentions, known)
    names = {squash(row.name) for row in context.parsed.study_rows}
    for i, entry in enumerate(context.curation.studies):
        if entry.row is not None and squash(entry.row) not in names:
            raise context.error(
                f"no row of a table of studies is named {entry.row!r}: {sorted(names)}", ("studies", i, "row")
            )


def _study(
    context: DocumentContext, catalogue: Catalogue, name: str, registrations: set[URIRef], known: list[_Known]
) -> URIRef:
    """Return the study of a row that nobody has curated.

    Rows are never joined on their name alone: the study is that of another row only where they share a number, too.
    """
    named = [k for k in known if squash(k.name).casefold() == squash(name).casefold()]
    for other in named:
        if other.registrations & registrations:
            other.registrations |= registrations
            return other.study
    study = catalogue.study_in_document(context, name, len(named) + 1)
    known.append(_Known(name, study, registrations))
    return study


def _row(
    context: DocumentContext,
    catalogue: Catalogue,
    identity: Statements,
    row: StudyRow,
    described: dict[str, URIRef],
    mentions: list[URIRef],
    known: list[_Known],
) -> None:
    registrations = [catalogue.registration(found_number(context.parsed.numbers[n])) for n in row.numbers]
    curated = next((e for e in context.curation.studies if e.row and squash(e.row) == squash(row.name)), None)
    if curated is not None and curated.row is not None:
        description = described[curated.row]
        study = catalogue.study(curated.study, context, ("studies", context.curation.studies.index(curated), "study"))
        keys = curated.publications
    else:
        description = under(Kind.STUDY_DESCRIPTION, context.document, slug(row.table), row.row)
        study = _study(context, catalogue, row.name, set(registrations), known)
        keys = []
    context.text.node(
        description,
        MSE.StudyDescription,
        {
            MSE.describes: study,
            MSE.inDocument: context.document,
            MSE.statedIn: [context.passages[row.name_passage], *(context.passages[p] for p in row.participants)],
            MSE.printedName: row.name,
            MSE.inTable: context.table(row.table),
            MSE.rowNumber: row.row,
            MSE.description: [context.passages[p] for p in row.descriptions],
            MSE.conclusion: [context.passages[p] for p in row.conclusions],
            MSE.comment: [context.passages[p] for p in row.comments],
            MSE.printedMsType: " ".join(context.parsed.passages[p].text for p in row.participants) or None,
            MSE.hasMention: [mentions[n] for n in row.numbers],
        },
    )
    passages = [context.passages[row.name_passage]]
    for registration in dict.fromkeys(registrations):
        context.text.add(study, MSE.registeredAs, registration)
        decide(
            identity,
            registration,
            "same-study",
            study,
            rule="printed-in-one-row",
            because=f"The document prints the number under the study name {row.name}.",
            passages=passages,
            **word_of(context),
        )
    only = registrations[0] if len(set(registrations)) == 1 else None
    for number, entry in enumerate(row.entries, 1):
        listed = under(Kind.LISTED_REFERENCE, context.document, slug(row.table), row.row, number)
        entry_statements(context, catalogue, listed, entry, study, keys, only)
        context.text.add(description, MSE.hasEntry, listed)
