"""Checks of a document that need no shape: nothing cited from the future, no registry number that is none.

What a document really prints wrong is not corrected: ``quarantine:`` in ``metadata.yaml`` names the words and why they
are let through, and the number is then left out of the graph as a number and stays in its passage.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from msevidence.loaders.context import DocumentContext
from msevidence.loaders.document import Passage, Reference
from msevidence.loaders.errors import SourceError
from msevidence.loaders.text import squash
from msevidence.ontology.identifiers import SCHEMES, InvalidNumberError, find_numbers, fold, parse_number

_STARTS = "|".join(re.escape(s.starts) for s in SCHEMES.values() if s.starts.isalpha() and s.starts not in ("PER", "C"))
_CANDIDATE = re.compile(rf"\b(?:{_STARTS})[ -]?\d[\dN-]*|(?<![\w/-])\d{{4}}-\d{{5,7}}-\d{{1,3}}(?![\w-])")


def check_document(context: DocumentContext) -> None:
    """Check references and registry numbers of a document.

    Raises SourceError for a reference to a later work or a malformed registry number, CurationError for a quarantine
    of words that do not stand in the text.
    """
    for later in _later(context):
        mend = "correct the year in the text, or published in metadata.yaml"
        raise SourceError(f"{later.message}; {mend}", context.source_path, later.line)
    passages = context.parsed.passages
    quarantined = [squash(q.text) for q in context.metadata.quarantine]
    for i, text in enumerate(quarantined):
        if not any(text in p.text for p in passages):
            message = f"{text!r} does not stand in the text; remove the entry"
            raise context.metadata_error(message, ("quarantine", i, "text"))
    for malformed in _malformed(context, quarantined):
        mend = "If the document prints it so, list it under quarantine: in metadata.yaml with the reason"
        raise SourceError(f"{malformed.message} {mend}", context.source_path, malformed.line)


def document_faults(context: DocumentContext) -> list[str]:
    """Return what the checks find in a document that nobody here wrote or can correct, with its lines."""
    return [f"line {f.line}: {f.message}" for f in (*_later(context), *_impossible(context), *_malformed(context, []))]


@dataclass(frozen=True)
class _Fault:
    message: str
    line: int


def later_than_document(reference: Reference, context: DocumentContext) -> bool:
    """Say whether an entry is of a later year than the document that cites it."""
    published, year = _published(context), re.search(r"\d{4}", reference.year or "")
    return published is not None and year is not None and int(year.group()) > int(published[:4])


def _published(context: DocumentContext) -> str | None:
    printed = context.parsed.front.dates.get("published")
    return context.metadata.published or (printed.value if printed else None)


def _later(context: DocumentContext) -> Iterator[_Fault]:
    entries = (e.reference for row in context.parsed.study_rows for e in row.entries if e.reference is not None)
    for reference in (*context.parsed.references, *context.parsed.listed, *entries):
        if later_than_document(reference, context):
            yield _Fault(
                f"reference {reference.number or reference.printed[:40]!r} is of {reference.year}, the document of"
                f" {_published(context)}: nothing cites a later work",
                _line(context, context.parsed.passages[reference.passage], 0),
            )


def _impossible(context: DocumentContext) -> Iterator[_Fault]:
    source = context.parsed.source
    for printed in context.parsed.impossible:
        place = max(source.find(printed), 0)
        yield _Fault(f"there is no date {printed!r}", source.count("\n", 0, place) + 1)


def _malformed(context: DocumentContext, quarantined: list[str]) -> Iterator[_Fault]:
    for passage in context.parsed.passages:
        good = find_numbers(passage.text)
        for candidate in _CANDIDATE.finditer(fold(passage.text)):
            if any(n.begin < candidate.end() and candidate.start() < n.end for n in good):
                continue
            printed = candidate.group()
            if printed in quarantined:
                continue
            try:
                parse_number(printed)
            except InvalidNumberError as e:
                yield _Fault(str(e), _line(context, passage, candidate.start()))


def _line(context: DocumentContext, passage: Passage, offset: int) -> int:
    return context.parsed.source.count("\n", 0, passage.content.starts[offset]) + 1
