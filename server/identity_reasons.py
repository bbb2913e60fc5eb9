"""Why an identity decision was made, in the reader's language where the reason is a fixed sentence of the rules.

The graph has reasons in English, as the rules (``loaders/identity``, ``loaders/triples_*``) and people wrote them. What
a rule always says in the same words is said in Norwegian here; what a person wrote stays as it is, with its language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msevidence.server.labels import Text

_NORWEGIAN: Mapping[str, str] = {
    r"The document prints the number under the study name (.+)\.": (
        "Nummeret er trykt under studienavnet {0} i dokumentet."
    ),
    r"The document prints (.+) beside the study\.": "Dokumentet har trykt {0} ved studien.",
    r"The document prints ([^:]+), and the link beside it leads to ([^:]+)\.": (
        "Dokumentet har trykt {0}, og lenken ved siden av fører til {1}."
    ),
    r"The document prints ([^:]+), and the link beside it leads to ([^:]+): no number of (.+), beside which"
    r" it stands\.": (
        "Dokumentet har trykt {0} ved {2}, og lenken ved siden av fører til {1}, som ikke er et nummer for {2}."
    ),
    r"The document lists it, with its own numbers, as the part of the study in (.+)\.": (
        "Dokumentet fører den opp, med egne numre, som delen av studien i {0}."
    ),
    r"A source about (.+) names (.+) as a number of the same study\.": (
        "En kilde om {0} oppgir {1} som et nummer for samme studie."
    ),
    r"(.+) gives (.+) as another number of the study( \([^)]*\))?\.": (
        "{0} oppgir {1} som et annet nummer for studien{2}."
    ),
    r"(.+) gives (.+) as another number, and \2 gives \1\.": "{0} oppgir {1} som et annet nummer, og omvendt.",
    r"(.+) gives (.+) as another number( \([^)]*\))?, and the title of (.+) says that it is a part: “(.+)”\.": (
        "{0} oppgir {1} som et annet nummer{2}, og tittelen på {3} sier at den er en del: «{4}»."
    ),
    r"(.+) and (.+) both give (.+) as another number\.": "{0} og {1} oppgir begge {2} som et annet nummer.",
    r"The title of (.+) names (.+), and says that it is a part: “(.+)”\.": (
        "Tittelen på {0} nevner {1}, og sier at den er en del: «{2}»."
    ),
    r"The title of (.+) names ([^,]+)\.": "Tittelen på {0} nevner {1}.",
}
"""Sentence in English, as the rules write it → in Norwegian."""
_NAMED = {"the study": "studien"}
"""What a rule calls a thing without a name."""
_PATTERNS = [(re.compile(pattern), words) for pattern, words in _NORWEGIAN.items()]


def in_language(reason: Text, language: str) -> Text:
    """Return a reason in a language where it can be said in it; a reason without a language is in English.

    >>> in_language(Text("The document prints NCT1 beside the study."), "nb")
    Text(text='Dokumentet har trykt NCT1 ved studien.', language='nb')
    >>> in_language(Text("Two people looked.", "en"), "nb")
    Text(text='Two people looked.', language='en')
    """
    if language == "nb" and reason.language in ("", "en"):
        for pattern, words in _PATTERNS:
            if found := pattern.fullmatch(reason.text):
                return Text(words.format(*(_NAMED.get(part, part or "") for part in found.groups())), "nb")
    return reason if reason.language or not reason.text else Text(reason.text, "en")
