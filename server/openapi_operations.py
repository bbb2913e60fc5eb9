"""Every operation of the server, by the endpoint of its route: what ``/openapi.json`` and the page ``/api`` describe.

The lists of formats, filters and orders are those that the pages themselves use; ``tests/test_openapi.py`` fails where
a route is missing here, or one is described that is gone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msevidence.server import (
    count_overview,
    diff_atom,
    diff_patch,
    exhibit_page,
    openapi_questions,
    page_reader,
    pages_count,
    pages_export,
    pages_map,
    pages_results,
    pages_timeline,
    release_files,
    resources,
    results_some,
    search,
    studies_first,
    study_filters,
)
from msevidence.server.bibliography_files import CLASSES as REFERRED
from msevidence.server.bibliography_files import FORMATS as REFERENCES
from msevidence.server.browse_asked import LONGEST
from msevidence.server.browse_columns import KINDS
from msevidence.server.browse_list import CLASSES
from msevidence.server.exports.formats import EXPORTS, ZIP, ExportFormat
from msevidence.server.formats import RDF_FORMATS
from msevidence.server.openapi_model import Choices, Operation, Parameter, iri_of
from msevidence.server.openapi_schemas import KEY, TEXT, Schema, ref
from msevidence.server.openapi_types import HTML, LANG, RDF_TYPES, RESULT_TYPES
from msevidence.server.review_model import SEVERITIES, STANDINGS
from msevidence.server.stretch import FIRST
from msevidence.server.study_profile import DESIGNS, PHASES

JSON, PLAIN, XML = "application/json", "text/plain", "application/xml"
SPARQL_FORM, SPARQL_QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
STUDY = iri_of("Study")
IRI: Schema = {"type": "string", "format": "iri"}
QUERY: Schema = {"type": "string", "format": "sparql"}
"""A query; the format is ours: JSON Schema has none for SPARQL."""
NUMBER_OF_PAGE: Schema = {"type": "integer", "minimum": 1, "maximum": 9_999_999}
NO_SLASH: Schema = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$"}

ANY_FORMAT = Parameter("format")
TURTLE_TYPES: Mapping[str, Schema] = {"text/turtle": TEXT, "application/ld+json": {}}
REFERENCE_TYPES: Mapping[str, Schema] = {
    f.media_type: ref("CslItems") if f.name == "csl" else TEXT for f in REFERENCES.values()
}


def operations(there: Choices) -> Mapping[str, Sequence[Operation]]:
    """Return the operations by endpoint, with the values that this release has."""
    studies = {name: Parameter(name, there.facet(STUDY, name)) for name in ("transplantation", "ms-type", "document")}
    chosen = {
        **studies,
        "design": Parameter("design", there.one_of([*DESIGNS, "not-stated"])),
        "status": Parameter("status", there.one_of(PHASES)),
        "results": Parameter("results", there.one_of([*study_filters.HAS_RESULTS, "not-stated"])),
    }
    documents, study = {"key": ref("DocumentKey")}, Parameter("study", KEY, example=there.example(STUDY) or None)
    by = {name: Parameter(name, there.one_of(values)) for name, values in pages_results.ALLOWED.items()}
    by[FIRST] = Parameter(FIRST, there.one_of([str(results_some.ROOM)]))
    first = Parameter(FIRST, there.one_of([str(studies_first.MOST)]))
    return {
        **_of_the_whole(there),
        "sparql.by_get": [Operation("/sparql", _answers_of_queries(), _sparql_parameters(), tagged=False)],
        "sparql.by_post": [
            Operation("/sparql", _answers_of_queries(), _sparql_parameters()[1:-1], tagged=False, body=_sparql_bodies())
        ],
        "graph_store.read": [
            Operation("/graph", RDF_TYPES, [Parameter("graph", IRI), Parameter("default", flag=True), ANY_FORMAT])
        ],
        "pages.home": _page("/index", "/"),
        "pages.listing": [one for name, iri in CLASSES.items() for one in _list(there, name, iri)],
        "browse.browse": _page("/browse"),
        "browse.things": _lists_of_classes(there),
        "pages.search": _search(there),
        "pages.resource": _resource(there),
        "map.evidence_map": _page("/map", own=[*(chosen[name] for name in pages_map.FILTERS), first]),
        "timeline.timeline": _page(
            "/timeline",
            own=[
                *(chosen[name] for name in pages_timeline.FILTERS),
                Parameter(pages_timeline.MOVED, there.one_of(["later", "not-stated"])),
                Parameter(pages_timeline.SORT, there.one_of(pages_timeline.SORTS)),
                first,
            ],
        ),
        "results.results": _page("/results", own=[by.get(name, Parameter(name)) for name in pages_results.OWN]),
        "compare.compare": _page(
            "/compare", own=[Parameter("document", ref("DocumentKey"), many=True), Parameter("study")]
        ),
        "flow.flow": _page("/flow"),
        "flow.of_document": _page("/flow/{key}", parts=documents),
        "searches.searches": _page("/searches"),
        "vocabulary.vocabulary": _page("/vocabulary"),
        "vocabulary.term": _page("/vocabulary/{key}", parts={"key": TEXT}, examples={"key": "claimText"}),
        "graphs.graphs": _page("/graphs", own=[Parameter("page", NUMBER_OF_PAGE)]),
        "quality.quality": _page("/quality", own=[Parameter("page", NUMBER_OF_PAGE)]),
        "queries.queries": _page("/queries"),
        "questions.ask": openapi_questions.operations(there),
        "count.count": _count(there),
        "review.overview": _page("/review", own=[Parameter("page", NUMBER_OF_PAGE)]),
        "review.document": _review(there, "/review/{key}"),
        "review.report": [Operation("/review/{key}/report", {HTML: TEXT}, _of_review(there)[:-1], documents)],
        "diff.latest": _page("/changes", own=[study]),
        "diff.between": _page("/changes/{before}/{after}", own=[study], parts=_two_releases(there)),
        "diff.as_patch": [
            Operation(
                f"/changes/{{before}}/{{after}}.{diff_patch.SUFFIX}",
                {diff_patch.MEDIA_TYPE: TEXT},
                (),
                _two_releases(there),
            )
        ],
        "diff.feed": [Operation("/changes.atom", {diff_atom.FEED_TYPE: TEXT}, [study, LANG])],
        "export.overview": [
            Operation(
                "/export", {"*/*": {}}, [Parameter("format", there.one_of([*EXPORTS, "html"])), *_of_export(there)]
            )
        ],
        "export.file": [_export(there, one) for one in EXPORTS.values()],
        "nanopub.nanopublication": [
            Operation(
                "/np/{key}/{code}", {"application/trig": TEXT}, (), {"key": KEY, "code": NO_SLASH}, redirects=True
            )
        ],
        "terms.terms": [Operation("/terms.json", {JSON: ref("Terms")})],
        "metrics.metrics": [Operation("/metrics", {PLAIN: TEXT}, tagged=False)],
        "api.overview": [Operation("/api", {HTML: TEXT}, [LANG])],
        "api.of_programs": [Operation("/openapi.json", {JSON: ref("OpenAPI")})],
        "static": [Operation("/static/{filename}", {"*/*": {}}, (), {"filename": TEXT}, {"filename": "site.css"})],
    }


def _of_the_whole(there: Choices) -> Mapping[str, Sequence[Operation]]:
    release = {"release_id": ref("ReleaseId")}
    files, manifest = {**release, "name": TEXT}, {"name": "manifest.json"}
    listed = {JSON: ref("Releases"), HTML: TEXT}
    listing = [Parameter("format", there.one_of([*release_files.OFFERED])), LANG]
    return {
        "dumps.well_known_void": [Operation("/.well-known/void", {}, redirects=True)],
        "dumps.dataset": [
            Operation("/dataset", RDF_TYPES, [Parameter("format", there.one_of([*RDF_FORMATS]))], redirects=True)
        ],
        "dumps.dataset_file": [
            Operation(
                "/dataset.{suffix}", RDF_TYPES, (), {"suffix": there.one_of([f.suffix for f in RDF_FORMATS.values()])}
            )
        ],
        "dumps.all_releases": [Operation("/releases/", listed, listing)],
        "dumps.one_release": [Operation("/releases/{release_id}/", listed, listing, release, redirects=True)],
        "dumps.release_file": [
            Operation("/releases/{release_id}/{name}", {"*/*": {}}, (), files, manifest, tagged=False, redirects=True)
        ],
        "dumps.robots": [Operation("/robots.txt", {PLAIN: TEXT}, tagged=False)],
        "dumps.sitemap": [
            Operation(
                "/sitemap.xml", {XML: TEXT}, [Parameter("part", {"type": "integer", "minimum": 1, "maximum": 999_999})]
            )
        ],
        "dumps.health": [Operation("/health", {JSON: ref("Health")}, tagged=False)],
        "pages.opensearch": [
            Operation("/opensearch.xml", {"application/opensearchdescription+xml": TEXT}, tagged=False)
        ],
    }


def _types(names: Sequence[str], tables: Schema) -> Mapping[str, Schema]:
    """Return media types of a page's forms by the suffixes of their addresses."""
    offered = {f.suffix: f.media_type for f in (*exhibit_page.FORMATS.values(), *REFERENCES.values())}
    schemas = {"json": tables, "jsonld": {}, "csl.json": ref("CslItems")}
    return {offered[name]: schemas.get(name, TEXT) for name in names}


