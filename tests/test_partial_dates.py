"""Dates that sources state: as much as they say, and only those that exist."""

import pytest

from msevidence.loaders.partial_dates import datatype, existing, last_day


@pytest.mark.parametrize(
    ("value", "day", "name"),
    [
        ("2024", "2024-12-31", "gYear"),
        ("2024-02", "2024-02-29", "gYearMonth"),
        ("2023-02", "2023-02-28", "gYearMonth"),
        ("2021-05-31", "2021-05-31", "date"),
    ],
)
def test_last_day_and_type(value: str, day: str, name: str) -> None:
    assert last_day(value) == day
    assert datatype(value) == name
    assert existing(value) == value


NONE = ["2021-02-30", "2021-13", "2021-00", "0000", "2021-4", "2021-04-31", "21", "spring"]
# As long as a date, and made of numbers, but no lexical form of XSD.
ALIKE = ["5-12-19", "20-4-05-31", " 202", "2_24", "-202", "٢٠٢٤"]


@pytest.mark.parametrize("value", NONE + ALIKE)
def test_a_date_that_does_not_exist_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=value):
        existing(value)
