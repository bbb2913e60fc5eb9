"""Collects the passages of a JATS article, with their citations, numbers and footnotes, in reading order."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from msevidence.loaders.document import Footnote, ParsedDocument, Passage, PassageKind, Place, Section
from msevidence.loaders.jats_flow import MARKED, Flow, Mark
from msevidence.loaders.jats_markers import Group, Numbering, find_groups, hidden
from msevidence.loaders.jats_metadata import language_tag
from msevidence.loaders.jats_tree import Element
from msevidence.loaders.jats_words import FURNITURE
from msevidence.loaders.languages import JUDGED, foreign_language
from msevidence.loaders.sentences import split_sentences
from msevidence.loaders.text import Normalised, Span, normalise_characters
from msevidence.ontology.identifiers import find_numbers

ATTRIBUTE = re.compile(r"(?:^|[\s:])(?:href|document-id|object-id)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
"""Attributes in which the number of a record may stand."""


@dataclass
class Builder:
    """The document so far; ``section``, ``level`` and ``language`` are those of the passage that comes next."""

    document: ParsedDocument
    numbering: Numbering = field(default_factory=Numbering)
    notes: Mapping[str, Element] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    section: int | None = None
    level: int = 0
    language: str | None = None
    """Where it is not that of the document."""
    paragraphs: int = 0
    labels: dict[str, int] = field(default_factory=dict)
    """How many tables have had a label."""
    links: list[tuple[Span, str]] = field(default_factory=list)
    """Words with the address under them."""
    _anchors: dict[Element, tuple[int, int]] = field(default_factory=dict)
    _footnotes: list[tuple[Element, str, int]] = field(default_factory=list)

    def tell(self, message: str, element: Element) -> None:
        """Note a fault of the file that does not stop the reading."""
        self.faults.append(f"line {element.line}: {message}")

    def flow(self, *leave: str) -> Flow:
        """Return an empty line of text, from which elements named ``leave`` are left out, too."""
        return Flow(self.notes, leave={*FURNITURE, *leave})

    def pass_over(self, element: Element) -> None:
        """Count the text of an element as furniture, or as private."""
        flow = self.flow()
        flow.pass_over(element)
        self._keep(flow)

    def _keep(self, flow: Flow) -> None:
        self.document.furniture += flow.furniture
        self.document.private += flow.private

    def speak(self, element: Element) -> None:
        """Set the language to that which an element says it is in, if it says so."""
        if tag := language_tag(element.attributes.get("lang")):
            self.language = tag if tag != self.document.language else None

    def add(
        self, kind: PassageKind, content: Normalised, *, paragraph: int = 0, place: Place | None = None
    ) -> int | None:
        """Add a passage; returns its index, or ``None`` where nothing visible is in it."""
        if not content.text:
            return None
        language = self.language
        if language is None and kind in JUDGED:
            language = foreign_language(content.text, self.document.language)
        passage = Passage(kind, content, self.section, paragraph, place, language=language)
        self.document.passages.append(passage)
        return len(self.document.passages) - 1

    def open_section(self, title: str, heading: int | None, role: str | None) -> None:
        """Open a section inside the one that is open."""
        parent = self.section
        self.level += 1
        self.section = len(self.document.sections)
        self.document.sections.append(Section(heading, title, self.level, parent, role))
        if heading is not None:
            passages = self.document.passages
            passages[heading] = replace(passages[heading], section=self.section)

    def text(
        self,
        kind: PassageKind,
        flow: Flow,
        *,
        paragraph: int = 0,
        prefix: int = 0,
        whole: bool = False,
        place: Place | None = None,
    ) -> list[int]:
        """Add the sentences of a line of text, or all of it as one passage, with what is marked up in it.

        The first ``prefix`` characters (a caption's label) belong to the first sentence and are not cut.
        """
        content = flow.content()
        self._keep(flow)
        cited = kind is not PassageKind.REFERENCE
        groups = find_groups(content, flow.marks, self.numbering, self._tell_mark) if cited and content.text else []
        added: list[int] = []
        spans = [(0, len(content.text))] if whole else self._sentences(content.text, groups, prefix)
        waiting = list(reversed(groups))
        anchors = list(reversed(flow.anchors))
        for begin, end in spans:
            index = self.add(kind, content.slice(begin, end), paragraph=paragraph, place=place)
            if index is None:
                continue
            added.append(index)
            while waiting and waiting[-1].begin < end:
                self.document.markers.append(waiting.pop().marker(index, begin, content.text))
            while anchors and anchors[-1][1] <= content.ends[end - 1]:
                note, at = anchors.pop()
                offset = max(0, bisect_right(content.ends, at) - begin)
                self._anchors.setdefault(note, (index, offset))
        for mark in flow.marks:
            self._link(mark)
        return added

    def _tell_mark(self, message: str, mark: Mark) -> None:
        self.tell(message, mark.element)

    def _sentences(self, text: str, groups: Sequence[Group], prefix: int) -> list[tuple[int, int]]:
        """Return begin and end of the sentences of a paragraph; markers that hide the end of one are looked through."""
        places = hidden(text, groups)
        covered = {i for a, b in places for i in range(a, b)}
        kept = [i for i in range(len(text)) if i not in covered]
        flat = "".join(text[i] for i in kept)
        spans: list[tuple[int, int]] = []
        behind = list(reversed(places))
        language = self.language or self.document.language
        for begin, end in split_sentences(flat[prefix:], language):
            first, last = kept[begin + prefix], kept[end + prefix - 1] + 1
            while behind and behind[-1][0] < last:
                behind.pop()
            while behind and behind[-1][0] - last < 2 and not text[last : behind[-1][0]].strip():
                _, last = behind.pop()
                last += text[last : last + 1] in (".", ")", "]")
            if spans and spans[-1][1] > first:  # a stop behind the marker is no sentence
                continue
            spans.append((first if spans else 0, last))
        return spans or ([(0, len(text))] if text else [])

    def _link(self, mark: Mark) -> None:
        """Keep the address under some words; one with a number that the words do not print is a passage of its own."""
        element = mark.element
        if element.name not in MARKED - {"xref"}:
            return
        if address := element.attributes.get("href"):
            self.links.append((Span(mark.start, mark.end), address))
        if find_numbers(element.text()):
            return
        source = self.document.source
        for value in ATTRIBUTE.finditer(source, element.start, element.tag_end):
            start, end = value.span(1 if value[1] is not None else 2)
            if find_numbers(source[start:end]):
                self.links.append((Span(start, end), address or source[start:end]))
                self.add(PassageKind.LINK, normalise_characters([(source[i], i, i + 1) for i in range(start, end)]))
                return

    def footnote(self, element: Element, mark: str, passage: int) -> None:
        """Note a footnote; where it is anchored is settled when all marks have been read."""
        self._footnotes.append((element, mark, passage))

    def finish(self) -> None:
        """State footnotes and registry numbers."""
        for element, mark, passage in self._footnotes:
            anchor, offset = self._anchors.get(element, (None, None))
            self.document.footnotes.append(Footnote(mark, passage, anchor, offset))
