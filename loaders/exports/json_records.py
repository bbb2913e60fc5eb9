"""Records of JSON files, one at a time: a single object, or the objects of a list, of one in an object, or of lines.

The standard library's decoder reads one record from a buffer that is refilled, so memory grows with the largest record
and not with the file (ijson is as fast, and tells no line of a record). Where the text breaks
off, what is whole has been yielded, and a RecordError says where and why.
"""

import codecs
import json
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, BinaryIO

from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.lines import refuse_other_encodings
from msevidence.loaders.exports.records import Raw

CHUNK = 2**18
RECORD_CHARACTERS = 64 * 2**20
"""The largest record read: those of ClinicalTrials.gov with all results have up to 20 million characters."""
_SPACE = re.compile(r"[ \t\r\n]*")


def json_records(stream: BinaryIO, name: str, lists: Sequence[str]) -> Iterator[Raw | RecordError]:
    """Yield the records of a JSON file.

    ``lists`` names the lists of records that an object may hold, as ``studies`` or ``message.items``; an object that
    holds none of them is a record itself, and so is each object of a list, or each of several one after another.
    """
    text = _Text(stream, name)
    try:
        yield from _values(text, frozenset(lists))
    except _BrokenOffError as e:
        yield RecordError(f"the JSON cannot be read from here on ({e}); get the file again", text.line)


class _BrokenOffError(Exception):
    """Raised where the text is no JSON, or ends too early."""


class _Text:
    """The characters of a stream not yet used; ``line`` is that of the next one."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.stream = stream
        self.name = name
        self.buffer = ""
        self.position = 0
        self.line = 1
        self._decode = codecs.getincrementaldecoder("utf-8-sig")("strict").decode
        self._ended = False
        self._undecoded = False
        self._scan = json.JSONDecoder(
            parse_float=self._decimal, parse_constant=self._constant, object_pairs_hook=self._named
        ).raw_decode
        self._first = True
        self.used = 0
        """Characters passed over so far."""
        self.fault = ""
        """What makes the value read last unfit, though the text goes on after it."""

    def peek(self) -> str:
        """Return the next character that is no white space, ``""`` at the end."""
        while True:
            self._use(_SPACE.match(self.buffer, self.position).end())  # type: ignore[union-attr]
            if self.position < len(self.buffer):
                return self.buffer[self.position]
            if not self._more():
                return ""

    def take(self, character: str) -> None:
        """Pass over ``character``, with white space before it."""
        found = self.peek()
        if found != character:
            what = f"{found!r} stands" if found else "the file ends"
            raise _BrokenOffError(f"{what} where {character!r} should stand")
        self._use(self.position + 1)

    def value(self) -> Any:
        """Return the next value of any kind."""
        self.peek()
        while True:
            self.fault = ""
            try:
                found, end = self._scan(self.buffer, self.position)
            except json.JSONDecodeError as e:
                cut = e.msg.startswith("Unterminated string") or e.pos >= len(self.buffer) - 16
                if not cut or not self._more():
                    raise _BrokenOffError(e.msg if not cut else "the file ends inside a record") from e
            except ValueError as e:  # Python's own limit
                raise _BrokenOffError("a number has more digits than any number of an export") from e
            except RecursionError as e:
                raise _BrokenOffError("values are nested too deeply") from e
            else:
                if end < len(self.buffer) or self._ended or not isinstance(found, int | Decimal):
                    self._use(end)
                    return found
                self._more()  # a number at the end of the buffer may go on

    def _decimal(self, printed: str) -> Decimal | None:
        try:
            return Decimal(printed)
        except InvalidOperation:
            self.fault = f"{printed[:40]} is larger than any number of an export"
            return None

    def _constant(self, printed: str) -> None:
        self.fault = f"{printed} is no number"

    def _named(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """Return an object; one that gives a name two values is a fault, as nobody can tell which is meant."""
        found = dict(pairs)
        if len(found) != len(pairs):
            twice = [name for name, value in pairs if found[name] != value]
            if twice:
                self.fault = f"{twice[0][:80]!r} stands there twice, with different values"
        return found

    def _use(self, end: int) -> None:
        self.used += end - self.position
        self.line += self.buffer.count("\n", self.position, end)
        self.position = end

    def _more(self) -> bool:
        """Read on, twice as much each time a record does not fit; say whether there was more."""
        if self._ended:
            return False
        if self._undecoded:
            raise _BrokenOffError("it is not in UTF-8; export it as UTF-8")
        held = len(self.buffer) - self.position
        if held > RECORD_CHARACTERS:
            raise _BrokenOffError(f"one record has more than {RECORD_CHARACTERS} characters")
        raw = self.stream.read(max(CHUNK, held))
        if self._first:
            refuse_other_encodings(raw, self.name)
            self._first = False
        self._ended = not raw
        try:
            more = self._decode(raw, not raw)
        except UnicodeDecodeError as e:
            more = e.object[: e.start].decode()  # what is before is read first
            self._undecoded, self._ended = True, False
        self.buffer = self.buffer[self.position :] + more
        self.position = 0
        return True


def _values(text: _Text, lists: frozenset[str]) -> Iterator[Raw | RecordError]:
    """Yield the records of a whole text: values one after another, which a file of lines has."""
    while opening := text.peek():
        if opening == "[":
            yield from _list(text)
        elif opening == "{":
            yield from _object(text, lists, "")
        else:
            raise _BrokenOffError(f"{opening!r} stands where an object or a list should begin")


def _list(text: _Text) -> Iterator[Raw | RecordError]:
    text.take("[")
    while text.peek() not in ("]", ""):
        line = text.line
        value = text.value()
        yield RecordError(f"{text.fault}; get the file again", line) if text.fault else Raw(value, line)
        if text.peek() != "]":
            text.take(",")
    text.take("]")


def _object(text: _Text, lists: frozenset[str], path: str) -> Iterator[Raw | RecordError]:
    """Yield the records of the lists in an object, or the object itself where it has none of them."""
    first, begin, fault = text.line, text.used, ""
    own: dict[str, Any] = {}
    held = False
    text.take("{")
    while text.peek() not in ("}", ""):
        key = text.value()
        if not isinstance(key, str):
            raise _BrokenOffError("a name should stand here")
        text.take(":")
        here = f"{path}.{key}" if path else key
        if here in lists and text.peek() == "[":
            held = True
            yield from _list(text)
        elif text.peek() == "{" and any(name.startswith(here + ".") for name in lists):
            held = True
            yield from _object(text, frozenset(n for n in lists if n.startswith(here + ".")), here)
        else:
            value = text.value()
            fault = fault or text.fault
            if own.setdefault(key, value) != value:
                fault = f"{key[:80]!r} stands there twice, with different values"
        if held:
            own.clear()  # what stands beside the records is not used
        elif text.used - begin > RECORD_CHARACTERS:
            raise _BrokenOffError(f"one record has more than {RECORD_CHARACTERS} characters")
        if text.peek() != "}":
            text.take(",")
    text.take("}")
    if not held:
        yield RecordError(f"{fault}; get the file again", first) if fault else Raw(own, first)
