"""WHO ICTRP, XML: what the search portal gives under "Export results to XML", and the layout of its data providers.

The portal (https://trialsearch.who.int) writes ``Trials_downloaded_from_ICTRP`` with one flat ``Trial`` a record; one
trial alone is a ``Trial``, and older files have ``Trials``. Registries hand their records in as ``trials/trial`` with
groups inside (``main/trial_id``, ``secondary_ids/secondary_id/sec_id``), after the ICTRP's XML schema. Element names
are compared without case and underscores. Texts are padded with white space and hold escaped HTML.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.formats import Format
from msevidence.loaders.exports.records import Raw
from msevidence.loaders.exports.xml_records import entity_inside, local, xml_records
from msevidence.loaders.registries.ictrp import ORIGIN, RIGHTS, record
from msevidence.loaders.registries.ictrp_fields import canonical

_TRIAL = ("Trial", "trial", "TRIAL")
_GROUPS = {
    "main",
    "contacts",
    "contact",
    "countries",
    "criteria",
    "healthconditioncode",
    "healthconditionkeyword",
    "interventioncode",
    "interventionkeyword",
    "primaryoutcome",
    "secondaryoutcome",
    "secondarysponsor",
    "secondaryids",
    "secondaryid",
    "sourcesupport",
    "ethicsreviews",
    "ethicsreview",
}
"""Elements that hold others in the layout of data providers; the same names hold text in that of the portal."""
_PROLOG = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)*", re.DOTALL)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?(trials_downloaded_from_ictrp|trials?)[\s/>]", re.IGNORECASE)
_NUMBER = re.compile(rb"<(?:[\w.-]+:)?trial_?id[\s/>]", re.IGNORECASE)


def recognise(head: bytes) -> bool:
    """Say whether a file begins as an ICTRP export in XML does."""
    text = head.removeprefix(b"\xef\xbb\xbf")
    begin = _PROLOG.match(text)
    root = _ROOT.match(text, begin.end() if begin else 0)
    return bool(root and (root[1].lower().endswith(b"ictrp") or _NUMBER.search(text, root.end())))


def read(stream: BinaryIO, name: str) -> Iterator[Raw | RecordError]:
    """Yield the trials of a file, each a mapping of field names to texts."""
    for item in xml_records(stream, _TRIAL):
        if isinstance(item, RecordError):
            yield item
        elif entity_inside(item.fields):
            yield RecordError("holds an entity, which is not resolved; write its text instead", item.line)
        else:
            fields: dict[str, list[str]] = {}
            _collect(item.fields, fields)
            numbers = [t for name, texts in fields.items() if canonical(name) == "trialid" for t in texts]
            yield Raw(fields, item.line, numbers[0] if numbers else None)


def _collect(element: "etree._Element", fields: dict[str, list[str]]) -> None:
    for child in element:
        name = local(child)
        if len(child) and canonical(name) in _GROUPS:
            _collect(child, fields)
        elif name:
            fields.setdefault(name, []).append(_text(child))


def _text(element: "etree._Element") -> str:
    """Return the text of an element, with tags of HTML that are not escaped as those that are."""
    pieces = []
    for part in element.iter():
        if part is not element and local(part).lower() == "br":
            pieces.append("<br>")
        pieces.append(str(part.text or ""))
        if part is not element:
            pieces.append(str(part.tail or ""))
    return "".join(pieces).strip()


FORMAT = Format(
    key="ictrp-xml",
    label="WHO ICTRP, XML",
    origin=ORIGIN,
    rights=RIGHTS,
    recognise=recognise,
    read=read,
    record=record,
)
