"""In which language a passage is, as a BCP 47 tag (RFC 5646): told from its words, against what its document speaks.

py3langid compares the letters of a text with those of its model, which comes with the package; nothing is fetched.
The language of the section or document holds unless another is clearly likelier and there are words enough to tell:
a wrong tag is worse than none. Abbreviations, numbers and addresses are in no language.
"""

import re
from functools import cache
from tempfile import gettempdir
from typing import Any

from msevidence.loaders.document import PassageKind
from msevidence.loaders.quotations import quotations

NO_LANGUAGE = "zxx"
"""For what is no language (registered in the IANA Language Subtag Registry, RFC 5646 §3): a formal expression."""
CANDIDATES = frozenset({"en", "nb", "sv", "da", "de"})
"""Languages that a passage is looked for in, beside that of its document."""
CLOSE = frozenset({"nb", "nn", "da"})
"""Languages so alike in writing that a passage of a document in one of them is never taken for another of them."""
TAGS = {"no": "nb"}
"""Tags of what the model calls otherwise: its Norwegian is bokmål, since it knows nynorsk by itself."""
JUDGED = frozenset(
    {
        *(PassageKind.SENTENCE, PassageKind.LIST_ITEM, PassageKind.TABLE_CELL, PassageKind.FOOTNOTE),
        *(PassageKind.SIDEBAR, PassageKind.PULL_QUOTE),
    }
)
"""Kinds of passage whose words tell their language; what headings and captions print is often a name."""
TIMES = 5
"""How many times as likely as the document's another language must be."""
FEWEST = 3
"""Words that a text must have to be judged."""
WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
APART = re.compile(r"https?://\S+|(?<!\S)\S+@\S+|(?<![\w/-])[\w/-]*\d[\w/-]*")
"""Addresses, numbers, and words with a figure in them; each from its beginning only: a long one takes no time."""
ABBREVIATION = re.compile(r"[A-ZÀ-ÖØ-Þ]{2}|[a-zß-öø-ÿ][A-ZÀ-ÖØ-Þ]")
INTRODUCES = re.compile(r"^\s*(?:[^\s:]+\s+){0,4}[^\s:]+:\s*$")
"""A label before a quotation that makes up the rest of a passage: ``Authors' conclusion:``."""


def foreign_language(text: str, language: str, least: int = FEWEST) -> str | None:
    """Return the language of a text that is clearly not in ``language``; ``None`` where it is, or cannot be told.

    Of a sentence that quotes another language the words outside the quotation count; a passage that is nothing but a
    quotation, its label and its marker is in the language of the quotation.

    Raises OSError where the temporary folder has no room for the model.

    >>> foreign_language("Kommentar: “The treatment was safe and feasible in patients with MS.” (3)", "nb")
    'en'
    >>> foreign_language("Pasientene ble målt på “time to disease progression of any kind”.", "nb")
    >>> foreign_language("RRMS, SPMS", "nb")
    """
    words = _judged(text, least)
    if len([w for w in words if len(w) > 1]) < least:
        return None
    others = CANDIDATES - ({language} | (CLOSE if language in CLOSE else set()))
    likely = _likelihoods(" ".join(words))
    best = max(sorted(others), key=likely.__getitem__)
    return best if likely[best] > TIMES * likely[language] else None


def _judged(text: str, least: int) -> list[str]:
    """Return the words outside the quotations, or those inside where outside there are only a label and a marker."""
    quoted = quotations(text)
    outside, inside, at = [], [], 0
    for begin, end in quoted:
        outside.append(text[at:begin])
        inside.append(text[begin + 1 : end])
        at = end + 1
    outside.append(text[at:])
    if quoted and INTRODUCES.match(outside[0]):
        outside[0] = ""
    words = _words(" ".join(outside))
    return _words(" ".join(inside)) if quoted and len(words) < least else words


def _words(text: str) -> list[str]:
    return [w for w in WORD.findall(APART.sub(" ", text)) if not ABBREVIATION.search(w)]


def _likelihoods(text: str) -> dict[str, float]:
    """Return how likely a text is in each language that the model knows, by BCP 47 tag."""
    return {TAGS.get(name, name): likelihood for name, likelihood in _identifier().rank(text)}


@cache
def _identifier() -> Any:
    # Imported when a document is read: a server that only serves does without numpy and the model in its memory.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    try:
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    except OSError as e:
        message = "the model that tells languages could not be unpacked here (it takes 70 MB); free space or set TMPDIR"
        raise OSError(e.errno, message, gettempdir()) from e
