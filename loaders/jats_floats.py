"""Figures and tables of a JATS article with their captions, and what stands below them."""

from typing import TYPE_CHECKING

from msevidence.loaders.document import Figure, PassageKind
from msevidence.loaders.jats_tables import TABLES, add_table
from msevidence.loaders.jats_tree import Element, in_order
from msevidence.loaders.jats_words import FURNITURE
from msevidence.loaders.text import squash

if TYPE_CHECKING:
    from msevidence.loaders.jats_body import Body


def read_caption(body: "Body", label: Element | None, caption: Element | None, kind: PassageKind) -> int | None:
    """Add a caption, its label in its first sentence; returns that sentence."""
    inner = caption.elements() if caption is not None else []
    head = next((e for e in inner if e.name in ("title", "p")), None)
    flow = body.builder.flow()
    prefix = 0
    for part in in_order(label, head):
        flow.take_all(part)
        if part is label:
            flow.space()
            prefix = 0 if head is not None and head.start < part.start else len(squash(part.text())) + 1
    added = body.builder.text(kind, flow, prefix=prefix)
    body.beside(flow.floats)
    if caption is not None:
        rest = body.content(caption, kind, skip=(head,))
        added += rest
    return added[0] if added else None


def read_figure(body: "Body", element: Element) -> None:
    label, caption = element.first("label"), element.first("caption")
    name = squash(label.text()).rstrip(".: ") if label is not None else ""
    first = read_caption(body, label, caption, PassageKind.FIGURE_CAPTION)
    figures = body.builder.document.figures
    figures.append(Figure(name or f"[{len(figures) + 1}]", first))
    body.content(element, PassageKind.FIGURE_TEXT, skip=(label, caption))


def read_table(body: "Body", element: Element) -> None:
    label, caption = element.first("label"), element.first("caption")
    name = squash(label.text()).rstrip(".: ") if label is not None else ""
    first = read_caption(body, label, caption, PassageKind.TABLE_CAPTION)
    tables = _tables(element)
    for table in tables or [None]:
        body.beside(add_table(body.builder, table, name, first))
    for child in element.elements():
        if child in (label, caption) or child.name in (*TABLES, "graphic"):
            continue
        if child.name == "alternatives":
            for other in child.elements():
                if other not in tables:
                    body.builder.pass_over(other)
        elif child.name not in FURNITURE:
            body.content(child, PassageKind.FOOTNOTE)
        else:
            body.builder.pass_over(child)


def _tables(element: Element) -> list[Element | None]:
    found: list[Element | None] = list(element.elements(*TABLES))
    for forms in element.elements("alternatives", "oasis"):
        found += forms.elements(*TABLES)[:1]
    return found
