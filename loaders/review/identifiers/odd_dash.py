"""An identifier is printed with another dash than the hyphen, so that a search for it finds nothing.

The rule reads the text as it stands in the file, for the text of a passage has its dashes folded, and a number with
spaces or an invisible sign in it is read as no number at all.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from msevidence.loaders.review.outcome import Compared, Outcome, Rule, Severity
from msevidence.loaders.review.things import Thing
from msevidence.loaders.review.view import Document, Passage, View
from msevidence.ontology.identifiers import SCHEMES
from msevidence.ontology.namespaces import MSE, OA

# Hyphens, dashes and minus signs of Unicode, and the soft hyphen, which is not seen.
_ODD = "\u00ad\u02d7\u2010-\u2015\u2043\u2212\u2796\ufe58\ufe63\uff0d"
_DASH = rf"(?: ?(?:[-{_ODD}]|&#(?:x20[0-9a-fA-F]{{2}}|\d{{4}}|173|x[aA][dD]);|&[nm]dash;|&minus;|&shy;) ?)"
_STARTS = (s.starts.strip("-/") for s in SCHEMES.values() if s.name != "PER")  # PER before a dash is a word
_LETTERS = "|".join(sorted(letters for letters in _STARTS if len(letters) > 2))
_NUMBER = re.compile(
    rf"(?<![\w/])(?:\d{{4}}{_DASH}\d{{6}}{_DASH}\d{{2}}(?:{_DASH}\d{{2}})?(?![\d])"
    rf"|(?:{_LETTERS}){_DASH}(?:[A-Z]+{_DASH})?\d{{3,}})"
)
_DOI = re.compile(rf"(?<![\w.])10\.\d{{4,9}}/[^\s<>\"]*?(?:[-{_ODD}]|&#x20[0-9a-fA-F]{{2}};)[^\s<>\"]*")
_NB = {
    "\u00ad": "myk bindestrek",
    "\u2010": "typografisk bindestrek",
    "\u2011": "hard bindestrek",
    "\u2013": "tankestrek",
    "\u2014": "lang tankestrek",
    "\u2212": "minustegn",
}
_SIGN = re.compile(rf"[{_ODD}]")


@dataclass(frozen=True)
class _Printed:
    """An identifier with a dash in it, as printed, and where it stands in its passage."""

    text: str
    begin: int
    kind: str
    kind_nb: str

    @property
    def hyphenated(self) -> str:
        joined = re.sub(rf" ?([-{_ODD}]) ?", "-", self.text) if self.kind == "number" else self.text
        return _SIGN.sub("-", joined)


def _check(view: View) -> Iterator[Outcome]:
    for document in view.documents:
        mentions = {(t.value(MSE.inPassage), t.integer(OA.start)): t for t in document.of(MSE.NumberMention)}
        for passage in document.passages:
            start = passage.thing.integer(OA.start) or 0
            for found in _identifiers(passage.thing.value(OA.exact) or ""):
                mention = mentions.get((passage.iri, start + found.begin))
                if mention is None and _letters(found.text) not in _letters(passage.text):
                    continue  # it stands in what the page has between two parts of the passage
                yield _outcome(document, passage, found, mention)


def _identifiers(exact: str) -> Iterator[_Printed]:
    for pattern, kind, kind_nb in ((_NUMBER, "number", "nummeret"), (_DOI, "DOI", "DOI-en")):
        for match in pattern.finditer(exact):
            text = unescape(match.group()).rstrip(f".,;:)]{unescape('&ndash;&mdash;')}")
            # A line break before the dash is the layout's.
            yield _Printed(" ".join(text.split()), match.start(), kind, kind_nb)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


def _outcome(document: Document, passage: Passage, found: _Printed, mention: Thing | None) -> Outcome:
    focus = mention.iri if mention else f"{passage.iri}"
    about = tuple(mention.values(MSE.denotesRegistration)) if mention else ()
    signs = sorted(set(_SIGN.findall(found.text)))
    if not signs:
        return Outcome(document.iri, False, focus, (passage.iri,), about=about)
    names = ", ".join(f"{unicodedata.name(s).lower()}, U+{ord(s):04X}" for s in signs)
    names_nb = ", ".join(f"{_NB.get(s, 'tegnet')}, U+{ord(s):04X}" for s in signs)
    english = f"The {found.kind} is printed as {found.text}, with another dash than the hyphen ({names})"
    norwegian = f"{found.kind_nb.capitalize() if found.kind == 'number' else found.kind_nb} er trykt som {found.text},"
    norwegian += f" med en annen strek enn bindestrek ({names_nb})"
    compared = (
        Compared("as printed", "som trykt", found.text, passage.iri),
        Compared("with hyphens", "med bindestrek", found.hyphenated),
    )
    return Outcome(
        document.iri,
        True,
        focus,
        (passage.iri,),
        f"{english}; a search for {found.hyphenated} does not find it.",
        f"{norwegian}; et søk etter {found.hyphenated} finner det ikke.",
        compared,
        about,
        path=str(MSE.printed),
    )


RULE = Rule(
    "odd-dash",
    Severity.WARNING,
    "an identifier with a hyphen in it",
    "en identifikator med bindestrek",
    _check,
    file="loaders/review/identifiers/odd_dash.py",
)
