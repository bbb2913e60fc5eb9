"""How many took part in a study, and how long they were followed, as sentences and cells tell it."""

import re
from collections.abc import Iterator
from decimal import Decimal

from msevidence.loaders.review.between.fact import Fact
from msevidence.loaders.review.number_words import noun_kind
from msevidence.loaders.review.numbers import Number, numbers

MONTHS = {"year": Decimal(12), "month": Decimal(1), "week": Decimal(12) / 52, "day": Decimal(12) / 365}
_POPULATION = re.compile(
    r"\b(?:population|participants|patients|sample\ssize|populasjon|deltakere|deltagere|pasienter|antall\s(?:pasienter|deltakere))\b",
    re.I,
)
_BEFORE = re.compile(
    r"\b(?:randomi[sz]ed|recruited|enrolled|included|includes|comprising|inkluderte|inkluderer|rekrutterte|randomiserte|total\sof"
    r"|totalt|(?:trial|study|cohort)\sof|studie\s(?:med|av))\s(?:\w+\s)?$",
    re.I,
)
_AFTER = re.compile(
    r"\s(?:\w+\s){0,3}?(?:randomi[sz]ed|recruited|enrolled|allocated|inkludert|rekruttert|randomisert|tilfeldig\sfordelt)\b",
    re.I,
)
_PART = re.compile(r"\b(?:only|just|kun|bare|of\sthe|of\sthese|av\sde|av\sdisse)\s$", re.I)
_OUT_OF = re.compile(r"\s(?:out\s)?(?:of|av)\s(?:the\s|de\s)?$", re.I)
_PLANNED = re.compile(
    r"\b(?:planned|planlagt\w*|target(?:ed)?|anticipated|skal\sinkludere|will\sinclude|plans\sto\s\w+)\b", re.I
)
_SO_FAR = re.compile(
    r"\b(?:so\sfar|to\sdate|as\sof|until\snow|has\s(?:now\s)?included|hittil|foreløpig|til\snå|per\s\w+\s\d{4})\b", re.I
)
_FOLLOWED = re.compile(
    r"follow(?:ed)?[- ]?up|\bfollowed\b|oppfølging|oppfulgt|fulgt(?:\sopp)?\b|observation\s(?:time|period)", re.I
)
_TO_COME = re.compile(r"\b(?:planned|planlagt\w*|will\sbe|are\sto|is\sto|skal|vil\sbli)\b", re.I)
_LASTED = re.compile(
    r"\b(?:persist(?:ed|s|ing)?|maintained|sustained|lasted|lasting|remained|still\s(?:present|evident)|vedvar(?:te|er|ende)"
    r"|opprettholdt|holdt\sseg|varte|varig)\b",
    re.I,
)
_FEW = re.compile(
    r"\b(?:only|just|kun|bare|fewer\sthan|færre\senn)\s(?:[\w-]+\s){1,3}?(?:of|av|patients|participants|pasient\w*|deltak\w*)\b"
    r"|\bfew\s(?:patients|participants)|\bfå\s(?:pasienter|deltakere|deltagere)",
    re.I,
)
_STATISTIC = re.compile(
    r"\b(?P<median>median)|(?P<mean>mean|average|gjennomsnitt\w*)|(?P<max>max\w*|up\sto|maks\w*|inntil)|(?P<min>min\w*|at\sleast|minst)\b",
    re.I,
)


def participants(text: str, language: str, passage: str, context: str) -> Iterator[Fact]:
    """Yield how many a study has, and how many it is to have.

    >>> [(f.field, int(f.value)) for f in participants("It has 88 out of the 100 planned patients", "en", "p", "")]
    [('participants', 88), ('planned participants', 100)]
    >>> [int(f.value) for f in participants("Kun 23 av pasientene; 110 personer ble randomisert", "nb", "p", "")]
    [110]
    """
    found = [n for n in numbers(text, language) if n.whole and not n.word]
    so_far = "so far" if _SO_FAR.search(text) else ""
    in_row = bool(_POPULATION.search(context))
    for i, number in enumerate(found):
        before, after = text[: number.begin], text[number.end :]
        following = found[i + 1] if i + 1 < len(found) else None
        person = noun_kind(number.unit, language) == "person"
        if following and _OUT_OF.fullmatch(text, number.end, following.begin) and _PLANNED.search(text):
            yield _fact("participants", number, text, passage, "so far")
            yield _fact("planned participants", following, text, passage, "")
            return
        if not person or _PART.search(before) or re.match(r"\s?(?:of|av)\b", after):
            continue
        near = text[max(0, number.begin - 25) : number.end + 30]
        if _PLANNED.search(near):
            yield _fact("planned participants", number, text, passage, "")
        elif _BEFORE.search(before) or _AFTER.match(after) or in_row:
            yield _fact("participants", number, text, passage, so_far)
        else:
            continue
        if in_row:  # the first number of a cell about the population is its size; others are of parts
            return


def _fact(field: str, number: Number, text: str, passage: str, role: str) -> Fact:
    end = text.find(" ", number.end + 1)
    return Fact(field, number.value, text[number.begin : end if end > 0 else None].strip(" ,.;"), (passage,), role)


def follow_up(text: str, language: str, passage: str, context: str) -> Iterator[Fact]:
    """Yield how long people were followed, or an effect lasted, in months; ``few`` where only a part got so far.

    >>> [(f.role, int(f.value)) for f in follow_up("Median 2 years, max. 5 years", "en", "p", "Follow-up")]
    [('median', 24), ('max', 60)]
    >>> [(f.role, int(f.value)) for f in follow_up("Kun 23 av pasientene var fulgt opp fem år.", "nb", "p", "")]
    [('few', 60)]
    >>> [(f.role, int(f.value)) for f in follow_up("The difference persisted five years.", "en", "p", "")]
    [('lasted', 60)]
    """
    followed = _FOLLOWED.search(text) or _FOLLOWED.search(context)
    lasted = _LASTED.search(text)
    if not followed and not lasted:
        return
    begin = 0
    for number in numbers(text, language):
        unit = noun_kind(number.unit, language)
        if unit not in MONTHS or number.high is not None:
            continue
        statistic = next((m for m in reversed(list(_STATISTIC.finditer(text, begin, number.begin)))), None)
        begin = number.end
        if lasted:
            role = "lasted"
        elif _FEW.search(text):
            role = "few"
        elif _TO_COME.search(text):
            role = "planned"
        else:
            role = str(statistic.lastgroup) if statistic else ""
        if lasted and abs(number.begin - lasted.start()) > 60:
            continue
        yield Fact("follow-up", number.value * MONTHS[unit], text.strip(), (passage,), role)
