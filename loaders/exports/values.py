"""Values that many formats print alike: numbers of persons, other numbers of a study, texts without tags."""

import html
import re

from msevidence.loaders.addresses import E_MAIL
from msevidence.loaders.exports.faults import RecordError
from msevidence.loaders.exports.records import Counted, OtherNumber
from msevidence.ontology.identifiers import OTHER, FoundNumber, InvalidNumberError, find_numbers, parse_number

_WHOLE = re.compile(r"(\d{1,9})(?:\.0*)?", re.ASCII)
_TAGS = re.compile(r"</?(?:b|i|em|strong|sub|sup|u|sc|span|italic|bold)\b[^<>]*>", re.IGNORECASE)
_BREAKS = re.compile(r"</?(?:br|p|ul|ol|li)\b[^<>]*>", re.IGNORECASE)


def plain(text: str) -> str:
    """Return a text on one line: white space folded, e-mail addresses masked (they are not published).

    >>> plain("Ask  x@y.org\\n today")
    'Ask ******* today'
    """
    folded = " ".join(text.split())
    return E_MAIL.sub(lambda m: "*" * len(m.group()), folded) if "@" in folded else folded


def unmarked(text: str) -> str:
    """Return a title or name without the tags and entities that some services leave in it.

    >>> unmarked("Effect of <i>in vivo</i> T &amp; B cells")
    'Effect of in vivo T & B cells'
    """
    if "<" in text:
        text = _BREAKS.sub(" ", _TAGS.sub("", text))
    return plain(html.unescape(text))  # which looks for "&" first


def counted(printed: str, field: str, kind: str | None = None) -> Counted:
    """Return a number of persons; an export may write ``110.0``.

    Raises RecordError for a negative number or part of a person; what is no number keeps its printed form alone.
    """
    text = printed.strip()
    if match := _WHOLE.fullmatch(text):
        return Counted(printed, int(match[1]), kind)
    if re.fullmatch(r"-?\d+(\.\d+)?", text, re.ASCII):
        raise RecordError(f"{printed!r} is no number of persons; correct it in the source", field=field)
    return Counted(printed, None, kind)


def other_number(printed: str, role: str, label: str | None = None, link: str | None = None) -> OtherNumber:
    """Return a number that a record gives beside its own, with the registry number that it is, if it is one.

    A placeholder or a number that does not follow its registry's pattern keeps its printed form alone.
    """
    text = plain(printed)
    return OtherNumber(text, role, label, registry_number(text), link)


def registry_number(text: str) -> FoundNumber | None:
    """Return the one registry number that ``text`` is, perhaps with the registry's name before it; ``None`` otherwise.

    >>> registry_number("EudraCT: 2017-001362-25").normalised
    '2017-001362-25'
    >>> registry_number("P60DK020579") is None
    True
    """
    try:
        found = parse_number(text)
    except InvalidNumberError:
        found = None
    if found is not None and found.scheme != OTHER:
        return found
    numbers = {n.normalised: n for n in find_numbers(text)}
    return next(iter(numbers.values())) if len(numbers) == 1 and len(text) <= 80 else None


def numbers_in(text: str, role: str, own: str) -> list[OtherNumber]:
    """Return the registry numbers that stand in a title or an abstract, without ``own`` (normalised)."""
    found = {n.normalised: OtherNumber(n.printed, role, None, n) for n in find_numbers(text) if n.normalised != own}
    return list(found.values())


def own_number(printed: str | None, scheme: str, field: str) -> FoundNumber:
    """Return the number of a record itself.

    Raises RecordError where it is absent, a placeholder, or no number of ``scheme``.
    """
    if not printed or not printed.strip():
        raise RecordError(f"the record has no {scheme} number; get it again, or give it its number", field=field)
    try:
        found = parse_number(printed.strip())
    except InvalidNumberError as e:
        raise RecordError(str(e), field=field) from e
    if found.scheme != scheme:
        raise RecordError(f"{printed.strip()!r} is no number of {scheme}; correct it in the source", field=field)
    return found
