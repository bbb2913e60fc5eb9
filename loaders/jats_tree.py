"""The elements and characters of an XML file, each with its place among the code points of the file.

The standard library's expat tells the byte at which an element or a piece of text begins. Nothing is fetched: a
document type may be named (PMC's files name one), but an entity that is declared, an external one, or one that no
declaration in the file explains is refused, and so is what is nested deeper than any article.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from msevidence.loaders.exports.faults import ExportError

DEEPEST = 128
"""Elements inside one another; the deepest article in PMC's open-access subset has a third of it."""
LARGEST = 2**26
"""Bytes of an article: text, without its pictures. Larger files are no single article."""
XLINK, XML = "http://www.w3.org/1999/xlink", "http://www.w3.org/XML/1998/namespace"
_TAG = re.compile(rb"<[^\s/>]+(?:\s+[^\s=/>]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/?>")
_NAMED = re.compile(rb"&(?!#|(?:amp|lt|gt|quot|apos);)([^;\s]{1,40});")
_PARAMETER = re.compile(rb"%[^\s;%]{1,40};")
_ENCODING = re.compile(rb"\A(?:\xef\xbb\xbf)?<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_SHORT_OF = frozenset(
    {expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS], expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN]}
)


@dataclass(slots=True)
class Run:
    """Characters that stand side by side; one that the file spells in several code points (``&amp;``) is alone."""

    text: str
    start: int
    end: int

    def characters(self) -> Iterator[tuple[str, int, int]]:
        """Yield each character with the place of its spelling in the file."""
        if len(self.text) == self.end - self.start:
            for i, c in enumerate(self.text, self.start):
                yield c, i, i + 1
        else:
            yield self.text, self.start, self.end


@dataclass(slots=True, eq=False)
class Element:
    """An element: local name, attributes by local name (``xlink:href`` is ``href``, ``xml:lang`` is ``lang``)."""

    name: str
    attributes: dict[str, str]
    start: int
    """Code point of its ``<``."""
    tag_end: int
    """Code point after the ``>`` of its start tag."""
    line: int
    parent: "Element | None" = None
    children: "list[Element | Run]" = field(default_factory=list)

    def elements(self, *names: str) -> "list[Element]":
        """Return the child elements, those with one of ``names`` where some are given."""
        return [c for c in self.children if isinstance(c, Element) and (not names or c.name in names)]

    def first(self, *path: str) -> "Element | None":
        """Return the first element down a path of child names."""
        found: Element | None = self
        for name in path:
            found = next(iter(found.elements(name)), None) if found is not None else None
        return found

    def within(self, *names: str, but: frozenset[str] = frozenset()) -> "Iterator[Element]":
        """Yield the elements inside, in order, those with ``names`` if given; ``but`` are left out with all in them."""
        stack = list(reversed(self.elements()))
        while stack:
            element = stack.pop()
            if element.name in but:
                continue
            if not names or element.name in names:
                yield element
            stack += reversed(element.elements())

    def runs(self) -> Iterator[Run]:
        """Yield the text inside, in order."""
        stack: list[Element | Run] = list(reversed(self.children))
        while stack:
            item = stack.pop()
            if isinstance(item, Run):
                yield item
            else:
                stack += reversed(item.children)

    def text(self) -> str:
        """Return the text inside on one line."""
        return " ".join("".join(r.text for r in self.runs()).split())

    def above(self) -> "Iterator[Element]":
        """Yield the elements that this one stands in, the nearest first."""
        element = self.parent
        while element is not None:
            yield element
            element = element.parent


def in_order(*elements: Element | None) -> list[Element]:
    """Return those elements that there are, in the order of the file."""
    return sorted((e for e in elements if e is not None), key=lambda e: e.start)


