"""Reads back the report's tables as a web page: each row is what is said of the study and numbers in its heading."""

from __future__ import annotations

from typing import Any

import html5lib

from msevidence.server.exports.handover import Files
from tests.handover.kept import Said


def read(files: Files) -> Said:
    """Return what the rows say."""
    root: Any = html5lib.parse(next(iter(files.values())), namespaceHTMLElements=False)
    said: dict[str, set[str]] = {}
    for row in root.iter("tr"):
        strings: set[str] = set()
        for part in (*row.iter("p"), *row.iter("span"), *row.iter("a")):
            strings.add(" ".join("".join(part.itertext()).split()))
        for head in row.iter("th"):
            if head.get("scope") == "row":
                for paragraph in head.iter("p"):
                    said.setdefault("".join(paragraph.itertext()).strip(), set()).update(strings)
    for link in root.iter("a"):
        said.setdefault(str(link.get("href")), set()).add("".join(link.itertext()))
    return said
