"""Checks of a document that need no shape: nothing cited from the future, no registry number that is none.

What a document really prints wrong is not corrected: ``quarantine:`` in ``metadata.yaml`` names the words and why they
are let through, and the number is then left out of the graph as a number and stays in its passage.
"""

import re

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
    for reference in [*context.parsed.references, *context.parsed.listed]:
        _not_later(context, reference)
    for row in context.parsed.study_rows:
        for entry in row.entries:
            if entry.reference is not None:
                _not_later(context, entry.reference)
    passages = context.parsed.passages
    quarantined = [squash(q.text) for q in context.metadata.quarantine]
    for i, text in enumerate(quarantined):
        if not any(text in p.text for p in passages):
            message = f"{text!r} does not stand in the text; remove the entry"
            raise context.metadata_error(message, ("quarantine", i, "text"))
    for passage in passages:
        _numbers(context, passage, quarantined)


def _not_later(context: DocumentContext, reference: Reference) -> None:
    printed = context.parsed.front.dates.get("published")
    published = context.metadata.published or (printed.value if printed else None)
    year = re.search(r"\d{4}", reference.year or "")
    if published is None or year is None or int(year.group()) <= int(published[:4]):
        return
    raise SourceError(
        f"reference {reference.number or reference.printed[:40]!r} is of {year.group()}, the document of {published}:"
        " nothing cites a later work; correct the year in the text, or published in metadata.yaml",
        context.folder / "source.txt",
        _line(context, context.parsed.passages[reference.passage], 0),
    )


def _numbers(context: DocumentContext, passage: Passage, quarantined: list[str]) -> None:
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
            raise SourceError(
                f"{e} If the document prints it so, list it under quarantine: in metadata.yaml with the reason",
                context.folder / "source.txt",
                _line(context, passage, candidate.start()),
            ) from e


def _line(context: DocumentContext, passage: Passage, offset: int) -> int:
    return context.parsed.source.count("\n", 0, passage.content.starts[offset]) + 1
