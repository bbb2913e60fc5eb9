"""A period that a text states for several studies together, and the dates of those studies in the rows of a table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from msevidence.loaders.review.dates.events import Event, Modality, Told, told
from msevidence.loaders.review.dates.status_words import State, heading_state, state
from msevidence.loaders.review.dates.subjects import printed_name
from msevidence.loaders.review.outcome import Compared, NotApplicable, Outcome, Rule, Severity
from msevidence.loaders.review.view import Document, Passage, Table, View

_SEVERAL = re.compile(r"\b(?:studies|trials|studiene|studier|forsøkene|disse|these|them|dem|they|de)\b", re.I)
_TOKEN = re.compile(r"(?<![\w-])[A-ZÆØÅ][A-ZÆØÅ\d-]{2,}(?![\w-])")
_KINDS = ("sentence", "list-item", "sidebar", "table-cell", "footnote")


@dataclass(frozen=True)
class _Row:
    """A row of a table of studies, with the ends that it prints for its study."""

    name: str
    first: Passage
    ends: tuple[tuple[Told, Passage], ...]


def _check(view: View) -> Iterator[Outcome | NotApplicable]:
    for document in view.documents:
        for passage in document.passages:
            if passage.kind not in _KINDS or not _SEVERAL.search(passage.text):
                continue
            for one in told(passage.text):
                if one.expected and (one.period.is_range or one.modality is Modality.BY):
                    rows = _rows(document, passage)
                    if any(r.ends for r in rows):
                        yield _outcome(document, passage, one, rows)


def _rows(document: Document, passage: Passage) -> list[_Row]:
    """Return the rows that a sentence speaks of: of tables of such studies, those that share its topic, else of all."""
    tables = []
    for table in document.tables:
        if table.iri == passage.table:
            continue
        rows = [_row(cells) for row, cells in sorted(table.cells.items()) if row and cells.get(0)]
        listed = heading_state(document, table)
        if any(r.ends for r in rows) and (listed is None or listed[0] is not State.FINISHED):
            tables.append((table, rows))
    for words in (passage.text, " ".join(document.section_titles(passage)[:1])):
        topic = set(_TOKEN.findall(words))
        shared = [(t, rows) for t, rows in tables if topic & _topic(document, t)]
        if shared and len(shared) < len(tables):
            tables = shared
            break
    return [row for _, rows in tables for row in rows]


def _topic(document: Document, table: Table) -> set[str]:
    caption = table.caption.text if table.caption else ""
    return set(_TOKEN.findall(caption))


def _row(cells: dict[int, list[Passage]]) -> _Row:
    first = cells[0][0]
    found = [
        (one, p)
        for column, cell in sorted(cells.items())
        for p in cell
        if p.kind != "link" and state(p.text) is not State.FINISHED
        for one in told(p.text)
        if one.expected and one.event is not Event.START
    ]
    # Where the row is numbered, the name stands in the same cell after the number.
    return _Row(printed_name(first.text) or first.text, first, tuple(found))


def _outcome(document: Document, passage: Passage, one: Told, rows: list[_Row]) -> Outcome:
    ends = [(row, t, p) for row in rows for t, p in row.ends if t.event is not Event.RECRUITMENT_END]
    window = one.period
    by = one.modality is Modality.BY
    outside = [
        (r, t, p) for r, t, p in ends if t.period.first > window.last or (not by and t.period.last < window.first)
    ]
    places = [passage]
    said: list[tuple[str, str]] = []
    severity = Severity.NOTE
    if outside:
        severity = Severity.WARNING
        names = "; ".join(f"{r.name}: {t.period.printed}" for r, t, _ in outside)
        said.append((f"outside it in the table: {names}", f"utenfor dette i tabellen: {names}"))
        places += [p for r, _, p in outside for p in (r.first, p)]
    elif not by and ends:
        for edge, mine in (("earliest", window.first[:4]), ("latest", window.last[:4])):
            choose = min if edge == "earliest" else max
            row, at, where = choose(ends, key=lambda e: e[1].period.first if edge == "earliest" else e[1].period.last)
            reached = at.period.first[:4] if edge == "earliest" else at.period.last[:4]
            if reached != mine:
                said.append(_wide(edge, mine, row, at))
                places += [row.first, where]
                other = _recruitment(rows, mine)
                if other:
                    said.append(other[0])
                    places += other[1]
    undated = [r.name for r in rows if not r.ends]
    if said and undated:
        names = ", ".join(undated)
        said.append((f"no date in the row of {names}", f"ingen dato i raden til {names}"))
        places += [r.first for r in rows if not r.ends]
    english = f"The text says “{one.words}” of the studies together; " + "; ".join(e for e, _ in said) + "."
    norwegian = f"Teksten sier «{one.words}» om studiene samlet; " + "; ".join(n for _, n in said) + "."
    return Outcome(
        document.iri,
        bool(said),
        passage.iri,
        tuple(dict.fromkeys(p.iri for p in sorted([*places, *(p for _, _, p in ends)], key=lambda p: p.ordinal))),
        english if said else "",
        norwegian if said else "",
        (
            Compared("period in the text", "tidsrom i teksten", window.printed, passage.iri),
            *(
                Compared(f"in the row of {r.name}", f"i raden til {r.name}", t.period.printed, p.iri)
                for r, t, p in ends
            ),
        ),
        severity=severity,
    )


def _wide(edge: str, mine: str, row: _Row, at: Told) -> tuple[str, str]:
    first = edge == "earliest"
    return (
        f"the {edge} end in the table is {at.period.printed} ({row.name}), not {mine}",
        f"{'tidligste' if first else 'seneste'} slutt i tabellen er {at.period.printed} ({row.name}), ikke {mine}",
    )


def _recruitment(rows: list[_Row], year: str) -> tuple[tuple[str, str], list[Passage]] | None:
    """Return the row whose end of recruitment is of a year, which may have been taken for the end of the study."""
    for row in rows:
        for one, where in row.ends:
            if one.event is Event.RECRUITMENT_END and one.period.first[:4] == year:
                words = (
                    f"{year} is printed as the end of recruitment of {row.name}",
                    f"{year} er oppgitt som slutt på rekrutteringen til {row.name}",
                )
                return words, [row.first, where]
    return None


RULE = Rule(
    "window-against-items",
    Severity.WARNING,
    "an expected period for several studies together, and a table with a date for each",
    "et forventet tidsrom for flere studier samlet, og en tabell med en dato for hver",
    _check,
    file="loaders/review/dates/window_against_items.py",
)
