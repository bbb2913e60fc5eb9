"""Words of praise and of doubt about one thing: one document has the one of a study, the other the other."""

import re
from collections.abc import Iterator

from msevidence.loaders.review.between.fact import Difference, Fact, Teller
from msevidence.loaders.review.outcome import DisagreementKind

_STUDY = r"(?:trials?|stud(?:y|ies)|cohorts?|studien?|forsøket?)"
_PEOPLE = r"(?:patients|participants|pasienter|deltakere|deltagere|studiedeltakere|studiedeltagere|personer)"
OPPOSITES = {
    "size": (
        "how large it is",
        "hvor stor den er",
        rf"\b(?:large(?:st|r)?(?:[\s-]scale)?|big|stor(?:e|t|skala)?)\s(?:[\w-]+\s){{0,4}}{_STUDY}\b",
        rf"\b(?:low|small|limited|lavt|lite|begrenset)\s(?:[\w-]+\s){{0,2}}(?:numbers?|sample\w*|antall|utvalg)\b"
        rf"|\b(?:few|få)\s(?:[\w-]+\s)?{_PEOPLE}\b|\b(?:small|liten|små)\s(?:[\w-]+\s){{0,3}}{_STUDY}\b",
    ),
    "duration": (
        "how long the effect is known to last",
        "hvor lenge effekten er kjent for å vare",
        r"\b(?:persist(?:ed|s)|sustained|durable|long[\s-](?:term|lasting)\s(?:effect|remission|benefit|efficacy)|maintained|vedvarte"
        r"|vedvarende|varig|langtidseffekt)\b",
        r"\b(?:lack\sof|no|missing|insufficient|short|limited|manglende|ingen|kort|begrenset)\s(?:[\w-]+\s){0,2}(?:long[\s-]term\s)?"
        r"(?:follow[\s-]?up|langtidsoppfølging|oppfølging(?:stid)?|langtidsdata)\b|\bshort[\s-]term\b|\bkorttids\w*",
    ),
    "certainty": (
        "how sure it is",
        "hvor sikkert det er",
        r"\b(?:confirm(?:ed|s)|prove[dsn]?|conclusive(?:ly)?|established|definitive(?:ly)?|bekreft(?:er|et)|beviste?|bevist|slo\sfast"
        r"|slår\sfast)\b",
        r"\b(?:replicate\w*|inconclusive|not\sconclusive|to\sbe\sconfirmed|to\sconfirm|uncertain|unclear|(?:further|more|larger)\s"
        r"(?:[\w-]+\s){0,2}(?:research|studies|trials?|study)\s(?:is|are|would\sbe|will\sbe)\s(?:needed|required|warranted)"
        r"|usikkert?|uavklart|(?:behov\sfor|trengs)\s(?:[\w-]+\s)?(?:videre|mer|flere)\s(?:forskning|studier)|ikke\sbekreftet)\b",
    ),
    "safety": (
        "how safe it is",
        "hvor trygt det er",
        r"\b(?:safe(?:ly)?|well[\s-]tolerated|trygg(?:t|e)?|godt\stolerert|ingen\salvorlige)\b",
        r"\b(?:unsafe|not\ssafe|serious\s(?:adverse|side|complications)|severe\s(?:adverse|side|complications|toxicity)|toxic(?:ity)?"
        r"|treatment[\s-]related\s(?:deaths?|mortality)|alvorlige\s(?:bivirkninger|hendelser|komplikasjoner)|ikke\strygg\w*|dødsfall)\b",
    ),
    "efficacy": (
        "whether it has an effect",
        "om den har effekt",
        r"\b(?<!not\s)(?<!in)(?:effective|efficacious|(?:good|clear|marked|beneficial)\seffects?|god\seffekt|effektiv(?:t|e)?)\b",
        r"\b(?:ineffective|not\seffective|no\s(?:[\w-]+\s)?(?:effect|benefit|efficacy)|without\s(?:effect|benefit)|ingen\s(?:\w+\s)?effekt"
        r"|uten\seffekt|ikke\seffektiv\w*)\b",
    ),
}
"""What a study is praised or doubted for: in English and Norwegian, the words that praise, the words that doubt."""
_WORDS = {key: tuple(re.compile(p, re.I) for p in words[2:]) for key, words in OPPOSITES.items()}
_NOT = re.compile(r"\b(?:whether|if|hvorvidt)\b[^.;,]*$|\b(?:not|no|never|ikke|ingen|aldri)\s(?:\w+\s){0,2}$", re.I)


def emphasis(text: str, passage: str) -> Iterator[Fact]:
    """Yield the praise and the doubt that a sentence has for a study.

    >>> [(f.value, f.role) for f in emphasis("results from a large-scale clinical trial", "p")]
    [('size', 'praise')]
    >>> [(f.value, f.role) for f in emphasis("et lavt antall pasienter og manglende langtidsoppfølging", "p")]
    [('size', 'doubt'), ('duration', 'doubt')]
    """
    for key, (praise, doubt) in _WORDS.items():
        if match := doubt.search(text):
            yield Fact("emphasis", key, match[0], (passage,), "doubt")
        elif (match := praise.search(text)) and not _NOT.search(text[: match.start()]):
            yield Fact("emphasis", key, match[0], (passage,), "praise")


def differences(older: Teller, newer: Teller, field: str) -> Iterator[Difference]:
    """Yield what one document praises and the other doubts, and the other has no such doubt itself."""
    sides = [older.of(field), newer.of(field)]
    for key, (english, norwegian, _, _) in OPPOSITES.items():
        for here, there in ((0, 1), (1, 0)):
            praise = [f for f in sides[here] if f.value == key and f.role == "praise"]
            own_doubt = [f for f in sides[here] if f.value == key and f.role == "doubt"]
            doubt = [f for f in sides[there] if f.value == key and f.role == "doubt"]
            if praise and doubt and not own_doubt:
                yield Difference(
                    DisagreementKind.QUALIFIES,
                    doubt[0],
                    praise[0],
                    f"The words weigh {english} differently: “{doubt[0].printed}”, “{praise[0].printed}”.",
                    f"Ordene legger ulik vekt på {norwegian}: «{doubt[0].printed}», «{praise[0].printed}».",
                    False,
                )
