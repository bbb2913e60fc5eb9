"""The report of the project's own input as other tools would extract it: the same passages, rows and searches."""

import pytest

from msevidence.loaders import report
from msevidence.loaders.document import ParsedDocument
from msevidence.loaders.metadata_schema import Metadata
from msevidence.loaders.report_pages import read_pages
from tests.report_text import parsed


def without_outline(source: str) -> str:
    return source[: source.index("\n\t")] + "\n"


def with_form_feeds(source: str) -> str:
    pages = read_pages(source)
    starts = [line.start for line in pages.lines if line.first and line.page > 0]
    assert len(starts) == 27
    for page, start in reversed(list(enumerate(starts, 1))):
        if pages.printed[page] is not None:  # the number stands above the page's first line
            start = max(s.start for s in pages.furniture if s.start < start)
        source = source[:start] + "\x0c" + source[start:]
    return source


@pytest.fixture(scope="module", params=[without_outline, with_form_feeds])
def variant(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ParsedDocument:
    path = tmp_path_factory.mktemp("variant") / "source.txt"
    path.write_text(request.param(parsed().source), encoding="utf-8")
    return report.read(path, Metadata(title="Invented", language="nb", type="hta-report"))


def test_the_same_passages(variant: ParsedDocument) -> None:
    assert [p.text for p in variant.passages] == [p.text for p in parsed().passages]
    assert [p.kind for p in variant.passages] == [p.kind for p in parsed().passages]
    assert variant.leftover() == []


def test_pages_are_known_where_the_text_shows_them(variant: ParsedDocument) -> None:
    """Without its outline nothing says where the missing pages belong: those between have no number then."""
    if parsed().source.endswith(variant.source[-40:]):
        assert [p.page for p in variant.passages] == [p.page for p in parsed().passages]
    else:
        assert {p.page for p in variant.passages} == {"4", "5", "32", "33", None}


def test_the_same_tables_searches_lists_and_flow(variant: ParsedDocument) -> None:
    document = parsed()
    assert [r.name for r in variant.study_rows] == [r.name for r in document.study_rows]
    assert [r.participants for r in variant.study_rows] == [r.participants for r in document.study_rows]
    assert [(n.passage, n.printed, n.link) for n in variant.numbers] == [
        (n.passage, n.printed, n.link) for n in document.numbers
    ]
    assert variant.searches == document.searches
    assert [r.title for r in variant.listed] == [r.title for r in document.listed]
    assert variant.flow == document.flow
    assert [c.values for c in variant.criteria] == [c.values for c in document.criteria]
    assert [m.numbers for m in variant.markers] == [m.numbers for m in document.markers]
    assert variant.footnotes == document.footnotes
