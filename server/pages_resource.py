"""The address of a resource: 303 to its page or its data; the page; and the data in every form.

RDF is what the graph says of it (``resources``). CSV and JSON are its statements as a table, and the tables of its
page; SVG is a figure of its page.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from flask import Response, render_template, request, url_for

from msevidence.ontology.iris import Kind
from msevidence.server import (
    answers,
    bibliography_files,
    description,
    exhibit_page,
    i18n,
    jsonld,
    negotiation,
    pages_export,
    pages_links,
    pages_sections,
    pages_view,
    release_files,
    resources,
)
from msevidence.server.errors import NotFound, Words
from msevidence.server.exhibits import Cell, Column, Exhibits, Row, Table, cell
from msevidence.server.facets import Facets
from msevidence.server.findings_shared import shared_findings
from msevidence.server.formats import RDF_FORMATS, Format
from msevidence.server.labels import RDF_TYPE, Labels
from msevidence.server.page_number import page_number
from msevidence.server.pages_links import Value
from msevidence.server.pages_view import View
from msevidence.server.sections.base import Sections
from msevidence.server.store import PageLane, pages

VARY = "Accept-Language"
# A browser's page comes first: it is what a client gets that does not say what it wants.
OFFERED: dict[str, Format[Any]] = {
    "html": Format("html", "text/html", cast(Any, None), resources.HTML, ("application/xhtml+xml",)),
    **RDF_FORMATS,
    "csv": exhibit_page.FORMATS["csv"],
}
STATEMENTS = "statements"
"""The table of a resource's statements, and its name in ``?table=``."""


def answer(path: str) -> Response:
    """Answer at a path.

    Raises:
        NotFound: nothing is there.
    """
    lane = pages()
    asked = resources.address(path)
    kind, _, key = asked.path.partition("/")
    if kind == Kind.RELEASE and (whole := release_files.whole_id(key)):
        suffix = f".{asked.suffix}" if asked.suffix else ""
        return answers.see_other(f"{whole}{suffix}{answers.in_language_asked()}")
    if asked.suffix == resources.HTML:
        return _page(lane, asked.path)
    if asked.suffix in resources.TABULAR:
        return _tables(lane, asked)
    if asked.suffix in resources.REFERENCES:
        return _references(lane, asked)
    if asked.suffix:
        return _rdf(lane, asked)
    resources.find(lane, path)
    kept = answers.in_language_asked()
    if (export := _export(path)) is not None:
        return answers.see_other(f"{'../' * path.count('/')}{export}{kept.replace('?', '&')}")
    suffix = negotiation.choose(OFFERED, request.args.get("format")).suffix
    return answers.see_other(f"{path.rpartition('/')[2]}.{suffix}{kept}")


def _export(path: str) -> str | None:
    """Return the address of the export that is asked for, by ``?format=`` or a registered media type, of a resource.

    What the resource itself is to be had as goes before: Turtle of a study is what is said of it, not all it needs.
    """
    kind = path.partition("/")[0]
    if kind not in pages_export.PARTS:
        return None
    name = request.args.get("format", "")
    if not name:
        offered = {**{f.name: f for f in pages_export.NEGOTIATED.values() if f.name not in RDF_FORMATS}, **OFFERED}
        chosen = negotiation.choose(offered, None)
        name = "" if chosen.name in OFFERED else chosen.name
    return pages_export.address(kind, path.partition("/")[2], name) if name and name not in OFFERED else None


def _rdf(lane: PageLane, asked: resources.Address) -> Response:
    tag = answers.entity_tag(lane.release, asked.path, asked.suffix, negotiation.gzip_wanted())
    if (known := answers.known(tag, asked.format.content_type)) is not None:
        return known
    iri = resources.find(lane, asked.path)
    return answers.compressed(resources.data(lane, iri, asked.format), asked.format.content_type, tag)


def _tables(lane: PageLane, asked: resources.Address) -> Response:
    def make(lane: PageLane, labels: Labels, language: str) -> Exhibits:
        view, sections = _read(lane, labels, resources.find(lane, asked.path), language)
        return exhibits_of(view, sections, language)

    return exhibit_page.answer("", make, asked.suffix)


