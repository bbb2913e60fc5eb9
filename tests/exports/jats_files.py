"""Articles in JATS for tests: those invented here, small ones made from a line, and the graph that they make."""

from collections.abc import Iterable
from pathlib import Path

from lxml import etree

from msevidence.loaders.catalogue import Catalogue
from msevidence.loaders.document import ParsedDocument
from msevidence.loaders.documents import state_document
from msevidence.loaders.jats import JatsDocument, jats_context, read_jats
from msevidence.loaders.statements import Statements
from msevidence.loaders.triples_catalogue import catalogue_statements
from msevidence.ontology.iris import graph_iri

FOLDER = Path(__file__).parents[1] / "fixtures" / "exports" / "jats"
NUMBERED, AUTHOR_YEAR = FOLDER / "numbered.xml", FOLDER / "author-year.xml"
_DERIVED = f"derived_from: {{file: nothing.csv, sha256: '{'0' * 64}'}}\n"
_CATALOGUES = {
    "studies": "studies: {}\n",
    "organisations": "organisations: {}\n",
    "publications": _DERIVED + "publications: {}\n",
    "registrations": _DERIVED + "sources: {}\nregistrations: {}\n",
    "source-quotes": _DERIVED + "source_quotes: []\n",
}
REFERENCES = "".join(
    f'<ref id="R{n}"><label>{n}</label><element-citation><article-title>Work {n}</article-title>'
    f"<source>J</source><year>2020</year></element-citation></ref>"
    for n in range(1, 10)
)


def article(body: str, *, front: str = "", back: str | None = None, attributes: str = "") -> JatsDocument:
    """Read an article with ``body`` in it, and a list of nine references where ``back`` gives nothing else."""
    listed = f"<ref-list>{REFERENCES}</ref-list>" if back is None else back
    text = (
        f'<article xmlns:xlink="http://www.w3.org/1999/xlink" {attributes}><front><article-meta><title-group>'
        f"<article-title>T</article-title></title-group>{front}</article-meta></front><body>{body}</body>"
        f"<back>{listed}</back></article>"
    )
    return read_jats(text.encode(), "a.xml")


def sentences(document: ParsedDocument, kind: str = "sentence") -> list[str]:
    return [p.text for p in document.passages if p.kind.value == kind]


def cited(read: JatsDocument) -> list[tuple[str, tuple[int, ...], frozenset[int]]]:
    """Return what each marker prints, its numbers, and those from a range only."""
    return [(m.printed, m.numbers, m.from_range) for m in read.parsed.markers]


def graph_of(paths: Iterable[Path], folder: Path) -> list[Statements]:
    """Return the graphs of articles, beside empty catalogues that are written into ``folder``."""
    for name, text in _CATALOGUES.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    catalogue = Catalogue(folder)
    identity, review = Statements(graph_iri("identity")), Statements(graph_iri("review"))
    graphs: list[Statements] = []
    for path in paths:
        graphs += state_document(jats_context(read_jats(path), path), catalogue, identity, review)
    return [*graphs, *catalogue_statements(catalogue), identity, review]


def xml_of(path: Path) -> "etree._Element":
    """Return the tree of a file as lxml reads it: another reader than the loader's."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    return etree.parse(str(path), parser).getroot()
