"""Words by which a text tells that numbers are the parts of a whole, or that they are not."""

import re

from msevidence.loaders.review.number_words import HEDGES

REMAINDER = re.compile(
    r"\b(?:others?|remaining|remainder|the rest|elsewhere|unknown|unclear|unspecified|the last"
    r"|andre|annet|øvrige|resterende|resten|gjenværende|ukjent|uklart?|uspesifisert|(?:de|den) siste)\b",
    re.IGNORECASE,
)
OTHER_ONE = re.compile(
    r"\b(?:the other|another|den andre|det andre)\s(?:in|at|from|with|of|for|i|fra|med|hos|av)\s$", re.IGNORECASE
)
"""What is counted here is one, and the number that follows tells of it: ``and the other in four towns``."""
NONE = re.compile(
    r"\b(?:no|none|not|without|neither|non-?\w+|did ?n[o']t|ingen|ikke|uten|verken|ikke-\w+)\b", re.IGNORECASE
)
OPPOSITES = tuple(
    (re.compile(rf"\b(?:{one})\b", re.IGNORECASE), re.compile(rf"\b(?:{other})\b", re.IGNORECASE))
    for one, other in (
        ("women|females?|girls|kvinner|jenter", "men|males?|boys|menn|gutter"),
        ("completed?|finished|fullførte?|avsluttede?|ferdigstilte?", "ongoing|recruiting|pågående|pågår"),
        ("published|publiserte?", "unpublished|upubliserte?"),
        ("intervention|treatment|active|tiltak\\w*|intervensjon\\w*|behandling\\w*", "control|placebo|kontroll\\w*"),
        ("adults|voksne", "children|adolescents|barn"),
        ("alive|survived|levende|overlevde", "dead|died|døde"),
        ("randomi[sz]ed|randomiserte?", "observational|observasjons\\w*"),
    )
)
LOOSE = re.compile(
    r"\b(?:including|includes?|among (?:them|these|whom)|such as|e\.g\.|for example|at least one|respectively|each"
    r"|both|either|overlap\w*|more than one|several|many|some|most|mainly|mostly|median|mean|range|per|twice|ratio"
    r"|inkludert|inklusive|deriblant|blant (?:annet|dem|disse)|bl\.a|for eksempel|f\.\s?eks|henholdsvis|hver|begge"
    r"|flere|mange|noen|de fleste|hovedsakelig|gjennomsnitt\w*)\b",
    re.IGNORECASE,
)
"""Words of a list that need not be whole, or whose numbers are spread over it in another way."""
PLACE = re.compile(r"\s(?:\w+\s){0,2}?(in|from|at|i|fra)\b", re.IGNORECASE)
AND = re.compile(r"\b(?:and|og|samt|while|mens|or|eller)\b", re.IGNORECASE)
_FILLER = rf"(?:the|a further|another|other|remaining|in|de|øvrige|resterende|ytterligere|hos|{HEDGES})"
SEPARATOR = re.compile(
    r"(?P<by>[,;:(–]|\s-\s|^"
    r"|\b(?:and|og|samt|while|mens|with|of (?:which|whom|these)|av (?:disse|dem)|hvorav|derav)\b)"
    rf"\s*(?:(?:and|og|samt|while|mens|with|{_FILLER})\s)*$",
    re.IGNORECASE,
)
PLURAL = re.compile(r"(?:s|er|ene|ar|re)$")
OF = re.compile(r"(?<!total\s)\b(?:of|av)\s(?:the\s|these\s|all\s|de\s|disse\s|alle\s)?$", re.IGNORECASE)
LED = re.compile(r"(?:[:(]|\b(?:with|of (?:which|whom|these)|hvorav|derav|med|av (?:disse|dem)))\s?(?:\w+\s)?$", re.I)
"""Words that lead to parts, before the first of them."""
WORD = re.compile(r"[^\W\d_]+")
PREPOSITIONS = frozenset(("in", "from", "with", "at", "to", "on", "of", "i", "fra", "med", "til", "på", "av", "hos"))
INCLUDES = re.compile(
    r"\b(?:had|has|have|includ\w+|enrol\w+|identif\w+|found|compris\w+|there (?:were|are)|consist\w*|recruited"
    r"|randomi\w+|analy[sz]ed|assessed|screened|sampled|exclud\w+|inkludert?e?|hadde|har|fant|ga|identifiserte?"
    r"|omfatte[rt]?|besto|ekskludert?e?|rekrutterte?|vurderte?|analyserte?)\b",
    re.IGNORECASE,
)
"""Verbs of which a whole is the object; ``20 improved, 10 worsened`` has none."""
SUBSET = re.compile(r"\s(?:of|av)\s(?:them|these|those|which|whom|dem|disse)\b", re.IGNORECASE)
OF_WHOLE = re.compile(r"\s(?:of|av)\s(?:the\s|de\s)?\w+", re.IGNORECASE)
