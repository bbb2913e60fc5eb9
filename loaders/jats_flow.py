"""Text in a line: the characters of an element with their places in the file, and what is marked up among them."""

from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from msevidence.loaders.addresses import E_MAIL
from msevidence.loaders.jats_tree import Element, Run
from msevidence.loaders.jats_words import BLOCKS, CONTACT, FLOATS, FURNITURE, NOTES, SPACED
from msevidence.loaders.text import INVISIBLE, Normalised, Span, normalise_characters

MARKED = frozenset({"xref", "ext-link", "uri", "related-object", "related-article", "inline-supplementary-material"})
CHOICES = ("mixed-citation", "table", "textual-form", "math", "element-citation", "citation", "nlm-citation")
"""Which of several forms of one thing is read, the first that is there."""


@dataclass(frozen=True)
class Mark:
    """An element inside a line; ``start`` and ``end`` are equal where it holds no text."""

    element: Element
    start: int
    end: int
    raised: bool = False


@dataclass
class Flow:
    """Characters in reading order. ``notes`` are the footnotes of the document, by ``id``."""

    notes: Mapping[str, Element] = field(default_factory=dict)
    leave: Collection[str] = frozenset(FURNITURE)
    """Names of elements whose text is left out."""
    characters: list[tuple[str, int, int]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    anchors: list[tuple[Element, int]] = field(default_factory=list)
    """Footnotes whose mark stands here, with the place of the mark."""
    floats: list[Element] = field(default_factory=list)
    furniture: list[Span] = field(default_factory=list)
    private: list[Span] = field(default_factory=list)
    last: Element | None = None
    """The element that ended just here."""

    def visible(self) -> bool:
        return any(not c.isspace() for c, _, _ in self.characters)

    def take(self, item: Element | Run, parent: Element) -> None:
        """Take in a child of ``parent``."""
        if isinstance(item, Run):
            self.characters += item.characters()
            if not item.text.isspace():
                self.last = None
            return
        spaced = parent.name in SPACED and self.last is not None
        if spaced or item.name == "break" or item.name in BLOCKS or item.name == "disp-formula":
            self.space()
        self._element(item)
        if item.name in BLOCKS or item.name == "disp-formula":
            self.space()
        self.last = item

    def take_all(self, element: Element) -> None:
        """Take in all children of an element."""
        for child in element.children:
            self.take(child, element)

    def _element(self, element: Element) -> None:
        if element.name in self.leave:
            self.pass_over(element)
        elif element.name in FLOATS:
            self.floats.append(element)
            if element.name == "fn" and self.characters:
                self.anchors.append((element, self.characters[-1][2]))
        elif element.name in ("alternatives", "citation-alternatives"):
            self._alternatives(element)
        elif element.name in MARKED:
            self._marked(element)
        else:
            self.last = None
            self.take_all(element)

    def pass_over(self, element: Element) -> None:
        """Leave out the text of an element, and count its characters as furniture or as private."""
        spans = [Span(r.start, r.end) for r in element.runs()]
        (self.private if element.name in CONTACT else self.furniture).extend(spans)

    def _alternatives(self, element: Element) -> None:
        forms = [e for e in element.elements() if e.name not in self.leave and e.text()]
        chosen = next((e for name in CHOICES for e in forms if e.name == name), forms[0] if forms else None)
        for form in element.children:
            if form is chosen:
                self._element(chosen)
            elif isinstance(form, Element):
                self.pass_over(form)

    def _marked(self, element: Element) -> None:
        if element.attributes.get("href", "").startswith("mailto:"):
            self.private.append(Span(element.start, element.tag_end))
        note = self.notes.get(element.attributes.get("rid", "")) if element.name == "xref" else None
        raised = _raised(element)
        if note is not None and element.attributes.get("ref-type") in NOTES and (raised or self._touches()):
            place = self.characters[-1][2] if self.characters else element.start
            self.anchors.append((note, place))
            self.furniture += [Span(r.start, r.end) for r in element.runs()]
            return
        before = len(self.characters)
        self.last = None
        self.take_all(element)
        taken = [c for c in self.characters[before:] if not c[0].isspace()]
        start, end = (taken[0][1], taken[-1][2]) if taken else (element.start, element.start)
        self.marks.append(Mark(element, start, end, raised))

    def _touches(self) -> bool:
        return bool(self.characters) and not self.characters[-1][0].isspace()

    def space(self) -> None:
        """Part what follows from what is before; the space has no place in the file."""
        if self._touches():
            end = self.characters[-1][2]
            self.characters.append((" ", end, end))

    def content(self) -> Normalised:
        """Return the text in the declared normalisation, without e-mail addresses."""
        text = "".join(c for c, _, _ in self.characters)
        for mail in reversed(list(E_MAIL.finditer(text)) if "@" in text else []):
            gone = self.characters[mail.start() : mail.end()]
            self.private.append(Span(gone[0][1], gone[-1][2]))
            del self.characters[mail.start() : mail.end()]
        # What is left out of the text, or seems to be no space in the file, has a place all the same.
        self.furniture += [Span(a, b) for c, a, b in self.characters if c in INVISIBLE or (b - a > 1 and c.isspace())]
        return normalise_characters(self.characters)


def _raised(element: Element) -> bool:
    """Say whether a mark is printed raised: it stands in ``sup``, or all of its text does."""
    above = element.parent
    while above is not None and above.name not in BLOCKS:
        if above.name == "sup":
            return True
        above = above.parent
    inner = [e for e in element.elements() if e.name == "sup"]
    return len(inner) == 1 and inner[0].text() == element.text() != ""


def inside(content: Normalised, start: int, end: int) -> tuple[int, int]:
    """Return begin and end of the characters of ``content`` that stand from ``start`` to ``end`` in the file."""
    begin = bisect_left(content.starts, start)
    return begin, max(begin, bisect_left(content.starts, end))
