"""Groups with their sizes in running text: ``110 patients were randomised: 55 to A and 55 to B``."""

import re
from collections.abc import Iterator

from msevidence.loaders.review.arithmetic.arms_said import CROSSOVER, Arms
from msevidence.loaders.review.arithmetic.sums import counts_people, measures, paragraphs
from msevidence.loaders.review.number_words import noun_kind
from msevidence.loaders.review.numbers import Number, numbers
from msevidence.loaders.review.view import Document, Passage

ASSIGNED = re.compile(
    r"\b(?:randomi[sz](?:ed|ert|erte|ering)|(?:randomly\s)?(?:assigned|allocated|divided)"
    r"|(?:tilfeldig\s)?(?:fordelt|trukket ut|inndelt|delt inn))\b",
    re.IGNORECASE,
)
_IS = re.compile(r"\b(?:were|was|been|ble|blei|er|har blitt|underwent)\b", re.IGNORECASE)
_TO_GROUP = re.compile(
    r"\s?(?:\w+\s)?(?:(?:were|was|ble)\s)?(?:(?:randomi[sz]ed|assigned|allocated|randomisert|fordelt)\s)?"
    r"(?:to\b(?!\sfollow)|received?\b|receiving\b|got\b|into\b|til\b|fikk\b|mottok\b"
    r"|in\s(?:\w+\s){0,3}?(?:group|arm|cohort)\b|i\s(?:\w+\s){0,2}?\w*(?:gruppe|arm)(?:en|a)?\b)",
    re.IGNORECASE,
)
"""What follows the size of a group: ``55 patients were assigned to``, ``55 fikk``."""
_OF = re.compile(r"\b(?:of|av|among|blant)\s(?:the\s|these\s|all\s|de\s|disse\s|alle\s|totalt\s)*$", re.IGNORECASE)
_SEPARATED = re.compile(
    r"(?:^|[,;:(–]|\b(?:and|og|while|mens|with|samt|or|eller|either|enten|ble)\b)\s*"
    r"(?:(?:and|og|while|mens|the|remaining|other|another|de|øvrige|with)\s)*$",
    re.IGNORECASE,
)


def arms_in_text(document: Document) -> Iterator[Arms]:
    """Yield the groups that a text assigns its participants to, of each sentence that says how many these were."""
    for paragraph in paragraphs(document):
        for i, passage in enumerate(paragraph):
            found = _assigned(passage)
            if found is None:
                continue
            total, after = found
            sizes = [(n, passage) for n in after]
            if not sizes and i + 1 < len(paragraph):
                sizes = [(n, paragraph[i + 1]) for n in _next(paragraph[i + 1])]
            words = " ".join(p.text for p in paragraph)
            if len(sizes) > 1 and not CROSSOVER.search(words):
                places = tuple(dict.fromkeys(p for _, p in sizes))
                yield Arms(tuple(n for n, _ in sizes), places, total, passage, passage.table is not None)


def _assigned(passage: Passage) -> tuple[Number, list[Number]] | None:
    """Return how many were assigned, and the sizes of groups after that; ``None`` where the sentence is no such one."""
    text = passage.text
    found = [n for n in numbers(text, passage.language) if n.whole]
    for verb in ASSIGNED.finditer(text):
        before = [n for n in found if n.end <= verb.start() and not n.size and not n.hedge]
        after = [n for n in found if n.begin >= verb.end()]
        if before and _passive(text, before[-1], verb):
            groups = _groups(text, after)
            of = [n for n in before[:-1] if counts_people(n) and _introduces(text, n, before[-1])]
            if len(groups) < 2 and of:  # "of 110 patients, 55 were randomised to A and 55 to B"
                return of[-1], _groups(text, [before[-1], *after])
            return before[-1], groups
        if after and counts_people(after[0]) and re.fullmatch(r"\s(?:\w+\s)?", text[verb.end() : after[0].begin]):
            return after[0], _groups(text, after[1:])  # "we randomised 110 patients: 55 to A and 55 to B"
    return None


def _passive(text: str, total: Number, verb: re.Match[str]) -> bool:
    """Say whether a number is that of those who were assigned."""
    between = text[total.end : verb.start()]
    is_before = re.search(r"\bble(?:\s\w+)?\s$", text[: total.begin], re.IGNORECASE)  # "i alt ble 110 randomisert"
    if re.search(r"[;:.]", between) or (total.word and total.value == 1) or not (is_before or _IS.search(between)):
        return False
    return counts_people(total) or bool(re.fullmatch(r"\s(?:\w+\s){0,2}", between))


def _introduces(text: str, total: Number, first: Number) -> bool:
    """Say whether a number stands before a list of groups as their total: ``of 110 patients,``, ``110 patients:``."""
    return bool(_OF.search(text[: total.begin]) or re.search(r":\s$", text[total.end : first.begin]))


def _groups(text: str, found: list[Number]) -> list[Number]:
    """Return the sizes of groups: all ``n = …`` where there are several, else the numbers that go to groups."""
    sizes = [n for n in found if n.whole and n.size]
    if len(sizes) > 1:
        return sizes
    counted = [n for n in found if n.whole and not measures(n) and (counts_people(n) or noun_kind(n.unit) is None)]
    bracketed = [n for n in counted if text[: n.begin].endswith("(") and counts_people(n)]
    if len(bracketed) > 1:
        return bracketed
    return [n for n in counted if _TO_GROUP.match(text[n.end :]) and _SEPARATED.search(text[: n.begin])]


def _next(passage: Passage) -> list[Number]:
    """Return the sizes of groups in a sentence that begins with one."""
    found = [n for n in numbers(passage.text, passage.language) if n.whole]
    return _groups(passage.text, found) if found and found[0].begin == 0 else []
