"""An XML element as nested mappings, so that it is taken apart and audited like an object of JSON.

Names are without their namespace. An element that is empty is ``None``, elements of one name become a list; attributes
are kept (as ``@name``, beside the text as ``#``) for the elements in ``attributed``.
"""

from collections.abc import Collection
from typing import Any

from lxml import etree

from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.xml_records import entity_inside, local


def mapping_of(element: "etree._Element", attributed: Collection[str]) -> Any:
    """Return an element as mappings, lists and texts.

    Raises RecordError where it holds a reference to an entity, which is not resolved.
    """
    if entity_inside(element):
        raise RecordError("holds a reference to an entity, which is not followed; get the file again")
    return _value(element, attributed)


def _value(element: "etree._Element", attributed: Collection[str]) -> Any:
    kept = local(element) in attributed
    attributes = {f"@{k!s}": str(v) for k, v in element.attrib.items()} if kept else {}
    children: dict[str, list[Any]] = {}
    text = element.text or ""
    for child in element:
        text += child.tail or ""
        children.setdefault(local(child), []).append(_value(child, attributed))
    found = {**attributes, **{k: v if len(v) > 1 else v[0] for k, v in children.items()}}
    text = text.strip()
    if not found:
        return text or None
    return {**found, "#": text} if text else found
