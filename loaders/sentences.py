"""Sentences of a paragraph in the declared normalisation, for the languages of ``metadata.yaml``.

A full stop ends a sentence unless it belongs to an abbreviation, an initial, a number or an address. Closing quotes
and brackets after it, and a citation marker printed after it, belong to the sentence that it ends. Nothing inside
round brackets is cut. Unicode UAX #29 §5 has the outline; abbreviations and markers are what it leaves to tailoring.
"""

import re

from msevidence.loaders.abbreviations import BEFORE_LETTER, FINAL, NUMBERED, ORDINAL, abbreviations, words
from msevidence.loaders.markers import ROUND, SQUARE
from msevidence.loaders.printed_dates import MONTH_NUMBER

STOP = re.compile(r"(?:[.!?…]+)(?P<closers>[)\]»«”“\"'’›‹]*)")
AHEAD = 200
"""Characters behind a stop that show how the text goes on: white space, quotes and a word."""
BEHIND = 200
"""Characters before a stop in which an abbreviation printed with spaces begins."""
EDGES = "([«»„“”\"'‘’/–-"
"""What a word begins behind, beside white space.

It is looked for from the stop backwards: forwards, from each letter of a word of 70,000, took 14 seconds.
"""
SPACED = re.compile(r"(?:(?<!\w)[^\W\d_]{1,2}\.\s)*(?<!\w)[^\W\d_]{1,2}$")
BETWEEN_MARKERS = re.compile(r"\s?[.]?(?=\s|$)")
DOTTED = re.compile(r"(?:[^\W\d_]{1,3}\.)+[^\W\d_]{1,4}")


def split_sentences(text: str, language: str = "en") -> list[tuple[int, int]]:
    """Return begin and end of the sentences of ``text``, a paragraph in the declared normalisation.

    ``language`` is a BCP 47 tag; an unknown one gets the abbreviations that all share.

    >>> text = "Risk fell to 1.3 % (Burt et al.). (5) It rose later. [3, 4]"
    >>> [text[a:b] for a, b in split_sentences(text)]
    ['Risk fell to 1.3 % (Burt et al.). (5)', 'It rose later. [3, 4]']
    """
    depth = _depths(text)
    sentences = []
    begin = 0
    for stop in STOP.finditer(text):
        if stop.start() < begin:
            continue
        end = _with_markers(text, stop.end())
        if end < len(text) and (not text[end].isspace() or not _starts_sentence(text, end)):
            continue
        if depth[stop.end() - 1] or (text[stop.start()] == "." and _belongs_to_word(text, stop, end, begin, language)):
            continue
        sentences.append((begin, end))
        begin = end
        while begin < len(text) and text[begin].isspace():
            begin += 1
    if begin < len(text):
        sentences.append((begin, len(text)))
    return sentences


def _depths(text: str) -> list[int]:
    """Return for each character how many round brackets are open behind it; one that is never closed does not count."""
    opened: list[int] = []
    pairs = []
    for i, c in enumerate(text):
        if c == "(":
            opened.append(i)
        elif c == ")" and opened:
            pairs.append((opened.pop(), i))
    depth = [0] * len(text)
    for a, b in pairs:
        for i in range(a, b):
            depth[i] += 1
    return depth


def _with_markers(text: str, end: int) -> int:
    """Return the end of the citation markers, and of a second stop, that follow a stop directly."""
    while True:
        gap = end + 1 if text[end : end + 1] == " " else end
        marker = ROUND.match(text, gap) or SQUARE.match(text, gap)
        if marker is None:
            return end
        closed = BETWEEN_MARKERS.match(text, marker.end())
        if closed is None and text[marker.end() : marker.end() + 1] not in ("[", "("):
            return end
        end = marker.end() + (1 if text[marker.end() : marker.end() + 1] == "." else 0)


def _starts_sentence(text: str, end: int) -> bool:
    """Say whether what follows can start a sentence: no small letter, except in words such as ``mRNA`` and ``pH``."""
    following = text[end : end + AHEAD].lstrip().lstrip("«»„“”\"'‘’([‹›-–— ")
    word = re.match(r"\w+", following)
    if word is None:
        return following[:1] not in ",;:.)"
    first = word.group()
    return not first[0].islower() or (len(first) > 1 and any(c.isupper() for c in first[1:3]))


def _spaced(text: str, begin: int, stop: int, following: str, language: str) -> bool:
    """Say whether the stop is one of an abbreviation printed with spaces: ``z. B.``, ``u. a.``, ``bl. a.``."""
    before = SPACED.search(text, max(begin, stop - BEHIND), stop)
    after = re.match(r"[^\W\d_]\.", following)
    if before is None:
        return False
    pieces = before.group().replace(" ", "").casefold().split(".")
    known = abbreviations(language) - words(FINAL)
    tails = [".".join(pieces[i:]) for i in range(len(pieces))]
    if any("." in tail and tail in known for tail in tails):
        return True
    return after is not None and any(f"{tail}.{after.group()[0].casefold()}" in known for tail in tails)


def _word_before(text: str, begin: int, start: int) -> str:
    """Return the word before ``start``, where white space or a bracket stands between, else ``""``."""
    end = start
    while end > begin and (text[end - 1].isspace() or text[end - 1] == "("):
        end -= 1
    if end == start:
        return ""
    at = end
    while at > begin and (text[at - 1].isalnum() or text[at - 1] == "_"):
        at -= 1
    return text[at:end]


def _belongs_to_word(text: str, stop: re.Match[str], end: int, begin: int, language: str) -> bool:
    """Say whether the stop is part of an abbreviation, an initial or an ordinal number."""
    if end >= len(text) or end != stop.end() or stop["closers"]:
        return False  # at the end of the paragraph, or before a citation marker or a closing bracket
    start = stop.start()
    while start > begin and not (text[start - 1].isspace() or text[start - 1] in EDGES):
        start -= 1
    if start == stop.start():
        return False
    word, following = text[start : stop.start()], text[end : end + AHEAD].lstrip()
    lower = word.lower()
    if word == "St" and following[:1].isupper():
        return True  # a name: St. Olavs hospital
    if _spaced(text, begin, stop.start(), following, language):
        return True
    if word.isdigit():
        after = re.match(r"[^\W\d_]+", following)
        ordinal = after is not None and (
            after.group().lower() in MONTH_NUMBER or after.group().lower() in words(ORDINAL)
        )
        return start == begin or (len(word) <= 2 and ordinal)
    if len(word) == 1 and word.isupper():
        before = _word_before(text, begin, start)
        lettered = before.lower() in words(BEFORE_LETTER)
        pronoun = word == "I" and before[:1].islower()
        return not (lettered or pronoun) or (lower in words(NUMBERED) and following[:1].isdigit())
    if lower in words(FINAL):
        return False
    if lower in abbreviations(language):
        # In capitals it is a name of its own, as MS is: "... of MS. 110 people ..." has two sentences.
        return lower not in words(NUMBERED) or (following[:1].isdigit() and not word.isupper())
    return DOTTED.fullmatch(word) is not None