def _page(
    stem: str,
    bare: str = "",
    own: Sequence[Parameter] = (),
    parts: Mapping[str, Schema] | None = None,
    examples: Mapping[str, str] | None = None,
    suffixes: Sequence[str] = tuple(exhibit_page.SUFFIXES.split(", ")),
    tables: Schema | None = None,
    formats: Sequence[str] = (),
) -> list[Operation]:
    """Return the two operations of a page of exhibits: at its address, and with the suffix of a file."""
    tables = tables or ref("Tables")
    names = [*formats, *(f for f in exhibit_page.FORMATS if exhibit_page.FORMATS[f].suffix in (*suffixes, "html"))]
    asked = Parameter("format", Choices.one_of([*names, "ttl"]))
    shared = [LANG, Parameter("table"), Parameter("figure")]
    either = _types(["html", *suffixes], tables)
    of_file = {**(parts or {}), "suffix": Choices.one_of(suffixes)}
    return [
        Operation(bare or stem, either, [*own, asked, *shared], parts or {}, examples or {}),
        Operation(f"{stem}.{{suffix}}", _types(suffixes, tables), [*own, *shared], of_file, examples or {}),
    ]


def _list(there: Choices, name: str, class_iri: str) -> list[Operation]:
    more = [f.suffix for f in REFERENCES.values()] if class_iri in REFERRED else []
    suffixes = [*exhibit_page.SUFFIXES.split(", "), *more]
    own = [*there.facets(class_iri), *_of_list(there, KINDS[class_iri].sorts)]
    return _page(f"/{name}", own=own, suffixes=suffixes, formats=[*REFERENCES] if more else ())


