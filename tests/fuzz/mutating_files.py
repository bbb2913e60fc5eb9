"""Changes to files: of bytes, and of what the format is made of (values of JSON, elements of XML, fields, lines)."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable
from random import Random
from typing import Any

from lxml import etree

TEXTS = (
    *(
        "",
        " ",
        "x",
        "\x01",
        "\x0b\x1f",
        "\x7f\x85",
        "\u2028\u2029",
        "\u202etxt.exe",
        "\ufeff",
        "\ufffe",
        "e\u0301" * 40,
    ),
    *(
        "<script>alert(1)</script>",
        "javascript:alert(1)",
        "=cmd|' /C calc'!A0",
        '" <http://a> <http://b> .\n',
        "\\u0000",
    ),
    *("../../../../etc/passwd", "%00%0a%ff", "{{7*7}}", "'; DROP TABLE x; --", "N/A", "null", "NaN", "-", "none"),
    *("NCT00000000", "NCT99999999", "2010-023560-40/SE", "ISRCTN00000000", "10.1000/" + "x" * 400, "a@b.example"),
    *("0", "-1", "1e999", "9" * 400, "0x10", "٣", "2024-02-30", "31/02/2024", "9999-99-99", "0000-00-00", "12:61"),
    *("http://a b/", "http://[::1", "https://x.example/<>", "http://ex.example/\u00e6", "file:///etc/passwd"),
    *(
        "a" * 70_000,
        "æ" * 3_000,
        "🧬" * 500,
        "|" * 300,
        ";" * 300,
        "x\ty\nz\r\nw",
        '"',
        "'",
        '""',
        "\\",
        '\\"',
        "&amp;lt;",
    ),
)
_HOSTILE_BYTES = (
    b"\0",
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xf5\x80\x80\x80",
    b"\x1b[31m",
    b"\xef\xbb\xbf",
    b"\r",
    b"\x1a",
)
_XML = re.compile(rb"<(/?)([\w:.-]+)([^<>]*)>")
_SECRET = "file:///etc/passwd"


def changed(data: bytes, family: str, random: Random) -> bytes:
    """Return a file changed once or several times."""
    ways = (*_STRUCTURAL.get(family, ()), *_STRUCTURAL.get(family, ()), *_ANY)
    for _ in range(random.choice((1, 1, 1, 1, 2, 2, 3, 5))):
        data = random.choice(ways)(data, random)[:4_000_000]
    return data


def changed_inside(record: bytes, family: str, random: Random) -> bytes | None:
    """Return one record changed so that it ends where it ended; ``None`` where that cannot be said.

    What stands around it is then not touched, whatever is wrong with it.
    """
    if family == "json":
        return _json(record, random)
    if family == "xml":
        new = _xml_tree(record, random)
        return new if new != record else None
    if family == "csv":
        return _csv_row(record, random)
    if family == "lines":
        return _value_of_line(record, random)
    return None


# ------------------------------------------------------------------------------------------------------------- bytes


def _flip(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 8, 50))):
        if changed:
            at = random.randrange(len(changed))
            changed[at] = random.choice((random.randrange(256), changed[at] ^ (1 << random.randrange(8))))
    return bytes(changed)


def _insert(data: bytes, random: Random) -> bytes:
    at = random.randint(0, len(data))
    new = random.choice(_HOSTILE_BYTES) if random.random() < 0.5 else random.choice(TEXTS).encode()
    return data[:at] + new + data[at:]


def _span(data: bytes, random: Random) -> tuple[int, int]:
    start = random.randint(0, len(data))
    return start, min(len(data), start + random.choice((1, 3, 10, 80, 400, 3000)))


def _drop(data: bytes, random: Random) -> bytes:
    start, end = _span(data, random)
    return data[:start] + data[end:]


def _double(data: bytes, random: Random) -> bytes:
    start, end = _span(data, random)
    times = random.choice((2, 2, 3, 50, 2000))
    return data[:start] + data[start:end] * min(times, 500_000 // max(1, end - start)) + data[end:]


def _cut_off(data: bytes, random: Random) -> bytes:
    at = random.randint(0, len(data))
    return data[:at] if random.random() < 0.8 else data[at:]


def _line_ends(data: bytes, random: Random) -> bytes:
    ends = (b"\r\n", b"\r", b"\n\n", b" \n", b"\n\r", b"\x85", "\u2028".encode())
    if random.random() < 0.5:
        return data.replace(b"\n", random.choice(ends))
    return b"".join(
        line.rstrip(b"\n") + (random.choice(ends) if random.random() < 0.2 else b"\n")
        for line in data.splitlines(keepends=True)
    )


def _encoding(data: bytes, random: Random) -> bytes:
    text = data.decode("utf-8", "replace")
    way = random.choice(("utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252", "cp037", "utf-7", "utf-8-sig", "twice"))
    if way == "twice":
        return data.decode("latin-1").encode()
    return text.encode(way, "replace")


def _packed(data: bytes, random: Random) -> bytes:
    way = random.choice(("gzip", "gzip cut", "gzip twice", "zip", "zip cut", "zip paths", "zip many"))
    if way.startswith("gzip"):
        packed = gzip.compress(data, mtime=0)
        return (
            packed[: random.randint(1, len(packed))]
            if way == "gzip cut"
            else (gzip.compress(packed, mtime=0) if way == "gzip twice" else packed)
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", random.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        names = {"zip paths": ("../../evil", "/tmp/evil", "a\\b", "x\n\x1b[31m", "c:evil")}.get(way, ("a", "b/c"))
        for number, name in enumerate(names * (20 if way == "zip many" else 1)):
            archive.writestr(zipfile.ZipInfo(f"{name}{number if way == 'zip many' else ''}"), data)
    packed = out.getvalue()
    return _flip(packed[: random.randint(1, len(packed))], random) if way == "zip cut" else packed


def _nothing(data: bytes, random: Random) -> bytes:
    return random.choice(
        (b"", b"\n", b"\xef\xbb\xbf", b" " * 5000, b"\0" * 100, b"null", b"[]", b"{}", b"<a/>", data * 2)
    )


_ANY: tuple[Callable[[bytes, Random], bytes], ...] = (
    *(_flip, _flip, _insert, _insert, _drop, _double, _cut_off, _line_ends, _encoding),
    lambda data, random: _packed(data, random) if random.random() < 0.3 else _flip(data, random),
    lambda data, random: _nothing(data, random) if random.random() < 0.2 else _insert(data, random),
)

# -------------------------------------------------------------------------------------------------------------- JSON


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


def _json(data: bytes, random: Random) -> bytes:
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        return _flip(data, random)
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


def _json_text(data: bytes, random: Random) -> bytes:
    """Change the text of JSON: what no decoder would write."""
    names = list(re.finditer(rb'"[^"\\]*"\s*:\s*', data))
    if not names:
        return _flip(data, random)
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


# --------------------------------------------------------------------------------------------------------------- XML


def _xml_tree(data: bytes, random: Random) -> bytes:
    try:
        root = etree.fromstring(data.strip(), etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return _xml_text(data, random)
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


def _xml_text(data: bytes, random: Random) -> bytes:
    """Change tags and declarations as text: what no writer of XML would write."""
    way = random.choice(("tag", "entity", "doctype", "deep", "cdata", "declaration", "namespace", "attribute"))
    tags = list(_XML.finditer(data))
    if not tags:
        return _flip(data, random)
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


# --------------------------------------------------------------------------------------------------- fields and lines


def _csv_row(record: bytes, random: Random) -> bytes | None:
    text = record.decode("utf-8", "replace")
    delimiter = "," if "," in text else "\t"  # as the fixtures have; a row alone does not tell
    try:
        (row,) = csv.reader([text], delimiter=delimiter, strict=True)
    except (csv.Error, ValueError):
        return None
    for _ in range(random.choice((1, 1, 2))):
        if not row:
            break
        at = random.randrange(len(row))
        other = random.choice(row)
        row[at] = random.choice((random.choice(TEXTS).replace("\r", "").replace("\n", " "), "", other, row[at] * 2))
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow(row)
    return out.getvalue().encode("utf-8", "surrogatepass")


def _csv(data: bytes, random: Random) -> bytes:
    lines = data.splitlines(keepends=True)
    if not lines:
        return data
    at = random.randrange(len(lines))
    way = random.choice(("quote", "separator", "row", "column", "header", "width"))
    if way == "row" or way == "quote":
        new = _csv_row(lines[at], random)
        lines[at] = lines[at] if new is None else new
        if way == "quote":
            place = random.randint(0, len(lines[at]))
            lines[at] = lines[at][:place] + random.choice((b'"', b'""', b"'", b'"x"')) + lines[at][place:]
    elif way == "separator":
        other = random.choice((b";", b"\t", b"|", b",,"))
        return b"".join(line.replace(b",", other) for line in lines)
    elif way == "column":
        return b"".join(line.rstrip(b"\r\n") + b",x\n" for line in lines)
    elif way == "header":
        lines[0] = random.choice(
            (b"", lines[0] * 2, lines[0].upper(), lines[0].replace(b",", b",x", 1), b"\n" + lines[0])
        )
    else:
        lines[at] = lines[at].replace(b",", b"", 1) if random.random() < 0.5 else lines[at] * random.choice((2, 300))
    return b"".join(lines)


def _lines(data: bytes, random: Random) -> bytes:
    lines = data.splitlines(keepends=True)
    if not lines:
        return data
    at, to = random.randrange(len(lines)), random.randrange(len(lines))
    way = random.choice(
        ("drop", "double", "swap", "move", "indent", "tag", "value", "value", "value", "join", "repeat")
    )
    if way == "drop":
        del lines[at]
    elif way == "double":
        lines.insert(to, lines[at])
    elif way == "swap":
        lines[at], lines[to] = lines[to], lines[at]
    elif way == "move":
        lines.insert(to, lines.pop(at))
    elif way == "indent":
        lines[at] = random.choice((b" ", b"      ", b"\t", b"\xc2\xa0")) + lines[at]
    elif way == "tag":
        lines[at] = random.choice((b"XX", b"TY", b"ER", b"PMID", b"A.1", b"", b"  ")) + lines[at][2:]
    elif way == "join":
        lines[at] = lines[at].rstrip(b"\r\n")
    elif way == "repeat":
        lines[at] = lines[at] * random.choice((10, 1000))
    else:
        lines[at] = _other_value(lines[at], random)
    return b"".join(lines)


def _other_value(line: bytes, random: Random) -> bytes:
    """Put another value behind a line's separator."""
    match = re.match(rb"(.{0,40}?(?:[-:=\t] ?|: ))", line)
    text = random.choice(TEXTS).replace("\n", " ").replace("\r", " ").encode()
    return (match.group() if match else b"") + text + b"\n"


