"""Words about numbers, in English and bokmål: number words, what is counted, what stands before a label or a guess."""

import re

_ONES_EN = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
_TENS_EN = "twenty thirty forty fifty sixty seventy eighty ninety"
_ONES_NB = "en to tre fire fem seks sju åtte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten"
_TENS_NB = "tjue tretti førti femti seksti sytti åtti nitti"


def _english() -> dict[str, int]:
    ones = {w: i for i, w in enumerate([*_ONES_EN.split(), "eighteen", "nineteen"], 1)}
    tens = {w: 10 * i for i, w in enumerate(_TENS_EN.split(), 2)}
    both = {f"{t}{gap}{o}": tens[t] + ones[o] for t in tens for o in list(ones)[:9] for gap in "- "}
    return ones | tens | both | {"a hundred": 100, "one hundred": 100}


def _norwegian() -> dict[str, int]:
    ones = {w: i for i, w in enumerate(_ONES_NB.split(), 1)}
    ones |= {"én": 1, "ett": 1, "ei": 1, "éi": 1, "syv": 7}
    tens = {w: 10 * i for i, w in enumerate(_TENS_NB.split(), 2)} | {"tyve": 20, "tredve": 30}
    both = {t + o: tens[t] + n for t in tens for o, n in ones.items() if n < 10}
    return ones | tens | both | {"hundre": 100, "ett hundre": 100}


WORDS = {"en": _english(), "nb": _norwegian()}
"""The number that each word says, by language."""

NOUNS = {
    "person": "patients? participants? persons? people individuals? subjects? adults child(?:ren)? infants? wom[ae]n "
    "m[ae]n (?:fe)?males boys? girls? volunteers? respondents? enrollees? recipients? completers? donors? students? "
    "pasient(?:er|ene|en)? deltaker(?:e|ne|en)? deltager(?:e|ne|en)? person(?:er|ene|en)? barn(?:a|et)? "
    "kvinne(?:r|ne|n)? menn mann voksne individ(?:er|ene|et)? forsøksperson(?:er|ene|en)? respondent(?:er|ene|en) "
    "frivillige studenter",
    "study": "stud(?:y|ies) trials? studie(?:r|ne|n)? forsøk(?:ene|et)? RCTs? RCT-er prøving(?:er|ene)",
    "publication": "articles? papers? publications? reports? records? references? reviews? abstracts? citations? "
    "artik(?:kel|ler|lene|kelen) publikasjon(?:er|ene|en)? rapport(?:er|ene|en)? referanse(?:r|ne|n)? "
    "oversikt(?:er|ene) sammendrag(?:ene)? konferansebidrag treff(?:ene)? hits? poster postene",
    "database": "databases? registers? registr(?:y|ies) database(?:r|ne|n)? regist(?:er|re|rene)",
    "year": "years? år(?:ene|et)?",
    "month": "months? måned(?:er|ene|en)?",
    "week": "weeks? uke(?:r|ne|n)?",
    "day": "days? dag(?:er|ene|en)? døgn",
    "hour": "hours? time(?:r|ne|n)",
    "minute": "minutes? minutt(?:er|ene)?",
    "country": "countr(?:y|ies) land(?:ene|et)?",
    "centre": "cent(?:re|er)s? sites? hospitals? clinics? sykehus(?:ene|et)? sent(?:er|re|rene) klinikk(?:er|ene)?",
    "group": "groups? arms? cohorts? grupp(?:e|er|ene|en) arm(?:er|ene|en)",
    "case": "cases? controls? kasus tilfelle(?:r|ne|t)? kontroller",
    "event": "events? deaths? relapses? attacks? lesions? hendelse(?:r|ne|n)? dødsfall(?:ene)? attakk(?:er|ene)? "
    "lesjon(?:er|ene)?",
    "item": "items? questions? samples? doses? sets? factors? types? categories series criteria outcomes? tables? "
    "spørsmål(?:ene)? prøve(?:r|ne)? dose(?:r|ne)? faktor(?:er|ene)? typer kategori(?:er|ene)? serie(?:r|ne)? "
    "kriterie(?:r|ne) utfall(?:ene)? tabell(?:er|ene)?",
}
"""Nouns that numbers count, by what they mean; a Norwegian compound ends with one."""

