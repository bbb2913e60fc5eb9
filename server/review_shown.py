"""A document's text with its findings: which stretch of the text a finding stands beside, and its number there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from msevidence.server.pages_reading import Block, Passage, Reading
from msevidence.server.review_model import GROUPS, Finding, Review, at_least

WHOLE = 12
"""A finding that rests on more passages than this is of the whole document: it stands before the text."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A block of the text, and the findings that stand beside it."""

    block: Block
    findings: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class Shown:
    """A text with the findings that no passage of it carries, those beside its blocks, and the number of each."""

    of_the_whole: Sequence[Finding]
    stretches: Sequence[Stretch]
    numbers: Mapping[str, int]
    """IRI of a finding → its number on the page."""
    flags: Mapping[str, Sequence[Finding]]
    """Key of a passage → the findings that rest on it."""


def chosen(finding: Finding, kind: str, severity: str, standing: str) -> bool:
    """Say whether a finding is of a kind (or group of kinds), as grave as a severity, and of a standing."""
    return (
        (not kind or kind in (finding.kind, finding.group))
        and (not severity or at_least(finding.severity, severity))
        and (not standing or standing == finding.standing)
    )


def placed(reading: Reading, review: Review) -> Shown:
    """Put each finding beside the block that holds the first of its passages."""
    blocks = [[passage.key for passage in passages_of(block)] for block in reading.blocks]
    at = {key: number for number, keys in reversed(list(enumerate(blocks))) for key in keys}
    beside: dict[int, list[Finding]] = {}
    flags: dict[str, list[Finding]] = {}
    whole: list[Finding] = []
    for finding in review.findings:
        own = [p.passage.rpartition("/")[2] for p in finding.places if p.document == review.document]
        for key in dict.fromkeys(own):
            flags.setdefault(key, []).append(finding)
        first = min((at[key] for key in own if key in at), default=None)
        if first is None or len(own) > WHOLE:
            whole.append(finding)
        else:
            beside.setdefault(first, []).append(finding)
    stretches = [Stretch(block, beside.get(number, ())) for number, block in enumerate(reading.blocks)]
    ordered = [*whole, *(f for stretch in stretches for f in stretch.findings)]
    return Shown(whole, stretches, {f.iri: number for number, f in enumerate(ordered, 1)}, flags)


def passages_of(block: Block) -> Iterator[Passage]:
    """Yield the passages of a block, those of a table row by row."""
    yield from block.passages
    if block.table is not None:
        for row in block.table.rows:
            for cell in row:
                yield from cell


def kinds_of(review: Review) -> list[tuple[str, list[str]]]:
    """Return the groups that a document has findings of, each with their kinds, in the order they are told."""
    groups = {finding.group for finding in review.findings}
    return [
        (group, sorted({f.kind for f in review.findings if f.group == group})) for group in GROUPS if group in groups
    ]
