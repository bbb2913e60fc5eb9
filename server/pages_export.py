"""The page ``/export``, and the files that it offers: ``/export/<format>``, for all or for what is chosen.

At ``/export`` itself ``?format=`` says which, or ``Accept``, for the formats whose media type is registered. A resource
leads there too: ``/study/mist?format=fhir``. Exports are made one at a time, so that they leave workers to the pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request, url_for

from msevidence.loaders.index_facets import NOT_STATED
from msevidence.queries import QuestionError, question
from msevidence.server import answers, description, i18n, negotiation, pages_lists
from msevidence.server.errors import BadRequest, NotFound, ResultTooLarge, Words
from msevidence.server.exports.archive import zipped
from msevidence.server.exports.formats import EXPORTS, ZIP, ExportFormat
from msevidence.server.exports.handover import ExportError, Files, Handover, Options
from msevidence.server.exports.refused import UnknownThingError
from msevidence.server.exports.scope import KINDS, STATUSES, STUDY, Scope, Selection, found, names
from msevidence.server.facets import Choice, Facets
from msevidence.server.formats import Format
from msevidence.server.labels import PREFIXES, Labels
from msevidence.server.releases import Release
from msevidence.server.store import PageLane, lanes, pages
from msevidence.server.turns import Turns

blueprint = Blueprint("export", __name__)

CHOICES = ("study", "document", "status")
"""Parameters that may be given several times; each adds to what is chosen, a status narrows studies."""
PARTS = ("study", "document")
"""Kinds of resources, as in their addresses, that an export can be of."""
OTHERS = ("query", "graph", "along")
GRAPHS = ("citation", "identity")
GROUPS: Mapping[str, Sequence[str]] = {
    "tables": ("docx", "html-tables", "xlsx", "csvw"),
    "references": ("ris", "bibtex", "csl"),
    "statements": ("trig", "nquads", "turtle", "jsonld", "rdfxml"),
    "archives": ("ro-crate", "dcat", "void"),
    "others": ("fhir", "nanopub", "sssom", "graphml", "gexf"),
}
"""The formats as the page groups them, by what people do with them."""
OFFERED_MOST = 1_000
"""Studies, and documents, that the form offers to choose, by name; any other can be named in an address."""
LINKED_MOST = 200
"""Things chosen that the page is shown for: it has them in each of its thirty links. A file takes any number."""
LARGEST = 5_000
"""Things of an export that a server makes; each takes some 4 ms, and a larger one is for the command."""
TOGETHER = 24
"""Deadlines of one query that all queries of an export may take: one is made at a time, and has one worker."""
TURNS = Turns(Words("another export is being made", "en annen eksport er under arbeid"))
_HTML = Format("html", "text/html", cast(Any, None), "html", ("application/xhtml+xml",))
NEGOTIATED: Mapping[str, Format[Any]] = {
    "html": _HTML,
    **{f.name: Format(f.name, f.media_type, cast(Any, None), f.suffix) for f in EXPORTS.values() if f.negotiated},
}
"""What ``Accept`` may ask for; a page for who does not say."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an address asks for."""

    selection: Selection
    question: str
    graph: str
    along: bool


@blueprint.get("/export")
def overview() -> Response:
    """Offer all formats, with what of the release is to be exported; or answer with a file."""
    name = request.args.get("format", "") or negotiation.choose(NEGOTIATED, None).name
    return _page() if name.lower() in ("html", _HTML.media_type) else _file(_format(name), "format")


@blueprint.get("/export/<name>")
def file(name: str) -> Response:
    """Answer with a file in this format."""
    return _file(_format(name))


def address(kind: str, key: str, name: str) -> str | None:
    """Return where a study or a document is to be had in a format, from the top of the site; None if it is in none.

    >>> address("study", "mist", "ris"), address("study", "mist", "nothing"), address("study", "mist", "void")
    ('export/ris?study=mist', None, None)
    """
    there = EXPORTS.get(name.lower())
    return f"export/{there.name}?{urlencode({kind: key})}" if there is not None and there.parts else None


def _format(name: str) -> ExportFormat:
    """Return a format by its name, or as ``?format=`` may say it elsewhere: by its suffix or registered media type."""
    asked = name.lower()
    if asked in EXPORTS:
        return EXPORTS[asked]
    for format in EXPORTS.values():
        if asked == format.suffix or (format.negotiated and asked == format.media_type):
            return format
    there = ", ".join(EXPORTS)
    said = f"There is no export in the format {name[:60]!r}; there are: {there}."
    raise NotFound(Words(said, f"Det finnes ingen eksport i formatet {name[:60]!r}, bare: {there}."))


