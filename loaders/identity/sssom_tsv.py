"""Mapping files of other agencies: SSSOM/TSV, and the same with commas (https://mapping-commons.github.io/sssom/).

A block of YAML in lines that begin with ``#`` may stand before the header; its ``curie_map`` says what the prefixes
stand for. Each row is a mapping. Traps: slots of the set hold for rows that have no column of that name; a ``|`` parts
several values and is ``\\|`` within one; ``skos:closeMatch`` and ``skos:relatedMatch`` say of two things that they are
*not* quite the same, so nothing is joined by them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from ruamel.yaml.error import YAMLError

from msevidence.loaders.exports.csv_rows import CsvRows, Row
from msevidence.loaders.exports.dates import read_date
from msevidence.loaders.exports.faults import ExportError, RecordError
from msevidence.loaders.exports.fields import Audit, Fields
from msevidence.loaders.exports.formats import Format
from msevidence.loaders.exports.lines import refuse_other_encodings
from msevidence.loaders.exports.records import Dated, MappingRecord, Raw
from msevidence.loaders.exports.values import plain
from msevidence.loaders.identity.sssom_things import expanded, thing
from msevidence.loaders.yaml_depth import plain_reader

NEEDED = ("subject_id", "predicate_id", "object_id")
IGNORED: Mapping[str, str] = {
    **dict.fromkeys(
        ("subject_label", "subject_category", "predicate_label", "object_label", "object_category"),
        "the things are known by their identifiers, and have names in the graph",
    ),
    **dict.fromkeys(
        ("subject_type", "object_type", "predicate_type", "subject_source", "subject_source_version"),
        "the kind of a thing is told from its identifier",
    ),
    **dict.fromkeys(("object_source", "object_source_version", "mapping_cardinality", "cardinality_scope"), "likewise"),
    **dict.fromkeys(
        ("reviewer_id", "reviewer_label", "review_date", "reviewer_agreement", "creator_id", "creator_label"),
        "who asserts the mapping is kept, not who looked at it or wrote the file",
    ),
    **dict.fromkeys(
        ("mapping_tool", "mapping_tool_id", "mapping_tool_version", "match_string", "subject_match_field"),
        "how a tool came to it is in its justification",
    ),
    **dict.fromkeys(
        ("object_match_field", "subject_preprocessing", "object_preprocessing", "similarity_score"),
        "how a tool came to it is in its justification",
    ),
    **dict.fromkeys(
        ("similarity_measure", "semantic_similarity_score", "semantic_similarity_measure", "publication_date"),
        "the confidence is what counts, and the day of the mapping, not of the file",
    ),
    **dict.fromkeys(
        ("record_id", "issue_tracker_item", "other", "curation_rule", "curation_rule_text"),
        "rules of others are none of ours; the row is named by file and line",
    ),
}
SET_SLOTS = frozenset({"mapping_set_id", "license", "mapping_date", "mapping_provider", "mapping_source"})
"""Slots of the metadata block that are read; the last three hold for rows without a column of that name."""
_SKOS, _OWL, _DCT = (
    "http://www.w3.org/2004/02/skos/core#",
    "http://www.w3.org/2002/07/owl#",
    "http://purl.org/dc/terms/",
)
SAME, PART, WHOLE, APART, NO_ASSERTION = "same", "part-of", "has-part", "not-same", "none"
PREDICATES = {
    f"{_SKOS}exactMatch": SAME,
    f"{_OWL}sameAs": SAME,
    f"{_OWL}differentFrom": APART,
    f"{_DCT}isPartOf": PART,
    f"{_SKOS}broadMatch": PART,
    f"{_DCT}hasPart": WHOLE,
    f"{_SKOS}narrowMatch": WHOLE,
    f"{_SKOS}closeMatch": NO_ASSERTION,
    f"{_SKOS}relatedMatch": NO_ASSERTION,
}
NO_TERM = "sssom:NoTermFound"
HEAD_BYTES = 256 * 2**10
"""Size of a metadata block; those of the largest published sets, with hundreds of prefixes, have 20 KiB."""
_BOM = b"\xef\xbb\xbf"
_MARKS = re.compile(rb"^#\s*(?:curie_map|mapping_set_id)\s*:", re.MULTILINE)
_PARTED = re.compile(r"(?<!\\)\|")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)


def recognise(head: bytes) -> bool:
    """Say whether a file begins as SSSOM does: with its metadata block, or with two of the columns that it needs."""
    text = head.removeprefix(_BOM).lstrip()
    if text.startswith(b"#") and _MARKS.search(text):
        return True
    header = next((line for line in text.splitlines() if line.strip() and not line.startswith(b"#")), b"")
    names = {name.strip(b'" \r') for name in re.split(rb"[\t,]", header)}
    return len(names & {name.encode() for name in NEEDED}) >= 2


@dataclass(frozen=True, slots=True)
class MappingRow:
    """One row as its file spells it, with what the file says for all of its rows."""

    values: dict[str, str]
    prefixes: Mapping[str, str]
    of_set: Mapping[str, str]


class _Rest:
    """The stream behind the metadata block, of which the first line has been read."""

    def __init__(self, first: bytes, stream: BinaryIO) -> None:
        self.first = first
        self.stream = stream

    def readline(self, limit: int = -1) -> bytes:
        if self.first:
            taken = self.first if limit < 0 else self.first[:limit]
            self.first = self.first[len(taken) :]
            return taken if taken.endswith(b"\n") or self.first else taken + self.stream.readline(limit - len(taken))
        return self.stream.readline(limit)


def read(stream: BinaryIO, name: str) -> Iterator[Raw | RecordError]:
    """Yield the rows; raises ExportError for a block or a header that cannot be read."""
    block, first, lines = _block(stream, name)
    metadata = _metadata(block, name)
    prefixes = _prefixes(metadata, name)
    of_set = {
        k: str(v) for k, v in metadata.items() if k in SET_SLOTS and v is not None and not isinstance(v, dict | list)
    }
    rows = CsvRows(_Rest(first, stream), name, _begins)  # type: ignore[arg-type]
    missing = [column for column in NEEDED if column not in rows.header]
    if missing:
        raise ExportError(
            f"has no column {', '.join(missing)}, but {', '.join(rows.header)[:300]}; name the columns as SSSOM does",
            name,
            lines + 1,
        )
    for item in rows:
        if isinstance(item, RecordError):
            line = None if item.line is None else item.line + lines
            yield RecordError(item.message, line, item.field)
        elif any(text.strip() for text in item.texts):
            yield _raw(item, rows.header, lines, prefixes, of_set)


def _raw(
    row: Row, header: list[str], lines: int, prefixes: Mapping[str, str], of_set: Mapping[str, str]
) -> Raw | RecordError:
    values = dict(zip(header, row.texts, strict=True))
    label = f"{values['subject_id'].strip()} {values['object_id'].strip()}"[:200]
    return Raw(MappingRow(values, prefixes, of_set), row.line + lines, label)


def _begins(header: Sequence[str], texts: Sequence[str]) -> bool:
    """Say whether the fields on one line are the first of a row: two of the three that each row has are references."""
    known = [texts[header.index(name)] for name in NEEDED if header.index(name) < len(texts)]
    return sum(bool(re.match(r"<?\w[\w.-]*:\S+$", text.strip())) for text in known) >= 2


def _block(stream: BinaryIO, name: str) -> tuple[bytes, bytes, int]:
    """Return the metadata block without its marks, the line behind it, and how many lines stand before that."""
    block: list[bytes] = []
    lines = size = 0
    while line := stream.readline(HEAD_BYTES + 1):
        if lines == 0:
            refuse_other_encodings(line, name)
            line = line.removeprefix(_BOM)
        if line.strip() and not line.startswith(b"#"):
            return b"".join(block), line, lines
        lines += 1
        size += len(line)
        if size > HEAD_BYTES:
            raise ExportError(
                f"has more than {HEAD_BYTES} bytes of metadata; leave out what is not needed", name, lines
            )
        if line.strip():
            block.append(line[1:])
    raise ExportError("ends before its header; get the file again", name, max(lines, 1))


def _metadata(block: bytes, name: str) -> Mapping[str, Any]:
    if not block.strip():
        return {}
    try:
        found = plain_reader().load(block.decode())
    except UnicodeDecodeError as e:
        raise ExportError("has metadata that are not in UTF-8; export it as UTF-8", name, 1) from e
    except (YAMLError, ValueError, RecursionError, TypeError, AttributeError, LookupError, OverflowError) as e:
        line = getattr(getattr(e, "problem_mark", None), "line", 0)
        why = getattr(e, "problem", None) or type(e).__name__
        raise ExportError(f"has metadata that are no YAML ({why}); correct the lines with #", name, line + 1) from e
    if not isinstance(found, Mapping):
        return {}  # a remark, no metadata
    return {str(k): v for k, v in found.items()}


def _prefixes(metadata: Mapping[str, Any], name: str) -> dict[str, str]:
    given = metadata.get("curie_map") or {}
    if not isinstance(given, Mapping) or not all(isinstance(v, str) for v in given.values()):
        raise ExportError("has a curie_map that does not give an address for each prefix; correct it", name, 1)
    return {str(prefix): start for prefix, start in given.items()}


def record(row: MappingRow, audit: Audit) -> MappingRecord:
    """Return the mapping of a row; raises RecordError where one side, the predicate or a number cannot be read."""
    fields = Fields(dict(row.values), audit)
    printed = {side: fields.text(f"{side}_id") for side in ("subject", "predicate", "object")}
    for side, text in printed.items():
        if text is None:
            raise RecordError("is empty; complete the row", field=f"{side}_id")
        if text == NO_TERM:
            raise RecordError(
                "says that no match was found, which is no mapping; leave the row out", field=f"{side}_id"
            )
    texts = {side: text for side, text in printed.items() if text is not None}
    sides = [thing(texts[side], row.prefixes, f"{side}_id") for side in ("subject", "object")]
    label = f"{texts['subject']} {texts['object']}"
    negated = _negated(fields.text("predicate_modifier"))
    predicate = expanded(texts["predicate"].removeprefix("<").removesuffix(">"), row.prefixes)
    meaning = PREDICATES.get(predicate)
    relation = _relation(sides, meaning, negated)
    if relation is None:
        audit.tell(f"predicate_id={'not ' if negated else ''}{texts['predicate']}", label)
    elif sides[0] == sides[1]:
        if relation != "same":
            raise RecordError(
                "says of one thing that it is not itself, or a part of itself; correct it", field="object_id"
            )
        relation = None
        audit.tell("subject_id=object_id", label)
    if meaning == WHOLE:
        sides.reverse()
    date = fields.text("mapping_date") or (None if "mapping_date" in row.values else row.of_set.get("mapping_date"))
    confidence = fields.text("confidence")
    justification = fields.text("mapping_justification")
    record = MappingRecord(
        subject=sides[0],
        object=sides[1],
        relation=_concept(relation, sides),
        predicate=predicate,
        printed=texts | {k: v for k, v in (("confidence", confidence), ("date", date)) if v is not None},
        negated=negated,
        justification=expanded(justification, row.prefixes) if justification else None,
        confidence=_confidence(confidence),
        authors=[plain(n) for name in ("author_id", "author_label") for n in _parted(fields.text(name))],
        date=_dated(date),
        comment=plain(comment) if (comment := fields.text("comment")) else None,
        sources=_sources(fields, row),
        licence=fields.text("license") or row.of_set.get("license"),
    )
    fields.ignore(*IGNORED)
    fields.close(label)
    record.empty = fields.empty
    return record


def _negated(printed: str | None) -> bool:
    if printed is None or printed.strip().casefold() in ("not", "sssom:negatedpredicate"):
        return printed is not None
    raise RecordError(f"{printed!r} is no modifier; write Not, or nothing", field="predicate_modifier")


def _relation(sides: list[str], meaning: str | None, negated: bool) -> str | None:
    """Return what is asserted: ``same``, ``part-of`` or ``not-same``; ``None`` where nothing of the kind is.

    That one is no part of the other, or not quite the other, does not say that they are two.
    """
    publications = [side.startswith(("publication/", "document/")) for side in sides]
    if meaning in (None, NO_ASSERTION):
        return None
    if publications[0] != publications[1]:
        raise RecordError(
            f"relates {sides[0]} and {sides[1]}, of which one is a publication; relate things of one kind",
            field="object_id",
        )
    if meaning in (PART, WHOLE):
        return None if negated or publications[0] else "part-of"
    return "same" if (meaning == SAME) != negated else "not-same"


def _concept(relation: str | None, sides: list[str]) -> str | None:
    if relation != "same":
        return relation
    return "same-publication" if sides[0].startswith(("publication/", "document/")) else "same-study"


def _confidence(printed: str | None) -> float | None:
    if printed is None:
        return None
    value = float(printed) if _NUMBER.fullmatch(printed) else -1
    if not 0 <= value <= 1:
        raise RecordError(f"{printed[:40]!r} is no number from 0 to 1; correct it in the source", field="confidence")
    return value


def _dated(printed: str | None) -> Dated | None:
    return read_date(printed, "mapping_date") if printed else None


def _parted(text: str | None) -> list[str]:
    parts = _PARTED.split(text) if text else []
    return [part.replace("\\|", "|").replace("\\\\", "\\").strip() for part in parts if part.strip()]


def _sources(fields: Fields, row: MappingRow) -> list[str]:
    """Return where the mapping comes from: of the row, else of the set; then the set itself, then what it points to."""
    found = []
    for name in ("mapping_source", "mapping_provider"):
        text = fields.text(name) or (None if name in row.values else row.of_set.get(name))
        found += [text] if text else []
    found += [row.of_set["mapping_set_id"]] if row.of_set.get("mapping_set_id") else []
    found += _parted(fields.text("see_also"))
    return list(dict.fromkeys(plain(text) for text in found))


FORMAT = Format(
    key="sssom-tsv",
    label="SSSOM mappings, TSV",
    origin="Whoever publishes the mapping set",
    rights="Each set names its licence.",
    recognise=recognise,
    read=read,
    record=record,
)
