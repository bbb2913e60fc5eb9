"""What stands around the text of an article: title, rubric, authors with biography and interests, imprint."""

from dataclasses import dataclass, field

from msevidence.loaders.article_blocks import SHORT_WORDS, Block, Look, is_short
from msevidence.loaders.article_builder import Builder
from msevidence.loaders.article_names import (
    MARK,
    POST,
    author_names,
    bare_name,
    is_affiliation,
    is_name,
    is_place,
    names_person,
    statement_of,
)
from msevidence.loaders.article_words import ABOUT_AUTHOR, DATE_WORD, DECLARES
from msevidence.loaders.document import Author, FrontMatter, PartialDate, PassageKind
from msevidence.loaders.printed_dates import find_date
from msevidence.loaders.reference_links import DOI
from msevidence.loaders.text import Span, squash

LOOK_AHEAD = 12
"""Blocks behind the title among which authors, addresses and dates are looked for."""
REACH = 60
"""Characters between a date word and its date: ``first revision submitted on the 3. May`` and the like."""


@dataclass
class _Person:
    name: str
    passages: list[int] = field(default_factory=list)
    interests: list[int] = field(default_factory=list)


@dataclass
class Front:
    """Title, authors, dates and standfirst as they are found."""

    builder: Builder
    title: int | None = None
    people: list[_Person] = field(default_factory=list)
    dates: dict[str, PartialDate] = field(default_factory=dict)
    date_passages: dict[str, int] = field(default_factory=dict)
    doi: str | None = None
    summary: list[int] = field(default_factory=list)

    def read(self, blocks: list[Block], title: str, headings: frozenset[str]) -> int:
        """Read the blocks before the text; returns how many they are.

        ``title`` is that of the metadata: the block that prints it is the title, else the first one is.
        ``headings`` are those that start the text, folded.
        """
        wanted = squash(title).casefold()
        at = next((i for i, b in enumerate(blocks[:6]) if b.text.casefold() == wanted), 0)
        for block in blocks[:at]:
            self._lines(block)
        if not blocks or blocks[at].look in (Look.TABLE, Look.LIST):
            return at
        self.title = next(iter(self.builder.whole(PassageKind.FRONT_MATTER, blocks[at])), None)
        position = at + 1
        while position < len(blocks):
            taken = self._next(blocks, position, headings)
            if not taken:
                if position >= self._end(blocks, position, headings):
                    break
                self._lines(blocks[position])
                taken = 1
            position += taken
        return position

    def _end(self, blocks: list[Block], at: int, headings: frozenset[str]) -> int:
        """Return the end of what can be nothing but front matter: authors, addresses, dates before any running text.

        A title or rubric that nothing else tells may stand between.
        """
        end = at
        for i, block in enumerate(blocks[at : at + LOOK_AHEAD], at):
            if block.text.casefold() in headings or self.builder.text.is_marked(block.start):
                break
            if (
                block.look in (Look.E_MAIL, Look.IMPRINT)
                or self._affiliated(block)
                or len(author_names(block.text)) > 1
            ):
                end = i + 1
            elif block.look is not Look.SHORT and (block.finished or len(block.text.split()) > SHORT_WORDS):
                question = block.text.endswith("?") and is_short(block.text[:-1])
                if not question:
                    break
        return end

    def _printed_lines(self, block: Block) -> list[str]:
        normal = self.builder.text.normal
        ends = []
        position = block.start
        for line in self.builder.text.source[block.start : block.end].splitlines(keepends=True):
            ends.append(normal(position, position + len(line)).text)
            position += len(line)
        return [line for line in ends if line]

    def _affiliated(self, block: Block) -> list[str] | None:
        """Return the authors whom a block names a line each, with post or place; none where it holds only places.

        ``None`` where it is neither.
        """
        if block.look not in (Look.SHORT, Look.PARAGRAPH, Look.LIST):
            return None
        lines = self._printed_lines(block)
        heads = [line.partition(",") for line in lines]
        if all(is_name(h) and (POST.search(rest) or is_affiliation(rest)) for h, _, rest in heads):
            return [bare_name(h) for h, _, _ in heads]
        named = next((n for line in lines if len(n := author_names(line)) > 1), [])
        if named and len(lines) > 1 and all(is_short(line) for line in lines):
            return named
        marked = [line for line in lines if MARK.match(line)]
        if marked and lines[0] == marked[0] and all(is_place(MARK.sub("", line)) for line in marked):
            return []
        return [] if self.people and is_place(lines[0]) else None

    def _next(self, blocks: list[Block], at: int, headings: frozenset[str]) -> int:
        """Read one thing of the front matter; returns the number of blocks, 0 where the text starts."""
        block = blocks[at]
        if block.text.casefold() in headings or self.builder.text.is_marked(block.start):
            return 0
        if statement_of(block.text):
            self.interests(self.builder.paragraph(PassageKind.FRONT_MATTER, block))
            return 1
        if block.look is Look.E_MAIL:
            return 1
        if block.look is Look.FURNITURE:
            self.builder.furniture.append(Span(block.start, block.end))
            return 1
        if block.look is Look.IMPRINT:
            self.imprint(block)
            return 1
        after = next((b for b in blocks[at + 1 :] if b.look is not Look.E_MAIL), None)
        about = self._about_author(block) or self._heads_biography(block, after)
        if not about and (named := self._affiliated(block)) is not None:
            if named:
                self._authors(block, named)
            else:
                self._places(block)
            return 1
        if block.look is Look.PARAGRAPH and not self._about_author(block):
            names = author_names(block.text)
            if len(names) > 2:
                self._authors(block, names)
                return 1
            return 0
        if block.look not in (Look.SHORT, Look.PARAGRAPH):
            return 0
        if block.look is Look.PARAGRAPH:
            self._biography(block)
        elif self._heads_biography(block, after):
            self._authors(block, [_as_name(block.text, after)])
        elif is_affiliation(block.text) and self.people:
            self._places(block)
        elif (names := author_names(block.text)) and self._names_here(block, names, blocks, at):
            self._authors(block, names)
        elif after is not None and after.look is Look.PARAGRAPH and (self.people or not block.text.isupper()):
            return 0
        else:
            self._lines(block)
        return 1

    def _places(self, block: Block) -> None:
        for index in self.builder.paragraph(PassageKind.FRONT_MATTER, block):
            for person in self.people:
                person.passages.append(index)

    def _names_here(self, block: Block, names: list[str], blocks: list[Block], at: int) -> bool:
        """A list of names names authors; one name only before an affiliation or an address."""
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        near = following is not None and (following.look is Look.E_MAIL or is_affiliation(following.text))
        return not self.people and (near or (len(names) > 1 and ("," in block.text or len(names) == 2)))

    def _heads_biography(self, block: Block, after: Block | None) -> bool:
        return after is not None and after.look is Look.PARAGRAPH and _begins_with(after.text, block.text)

    def _about_author(self, block: Block) -> bool:
        if not self.people:
            return False
        person = self.people[-1]
        if _begins_with(block.text, person.name):
            return True
        biography = len(person.passages) > 1
        return bool(ABOUT_AUTHOR.match(block.text) and biography) or bool(DECLARES.search(block.text))

    def _lines(self, block: Block) -> None:
        for index in self.builder.paragraph(PassageKind.FRONT_MATTER, block):
            self._take_doi(self.builder.document.passages[index].text)

    def _authors(self, block: Block, names: list[str]) -> None:
        passages = self.builder.whole(PassageKind.FRONT_MATTER, block)
        self.people += [_Person(name, list(passages)) for name in names]

    def _biography(self, block: Block) -> None:
        """Add a paragraph about the last author; from the sentence that declares on, it declares interests."""
        person = self.people[-1]
        passages = self.builder.paragraph(PassageKind.FRONT_MATTER, block)
        person.passages += passages
        declares = False
        for index in passages:
            declares = declares or bool(DECLARES.search(self.builder.document.passages[index].text))
            if declares:
                person.interests.append(index)

    def interests(self, passages: tuple[int, ...]) -> None:
        """Give sentences of a section on interests to the authors whom they name, or to all where they name none."""
        for index in passages:
            text = self.builder.document.passages[index].text
            named = [p for p in self.people if names_person(text, p.name)]
            for person in named or self.people:
                person.interests.append(index)

    def is_about(self, text: str) -> bool:
        """Say whether a line behind the text names the authors or their place of work again."""
        names = author_names(text)
        known = {person.name for person in self.people}
        return bool(known) and (is_place(text) or (bool(names) and set(names) <= known))

    def imprint(self, block: Block) -> None:
        """Read dates and DOI from a line of the imprint.

        Raises SourceError for a date that the calendar does not have.
        """
        for index in self.builder.paragraph(PassageKind.FRONT_MATTER, block):
            text = self.builder.document.passages[index].text
            words = list(DATE_WORD.finditer(text))
            for word, following in zip(words, [*words[1:], None], strict=False):
                end = min(word.end() + REACH, following.start() if following else len(text))
                key = str(word.lastgroup)
                try:
                    found = find_date(text, word.end(), end)
                except ValueError as e:
                    raise self.builder.text.error(f"{e}; correct it", block.start) from e
                if found and key not in self.dates:
                    self.dates[key] = found[0]
                    self.date_passages[key] = index
            self._take_doi(text)

    def _take_doi(self, text: str) -> None:
        doi = DOI.search(text)
        if doi and self.doi is None:
            self.doi = doi["doi"].rstrip(".,;:")

    def result(self) -> FrontMatter:
        """Return what was found."""
        return FrontMatter(
            title=self.title,
            authors=tuple(Author(p.name, tuple(p.passages), tuple(p.interests)) for p in self.people),
            dates=self.dates,
            date_passages=self.date_passages,
            doi=self.doi,
            summary=tuple(self.summary),
        )


def _begins_with(text: str, name: str) -> bool:
    return text.casefold().startswith(name.casefold()) and not text[len(name) : len(name) + 1].isalnum()


def _as_name(heading: str, after: Block | None) -> str:
    """Return the name in capitals and small letters where the biography prints it so."""
    return after.text[: len(heading)] if after is not None else heading
