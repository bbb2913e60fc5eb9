"""The two articles that the tests of the article loader read: the real one, and an invented Swedish one."""

from pathlib import Path

from msevidence.loaders.article import read
from msevidence.loaders.document import ParsedDocument
from msevidence.loaders.metadata_schema import Layout, Metadata
from msevidence.loaders.yamlfile import parse

ROOT = Path(__file__).parents[1]
REAL = ROOT / "data" / "articles" / "nygaard-2024"
INVENTED = ROOT / "tests" / "fixtures" / "articles" / "prov-2099"


def metadata_of(folder: Path) -> Metadata:
    """Return the metadata of a document's folder."""
    metadata, _ = parse(folder / "metadata.yaml", Metadata)
    return metadata


def read_folder(folder: Path) -> ParsedDocument:
    """Read an article with the metadata beside it."""
    return read(folder / "source.txt", metadata_of(folder))


def read_text(
    folder: Path, text: str | bytes, *, language: str = "en", title: str = "A test", layout: Layout | None = None
) -> ParsedDocument:
    """Write ``text`` into ``folder`` and read it as an article."""
    path = folder / "source.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    fields = {"title": title, "language": language, "type": "journal-article"}
    metadata = Metadata.model_validate(fields | ({"layout": layout} if layout else {}))
    return read(path, metadata)


def texts(document: ParsedDocument, kind: str) -> list[str]:
    """Return the texts of the passages of one kind."""
    return [p.text for p in document.passages if p.kind.value == kind]
