"""How many studies, references or reviews a text says there are, against the table or list that holds them."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from msevidence.loaders.review.arithmetic.counted_studies import Counted, counted_studies
from msevidence.loaders.review.arithmetic.flow_reading import boxes
from msevidence.loaders.review.arithmetic.study_rows import StudyTable, among, words_of
from msevidence.loaders.review.numbers import numbers
from msevidence.loaders.review.outcome import Compared, NotApplicable, Outcome, Rule, Severity
from msevidence.loaders.review.view import Document, Passage, Reference, View

NAMED = 10
"""Entries up to which a message names them."""
_APPENDIX = re.compile(
    r"^(?:appendix|annex|vedlegg|bilaga|supplement|table|tabell|part|del)\s*(?:[A-Z]|\d+)?\s*[:.–-]?\s*|^\d+(?:\.\d+)*\.?\s",
    re.I,
)
_OF_THE_LIST = frozenset({"list", "liste", "lists", "lister", "over", "included", "inkluderte", "of"})

_ONE = {
    "rows": "row",
    "rader": "rad",
    "such rows": "such row",
    "slike rader": "slik rad",
    "entries": "entry",
    "such entries": "such entry",
    "studier": "studie",
    "slike studier": "slik studie",
    "references": "reference",
    "referanser": "referanse",
}
"""What was counted, where it is but one."""


def check(view: View) -> Iterator[Outcome | NotApplicable]:
    """Look at each count whose words tell which rows or entries it counts."""
    for document in view.documents:
        works = Counter(r.passages[0].table for r in document.references.values() if r.listed and r.passages)

        def listed(table: StudyTable, works: Counter[str | None] = works) -> int:
            return works[table.table.iri]

        for counted in counted_studies(document, listed):
            yield _outcome(document, counted)
        yield from _lists(document)


def _outcome(document: Document, counted: Counted) -> Outcome:
    broken = counted.number.value != counted.found
    titles = [t.name for t in counted.tables]
    tables, tables_nb = _listed(titles, "and"), _listed(titles, "og")
    what, what_nb = (_ONE.get(w, w) if counted.found == 1 else w for w in (counted.what, counted.what_nb))
    names = [_short(e.name) for e in counted.entries]
    which = f" ({', '.join(names)})" if 0 < len(names) <= NAMED and counted.what != "references" else ""
    quote = _quote(counted.passage, counted.number.begin)
    have, have_nb = ("has", "har") if len(counted.tables) == 1 else ("have", "har")
    rests: list[Passage] = [counted.passage, *(p for t in counted.tables for p in t.rests)]
    rests += [p for e in counted.entries for p in e.passages[:1]]
    return Outcome(
        document.iri,
        broken,
        counted.passage.iri,
        _iris(rests),
        f"The text says “{quote}”; {tables} {have} {counted.found} {what}{which}." if broken else "",
        f"Teksten sier «{quote}»; {tables_nb} {have_nb} {counted.found} {what_nb}{which}." if broken else "",
        (
            Compared("text", "tekst", counted.number.printed, counted.passage.iri),
            Compared(counted.what, counted.what_nb, str(counted.found), counted.tables[0].rests[0].iri),
        ),
    )


def _lists(document: Document) -> Iterator[Outcome]:
    """Look at lists of works under a heading of their own, where the diagram or the text counts what it names."""
    found: dict[str, list[Reference]] = {}
    for reference in document.references.values():
        if (
            reference.listed
            and reference.passages
            and reference.passages[0].section
            and not reference.passages[0].table
        ):
            found.setdefault(reference.passages[0].section, []).append(reference)
    for section, references in found.items():
        heading = next((p for p in document.passages if p.kind == "heading" and p.section == section), None)
        words = [w for w in words_of(_APPENDIX.sub("", heading.text)) if w not in _OF_THE_LIST] if heading else []
        if not words or heading is None:
            continue
        for printed, count, passages, label in _counts_of(document, words):
            broken = count != len(references)
            yield Outcome(
                document.iri,
                broken,
                passages[0].iri,
                _iris([*passages, heading, references[0].passages[0], references[-1].passages[-1]]),
                f"“{label}” are counted as {printed}; “{heading.text}” lists {len(references)}." if broken else "",
                f"«{label}» er talt til {printed}; «{heading.text}» lister opp {len(references)}." if broken else "",
                (
                    Compared("count", "antall", printed, passages[0].iri),
                    Compared("entries of the list", "oppføringer i listen", str(len(references)), heading.iri),
                ),
                tuple(r.iri for r in references),
            )


def _counts_of(document: Document, words: Sequence[str]) -> Iterator[tuple[str, int, list[Passage], str]]:
    """Yield the counts of just what these words name: of a reason in the diagram, or in a sentence."""
    for box in boxes(document):
        for (label, count), passage in zip(box.reasons, box.reason_passages, strict=False):
            if _same(words_of(label), words):
                yield str(count), count, [passage], label
    for passage in document.passages:
        if passage.kind not in ("sentence", "list-item") or passage.table:
            continue
        for number in numbers(passage.text, passage.language):
            if not number.whole or number.hedge or number.value == 1:
                continue
            after = re.split(r"[(,.;:]", passage.text[number.end :])[0]
            counted = words_of(after)[: len(words)]
            if _same(counted, words):
                yield number.printed, int(number.value), [passage], " ".join(counted)


def _same(one: Sequence[str], other: Sequence[str]) -> bool:
    return len(one) == len(other) and all(among(w, other) for w in one)


def _listed(names: Sequence[str], word: str) -> str:
    return f" {word} ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _short(name: str) -> str:
    """Return the name of an entry without the numbers below it."""
    return re.split(r"\s(?:\(|[A-Z]{3,}\d|EudraCT|EU CT|ISRCTN)", name)[0][:60]


def _quote(passage: Passage, begin: int) -> str:
    """Return the words of a count, up to the end of its clause."""
    text = passage.text[begin:]
    end = re.search(r"(?<!\d)[.,;](?=\s|$)|\s(?:and|og)\s(?=\w+\s(?:av|of|stud|trial))", text)
    return text[: end.start()] if end else text


def _iris(passages: Sequence[Passage]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p.iri for p in sorted(passages, key=lambda p: p.ordinal)))


RULE = Rule(
    "count-against-rows",
    Severity.WARNING,
    "a table of studies or a list of works, and a count of them in the text",
    "en tabell over studier eller en liste over verk, og et antall av dem i teksten",
    check,
    file="loaders/review/arithmetic/count_against_rows.py",
)
