"""Titles that say that a trial is a follow-up, an extension or a substudy of another: a part of it, and not the same.

Many titles say that a trial *has* a follow-up (``with a 24-month safety follow-up``); those are left alone.
"""

import re

from msevidence.loaders.identity.names import fold

_ALONE = re.compile(r"\b(sub ?stud(?:y|ies|ie|ier)|ancillary|roll ?over|delstudie|ancillaire|subestudio)\b")
_STUDY = r"(?:study|trial|protocol|investigation|of|to|for|studie|after)\b"
_TERM = re.compile(
    rf"\b(?:(?:long term |open label |safety )*(?:follow ?up|extension|extended follow ?up) {_STUDY}"
    r"|long term (?:extension|follow ?up)\b"
    r"|(?:oppfolgings|forlengelses|opfolgnings|uppfoljnings|verlangerungs|nachbeobachtungs|extensions) ?studi\w*"
    r"|(?:estudio|ensayo) de (?:extension|seguimiento)|etude (?:d extension|de suivi)"
    r"|studio di (?:estensione|follow up))"
)
_BEGINS = re.compile(r"(?:an? |the )?(?:\w+ ){0,2}?(?:long term|follow ?up)\b")
_HAS = re.compile(
    r"\b(?:with|and|including|includes|plus|followed by|during|avec|med|mit|con|og|und|e|y) (?:\w+ ){0,6}$"
)


def follow_up_mark(title: str) -> str | None:
    """Return the words of ``title`` that say that it is a part of another study, if any do.

    >>> follow_up_mark("Long-term Follow-up of Patients in MIST")
    'long term follow up'
    >>> follow_up_mark("An Extension Study of Ocrelizumab")
    'extension study'
    >>> follow_up_mark("A controlled study of cells with a 24-month additional safety follow-up") is None
    True
    """
    text = " ".join(re.findall(r"[^\W_]+", fold(title)))
    for pattern in (_ALONE, _TERM):
        for match in pattern.finditer(text):
            if not _HAS.search(text[: match.start()]):
                return match[0].removesuffix(" of").removesuffix(" to").removesuffix(" for")
    begins = _BEGINS.match(text)
    return begins[0] if begins and not _HAS.search(text[: begins.end()]) else None
