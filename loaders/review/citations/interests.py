"""interest-on-path: an interest of an author that touches a study, a product or a treatment that the document is about.

Interests are the sentences beside the text (biographies, declarations, notes) that name a study, a company, a product,
a patent or a post; what a curator recorded of them adds which study of the catalogue they mean.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import RDFS

from msevidence.loaders.review.outcome import Compared, NotApplicable, Outcome, Rule, Severity
from msevidence.loaders.review.view import Document, Passage, View
from msevidence.ontology.namespaces import MSE

_SECTION = re.compile(r"competing|conflicts? of|declarations? of|disclosure|interessekonflikt|habilitet|oppgitte", re.I)
_ROLE = re.compile(
    r"\b(?:leads?|heads?|chairs?|manages?|(?:project )?manager|(?:principal |chief |co-?)?investigator|steering|serves?"
    r"|member|partner|involved|participate[sd]?|consultant|adviser|advisory|employ(?:ee|ed)|founder|owner|stocks?"
    r"|shares?|patents?|inventors?|royalties|fees?|honorari\w*|grants?|funding|received|board"
    r"|leder|prosjektleder|medlem|deltar|deltatt|styringsgruppe\w*|ansatt|gründer|aksjer|patent(?:er)?|honorar\w*"
    r"|forelesningshonorar|mottatt|hovedutprøver|utprøver)\b",
    re.IGNORECASE,
)
_OWNED = re.compile(r"\b(?:patents?|inventors?|royalties|stocks?|shareholder|patenter|aksjer|oppfinner)\b", re.I)
_NONE = re.compile(
    r"\b(?:no|any|without) (?:\w+ )?(?:conflicts?|competing|interests?)\b"
    r"|\b(?:conflicts? of|competing) interests?:? none\b|\bingen (?:\w+ )?interesse(?:konflikter|r)\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:all|the) (?:other|remaining) authors?\b|\b(?:de )?(?:øvrige|andre) forfatter", re.IGNORECASE
)
"""Those of whom something is not declared by the sentence before."""
_STUDY = re.compile(
    r"\b(?:[A-ZÆØÅ][\w]*[A-ZÆØÅ0-9][\w]*(?:-[A-Z0-9][\w]*)*|[A-ZÆØÅ]{2,}(?:-[A-Z0-9]+)*)\b"
    r"(?=(?: (?!of\b|for\b|in\b)\w+){0,2} (?:study|trial|project|studien|forsøket|prosjektet))"
    r"|(?<=study )[A-Z][\w]*[A-Z0-9][\w-]*|(?<=studien )[A-Z][\w]*[A-Z0-9][\w-]*"
)
"""Short name of a study, with the word that says that it is one."""
_PRODUCT = re.compile(
    r"\b[a-zæøå]{3,}(?:[mz]umab|[ltx]izumab|r?elizumab|imab|tuzumab|mab|tinib|imod|ciclib|parib|gliptin|gliflozin|statin"
    r"|sartan|prazole?|mycin|cillin|floxacin|vir|platin|taxel|xaban|gatran|glutide|cept|leukin|tide|ribine|phosphamide"
    r"|trexate|fumarate?)\b"
)
"""Name of a medicine, by the stems of the International Nonproprietary Names."""
_NO_PRODUCT = re.compile(r"(?:con|inter|ac|ex|per|pre)cept|\w*(?:pep|nucleo)tide|riptide")
"""Words that end as one does."""
_STOP = {
    *("a", "an", "and", "the", "of", "for", "in", "on", "to", "with", "or", "from", "by", "at", "is", "are", "be"),
    *(
        "should",
        "new",
        "study",
        "trial",
        "effect",
        "og",
        "i",
        "på",
        "av",
        "ved",
        "til",
        "er",
        "bør",
        "studie",
        "effekt",
    ),
}
"""Words that a run of shared words neither begins nor ends with."""
_BODY = ("sentence", "list-item", "table-cell", "table-header")


@dataclass(frozen=True)
class Touch:
    """What an interest and the text have in common."""

    english: str
    norwegian: str
    passages: tuple[Passage, ...]
    """Of the text."""
    about: tuple[str, ...] = ()


def interests(document: Document) -> list[Passage]:
    """Return the passages beside the text that name an interest or a post of an author."""
    found = []
    for passage in document.passages:
        beside = passage.kind == "front-matter" or (passage.kind == "footnote" and not passage.section)
        declared = any(_SECTION.search(t) for t in document.section_titles(passage)) and passage.kind != "heading"
        if (beside or declared) and (_ROLE.search(passage.text) or _NONE.search(passage.text)):
            found.append(passage)
    return found


def products(text: str) -> set[str]:
    """Return the medicines that a text names.

    >>> products("Fees for ocrelizumab; a grant to study the concept")
    {'ocrelizumab'}
    """
    return {p for p in _PRODUCT.findall(text.lower()) if not _NO_PRODUCT.fullmatch(p)}


def _check(view: View) -> Iterator[Outcome | NotApplicable]:
    for document in view.documents:
        named = interests(document)
        text = [p for p in document.passages if p.kind in _BODY and p not in named]
        for passage in named:
            if _NONE.search(passage.text):
                yield _none_declared(document, passage, named)
            else:
                yield _outcome(document, passage, list(_touches(document, passage, text)))


def _touches(document: Document, passage: Passage, text: list[Passage]) -> Iterator[Touch]:
    """Yield what an interest has in common with the text: studies, companies that run them, products."""
    for name in sorted(set(_STUDY.findall(passage.text))):
        speaking = tuple(p for p in text if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", p.text))
        if speaking:
            yield Touch(f"the study {name}", f"studien {name}", speaking)
    for product in sorted(products(passage.text)):
        speaking = tuple(p for p in text if re.search(rf"\b{product}", p.text, re.IGNORECASE))
        if speaking:
            yield Touch(f"the product {product}", f"produktet {product}", speaking)
    if _OWNED.search(passage.text):
        shared = _title_words(document, passage.text)
        if shared:
            about, handler_om = f"what the document is about ({shared})", f"det dokumentet handler om ({shared})"
            yield Touch(about, handler_om, tuple(_title(document)))
    for interest in document.things.pointing(MSE.statedIn, passage.iri):
        if interest.is_a(MSE.InterestDeclaration):
            yield from _curated(document, interest.values(MSE.concernsStudy), interest.values(MSE.organisation))


def _curated(document: Document, studies: list[str], organisations: list[str]) -> Iterator[Touch]:
    """Yield the studies that a curated interest names or whose registered sponsor it names, and claims speak of."""
    things = document.things
    named = [things.get(o) for o in organisations]
    sponsors = {n.lower() for o in named for n in o.values(MSE.name) + o.values(RDFS.label)}
    for study in sorted({s for c in document.of(MSE.Claim) for s in c.values(MSE.about)}):
        thing = things.get(study)
        if not thing.is_a(MSE.Study):
            continue
        wholes = {study, *thing.values(MSE.partOf)}
        run = sorted({s for r in thing.all(MSE.registeredAs) for s in r.values(MSE.sponsor) if s.lower() in sponsors})
        if not wholes & set(studies) and not run:
            continue
        claims = [c for c in document.of(MSE.Claim) if study in c.values(MSE.about)]
        passages = tuple(dict.fromkeys(p for c in claims for p in document.stated(c)))
        label = thing.value(RDFS.label) or study
        english, norwegian = f"the study {label}", f"studien {label}"
        if run and not wholes & set(studies):
            english, norwegian = f"{english}, which {run[0]} runs", f"{norwegian}, som {run[0]} står for"
        yield Touch(english, norwegian, passages, (study, *(c.iri for c in claims)))


def _outcome(document: Document, passage: Passage, touches: list[Touch]) -> Outcome:
    about = tuple(dict.fromkeys(i for t in touches for i in t.about))
    if not touches:
        return Outcome(document.iri, False, passage.iri, (passage.iri,))
    speaking = sorted({p for t in touches for p in t.passages}, key=lambda p: p.ordinal)
    english = " and ".join(dict.fromkeys(t.english for t in touches))
    norwegian = " og ".join(dict.fromkeys(t.norwegian for t in touches))
    many = f" ({len(speaking)} passages speak of it)" if len(speaking) > 1 else ""
    mange = f" ({len(speaking)} tekststeder omtaler det)" if len(speaking) > 1 else ""
    return Outcome(
        document.iri,
        True,
        passage.iri,
        (passage.iri, *(p.iri for p in speaking)),
        f"An interest or post that the document names concerns {english}, which the text speaks of{many}.",
        f"En interesse eller et verv som dokumentet oppgir, gjelder {norwegian}, som teksten omtaler{mange}.",
        (Compared("interest", "interesse", passage.text, passage.iri),),
        about,
    )


def _none_declared(document: Document, passage: Passage, named: list[Passage]) -> Outcome:
    """Compare a declaration of no interests with the posts that the same biography names."""
    same = [p for p in named if p != passage and (p.section, p.paragraph) == (passage.section, passage.paragraph)]
    posts = [(p, _title_words(document, p.text)) for p in same if passage.paragraph is not None]
    posts = [(p, words) for p, words in posts if words]
    if not posts or _OTHERS.search(passage.text):
        return Outcome(document.iri, False, passage.iri, (passage.iri,))
    words = ", ".join(dict.fromkeys(w for _, w in posts if w))
    return Outcome(
        document.iri,
        True,
        passage.iri,
        tuple(p.iri for p in sorted({passage, *(p for p, _ in posts), *_title(document)}, key=lambda p: p.ordinal)),
        f"No conflict of interest is declared, and the same person has a post in what the document is about: {words}.",
        f"Ingen interessekonflikt er oppgitt, og samme person har et verv i det dokumentet handler om: {words}.",
        tuple(Compared("post", "verv", p.text, p.iri) for p, _ in posts),
    )


def _title(document: Document) -> list[Passage]:
    return [p for p in document.passages if p.text == document.title][:1]


def _title_words(document: Document, text: str) -> str | None:
    """Return the longest run of two or more words that a text shares with the title of the document."""
    title, words = ([w.lower() for w in re.findall(r"[\w-]+", t)] for t in (document.title, text))
    best: list[str] = []
    for i in range(len(title)):
        for j in range(i + 2, len(title) + 1):
            run = title[i:j]
            if run[0] in _STOP or run[-1] in _STOP or len(run) <= len(best):
                continue
            if any(words[k : k + len(run)] == run for k in range(len(words) - len(run) + 1)):
                best = run
    return " ".join(best) or None


RULE = Rule(
    "interest-on-path",
    Severity.NOTE,
    "declared interests, or posts of its authors",
    "oppgitte interesser, eller verv forfatterne har",
    _check,
    file="loaders/review/citations/interests.py",
)
