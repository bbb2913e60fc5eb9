"""An XML element as nested mappings, so that it is taken apart and audited like an object of JSON.

Names are without their namespace. An element that is empty is ``None``; one of a name in ``lists`` is always in a list;
attributes are kept (as ``@name``, beside the text as ``#``) for the elements in ``attributed``.
"""

from collections.abc import Collection
from typing import Any

from lxml import etree

from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.xml_records import entity_inside, local


def mapping_of(element: "etree._Element", lists: Collection[str], attributed: Collection[str]) -> Any:
    """Return an element as mappings, lists and texts.

    Raises RecordError where it holds a reference to an entity, which is not resolved.
    """
    if entity_inside(element):
        raise RecordError("holds a reference to an entity, which is not followed; get the file again")
    return _value(element, lists, attributed)


def _value(element: "etree._Element", lists: Collection[str], attributed: Collection[str]) -> Any:
    name = local(element)
    found: dict[str, Any] = {f"@{k!s}": str(v) for k, v in element.attrib.items()} if name in attributed else {}
    text = element.text or ""
    for child in element:
        key = local(child)
        text += child.tail or ""
        if not key:
            continue
        value = _value(child, lists, attributed)
        if key in lists:
            found.setdefault(key, []).append(value)
        elif key in found:
            raise RecordError("stands twice; correct it in the source", field=key)
        else:
            found[key] = value
    text = text.strip()
    if not found:
        return text or None
    if text:
        found["#"] = text
    return found
