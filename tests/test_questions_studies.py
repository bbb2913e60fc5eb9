"""Studies, their numbers and statuses: the stored questions against the answers worked out by hand."""

import re

import pyoxigraph as ox
import pytest

from msevidence.queries import question
from tests.questions import (
    ARTICLE,
    REPORT,
    Row,
    asked,
    expected,
    fold,
    local,
    numbers,
    once,
    registration,
    same,
    study,
)


def key_of(number: str | None) -> str:
    """Return the key of the study that is known by its number alone."""
    return (number or "").replace(" ", "-")


def test_each_registry_number_belongs_to_its_study(real_store: ox.Store) -> None:
    found = asked(real_store, "numbers-of-a-study")

    def rows_of(name: str) -> set[tuple[str | None, ...]]:
        return {
            (study(row["study"]), row["number"], row["relation"], row.get("site"), row.get("country"))
            for row in expected("numbers-of-a-study")[name]
        }

    there = {
        (
            local(r["study"]),
            r["number"],
            r["relation"],
            r["siteName"].removeprefix("MESEMS ") if r["siteName"] else None,
            r["countrySuffix"],
        )
        for r in found
    }
    undecided = {t[1] for t in rows_of("from_refdata") if t[2] == "undecided"}
    # A number that nobody joins to a study is a study of its own: each denotes one.
    of_their_own = {(key_of(number), number, "own", None, None) for number in undecided}
    same(there, rows_of("answer"), rows_of("from_refdata") | of_their_own)
    printed = {t[1] for t in rows_of("answer")}
    # Where only a stored record gives a number to the study, no document does.
    assert {r["document"] for r in found if r["number"] in printed} - {None} == {REPORT}


def test_the_printed_numbers_denote_sixteen_studies(real_store: ox.Store) -> None:
    """The count of the note: 35 printed numbers, 16 studies, 9 sites that are no studies more."""
    printed = [r for r in asked(real_store, "numbers-of-a-study", study="study/mesems") if r["relation"] == "site"]
    assert len({r["site"] for r in printed}) == 9
    found = [r for r in asked(real_store, "numbers-of-a-study") if r["document"] and r["relation"] != "kept apart"]
    assert len({r["number"] for r in found}) == 35
    assert len({r["study"] for r in found}) == 16


def test_what_is_kept_apart_says_why(real_store: ox.Store) -> None:
    (found,) = [r for r in asked(real_store, "numbers-of-a-study") if r["relation"] == "kept apart"]
    assert found["rules"] == "link leads to another number"
    assert "2010-024381-21" in (found["reasons"] or "") and "query=2010-024381-21" in (found["sources"] or "")


def test_sites_of_mesems(real_store: ox.Store) -> None:
    found = asked(real_store, "sites-of-mesems", study="study/mesems")
    sites: dict[tuple[str | None, ...], tuple[set[str | None], set[str]]] = {}
    for r in found:
        there = sites.setdefault((r["place"], r["name"]), (set(), set()))
        there[0].add(r["number"])
        there[1].add(str(r["printed"]))
    same(
        ((*site, frozenset(n), frozenset(p)) for site, (n, p) in sites.items()),
        (
            (
                row["site"],
                row["name"],
                frozenset(row["numbers"]),
                frozenset(printed.removeprefix("EudraCT ") for printed in row["printed"]),
            )
            for row in expected("sites-of-mesems")["answer"]
        ),
    )


def test_trials_by_kind_and_status(real_store: ox.Store) -> None:
    found = asked(real_store, "trials-by-kind-and-status")
    same(
        {
            (
                local(r["study"]),
                str(local(r["kind"])).upper(),
                str(local(r["status"])).replace("-", " "),
                local(r["document"]),
                r["asOf"],
                r["role"],
                r["table"],
                numbers(r["numbers"]),
            )
            for r in found
        },
        {
            (
                study(row["study"]),
                row["kind"],
                row["status"],
                row["document"],
                row["as_of"],
                row["role"],
                f"Tabell {row['table']}" if "table" in row else None,
                frozenset(row["numbers"]),
            )
            for row in expected("trials-by-kind-and-status")["answer"]
        },
    )
    ended = {(local(r["study"]), r["ended"]) for r in found if r["ended"]}
    assert {
        (study(row["study"]), row["ended"]) for row in expected("trials-by-kind-and-status")["answer"] if "ended" in row
    } <= ended


