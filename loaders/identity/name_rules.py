"""Rules over names: a sponsor's code of the protocol, or title and acronym together, and always with the sponsor.

Neither joins two records of one registry, which gives a trial one number: there, equal names are those of parts, of
phases, or of a template.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import pairwise

from msevidence.loaders.identity.confidence import confidence
from msevidence.loaders.identity.model import Assertion
from msevidence.loaders.identity.names import acronym_key, same_sponsor, title_key
from msevidence.loaders.identity.records import Record, Records

_CODE_LENGTH, _CODE_DIGITS = 6, 2
"""A code that is shorter, or all letters or all digits, may be another sponsor's, an ethics number or a grant."""
_UNIVERSAL = "u1111"
"""The WHO's universal trial numbers name what an applicant calls one trial, before anybody has looked."""
_TITLE_WORDS = 4
"""A title with fewer words may be a template."""


def name_assertions(records: Records) -> Iterator[Assertion]:
    """Yield what equal codes, and equal titles with equal acronyms, say of records with one sponsor."""
    codes: dict[str, dict[str, Record]] = defaultdict(dict)
    titles: dict[tuple[str, str], dict[str, Record]] = defaultdict(dict)
    for record in records:
        if not record.sponsors:
            continue
        for given in record.given:
            if given.role == "protocol-code" and not given.key and _is_specific(code := acronym_key(given.printed)):
                codes[code][record.iri] = record
        for acronym in record.acronyms:
            for title in _official(record):
                if len((key := title_key(title)).split()) >= _TITLE_WORDS:
                    titles[acronym_key(acronym), key][record.iri] = record
    for code, sharing in codes.items():
        yield from _pairs(sharing, "same-protocol-code-and-sponsor", partial(_code_words, code=code))
    for (acronym, _), sharing in titles.items():
        yield from _pairs(sharing, "same-acronym-title-and-sponsor", partial(_title_words, acronym=acronym))


def _is_specific(code: str) -> bool:
    digits = sum(c.isdigit() for c in code)
    return (
        len(code) >= _CODE_LENGTH
        and digits >= _CODE_DIGITS
        and any(c.isalpha() for c in code)
        and not code.startswith(_UNIVERSAL)
    )


def _official(record: Record) -> Iterable[str]:
    official = [text for kind, text, _ in record.titles if kind == "scientific"]
    return official or record.texts()


def _code_words(record: Record, code: str) -> str:
    printed = min(g.printed for g in record.given if acronym_key(g.printed) == code)
    return f"protocol code {printed}"


def _title_words(record: Record, acronym: str) -> str:
    return f"title and the acronym {min(a for a in record.acronyms if acronym_key(a) == acronym)}"


def _pairs(sharing: dict[str, Record], rule: str, what: Callable[[Record], str]) -> Iterator[Assertion]:
    """Yield each record with the next one, where no registry has two of them and all have one sponsor."""
    records = sorted(sharing.values(), key=lambda r: r.iri)
    if len({r.scheme for r in records}) < len(records):
        return
    pairs = list(pairwise(records))
    sponsors = [_common_sponsor(one, two) for one, two in pairs]
    if not all(sponsors):
        return
    for (one, two), sponsor in zip(pairs, sponsors, strict=True):
        because = f"{one.name} and {two.name} have the same {what(one)}, and the same sponsor, {sponsor}."
        date = max(one.updated[0], two.updated[0]) or None
        yield Assertion(
            one.iri, "same-study", two.iri, rule, because, confidence(rule), (one.name, two.name), date=date
        )


def _common_sponsor(one: Record, two: Record) -> str | None:
    return next((a for a in sorted(one.sponsors) if any(same_sponsor(a, b) for b in two.sponsors)), None)
