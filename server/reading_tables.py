"""The passages and the claims of a document as tables, for those who take them away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import overload

from msevidence.server import i18n
from msevidence.server.exhibits import Cell, Column, Row, Table, cell, figure
from msevidence.server.labels import Text
from msevidence.server.pages_links import Value, resource_url
from msevidence.server.pages_reading import Passage
from msevidence.server.reading_marks import Claim, Marks, Reference
from msevidence.server.review_badges import Flag

OF_PASSAGES = {
    **{"passage": True, "kind": False, "language": False, "text": False},
    **{"claims": True, "cites": True, "findings": False},
}
OF_CLAIMS = {"claim": True, "kind": True, "support": True, "passage": True, "cites": True, "findings": False}
"""Columns of the two tables, and whether the files have IRIs in them; the headings are ``read-column-<name>``."""


class Later(Sequence[Row]):
    """Rows that are made when they are asked for: the page of a document only links to its tables."""

    def __init__(self, make: Callable[[], Iterator[Row]]) -> None:
        self._make = make

    def __iter__(self) -> Iterator[Row]:
        # Anew each time: the links in them are those of the request.
        return self._make()

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        return list(self)[index]


def tables(passages: Mapping[str, Passage], marks: Marks, flags: Mapping[str, Flag], language: str) -> list[Table]:
    """Return the passages of a document in reading order, and its claims."""

    def columns(names: Mapping[str, bool]) -> list[Column]:
        return [Column(key, i18n.text(f"read-column-{key}", language), iris) for key, iris in names.items()]

    return [
        Table(
            "passages",
            i18n.text("read-table-passages", language),
            columns(OF_PASSAGES),
            Later(lambda: (_passage(one, marks, flags) for one in passages.values())),
        ),
        Table(
            "claims",
            i18n.text("read-table-claims", language),
            columns(OF_CLAIMS),
            Later(lambda: (_claim(c, one, marks, flags) for one in passages.values() for c in _claims(one, marks))),
        ),
    ]


def _claims(passage: Passage, marks: Marks) -> Sequence[Claim]:
    return marks.passages[passage.key].claims


def _passage(one: Passage, marks: Marks, flags: Mapping[str, Flag]) -> Row:
    return {
        "passage": _itself(one),
        "kind": Cell(one.kind),
        "language": Cell(one.text.language),
        "text": Cell(one.text.text, one.text.language),
        "claims": [_words(claim, one) for claim in _claims(one, marks)],
        "cites": [_reference(cited.reference) for cited in marks.passages[one.key].cites],
        "findings": _findings(one, flags),
    }


def _claim(claim: Claim, one: Passage, marks: Marks, flags: Mapping[str, Flag]) -> Row:
    return {
        "claim": _words(claim, one),
        "kind": cell(claim.kind) if claim.kind else (),
        "support": cell(claim.support) if claim.support else (),
        "passage": _itself(one),
        "cites": [_reference(cited) for cited in marks.claim_cites.get(claim.iri, ())],
        "findings": _findings(one, flags),
    }


def _itself(one: Passage) -> Cell:
    return cell(Value(Text(one.key), one.iri, one.href))


def _words(claim: Claim, one: Passage) -> Cell:
    return Cell(claim.words, one.text.language, resource_url(claim.href), claim.iri)


def _reference(one: Reference) -> Cell:
    return Cell(one.number or one.name, iri=one.iri)


def _findings(one: Passage, flags: Mapping[str, Flag]) -> Cell:
    return figure(len(flags[one.key].findings) if one.key in flags else 0)
