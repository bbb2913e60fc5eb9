"""The lines of downloads of the EU Clinical Trials Register, taken apart into records and their fields.

There are two downloads (https://www.clinicaltrialsregister.eu, "How to search"): *full trial details*, one record a
country, and *summary details*, one record a EudraCT number. A field of the first is a line such as
``A.4.1 Sponsor's protocol code number: X``, and every line after it that is no field continues its value. Free text
has lists of its own (``A. Women who …``), so a line is a field only where its number does not go back.
"""

import re
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO, cast

from msevidence.loaders.exports.faults import ExportError, RecordError
from msevidence.loaders.exports.lines import Lines
from msevidence.loaders.exports.records import Raw

FIRST = "EudraCT Number:"
RECORD_CHARACTERS = 8 * 2**20
"""Real records have up to some 100,000 characters; what has more is no record, and is not kept in memory."""
Pairs = list[tuple[str, str]]

_FIELD = re.compile(r"([ABDEFGH])\.((?:\d+\.)*\d+|IMP)(?:(?: and| to) [A-H]\.[\d.]+)?(?:[ \t]+(\S.*)|:.*)")
_UNNUMBERED = re.compile(r"[NP]\. (?:Competent Authority|Ethics Committee|Date of|End of Trial) ?.*")
_HEADER = re.compile(r"[A-Z][^:]{1,90}:(?: .*)?")
_SUMMARY_LABELS = (
    "EudraCT Number",
    "Sponsor Protocol Number",
    "Sponsor Name",
    "Full Title",
    "Start Date",
    "Medical condition",
    "Disease",
    "Population Age",
    "Gender",
    "Trial protocol",
    "Trial results",
    "Link",
)
_VALUE_COLUMN = 25
_HEADINGS = frozenset(
    {
        "Summary",
        "A. Protocol Information",
        "B. Sponsor Information",
        "D. IMP Identification",
        "E. General Information on the Trial",
        "F. Population of Trial Subjects",
        "G. Investigator Networks to be involved in the Trial",
        "N. Review by the Competent Authority or Ethics Committee in the country concerned",
        "P. End of Trial",
        "MedDRA Classification",
    }
)
_PREAMBLE = "This file contains"
"""Begins the file; stands inside where somebody joined several."""
_ORDER = "ABDEFGHNP"
_REPEATED = "BDGH"
"""Sections whose numbers begin again: of several sponsors, products, networks."""
_COLON_INSIDE = ("N. Ethics Committee Opinion: Reason(s) for unfavourable opinion",)


class _Stream:
    """A stream that remembers how its last line ended."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.ended = True

    def readline(self, size: int = -1) -> bytes:
        raw = self.stream.readline(size)
        if raw:
            self.ended = raw.endswith(b"\n")
        return raw


class Part:
    """The lines of one record, while it is read."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.fault: RecordError | None = None
        self.characters = 0
        self.lines: list[str] = []

    def add(self, line: str | RecordError) -> None:
        """Add a line; the record is lost with the first that cannot be read."""
        if isinstance(line, RecordError):
            self.fault = self.fault or line
            return
        self.characters += len(line)
        if self.characters > RECORD_CHARACTERS:
            self.fault = self.fault or RecordError(
                f"the record has more than {RECORD_CHARACTERS} characters; get the file again", self.line
            )
            self.lines = []
        elif self.fault is None:
            self.lines.append(line)

    def raw(self) -> Raw | RecordError:
        """Return the record, or what is wrong with it."""
        if self.fault is not None:
            return self.fault
        pairs = summary_fields(self.lines) if is_summary(self.lines) else full_fields(self.lines)
        return Raw(pairs, self.line, next((v for k, v in pairs if k == FIRST[:-1] and v), None))


def records(stream: BinaryIO, name: str) -> Iterator[Raw | RecordError]:
    """Yield the records of a download; in place of one that cannot be read, why.

    Raises ExportError where the file has no record at all.
    """
    source = _Stream(stream)
    part: Part | None = None
    for number, line, starts in _marked(Lines(cast(BinaryIO, source), name)):
        if starts:
            if part is not None:
                yield part.raw()
            part = Part(number)
        if part is not None:
            part.add(line)
    if part is None:
        raise ExportError(f"has no line that begins with {FIRST!r}; download the details or the summary again", name)
    if part.fault is None and not (source.ended and _whole(part.lines)):
        why = "ends inside" if source.ended else "ends in the middle of a line of"
        part.fault = RecordError(f"the file {why} this record; download it again", part.line)
    yield part.raw()


