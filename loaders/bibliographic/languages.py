"""Languages as bibliographic services name them: codes of three letters (MARC, ISO 639-2), of two, or English names."""

from msevidence.loaders.exports.fields import Audit

_TAGS = """
afr af Afrikaans|alb sq Albanian|ara ar Arabic|arm hy Armenian|aze az Azerbaijani|bos bs Bosnian|bul bg Bulgarian
cat ca Catalan|chi zh Chinese|cze cs Czech|dan da Danish|dut nl Dutch|eng en English|est et Estonian|fin fi Finnish
fre fr French|geo ka Georgian|ger de German|gre el Greek|heb he Hebrew|hrv hr Croatian|hun hu Hungarian
ice is Icelandic|ind id Indonesian|ita it Italian|jpn ja Japanese|kor ko Korean|lat la Latin|lav lv Latvian
lit lt Lithuanian|mac mk Macedonian|may ms Malay|nob nb Bokmål|nno nn Nynorsk|nor no Norwegian|per fa Persian
pol pl Polish|por pt Portuguese|rum ro Romanian|rus ru Russian|scc sr Serbian|slo sk Slovak|slv sl Slovenian
spa es Spanish|srp sr Serbian|swe sv Swedish|tha th Thai|tur tr Turkish|ukr uk Ukrainian|vie vi Vietnamese
wel cy Welsh|zho zh Chinese|deu de German|fra fr French|nld nl Dutch|ces cs Czech|ell el Greek|fas fa Persian
isl is Icelandic|ron ro Romanian|slk sk Slovak|sqi sq Albanian|hye hy Armenian|kat ka Georgian|mkd mk Macedonian
"""
_TAG_OF: dict[str, str] = {}
for _entry in _TAGS.replace("\n", "|").split("|"):
    if _entry:
        _code, _tag, _name = _entry.split()
        _TAG_OF |= {_code: _tag, _tag: _tag, _name.lower(): _tag}
NOT_ONE = frozenset({"mul", "und", "multiple languages", "undetermined", "unknown", "zxx", "mis"})
"""What says that there are several languages, or that nobody knows: no language of a title."""


def language_tag(printed: str, audit: Audit, where: str) -> str | None:
    """Return the BCP 47 tag of a language; one that is not known is audited.

    >>> audit = Audit()
    >>> [language_tag(p, audit, "") for p in ("eng", "German", "nb-NO", "mul", "Klingon")], list(audit.unknown)
    (['en', 'de', 'nb', None, None], ['language=Klingon'])
    """
    text = printed.strip().lower().rstrip(".")
    tag = _TAG_OF.get(text) or _TAG_OF.get(text.replace("_", "-").partition("-")[0])
    if tag is None and text and text not in NOT_ONE:
        audit.tell(f"language={printed.strip()}", where)
    return tag
