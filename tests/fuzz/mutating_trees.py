"""Changes to values of JSON and elements of XML, as trees and as text."""

from __future__ import annotations

import contextlib
import json
import re
from random import Random
from typing import Any

from lxml import etree

from tests.fuzz.mutating_bytes import TEXTS, flip

_XML = re.compile(rb"<(/?)([\w:.-]+)([^<>]*)>")
_SECRET = "file:///etc/passwd"


def _places(value: Any, found: list[tuple[Any, Any]] | None = None) -> list[tuple[Any, Any]]:
    """Return every container of a value with each of its keys."""
    found = [] if found is None else found
    for key in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        found.append((value, key))
        _places(value[key], found)
    return found


def _json_value(random: Random) -> Any:
    return random.choice(
        (
            *(None, True, False, 0, -1, 1.5, 10**400, 1e300, [], {}, [[]], {"": ""}, ["x"] * 3, {"a": {"b": None}}),
            *(random.choice(TEXTS), random.choice(TEXTS), "\ud800", "\udfff\ud800", "a\0b"),
        )
    )


def json_tree(data: bytes, random: Random) -> bytes:
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        return flip(data, random)
    for _ in range(random.choice((1, 1, 2, 5))):
        places = _places(whole)
        if not places:
            break
        held, key = random.choice(places)
        way = random.choice(("drop", "value", "value", "rename", "wrap", "swap", "deep", "list"))
        if way == "drop":
            del held[key]
        elif way == "rename" and isinstance(held, dict):
            held[random.choice((key.upper(), key + "X", "", "\x01", "nctId", "studies", "items"))] = held.pop(key)
        elif way == "wrap":
            held[key] = random.choice(([held[key]], {"value": held[key]}, [held[key], held[key]]))
        elif way == "swap":
            other, at = random.choice(places)
            if other is not held[key] and not _inside(held[key], other) and not _inside(other, held):
                with contextlib.suppress(KeyError, IndexError):
                    held[key] = other[at]
        elif way == "deep":
            deep: Any = held[key]
            for _ in range(random.choice((3, 50, 200))):
                deep = [deep] if random.random() < 0.5 else {"a": deep}
            held[key] = deep
        elif way == "list" and isinstance(held[key], list):
            held[key] = held[key] * random.choice((2, 20)) if held[key] else [None]
        else:
            held[key] = _json_value(random)
    try:
        return json.dumps(whole, ensure_ascii=random.random() < 0.5).encode()
    except UnicodeEncodeError:  # half a character, which JSON can spell and UTF-8 cannot
        return json.dumps(whole).encode()
    except (ValueError, RecursionError):
        return data


def _inside(outer: Any, inner: Any) -> bool:
    return any(value is inner for held, key in _places(outer) for value in [held[key]]) or outer is inner


def json_text(data: bytes, random: Random) -> bytes:
    """Change the text of JSON: what no decoder would write."""
    names = list(re.finditer(rb'"[^"\\]*"\s*:\s*', data))
    if not names:
        return flip(data, random)
    match = random.choice(names)
    new = random.choice(
        (
            *(b"NaN", b"Infinity", b"-Infinity", b"1" * 6000, b"1e99999999", b"01", b"+1", b".5", b"'x'", b"undefined"),
            *(
                b'"\\ud800"',
                b'"\\u0000"',
                b'"\\x41"',
                b'"a\nb"',
                b'"a\x01b"',
                b"/* c */ 1",
                b"[" * 3000,
                b'{"a":' * 3000,
            ),
            *(b"[" * 500 + b"]" * 500, b'{"a":' * 500 + b"1" + b"}" * 500, b"1,", b"", b"tru"),
        )
    )
    doubled = match.group() + b'"twice", '
    return (
        data[: match.start()] + doubled + data[match.start() :]
        if random.random() < 0.3
        else (
            data[: match.end()] + new + (b", " + match.group() if random.random() < 0.5 else b"") + data[match.end() :]
        )
    )


