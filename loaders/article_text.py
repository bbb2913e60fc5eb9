"""The text of a plain-text article with the markup that stands in it: links, emphasis, escapes, addresses, e-mail."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from msevidence.loaders.addresses import E_MAIL, Address, find_addresses
from msevidence.loaders.article_pages import page_edges
from msevidence.loaders.errors import SourceError
from msevidence.loaders.metadata_schema import Layout
from msevidence.loaders.source import line_at
from msevidence.loaders.text import Drop, Normalised, Span, hyphen_rule, normalise

LINK = re.compile(r"\[(?P<label>(?:\\.|[^\[\]\\\n])*)\]\((?P<target>(?:#|https?:|mailto:|/)[^()\s]*)\)")
ESCAPE = re.compile(r"\\(?=[\\`*_{}\[\]()#+.!<>~|-])")
EMPHASIS = re.compile(r"(?<![\w*\\])(?P<open>\*{1,2})(?=[^\s*])[^*\n]*?[^\s*\\](?P<close>\*{1,2})(?![\w*])")
HASHES = re.compile(r"^#{1,6}[ \t]+", re.M)


@dataclass
class Text:
    """A source text with its markup found; normalises any part of it."""

    source: str
    path: Path
    layout: Layout
    addresses: list[Address] = field(init=False)
    edges: list[Span] = field(init=False)
    """Running heads and page numbers beside form feeds."""
    markup: list[Drop] = field(init=False)
    belongs: Callable[[str, str], bool] = field(init=False)
    """Whether a hyphen at a line end is part of the word (see ``hyphen_rule``)."""
    targets: list[Span] = field(default_factory=list)
    """Where the addresses of markdown links stand."""
    linked: list[tuple[Span, str]] = field(default_factory=list)
    """The words of markdown links, with the addresses under them."""

    def __post_init__(self) -> None:
        self.addresses = find_addresses(self.source)
        self.belongs = hyphen_rule(self.source)
        self.edges = page_edges(self.source)
        self.markup = self._find_markup()

    def _find_markup(self) -> list[Drop]:
        spans: list[Span] = [s for a in self.addresses for s in a.markup]
        for link in LINK.finditer(self.source):
            bare = re.fullmatch(r"[\d\s,;–-]+", link["label"])  # [3](#r3): the brackets are those of the marker
            label_end = link.end("label")
            if not bare:
                spans.append(Span(link.start(), link.start() + 1))
            spans.append(Span(label_end + 1 if bare else label_end, link.end()))
            if link["target"].startswith("http"):
                self.targets.append(Span(link.start("target"), link.end("target")))
                self.linked.append((Span(link.start("label"), label_end), link["target"]))
        spans += [Span(m.start(), m.end()) for m in ESCAPE.finditer(self.source)]
        spans += [Span(m.start(), m.end()) for m in HASHES.finditer(self.source)]
        for emphasis in EMPHASIS.finditer(self.source):
            if emphasis["open"] == emphasis["close"]:
                spans += [Span(*emphasis.span("open")), Span(*emphasis.span("close"))]
        # An e-mail address is cut out so that no selector covers it: it is not published.
        mail = [Drop(Span(m.start(), m.end())) for m in E_MAIL.finditer(self.source)]
        edges = [Drop(s) for s in self.edges]
        return sorted([*(Drop(s, splits=False) for s in spans), *mail, *edges], key=lambda d: d.span)

    def normal(self, start: int, end: int, cuts: Sequence[Span] = ()) -> Normalised:
        """Return the text from ``start`` to ``end`` without its markup and without ``cuts``."""
        inside = [d for d in self.markup if d.span.end > start and d.span.start < end]
        return normalise(self.source, start, end, drop=[*inside, *(Drop(c) for c in cuts)], keep_hyphen=self.belongs)

    def error(self, message: str, offset: int) -> SourceError:
        """Return an error about the line at ``offset``."""
        return SourceError(message, self.path, line_at(self.source, offset))

    def label(self, words: str, own: str | None) -> re.Pattern[str]:
        """Return the pattern of a caption's label: a word of the lists or of the metadata, and a number."""
        words = f"{words}|{re.escape(own)}" if own else words
        return re.compile(
            rf"(?P<label>(?:{words})\s?(?:\d+[A-Za-z]?|[IVX]+))(?P<stop>[.:]?)(?:\s+[-–—]?\s*(?=[^\W_]|[«“\"(])|$)",
            re.I,
        )

    def is_marked(self, start: int) -> bool:
        """Say whether the line at ``start`` is marked as a heading (``## Methods``)."""
        return HASHES.match(self.source, start) is not None
