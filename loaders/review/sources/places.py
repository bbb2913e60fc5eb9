"""Where a study was done, by the places that a text names of it: countries and parts of the world, en and nb."""

import re
from collections.abc import Iterator

from msevidence.loaders.review.outcome import VerdictKind
from msevidence.loaders.review.sources.items import Item, Passed
from msevidence.loaders.review.sources.known import KnownWork

PARTS = {
    "Europe": r"Europe(?:an)?|Europa|europeiske?",
    "North America": r"North(?:ern)? Americ(?:an?)|Nord-Amerika|nordamerikanske?",
    "South America": r"(?:South|Latin) Americ(?:an?)|(?:Sør|Latin)-?Amerika|(?:sør|latin)amerikanske?",
    "Asia": r"Asian?|asiatiske?",
    "Africa": r"African?|Afrika|afrikanske?",
    "Australia": r"Australian?|australske?",
}
COUNTRIES = {
    "Europe": {
        "Norway": r"Norway|Norwegian|Norge|norske?",
        "Sweden": r"Sweden|Swedish|Sverige|svenske?",
        "Denmark": r"Denmark|Danish|Danmark|danske?",
        "Finland": r"Finland|Finnish|finske?",
        "United Kingdom": r"United Kingdom|UK|British|England|English|Scotland|Scottish|Wales|Storbritannia|britiske?",
        "Ireland": r"Ireland|Irish|Irland|irske?",
        "Germany": r"Germany|German|Tyskland|tyske?",
        "France": r"France|French|Frankrike|franske?",
        "Italy": r"Italy|Italian|Italia|italienske?",
        "Spain": r"Spain|Spanish|Spania|spanske?",
        "Portugal": r"Portugal|Portuguese|portugisiske?",
        "Netherlands": r"Netherlands|Dutch|Nederland|nederlandske?",
        "Belgium": r"Belgium|Belgian|Belgia|belgiske?",
        "Switzerland": r"Switzerland|Swiss|Sveits|sveitsiske?",
        "Austria": r"Austrian?|Østerrike|østerrikske?",
        "Poland": r"Poland|Polish|Polen|polske?",
        "Czechia": r"Czech(?:ia| Republic)?|Tsjekkia|tsjekkiske?",
        "Hungary": r"Hungary|Hungarian|Ungarn|ungarske?",
        "Greece": r"Greece|Greek|Hellas|greske?",
        "Russia": r"Russian?|Russland|russiske?",
        "Turkey": r"Turkey|Turkish|Türkiye|Tyrkia|tyrkiske?",
    },
    "North America": {
        "United States": r"United States(?: of America)?|USA|U\.S\.|US|amerikanske?",
        "Canada": r"Canada|Canadian|kanadiske?",
        "Mexico": r"Mexic(?:o|an)|meksikanske?",
    },
    "South America": {
        "Brazil": r"Brazil(?:ian)?|Brasil|brasilianske?",
        "Argentina": r"Argentin(?:a|e|ian)|argentinske?",
        "Chile": r"Chile(?:an)?|chilenske?",
    },
    "Asia": {
        "China": r"China|Chinese|Kina|kinesiske?",
        "Japan": r"Japan(?:ese)?|japanske?",
        "India": r"Indian?|indiske?",
        "Iran": r"Iran(?:ian)?|iranske?",
        "Israel": r"Israeli?|israelske?",
        "Korea": r"(?:South )?Korean?|(?:sør)?koreanske?",
    },
    "Australia": {"New Zealand": r"New Zealand|newzealandske?"},
}
_INSIDE = {country: part for part, countries in COUNTRIES.items() for country in countries}
_ALL = {**PARTS, **{name: p for countries in COUNTRIES.values() for name, p in countries.items()}}
_PLACE = "|".join(f"(?:{p})" for p in _ALL.values())
_LIST = rf"(?:the\s)?(?:{_PLACE})(?:(?:,\s(?:and\s|og\s)?|\s(?:and|og|or)\s)(?:the\s)?(?:{_PLACE}))*"
_HELD = (
    rf"\b({_LIST})\s(?:(?!of\b|on\b|for\b)[\w-]+\s){{0,3}}?"
    r"(?:cent(?:re|er)s?|sites?|hospitals?|trials?|stud(?:y|ies)|cohorts?|patients|sentre|sykehus|studien?|pasienter)\b",
    r"\b(?:conducted|performed|carried out|recruited|enrolled|centres|centers|sites|hospitals|utført|gjennomført"
    rf"|sentre)\s(?:in|at|i|på|fra|from)\s({_LIST})\b",
)


def places(passed: Passed, work: KnownWork) -> Iterator[Item]:
    """Compare the places of a study; nothing is held against a full text, which names many."""
    ours = list(_held(passed.text))
    theirs = [(names, s) for s in work.sentences for names, _, _ in _held(s.text)]
    if not ours or not theirs:
        return
    names = frozenset().union(*(n for n, _, _ in ours))
    begin, end = ours[0][1], ours[0][2]
    words = passed.quoted(begin, end)
    fitting = next((s for there, s in theirs if _covered(names, there) and _covered(there, names)), None)
    if fitting is not None:
        yield Item(VerdictKind.AGREES, words, begin, fitting)
    elif not work.full and passed.sole:
        there, sentence = theirs[0]
        yield Item(
            VerdictKind.DISAGREES,
            words,
            begin,
            sentence,
            f"The places are {_listed(names)} here and {_listed(there)} there.",
            f"Stedene er {_listed(names)} her og {_listed(there)} der.",
        )


def named(text: str) -> frozenset[str]:
    """Return the places that a text names.

    >>> sorted(named("European and North American centres"))
    ['Europe', 'North America']
    """
    return frozenset(name for name, pattern in _ALL.items() if re.search(rf"\b(?:{pattern})\b", text))


def _held(text: str) -> Iterator[tuple[frozenset[str], int, int]]:
    for pattern in _HELD:
        for match in re.finditer(pattern, text):
            yield named(match[1]), match.start(), match.end()


def _covered(names: frozenset[str], by: frozenset[str]) -> bool:
    return all(n in by or _INSIDE.get(n) in by or any(_INSIDE.get(b) == n for b in by) for n in names)


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))
