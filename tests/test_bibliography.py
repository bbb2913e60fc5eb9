"""Files for reference managers: one record each, read back by our own loader and by rispy."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
import rispy

from msevidence.loaders.bibliographic import ris as ris_loader
from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.records import PublicationRecord
from msevidence.server import bibtex, csl, ris
from msevidence.server.bibliography import Name, Record, citation, distinct

ARTICLE = Record(
    "https://example.org/publication/oe-2020",
    "oe-2020",
    "journal-article",
    title="Øyeblikk på «åpen» post: 100 % av {alle} & ingen_ting",
    authors=[Name("Ås", "Kari Ø."), Name("Studiegruppen for MS, Bergen", body=True), Name("Jan Fagius")],
    more_authors=True,
    container="Tidsskr Nor Legeforen",
    issued="2020-03-05",
    volume="140",
    issue="4",
    pages="165–74",
    doi="10.1000/abc_(1)",
    pmid="12345678",
    pmcid="PMC1234567",
    issn="0029-2001",
    links=["https://identifiers.org/pubmed:12345678"],
    language="nb",
    keywords=["RAM-MS", "NCT03477500", "RAM-MS"],
    notes=["A note."],
)
REGISTERED = Record(
    "https://example.org/registration/NCT03477500",
    "NCT03477500",
    "registration",
    title="A trial",
    authors=[Name("Haukeland University Hospital", body=True)],
    container="ClinicalTrials.gov",
    issued="2018-03-26",
    number="NCT03477500",
    links=["https://identifiers.org/clinicaltrials:NCT03477500"],
    keywords=["EudraCT 2017-001362-25"],
    notes=["Status in ClinicalTrials.gov: active, not recruiting (as of 2025-09-25)."],
)
HOSTILE = (
    "Two lines\r\nER  - \r\nTY  - BOOK",
    "ER  - ",
    "\n\nTY  - JOUR",
    "odd } brace { and \\ and %",
    "}",
    "@article{x, title = {y}}",
    "a\u2028b\x0bc\x85d\te",
    '"quoted", = # $ ~ ^',
)


def read_back(text: str) -> list[PublicationRecord]:
    """Return the records of a file, as our own loader reads them; nothing may be wrong or left over."""
    audit = Audit()
    found = []
    for raw in ris_loader.read(io.BytesIO(text.encode()), "test.ris"):
        assert not isinstance(raw, RecordError), raw
        found.append(ris_loader.record(raw.fields, audit))
    assert not audit.unknown, audit.unknown
    return found


def entries(text: str) -> list[tuple[str, str, dict[str, str]]]:
    """Read BibTeX by its grammar: a brace counts, escaped or not; the values are as they stand."""
    found, place = [], 0
    while (match := re.compile(r"\s*@(\w+)\{([^,\s]+),").match(text, place)) is not None:
        place, fields = match.end(), {}
        while (named := re.compile(r"\s*(\w+)\s*=\s*\{").match(text, place)) is not None:
            start = end = named.end()
            depth = 1
            while depth:
                depth += {"{": 1, "}": -1}.get(text[end], 0)
                end += 1
            fields[named[1]] = text[start : end - 1]
            assert text[end] == ","
            place = end + 1
        closing = re.compile(r"\s*\}").match(text, place)
        assert closing is not None, text[place : place + 80]
        place = closing.end()
        found.append((match[1], match[2], fields))
    assert not text[place:].strip()
    return found


def test_ris_is_read_back_as_it_was_meant() -> None:
    text = ris.write([ARTICLE, REGISTERED])
    assert text.startswith("TY  - JOUR\r\n") and text.endswith("ER  - \r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in text.split("\r\n") if line)
    article, registered = read_back(text)
    assert article.title == ARTICLE.title
    assert (article.authors, article.group_authors) == (["Ås KØ", "Jan Fagius"], ["Studiegruppen for MS Bergen"])
    assert (article.container, article.volume, article.issue, article.pages) == (
        "Tidsskr Nor Legeforen",
        "140",
        "4",
        "165-174",
    )
    assert (article.doi, article.pmid, article.pmcid) == ("10.1000/abc_(1)", "12345678", "PMC1234567")
    assert article.published is not None and article.published.value == "2020-03-05"
    assert [number.printed for number in article.registry_numbers] == ["NCT03477500"]
    assert registered.group_authors == ["Haukeland University Hospital"]
    assert registered.accession == "NCT03477500"
    assert registered.kind is not None and registered.kind.concept == "registration"
    assert "NCT03477500" in {number.printed for number in registered.registry_numbers}


def test_ris_is_read_by_rispy() -> None:
    article, registered = rispy.loads(ris.write([ARTICLE, REGISTERED]))
    assert article["authors"] == ["Ås, Kari Ø.", "Studiegruppen for MS Bergen,", "Jan Fagius"]
    assert (article["type_of_reference"], article["doi"], article["year"]) == ("JOUR", "10.1000/abc_(1)", "2020")
    assert (article["start_page"], article["end_page"]) == ("165", "174")
    assert article["keywords"] == ["RAM-MS", "NCT03477500"]
    assert (registered["type_of_reference"], registered["accession_number"]) == ("ELEC", "NCT03477500")
    assert registered["notes"] == list(REGISTERED.notes)


@pytest.mark.parametrize("title", HOSTILE)
def test_no_title_breaks_out_of_its_record(title: str) -> None:
    record = Record("https://example.org/x", "x", "journal-article", title=title, container=title, notes=[title])
    body = Record("https://example.org/y", "y", title="After", authors=[Name(title, body=True), Name(title)])
    text = ris.write([record, body])
    assert text.count("TY  - ") - text.count("  - TY  - ") >= 2
    assert [line[:6] for line in text.split("\r\n") if line[:2] in ("TY", "ER")] == ["TY  - ", "ER  - "] * 2
    assert [one["title"] if "title" in one else one["primary_title"] for one in rispy.loads(text)][1] == "After"
    written = bibtex.write([record, body])
    assert [(key, fields["title"][-6:] if key == "y" else "") for _, key, fields in entries(written)] == [
        ("x", ""),
        ("y", "After}"),
    ]
    assert [one["id"] for one in json.loads(csl.write([record, body]))] == ["x", "y"]


def test_bibtex_keeps_letters_and_escapes_what_tex_reads() -> None:
    (kind, key, fields), (other, _, registered) = entries(bibtex.write([ARTICLE, REGISTERED]))
    assert (kind, key, other) == ("article", "oe-2020", "misc")
    assert fields["title"] == r"{Øyeblikk på «åpen» post: 100 \% av \{alle\} \& ingen\_ting}"
    assert fields["author"] == "Ås, Kari Ø. and {Studiegruppen for MS, Bergen} and Jan Fagius and others"
    assert (fields["doi"], fields["url"]) == ("10.1000/abc_(1)", "https://doi.org/10.1000/abc_(1)")
    assert (fields["pages"], fields["month"], fields["journal"]) == ("165--174", "3", "Tidsskr Nor Legeforen")
    assert (registered["number"], registered["howpublished"]) == ("NCT03477500", "ClinicalTrials.gov")


def test_csl_has_dates_in_parts_and_names_that_are_no_persons_whole() -> None:
    article, registered = json.loads(csl.write([ARTICLE, REGISTERED]))
    assert article["type"] == "article-journal"
    assert article["author"][:2] == [
        {"family": "Ås", "given": "Kari Ø."},
        {"literal": "Studiegruppen for MS, Bergen"},
    ]
    assert article["issued"] == {"date-parts": [[2020, 3, 5]]}
    assert article["page"] == "165-174"
    assert (registered["type"], registered["number"], registered["publisher"]) == (
        "webpage",
        "NCT03477500",
        "ClinicalTrials.gov",
    )


@pytest.mark.parametrize(
    ("kind", "more", "types"),
    [
        ("conference-abstract", {"container": "Brain"}, ("JOUR", "article", "article-journal")),
        ("systematic-review", {"container": "Brain", "volume": "1"}, ("JOUR", "article", "article-journal")),
        ("hta-report", {"container": "Wales"}, ("RPRT", "techreport", "report")),
        ("guideline", {"container": "Directorate"}, ("RPRT", "techreport", "report")),
        ("newspaper-article", {"container": "NRK"}, ("NEWS", "misc", "article-newspaper")),
        ("web-page", {}, ("ELEC", "misc", "webpage")),
        ("", {}, ("GEN", "misc", "document")),
    ],
)
def test_each_kind_has_a_type(kind: str, more: dict[str, Any], types: tuple[str, str, str]) -> None:
    record = Record("https://example.org/x", "x", kind, title="T", **more)
    assert (ris.type_of(record), bibtex.type_of(record), csl.type_of(record)) == types


def test_nothing_is_written_of_nothing() -> None:
    assert (ris.write([]), bibtex.write([]), json.loads(csl.write([]))) == ("", "", [])
    only = Record("https://example.org/x", "x")
    assert read_back(ris.write([only]))[0].title == "x"
    assert citation(only) == ""


def test_records_stand_once_under_keys_of_their_own() -> None:
    twins = [Record("https://a/x", "x"), Record("https://b/x", "x"), Record("https://a/x", "x")]
    assert [record.key for record in distinct(twins)] == ["x", "xa"]
    assert [key for _, key, _ in entries(bibtex.write(twins))] == ["x", "xa"]


def test_the_address_of_an_old_doi_is_an_address() -> None:
    """DOIs of the nineties have < and > and #, which end an address where it is read."""
    doi = "10.1002/(SICI)1096-8628(19960102)61:1<10::AID-AJMG2>3.0.CO;2-#"
    record = Record("https://example.org/x", "x", "journal-article", title="T", doi=doi)
    assert record.address == "https://doi.org/10.1002/(SICI)1096-8628(19960102)61:1%3C10::AID-AJMG2%3E3.0.CO;2-%23"
    assert f"DO  - {doi}" in ris.write([record]) and json.loads(csl.write([record]))[0]["DOI"] == doi
