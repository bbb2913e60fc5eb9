"""Dates of exports in the spellings of all registries; what the calendar does not have is a fault, words are none."""

import re

import pytest

from msevidence.loaders.exports.dates import read_date
from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.records import Dated


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("2024", "2024"),
        ("2024-02", "2024-02"),
        ("2024-02-29", "2024-02-29"),
        ("2024-2-9", "2024-02-09"),
        ("2024-02-29T10:20:30Z", "2024-02-29"),
        ("2024-02-29 10:20:30.0", "2024-02-29"),
        ("2008-00-00", "2008"),
        ("2008-05-00", "2008-05"),
        ("20240229", "2024-02-29"),
        ("2024/02/29", "2024-02-29"),
        ("2024/2", "2024-02"),
        ("2011/12/00", "2011-12"),
        ("2024/May/", None),
        ("29/02/2024", "2024-02-29"),
        ("1/2/2024", "2024-02-01"),
        ("29/02/2024 10:20", "2024-02-29"),
        ("21-10-2013", "2013-10-21"),
        ("21-10/2013", None),
        ("23.11.2023", "2023-11-23"),
        ("22 June 2026", "2026-06-22"),
        ("June 22, 2026", "2026-06-22"),
        ("June 2026", "2026-06"),
        ("2026 Jun 22", "2026-06-22"),
        ("  2024-05  ", "2024-05"),
        ("", None),
        ("Not applicable", None),
        ("after 2024", None),
        ("24", None),
        ("202", None),
        ("2024-02-29 or so", "2024-02-29"),
        ("June 2024 (estimated)", "2024-06"),
        ("2024?", None),
        ("there is no date", None),
        ("1,5", None),
        ("٢٠٢٤", None),
        ("x" * 100_000, None),
    ],
)
def test_a_date_keeps_its_print(printed, value):
    assert read_date(printed, "start", kind="actual") == Dated(printed, value, "actual")


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("05/31/2026", "2026-05-31"),
        ("6/1/2026 9:03:08 AM", "2026-06-01"),
        ("31/12/2026", None),
        ("2026-05-31", "2026-05-31"),
    ],
)
def test_month_first(printed, value):
    if value is None:
        with pytest.raises(RecordError):
            read_date(printed, "start", month_first=True)
    else:
        assert read_date(printed, "start", month_first=True).value == value


@pytest.mark.parametrize(
    "printed",
    [
        "2023-02-29",
        "2024-13",
        "2024-13-01",
        "2024-04-31T00:00",
        "20240230",
        "2024/13/01",
        "31/04/2024",
        "05/31/2024",
        "31-04-2024",
        "0000",
        "0000-00-00",
        "00000000",
        "00/00/0000",
        "31 February 2024",
        "February 30, 2024",
    ],
)
def test_what_the_calendar_does_not_have_is_a_fault_that_names_its_field(printed):
    with pytest.raises(RecordError, match="no date of the calendar; correct it") as caught:
        read_date(printed, "start")
    assert caught.value.field == "start"
    assert repr(printed) in caught.value.message


def test_whatever_is_printed_ends_in_a_date_or_a_record_error():
    pieces = ["", "0", "1", "29", "2024", "99999", "-", "/", ".", " ", "T", "May", "mai", ",", "٣", "\0", "\ud800", "²"]
    read, refused = 0, 0
    for a in pieces:
        for b in pieces:
            for c in pieces:
                for d in pieces[:9]:
                    try:
                        value = read_date(a + b + c + d, "f").value
                    except RecordError:
                        refused += 1
                    else:
                        read += 1
                        assert value is None or re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", value, re.ASCII)
    assert read > 50_000
    assert refused > 10
