"""Reading a document whose curation was written for another state of its text: what does not fit is left out, and told.

A build stops at the first quotation that does not stand in its document. A review of a text that somebody is changing
must not: it leaves out what the curation says of words that are gone. What it says of a whole sentence follows the
sentence where most of it still stands (kind of a claim, study that it is about), so that a corrected number does not
lose it; a value that was taken from changed words never follows.
"""

import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from msevidence.loaders.context import DocumentContext
from msevidence.loaders.document import ParsedDocument, PassageKind
from msevidence.loaders.errors import CurationError, QuotationError
from msevidence.loaders.schema import Anchored, Curation
from msevidence.loaders.text import squash
from msevidence.loaders.yamlfile import plain

FOLLOWS = ("claims", "studies", "mentions")
"""Lists whose entries follow a sentence that changed: they say what a whole sentence is about."""
ALIKE = 0.8
"""Least likeness of the changed words: below it a sentence is another sentence."""
_CURATION: TypeAdapter[Curation] = TypeAdapter(Curation)
Location = tuple[int | str, ...]


@dataclass(frozen=True)
class LeftOut:
    """Something of the curation that the text does not bear out: where it stands, what it rests on, and why."""

    place: str
    """``claims.12``, and the line of the file where it is known."""
    words: str
    because: str


def fitting(
    context: DocumentContext, state: Callable[[DocumentContext], object]
) -> tuple[DocumentContext, list[LeftOut]]:
    """Return the document with as much of its curation as its text bears out, and what was left out.

    ``state`` states the document somewhere to be thrown away; it raises CurationError at the first thing that does not
    fit. Errors in other files than the curation are raised.
    """
    raw = plain(context.curation_data) or {}
    left_out = _drop_gone(context, raw)
    for _ in range(200):
        fitted, fault = _try(context, raw, state)
        if fault is None:
            assert fitted is not None
            return fitted, left_out
        location = _location(fault)
        if str(context.curation_path) != fault.path or not _remove(raw, location):
            raise fault
        left_out.append(LeftOut(fault.field or "", "", fault.message))
    raise CurationError("does not fit its text in over 200 places; bring it up to date", context.curation_path)


def _try(
    context: DocumentContext, raw: dict[str, Any], state: Callable[[DocumentContext], object]
) -> tuple[DocumentContext | None, CurationError | None]:
    try:
        curation = _CURATION.validate_python(raw)
    except ValidationError as e:
        fault = e.errors(include_url=False, include_context=False)[0]
        field = ".".join(str(s) for s in fault["loc"])
        return None, CurationError(fault["msg"], context.curation_path, None, field)
    fitted = _copy(context, curation)
    try:
        state(fitted)
    except CurationError as e:
        return None, e
    return _copy(context, curation), None


def _copy(context: DocumentContext, curation: Curation) -> DocumentContext:
    """Return the document with other curation and nothing stated yet."""
    return DocumentContext(
        context.key,
        context.folder,
        context.parsed,
        context.metadata,
        context.metadata_data,
        curation,
        {},
        context.file,
        context.file_name,
        context.sha256,
        context.lenient,
    )


def _drop_gone(context: DocumentContext, raw: dict[str, Any]) -> list[LeftOut]:
    """Remove the entries whose quotations stand nowhere, or let them follow their sentence."""
    left_out = []
    for name, entries in raw.items():
        if not isinstance(entries, list):
            continue
        kept = []
        for i, entry in enumerate(entries):
            fault = _fault(context, entry, (name, i))
            if fault is None or (name in FOLLOWS and _follow(context, entry)):
                kept.append(entry)
            else:
                place = f"{name}.{i}" + ("" if fault.line is None else f", line {fault.line}")
                left_out.append(LeftOut(place, _quote(entry), fault.message))
        raw[name] = kept
    return left_out


def _quote(entry: dict[str, Any]) -> str:
    quote = entry.get("quote", "")
    return quote if isinstance(quote, str) else " / ".join(quote)


def _fault(context: DocumentContext, entry: dict[str, Any], location: Location) -> QuotationError | None:
    """Return why the quotations of an entry are not found, ``None`` where they are, or where it has none."""
    for holder in _holders(entry):
        try:
            context.anchors.find(
                Anchored.model_construct(
                    quote=holder["quote"], where=holder.get("where"), nth=holder.get("nth"), note=None
                ),
                location,
            )
        except QuotationError as e:
            return e
    return None


def _holders(entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield an entry, and the entries within it, that rest on a quotation."""
    if "quote" in entry and "translates" not in entry:
        yield entry
    for inner in entry.get("arms", ()):
        yield from _holders(inner)


def _follow(context: DocumentContext, entry: dict[str, Any]) -> bool:
    """Let the quotations of an entry follow their sentences; says whether all of them could."""
    for holder in list(_holders(entry)):
        if _fault(context, {k: v for k, v in holder.items() if k != "arms"}, ()) is None:
            continue
        several = holder["quote"] if isinstance(holder["quote"], list) else [holder["quote"]]
        found = [_now(context.parsed, squash(quote)) for quote in several]
        if None in found:
            if holder is entry:
                return False
            entry["arms"].remove(holder)
            continue
        holder["quote"] = found if isinstance(holder["quote"], list) else found[0]
    return _fault(context, entry, ()) is None


def _now(parsed: ParsedDocument, quote: str) -> str | None:
    """Return the words that a quotation has become, ``None`` where no passage has most of it."""
    words = set(re.findall(r"\w+", quote.casefold()))
    best, likeness = None, ALIKE
    for passage in parsed.passages:
        if passage.kind is PassageKind.PULL_QUOTE:
            continue
        if quote in passage.text:
            return quote
        shared = words & set(re.findall(r"\w+", passage.text.casefold()))
        if len(shared) < ALIKE * 0.7 * len(words):
            continue
        window = _window(passage.text, quote)
        ratio = difflib.SequenceMatcher(None, quote, window, autojunk=False).ratio()
        if ratio > likeness:
            best, likeness = window, ratio
    return best


def _window(text: str, quote: str) -> str:
    """Return the part of a text that a quotation matches best, at word boundaries."""
    blocks = [b for b in difflib.SequenceMatcher(None, quote, text, autojunk=False).get_matching_blocks() if b.size > 2]
    if not blocks:
        return text
    begin = max(0, blocks[0].b - blocks[0].a)
    end = min(len(text), blocks[-1].b + blocks[-1].size + len(quote) - blocks[-1].a - blocks[-1].size)
    while begin > 0 and not text[begin - 1].isspace():
        begin -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return text[begin:end].strip()


def _location(fault: CurationError) -> Location:
    return tuple(int(s) if s.isdigit() else s for s in (fault.field or "").split(".") if s)


def _remove(raw: Any, location: Location) -> bool:
    """Remove what stands at a location: a field with what it is printed as, else the entry that it is in."""
    if len(location) == 1 and isinstance(raw, dict) and isinstance(raw.get(location[0]), dict):
        return raw.pop(location[0]) is not None  # the commission, of which there is one
    if len(location) < 2:
        return False
    holder = raw
    for step in location[:-1]:
        try:
            holder = holder[step]
        except (KeyError, IndexError, TypeError):
            return _remove(raw, location[:-1])
    last = location[-1]
    if isinstance(holder, list) and isinstance(last, int) and last < len(holder):
        del holder[last]
        return True
    if not isinstance(holder, dict) or last not in holder or last in ("quote", "where", "nth"):
        return _remove(raw, location[:-1])
    stem = str(last).removesuffix("_printed")
    for name in (last, stem, f"{stem}_printed", f"{stem}_high"):
        holder.pop(name, None)
    return True
