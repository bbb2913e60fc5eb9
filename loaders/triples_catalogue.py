"""The shared catalogues as statements, one named graph a file; each recorded value is a node with its address."""

from rdflib import DCTERMS, FOAF, PROV, RDFS, SKOS, URIRef

from msevidence.loaders.catalogue import Catalogue, File
from msevidence.loaders.catalogue_schema import (
    Organisations,
    PublicationEntry,
    SourceQuotes,
    Studies,
)
from msevidence.loaders.sourced import numbered, outside, source_iri, sourced
from msevidence.loaders.statements import Statements, Tagged, Value, english, year
from msevidence.loaders.triples_registrations import registration_statements
from msevidence.ontology.identifiers import normalise_doi
from msevidence.ontology.iris import Kind, graph_iri, mint, short_hash
from msevidence.ontology.namespaces import FABIO, FRBR, MSE, OA, PRISM, UnknownConceptError, scheme

EXPRESSION = {
    "journal-article": FABIO.JournalArticle,
    "protocol": FABIO.JournalArticle,
    "commentary": FABIO.JournalArticle,
    "position-statement": FABIO.JournalArticle,
    "conference-abstract": FABIO.Abstract,
    "systematic-review": FABIO.ReviewArticle,
    "review-article": FABIO.ReviewArticle,
    "hta-report": FABIO.ReportDocument,
    "newspaper-article": FABIO.NewspaperArticle,
    "web-page": FABIO.WebPage,
}
"""FaBiO expressions by kind of publication; a kind that FaBiO has no expression for stays with the concept alone."""
_WORK = {
    "opinion": FABIO.Opinion,
    "technical-report": FABIO.TechnicalReport,
    "clinical-trial-report": FABIO.ClinicalTrialReport,
    "clinical-trial-design": FABIO.ClinicalTrialDesign,
    "systematic-review": FABIO.SystematicReview,
    "clinical-guideline": FABIO.ClinicalGuideline,
}


def catalogue_statements(catalogue: Catalogue) -> list[Statements]:
    """Return the graphs of the catalogues. Call it after the documents: it covers every number that they name."""
    return [
        _studies(catalogue.files["studies"]),
        _organisations(catalogue.files["organisations"]),
        _publications(catalogue),
        registration_statements(catalogue),
        _source_quotes(catalogue),
    ]


def _studies(file: File) -> Statements:
    graph = Statements(graph_iri("studies"))
    content: Studies = file.model
    for key, entry in content.studies.items():
        graph.node(
            mint(Kind.STUDY, key),
            MSE.Study,
            {
                RDFS.label: Tagged(entry.label, entry.language),
                MSE.acronym: entry.acronym,
                MSE.alternativeName: [Tagged(n.name, n.language) for n in entry.alternative_names],
                MSE.studyDesign: [_concept(file, "study-design", d, ("studies", key, "design")) for d in entry.design],
                DCTERMS.source: entry.where,
                MSE.note: english(entry.note),
            },
        )
    return graph


def _concept(file: File, scheme_name: str, name: str, at: tuple[int | str, ...]) -> URIRef:
    try:
        return scheme(scheme_name, name)
    except UnknownConceptError as e:
        raise file.error(str(e), at) from e


def _organisations(file: File) -> Statements:
    graph = Statements(graph_iri("organisations"))
    content: Organisations = file.model
    for key, entry in content.organisations.items():
        at = ("organisations", key, "kind")
        graph.node(
            mint(Kind.ORGANISATION, key),
            MSE.Organisation,
            {
                RDFS.label: Tagged(entry.name, entry.language),
                FOAF.name: entry.name,
                SKOS.altLabel: [Tagged(n.name, n.language) for n in entry.alternative_names],
                MSE.organisationKind: _concept(file, "organisation-kind", entry.kind, at) if entry.kind else None,
                DCTERMS.source: entry.where,
                MSE.note: english(entry.note),
            },
        )
    return graph


