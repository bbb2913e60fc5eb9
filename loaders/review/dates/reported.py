"""Which studies a publication reports on: as stated, else those in whose rows a table lists it with its results."""

from collections import defaultdict

from msevidence.loaders.review.kept import kept
from msevidence.loaders.review.things import Thing, Things
from msevidence.ontology.namespaces import BIRO, MSE

_NO_RESULTS = frozenset(("registration", "protocol"))
_Row = tuple[str, str]


def reported(publication: Thing) -> list[Thing]:
    """Return the studies that a publication reports on.

    What is stated counts where the study has a number; where it has none, a table may know it by one: the row that
    lists the publication, under a registration number.
    """
    stated = publication.all(MSE.reportsOn)
    things = publication.things
    if any(map(has_number, stated)):
        return stated
    return [things.get(iri) for iri in sorted(_listed(things).get(publication.iri, ()))] or stated


def has_number(study: Thing) -> bool:
    """Say whether a registration number of a study is known."""
    return bool(study.values(MSE.registeredAs) or study.things.pointing(MSE.denotesStudy, study.iri))


@kept
def _listed(things: Things) -> dict[str, set[str]]:
    """Return the studies in whose rows each publication is listed, in any document."""
    rows: dict[_Row, set[str]] = defaultdict(set)
    for mention in things.of_class(MSE.NumberMention):
        for passage in mention.all(MSE.inPassage):
            row = _row(passage)
            if row is not None and passage.integer(MSE.column) == 0:
                rows[row].update(s for r in mention.all(MSE.denotesRegistration) for s in r.values(MSE.denotesStudy))
    found: dict[str, set[str]] = defaultdict(set)
    for entry in things.of_class(MSE.ListedReference):
        if entry.concept(MSE.entryKind) in _NO_RESULTS:
            continue
        for row in {_row(passage) for passage in entry.all(MSE.statedIn)} - {None}:
            if row is not None and len(rows.get(row, ())) == 1:
                for publication in entry.values(BIRO.references):
                    found[publication].update(rows[row])
    return found


def _row(passage: Thing) -> _Row | None:
    table, row = passage.value(MSE.inTable), passage.value(MSE.row)
    return (table, row) if table and row else None