def _page() -> Response:
    lane, language = pages(), negotiation.language()
    address = (description.site(), request.path, answers.arguments(), language)
    tag = answers.entity_tag(lane.release, "export-page", *address, negotiation.gzip_wanted())
    if (known := answers.known(tag, answers.PAGE_TYPE, vary="Accept, Accept-Language")) is not None:
        return known
    chosen = _chosen(("format", *CHOICES, *OTHERS))
    _refuse_many(chosen.selection)
    try:
        scope = Scope(whole=True, named=()) if _is_whole(chosen) else _scope(lane, chosen)
    except UnknownThingError as error:
        raise NotFound(error.said) from error
    counts = _whole_counts(lane) if scope.whole else {kind: len(getattr(scope, kind)) for kind in KINDS}
    labels = Labels(lane, language)
    several = dict(zip(CHOICES, _selected(chosen.selection), strict=True))
    kept = [(name, value) for name, values in several.items() for value in values]
    kept += [(name, value) for name in OTHERS if (value := request.args.get(name))]
    html = render_template(
        "export.html",
        release=lane.release,
        page_title=i18n.text("nav-export", language),
        exports=[(f, _links(f, kept)) for f in EXPORTS.values()],
        groups={group: [(EXPORTS[name], _links(EXPORTS[name], kept)) for name in GROUPS[group]] for group in GROUPS},
        scope=scope,
        counts=list(counts.items()),
        options=_options(lane, labels),
        chosen=several,
        site=description.site(),
    )
    return answers.compressed(
        answers.allowed_in_html(html).encode(), answers.PAGE_TYPE, tag, vary="Accept, Accept-Language"
    )


def _selected(selection: Selection) -> Sequence[Sequence[str]]:
    """Return what is chosen by each of CHOICES, each once."""
    return selection.studies, selection.documents, selection.statuses


def _refuse_many(selection: Selection) -> None:
    """Refuse to show the page for more than its links can hold.

    Raises:
        BadRequest: more is chosen.
    """
    if (many := sum(map(len, _selected(selection)))) > LINKED_MOST:
        said = f"{many} things are chosen; this page is shown for up to {LINKED_MOST}. A file is had for any number:"
        nb = f"{many} ting er valgt; denne siden vises for inntil {LINKED_MOST}. En fil kan fås for så mange som helst:"
        raise BadRequest(Words(f"{said} /export/ris?study=…", f"{nb} /export/ris?study=…"))


