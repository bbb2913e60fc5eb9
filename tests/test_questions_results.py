"""What studies compared and found: the stored questions against the answers worked out by hand."""

import re
from decimal import Decimal
from typing import Any

import pyoxigraph as ox

from tests.questions import (
    ARTICLE,
    REPORT,
    Row,
    asked,
    expected,
    fold,
    local,
    numbers,
    publication,
    same,
    study,
)


def test_arms_of_the_articles_studies(real_store: ox.Store) -> None:
    found = [r for r in asked(real_store, "comparisons-and-effects", document=ARTICLE) if r["arm"]]
    same(
        {
            (
                local(r["study"]),
                r["armName"],
                local(r["role"]),
                r["size"],
                r["participants"],
                fold(r["followUp"]),
                r["phase"],
            )
            for r in found
        },
        {
            (
                study(row["study"]),
                row["arm"],
                row["role"],
                None if row["size"] is None else str(row["size"]),
                str(row["population_size"]),
                fold(row["follow_up"]),
                row.get("phase"),
            )
            for row in expected("comparisons-and-effects")["answer"]
        },
    )


DIRECTIONS = {
    "decrease": "reduced",
    "increase": "increased",
    "no-difference": "the same",
    "better": "better",
    None: None,
}
UNITS = {"percent": "%", None: None}


def test_effects_of_the_articles_table(real_store: ox.Store) -> None:
    found = [
        r
        for r in asked(real_store, "comparisons-and-effects", document=ARTICLE)
        if r["table"] == "Table 1" and local(r["outcome"]) != "participants"
    ]
    same(
        {
            (
                local(r["study"]),
                str(r["measure"]).removeprefix("average "),
                str(r["armName"]).lower(),
                r["comparedWith"],
                None if r["value"] is None else Decimal(r["value"]),
                UNITS[local(r["unit"])],
                DIRECTIONS[local(r["direction"])],
            )
            for r in found
        },
        {
            (
                study(row["study"]),
                row["outcome"],
                row.get("arm", "Stem cell therapy").lower(),
                row.get("compared_with"),
                None if row["value"] is None else Decimal(row["value"]),
                row.get("unit"),
                row["direction"],
            )
            for row in expected("comparisons-and-effects")["effects"]
        },
    )


def test_effects_told_in_the_articles_text(real_store: ox.Store) -> None:
    """Each effect that the answer has is found in its words and at its time; the answer does not list all of them."""
    found = [r for r in asked(real_store, "comparisons-and-effects", document=ARTICLE) if not r["table"]]
    for row in expected("comparisons-and-effects")["effects_in_text"]:
        ours = [r for r in found if local(r["study"]) == study(row["study"]) and r["measure"]]
        if row["effect"]:
            effect = fold(row["effect"])
            told = [r for r in ours if effect in fold(r["words"]) or fold(r["words"]) in effect]
            assert told, row
            assert all(row.get("time_point", "") in str(r["timePoint"] or "") for r in told), row
        else:
            (only,) = ours
            assert (only["value"], only["denominator"]) == (str(row["included"]), str(row["participants"]))
            assert (only["comparator"], only["followUpOfStudy"]) == (row["comparator"], row["follow_up"])
        if "participants" in row:
            people = {r[name] for r in ours for name in ("participants", "plannedParticipants")}
            assert str(row["participants"]) in people, row


COMPARATORS = {"sykdomsmodifiserende behandling": "disease-modifying therapy"}
"""Words of the report that its curation gives in English."""


def test_comparisons_of_the_report(real_store: ox.Store) -> None:
    found = asked(real_store, "comparisons-and-effects", document=REPORT)
    wanted = expected("comparisons-and-effects")["report"]
    same({local(r["study"]) for r in found}, {study(row["study"]) for row in wanted})
    for row in wanted:
        ours = [r for r in found if local(r["study"]) == study(row["study"])]
        compared = {r["comparator"] for r in ours}
        assert len(compared) == 1, row
        name = COMPARATORS.get(row["comparator"], row["comparator"])
        assert str(compared.pop()).startswith(name), row
        people = {p for r in ours for p in (r["participants"], r["plannedParticipants"]) if p}
        assert people == ({str(row["participants"])} if row["participants"] else set()), row
        if "followed_up" in row:
            assert str(row["followed_up"]) in {r["value"] for r in ours}
        if "time_point" in row:
            assert row["time_point"] in {r["timePoint"] for r in ours}


