"""Names in a reference entry: personal authors (Vancouver style: surname, then initials) and groups.

Follows the author forms of *Citing Medicine*, 2nd ed. (NLM), chapter 1: ``Del Giovane C``, ``Ben-Shlomo Y``,
``von Holst A Jr``, ``et al.``, organisations as authors, persons with a group.
"""

import re
from dataclasses import dataclass

ET_AL = re.compile(r",?\s*(?:\b(?:and|og|och|und)\b\s*)?\b(?:et\.?\s?al|m\.?\s?fl|u\.\s?a|m\.\s?fl|med\s?flere)\b\.?,?")
EDITORS = re.compile(r"[,\s]+\(?(?:editors?|eds?\.?|red\.?|redaktører|redaktör(?:er)?|Hrsg\.?|Hg\.?)\)?$", re.I)
"""What says that the names before it are those of editors."""
SUFFIX = re.compile(r"\s+(?:Jr|Sr|II|III|IV|2nd|3rd|4th)\.?$")
JOIN = re.compile(r"\s*(?:,\s*(?:and|og|och|und|&)\s+|,\s*|\s(?:and|og|och|und|&)\s)")
ON_BEHALF = re.compile(
    r"[,;.]?\s*\b(?:on behalf of|for the|for|på vegne av|på vägnar av|im Namen)\b\s+(?=(?:the\s)?[A-ZÅÆØÄÖÜ])", re.I
)
ORGANISATION = re.compile(
    r"(?:group|grupp|consorti|konsorti|committee|komité|komite|kommission|commission|collaborat|society|selskap|sällskap"
    r"|gesellschaft|institut|direktorat|ministr|departement|department|council|(?<!\w)råd|agency|byrå|myndighet|verket\b"
    r"|etat\b|senter|sentre|center|centre|zentrum|centrum|organi[sz]a|organisasjon|associa|forening|förening|verein"
    r"|foundation|stiftelse|stiftung|network|nettverk|nätverk|netzwerk|universit|hospital|sykehus|sjukhus|bundesamt"
    r"|utvalg|forum|academy|akademi|college|authority|styrelse|tilsyn|investigators|trialists|service|party\b|board\b"
    r"|team\b|union\b|office\b|register\b|registret\b|registry\b|\bWHO\b|technology)",
    re.IGNORECASE,
)
PARTICLE = re.compile(
    r"^(?:von|van|de|del|della|der|den|di|da|dos|du|la|le|el|al|af|av|ten|ter|zu|zur|bin|ibn|'t)$", re.I
)


@dataclass(frozen=True)
class Names:
    """The authors of an entry as printed."""

    authors: tuple[str, ...] = ()
    et_al: bool = False
    group: str | None = None


def is_personal(name: str) -> bool:
    """Say whether ``name`` is a surname with initials after it.

    >>> [is_personal(n) for n in ("Del Giovane C", "Holmøy T", "MSBase Study Group", "Multiple sclerosis")]
    [True, True, False, False]
    """
    words = SUFFIX.sub("", name.strip()).split()
    if len(words) < 2 or len(words) > 6 or ORGANISATION.search(name):
        return False
    initials = []
    while len(words) > 1 and re.fullmatch(r"(?:[^\W\d_]\.?-?){1,4}", words[-1]) and _upper(words[-1]):
        initials.append(words.pop())
    surname = [w for w in words if not PARTICLE.match(w)]
    return bool(initials) and bool(surname) and all(_surname(w) for w in words) and any(w[0].isupper() for w in surname)


def _upper(word: str) -> bool:
    letters = re.sub(r"[\W\d_]", "", word)
    return letters == letters.upper()


def _surname(word: str) -> bool:
    if PARTICLE.match(word):
        return True
    return re.fullmatch(r"[^\W\d_]+(?:['’.\-‐-―][^\W\d_]+)*\.?", word) is not None and word[0].isupper()


def read_names(text: str) -> Names | None:
    """Return the names in ``text``, the part of an entry before its title; ``None`` if it is no such part.

    >>> read_names("Fassas A, Kazis A et al.")
    Names(authors=('Fassas A', 'Kazis A'), et_al=True, group=None)
    """
    plain = EDITORS.sub("", text.strip().rstrip(".:").strip())
    group = None
    people, semicolon, rest = plain.partition(";")
    if semicolon:
        plain, group = people.strip(), rest.strip()
    elif (
        (behalf := ON_BEHALF.search(plain))
        and read_names(plain[: behalf.start()])
        and is_group(plain[behalf.end() :].removeprefix("the "))
    ):
        plain, group = plain[: behalf.start()].rstrip(",. "), plain[behalf.end() :].removeprefix("the ").strip()
    et_al = bool(ET_AL.search(plain))
    if et_al:
        plain = ET_AL.sub("", plain)
    pieces = [p for p in JOIN.split(plain.strip(" ,")) if p]
    if not pieces:
        return None
    authors = [p for p in pieces if is_personal(p)]
    if authors != pieces[: len(authors)] or not authors:
        return None
    others = pieces[len(authors) :]
    if others:
        if group is not None or not is_group(" ".join(others)):
            return None
        group = ", ".join(others)
    return Names(tuple(authors), et_al, group)


def is_group(text: str) -> bool:
    """Say whether ``text`` names an organisation or study group: a single name, or words for one among capitals.

    >>> [is_group(t) for t in ("Helsedirektoratet", "MSBase Study Group", "Network analysis of all the care")]
    [True, True, False]
    """
    words = text.split()
    if not words or not words[0][0].isupper() or text.endswith("?"):
        return False
    if len(words) == 1:
        return True
    long = [w for w in words if len(w) > 3]
    capitals = sum(w.strip("(")[:1].isupper() for w in long)
    return ORGANISATION.search(text) is not None and (len(words) <= 5 or capitals * 2 >= len(long))
