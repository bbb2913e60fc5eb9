"""Figures of a table told in a line: ``groups A/B 144/769, A/C 146/730; mean follow-up in years 4.0/2.8, 4.1/2.5``."""

import re
from collections.abc import Iterator
from dataclasses import replace

from msevidence.loaders.review.sources.quantities import Quantity

_LABELS = re.compile(r"([^\W\d_][\w-]*)/([^\W\d_][\w-]*)(?=\s\d)")


def labelled(text: str, found: list[Quantity]) -> list[Quantity]:
    """Return the quantities of such a line with the label of each; those of another text as they are.

    The numbers of pairs take the labels of the pairs in order, from the first again in each part of the line. Those of
    the first part without a unit are sizes of groups.
    """
    pairs = [(m[1], m[2]) for m in _LABELS.finditer(text)]
    if len(pairs) < 2:
        return found
    names = [name for pair in pairs for name in pair]
    result = []
    for begin, end in _stretches(text):
        inside = [q for q in found if begin <= q.number.begin < end]
        if len(inside) != len(names):
            result += inside
            continue
        for quantity, name in zip(inside, names, strict=True):
            kind = "group" if quantity.kind == "bare" else quantity.kind
            result.append(replace(quantity, label=name, named=True, kind=kind, part=(begin, end)))
    return result


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for match in re.finditer(r";|$", text):
        yield begin, match.start()
        begin = match.end()
