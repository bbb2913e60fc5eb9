"""What holds now: values that move stand on a registration only from its newest record."""

from msevidence.loaders.exports.facts import RegistrationFact
from msevidence.loaders.superseded import MOVING, Superseded, superseded
from msevidence.ontology.namespaces import MSE

THIS = "https://w3id.org/msevidence/registration/NCT91234567"


def record(version: str, updated: str = "", origin: str = "ctgov-json", suffix: str | None = None) -> RegistrationFact:
    dates = {"updated": (updated, updated, None)} if updated else {}
    return RegistrationFact("NCT91234567", version, "NCT91234567", "NCT", suffix=suffix, dates=dates, origin=origin)


def outdated(*loaded: RegistrationFact, recorded: str = "") -> set[str]:
    return set(superseded(loaded, [record("", recorded)] if recorded else []).versions)


def test_the_older_of_two_dated_records_no_longer_holds() -> None:
    assert outdated(record("a", "2024-01-05"), record("b", "2025-01-05"), record("c", "2025-01-05")) == {"a"}
    assert superseded([record("a", "2024"), record("b", "2025")], []).versions == {"a": THIS}


def test_what_has_no_date_is_never_outdated_and_outdates_nothing() -> None:
    assert outdated(record("a"), record("b", "2025-01-05")) == set()
    assert outdated(record("a"), record("b")) == set()


def test_records_of_two_countries_do_not_outdate_each_other() -> None:
    assert outdated(record("a", "2024-01-05", suffix="SE"), record("b", "2025-01-05", suffix="GB")) == set()


def test_a_copy_of_the_portal_gives_way_to_the_registry_whatever_its_date() -> None:
    copy = record("p", "2026-06-01", "ictrp-xml")
    assert outdated(copy) == set()
    assert outdated(copy, record("a", "2024-01-05")) == {"p"}
    assert outdated(copy, record("q", "2026-07-01", "ictrp-csv")) == {"p"}


def test_the_catalogue_counts_as_a_record_of_its_date() -> None:
    assert outdated(record("a", "2024-01-05"), recorded="2025-09-25") == {"a"}
    newer = superseded([record("a", "2026-01-05")], [record("", "2025-09-25")])
    assert (newer.versions, newer.recorded) == ({}, {THIS})
    same = superseded([record("a", "2025-09-25")], [record("", "2025-09-25")])
    assert (same.versions, same.recorded) == ({}, frozenset())


def test_only_values_that_move_are_taken_off_and_only_those_of_the_registration() -> None:
    moving = [f'<{THIS}> <{p.value}> "x" <g> .\n' for p in MOVING]
    kept = [f'<{THIS}> <{MSE.sponsor}> "x" <g> .\n', f'<{THIS}0> <{MSE.registeredStatus}> "x" <g> .\n']
    lines = "".join([*moving, *kept]).encode()
    assert Superseded({"v": THIS}).without_moving("v", lines) == "".join(kept).encode()
    assert Superseded({"v": THIS}).without_moving("w", lines) == lines