def _value_of_line(record: bytes, random: Random) -> bytes | None:
    """Change a value of a tagged or tabbed record, never its first or last line."""
    if b"\t" in record and record.count(b"\n") <= 1:
        fields = record.rstrip(b"\n").split(b"\t")
        text = re.sub(r"[\t\r\n\"]", " ", random.choice(TEXTS))
        fields[random.randrange(len(fields))] = text.encode("utf-8", "surrogatepass")
        return b"\t".join(fields) + b"\n"
    lines = record.splitlines(keepends=True)
    inner = [n for n, line in enumerate(lines[1:-1], 1) if re.match(rb"[A-Z][A-Z0-9]{1,3} *- ", line)]
    if not inner:
        return None
    at = random.choice(inner)
    head = re.match(rb"[A-Z][A-Z0-9]{1,3} *- ", lines[at])
    assert head is not None
    text = re.sub("[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", " ", random.choice(TEXTS))
    lines[at] = head.group() + text.encode() + b"\n"
    return b"".join(lines)


def _yaml(data: bytes, random: Random) -> bytes:
    lines = data.splitlines(keepends=True)
    if not lines:
        return data
    at = random.randrange(len(lines))
    new = random.choice(
        (
            *(b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", b"x: !!python/object:os.system 'id'\n", b"<<: *x\n"),
            *(b"\tx: 1\n", b"title: a\ntitle: b\n", b"? [a, b]\n: c\n", b"- x\n", b"--- \n", b"...\n", b"%YAML 9.9\n"),
            *(b"x: " + b"[" * 2000 + b"\n", b"x: {a: {b: {c: [1, {d: e}]}}}\n", b"x: 2024-02-30\n", b"x: 0o17\n"),
            *(b'x: "\\uD800"\n', b"x: |\n  y\n z\n", b"null: null\n", b"1: 2\n", b"[a]: b\n", b"x: 1e999\n", b": \n"),
        )
    )
    lines.insert(at, new)
    return b"".join(lines)


def _scalar(data: bytes, random: Random) -> bytes:
    """Change the words of one value of YAML, so that the file around it stays what it was."""
    lines = data.splitlines(keepends=True)
    places = [n for n, line in enumerate(lines) if re.match(rb"\s*(?:- )?[\w-]+: +[^|>\s]", line)]
    if not places:
        return _yaml(data, random)
    at = random.choice(places)
    head, _, value = lines[at].rstrip(b"\r\n").partition(b": ")
    words = value.strip(b" \"'").decode("utf-8", "replace")
    middle = random.randint(0, len(words))
    text = random.choice((words[:middle], words * 2, words[::-1], words.upper(), random.choice(TEXTS)))
    if random.random() < 0.5:
        text = words[:middle] + random.choice(TEXTS) + words[middle:]
    quoted = json.dumps(text[:5_000], ensure_ascii=random.random() < 0.5)  # a double-quoted scalar of YAML, nearly
    lines[at] = head + b": " + (quoted if random.random() < 0.8 else text[:5_000]).encode() + b"\n"
    return b"".join(lines)


_STRUCTURAL: dict[str, tuple[Callable[[bytes, Random], bytes], ...]] = {
    "json": (_json, _json, _json, _json_text, _json_text),
    "xml": (_xml_tree, _xml_tree, _xml_tree, _xml_text, _xml_text),
    "csv": (_csv, _csv, _csv, _lines),
    "lines": (_lines, _lines, _lines, _yaml),
    "text": (_lines, _lines, _yaml),
    "yaml": (_yaml, _scalar, _scalar, _scalar, _lines),
    "nquads": (_lines, _json_text),
}
