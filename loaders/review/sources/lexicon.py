"""Words by which a claim and its source are seen to speak of one thing: outcomes, people, direction; en and nb.

General words of clinical research and of multiple sclerosis. A concept is a short name; that two texts share one is
what makes their numbers comparable. What has no concept is compared by the stems of its words.
"""

import re
from collections.abc import Iterator

OUTCOMES = {
    "relapse": r"relaps(?:e|es|ed)\b|exacerbat|attacks?\b|attakk(?:er|ene|et)?\b|tilbakefall",
    "disability": r"disabilit|\bEDSS|functional impairment|functional loss|function(?:al)? levels?|impaired function"
    r"|neurological function|progression|funksjons(?:nivå|svikt|tap|evne)|uførhet|progresjon|forverring",
    "mortality": r"mortality|\bdeaths?\b|\bdied\b|\bdøde\b|dødelighet|dødsfall",
    "survival": r"overall survival|total(?:t)?overlevelse",
    "autoimmunity": r"auto-?immun(?:ity|e (?:thyroid )?(?:disease|disorder))|autoimmun|thyroid|stoffskifte|skjoldbrus",
    "gonads": r"menopaus|amenorrh|ovarian|infertil|fertilit|overgangsalder|eggstokk",
    "lesion": r"\blesions?\b|lesjon",
    "T2": r"\bT2\b",
    "enhancing": r"gadolinium|(?:contrast|gd).?enhanc|kontrastlad",
    "infection": r"infection|infeksjon|sepsis",
    "cytopenia": r"lymphop|neutrop|leukop|cytop|febrile|\bfever\b|\bfeber\b",
    "transfusion": r"blood products?|transfus|blodprodukt",
    "electrolytes": r"electrolyt|elektrolytt",
    "work": r"\bwork(?:ing|ed)?\b(?! (?:up|group))|employ(?:ed|ment)|i arbeid\b|arbeidsevne|\bjobb",
    "hair": r"alopecia|hair loss|hårtap",
    "adverse": r"adverse (?:events?|effects?)|side effects?|toxicit|bivirkning|uønskede hendelser",
    "quality-of-life": r"quality of life|livskvalitet",
    "fatigue": r"fatigue|utmattelse",
    "pain": r"\bpain\b|\bsmerte",
    "cognition": r"cogniti|kogniti",
    "atrophy": r"atroph|atrofi|brain volume|hjernevolum",
    "withdrawal": r"withdr[ae]w|drop-?outs?|dropped out|lost to follow|frafall",
}
"""What is measured."""

FOLLOW_UP = re.compile(
    r"follow(?:ed)?[- ]?up|\bfollowed\b|oppfølging|fulgt(?: opp)?\b|observation (?:time|period)|observasjonstid"
    r"|\bevaluated (?:at|yearly|for)\b|\bassessed at\b|-(?:week|month|year)\b[\w ,-]{0,40}\b(?:trial|study)\b",
    re.I,
)
AGE = re.compile(r"\bage[ds]?\b|\balder\b|\bgamle\b|\byears old\b|-year-old", re.I)
COMPOSITE = {
    "no-activity": r"\bno (?:signs?|evidence) of (?:disease|inflammatory)[\w ]*|\bNEDA\b|disease-free"
    r"|ingen (?:tegn til|tegn på) (?:sykdom|betennelse)\w*(?: \w+)?",
    "event-free": r"event-free(?: survival)?|hendelsesfri\w*",
    "mri-activity": r"\b(?:MRI|MR) activity(?:-free)?(?: survival)?|(?:MRI|MR)-aktivitet",
}
"""Being free of several things at once: another measure than being free of one of them, whose words it may use."""
MS_TYPE_WORDS = re.compile(
    r"relapsing[- ]remitting|(?:primary|secondary)[- ]progressive|relapsing MS|progressive (?:MS|multiple)|attakkpreget"
    r"|(?:primær|sekundær)\s?progressiv",
    re.I,
)
"""Taken out before outcomes are looked for: a relapsing disease is no relapse."""

PEOPLE = {
    "women": r"\bwom[ae]n\b|\bfemales?\b|\bgirls?\b|kvinne|\bjente",
    "men": r"\bm[ae]n\b|\bmales?\b|\bboys?\b|\bmenn\b|\bmannlig|\bgutt",
    "children": r"\bchild|\binfants?\b|p[a]?ediatric|\bbarn\b|\bbarne",
    "controls": r"\bcontrols?\b|\bplacebo\b|kontrollgruppe|conventional therapy|\bDMT group"
    r"|^\W*(?:compared (?:to|with)|versus|vs\b|against|sammenlignet med|mot)\s",
    "relapsing": r"relapsing[- ]remitting|\bRRMS\b|attakkpreget",
    "progressive": r"progressive (?:MS|multiple|disease|forms?)|\b(?:SP|PP)MS\b|progressiv (?:MS|multippel)",
}

DOWN = r"reduc|decreas|declin|\blower(?:ed)?\b|fewer|\bfell\b|redus|\bsank\b|senket|færre|lavere|minsk"
UP = r"increas|\bhigher\b|highest|\brose\b|\brisen?\b|elevat|økt|økning|\bøke[rt]?\b|høyere|høyest|\bsteg\b"
BETTER = r"improv|bedr(?:et|ing)|forbedr"
WORSE = r"worsen|deteriorat|forverr"
DIRECTIONS = {"down": DOWN, "up": UP, "better": BETTER, "worse": WORSE}
OPPOSITE = {"down": "up", "up": "down", "better": "worse", "worse": "better"}