def test_counts_of_trials_are_those_that_the_report_prints(real_store: ox.Store) -> None:
    for row in expected("trials-by-kind-and-status")["counts"]:
        found = asked(
            real_store,
            "trials-by-kind-and-status",
            kind=f"scheme/transplantation/{row['kind'].lower()}",
            status=f"scheme/status-as-reported/{row['status']}",
        )
        ours = {r["study"] for r in found if local(r["document"]) == row["document"] and r["role"] == "included"}
        assert len(ours) == row["studies"], row


def test_registered_status(real_store: ox.Store) -> None:
    found = asked(real_store, "registered-status-of-trials")
    content = expected("registered-status-of-trials")
    there = {
        (
            local(r["study"]),
            (r["site"] or "").removeprefix("MESEMS ") or None,
            r["number"],
            r["status"],
            r["start"],
            r["end"],
            r["asOf"],
        )
        for r in found
    }
    wanted = {
        (
            study(row["study"]),
            row.get("site"),
            row["number"],
            row["status"],
            row["start"],
            row["end"],
            row["as_of"],
        )
        for row in content["answer"]
    }
    unlinked = {
        (key_of(r["number"]), None, r["number"], r["status"], None, None, r["as_of"])
        for r in content["not_printed_in_a_document"]
    }
    same(there, wanted, unlinked)
    of_one = asked(real_store, "registered-status-of-trials", ofStudy="study/actimus")
    same({r["number"] for r in of_one}, {r["number"] for r in content["answer"] if r["study"] == "Actimus"})


WHAT = {
    "completion": "study-end",
    "end of recruitment": "recruitment-end",
    "results": "results",
    "follow-up of last patient": None,
}
"""Events by their words in the answer; what names no date is no dated expectation."""


def test_expected_ends_of_ongoing_trials(real_store: ox.Store) -> None:
    found = asked(real_store, "ongoing-trials-that-should-have-ended")

    def value(r: Row) -> str | None:
        limit = local(r["modality"])
        return f"{limit.replace('-', ' ')} {r['expected']}" if limit and limit != "expected" else r["expected"]

    same(
        {
            (
                local(r["study"]),
                local(r["document"]),
                local(r["event"]),
                value(r),
                fold(re.sub(r" \(8\)\.$", "", r["words"] or "")),
            )
            for r in found
        },
        {
            (study(row["study"]), row["says"], WHAT[row["what"]], row["expected"], fold(row["printed"]))
            for row in expected("ongoing-trials-that-should-have-ended")["answer"]
        },
    )


@pytest.mark.parametrize("date", sorted(expected("ongoing-trials-that-should-have-ended")["by_date"]))
def test_trials_that_should_have_ended_by(real_store: ox.Store, date: str) -> None:
    found = asked(real_store, "ongoing-trials-that-should-have-ended", date=date)
    same(
        {(local(r["study"]), local(r["document"])) for r in found if r["shouldHaveEnded"] == "true"},
        {
            (study(row["study"]), row["says"])
            for row in expected("ongoing-trials-that-should-have-ended")["by_date"][date]
        },
    )


def test_the_date_in_the_query_is_that_of_its_header(real_store: ox.Store) -> None:
    """A client that binds nothing gets the same as one that binds the default."""
    found = question("ongoing-trials-that-should-have-ended")
    unbound = real_store.query(found.sparql)
    assert isinstance(unbound, ox.QuerySolutions)
    plain = {(s["study"], s["expected"], s["shouldHaveEnded"]) for s in unbound}
    bound = real_store.query(found.sparql, substitutions=found.bind({}))
    assert isinstance(bound, ox.QuerySolutions)
    assert plain == {(s["study"], s["expected"], s["shouldHaveEnded"]) for s in bound} != set()


