"""Reading the bytes of a source text: UTF-8 without byte-order mark, line feeds only.

Offsets count code points of the file decoded as UTF-8 (Web Annotation Data Model §4.2.5, text position selector).
A byte-order mark or a line end of two characters would shift them between programs, so neither is accepted.
"""

import codecs
import re
from pathlib import Path

from msevidence.loaders.errors import SourceError

OTHER_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")


def read_source(path: Path, *, mark: bool = False, crlf: bool = False) -> str:
    """Return the text of ``path``.

    A byte-order ``mark`` and line ends of two characters (``crlf``) are accepted where the programs that write the
    format cannot do otherwise; they count as the code points that they are.

    Raises SourceError for a file that cannot be read, that is not UTF-8, or that has a byte-order mark, carriage
    returns, control characters or no visible text; the message names the line and the mend.
    """
    try:
        raw = path.read_bytes()
    except OSError as e:
        raise SourceError(f"cannot be read ({e.strerror}); check that the file is there", path) from e
    if raw.startswith(codecs.BOM_UTF8) and not mark:
        raise SourceError("starts with a byte-order mark; save the file as UTF-8 without BOM", path, 1)
    if raw.startswith(OTHER_MARKS):
        raise SourceError("is UTF-16 or UTF-32; save the file as UTF-8 without BOM", path, 1)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as e:
        line = raw[: e.start].count(b"\n") + 1
        raise SourceError(f"byte {raw[e.start]:#04x} is not UTF-8; save the file as UTF-8", path, line) from e
    returned = re.search(r"\r(?!\n)" if crlf else r"\r", text)
    if returned is not None:
        line = line_at(text, returned.start())
        mend = "save the file with Unix line ends (LF)"
        raise SourceError(f"the line ends with a carriage return; {mend}", path, line)
    if control := CONTROL.search(text):
        what = f"control character U+{ord(control.group()):04X}"
        raise SourceError(f"{what}; remove it", path, line_at(text, control.start()))
    if not text.removeprefix("\ufeff").strip():
        raise SourceError("is empty; put the text of the document into it", path, 1)
    return text


def line_at(text: str, offset: int) -> int:
    """Return the line, counted from 1, on which ``text[offset]`` stands.

    >>> line_at("one\\ntwo", 4)
    2
    """
    return text.count("\n", 0, offset) + 1
