"""JATS articles (ANSI/NISO Z39.96): documents, not lists of records; :mod:`msevidence.loaders.jats` reads them."""

import re

from msevidence.loaders.exports.formats import Format

_ROOT = re.compile(rb"<(?:\w+:)?article[\s>]")


def recognise(head: bytes) -> bool:
    """Say whether a file begins as a JATS article does."""
    match = _ROOT.search(head)
    return match is not None and b"<PubmedArticle" not in head and b"<front" in head


FORMAT = Format(
    key="jats-xml",
    label="JATS article, XML",
    origin="publishers, PubMed Central",
    rights="As the article itself states.",
    recognise=recognise,
    read=None,
    record=None,
)