def _of_list(there: Choices, sorts: Sequence[str]) -> list[Parameter]:
    words: Schema = {"type": "string", "maxLength": LONGEST}
    return [Parameter("q", words), Parameter("sort", there.one_of(sorts)), Parameter("page", NUMBER_OF_PAGE)]


def _lists_of_classes(there: Choices) -> list[Operation]:
    suffixes = [*exhibit_page.SUFFIXES.split(", "), *(f.suffix for f in REFERENCES.values())]
    return _page(
        "/browse/{key}",
        own=_of_list(there, ("label",)),
        parts={"key": there.one_of(there.class_keys())},
        suffixes=suffixes,
        formats=[*REFERENCES],
    )


def _search(there: Choices) -> list[Operation]:
    own = [
        Parameter("q", example="NCT00273364"),
        Parameter("kind", there.one_of(search.ORDER)),
        Parameter("page", NUMBER_OF_PAGE),
    ]
    offered = Parameter("format", there.one_of([*page_reader.OFFERED, "ttl"]))
    suffixes = ["json", "csv", "ttl", "jsonld"]
    found = {**_types(["html", *suffixes], ref("Search"))}
    return [
        Operation("/search", found, [*own, offered, LANG], redirects=True),
        Operation(
            "/search.{suffix}", _types(suffixes, ref("Search")), [*own, LANG], {"suffix": there.one_of(suffixes)}
        ),
    ]


def _resource(there: Choices) -> list[Operation]:
    parts = {"kind": ref("Kind"), "key": KEY}
    study = there.example(STUDY)
    examples = {"kind": "study", "key": study} if study else {}
    suffixes = [*(f.suffix for f in RDF_FORMATS.values()), *resources.TABULAR, *resources.REFERENCES, resources.HTML]
    types = {**RDF_TYPES, **_types(["html", "json", "csv", "svg", *resources.REFERENCES], ref("Tables"))}
    shared = [LANG, Parameter("table"), Parameter("figure")]
    return [
        Operation(
            "/{kind}/{key}",
            {},
            [Parameter("format", there.one_of([*RDF_FORMATS, "html", "csv"])), LANG],
            parts,
            examples,
            redirects=True,
        ),
        Operation(
            "/{kind}/{key}.{suffix}",
            types,
            shared,
            {**parts, "suffix": there.one_of(suffixes)},
            {**examples, "suffix": "ttl"},
        ),
    ]


