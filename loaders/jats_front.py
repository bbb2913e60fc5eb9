"""What stands before and around the text of a JATS article: title, authors, their places of work, notes, keywords."""

from dataclasses import dataclass, field

from msevidence.loaders.article_names import names_person
from msevidence.loaders.document import Author, PassageKind
from msevidence.loaders.jats_body import Body, is_block
from msevidence.loaders.jats_references import person
from msevidence.loaders.jats_tree import Element
from msevidence.loaders.jats_words import FRONT_FURNITURE, FURNITURE
from msevidence.loaders.text import squash

FRONT = PassageKind.FRONT_MATTER
MARKS = ("xref", "uri", "ext-link", "label", "bio", "aff", "contrib-group")
"""Left out of the line of a person: marks, addresses of profiles, and what is a line of its own."""


@dataclass
class Front:
    """Title, authors and abstract as they are found."""

    body: Body
    title: int | None = None
    people: list[tuple[str, int]] = field(default_factory=list)
    summary: list[int] = field(default_factory=list)

    def read(self, front: Element) -> None:
        """Read a ``front``, or its ``article-meta``."""
        for child in front.elements():
            language = self.body.builder.language
            self.body.builder.speak(child)
            self._part(child)
            self.body.builder.language = language

    def _part(self, element: Element) -> None:
        match element.name:
            case "article-meta":
                self.read(element)
            case name if name in FRONT_FURNITURE or name in FURNITURE:
                self.body.builder.pass_over(element)
            case "title-group" | "trans-title-group":
                self._titles(element)
            case "article-title" | "subtitle" | "trans-title" | "trans-subtitle":
                self._title(element)
            case "contrib-group":
                self._people(element)
            case "title":
                self.body.line(element, FRONT)
            case "aff":
                self.body.line(element, FRONT, "label")
                for label in element.within("label"):
                    self.body.builder.pass_over(label)
            case "author-notes":
                self._notes(element)
            case "abstract" | "trans-abstract":
                passages = self.body.section(element)
                self.summary += passages if element.name == "abstract" else []
            case "kwd-group" | "funding-group" | "custom-meta-group" | "aff-alternatives" | "conference":
                self.read(element)
            case _ if is_block(element):
                self.body.block(element, FRONT)
            case _:
                self._sentences(element)

    def _sentences(self, element: Element) -> None:
        flow = self.body.builder.flow()
        flow.take(element, element)
        self.body.builder.text(FRONT, flow)
        for item in flow.floats:
            self.body.block(item, FRONT)

    def _titles(self, group: Element) -> None:
        for element in group.elements():
            if element.name in FRONT_FURNITURE:
                self.body.builder.pass_over(element)
            elif element.name == "fn-group":
                self.body.block(element, FRONT)
            elif element.name == "trans-title-group":
                self.read_in(element)
            else:
                self._title(element)

    def read_in(self, group: Element) -> None:
        """Read a title in another language."""
        language = self.body.builder.language
        self.body.builder.speak(group)
        self._titles(group)
        self.body.builder.language = language

    def _title(self, element: Element) -> None:
        added = self.body.line(element, FRONT)
        if element.name == "article-title" and self.title is None and added:
            self.title = added[0]

    def _people(self, group: Element) -> None:
        for element in group.elements():
            if element.name == "contrib":
                self._person(element)
            elif element.name in ("aff", "aff-alternatives", "author-notes"):
                self._part(element)
            elif element.name in FRONT_FURNITURE or element.name in FURNITURE:
                self.body.builder.pass_over(element)
            else:
                self._sentences(element)

    def _person(self, element: Element) -> None:
        added = self.body.line(element, FRONT, *MARKS)
        for mark in MARKS:
            for inner in element.within(mark):
                self._beside(inner, element)
        member = any(a.name == "collab" for a in element.above())  # of a group that is the author
        told = element.attributes.get("contrib-type", "author")
        if added and told == "author" and not member and (name := _name(element)):
            self.people.append((name, added[0]))

    def _beside(self, inner: Element, contrib: Element) -> None:
        """Read a biography, a place of work or the members of a group, once; marks are furniture already."""
        nearest = next(a for a in inner.above() if a is contrib or a.name in MARKS)
        if nearest is not contrib:
            return
        if inner.name == "aff":
            self._part(inner)
        elif inner.name == "bio":
            self.body.content(inner, FRONT)
        elif inner.name == "contrib-group":
            self._people(inner)

    def _notes(self, notes: Element) -> None:
        for element in notes.elements():
            if element.name == "fn":
                self.body.footnote(element)
            elif element.name in FURNITURE:
                self.body.builder.pass_over(element)
            else:
                self.body.block(element, FRONT)

    def authors(self) -> tuple[Author, ...]:
        """Return the authors with the passages that declare their interests: those that name them, or name nobody."""
        passages = self.body.builder.document.passages
        declared: dict[int, list[int]] = {}
        for index in dict.fromkeys(self.body.interests):
            named = [i for i, (name, _) in enumerate(self.people) if names_person(passages[index].text, name)]
            for i in named or range(len(self.people)):
                declared.setdefault(i, []).append(index)
        return tuple(Author(name, (p,), tuple(declared.get(i, ()))) for i, (name, p) in enumerate(self.people))


def _name(contrib: Element) -> str | None:
    """Return the name of a person, or of a group without that of its members."""
    for element in contrib.within("name", "string-name"):
        if not any(a.name in ("collab", "contrib-group") for a in element.above() if a is not contrib.parent):
            return person(element, family_first=False) or None
    group = next(contrib.within("collab", "on-behalf-of"), None)
    if group is None:
        return None
    inner = {id(r) for part in group.within("contrib-group", "xref", "email") for r in part.runs()}
    return squash("".join(r.text for r in group.runs() if id(r) not in inner)) or None