def _references(lane: PageLane, asked: resources.Address) -> Response:
    """Answer with a publication, a registry record, or those of a study, for a reference manager.

    Raises:
        NotFound: nothing is there, or it is nothing to refer to.
    """
    iri = resources.find(lane, asked.path)
    class_iri = Facets(lane.release, negotiation.language()).first_class(iri, bibliography_files.CLASSES)
    if class_iri is None:
        said = f"<{iri}> is no publication, registry record or study."
        raise NotFound(Words(said, f"<{iri}> er ingen publikasjon, registerpost eller studie."))

    def make(lane: PageLane, labels: Labels, language: str) -> Exhibits:
        return Exhibits(labels(iri).text, subjects=[iri])

    return exhibit_page.answer("", make, asked.suffix, more=bibliography_files.of_class(class_iri))


def _read(lane: PageLane, labels: Labels, iri: str, language: str) -> tuple[View, Sections]:
    view = pages_view.view(lane, labels, iri, language)
    return view, pages_sections.sections(lane, labels, view, language)


def exhibits_of(view: View, sections: Sections, language: str) -> Exhibits:
    """Return what the page of a resource hands out: the tables and figures of its page, and its statements."""
    tables = [*sections.tables, statements(view, language)]
    return Exhibits(view.heading.text, tables, sections.figures, subjects=[view.iri], main=sections.main)


def statements(view: View, language: str) -> Table:
    """Return what is said of a resource as a table: property, value, and the graphs that state it."""
    names = {graph.number: graph.value for graph in view.graphs}

    def row(property_iri: str, label: str, value: Value) -> Row:
        graphs = [cell(names[number]) for number in value.graphs]
        shown = replace(cell(value), language=value.text.language)
        return {"property": Cell(label, iri=property_iri), "value": shown, "graph": graphs}

    types = [row(RDF_TYPE, i18n.text("type", language), value) for value in view.types]
    rows = [row(one.iri, one.label.text, value) for one in view.properties for value in one.values]
    columns = (
        Column("property", i18n.text("property", language), iris=True),
        Column("value", i18n.text("value", language), iris=True),
        Column("graph", i18n.text("graph", language), iris=True),
    )
    return Table(STATEMENTS, i18n.text("properties", language), columns, [*types, *rows])


def _page(lane: PageLane, path: str) -> Response:
    number, inverse = page_number(), request.args.get("inverse")
    language = negotiation.language()
    address = (description.site(), request.path, answers.arguments(), language)
    tag = answers.entity_tag(lane.release, "html", *address, negotiation.gzip_wanted())
    if (known := answers.known(tag, answers.PAGE_TYPE, vary=VARY)) is not None:
        return known
    iri = resources.find(lane, path)
    labels = Labels(lane, language)
    if inverse is not None:
        view = pages_view.view(lane, labels, iri, language)
        group = pages_view.inverse_page(lane, labels, iri, inverse, number)
        html = render_template("inverse.html", release=lane.release, view=view, path=path, group=group)
    else:
        html = _html(lane, labels, iri, path, language)
    return answers.compressed(answers.allowed_in_html(html).encode(), answers.PAGE_TYPE, tag, vary=VARY)


def _html(lane: PageLane, labels: Labels, iri: str, path: str, language: str) -> str:
    view, sections = _read(lane, labels, iri, language)

    def address(suffix: str, **more: Any) -> str:
        return url_for("pages.resource", path=f"{path}.{suffix}", **more)

    return render_template(
        sections.template,
        release=lane.release,
        view=view,
        path=path,
        formats=list(RDF_FORMATS.values()),
        sections=sections,
        exhibits=exhibits_of(view, sections, language),
        address=address,
        page_title=view.heading.text,
        jsonld=jsonld.of_resource(view, sections),
        findings=shared_findings(lane, iri),
        reference_files=bibliography_files.NAMES if {*bibliography_files.CLASSES} & {*view.type_iris} else {},
        kind_of=lambda kind: pages_links.link(lane, labels, kind),
    )