def xml_tree(data: bytes, random: Random) -> bytes:
    try:
        root = etree.fromstring(data.strip(), etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return xml_text(data, random)
    for _ in range(random.choice((1, 1, 2, 5))):
        below = [e for e in root.iter(etree.Element) if e is not root]
        if not below:
            break
        one, other = random.choice(below), random.choice(below)
        way = random.choice(
            ("drop", "text", "text", "text", "double", "rename", "attribute", "move", "swap", "comment", "tail")
        )
        parent = one.getparent()
        if way == "drop" and parent is not None:
            parent.remove(one)
        elif way == "double" and parent is not None:
            for _ in range(random.choice((1, 1, 30))):
                parent.append(etree.fromstring(etree.tostring(one, with_tail=False)))
        elif way == "rename":
            one.tag = other.tag
        elif way == "attribute" and one.attrib and random.random() < 0.7:
            name = random.choice([str(name) for name in one.attrib])
            _set(one, name, random.choice(TEXTS))
        elif way == "attribute":
            one.set(random.choice(("id", "type", "lang", "x")), "x")
        elif way == "move" and other not in list(one.iter()):
            other.append(one)
        elif way == "swap":
            one.text, other.text = other.text, one.text
        elif way == "comment":
            one.append(etree.Comment(" x "))
            one.append(etree.ProcessingInstruction("x", "y"))
        elif way == "tail":
            _set(one, "<tail>", random.choice(TEXTS))
        else:
            _set(one, "<text>", random.choice(TEXTS))
    return etree.tostring(root, encoding="utf-8")


def _set(element: etree._Element, name: str, text: str) -> None:
    """Set an attribute, ``<text>`` or ``<tail>``; lxml takes no character that XML has not: bytes come elsewhere."""
    with contextlib.suppress(ValueError):
        if name == "<text>":
            element.text = text
        elif name == "<tail>":
            element.tail = text
        else:
            element.set(name, text)


def xml_text(data: bytes, random: Random) -> bytes:
    """Change tags and declarations as text: what no writer of XML would write."""
    way = random.choice(("tag", "entity", "doctype", "deep", "cdata", "declaration", "namespace", "attribute"))
    tags = list(_XML.finditer(data))
    if not tags:
        return flip(data, random)
    match = random.choice(tags)
    if way == "tag":
        return (
            data[: match.start()]
            + random.choice((b"", match.group() * 2, b"<", b"<>", b"</x>", b"<x>"))
            + data[match.end() :]
        )
    if way == "entity":
        entity = random.choice(
            (b"&x;", b"&#0;", b"&#x1;", b"&#xD800;", b"&", b"&lt", b"&nbsp;", b"&#99999999;", b"&a9;")
        )
        return data[: match.end()] + entity + data[match.end() :]
    if way == "doctype":
        name = next((t.group(2) for t in tags if not t.group(1)), b"a")
        inside = random.choice(
            (
                f'<!ENTITY a9 SYSTEM "{_SECRET}">',
                '<!ENTITY a9 SYSTEM "http://127.0.0.1:1/x">',
                f'<!ENTITY % p SYSTEM "{_SECRET}"> %p;',
                '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)),
                f'<!ENTITY a9 "{"x" * 50_000}">',
                "<!ATTLIST x y CDATA 'z'>",
            )
        ).encode()
        start = data.find(b"?>") + 2 if data.lstrip().startswith(b"<?xml") else 0
        kind = b"<!DOCTYPE " + name + b" [" + inside + b"]>"
        used = (
            data[: match.end()] + b"&a9;" * random.choice((1, 50)) + data[match.end() :]
            if match.start() >= start
            else data
        )
        return used[:start] + kind + used[start:]
    if way == "deep":
        depth = random.choice((100, 254, 300, 5000))
        return data[: match.end()] + b"<b>" * depth + b"</b>" * depth + data[match.end() :]
    if way == "cdata":
        return (
            data[: match.end()]
            + random.choice((b"<![CDATA[", b"<![CDATA[x]]>", b"]]>", b"<!--", b"-->", b"<?x"))
            + data[match.end() :]
        )
    if way == "declaration":
        other = random.choice((b"utf-16", b"ISO-8859-1", b"x-unknown", b"us-ascii", b"utf-7", b"cp037"))
        start = data.find(b"?>") + 2 if data.lstrip().startswith(b"<?xml") else 0
        return (
            b'<?xml version="1.' + random.choice(b"0129").to_bytes() + b'" encoding="' + other + b'"?>' + data[start:]
        )
    if way == "namespace":
        return data[: match.end() - 1] + b' xmlns="http://other.example/"' + data[match.end() - 1 :]
    return data[: match.end() - 1] + b' a="1" a="2"' + data[match.end() - 1 :]