def test_harms(real_store: ox.Store) -> None:
    found = asked(real_store, "harms")
    content = expected("harms")
    ours = [r for r in found if r["treatment"] == "stem cell therapy"]

    def frequency(r: Row) -> str | None:
        if r["value"] is None:
            return None
        upper = f"–{Decimal(r['valueHigh'])}" if r["valueHigh"] else ""
        return f"{Decimal(r['value'])}{upper} {UNITS[local(r['unit'])]}"

    def key(row: dict[str, Any]) -> tuple[Any, ...]:
        period = row["qualifier"] if row["harm"] == "treatment-related mortality" else None
        people = str(row.get("population", "")).removesuffix(" in Europe") or None
        return row["harm"], row["frequency"], frozenset(map(str, row["numbers"])), people, period

    same(
        {
            (
                r["harm"],
                frequency(r),
                numbers(r["references"]),
                r["population"],
                r["period"] if r["harm"] == "treatment-related mortality" else None,
            )
            for r in ours
        },
        {key(row) for row in content["answer"]},
    )
    for row in content["answer"]:
        (it,) = [r for r in ours if r["harm"] == row["harm"] and frequency(r) == row["frequency"]]
        said = fold(" ".join(filter(None, (it["printed"], it["period"], it["note"])))).lower()
        assert fold(row["qualifier"] or "").lower() in said, row


def test_harms_of_the_other_treatment_are_told_apart(real_store: ox.Store) -> None:
    others = [r for r in asked(real_store, "harms") if r["treatment"] != "stem cell therapy"]
    (wanted,) = expected("harms")["of_conventional_therapy"]
    (found,) = others
    assert str(found["harm"]).startswith(wanted["harm"])
    assert (found["treatment"], numbers(found["references"])) == (
        wanted["treatment"],
        frozenset(map(str, wanted["numbers"])),
    )


def test_treatment_related_mortality(real_store: ox.Store) -> None:
    same(
        {
            (
                local(r["document"]),
                r["value"],
                UNITS[local(r["unit"])],
                r["period"],
                r["population"],
                r["place"],
                r["base"],
                numbers(r["references"]),
                numbers(r["nextReferences"]),
            )
            for r in asked(real_store, "treatment-related-mortality")
        },
        {
            (
                row["document"],
                row["value"],
                row["unit"],
                row["period"],
                row["population"],
                row["place"],
                row["base"],
                frozenset(map(str, row["direct_support"])),
                frozenset(map(str, row["support_of_next_sentence"])),
            )
            for row in expected("treatment-related-mortality")["answer"]
        },
    )


def test_quoted_conclusions(real_store: ox.Store) -> None:
    same(
        {
            (
                local(r["study"]),
                fold(r["quote"]),
                (r["page"] or "").removeprefix("s. "),
                r["number"],
                local(r["publication"]),
                r["quotedBy"],
            )
            for r in asked(real_store, "quoted-conclusions")
        },
        {
            (
                study(row["study"]),
                fold(row["quote"]),
                row["page"],
                str(row["number"]),
                publication(row["publication"]),
                REPORT,
            )
            for row in expected("quoted-conclusions")["answer"]
        },
    )


def compact(text: str | None) -> str:
    """Return a text without its blanks, for parts that the layout cuts."""
    return re.sub(r"\s", "", fold(text))


def test_publications_of_a_study(real_store: ox.Store) -> None:
    found = asked(real_store, "publications-of-a-study")
    same(
        {
            (
                local(r["site"]) or local(r["study"]),
                str(local(r["kind"])).replace("-", " "),
                r["label"],
                local(r["publication"]),
                r["link"],
                r["otherStudy"] is not None,
            )
            for r in found
        },
        {
            (
                study(row["study"]),
                row["kind"],
                row["label"],
                publication(row["refdata"]) if "refdata" in row else None,
                row["link"],
                row.get("of_other_trial", False),
            )
            for row in expected("publications-of-a-study")["answer"]
        },
    )
    assert len(found) == len(expected("publications-of-a-study")["answer"])
    printed = {r["link"]: compact(r["printed"]) for r in found}
    for row in expected("publications-of-a-study")["answer"]:
        assert compact(row.get("printed", "")) in printed[row["link"]], row


def test_references_of_ongoing_trials(real_store: ox.Store) -> None:
    same(
        {
            (local(r["study"]), local(r["kind"]), fold(r["title"]), numbers(r["numbers"]), r["link"])
            for r in asked(real_store, "references-of-ongoing-trials")
        },
        {
            (study(row["study"]), row["kind"], fold(row["title"]).rstrip("."), frozenset(row["numbers"]), row["link"])
            for row in expected("references-of-ongoing-trials")["answer"]
        },
    )
