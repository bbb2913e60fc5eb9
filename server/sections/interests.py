"""The table of interests, on the page of a person and of an organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msevidence.server import i18n
from msevidence.server.exhibits import Cell, Row, Table
from msevidence.server.sections.told import Cells, Told

Paths = Mapping[str, Mapping[str, Sequence[str]]]
"""Interest → part (study, sponsor, finding) → IRIs."""


def table(made: Cells, interests: Sequence[Told], paths: Paths, *, person: bool) -> Table:
    """Return the interests as a table.

    Args:
        made: makes the cells.
        interests: as told.
        paths: whether the document speaks of what they concern.
        person: whether each row names the person.
    """
    columns = [
        made.column("interest", "interest", iris=True),
        *((made.column("person", "person", iris=True),) if person else ()),
        made.column("declared", "declared"),
        made.column("concerns", "concerns", iris=True),
        made.column("spoken_of", "spoken-of", iris=True),
        made.column("words", "words", iris=True),
        made.column("document", "document", iris=True),
        *(() if person else (made.column("findings", "findings", iris=True),)),
    ]
    rows = [_row(made, one, paths.get(one.iri, {}), person) for one in interests]
    note = i18n.text("person-interests-note", made.language)
    return Table("interests", i18n.text("person-interests", made.language), columns, rows, note)


def _row(made: Cells, one: Told, path: Mapping[str, Sequence[str]], person: bool) -> Row:
    declared = one.first("declared")
    kinds = ", ".join(made.labels(kind).text for kind in one.texts("interestKind"))
    row: dict[str, Cell | Sequence[Cell]] = {
        "interest": made.named(one.iri, kinds or made.labels(one.iri).text),
        "concerns": made.links([*one.texts("organisation"), *one.texts("concernsStudy")]),
        "spoken_of": _spoken_of(made, path),
        "words": made.quoted(one),
        "document": made.documents(one),
        "findings": [made.link(iri) for iri in path.get("finding", ())],
    }
    if declared:
        row["declared"] = Cell(
            i18n.text("person-declared-yes" if declared == "true" else "person-declared-no", made.language)
        )
    if person:
        row["person"] = made.links(one.texts("person"))
    return row


def _spoken_of(made: Cells, path: Mapping[str, Sequence[str]]) -> list[Cell]:
    """Return the studies that the interest concerns and the document describes; as sponsor where it says so."""
    found = made.links(path.get("study", ()))
    for study in path.get("sponsor", ()):
        there = made.link(study)
        said = i18n.text("person-as-sponsor", made.language, study=there.text)
        found.append(Cell(said, None, there.href, study, outside=there.outside))
    return found or [Cell(i18n.text("person-not-spoken-of", made.language))]
