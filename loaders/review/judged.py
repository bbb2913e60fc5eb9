"""``data/review.yaml``: findings and disagreements that people judged, and their decisions on findings.

A judged entry becomes an outcome as those of the rules are, so that it is stated and shown like them; that a person
found it is for whoever states it to say. A decision on a finding that is not there (any more) is no fault of the file:
texts and rules change, and whoever states the decisions tells which of them lead nowhere.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from msevidence.loaders.errors import CurationError
from msevidence.loaders.lenient import LeftOut
from msevidence.loaders.loaded import Names
from msevidence.loaders.review.judged_places import Place, Places
from msevidence.loaders.review.judged_schema import (
    Against,
    DecisionEntry,
    DisagreementEntry,
    JudgedEntry,
    ReviewContent,
)
from msevidence.loaders.review.outcome import Compared, Disagreement, Outcome
from msevidence.loaders.review.view import View
from msevidence.loaders.yamlfile import line_of, parse
from msevidence.ontology.namespaces import UnknownConceptError, scheme

FILE = "review.yaml"
Location: TypeAlias = tuple[int | str, ...]
Judged: TypeAlias = JudgedEntry | DisagreementEntry
Lookup: TypeAlias = Callable[..., Places]
"""Takes a place in an entry, none for the entry itself, and gives the look-up whose errors name it."""


@dataclass(frozen=True)
class ReviewFile:
    """The file, with the positions that its errors name."""

    content: ReviewContent = field(default_factory=ReviewContent)
    path: Path = Path(FILE)
    positions: Any = None

    @property
    def as_of(self) -> str | None:
        """The date at which expectations are measured."""
        return self.content.as_of

    @property
    def decisions(self) -> dict[str, DecisionEntry]:
        """The decisions by key of the finding: the last part of its IRI."""
        return dict(self.content.decisions)

    def error(self, message: str, at: Location, of: type[CurationError] = CurationError) -> CurationError:
        return of(message, self.path, line_of(self.positions, at), ".".join(map(str, at)))


def read_review(data: Path) -> ReviewFile:
    """Return ``review.yaml`` of a data folder; an empty one where there is none.

    Raises CurationError, with file and line, where it is not valid or names a kind of finding that there is not.
    """
    path = data / FILE
    if not path.exists():
        return ReviewFile(path=path)
    content, positions = parse(path, ReviewContent)
    file = ReviewFile(content, path, positions)
    for i, entry in enumerate(content.judged):
        _check_kind(file, entry.kind, ("judged", i, "kind"))
    for i, said in enumerate(content.disagreements):
        _check_kind(file, said.finding, ("disagreements", i, "finding"))
    return file


def judged_outcomes(
    file: ReviewFile,
    view: View,
    left_out: list[LeftOut] | None = None,
    names: Names | None = None,
    absent: list[LeftOut] | None = None,
) -> Iterator[tuple[Judged, Outcome]]:
    """Yield each judged entry with its outcome; a disagreement has one in each of its two documents.

    Raises CurationError, with file and line, where what an entry quotes does not stand in exactly one place, or what it
    names is not known. With ``left_out``, such an entry is appended there instead: a text is being changed; with
    ``absent``, so is one about a document that these data do not have. ``names``
    tells what turned out to be another thing (a publication, the article that was loaded).
    """
    lists: tuple[tuple[str, Sequence[Judged]], ...] = (
        ("judged", file.content.judged),
        ("disagreements", file.content.disagreements),
    )
    for name, entries in lists:
        for i, entry in enumerate(entries):
            gone = sorted(_documents(entry) - {d.key for d in view.documents})
            if gone and absent is not None:
                absent.append(LeftOut(f"{FILE}, {entry.key}", "", f"there is no document {', '.join(gone)}"))
                continue
            try:
                outcomes = _outcomes(entry, _lookup(file, view, names or {}, (name, i)))
            except CurationError as e:
                if left_out is None:
                    raise
                left_out.append(LeftOut(f"{FILE}, {entry.key}", "", e.message))
                continue
            for outcome in outcomes:
                yield entry, outcome


def _lookup(file: ReviewFile, view: View, names: Names, at: Location) -> Lookup:
    def places(*field: int | str) -> Places:
        return Places(view, names, lambda message, name, of: file.error(message, (*at, *field, name), of))

    return places


def _documents(entry: Judged) -> set[str]:
    """Return the keys of the documents that an entry quotes."""
    if isinstance(entry, JudgedEntry):
        return {entry.document, *(a.document for a in entry.against if a.document is not None)}
    return {entry.one.document, entry.other.document}


def _outcomes(entry: Judged, places: Lookup) -> list[Outcome]:
    if isinstance(entry, JudgedEntry):
        return [_judged(entry, places)]
    return _disagreement(entry, places)


def _judged(entry: JudgedEntry, places: Lookup) -> Outcome:
    own = places().in_document(entry.document, entry.quote)
    compared = [_said("what it says", "det som står", place) for place in own]
    passages = [passage.iri for _, passage in own]
    about = list(places().studies(entry.about))
    for i, against in enumerate(entry.against):
        values, others, things = _against(entry, against, places("against", i))
        compared += values
        passages += others
        about += things
    view = places().view
    return Outcome(
        document=view.document(entry.document).iri,
        broken=True,
        focus=own[0][1].iri,
        passages=tuple(view.passages_in_order(passages)),
        english=entry.message.en,
        norwegian=entry.message.nb,
        compared=tuple(compared),
        about=tuple(dict.fromkeys(about)),
        severity=entry.severity,
    )


def _against(entry: JudgedEntry, against: Against, places: Places) -> tuple[list[Compared], list[str], list[str]]:
    """Return the values, the passages and the things that a passage is held against."""
    if against.document is not None:
        where = "" if against.document == entry.document else f" ({against.document})"
        found = places.in_document(against.document, against.quote)
        return [_said(f"against{where}", f"mot{where}", p) for p in found], [p.iri for _, p in found], []
    if against.publication is not None:
        work, words = places.in_publication(against.publication, against.quote)
        return (
            [
                Compared(f"against, in the work ({basis})", f"mot, i verket ({basis})", text, source=work)
                for text, basis in words
            ],
            [],
            [work],
        )
    record, values = places.in_registration(against.registration or "", against.quote)
    return [Compared("against, in the registry", "mot, i registeret", v, source=record) for v in values], [], [record]


def _disagreement(entry: DisagreementEntry, places: Lookup) -> list[Outcome]:
    one = places("one").in_document(entry.one.document, entry.one.quote)
    other = places("other").in_document(entry.other.document, entry.other.quote)
    disagreement = Disagreement(
        kind=entry.kind,
        field=entry.field.en,
        field_nb=entry.field.nb,
        one=one[0][1].iri,
        other=other[0][1].iri,
        one_says=_together(one),
        other_says=_together(other),
        english=entry.verdict.en,
        norwegian=entry.verdict.nb,
    )
    view = places().view
    sides = {entry.one.document: one, entry.other.document: other}
    compared = tuple(_said(f"in {key}", f"i {key}", place) for key, side in sides.items() for place in side)
    return [
        Outcome(
            document=view.document(key).iri,
            broken=True,
            focus=side[0][1].iri,
            passages=tuple(view.passages_in_order(p.iri for _, p in (*one, *other))),
            english=entry.verdict.en,
            norwegian=entry.verdict.nb,
            compared=compared,
            about=places().studies(entry.about),
            severity=entry.severity,
            disagreement=disagreement,
        )
        for key, side in sides.items()
    ]


def _said(label: str, label_nb: str, place: Place) -> Compared:
    words, passage = place
    return Compared(label, label_nb, words, passage.iri)


def _together(side: list[Place]) -> str:
    return " / ".join(dict.fromkeys(words for words, _ in side))


def _check_kind(file: ReviewFile, kind: str, at: Location) -> None:
    try:
        scheme("finding-kind", kind)
    except UnknownConceptError as e:
        raise file.error(str(e), at) from e