TIMES = frozenset({"year", "month", "week", "day", "hour", "minute"})
"""The kinds of noun that measure time."""

_MEASURES = (
    "° mg g kg µg \u03bcg ug mcg ng ml l dl µl \u03bcl m mm cm km s ms h d y yrs hrs min times ganger points poeng "
    "percent prosentpoeng percentage fold score scores level nivå"
)
MEASURES = frozenset(_MEASURES.split())
"""What is measured or weighed instead of counted."""

_COMPOUND = r"[a-zæøå]*"  # pasientserier, multisenterstudier; English writes compounds apart
_KINDS = {kind: re.compile(rf"(?:{_COMPOUND})?(?:{'|'.join(n.split())})", re.I) for kind, n in NOUNS.items()}
_PLAIN = {kind: re.compile("|".join(n.split()), re.I) for kind, n in NOUNS.items()}

_FUNCTION_WORDS = (
    "a an the of in on at to for from by with without and or as than were was is are be been had have has who which "
    "that this these those them their its it not but per vs versus each after before during when while where if then "
    "av i på til fra med uten og eller som enn var er ble blir hadde har den det de dem disse dette sin sitt ikke men "
    "mot hver etter før under da når hvor hvis om ved for et en out"
)
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
"""Words that are no noun; a unit is not looked for across them, ``of the`` and ``av de`` excepted."""

LABELS = (
    r"tables?|tabell(?:en|er)?|tab\.?|figures?|figs?\.?|figur(?:en|er)?|sections?|sect\.?|avsnitt|kapittel|kap\.?|"
    r"chapters?|appendix|appendices|vedlegg|box|boks|files?|panel|equations?|eqs?\.|refs?\.|reference|referanse|versions?|versjon|"
    r"phases?|fase|types?|grades?|grad|stages?|stadium|pages?|pp?\.(?!\s?=)|s\.|side|vol\.?|no\.|nr\.?|nos\.|paragraph|"
    r"items?|corollar(?:y|ies)|level|nivå|score|PMID:?|PMC|S\d"
)
"""What stands before a number that counts nothing, but tells one thing of its kind from another."""

LABELS_OR_COUNTS = (
    r"hypothes[ie]s|question|objective|aim|experiment|criterion|scenario|domain|punkt|spørsmål|delmål|hypotese|"
    r"group|gruppe|arm|cohort|kohort|week|uke|day|dag|month|måned|year|år|step|trinn|model|modell|visit"
)
"""The same, unless what the number counts follows: ``week 12``, but ``in each group 12 patients``."""

HEDGES = (
    r"approximately|approx\.?|around|about|some|nearly|almost|roughly|circa|ca\.?|c\.|an estimated|estimated|over|"
    r"more than|fewer than|less than|at least|up to|under|just over|just under|close to|≈|~|∼|>|<|≥|≤|"
    r"omtrent|omkring|rundt|cirka|om lag|nesten|nærmere|drøyt|minst|opptil|inntil|mer enn|flere enn|færre enn|"
    r"mindre enn|i overkant av|i underkant av|anslagsvis"
)

MONTHS = (
    r"(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|okt|nov|dec|des)\.?(?![a-zæøå])|januar|january|februar|february|march|mars"
    r"|april|may|mai|june|juni|july|juli|august|september|october|oktober|november|december|desember"
)


def noun_kind(word: str | None, language: str = "en") -> str | None:
    """Return what a noun means, so that two can be compared; ``None`` where it is none of those known.

    >>> noun_kind("patients"), noun_kind("deltakerne", "nb"), noun_kind("multisenterstudier", "nb"), noun_kind("ml")
    ('person', 'person', 'study', None)
    """
    if not word:
        return None
    kinds = _PLAIN if language == "en" else _KINDS
    return next((kind for kind, pattern in kinds.items() if pattern.fullmatch(word)), None)