def test_documents_that_differ_on_a_study(real_store: ox.Store) -> None:
    """The query gives the pairs; what kind of difference each is, the hand-made answer judges."""
    found = asked(real_store, "documents-that-differ-on-a-study")
    same(
        {(local(r["study"]), r["field"], local(r["document"]), local(r["otherDocument"])) for r in found},
        {
            (study(row["study"]), row["field"], "nygaard-2024", "fhi-2021")
            for row in expected("documents-that-differ-on-a-study")["answer"]
        },
    )
    said = {(local(r["study"]), r["field"]): (r["says"], r["otherSays"]) for r in found}
    assert said["ram-ms", "start"] == ("2017", "2018")
    assert said["ram-ms", "end"] == ("2026-07", "2024")
    assert said["ram-ms", "comparator"] == ("conventional therapy", "alemtuzumab")
    assert said["mist", "comparator"][0] == "conventional therapy"
    assert said["mist", "follow-up"] == ("Median 2 years, max. 5 years", "de planlagte fem år")


def test_studies_by_type_of_ms(real_store: ox.Store) -> None:
    names = {"RRMS": "relapsing-remitting MS", "SPMS": "secondary progressive MS", "PPMS": "primary progressive MS"}
    same(
        {
            (local(r["study"]), fold(r["printed"]), numbers(r["types"]), r["includesPpms"], r["onlyRrms"])
            for r in asked(real_store, "studies-by-ms-type", document=REPORT)
        },
        {
            (
                study(row["study"]),
                fold(row["printed"]),
                frozenset(names[t] for t in row["types"]),
                str(row["includes_ppms"]).lower(),
                str(row["only_rrms"]).lower(),
            )
            for row in expected("studies-by-ms-type")["answer"]
        },
    )
    same(
        {
            (local(r["study"]), r["includesPpms"], r["onlyRrms"])
            for r in asked(real_store, "studies-by-ms-type", document=ARTICLE)
        },
        {
            (study(row["study"]), "false", str(row["types"] == ["RRMS"] and row.get("only", True)).lower())
            for row in expected("studies-by-ms-type")["article"]
        },
    )


@pytest.mark.parametrize(("parameter", "key"), [("includesPpms", "includes_ppms"), ("onlyRrms", "only_rrms")])
def test_studies_by_type_can_be_narrowed(real_store: ox.Store, parameter: str, key: str) -> None:
    found = asked(real_store, "studies-by-ms-type", document=REPORT, **{parameter: "true"})
    same(
        {local(r["study"]) for r in found},
        {study(row["study"]) for row in expected("studies-by-ms-type")["answer"] if row[key]},
    )


def test_registry_numbers_and_their_links(real_store: ox.Store) -> None:
    found = asked(real_store, "registry-numbers-and-links")
    same(
        {(r["number"], r["fault"], r["link"], r["leadsTo"], _whole(local(r["study"]))) for r in found},
        {
            (
                row["number"],
                row["fault"],
                row["link"],
                row.get("leads_to"),
                (study(row["study"]), row.get("site")),
            )
            for row in expected("registry-numbers-and-links")["answer"]
        },
    )
    every = once(asked(real_store, "numbers-of-a-study"), "number", "document")
    faulty = {r["number"] for r in found}
    linked = {row["number"] for row in expected("registry-numbers-and-links")["linked"]}
    same({n for n, document in every if document and n not in faulty} - {"EudraCT 2010-024381-21"}, linked)


def _whole(key: str | None) -> tuple[str | None, str | None]:
    """Return the study of a key, and the site where it is one of MESEMS."""
    name, _, site = (key or "").partition("-")
    return ("mesems", site.capitalize()) if name == "mesems" and site else (key, None)


def test_the_links_of_the_linked_numbers(real_store: ox.Store) -> None:
    wanted = {registration(r["number"]): r["link"] for r in expected("registry-numbers-and-links")["linked"]}
    solutions = real_store.query(
        "PREFIX mse: <https://w3id.org/msevidence/ontology#>"
        "SELECT DISTINCT ?r ?link { ?m mse:denotesRegistration ?r ; mse:link ?link MINUS { ?m mse:linkDiffers true } }"
    )
    assert isinstance(solutions, ox.QuerySolutions)
    same({(local(s["r"].value), s["link"].value) for s in solutions}, set(wanted.items()))
