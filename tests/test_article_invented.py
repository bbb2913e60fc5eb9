"""The article loader on an invented Swedish article: other headings, square brackets, a caption below its table."""

from collections import Counter

import pytest

from msevidence.loaders.anchors import Anchors
from msevidence.loaders.document import ParsedDocument
from msevidence.loaders.schema import Curation
from msevidence.loaders.yamlfile import parse
from tests.article_files import INVENTED, metadata_of, read_folder, texts


@pytest.fixture(scope="module")
def article() -> ParsedDocument:
    return read_folder(INVENTED)


def test_every_visible_character_has_a_place(article: ParsedDocument) -> None:
    assert article.leftover() == []
    assert "exempel.invalid" not in "".join(texts(article, "front-matter"))


def test_the_counts_are_those_declared(article: ParsedDocument) -> None:
    expect = metadata_of(INVENTED).expect
    assert (expect.references, expect.markers, expect.tables, expect.authors) == (7, 11, 1, 3)
    assert len(article.references) == expect.references
    assert len(article.markers) == expect.markers
    assert len(article.tables) == expect.tables
    assert len(article.front.authors) == expect.authors


def test_sections_by_number(article: ParsedDocument) -> None:
    assert [(s.title, s.level, s.parent) for s in article.sections] == [
        ("Sammanfattning", 1, None),
        ("1. Bakgrund", 1, None),
        ("1.1 Vad menas med provsjuka?", 2, 1),
        ("2. Metod", 1, None),
        ("3. Resultat", 1, None),
        ("Intressekonflikter", 1, None),
        ("REFERENSER", 1, None),
    ]


def test_square_markers_only(article: ParsedDocument) -> None:
    assert [(m.printed, m.numbers, m.locator) for m in article.markers] == [
        ("[1]", (1,), None),
        ("[2–4]", (2, 3, 4), None),
        ("[5]", (5,), None),
        ("[1, 3]", (1, 3), None),
        ("[6]", (6,), None),
        ("[3, s. 12–4]", (3,), "s. 12-4"),
        ("[ref. 2]", (2,), None),
        ("[2]", (2,), None),
        ("[4, 6]", (4, 6), None),
        ("[2]", (2,), None),
        ("[7]", (7,), None),
    ]
    kinds = Counter(article.passages[m.passage].kind.value for m in article.markers)
    assert kinds == {"sentence": 6, "list-item": 1, "table-header": 3, "table-caption": 1}
    assert "Svarsfrekvensen var hög (77)." in texts(article, "sentence")


def test_a_paragraph_goes_on_after_a_pull_quote(article: ParsedDocument) -> None:
    (cut,) = [p for p in article.passages if len(p.spans) > 1]
    assert "på den tiden fanns så få prov att räkna." in cut.text
    (quote,) = article.pull_quotes
    first, second = cut.spans
    (inside,) = article.passages[quote.passage].spans
    assert first.end < inside.start < inside.end < second.start
    assert quote.shortened and quote.of is not None
    assert article.passages[quote.of].text == "Det vet ingen, skrev J. Påhittad den 31. maj 2098. [5]"


def test_list_items(article: ParsedDocument) -> None:
    assert texts(article, "list-item") == [
        "Påhittad trötthet [6].",
        "Påhittad värk.",
        "Den går över av sig själv.",
        "Påhittad klåda, som i volym 20(8) av en tidskrift som inte finns",
    ]
    paragraphs = [p.paragraph for p in article.passages if p.kind.value == "list-item"]
    assert paragraphs[1] == paragraphs[2] and len(set(paragraphs)) == 3


def test_a_caption_below_its_table(article: ParsedDocument) -> None:
    (table,) = article.tables
    assert table.label == "Tabell 1"
    assert table.caption is not None
    assert article.passages[table.caption].text == "Tabell 1. Påhittade studier av provsjuka."
    shape = [[len(cell) for cell in row] for row in table.rows]
    assert shape == [[1, 1, 1], [1, 1, 1], [0, 0, 1], [1, 1, 1], [1, 1, 0]]
    places = {p.place.table for p in article.passages if p.place}
    assert places == {"Tabell 1"}


def test_front_matter(article: ParsedDocument) -> None:
    front = article.front
    assert article.passages[front.title or 0].text == metadata_of(INVENTED).title
    assert article.passages[0].text == "ORIGINALARTIKEL - PÅHITTAD TESTTEXT"
    assert [a.name for a in front.authors] == ["Anna Testsson", "Lars Påhittad", "Ida af Prov"]
    declared = [[article.passages[i].text for i in a.interests] for a in front.authors]
    assert declared == [
        ["Testsson uppger inga jävsförhållanden."],
        ["Lars Påhittad har fått påhittade arvoden från Provbolaget."],
        [],
    ]
    assert article.passages[front.summary[0]].text == "Provsjuka finns inte."
    assert {k: d.value for k, d in front.dates.items()} == {
        "received": "2099-02-03",
        "revised": "2099-03-15",
        "accepted": "2099-04-01",
        "published": "2099-05-02",
        "copied": "2099-05-03",
    }
    assert front.doi == "10.99999/prov.2099.0001"


def test_references(article: ParsedDocument) -> None:
    told = [(r.authors, r.group_author, r.container, r.year, r.volume, r.issue, r.pages) for r in article.references]
    assert told == [
        (("Testsson A", "Påhittad L"), None, "Påhittad Tidskr", "2097", "12", "3", "101-9"),
        ((), "Provgruppen", "J Påhitt", "2096", "5", "Suppl 2", "S130-S1"),
        (("af Prov I", "von Test B-C", "O’Prov D"), None, "Z Probe", "2095", "4", None, "CD999999"),
        (("Testsson A", "Prov I"), "Ingenstads provgrupp", "PloS Påhitt", "2095", "13", "12", "e0999999"),
        ((), "Ingenstads provmyndighet", None, None, None, None, None),
        (("Påhittad J",), None, "Ingenstads Nyheter", "2098", None, None, None),
        ((), None, "Ingenstad", "2099", None, None, None),
    ]
    assert article.references[1].title == "Fictional trial of a treatment that does not exist"
    assert [r.number for r in article.references if article.passages[r.passage].language == "en"] == [2]
    assert article.references[4].url == "https://provmyndigheten.exempel.invalid/rapporter/provsjuka-2098.pdf"


def test_a_link_in_the_text(article: ParsedDocument) -> None:
    (link,) = article.links
    assert link.url == "https://register.exempel.invalid/prov"
    assert article.source[link.span.start : link.span.end] == link.url
    assert "Ingen blev sämre; se även registret." in texts(article, "sentence")


def test_every_quotation_of_the_curation_is_found(article: ParsedDocument) -> None:
    path = INVENTED / "curation.yaml"
    curation, data = parse(path, Curation)
    anchors = Anchors(article, path, data)
    sections = ("claims", "not_claims", "interests", "people")
    found = [anchors.find(entry, (name, i)) for name in sections for i, entry in enumerate(getattr(curation, name))]
    assert [len(anchor) for anchor in found] == [1] * 10
