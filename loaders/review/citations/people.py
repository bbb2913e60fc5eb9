"""Names of people as printed, in either order, and whether two of them can be one person's."""

import re
import unicodedata
from dataclasses import dataclass

_PARTICLES = {"van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "af", "av", "le", "la", "ter", "ten"}
_INITIALS = re.compile(r"(?:[^\W\d_]\.?-?){1,4}")
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """wang li zhang chen liu yang huang zhao wu zhou xu sun ma zhu hu guo he lin lee kim park choi jung kang cho
        nguyen tran singh kumar sharma patel khan ali ahmed smith jones brown johnson williams taylor miller davis
        wilson martin garcia martinez rodriguez lopez gonzalez fernandez perez silva santos muller schmidt schneider
        fischer meyer hansen johansen olsen larsen andersen nilsen pedersen kristiansen jensen karlsen nielsen
        andersson johansson karlsson nilsson eriksson larsson olsson persson rossi tanaka suzuki sato yamamoto""",
    )
)
"""Family names shared by so many that one initial does not tell their bearers apart."""


@dataclass(frozen=True)
class Reading:
    """A way to read a name."""

    family: str
    """Small letters, without accents."""
    initials: str


def readings(name: str) -> set[Reading]:
    """Return the ways to read a name: its order is not always told by its form.

    >>> sorted((r.family, r.initials) for r in readings("GRO OWREN NYGAARD") | readings("Nygaard GO"))
    [('nygaard', 'go')]
    >>> sorted((r.family, r.initials) for r in readings("Marylee J van der Meulen"))
    [('van der meulen', 'mj')]
    """
    if "," in name:
        family, _, given = name.partition(",")
        return _read(family.split(), given.split(), name.isupper())
    words = name.replace(".", ". ").split()
    if len(words) < 2:
        return set()
    found: set[Reading] = set()
    capitals = name.isupper()
    if _is_initials(words[-1], capitals) and not _is_initials(words[0], capitals):
        found |= _read(words[:-1], words[-1:], capitals)
        if len(words) > 2 and words[0].lower() not in _PARTICLES:
            found |= _read(words[:1], words[1:], capitals)
    else:
        at = len(words) - 1
        while at > 1 and words[at - 1].lower() in _PARTICLES:
            at -= 1
        found |= _read(words[at:], words[:at], capitals)
    return found


def can_be_one(one: str, other: str) -> bool:
    """Say whether two names can be one person's: same family name, and initials of which none contradicts.

    Bearers of a very common family name must agree in two initials or more.

    >>> can_be_one("Trygve Holmøy", "Holmøy T"), can_be_one("Xin Li", "Li X"), can_be_one("Nygaard GO", "Kari Nygaard")
    (True, False, False)
    """
    for a in readings(one):
        for b in readings(other):
            if a.family != b.family or not a.initials or not b.initials:
                continue
            if a.family in _COMMON:
                if a.initials == b.initials and len(a.initials) > 1:
                    return True
            elif a.initials.startswith(b.initials) or b.initials.startswith(a.initials):
                return True
    return False


def _is_initials(word: str, capitals: bool = False) -> bool:
    """``capitals`` says whether all of the name is in capitals, where GRO is a name and GO are initials."""
    letters = re.sub(r"[.-]", "", word)
    return bool(_INITIALS.fullmatch(word)) and word == word.upper() and len(letters) <= (2 if capitals else 4)


def _read(family: list[str], given: list[str], capitals: bool) -> set[Reading]:
    initials = ""
    for word in given:
        if _is_initials(word, capitals):
            initials += re.sub(r"[.-]", "", word)
        else:
            initials += "".join(part[0] for part in word.split("-") if part)
    return {Reading(_fold(" ".join(family)), _fold(initials))} if family else set()


def _fold(text: str) -> str:
    text = text.lower()
    for letter, plain in (("ø", "o"), ("æ", "ae"), ("å", "a"), ("ß", "ss"), ("ł", "l"), ("đ", "d")):
        text = text.replace(letter, plain)
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).replace("-", " ")
