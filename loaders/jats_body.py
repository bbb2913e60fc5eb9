"""The text of a JATS article: sections, paragraphs, lists, figures, tables, boxes, footnotes and the reference list."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from msevidence.loaders.article_words import INTEREST_HEADINGS, heading_key
from msevidence.loaders.document import PassageKind
from msevidence.loaders.jats_builder import Builder
from msevidence.loaders.jats_floats import read_caption, read_figure, read_table
from msevidence.loaders.jats_flow import MARKED, Flow
from msevidence.loaders.jats_references import CITATIONS, Entry, read_reference
from msevidence.loaders.jats_tables import TABLES, add_table
from msevidence.loaders.jats_tree import Element, Run, in_order
from msevidence.loaders.jats_words import (
    ABSTRACT_ROLES,
    BLOCKS,
    FLOATS,
    FURNITURE,
    INTERESTS,
    MADE_TITLES,
    PART_ROLES,
    PARTS,
    ROLES,
)
from msevidence.loaders.text import squash


def is_block(element: Element) -> bool:
    """Say whether an element stands apart from the line before it: a block, or what holds blocks."""
    if element.name in BLOCKS or element.name in FURNITURE or element.name in MARKED:
        return element.name in BLOCKS
    return any(is_block(e) for e in element.elements())


@dataclass
class Body:
    """Reads elements into the builder. ``entries`` are those of the reference list, by their citation."""

    builder: Builder
    entries: dict[Element, Entry]
    interests: list[int] = field(default_factory=list)
    """Passages that declare interests."""

    def content(
        self, element: Element, kind: PassageKind = PassageKind.SENTENCE, skip: Collection[Element | None] = ()
    ) -> range:
        """Add what an element holds, in its order; returns the range of the new passages."""
        first = len(self.builder.document.passages)
        floats: list[Element] = []
        flow = self.builder.flow()
        if element.name == "p":
            self.builder.paragraphs += 1
        own = self.builder.paragraphs if element.name == "p" else None
        for child in element.children:
            if isinstance(child, Run) or not is_block(child) or (child.name in FLOATS and flow.visible()):
                if not any(child is s for s in skip):
                    flow.take(child, element)
            elif not any(child is s for s in skip):
                floats += self._flush(flow, kind, own)
                flow = self.builder.flow()
                self.block(child, kind)
        floats += self._flush(flow, kind, own)
        for item in floats:
            self.block(item, kind)
        return range(first, len(self.builder.document.passages))

    def _flush(self, flow: Flow, kind: PassageKind, paragraph: int | None) -> list[Element]:
        if paragraph is None and flow.visible():
            self.builder.paragraphs += 1
        self.builder.text(kind, flow, paragraph=paragraph or self.builder.paragraphs)
        return flow.floats

    def block(self, element: Element, kind: PassageKind = PassageKind.SENTENCE) -> None:
        """Add one block."""
        language = self.builder.language
        self.builder.speak(element)
        match element.name:
            case name if name in FURNITURE:
                self.builder.pass_over(element)
            case name if name in PARTS:
                self.section(element, kind)
            case "title" | "subtitle":
                self.line(element, PassageKind.HEADING)
            case "list":
                self._list(element)
            case "def-list":
                self._definitions(element)
            case "fig":
                read_figure(self, element)
            case "table-wrap":
                read_table(self, element)
            case name if name in TABLES:
                self.beside(add_table(self.builder, element, "", None))
            case "boxed-text":
                self.content(element, PassageKind.SIDEBAR)
            case "disp-quote" if "pull" in element.attributes.get("content-type", ""):
                self.line(element, PassageKind.PULL_QUOTE)
            case "fn":
                self.footnote(element)
            case "ref":
                self._reference(element)
            case "caption":
                read_caption(self, None, element, kind)
            case _:
                self.content(element, kind)
        self.builder.language = language

    def beside(self, elements: Sequence[Element]) -> None:
        """Add what stands beside a line of text: floats and footnotes inside it."""
        for element in elements:
            self.block(element)

    def line(self, element: Element, kind: PassageKind, *leave: str) -> list[int]:
        """Add an element as one passage."""
        flow = self.builder.flow(*leave)
        flow.take_all(element)
        added = self.builder.text(kind, flow, whole=True)
        self.beside(flow.floats)
        return added

    def section(self, element: Element, kind: PassageKind = PassageKind.SENTENCE) -> range:
        """Add a section; one without a title, printed or known, is part of what it stands in."""
        builder = self.builder
        before = builder.section, builder.level
        first = len(builder.document.passages)
        label, title = element.first("label"), element.first("title")
        flow = builder.flow()
        for part in in_order(label, title):
            flow.take_all(part)
            flow.space()
        words = title is not None and squash(title.text())
        added = builder.text(PassageKind.HEADING, flow, whole=True)
        made = MADE_TITLES.get(element.name)
        name = builder.document.passages[added[0]].text if added else made
        if name and (words or made or added):
            builder.open_section(name, added[0] if added else None, self._role(element, words or name))
            if element.name == "ref-list" and builder.document.reference_heading is None and added:
                builder.document.reference_heading = added[0]
        self.beside(flow.floats)
        passages = self.content(element, kind, skip=(label, title))
        told = element.attributes.get("sec-type") or element.attributes.get("notes-type") or ""
        if told.lower() in INTERESTS or (words and heading_key(words) in INTEREST_HEADINGS):
            self.interests += passages
        builder.section, builder.level = before
        return range(first, len(builder.document.passages))

    def _role(self, element: Element, title: str) -> str | None:
        """Return what a section does, as it is marked up or titled; ``None`` where that is not one thing."""
        if element.name in ("abstract", "trans-abstract"):
            return ABSTRACT_ROLES.get(element.attributes.get("abstract-type", ""), "abstract")
        if element.name in PART_ROLES:
            return PART_ROLES[element.name]
        types = element.attributes.get("sec-type", "").lower().split("|")
        roles = {role for t in types if (role := ROLES.get(t.strip()))}
        return ROLES.get(heading_key(title)) if not roles else roles.pop() if len(roles) == 1 else None

    def _list(self, element: Element) -> None:
        for child in element.elements():
            if child.name == "list-item":
                label = child.first("label")
                if label is not None:  # a bullet or number
                    self.builder.pass_over(label)
                self.content(child, PassageKind.LIST_ITEM, skip=(label,))
            elif child.name == "label":
                self.builder.pass_over(child)
            else:
                self.block(child) if is_block(child) else self.line(child, PassageKind.LIST_ITEM)

    def _definitions(self, element: Element) -> None:
        for child in element.elements():
            if child.name == "def-item":
                for part in child.elements():
                    if part.name == "term":
                        self.line(part, PassageKind.LIST_ITEM)
                    else:
                        self.content(part, PassageKind.LIST_ITEM)
            elif child.name == "def-list":
                self._definitions(child)
            else:
                self.line(child, PassageKind.LIST_ITEM)

    def footnote(self, element: Element) -> range:
        """Add a footnote: the mark is furniture, since it is no word."""
        label = element.first("label")
        if label is not None:
            self.builder.pass_over(label)
        passages = self.content(element, PassageKind.FOOTNOTE, skip=(label,))
        mark = squash(label.text()) if label is not None else ""
        if passages and mark:
            self.builder.footnote(element, mark, passages[0])
        if element.attributes.get("fn-type", "").lower() in INTERESTS:
            self.interests += passages
        return passages

    def _reference(self, ref: Element) -> None:
        """Add an entry of the reference list, a passage and a reference for each citation in it."""
        label = ref.first("label")
        if label is not None:
            self.builder.pass_over(label)
        citations = ref.elements(*CITATIONS)
        for citation in citations or [ref]:
            flow = self.builder.flow()
            flow.leave = FURNITURE.keys() - {"object-id"}
            if citation is ref:
                for child in ref.children:
                    if child is not label:
                        flow.take(child, ref)
            else:
                flow.take(citation, ref)
            added = self.builder.text(PassageKind.REFERENCE, flow, whole=True)
            self.beside(flow.floats)
            entry = self.entries.get(citation)
            if not added or entry is None:
                self.builder.tell("an entry of the reference list is empty", citation)
                continue
            printed = self.builder.document.passages[added[0]].text
            reference, faults = read_reference(entry, added[0], printed)
            for fault in faults:
                self.builder.tell(f"reference {entry.number}: {fault}", citation)
            self.builder.document.references.append(reference)
        if citations:
            self.content(ref, PassageKind.REFERENCE, skip=(label, *citations))
