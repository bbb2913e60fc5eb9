"""What a section does in its document, told by its heading where nothing else says so (IMRaD and its translations)."""

import re

_WORDS = {
    "key-messages": "key messages|key points|hovedbudskap|hovedfunn|nøkkelbudskap|main messages",
    "abstract": "abstract|summary|executive summary|sammendrag|sammanfattning|resumé|plain language summary",
    "foreword": "foreword|preface|forord|förord",
    "introduction": "introduction|background|innledning|bakgrunn|inledning|bakgrund|baggrund|indledning",
    "methods": (
        "methods?|materials? and methods?|methods? and materials?|patients and methods|methodology|metoder?|metode og"
        " materiale|materiale og metode|material och metod"
    ),
    "results": "results?|findings|resultat(?:er)?|funn|fund",
    "discussion": "discussion|diskusjon|diskussion|drøfting",
    "conclusion": "conclusions?|concluding remarks|konklusjon(?:er)?|slutsats(?:er)?|konklusion(?:er)?",
    "references": "references|literature|bibliography|referanser|litteratur(?:liste)?|referenser|referencer",
    "appendix": "(?:appendix|appendices|supplementary|vedlegg|bilaga|bilag|annex)\\b.*",
}
_PATTERNS = {role: re.compile(rf"(?:\d+(?:\.\d+)*\.?\s+)?(?:{words})", re.I) for role, words in _WORDS.items()}


def role_of(heading: str) -> str | None:
    """Return the concept of the scheme section-role that a heading tells, ``None`` where it tells none.

    >>> role_of("2. Materials and methods"), role_of("Vedlegg 1: Søkestrategi"), role_of("Stem cells")
    ('methods', 'appendix', None)
    """
    text = heading.strip().rstrip(":").strip()
    return next((role for role, pattern in _PATTERNS.items() if pattern.fullmatch(text)), None)
