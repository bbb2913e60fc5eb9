"""What can be wrong with an export: one record of it, or the file as a whole."""

from msevidence.loaders.errors import LoadError


class RecordError(Exception):
    """Raised when one record cannot be loaded; its neighbours can. The message ends with how to mend it."""

    def __init__(self, message: str, line: int | None = None, field: str | None = None) -> None:
        self.message = message
        self.line = line
        self.field = field
        super().__init__(f"{field}: {message}" if field else message)


class ExportError(LoadError):
    """Raised when a file as a whole cannot be read: no known format, a web page, not whole, not safe to open."""
