"""What the modules that turn one document into statements share: its parts, their IRIs, and the graphs to fill."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rdflib import URIRef

from msevidence.loaders.addresses import E_MAIL
from msevidence.loaders.anchors import Anchor, Anchors
from msevidence.loaders.document import ParsedDocument
from msevidence.loaders.errors import CurationError
from msevidence.loaders.metadata_schema import Metadata
from msevidence.loaders.printed import is_printed, printed_forms
from msevidence.loaders.schema import Anchored, Curation
from msevidence.loaders.statements import Statements, Value, english
from msevidence.loaders.text import Span
from msevidence.loaders.yamlfile import line_of
from msevidence.ontology.iris import Kind, document_iri, graph_iri, mint, passage_iris, short_hash, under
from msevidence.ontology.namespaces import MSE, OA, UnknownConceptError, scheme


@dataclass
class DocumentContext:
    """One document on its way into the graph."""

    key: str
    folder: Path
    parsed: ParsedDocument
    metadata: Metadata
    metadata_data: Any
    """The positioned YAML of ``metadata.yaml``, for the lines of errors."""
    curation: Curation
    curation_data: Any
    """The positioned YAML of ``curation.yaml``, for the lines of errors."""
    file: Path | None = None
    """The source file, where it is not ``source.txt`` in the folder."""
    file_name: str | None = None
    """Its name for people, where it does not follow from the folder."""
    sha256: str | None = None
    """Hash of its bytes, where it is known already."""
    lenient: bool = False
    """Whether its text is being changed: what would stop a build is then for the review to tell."""
    document: URIRef = field(init=False)
    passages: list[URIRef] = field(init=False)
    sections: list[URIRef] = field(init=False)
    text: Statements = field(init=False)
    """What the document says."""
    curated: Statements = field(init=False)
    """What its curator says."""
    anchors: Anchors = field(init=False)
    _ordinals: dict[str, int] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.document = document_iri(self.key)
        self.passages = passage_iris(self.key, (p.text for p in self.parsed.passages))
        self.sections = [under(Kind.SECTION, self.document, i + 1) for i in range(len(self.parsed.sections))]
        self.text = Statements(graph_iri(f"document-{self.key}"))
        self.curated = Statements(graph_iri(f"curation-{self.key}"))
        self.anchors = Anchors(self.parsed, self.curation_path, self.curation_data)

    @property
    def source_path(self) -> Path:
        """The source file, for messages and its hash."""
        return self.file or self.folder / "source.txt"

    @property
    def source_name(self) -> str:
        """Name of the source file below ``data/``, or as its loader knows it."""
        return self.file_name or f"{self.folder.parent.name}/{self.folder.name}/{self.source_path.name}"

    @property
    def curation_path(self) -> Path:
        return self.folder / "curation.yaml"

    def table(self, label: str) -> URIRef:
        """Return the IRI of the table with the printed label."""
        labels = [t.label for t in self.parsed.tables]
        return under(Kind.TABLE, self.document, labels.index(label) + 1)

    def exact(self, span: Span) -> str:
        """Return the words of the source as they stand in the file.

        An e-mail address between them is masked, character for character: it is not published, and offsets still fit.
        """
        words = self.parsed.source[span.start : span.end]
        for hidden in self.parsed.private:
            begin, end = max(hidden.start, span.start) - span.start, min(hidden.end, span.end) - span.start
            if begin < end:
                words = words[:begin] + "*" * (end - begin) + words[end:]
        return E_MAIL.sub(lambda m: "*" * len(m.group()), words)

    def unique(self, kind: Kind, text: str) -> URIRef:
        """Return an IRI for a thing known by ``text``: document, short hash, ordinal among equals."""
        stem = f"{self.key}.{short_hash(text)}"
        number = self._ordinals[f"{kind}/{stem}"] = self._ordinals.get(f"{kind}/{stem}", 0) + 1
        return mint(kind, f"{stem}.{number}")

    def concept(self, scheme_name: str, name: str | None, location: tuple[int | str, ...]) -> URIRef | None:
        """Return a concept of a scheme; raises CurationError naming the allowed values where it is not in it."""
        if name is None:
            return None
        try:
            return scheme(scheme_name, name)
        except UnknownConceptError as e:
            raise self.error(str(e), location) from e

    def concepts(self, scheme_name: str, names: Iterable[str], location: tuple[int | str, ...]) -> list[URIRef | None]:
        return [self.concept(scheme_name, name, (*location, i)) for i, name in enumerate(names)]

    def metadata_error(self, message: str, location: tuple[int | str, ...]) -> CurationError:
        """Return an error about a field of ``metadata.yaml``."""
        line = line_of(self.metadata_data, location)
        return CurationError(message, self.folder / "metadata.yaml", line, ".".join(map(str, location)))

    def error(self, message: str, location: tuple[int | str, ...]) -> CurationError:
        """Return an error about a field of ``curation.yaml``."""
        line = line_of(self.curation_data, location)
        return CurationError(message, self.curation_path, line, ".".join(map(str, location)))

    def anchored(
        self,
        kind: Kind,
        types: URIRef | list[URIRef],
        entry: Anchored,
        location: tuple[int | str, ...],
        properties: Mapping[URIRef, Value | Iterable[Value]],
    ) -> URIRef:
        """State a curated node with the passages, words and offsets that it rests on, and return it.

        Raises QuotationError where its quotation is not found, CurationError where a value that is given as printed is
        not printed there.
        """
        anchors = self.anchors.find(entry, location)
        for name, words in printed_forms(entry):
            if not is_printed(self.parsed, words, [a.passage for a in anchors]):
                message = (
                    f"{words!r} is not printed where the quotation stands; copy it from there, or quote that place, too"
                )
                raise self.error(message, (*location, name))
        quote = entry.quote if isinstance(entry.quote, str) else " / ".join(entry.quote)
        node = self.unique(kind, f"{location[0]} {quote}")
        self.curated.node(node, types, properties)
        self.curated.add(node, MSE.inDocument, self.document)
        self.curated.add(node, MSE.note, english(entry.note))
        self.anchor(node, anchors)
        return node

    def anchor(self, node: URIRef, anchors: Iterable[Anchor], graph: Statements | None = None) -> None:
        """State where ``node`` stands: its passages, and an anchor for each piece that the layout leaves.

        ``graph`` takes the statements, that of the curation where none is given.
        """
        graph = self.curated if graph is None else graph
        number = 0
        for found in anchors:
            passage = self.passages[found.passage]
            graph.add(node, MSE.statedIn, passage)
            graph.add(node, MSE.quotedText, found.quote)
            for span in found.spans:
                number += 1
                anchor = under(Kind.ANCHOR, node, parts_kind(node), number)
                graph.node(
                    anchor,
                    MSE.Anchor,
                    {
                        MSE.inPassage: passage,
                        OA.exact: self.exact(span),
                        OA.start: span.start,
                        OA.end: span.end,
                    },
                )
                graph.add(node, MSE.hasAnchor, anchor)


def parts_kind(node: URIRef) -> str:
    """Return the kind in the IRI of ``node``, so that anchors of different kinds of node never share an IRI."""
    return str(node).rsplit("/", 2)[1]
