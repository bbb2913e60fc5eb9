"""A document's text with its findings: which stretch of the text a finding stands beside, and its number there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from msevidence.server.pages_reading import Block, Passage, Reading
from msevidence.server.results_model import GRAVE, LOCAL
from msevidence.server.results_read import overlap
from msevidence.server.review_gravest import own_places
from msevidence.server.review_model import GROUPS, SEVERITIES, Finding, Review, Verdict, at_least

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
    """IRI of a finding → its number in the whole review."""
    flags: Mapping[str, Sequence[Finding]]
    """Key of a passage → the findings that rest on it, by number."""
    index: Sequence[tuple[str, Sequence[tuple[str, Sequence[Finding]]]]]
    """The findings by group and kind, those of a kind by number."""
    only: frozenset[str]
    """Keys of the passages that alone are shown, empty where all are."""


def chosen(finding: Finding, kind: str, severity: str, standing: str, within: str = "") -> bool:
    """Say whether a finding is of a kind (or group of kinds), as grave as a severity, of a standing, and in a part."""
    return (
        (not kind or kind in (finding.kind, finding.group))
        and (not severity or at_least(finding.severity, severity))
        and (not standing or standing == finding.standing)
        and (not within or bool(own_places(finding, finding.document, within)))
    )


def placed(reading: Reading, review: Review, whole_review: Review, within: str = "") -> Shown:
    """Put each finding beside the first of its passages, numbered in the order in which they stand in the whole review.

    Args:
        reading: the text.
        review: with the findings that are shown.
        whole_review: with all findings, so that a number is the same whatever is chosen.
        within: key of the table or section whose text alone is shown, empty for all of it.
    """
    everywhere = _order(reading.blocks)
    blocks = _part_of(reading.blocks, whole_review, within) if within else reading.blocks
    order = _order(blocks)
    numbers = {f.iri: n for n, f in enumerate(_standing(everywhere, whole_review.findings), 1)}
    beside: dict[str, list[Finding]] = {}
    whole: list[Finding] = []
    resting: dict[str, list[Finding]] = {}
    for finding in review.findings:
        own = _own(finding, order)
        for key in own:
            resting.setdefault(key, []).append(finding)
        if own and len(_own(finding, everywhere)) <= WHOLE:
            beside.setdefault(min(own, key=order.__getitem__), []).append(finding)
        else:
            whole.append(finding)
    ordered = sorted(review.findings, key=lambda f: numbers[f.iri])
    flags = {key: sorted(found, key=lambda f: numbers[f.iri]) for key, found in resting.items()}
    index = [
        (group, [(kind, [f for f in ordered if f.kind == kind]) for kind in kinds]) for group, kinds in kinds_of(review)
    ]
    return Shown(whole, blocks, beside, numbers, flags, index, frozenset(order) if within else frozenset())


def _order(blocks: Sequence[Block]) -> dict[str, int]:
    return {p.key: n for n, p in enumerate(p for block in blocks for p in passages_of(block))}


def _own(finding: Finding, order: Mapping[str, int]) -> set[str]:
    return {p.passage.rpartition("/")[2] for p in finding.places if p.document == finding.document} & order.keys()


def _standing(order: Mapping[str, int], findings: Sequence[Finding]) -> list[Finding]:
    """Return findings in the order in which they stand: those of the whole first, then passage by passage."""

    def place(finding: Finding) -> int:
        own = _own(finding, order)
        return min(order[key] for key in own) if own and len(own) <= WHOLE else -1

    return sorted(findings, key=place)


def _part_of(blocks: Sequence[Block], review: Review, within: str) -> Sequence[Block]:
    """Return a table, or the stretches between headings that passages of a section stand in."""
    tables = [b for b in blocks if b.table and f"table-{b.table.label.iri.rpartition('/')[2]}" == within]
    if tables:
        return tables
    there = {p.passage.rpartition("/")[2] for f in review.findings for p in own_places(f, review.document, within)}
    stretches: list[list[Block]] = [[]]
    for block in blocks:
        if block.level and stretches[-1]:
            stretches.append([])
        stretches[-1].append(block)
    return [
        block
        for stretch in stretches
        if any(p.key in there for one in stretch if not one.table for p in passages_of(one))
        for block in stretch
    ]


def but(review: Review, verdict: Verdict) -> list[Finding]:
    """Return the errors and warnings on the same words as a verdict that agrees, the gravest first.

    What rests on many passages is about the document more than about these words; a finding that states verdicts on
    other words of the passage is about those.
    """
    if verdict.kind != "agrees":
        return []
    found = [
        finding
        for finding in review.findings
        if finding.severity in GRAVE
        and not finding.set_aside
        and len({place.passage for place in finding.places}) <= LOCAL
        and any(place.passage == verdict.passage for place in finding.places)
        and (not finding.verdicts or any(overlap(said.words, verdict.words) for said in finding.verdicts))
    ]
    return sorted(found, key=lambda finding: SEVERITIES.index(finding.severity))


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