FREE = re.compile(
    r"-free\b|\bfree (?:of|from)\b|\bno (?:new|more|further|signs?|relaps|attacks?|progress|lesion)|\bwithout\b"
    r"|\buten\b|\bingen\b|fri(?:e|tt)?\b(?= for| overl)|preserved|maintained|\bstable\b|stabil|bevart"
    r"|improved (?:function|EDSS)",
    re.I,
)
"""Said of those who were spared: the share is the other part of those who were not."""

SELECTED = re.compile(r"\bmatched\b|propensity|per[- ]protocol|weighted|matchede|subgroup|undergruppe", re.I)
"""The source speaks of a part of its people that was chosen by some method."""
RISK = re.compile(r"\bhazard|\bodds\b|\brelative risk\b|\brisk of\b|\brisiko(?:en)? for\b", re.I)
"""A risk fell by a share of itself; how many had what is another measure."""
HSCT = re.compile(
    r"stem[- ]cell (?:therap|transplant|treat)|\ba?HSCT\b|\bASCT\b|stamcelle(?:behandl|transpl|terapi)", re.I
)
COMPARATOR = re.compile(r"\b(?:compared (?:with|to)|versus|vs|than|sammenlignet med|enn)\b.*", re.I | re.S)
DRUG = re.compile(
    r"\b[a-z]{3,}(?:mab|imod|tinib|antrone|bine|marate|feron|phosphamide|amide|statin|pril|sartan|olol|cept|cillin|mycin"
    r"|azole|prazole|parin|gliptin|flozin)e?r?\b",
    re.I,
)
"""Names of drugs, by the stems that the WHO gives them (INN)."""

_COMPOSITE = {name: re.compile(pattern, re.I) for name, pattern in COMPOSITE.items()}
_OUTCOMES = {name: re.compile(pattern, re.I) for name, pattern in OUTCOMES.items()}
_PEOPLE = {name: re.compile(pattern, re.I) for name, pattern in PEOPLE.items()}
_DIRECTIONS = {name: re.compile(pattern, re.I) for name, pattern in DIRECTIONS.items()}
_WORD = re.compile(r"[^\W\d_]{4,}")
STEM = 6
"""Letters by which two words of one language are one: ``prevalence`` and ``prevalent``."""
_COMMON = (
    "about after also among around because been before between both compared could does during each effect effects "
    "estimate estimated every findings first follow following found from group groups have having higher however "
    "included including into less lower mean median more most number numbers only other over patient patients percent "
    "period respectively result results same significant significantly since some studies study such than that their "
    "them then there these they this those through time total treated treatment trial trials under until using very "
    "were when where which while with within without would year years month months week weeks people persons "
    "participants subjects showed shown were reported therapy disease pooled respectively rate range confidence "
    "alle andre antall blant ble blitt både deltakere denne dette disse eller etter flere forsøk fram før gruppe "
    "grupper hadde helt ikke innen mange mellom mens mest mindre noen også over pasienter pasientene personer prosent "
    "samme sammenlignet siden studie studien studier slik totalt under uten vært videre"
)
_STOP = frozenset(w[:STEM] for w in _COMMON.split())


def outcomes(text: str) -> frozenset[str]:
    """Return the concepts of what is measured in a text.

    >>> sorted(outcomes("81 % of those with relapsing-remitting MS experienced no new attacks or thyroid disorders"))
    ['autoimmunity', 'relapse']
    >>> sorted(outcomes("68 % showed no evidence of disease progression"))
    ['no-activity']
    """
    rest, found = MS_TYPE_WORDS.sub(" ", text), set()
    for name, pattern in _COMPOSITE.items():
        shorter = pattern.sub(" ", rest)
        if shorter != rest:
            found.add(name)
            rest = shorter
    found.update(name for name, pattern in _OUTCOMES.items() if pattern.search(rest))
    if FOLLOW_UP.search(rest):
        found.add("follow-up")
    return frozenset(found)


def people(text: str) -> frozenset[str]:
    """Return which part of the people a text names: ``women``, ``children`` …"""
    return frozenset(name for name, pattern in _PEOPLE.items() if pattern.search(text))


def drugs(text: str) -> frozenset[str]:
    """Return the drugs that a text is about, without those that it compares them with.

    >>> sorted(drugs("Relapses were rarer with ocrelizumab than with fingolimod"))
    ['ocrelizumab']
    """
    return frozenset(m[0].lower() for m in DRUG.finditer(COMPARATOR.sub("", text)))


def stems(text: str) -> frozenset[str]:
    """Return the stems of the words of a text that tell what it is about."""
    return frozenset(w for m in _WORD.finditer(text) if (w := m[0].lower()[:STEM]) not in _STOP)


def direction(text: str, at: int) -> str | None:
    """Return the change that a text speaks of, the nearest before ``at``, else the nearest after it."""
    found = list(_directions(text))
    before = [(begin, name) for begin, name in found if begin <= at]
    return max(before)[1] if before else min(found)[1] if found else None


def _directions(text: str) -> Iterator[tuple[int, str]]:
    for name, pattern in _DIRECTIONS.items():
        for match in pattern.finditer(text):
            yield match.start(), name