def _links(format: ExportFormat, kept: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the addresses of a format, each with what tells it from the others of the same format."""
    base = url_for("export.file", name=format.name)
    kinds: list[tuple[str, list[tuple[str, str]]]] = [("", [])]
    if format.module == "networks":
        kinds = [(graph, [("graph", graph)]) for graph in GRAPHS]
    elif format.along:
        kinds.append(("along", [("along", "yes")]))
    found = []
    kept = kept if format.parts else []
    for label, more in kinds:
        names = {name for name, _ in more}
        query = urlencode([*((name, value) for name, value in kept if name not in names), *more])
        joint = "&" if "?" in base else "?"
        found.append((f"{base}{joint}{query}" if query else base, label))
    return found


def _options(lane: PageLane, labels: Labels) -> Mapping[str, list[tuple[str, str, str]]]:
    """Return what may be chosen: the value, what it is called, and in which language."""
    facets = Facets(lane.release, negotiation.language())

    def things(class_name: str) -> list[tuple[str, str, str]]:
        listed = facets.ordered(Choice(PREFIXES["mse"] + class_name), first=OFFERED_MOST)
        return [(iri.rpartition("/")[2], (text := labels(iri)).text, text.language) for iri in listed]

    statuses = sorted({v for facet in STATUSES for v in facets.all_counts(STUDY, facet) if v != NOT_STATED})
    named = {v.rpartition("/")[2]: labels(v) for v in statuses}
    return {
        "study": things("Study"),
        "document": things("Document"),
        "status": [(key, text.text, text.language) for key, text in sorted(named.items())],
    }


def _chosen(known: Sequence[str]) -> Chosen:
    strange = [name for name in request.args if name not in (*known, "lang")]
    if strange:
        said = f"There is no parameter {strange[0][:100]!r} here; there are: {', '.join(known)}, lang."
        raise BadRequest(
            Words(said, f"Det finnes ingen parameter {strange[0][:100]!r} her, bare: {', '.join(known)}, lang.")
        )
    studies, documents, statuses = ([v for v in request.args.getlist(name) if v] for name in CHOICES)
    graph = request.args.get("graph") or GRAPHS[0]
    if graph not in GRAPHS:
        said = f"There is no graph {graph[:60]!r}; there are: {', '.join(GRAPHS)}."
        raise BadRequest(Words(said, f"Det finnes ingen graf {graph[:60]!r}, bare: {', '.join(GRAPHS)}."))
    along = request.args.get("along", "")
    if along not in ("", "yes"):
        said = f"The parameter along is yes or left out, not {along[:60]!r}."
        raise BadRequest(Words(said, f"Parameteren along er yes eller utelatt, ikke {along[:60]!r}."))
    selection = Selection(*(list(dict.fromkeys(values)) for values in (studies, documents, statuses)))
    return Chosen(selection, request.args.get("query", ""), graph, along == "yes")


def _scope(lane: PageLane, chosen: Chosen) -> Scope:
    selection = chosen.selection
    if chosen.question:
        try:
            asked = question(chosen.question)
            bound = {variable.value: term for variable, term in asked.bind({}).items()}
        except QuestionError as error:
            named, own = repr(chosen.question[:60]), "`msevidence export --query`"
            said = f"There is no stored question {named}; /queries lists them. Your own is for {own}."
            nb = f"Det finnes intet lagret spørsmål {named}; /queries lister dem. Et eget er for {own}."
            raise NotFound(Words(said, nb)) from error
        if asked.form != "select":
            said = f"The question {chosen.question} gives no list of things; take one that selects."
            nb = f"Spørsmålet {chosen.question} gir ingen liste av ting; velg et som bruker SELECT."
            raise BadRequest(Words(said, nb))
        rows = lane.select(asked.sparql, bound)
        things = {term.value for row in rows for term in row.values() if isinstance(term, ox.NamedNode)}
        selection = Selection(selection.studies, selection.documents, selection.statuses, sorted(things))
    return found(lane, selection)


def _file(format: ExportFormat, *more: str) -> Response:
    """Answer with an export.

    Args:
        format: of the file.
        more: names of parameters that this address has beside those that choose.

    Raises:
        NotFound: what is chosen is not in the release.
        BadRequest: it can not be had in this format, or a parameter is none of this address.
        ResultTooLarge: it is for the command.
        Unavailable: another export is being made.
    """
    chosen = _chosen((*more, *CHOICES, *OTHERS))
    language, packed = negotiation.language(), format.several or (format.along and chosen.along)
    media_type = ZIP if packed else format.media_type
    content_type = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    vary = "Accept, Accept-Language"
    release = lanes().pages.release()
    response = answers.known(_tag(format, release, language), content_type, vary=vary)
    if response is None:
        with TURNS.turn():  # before a worker is taken: two that wait would have all of the pages'
            lane = pages(TOGETHER)
            name, body = _made(format, chosen, lane, language, packed=packed)
            response = answers.compressed(body, content_type, _tag(format, lane.release, language), vary=vary)
            response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    elif response.status_code == 200:
        name = _name(format, release, chosen, packed=packed)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _tag(format: ExportFormat, release: Release, language: str) -> str:
    asked = (description.site(), format.name, answers.arguments(), language)
    return answers.entity_tag(release, "export", *asked, negotiation.gzip_wanted())


def _name(format: ExportFormat, release: Release, chosen: Chosen, *, packed: bool) -> str:
    """Return what the file is called, without making it."""
    words = [*names(chosen.selection), *(["query"] if chosen.question else [])]
    return _called("-".join(["msevidence", release.id[:12], *words]), format, chosen, packed=packed)


def _called(stem: str, format: ExportFormat, chosen: Chosen, *, packed: bool) -> str:
    stem = f"{stem}-{chosen.graph}" if format.module == "networks" else stem
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-._") else "-" for c in stem)[:100].strip("-.")
    return f"{plain}.{format.suffix}.zip" if packed and not format.several else f"{plain}.{format.suffix}"


def _made(format: ExportFormat, chosen: Chosen, lane: PageLane, language: str, *, packed: bool) -> tuple[str, bytes]:
    """Return the name of the file, and the file."""
    try:
        if _is_whole(chosen):
            _refuse_large(sum(_whole_counts(lane).values()))
        scope = _scope(lane, chosen)
        format.refuse_part(scope)
        _refuse_large(len(scope.things))
        handover = Handover(lane, Labels(lane, language), language, scope, description.site(), Options(chosen.graph))
        files: Files = format.write(handover)
    except UnknownThingError as error:
        raise NotFound(error.said) from error
    except ExportError as error:
        raise BadRequest(error.said) from error
    body = zipped(files) if packed else next(iter(files.values()))
    return _called(handover.stem, format, chosen, packed=packed), body


def _is_whole(chosen: Chosen) -> bool:
    return chosen.selection.whole and not chosen.question


def _whole_counts(lane: PageLane) -> Mapping[str, int]:
    """Return how many things of each kind the whole release has, from its index."""
    counted = pages_lists.counts(lane)
    return {kind: counted[kind] for kind in KINDS}


def _refuse_large(things: int) -> None:
    if things > LARGEST:
        said = f"An export of {things} things is for the command `msevidence export`; a server makes up to {LARGEST}."
        nb = f"Eksport av {things} ting er for kommandoen `msevidence export`; en tjener lager inntil {LARGEST}."
        raise ResultTooLarge(LARGEST, Words(said, nb))
