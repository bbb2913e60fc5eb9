"""Dates as printed, read into partial dates."""

import pytest

from msevidence.loaders.document import PartialDate
from msevidence.loaders.printed_dates import find_date, parse_date


@pytest.mark.parametrize(
    ("text", "printed", "value"),
    [
        ("Accessed 23.11.2023.", "23.11.2023", "2023-11-23"),
        ("Publisert: 12. February 2024.", "12. February 2024", "2024-02-12"),
        ("fikk 31. mai 2021 i oppdrag", "31. mai 2021", "2021-05-31"),
        ("tidsskriftet.no 4 July 2026.", "4 July 2026", "2026-07-04"),
        ("May 31, 2021", "May 31, 2021", "2021-05-31"),
        ("Juni, 2021", "Juni, 2021", "2021-06"),
        ("am 3. März 2020", "3. März 2020", "2020-03-03"),
        ("3. tammikuuta 2020", "3. tammikuuta 2020", "2020-01-03"),
        ("2021-05-31", "2021-05-31", "2021-05-31"),
        ("cited 2019 Jan 15", "2019 Jan 15", "2019-01-15"),
        ("JAMA 2019;321", "2019", "2019"),
        ("29.2.2024", "29.2.2024", "2024-02-29"),
    ],
)
def test_dates_that_are_read(text: str, printed: str, value: str) -> None:
    found = find_date(text)
    assert found is not None
    date, begin, end = found
    assert date == PartialDate(printed, value)
    assert text[begin:end] == printed


@pytest.mark.parametrize("text", ["no date", "12/11/2023", "4831 patients", "1553-69", "version 1.2.3", "2019-2021"])
def test_what_is_no_date(text: str) -> None:
    assert find_date(text) is None


@pytest.mark.parametrize("text", ["31.2.2023", "30. februar 2024", "29.2.2023", "2021-13-01", "15.15.2023"])
def test_dates_that_the_calendar_does_not_have(text: str) -> None:
    with pytest.raises(ValueError, match="there is no date"):
        find_date(text)


def test_a_date_must_stand_at_the_start() -> None:
    assert parse_date("4 July 2026, print").value == "2026-07-04"
    with pytest.raises(ValueError, match="is no date"):
        parse_date("on 4 July 2026")


def test_slashes_are_read_only_behind_a_year() -> None:
    found = find_date("First published 2020/01/15.")
    assert found is not None and found[0].value == "2020-01-15"
    other = find_date("the season 2010/11")
    assert other is not None and other[0].value == "2010"
    assert find_date("on 01/02/20") is None
