"""What stands around the text of an article: title, rubric, authors with biography and interests, imprint."""

import re
from dataclasses import dataclass, field

from msevidence.loaders.article_blocks import Block, Look
from msevidence.loaders.article_builder import Builder
from msevidence.loaders.article_words import ABOUT_AUTHOR, AND, DATE_WORD, DECLARES
from msevidence.loaders.document import Author, FrontMatter, PartialDate, PassageKind
from msevidence.loaders.names import ORGANISATION
from msevidence.loaders.printed_dates import find_date
from msevidence.loaders.references import DOI
from msevidence.loaders.text import squash

NAME = re.compile(r"(?:[^\W\d_][\w'’.-]*\.?)(?:\s+[^\W\d_][\w'’.-]*\.?){1,4}")
DEGREE = re.compile(r",?\s*\b(?:MD|PhD|Ph\.D\.|Dr\. med\.|MSc|BSc|MPH|professor|overlege|dr\.med\.)(?=\W|$)")
UNIT = re.compile(r"\b(?:avdeling|avdelning|klinik|clinic|faculty|fakultet|abteilung|seksjon)", re.I)
REACH = 40
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
                break
            position += taken
        return position

    def _next(self, blocks: list[Block], at: int, headings: frozenset[str]) -> int:
        """Read one thing of the front matter; returns the number of blocks, 0 where the text starts."""
        block = blocks[at]
        if block.text.casefold() in headings or self.builder.text.is_marked(block.start):
            return 0
        if block.look is Look.E_MAIL:
            return 1
        if block.look is Look.IMPRINT:
            self.imprint(block)
            return 1
        after = next((b for b in blocks[at + 1 :] if b.look is not Look.E_MAIL), None)
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
        elif _is_affiliation(block.text) and self.people:
            for index in self.builder.paragraph(PassageKind.FRONT_MATTER, block):
                for person in self.people:
                    person.passages.append(index)
        elif (names := author_names(block.text)) and self._names_here(block, names, blocks, at):
            self._authors(block, names)
        elif after is not None and after.look is Look.PARAGRAPH and (self.people or not block.text.isupper()):
            return 0
        else:
            self._lines(block)
        return 1

    def _names_here(self, block: Block, names: list[str], blocks: list[Block], at: int) -> bool:
        """A list of names names authors; one name only before an affiliation or an address."""
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        near = following is not None and (following.look is Look.E_MAIL or _is_affiliation(following.text))
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
        self.builder.paragraph(PassageKind.FRONT_MATTER, block)

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
            named = [p for p in self.people if re.search(rf"\b{re.escape(p.name.split()[-1])}\b", text)]
            for person in named or self.people:
                person.interests.append(index)

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


def author_names(text: str) -> list[str]:
    """Return the names of a line that holds nothing but names of persons, else nothing.

    >>> author_names("Anna Testsson, Lars Påhittad och Ida af Prov")
    ['Anna Testsson', 'Lars Påhittad', 'Ida af Prov']
    >>> author_names("Original article")
    []
    """
    plain = re.sub(r"(?<=[^\W\d_])[\d*†‡,]*\d(?=\W|$)", "", DEGREE.sub("", re.sub(r"^(?:By|Av|Von)\s+", "", text)))
    pieces = [p.strip(" *†‡") for p in AND.split(plain) if p.strip(" *†‡")]
    return pieces if pieces and all(_is_name(p) for p in pieces) else []


def _is_name(text: str) -> bool:
    words = text.split()
    large = [w for w in words if w[0].isupper()]
    capitals = words[0][0].isupper() and words[-1][0].isupper() and len(large) >= 2
    return bool(NAME.fullmatch(text)) and capitals and not ORGANISATION.search(text)


def _is_affiliation(text: str) -> bool:
    return ORGANISATION.search(text) is not None or UNIT.search(text) is not None


def _begins_with(text: str, name: str) -> bool:
    return text.casefold().startswith(name.casefold()) and not text[len(name) : len(name) + 1].isalnum()


def _as_name(heading: str, after: Block | None) -> str:
    """Return the name in capitals and small letters where the biography prints it so."""
    return after.text[: len(heading)] if after is not None else heading
