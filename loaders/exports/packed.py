"""Records on their way from the process that reads a source to the one that converts them: there as they were read.

An XML element goes as its text, anything else as Python's own serialisation, which is read back by a reader that
makes plain values and the few classes named here, and nothing else: what a file holds can name no other.
"""

import io
import pickle
import re
from decimal import Decimal
from importlib import import_module
from typing import Any

from lxml import etree

from msevidence.loaders.exports.faults import RecordError

_XML, _VALUE = b"x", b"v"
_CLASSES = frozenset({("decimal", "Decimal"), ("msevidence.loaders.identity.sssom_tsv", "MappingRow")})
"""Classes of which records of some format have values."""
_ENTITY = re.compile(rb"&([A-Za-z_:][\w.:-]*);")
_PREDEFINED = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})


def packed(fields: Any) -> bytes:
    """Return the fields of a record as bytes.

    Raises RecordError for values nested more deeply than can be written.
    """
    if isinstance(fields, etree._Element):
        text = etree.tostring(fields, encoding="utf-8", with_tail=False)
        return _XML + _declared(fields, text) + text
    try:
        return _VALUE + pickle.dumps(fields, protocol=5)
    except RecursionError as e:
        raise RecordError("values are nested too deeply; get the file again") from e


def unpacked(content: bytes) -> Any:
    """Return what :func:`packed` was given.

    Raises RecordError for what is no such text.
    """
    if content[:1] == _XML:
        try:
            return etree.fromstring(content[1:], _parser())
        except etree.XMLSyntaxError as e:
            raise RecordError(f"the record cannot be read by itself ({e.msg}); get the file again") from e
    try:
        return _Plain(io.BytesIO(content[1:])).load()
    except pickle.UnpicklingError as e:
        raise RecordError(f"the record cannot be handed on ({e}); please report this file") from e


def _parser() -> etree.XMLParser:
    """Return a parser of one record, with the settings of the stream of records that it comes from (xml_records)."""
    return etree.XMLParser(
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


class _Plain(pickle.Unpickler):
    """Makes plain values and the classes of records."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _CLASSES:
            raise pickle.UnpicklingError(f"{module}.{name} is no value of a record")
        return Decimal if name == "Decimal" else getattr(import_module(module), name)


def _declared(element: "etree._Element", text: bytes) -> bytes:
    """Return a document type that declares what entities the text of an element refers to, so that it can be read.

    They are not followed there either: that a record refers to one is what its format looks at.
    """
    names = dict.fromkeys(_ENTITY.findall(text))
    wanted = [name.decode() for name in names if name not in _PREDEFINED]
    if not wanted:
        return b""
    document: Any = element.getroottree().docinfo.internalDTD
    known = {e.name: e.content or "" for e in document.iterentities()} if document is not None else {}
    lines = "".join(f'<!ENTITY {name} "{_literal(known.get(name, ""))}">' for name in wanted)
    return f"<!DOCTYPE x [{lines}]>".encode()


def _literal(text: str) -> str:
    return "".join(f"&#{ord(c)};" if c in "&%\"'" else c for c in text)
