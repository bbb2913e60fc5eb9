"""Pull quotes, compared with the sentence of the text that each of them repeats."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from msevidence.loaders.review.outcome import Compared, Outcome, Rule, Severity
from msevidence.loaders.review.view import Document, Passage, View
from msevidence.ontology.namespaces import MSE

ALIKE = 0.7
"""Share of the words of a quote that a sentence must have, in their order, to be the one that it repeats."""
_WORD = re.compile(r"\w+(?:[-'’.,]\w+)*\s?%?")
_MARKER = re.compile(r"\s?(?:\[\d[\d,;–\s-]*\]|\(\d[\d,;–\s-]*\))")
_QUALIFIERS = (
    *("for", "in", "among", "with", "without", "if", "when", "unless", "until", "although", "though", "but", "except"),
    *("only", "some", "many", "most", "certain", "selected", "may", "might", "could", "can", "probably", "possibly"),
    *("likely", "unlikely", "perhaps", "approximately", "about", "around", "not", "no", "never", "nor", "than"),
    *("compared", "versus", "after", "before", "during", "younger", "older", "patients", "at", "up", "however", "yet"),
    *("seems", "appears", "suggests", "opinion", "partly", "mainly", "generally", "often", "usually", "risk", "under"),
    *("i", "hos", "blant", "med", "uten", "hvis", "dersom", "når", "selv", "men", "unntatt", "bare", "kun", "noen"),
    *("mange", "fleste", "enkelte", "utvalgte", "kan", "kunne", "trolig", "muligens", "kanskje", "omtrent", "cirka"),
    *(
        "ikke",
        "ingen",
        "aldri",
        "enn",
        "sammenlignet",
        "etter",
        "før",
        "yngre",
        "eldre",
        "pasienter",
        "inntil",
        "imidlertid",
    ),
    *(
        "ser",
        "synes",
        "tyder",
        "delvis",
        "særlig",
        "ofte",
        "vanligvis",
        "risiko",
        "risikoen",
        "ved",
        "forutsatt",
        "mening",
    ),
)
"""Words that say of whom, when, how surely or against what something holds."""
_LIGHT = (
    "the",
    "a",
    "an",
    "and",
    "or",
    "that",
    "this",
    "of",
    "to",
    "is",
    "are",
    "we",
    "it",
    "og",
    "som",
    "at",
    "det",
    "den",
)


def _words(text: str) -> list[str]:
    return [m[0].strip() for m in _WORD.finditer(_MARKER.sub("", text))]


def differences(quote: str, sentence: str) -> tuple[list[str], list[tuple[str, str]]]:
    """Return what a quote leaves out of a sentence, and what it has instead of other words of it.

    >>> differences("It is highly effective", "It is highly effective for mild disease, and the risk is small (6).")
    (['for mild disease and the risk is small'], [])
    >>> differences("It is very effective", "It is fairly effective.")
    ([], [('very', 'fairly')])
    """
    one, two = _words(quote), _words(sentence)
    matcher = SequenceMatcher(None, [w.casefold() for w in one], [w.casefold() for w in two], autojunk=False)
    dropped, changed = [], []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "delete" or tag == "replace":
            changed.append((" ".join(one[a:b]), " ".join(two[c:d])))
        elif tag == "insert":
            dropped.append(" ".join(two[c:d]))
    return dropped, changed


def qualifies(words: str) -> bool:
    """Say whether words that are left out narrow what the rest says, or say how sure it is.

    >>> qualifies("for relapsing MS"), qualifies("Therefore"), qualifies("10 %")
    (True, False, True)
    """
    return any(w.casefold() in _QUALIFIERS or w[0].isdigit() for w in _words(words))


def _sentence(document: Document, quote: Passage) -> Passage | None:
    for path in (MSE.shortens, MSE.repeats):
        for iri in quote.thing.values(path):
            if iri in document.by_iri:
                return document.by_iri[iri]
    wanted = [w.casefold() for w in _words(quote.text)]
    best: tuple[float, Passage] | None = None
    for passage in document.passages:
        if passage.kind not in ("sentence", "list-item", "table-cell") or passage.language != quote.language:
            continue
        matcher = SequenceMatcher(None, wanted, [w.casefold() for w in _words(passage.text)], autojunk=False)
        share = sum(block.size for block in matcher.get_matching_blocks()) / max(len(wanted), 1)
        if share >= ALIKE and (best is None or share > best[0]):
            best = (share, passage)
    return best[1] if best else None


def _check(view: View) -> Iterator[Outcome]:
    for document in view.documents:
        for quote in document.passages:
            if quote.kind != "pull-quote":
                continue
            sentence = _sentence(document, quote)
            if sentence is None:  # words that the text does not have: there is nothing to compare with
                continue
            yield _outcome(view, document, quote, sentence)


def _outcome(view: View, document: Document, quote: Passage, sentence: Passage) -> Outcome:
    dropped, changed = differences(quote.text, sentence.text)
    dropped = [d for d in dropped if not all(w.casefold() in _LIGHT for w in _words(d))]
    if not dropped and not changed:
        return Outcome(document.iri, False, quote.iri, (quote.iri, sentence.iri))
    narrowing = [d for d in dropped if qualifies(d)]
    en, nb = [], []
    if dropped:
        words = "”, “".join(dropped)
        en.append(f"leaves out “{words}”" + (", which qualifies what it says" if narrowing else ""))
        nb.append(f"utelater «{words.replace('”, “', '», «')}»" + (", som avgrenser det det sier" if narrowing else ""))
    for quoted, printed in changed:
        en.append(f"has “{quoted}” where the sentence has {f'“{printed}”' if printed else 'nothing'}")
        nb.append(f"har «{quoted}» der setningen har {f'«{printed}»' if printed else 'ingenting'}")
    return Outcome(
        document.iri,
        True,
        quote.iri,
        tuple(view.passages_in_order((quote.iri, sentence.iri))),
        f"The pull quote {'; and it '.join(en)}.",
        f"Det uthevede sitatet {'; og det '.join(nb)}.",
        (
            Compared("the pull quote", "det uthevede sitatet", quote.text, quote.iri),
            Compared("the sentence", "setningen", sentence.text, sentence.iri),
        ),
        severity=None if narrowing or changed else Severity.NOTE,
    )


RULE = Rule(
    "pull-quote-drops-words",
    Severity.WARNING,
    "a pull quote that repeats a sentence of the text",
    "et uthevet sitat som gjentar en setning i teksten",
    _check,
    file="loaders/review/texts/pull_quotes.py",
)
