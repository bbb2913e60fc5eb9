"""Records of XML files, one at a time: no entities, no document type that is fetched, no network, bounded depth.

lxml's ``iterparse`` reads as a stream; each record is thrown away once it has been used. libxml2's own limits (depth
256, entity expansion, names and texts of 10 MB) stay on.
"""

from collections.abc import Collection, Iterator
from typing import BinaryIO, cast

from lxml import etree

from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.records import Raw

RECORD_BYTES = 64 * 2**20
"""Bytes from one record to the end of the next; the largest seen has 3 million."""


class _TooLargeError(Exception):
    """Raised where no record has ended for too long, so that memory does not grow with the file."""


class _Counted:
    """A stream that counts the bytes read since the last record."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.since = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self.since += len(data)
        if self.since > RECORD_BYTES:
            raise _TooLargeError
        return data


def local(element: "etree._Element") -> str:
    """Return the name of an element without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def xml_records(stream: BinaryIO, names: Collection[str]) -> Iterator[Raw | RecordError]:
    """Yield each element whose local name is in ``names``, with its line; it is emptied when the next is asked for.

    Where the XML breaks off, what is whole has been yielded, and a RecordError says where and why as the last item.
    """
    wanted = tuple(f"{{*}}{name}" for name in names)
    counted, line = _Counted(stream), None
    try:
        parser = etree.iterparse(
            cast(BinaryIO, counted),
            events=("end",),
            tag=wanted,
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            dtd_validation=False,
            attribute_defaults=False,
            recover=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        for _, element in parser:
            if any(local(a) in names for a in element.iterancestors()):
                continue
            counted.since, line = 0, element.sourceline
            yield Raw(element, line)
            element.clear()
            _forget_before(element)
    except etree.XMLSyntaxError as e:
        why = " ".join((e.msg or "it is no XML").split())
        yield RecordError(f"the XML cannot be read here ({why}); get the file again", e.lineno or None)
    except _TooLargeError:
        yield RecordError(f"no record ends within {RECORD_BYTES} bytes from here; get the file again", line or 1)


def _forget_before(element: "etree._Element") -> None:
    """Remove what stands before an element, and before those that hold it: wrappers of records pile up, too."""
    node, parent = element, element.getparent()
    while parent is not None:
        while node.getprevious() is not None:
            del parent[0]
        node, parent = parent, parent.getparent()


def entity_inside(element: "etree._Element") -> bool:
    """Say whether an element holds a reference to an entity, which is not resolved: its text would be cut there."""
    return next(element.iter(etree.Entity), None) is not None


def texts_by_name(element: "etree._Element", *, empty: bool = True) -> dict[str, list[str]]:
    """Return the texts of the children of ``element`` by local name, for flat records; nested text is joined."""
    found: dict[str, list[str]] = {}
    for child in element:
        name = local(child)
        text = "".join(map(str, child.itertext())).strip()
        if name and (text or empty):
            found.setdefault(name, []).append(text)
    return found


def all_text(element: "etree._Element | None") -> str | None:
    """Return all text of an element, its children's included, or ``None`` where there is none."""
    if element is None:
        return None
    text = "".join(map(str, element.itertext())).strip()
    return text or None
