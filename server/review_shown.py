"""A document's text with its findings: which stretch of the text a finding stands beside, and its number there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from msevidence.server.pages_reading import Block, Passage, Reading
from msevidence.server.review_gravest import own_places
from msevidence.server.review_model import GROUPS, Finding, Review, at_least

WHOLE = 12
"""A finding that rests on more passages than this is of the whole document: it stands before the text."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A text with the findings of the document as a whole, those beside its passages, and the number of each."""

    of_the_whole: Sequence[Finding]
    blocks: Sequence[Block]
    beside: Mapping[str, Sequence[Finding]]
    """Key of a passage → the findings that stand beside it: those of which it is the first passage."""
    numbers: Mapping[str, int]
    """IRI of a finding → its number on the page."""
    flags: Mapping[str, Sequence[Finding]]
    """Key of a passage → the findings that rest on it, by number."""
    index: Sequence[tuple[str, Sequence[tuple[str, Sequence[Finding]]]]]
    """The findings by group and kind, those of a kind by number."""


def chosen(finding: Finding, kind: str, severity: str, standing: str, within: str = "") -> bool:
    """Say whether a finding is of a kind (or group of kinds), as grave as a severity, of a standing, and in a part."""
    return (
        (not kind or kind in (finding.kind, finding.group))
        and (not severity or at_least(finding.severity, severity))
        and (not standing or standing == finding.standing)
        and (not within or bool(own_places(finding, finding.document, within)))
    )


def placed(reading: Reading, review: Review) -> Shown:
    """Put each finding beside the first of its passages, and number them in the order in which they stand."""
    order = {p.key: n for n, p in enumerate(p for block in reading.blocks for p in passages_of(block))}
    beside: dict[str, list[Finding]] = {}
    whole: list[Finding] = []
    resting: dict[str, list[Finding]] = {}
    for finding in review.findings:
        own = {p.passage.rpartition("/")[2] for p in finding.places if p.document == review.document} & order.keys()
        for key in own:
            resting.setdefault(key, []).append(finding)
        if own and len(own) <= WHOLE:
            beside.setdefault(min(own, key=order.__getitem__), []).append(finding)
        else:
            whole.append(finding)
    ordered = [*whole, *(finding for key in sorted(beside, key=order.__getitem__) for finding in beside[key])]
    numbers = {finding.iri: number for number, finding in enumerate(ordered, 1)}
    flags = {key: sorted(found, key=lambda f: numbers[f.iri]) for key, found in resting.items()}
    index = [
        (group, [(kind, [f for f in ordered if f.kind == kind]) for kind in kinds]) for group, kinds in kinds_of(review)
    ]
    return Shown(whole, reading.blocks, beside, numbers, flags, index)


def passages_of(block: Block) -> Iterator[Passage]:
    """Yield the passages of a block, those of a table row by row."""
    yield from block.passages
    if block.table is not None:
        for row in block.table.rows:
            for cell in row:
                yield from cell


def kinds_of(review: Review) -> list[tuple[str, list[str]]]:
    """Return the groups that a document has findings of, each with their kinds, in the order they are told.

    Kinds that are in no group come last, with an empty group.
    """
    kinds: dict[str, set[str]] = {}
    for finding in review.findings:
        kinds.setdefault(finding.group if finding.group in GROUPS else "", set()).add(finding.kind)
    return [(group, sorted(kinds[group])) for group in (*GROUPS, "") if group in kinds]
