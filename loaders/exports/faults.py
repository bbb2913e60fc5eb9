"""What can be wrong with an export: one record of it, or the file as a whole."""

from pathlib import Path

from msevidence.loaders.errors import LoadError

LONGEST = 1_000
"""Characters of a message: room for the longest of ours, which lists the formats, with a value that it quotes."""


def on_one_line(text: str, longest: int = LONGEST) -> str:
    """Return a text as a terminal can show it: on one line, without what steers it, a long one without its middle.

    Messages quote values of strangers' files, which may hold anything and be of any length.

    >>> on_one_line("a\\n\\x1b[31m" + "b" * 20, 12)
    'a \ufffd[31 … bbbbbb'
    """
    line = " ".join(text.split())
    if len(line) > longest:
        line = f"{line[: longest // 2]} … {line[-longest // 2 :]}"
    return line if line.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in line)


class RecordError(Exception):
    """Raised when one record cannot be loaded; its neighbours can. The message ends with how to mend it."""

    def __init__(self, message: str, line: int | None = None, field: str | None = None) -> None:
        self.message = on_one_line(message)
        self.line = line
        self.field = None if field is None else on_one_line(field, 200)
        super().__init__(f"{self.field}: {self.message}" if field else self.message)


class ExportError(LoadError):
    """Raised when a file as a whole cannot be read: no known format, a web page, not whole, not safe to open."""

    def __init__(self, message: str, path: Path | str, line: int | None = None, field: str | None = None) -> None:
        super().__init__(on_one_line(message), path, line, field)
