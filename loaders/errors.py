"""Errors of the loaders: each says what is wrong, where (file, line, field) and how to mend it."""

from pathlib import Path


class LoadError(Exception):
    """Raised when a source cannot be turned into the graph as it stands.

    ``where`` reads ``file:line: field``; the message ends with what to do.
    """

    def __init__(self, message: str, path: Path | str, line: int | None = None, field: str | None = None) -> None:
        self.message = message
        self.path = str(path)
        self.line = line
        self.field = field
        place = self.path if line is None else f"{self.path}:{line}"
        super().__init__(f"{place}: {field}: {message}" if field else f"{place}: {message}")


class SourceError(LoadError):
    """Raised when the source text itself cannot be read: encoding, byte-order mark, line ends, a bad marker."""


class CurationError(LoadError):
    """Raised when a metadata or curation file is not valid: syntax, key, value, scheme, duplicate."""


class QuotationError(CurationError):
    """Raised when a quotation does not stand in its document, or stands there more than once."""
