"""The difference of two releases as RDF Patch, which Jena and rdflib apply.

The format: https://jena.apache.org/documentation/rdf-patch/; its headers: https://afs.github.io/rdf-delta/rdf-patch.
Every line of ``data.nq`` counts, also those of the default graph and of the graph ``release``: applied to the quads of
the first release, the patch gives those of the second, and sorted, the bytes whose hash its manifest states.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from msevidence.server.diff_quads import PAUSE, changed_lines
from msevidence.server.diff_releases import Kept

MEDIA_TYPE = "application/rdf-patch"
"""What RDF Delta and Fuseki take; the type is not registered."""
SUFFIX = "rdfp"


def patch(before: Kept, after: Kept) -> Iterator[bytes]:
    """Return the lines of the patch that makes one release into another, to be read once.

    Now and then an empty line stands between them, so that who sends them may look at something else: equal lines, of
    which there may be millions, are read in silence.

    Patches of consecutive releases make a log: ``prev`` of one is ``id`` of the one before. Both are UUIDs made from
    the IRIs of the releases (RFC 9562, version 5); the IRIs stand beside them.

    Raises:
        errors.DamagedStore: the quads of one are not as they were written; before the first line. Those of a release
            and itself are not looked at: nothing differs, whatever they say.
    """
    if not same(before, after):
        before.whole(), after.whole()
    return _lines(before, after)


def same(before: Kept, after: Kept) -> bool:
    """Tell whether both are one release, so that their patch has no line of it."""
    return before.data == after.data


def _lines(before: Kept, after: Kept) -> Iterator[bytes]:
    yield f"H id <{_identifier(after)}> .\n".encode()
    yield f"H prev <{_identifier(before)}> .\n".encode()
    yield f"H release <{after.iri}> .\n".encode()
    yield f"H since <{before.iri}> .\n".encode()
    yield b"TX .\n"
    for operation, line in changed_lines(before.data, after.data, pauses=True):
        yield b"" if operation == PAUSE else operation.encode() + b" " + line
    yield b"TC .\n"


def _identifier(release: Kept) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, release.iri).urn