def _publications(catalogue: Catalogue) -> Statements:
    graph = Statements(graph_iri("publications"))
    file = catalogue.files["publications"]
    derived = source_iri(file.model.derived_from.sha256)
    for key, entry in catalogue.publications.items():
        iri = catalogue.publication_iri(key)
        at = ("publications", key)
        if entry.document is None:
            graph.node(iri, [MSE.Publication], {RDFS.label: Tagged(entry.label, entry.language)})
            if entry.kind in EXPRESSION:
                graph.node(iri, EXPRESSION[entry.kind], {})
            graph.add(
                iri, MSE.publicationKind, _concept(file, "publication-kind", entry.kind, at) if entry.kind else None
            )
            if entry.work is not None:
                state_work(graph, iri, key, _concept(file, "work-kind", entry.work, at), entry.work)
        graph.add(iri, MSE.because, english(entry.because))
        for number, name, value in numbered(entry.values()):
            for text in value.texts():
                _publication_value(graph, iri, entry, name, text)
            sourced(graph, iri, number, name, value, value.source, None, derived)
        for n, link in enumerate(entry.reports_on):
            study = catalogue.listed_study(link.study, file, (*at, "reports_on", n, "study"))
            graph.add(iri, MSE.reportsOn, study)
            node = mint(Kind.REPORT_LINK, f"{key}.{link.study}")
            graph.node(
                node,
                MSE.ReportLink,
                {
                    MSE.publication: iri,
                    MSE.ofStudy: study,
                    MSE.because: english(link.because),
                    DCTERMS.source: link.where,
                },
            )
    return graph


def state_work(graph: Statements, expression: URIRef, key: str, kind: URIRef, name: str) -> None:
    """State the work that an expression realises; one node is never both (FRBR)."""
    work = mint(Kind.WORK, key)
    graph.node(work, [FRBR.Work, *([_WORK[name]] if name in _WORK else [])], {MSE.workKind: kind})
    graph.add(expression, FRBR.realizationOf, work)


def _publication_value(graph: Statements, iri: URIRef, entry: PublicationEntry, name: str, text: str) -> None:
    document = entry.document is not None
    match name:
        case "title" | "exact_title" if not document:
            graph.add(iri, DCTERMS.title, Tagged(text, entry.language))
        case "journal" if not document:
            graph.add(iri, MSE.container, text)
        case "year" if not document:
            graph.add(iri, MSE.year, text)
            graph.add(iri, DCTERMS.issued, year(text))
        case "doi":
            graph.add(iri, PRISM.doi, normalise_doi(text))
            graph.add(iri, RDFS.seeAlso, outside("DOI", text))
        case "pmid":
            graph.add(iri, FABIO.hasPubMedId, text)
            graph.add(iri, RDFS.seeAlso, outside("PubMed", text))
        case "pmcid":
            graph.add(iri, FABIO.hasPubMedCentralId, text)
            graph.add(iri, RDFS.seeAlso, outside("PMC", text))


def _source_quotes(catalogue: Catalogue) -> Statements:
    graph = Statements(graph_iri("source-quotes"))
    file = catalogue.files["source-quotes"]
    content: SourceQuotes = file.model
    for i, entry in enumerate(content.source_quotes):
        if entry.publication not in catalogue.publications:
            raise file.error(f"{entry.publication!r} is not in publications.yaml", ("source_quotes", i, "publication"))
        publication = catalogue.publication_iri(entry.publication)
        common: dict[URIRef, Value] = {
            MSE.quotes: publication,
            MSE.basis: entry.basis,
            DCTERMS.source: entry.address,
            DCTERMS.language: entry.language,
            PROV.wasDerivedFrom: source_iri(content.derived_from.sha256),
        }
        for quoted in entry.quotes:
            key = f"{entry.publication}.{short_hash(entry.address + quoted.exact)}"
            graph.node(
                mint(Kind.SOURCE_QUOTE, key),
                [MSE.SourceQuote, FABIO.Quotation],
                {**common, OA.exact: quoted.exact, MSE.note: english(quoted.note)},
            )
        if entry.paraphrase is not None:
            key = f"{entry.publication}.{short_hash(entry.address + entry.paraphrase)}"
            graph.node(mint(Kind.SOURCE_QUOTE, key), MSE.SourceQuote, {**common, MSE.paraphrase: entry.paraphrase})
    return graph
