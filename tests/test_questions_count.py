"""How many studies, and why: the stored question against the answer worked out by hand."""

import pyoxigraph as ox

from tests.questions import ARTICLE, REPORT, Row, asked, expected, local, numbers, once, same, study

NAME = "how-many-studies-and-why"


def as_expected(row: Row) -> tuple[object, ...]:
    table = (row["table"] or "").removeprefix("Tabell ") or None
    counts = tuple(row[name] for name in ("row", "printed", "numbers", "parts", "references"))
    return local(row["document"]), local(row["study"]), row["how"], table, *counts, numbers(row["registrations"])


def test_every_study_of_both_documents_stands_there_with_its_numbers_and_references(real_store: ox.Store) -> None:
    def text(value: object) -> str | None:
        return None if value is None else str(value)

    same(
        map(as_expected, asked(real_store, NAME)),
        (
            (
                row["document"],
                study(row["study"]),
                row["how"],
                text(row.get("table")),
                *(text(row.get(name)) for name in ("row", "printed")),
                str(len(row["numbers"])),
                *(str(row[name]) for name in ("parts", "references")),
                frozenset(row["numbers"]),
            )
            for row in expected(NAME)["answer"]
        ),
    )


def test_the_rows_add_up_to_the_totals(real_store: ox.Store) -> None:
    for total, document in zip(expected(NAME)["totals"], (REPORT, ARTICLE, None), strict=True):
        found = asked(real_store, NAME, **({"document": document} if document else {}))
        sums = {n: sum(int(r[n] or 0) for r in found) for n in ("printed", "numbers", "parts", "references")}
        assert {n: total[n] for n in sums} == sums
        assert len(once(found, "study")) == total["studies"]
        assert len([r for r in found if r["table"]]) == total["listed"]


def test_the_rules_of_a_study_are_named(real_store: ox.Store) -> None:
    (found,) = [r for r in asked(real_store, NAME, document=REPORT) if local(r["study"]) == "mist"]
    assert numbers(found["rules"]) == {"printed in one row"}
