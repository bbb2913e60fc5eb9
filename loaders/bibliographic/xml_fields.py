"""Taking an XML record apart: children are popped by name, and what is left over is told (as ``Fields`` does)."""

import re
from typing import TYPE_CHECKING

from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.xml_records import all_text, local

if TYPE_CHECKING:
    from lxml.etree import _Element

_DOCTYPE = rb"<!DOCTYPE(?:[^<>\[\]]|\[[^\]]*\])*+>"
_PROLOGUE = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>\s+|<\?.*?\?>|<!--.*?-->|" + _DOCTYPE + rb")*+<(?:[\w.-]+:)?([\w.-]+)(?=[\s/>])", re.DOTALL
)
"""Atomic, so that no head makes it try twice (a page of white space would take for ever)."""


def root_name(head: bytes) -> str | None:
    """Return the local name of the root element in the first bytes of an XML file, ``None`` where there is none.

    >>> root_name(b'<?xml version="1.0"?> <!DOCTYPE a SYSTEM "b"> <a c="d">')
    'a'
    """
    match = _PROLOGUE.match(head)
    return match[1].decode("ascii", "replace") if match else None


class Elements:
    """The children of an element, by local name; ``path`` is the way to it, for messages and the audit."""

    __slots__ = ("audit", "children", "empty", "path")

    def __init__(self, element: "_Element | None", audit: Audit, path: str, empty: list[str]) -> None:
        self.audit = audit
        self.path = path
        self.empty = empty
        """Elements popped so far that hold nothing."""
        self.children: dict[str, list[_Element]] = {}
        for child in () if element is None else element:
            if name := local(child):
                self.children.setdefault(name, []).append(child)

    def all(self, name: str) -> "list[_Element]":
        """Return the children of a name."""
        return self.children.pop(name, [])

    def one(self, name: str) -> "_Element | None":
        """Return the only child of a name, ``None`` where there is none.

        Raises RecordError where there are several.
        """
        found = self.children.pop(name, [])
        if len(found) > 1:
            raise RecordError(
                f"stands {len(found)} times, and should stand once; get the file again", field=f"{self.path}/{name}"
            )
        return found[0] if found else None

    def text(self, name: str) -> str | None:
        """Return the text of the only child of a name; an empty one is noted."""
        element = self.one(name)
        text = all_text(element)
        if element is not None and text is None:
            self.empty.append(f"{self.path}/{name}")
        return text

    def texts(self, name: str) -> list[str]:
        """Return the texts of the children of a name, empty ones left out."""
        return [text for e in self.all(name) if (text := all_text(e))]

    def inside(self, name: str) -> "Elements":
        """Return the children of the only child of a name, none where it is absent."""
        return Elements(self.one(name), self.audit, f"{self.path}/{name}", self.empty)

    def each(self, name: str) -> "list[Elements]":
        """Return the children of each child of a name."""
        return [Elements(e, self.audit, f"{self.path}/{name}", self.empty) for e in self.all(name)]

    def ignore(self, *names: str) -> None:
        """Pass over children whose reason to be passed over stands in the format's ``IGNORED``."""
        for name in names:
            self.children.pop(name, None)

    def close(self, where: str) -> None:
        """Tell the audit of every child that nobody popped."""
        for name in self.children:
            self.audit.tell(f"{self.path}/{name}", where)