class _Places:
    """From bytes to code points, for bytes that are asked for in their order."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._byte = self._point = 0

    def at(self, byte: int) -> int:
        self._point += len(self._raw[self._byte : byte].decode())
        self._byte = byte
        return self._point


class _Reader:
    def __init__(self, raw: bytes, name: str) -> None:
        self.raw, self.name = raw, name
        self.places = _Places(raw)
        self.open: list[Element] = []
        self.root: Element | None = None
        self.verbatim = False
        self.doctype = 0
        self.parser = parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = False
        parser.specified_attributes = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = lambda _: self._end()
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = lambda *_: setattr(self, "doctype", parser.CurrentByteIndex)
        parser.EndDoctypeDeclHandler = self._doctype_ends
        parser.EntityDeclHandler = self._declared
        parser.SkippedEntityHandler = lambda entity, _: self._undefined(entity)
        parser.ExternalEntityRefHandler = lambda *_: self._undefined("an external entity")
        parser.StartCdataSectionHandler = lambda: setattr(self, "verbatim", True)
        parser.EndCdataSectionHandler = lambda: setattr(self, "verbatim", False)

    def error(self, message: str) -> ExportError:
        return ExportError(message, self.name, self.parser.CurrentLineNumber)

    def _doctype_ends(self) -> None:
        subset = self.raw[self.doctype : self.parser.CurrentByteIndex].partition(b"[")[2]
        if entity := _PARAMETER.search(subset):
            self._declared(entity.group().decode())

    def _declared(self, entity: str, *_: object) -> None:
        raise self.error(f"uses the entity {entity!r} of its own; those are not expanded: save the file without them")

    def _undefined(self, entity: str) -> int:
        mend = "write the character itself, or its number (&#8211;)"
        raise self.error(f"the file does not define {entity!r}, and nothing is fetched to learn it; {mend}")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.open) >= DEEPEST:
            raise self.error(f"elements are nested more than {DEEPEST} deep, as in no article; it is not read")
        byte = self.parser.CurrentByteIndex
        tag = _TAG.match(self.raw, byte)
        if tag is None:
            raise self.error("the tag cannot be placed in the file; report the format")
        if named := _NAMED.search(tag.group()):
            self._undefined(named[1].decode())
        known: dict[str, str] = {}
        for key, value in attributes.items():
            space, _, local = key.rpartition(" ")
            if not space or (space, local) in ((XLINK, "href"), (XML, "lang")):
                known[local] = value
        parent = self.open[-1] if self.open else None
        start = self.places.at(byte)
        element = Element(
            name.rpartition(" ")[2], known, start, self.places.at(tag.end()), self.parser.CurrentLineNumber, parent
        )
        if parent is None:
            self.root = element
        else:
            parent.children.append(element)
        self.open.append(element)

    def _end(self) -> None:
        self.open.pop()

    def _text(self, data: str) -> None:
        byte = self.parser.CurrentByteIndex
        spelled = data.encode()
        length = len(spelled)
        if not self.verbatim and self.raw[byte : byte + 1] == b"&":
            length = self.raw.index(b";", byte) + 1 - byte
        elif data == "\n" and self.raw[byte : byte + 2] == b"\r\n":
            length = 2
        elif data != "\n" and self.raw[byte : byte + length] != spelled:
            raise self.error("the text cannot be placed in the file; report the format")
        start = self.places.at(byte)
        self.open[-1].children.append(Run(data, start, self.places.at(byte + length)))

    def read(self) -> Element:
        try:
            self.parser.Parse(self.raw, True)
        except expat.ExpatError as e:
            reason = expat.ErrorString(e.code)
            if named := _NAMED.match(self.raw, max(self.parser.ErrorByteIndex, 0)):
                self._undefined(named[1].decode())
            broken = "the XML breaks off" if e.code in _SHORT_OF else "this is no well-formed XML"
            raise ExportError(f"{broken} ({reason}); get the file again", self.name, e.lineno) from e
        assert self.root is not None  # expat refuses a file without an element
        return self.root


def read_tree(raw: bytes, name: str) -> tuple[str, Element]:
    """Return the text of an XML file and its outermost element; ``name`` is that of the file, for messages.

    Raises ExportError, with the line, for what is too large, not UTF-8, not well-formed, not whole, nested too deep,
    or uses entities other than those of XML itself.
    """
    if len(raw) > LARGEST:
        raise ExportError(f"has {len(raw)} bytes, more than an article; split it", name)
    if not raw.strip():
        raise ExportError("is empty; get the file again", name)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or raw[:4].count(b"\0") >= 2:
        raise ExportError("is in UTF-16 or UTF-32; save it as UTF-8", name, 1)
    try:
        source = raw.decode()
    except UnicodeDecodeError as e:
        line = raw.count(b"\n", 0, e.start) + 1
        raise ExportError(f"byte {raw[e.start]:#04x} is not UTF-8; save the file as UTF-8", name, line) from e
    declared = _ENCODING.match(raw)
    if declared and declared[1].lower() not in (b"utf-8", b"utf8") and not raw.isascii():
        mend = "save it as UTF-8, and let its first line say so"
        raise ExportError(f"says that it is in {declared[1].decode()}, and is not plain ASCII; {mend}", name, 1)
    return source, _Reader(raw, name).read()
