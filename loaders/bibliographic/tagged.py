"""One record of a text format of tagged lines (RIS, MEDLINE), while its lines come in: bounded, whatever comes."""

from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.records import Raw

CHARACTERS = 16 * 2**20
"""The largest record that is kept: one with its abstract and all its authors has some thousand characters."""


class TaggedRecord:
    """The values of a record by tag, in order, or what is wrong with it; ``line`` is its first."""

    def __init__(self, line: int, fault: RecordError | None = None) -> None:
        self.line = line
        self.fault = fault
        self._values: dict[str, list[list[str]]] = {}
        self._last: list[str] | None = None
        self._size = 0

    def fail(self, fault: RecordError) -> None:
        """Keep the first fault, and let go of what was read."""
        self.fault = self.fault or fault
        self._values = {}
        self._last = None

    def add(self, tag: str, text: str) -> None:
        """Begin a value."""
        self._last = [text.strip()]
        self._grow(len(tag) + len(text))
        if self.fault is None:
            self._values.setdefault(tag, []).append(self._last)

    def go_on(self, text: str) -> bool:
        """Go on with the last value; say whether there is one, or need not be."""
        if self.fault is not None:
            return True
        if self._last is None:
            return False
        self._last.append(text.strip())
        self._grow(len(text))
        return True

    def _grow(self, characters: int) -> None:
        self._size += characters
        if self._size > CHARACTERS and self.fault is None:
            self.fail(RecordError(f"the record has more than {CHARACTERS} characters; get it again", self.line))

    def values(self) -> dict[str, list[str]]:
        """Return the values by tag."""
        return {tag: [" ".join(filter(None, parts)) for parts in each] for tag, each in self._values.items()}

    def closed(self, *named_by: str) -> Raw | RecordError:
        """Return the record, labelled by the first value of the first of these tags, or its fault."""
        if self.fault is not None:
            return self.fault
        values = self.values()
        label = next((v for tag in named_by for v in values.get(tag, ()) if v), None)
        return Raw(values, self.line, label[:120] if label else None)