def _count(there: Choices) -> list[Operation]:
    numbers = Parameter(
        "numbers", {"type": "string", "maxLength": pages_count.LONGEST}, example="NCT00273364, NCT03477500"
    )
    own = [numbers, Parameter("document", ref("DocumentKey"))]
    pages_of = [Parameter("page", NUMBER_OF_PAGE)] if count_overview.is_wanted(there.release) else []
    offered = Parameter("format", there.one_of([*page_reader.OFFERED, "ttl"]))
    suffixes = ["json", "csv", "ttl", "jsonld"]
    return [
        Operation("/count", _types(["html", *suffixes], ref("Count")), [*own, *pages_of, offered, LANG]),
        Operation("/count.{suffix}", _types(suffixes, ref("Count")), [*own, LANG], {"suffix": there.one_of(suffixes)}),
    ]


def _of_review(there: Choices) -> list[Parameter]:
    return [
        Parameter("kind"),
        Parameter("severity", there.one_of(SEVERITIES)),
        Parameter("standing", there.one_of([one for one in STANDINGS if one])),
        Parameter("in"),
        LANG,
        Parameter("format", there.one_of([*page_reader.OFFERED, "ttl"])),
    ]


def _review(there: Choices, path: str) -> list[Operation]:
    suffixes = ["json", "csv", "ttl", "jsonld"]
    key = ref("DocumentKey")
    return [
        Operation(path, _types(["html", *suffixes], ref("Review")), _of_review(there), {"key": key}),
        Operation(
            f"{path}.{{suffix}}",
            _types(suffixes, ref("Review")),
            _of_review(there)[:-1],
            {"key": key, "suffix": there.one_of(suffixes)},
        ),
    ]


def _two_releases(there: Choices) -> Mapping[str, Schema]:
    return {"before": ref("ReleaseId"), "after": ref("ReleaseId")}


def _of_export(there: Choices, format: ExportFormat | None = None) -> list[Parameter]:
    """Return what chooses the part of a release that is exported, in one format or on the page of all."""
    if format is not None and not format.parts:
        return [LANG]
    found = [
        Parameter("study", ref("StudyKey"), many=True),
        Parameter("document", ref("DocumentKey"), many=True),
        Parameter("status", there.facet(STUDY, "status-as-reported") if format is None else TEXT, many=True),
        Parameter("query", ref("SelectQuestion")),
        LANG,
    ]
    if format is None or format.module == "networks":
        found.insert(-1, Parameter("graph", there.one_of(pages_export.GRAPHS)))
    if format is None or format.along:
        found.insert(-1, Parameter("along", there.one_of(["yes"])))
    return found


def _export(there: Choices, format: ExportFormat) -> Operation:
    types: dict[str, Schema] = {format.media_type: ref("CslItems") if format.name == "csl" else {}}
    if format.along:
        types[ZIP] = {}
    return Operation(f"/export/{format.name}", types, _of_export(there, format), about=format.name)


def _sparql_parameters() -> list[Parameter]:
    graphs = [Parameter(name, IRI, many=True) for name in ("default-graph-uri", "named-graph-uri")]
    example = "SELECT ?study WHERE { ?study a <https://w3id.org/msevidence/ontology#Study> } LIMIT 5"
    return [
        Parameter("query", QUERY, example=example),
        *graphs,
        ANY_FORMAT,
        Parameter("output"),
        LANG,
        Parameter("example"),
    ]


def _answers_of_queries() -> Mapping[str, Schema]:
    return {**RESULT_TYPES, **RDF_TYPES, HTML: TEXT}


def _sparql_bodies() -> Mapping[str, Schema]:
    fields = {
        "query": QUERY,
        "default-graph-uri": {"type": "array", "items": IRI},
        "named-graph-uri": {"type": "array", "items": IRI},
    }
    form = {"type": "object", "required": ["query"], "properties": fields}
    return {SPARQL_FORM: form, SPARQL_QUERY: QUERY}
