"""Changes to files: of what their format is made of (trees, fields, lines), and of bytes."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from random import Random

from tests.fuzz.mutating_bytes import ANY, TEXTS
from tests.fuzz.mutating_trees import json_text, json_tree, xml_text, xml_tree


def changed(data: bytes, family: str, random: Random) -> bytes:
    """Return a file changed once or several times."""
    ways = (*_STRUCTURAL.get(family, ()), *_STRUCTURAL.get(family, ()), *ANY)
    for _ in range(random.choice((1, 1, 1, 1, 2, 2, 3, 5))):
        data = random.choice(ways)(data, random)[:4_000_000]
    return data


def changed_inside(record: bytes, family: str, random: Random) -> bytes | None:
    """Return one record changed so that it ends where it ended; ``None`` where that cannot be said.

    What stands around it is then not touched, whatever is wrong with it.
    """
    if family == "json":
        return json_tree(record, random)
    if family == "xml":
        new = xml_tree(record, random)
        return new if new != record else None
    if family == "csv":
        return _csv_row(record, random)
    if family == "lines":
        return _value_of_line(record, random)
    return None


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
    "json": (json_tree, json_tree, json_tree, json_text, json_text),
    "xml": (xml_tree, xml_tree, xml_tree, xml_text, xml_text),
    "csv": (_csv, _csv, _csv, _lines),
    "lines": (_lines, _lines, _lines, _yaml),
    "text": (_lines, _lines, _yaml),
    "yaml": (_yaml, _scalar, _scalar, _scalar, _lines),
    "nquads": (_lines, json_text),
}
