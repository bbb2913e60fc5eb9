"""What is read to be validated: files or streams of statements, each with blank nodes of its own."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox
from rdflib import Graph

from msevidence.ontology.shacl_errors import ShapesError
from msevidence.ontology.shacl_referee import Terms

Source: TypeAlias = Path | Iterable[ox.Quad | ox.Triple]
"""An N-Quads, N-Triples or Turtle file, or statements; graph names are not looked at."""

_FORMATS = {".nq": ox.RdfFormat.N_QUADS, ".nt": ox.RdfFormat.N_TRIPLES, ".ttl": ox.RdfFormat.TURTLE}


def read_graph(parts: Iterable[Source]) -> Graph:
    """Return the merge of files or statements; blank nodes of each stay apart.

    Raises:
        ShapesError: when a file cannot be read.
    """
    terms = Terms()
    for part in parts:
        terms.add(read_statements(part))
    return terms.graph


def read_statements(data: Source) -> Iterable[ox.Quad | ox.Triple]:
    """Return the statements of a file, or those given."""
    return _parsed(data) if isinstance(data, Path) else data


def _parsed(file: Path) -> Iterator[ox.Quad | ox.Triple]:
    try:
        yield from ox.parse(path=str(file), format=_FORMATS[file.suffix])
    except (OSError, SyntaxError, KeyError) as error:
        raise ShapesError(f"{file} cannot be read: {error}. It must be N-Quads, N-Triples or Turtle.") from error
