"""From a quotation to the passages it stands in: every curated value is checked against the text here.

A quotation is looked up in the passages of its document, both in the declared normalisation
(:mod:`~msevidence.loaders.text`). It may run over several neighbouring passages. It must stand there exactly once,
or say by ``where`` and ``nth`` which of several places is meant.
"""

import difflib
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msevidence.loaders.document import ParsedDocument, Passage, PassageKind
from msevidence.loaders.errors import QuotationError
from msevidence.loaders.schema import Anchored
from msevidence.loaders.text import Span, squash
from msevidence.loaders.yamlfile import line_of


@dataclass(frozen=True)
class Anchor:
    """A quotation found: offsets in the text of one passage, and the source spans it covers."""

    passage: int
    begin: int
    end: int
    quote: str
    spans: tuple[Span, ...]


class Anchors:
    """Finds quotations in one document. ``path`` and ``data`` (positioned YAML) are for the error messages."""

    def __init__(self, document: ParsedDocument, path: Path, data: Any) -> None:
        self.document = document
        self.path = path
        self.data = data
        self._starts: list[int] = []
        parts: list[str] = []
        length = 0
        for passage in document.passages:
            self._starts.append(length)
            parts.append(passage.text)
            length += len(passage.text) + 1
        self._text = " ".join(parts)

    def find(self, entry: Anchored, location: tuple[int | str, ...]) -> tuple[Anchor, ...]:
        """Return the anchors of all quotations of ``entry``, which stands at ``location`` of the file.

        Raises QuotationError where one is not found, or found more than once without being told apart.
        """
        quotes = [entry.quote] if isinstance(entry.quote, str) else entry.quote
        found: list[Anchor] = []
        for quote in quotes:
            found += self.locate(quote, location, where=entry.where, nth=entry.nth)
        return tuple(found)

    def locate(
        self, quote: str, location: tuple[int | str, ...], *, where: str | None = None, nth: int | None = None
    ) -> tuple[Anchor, ...]:
        """Return the anchors of one quotation: one for each passage that it runs over."""
        wanted = squash(quote)
        hits = self._hits(wanted)
        if where is not None:
            place = squash(where).casefold()
            hits = [h for h in hits if place in self._places(h)]
        elif len(hits) > 1:
            # A pull quote only repeats a sentence: the sentence is meant.
            hits = [h for h in hits if self._passage(h).kind is not PassageKind.PULL_QUOTE] or hits
        if not hits:
            raise self._error(
                f"the quotation {_short(wanted)} does not stand in the text{self._in(where)}",
                wanted,
                location,
            )
        if nth is not None:
            if nth > len(hits):
                message = f"the quotation {_short(wanted)} stands {len(hits)} times{self._in(where)}, not {nth}"
                raise self._error(message, None, location)
            hits = [hits[nth - 1]]
        if len(hits) > 1:
            lines = ", ".join(str(self.document.source.count("\n", 0, self._source_start(h)) + 1) for h in hits)
            message = (
                f"the quotation {_short(wanted)} stands {len(hits)} times{self._in(where)} (source lines {lines}); "
                "lengthen it, or say which with where: (a heading or table label) or nth:"
            )
            raise self._error(message, None, location)
        return self._anchors(hits[0], hits[0] + len(wanted))

    def _hits(self, wanted: str) -> list[int]:
        hits: list[int] = []
        at = self._text.find(wanted)
        while at >= 0:
            hits.append(at)
            at = self._text.find(wanted, at + 1)
        return hits

    def _index(self, hit: int) -> int:
        return bisect_right(self._starts, hit) - 1

    def _passage(self, hit: int) -> Passage:
        return self.document.passages[self._index(hit)]

    def _source_start(self, hit: int) -> int:
        i = self._index(hit)
        return self.document.passages[i].content.starts[hit - self._starts[i]]

    def _places(self, hit: int) -> set[str]:
        passage = self._passage(hit)
        names: set[str] = set()
        if passage.place is not None:
            names.add(squash(passage.place.table).casefold())
        section = passage.section
        while section is not None:
            names.add(squash(self.document.sections[section].title).casefold())
            section = self.document.sections[section].parent
        return names

    def _anchors(self, begin: int, end: int) -> tuple[Anchor, ...]:
        anchors: list[Anchor] = []
        i = self._index(begin)
        while i < len(self._starts) and self._starts[i] < end:
            content = self.document.passages[i].content
            a = max(0, begin - self._starts[i])
            b = min(len(content.text), end - self._starts[i])
            if b > a:
                anchors.append(Anchor(i, a, b, content.text[a:b], content.spans(a, b)))
            i += 1
        return tuple(anchors)

    @staticmethod
    def _in(where: str | None) -> str:
        return f" under {where!r}" if where else ""

    def _error(self, message: str, wanted: str | None, location: tuple[int | str, ...]) -> QuotationError:
        if wanted is not None:
            texts = [p.text for p in self.document.passages]
            near = (
                difflib.get_close_matches(wanted, texts, n=1, cutoff=0.5) or [t for t in texts if wanted[:25] in t][:1]
            )
            message += f"; nearest passage: {_short(near[0], 160)}" if near else "; copy it from source.txt"
        field = ".".join(map(str, location))
        return QuotationError(message, self.path, line_of(self.data, location), field)


def _short(text: str, length: int = 90) -> str:
    return "«" + (text if len(text) <= length else text[: length - 1] + "…") + "»"
