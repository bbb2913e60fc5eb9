"""Taking a record apart: every field is popped, and what is left over is told.

A field that no loader knows may be new in the source, or hold what is lost if nobody looks (OpenSanctions' crawlers
audit theirs so). It does not stop a record; it is counted by name, and with ``--strict`` it is a fault.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from msevidence.loaders.exports.dates import find_day
from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.text import HALF

_UNFIT = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
CONTROL = "control character"
"""What the audit calls a character that was replaced, after the name of its field."""

_NAMES, _NAME = 1_000, 200
MORE = "(more names)"
"""What the audit calls names that came after too many others."""


class Audit:
    """What a run over one source found that no loader knows, by name, with how often and where first."""

    def __init__(self) -> None:
        self.unknown: Counter[str] = Counter()
        """Fields, and values of coded fields (``overallStatus=PAUSED``), that are not known."""
        self.first: dict[str, str] = {}
        self.exported = ""
        """The day on which the file was made, where it states one: ISO 8601."""

    def exported_on(self, printed: str | None, *, month_first: bool = False) -> None:
        """Take note of the day on which the file was made; what is no date is passed over, since no record needs it."""
        found = find_day(printed or "", month_first=month_first)
        self.exported = max(self.exported, found or "")

    def tell(self, what: str, where: str = "", times: int = 1) -> None:
        """Count ``what`` that no loader knows, and that stands there so many times; ``where`` names the record.

        Names are cut, and those after the first thousand are counted together: a file can have any number of them.
        Half a character (JSON can spell one, and UTF-8 cannot) is replaced: the report is written as UTF-8.
        """
        what = HALF.sub("\ufffd", what)
        what = what if len(what) <= _NAME else what[: _NAME - 1] + "…"
        if len(self.unknown) >= _NAMES and what not in self.unknown:
            what = MORE
        self.unknown[what] += times
        self.first.setdefault(what, where)


def unfit(text: str) -> bool:
    """Say whether a text has a character that XML cannot hold, so that a graph with it is not written as RDF/XML."""
    return not text.isprintable() and ("\0" in text or _UNFIT.search(text) is not None)


def fitting(text: str, audit: Audit, name: str) -> str:
    """Return a text without the control characters that XML cannot hold; the audit is told of the field.

    They come from text copied out of PDF files and spreadsheets. One is no reason to lose a record, and one in the
    graph would keep it from being written as RDF/XML (Extensible Markup Language 1.0, production 2, Char). What is
    white space (a vertical tab, which some programs have for a line break) becomes a space, the others U+FFFD.
    """
    if text.isprintable() or _UNFIT.search(text) is None:
        return text
    audit.tell(f"{name}: {CONTROL}")
    return _UNFIT.sub(lambda m: " " if m.group().isspace() else "\ufffd", text).strip()


class Fields:
    """A mapping whose fields are popped by name; ``path`` is the way to it, for messages and the audit."""

    __slots__ = ("audit", "data", "empty", "path")

    def __init__(self, data: Any, audit: Audit, path: str = "", empty: list[str] | None = None) -> None:
        if not isinstance(data, dict) and not isinstance(data, Mapping):  # the first is quicker
            raise RecordError(
                f"is {type(data).__name__}, and should be an object; get the file again", field=path or None
            )
        self.data = dict(data)
        self.audit = audit
        self.path = path
        self.empty: list[str] = [] if empty is None else empty
        """Fields popped so far that have no value."""

    def pop(self, key: str) -> Any:
        """Return the value of a field, ``None`` where it is absent."""
        return self.data.pop(key, None)

    def text(self, key: str) -> str | None:
        """Return a field's text without the white space around it; an empty one is noted and ``None``.

        Raises RecordError where the value is no text, number or truth value.
        """
        if key not in self.data:
            return None
        value = self.data.pop(key)
        if not isinstance(value, str):
            if isinstance(value, dict | list):
                raise RecordError("holds more than a text; get the file again", field=self._name(key))
            if isinstance(value, bool):
                value = "true" if value else "false"
            value = "" if value is None else str(value)
        text: str = value.strip()
        if not text:
            self.empty.append(fitting(self._name(key), self.audit, "the name of a field"))
            return None
        return self._sound(text, key)

    def texts(self, key: str) -> list[str]:
        """Return the texts of a list, or of a single value, empty ones left out."""
        value = self.data.pop(key, None)
        values = value if isinstance(value, list) else [] if value is None else [value]
        if any(isinstance(v, dict | list) for v in values):
            raise RecordError("holds more than texts; get the file again", field=self._name(key))
        return [self._sound(text, key) for v in values if v is not None and (text := str(v).strip())]

    def fields(self, key: str) -> "Fields":
        """Return a nested object, an empty one where it is absent."""
        value = self.data.pop(key, None)
        return Fields({} if value is None else value, self.audit, self._name(key), self.empty)

    def each(self, key: str) -> Iterator["Fields"]:
        """Yield the objects of a list."""
        value = self.data.pop(key, None)
        if value is None:
            return
        if not isinstance(value, list):
            raise RecordError("should be a list; get the file again", field=self._name(key))
        for item in value:
            yield Fields(item, self.audit, self._name(key), self.empty)

    def ignore(self, *keys: str) -> None:
        """Pass over fields whose reason to be passed over stands in the format's ``IGNORED``."""
        for key in keys:
            self.data.pop(key, None)

    def close(self, where: str = "") -> None:
        """Tell the audit of every field that nobody popped."""
        for key in self.data:
            self.audit.tell(self._name(key), where)

    def _sound(self, text: str, key: str) -> str:
        """Return ``text`` if it can be written: JSON can spell NUL and halves of characters, which no file can hold."""
        if "\0" in text or (not text.isascii() and HALF.search(text)):
            raise RecordError("holds what is no character; export it again", field=self._name(key))
        return fitting(text, self.audit, self._name(key))

    def _name(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key