def _marked(lines: Lines) -> Iterator[tuple[int, str | RecordError, bool]]:
    """Yield the lines with their numbers, and whether a record begins with them; one line is read ahead."""
    after_heading = spoiled = False
    here: str | RecordError | None = None
    number = 0
    for following in chain(lines, (None,)):
        if isinstance(following, str):
            following = following.removeprefix("\ufeff")  # where somebody joined files
        if here is not None:
            starts = not spoiled and _starts(here, following, after_heading)
            yield number, here, starts
            spoiled = isinstance(here, RecordError) and starts
            after_heading = _is(here, "Summary") or (after_heading and _is(here, ""))
        here, number = following, lines.number


def _is(line: str | RecordError, text: str) -> bool:
    return isinstance(line, str) and line.strip() == text


def _starts(line: str | RecordError, following: str | RecordError | None, after_heading: bool) -> bool:
    if isinstance(line, RecordError):  # it may be the heading or the number: of this record, not of the one before
        return after_heading or (isinstance(following, str) and following.startswith(FIRST))
    if not line.startswith(FIRST):
        return False
    return after_heading or not isinstance(following, str) or following.startswith("Sponsor")


def _whole(lines: list[str]) -> bool:
    """Say whether a record goes on to its last field; one of a third country may have none on the end of the trial."""
    if is_summary(lines):
        return any(line.startswith("Link:") for line in lines)
    last = "H.4 " if any(line.startswith("Link:") and "/3rd/" in line for line in lines) else "P. End of Trial Status"
    return any(line.startswith((last, "P. End of Trial Status")) for line in lines)


def is_summary(lines: list[str]) -> bool:
    """Say whether these are the lines of a record of the summary download."""
    return any(line.startswith("Sponsor Protocol Number:") for line in lines[:3])


def full_fields(lines: list[str]) -> Pairs:
    """Return the fields of a record of the full download, in order, values with their line breaks."""
    pairs: Pairs = []
    section: str = ""
    place: tuple[int, ...] = ()
    continues = False
    for line in lines:
        bare = line.strip()
        found = _place(bare, section, place)
        if found is not None:
            section, place = found
        if bare in _HEADINGS or bare.startswith(_PREAMBLE):
            continues = False
        elif found is not None or (not section and _HEADER.fullmatch(bare)):
            pairs.append(_split(bare))
            continues = True
        elif re.fullmatch(r"Sponsor \d+", bare) and section == "B":
            pairs.append(("Sponsor", bare[8:]))
            continues = False
        elif continues and bare:
            label, value = pairs[-1]
            pairs[-1] = (label, f"{value}\n{bare}" if value else bare)
    return pairs


def _place(line: str, section: str, place: tuple[int, ...]) -> tuple[str, tuple[int, ...]] | None:
    """Return section and number of a line that is a field or heading, ``None`` for one that is none."""
    bare = line.strip()
    here: tuple[int, ...] = ()
    if bare in _HEADINGS and ". " in bare:
        letter = bare[0]
    elif match := _FIELD.fullmatch(bare):
        letter = match[1]
        here = (3,) if match[2] == "IMP" else tuple(int(n[:9]) for n in match[2].split("."))
    elif _UNNUMBERED.fullmatch(bare) or (section in ("N", "P") and re.match(rf"{section}\. \w[^:]*:", bare)):
        letter = bare[0]
    else:
        return None
    if not section:
        return (letter, here) if letter == "A" else None
    if letter == "H" and section in ("N", "P"):
        return section, place
    ahead = _ORDER.index(letter) - _ORDER.index(section)
    if ahead < 0 or (ahead and ":" not in bare and bare not in _HEADINGS):
        return None
    if not ahead and letter not in _REPEATED and here < place:
        return None
    return letter, here


def _split(line: str) -> tuple[str, str]:
    """Return label and value of a field."""
    for label in _COLON_INSIDE:
        if line.startswith(label):
            return label, line[len(label) :].lstrip(":").strip()
    label, colon, value = line.partition(":")
    if not colon and "?" in line:  # D.8.1 Is a Placebo used in this Trial? Yes
        label, _, value = line.partition("?")
    return " ".join(label.split()), value.strip()


def summary_fields(lines: list[str]) -> Pairs:
    """Return the fields of a record of the summary download; values begin in column 26, whatever their label."""
    pairs: Pairs = []
    for line in lines:
        label, colon, value = line.partition(":")
        label = label.rstrip("*")
        padded = colon and len(line) - len(value.lstrip()) == _VALUE_COLUMN and label[:1].isupper()
        if line.startswith(_PREAMBLE):
            continue
        if padded or (colon and label in _SUMMARY_LABELS):
            pairs.append((label, value.strip()))
        elif pairs and line.strip():
            label, value = pairs[-1]
            pairs[-1] = (label, f"{value}\n{line.strip()}" if value else line.strip())
    return pairs
