"""Words that reports print as labels, by kind and language: the one place where the report format knows words.

They are general (``Table``, ``Tabell``, ``Date``, ``Dato``), never the heading of one report. A document that uses
other words names them in ``metadata.layout``. A new language is a new line of each entry.
"""

import re
from collections.abc import Iterable
from functools import cache

CHAPTERS: dict[str, dict[str, tuple[str, ...]]] = {
    "key-messages": {
        "en": ("Key messages", "Executive summary", "Main messages"),
        "nb": ("Hovedbudskap",),
        "nn": ("Hovudbodskap",),
        "sv": ("Huvudbudskap",),
        "da": ("Hovedbudskaber",),
        "de": ("Kernaussagen", "Kernbotschaften"),
    },
    "abstract": {
        "en": ("Abstract", "Summary"),
        "nb": ("Sammendrag",),
        "nn": ("Samandrag",),
        "sv": ("Sammanfattning",),
        "da": ("Sammenfatning", "Resumé"),
        "de": ("Zusammenfassung", "Kurzfassung"),
    },
    "foreword": {
        "en": ("Foreword", "Preface"),
        "nb": ("Forord",),
        "nn": ("Føreord",),
        "sv": ("Förord",),
        "da": ("Forord",),
        "de": ("Vorwort",),
    },
    "introduction": {
        "en": ("Introduction", "Background"),
        "nb": ("Innledning", "Bakgrunn"),
        "nn": ("Innleiing", "Bakgrunn"),
        "sv": ("Inledning", "Bakgrund", "Introduktion"),
        "da": ("Indledning", "Baggrund", "Introduktion"),
        "de": ("Einleitung", "Hintergrund"),
    },
    "methods": {
        "en": ("Method", "Methods"),
        "nb": ("Metode", "Metoder"),
        "nn": ("Metode", "Metodar"),
        "sv": ("Metod", "Metoder"),
        "da": ("Metode", "Metoder"),
        "de": ("Methode", "Methoden", "Methodik"),
    },
    "results": {
        "en": ("Result", "Results", "Findings"),
        "nb": ("Resultat", "Resultater"),
        "nn": ("Resultat",),
        "sv": ("Resultat",),
        "da": ("Resultat", "Resultater"),
        "de": ("Ergebnis", "Ergebnisse"),
    },
    "discussion": {
        "en": ("Discussion",),
        "nb": ("Diskusjon",),
        "nn": ("Diskusjon",),
        "sv": ("Diskussion",),
        "da": ("Diskussion",),
        "de": ("Diskussion",),
    },
    "conclusion": {
        "en": ("Conclusion", "Conclusions"),
        "nb": ("Konklusjon", "Konklusjoner"),
        "nn": ("Konklusjon",),
        "sv": ("Slutsats", "Slutsatser"),
        "da": ("Konklusion", "Konklusioner"),
        "de": ("Fazit", "Schlussfolgerung", "Schlussfolgerungen"),
    },
    "references": {
        "en": ("References", "Reference list", "Bibliography"),
        "nb": ("Referanser", "Referanseliste", "Litteraturliste"),
        "nn": ("Referansar", "Referanseliste"),
        "sv": ("Referenser", "Referenslista"),
        "da": ("Referencer", "Referenceliste", "Litteraturliste"),
        "de": ("Literatur", "Literaturverzeichnis", "Referenzen"),
    },
}
"""Headings of the highest level, by the role of their section."""

ENTRY_KINDS: dict[str, dict[str, tuple[str, ...]]] = {
    "conference-abstract": {
        "en": ("Conference", "Abstract"),
        "no": ("Konferansebidrag",),
        "sv": ("Konferensbidrag",),
        "da": ("Konferencebidrag",),
        "de": ("Konferenzbeitrag",),
    },
    "protocol": {
        "en": ("Protocol",),
        "no": ("Studieprotokoll",),
        "sv": ("Studieprotokoll",),
        "da": ("Studieprotokol",),
        "de": ("Studienprotokoll",),
    },
    "journal-article": {
        "en": ("Journal article",),
        "no": ("Tidsskriftsartikkel",),
        "sv": ("Tidskriftsartikel",),
        "da": ("Tidsskriftartikel",),
        "de": ("Zeitschriftenartikel",),
    },
}
"""Label words of publications that say what kind of publication it is (scheme ``publication-kind``), by kind.

Of two kinds in one label the first here is meant: an abstract of a protocol is an abstract, an article that is a
protocol is a protocol.
"""


def _publications(others: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the label words of publications: those that say the kind, and ``others``, by language."""
    return {
        language: (*(w for kind in ENTRY_KINDS.values() for w in kind[language]), *more)
        for language, more in others.items()
    }


LABELS: dict[str, dict[str, tuple[str, ...]]] = {
    "table": {"en": ("Table",), "no": ("Tabell",), "sv": ("Tabell",), "da": ("Tabel",), "de": ("Tabelle",)},
    "figure": {"en": ("Figure", "Fig."), "no": ("Figur",), "sv": ("Figur",), "da": ("Figur",), "de": ("Abbildung",)},
    "appendix": {
        "en": ("Appendix", "Annex"),
        "no": ("Vedlegg",),
        "sv": ("Bilaga",),
        "da": ("Bilag",),
        "de": ("Anhang", "Anlage"),
    },
    "page": {"en": ("Page",), "no": ("Side",), "sv": ("Sida", "Sidan"), "da": ("Side",), "de": ("Seite",)},
    "continued": {
        "en": ("continued", "cont."),
        "no": ("fortsatt", "forts."),
        "sv": ("fortsättning", "forts."),
        "da": ("fortsat",),
        "de": ("Fortsetzung",),
    },
    "search-date": {
        "en": ("Date", "Date of search", "Search date", "Date searched", "Searched", "Date of last search"),
        "no": ("Dato", "Søkedato", "Dato for søk"),
        "sv": ("Datum", "Sökdatum"),
        "da": ("Dato", "Søgedato"),
        "de": ("Datum", "Suchdatum"),
    },
    "search-hits": {
        "en": ("Hits", "Results", "Number of hits", "Number of records", "Records", "Records retrieved", "References"),
        "no": ("Søketreff", "Treff", "Antall treff", "Tal på treff"),
        "sv": ("Träffar", "Antal träffar", "Sökträffar"),
        "da": ("Hits", "Antal hits", "Antal fund"),
        "de": ("Treffer", "Anzahl Treffer"),
    },
    "search-run": {"en": ("Search",), "no": ("Søk",), "sv": ("Sökning",), "da": ("Søgning",), "de": ("Suche",)},
    "registration": {
        "en": ("Registration", "Trial registration", "Study registration", "Registry record"),
        "no": ("Studieregistrering",),
        "sv": ("Studieregistrering", "Registrering"),
        "da": ("Studieregistrering", "Registrering"),
        "de": ("Studienregistrierung", "Registrierung"),
    },
    "publication": _publications(
        {
            "en": ("Article", "Publication", "Report", "Thesis"),
            "no": ("Artikkel", "Publikasjon", "Rapport"),
            "sv": ("Artikel", "Publikation", "Rapport"),
            "da": ("Artikel", "Publikation", "Rapport"),
            "de": ("Artikel", "Publikation", "Bericht"),
        }
    ),
    "description": {
        "en": ("Description", "Study description", "Description of the study"),
        "no": ("Beskrivelse", "Beskrivelse av studien"),
        "sv": ("Beskrivning", "Beskrivning av studien"),
        "da": ("Beskrivelse", "Beskrivelse af studiet"),
        "de": ("Beschreibung", "Beschreibung der Studie"),
    },
    "comment": {
        "en": ("Comment", "Comments", "Note"),
        "no": ("Kommentar", "Merknad"),
        "sv": ("Kommentar", "Anmärkning"),
        "da": ("Kommentar", "Bemærkning"),
        "de": ("Kommentar", "Anmerkung"),
    },
    "conclusion": {
        "en": ("Authors' conclusion", "Authors’ conclusion", "Authors' conclusions", "Conclusion"),
        "no": ("Forfatternes konklusjon", "Forfatternes konklusjoner"),
        "sv": ("Författarnas slutsats", "Författarnas slutsatser"),
        "da": ("Forfatternes konklusion",),
        "de": ("Schlussfolgerung der Autoren", "Fazit der Autoren"),
    },
    "publications-column": {
        "en": ("References", "Publications", "Reference"),
        "no": ("Referanser", "Publikasjoner", "Referanse"),
        "sv": ("Referenser", "Publikationer", "Referens"),
        "da": ("Referencer", "Publikationer", "Reference"),
        "de": ("Referenzen", "Publikationen", "Literatur"),
    },
    "exclusion": {
        "en": ("Exclusion", "Excluded"),
        "no": ("Eksklusjon",),
        "sv": ("Exklusion",),
        "da": ("Eksklusion",),
        "de": ("Ausschluss",),
    },
    "criterion": {
        "en": (
            *("Study design", "Design", "Population", "Patients", "Participants", "Intervention", "Comparison"),
            *("Comparator", "Control", "Outcome", "Outcomes", "Publication year", "Publication years", "Setting"),
            *("Country", "Language", "Languages", "Follow-up", "Publication type"),
        ),
        "no": (
            *("Studiedesign", "Design", "Populasjon", "Pasienter", "Tiltak", "Intervensjon", "Sammenligning"),
            *("Sammenlikning", "Kontroll", "Utfall", "Endepunkt", "Publikasjonsår", "Land/Kontekst", "Land"),
            *("Kontekst", "Setting", "Språk", "Oppfølgingstid", "Publikasjonstype"),
        ),
        "sv": (
            *("Studiedesign", "Design", "Population", "Patienter", "Intervention", "Åtgärd", "Kontroll", "Jämförelse"),
            *("Utfall", "Utfallsmått", "Publiceringsår", "Kontext", "Land", "Språk", "Uppföljningstid"),
        ),
        "da": (
            *("Studiedesign", "Design", "Population", "Patienter", "Intervention", "Sammenligning", "Komparator"),
            *("Udfald", "Effektmål", "Publikationsår", "Kontekst", "Land", "Sprog", "Opfølgningstid"),
        ),
        "de": (
            *("Studiendesign", "Design", "Population", "Patienten", "Intervention", "Vergleich", "Kontrolle"),
            *("Endpunkte", "Zielgrößen", "Publikationsjahr", "Setting", "Land", "Sprache", "Nachbeobachtung"),
        ),
    },
    "imprint": {
        "en": ("Published by", "Issued by"),
        "no": ("Utgitt av", "Utgjeve av", "Utgiver"),
        "sv": ("Utgiven av", "Utgivare"),
        "da": ("Udgivet af", "Udgiver"),
        "de": ("Herausgegeben von", "Herausgeber"),
    },
    "title": {"en": ("Title",), "no": ("Tittel",), "sv": ("Titel",), "da": ("Titel",), "de": ("Titel",)},
}
"""Label words by kind; ``no`` stands for both written forms of Norwegian."""


APPENDIX_WORDS = 10
"""Words of the longest heading of an appendix that no sign parts from its number: ``Vedlegg 1 Søkestrategier``."""


@cache
def words(kind: str) -> tuple[str, ...]:
    """Return the label words of a kind in all languages, the longest first."""
    return tuple(sorted({w for by_language in LABELS[kind].values() for w in by_language}, key=lambda w: (-len(w), w)))


def one_of(kind: str, more: Iterable[str] = ()) -> str:
    """Return a pattern that matches any word of a kind, or of ``more``."""
    extra = sorted(more, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in (*extra, *words(kind))) + ")"


def entry_kind(label: str) -> str | None:
    """Return what kind of publication an entry's label says it is, ``None`` where it does not say.

    >>> entry_kind("Journal article with protocol"), entry_kind("Trial registration"), entry_kind("Report")
    ('protocol', 'registration', None)
    """
    if re.match(rf"{one_of('registration')}\b", label, re.IGNORECASE):
        return "registration"
    for kind, by_language in ENTRY_KINDS.items():
        if any(re.search(rf"\b{re.escape(w)}\b", label, re.IGNORECASE) for some in by_language.values() for w in some):
            return kind
    return None


def chapter_role(title: str) -> str | None:
    """Return the role of a chapter heading, ``None`` where the heading is none of the known ones.

    >>> chapter_role("Methods"), chapter_role("Vedlegg 1: Søk"), chapter_role("Multippel sklerose")
    ('methods', 'appendix', None)
    """
    plain = re.sub(r"^\d+\.?\s+", "", title.strip()).rstrip(":").casefold()
    for role, by_language in CHAPTERS.items():
        if any(plain == word.casefold() for some in by_language.values() for word in some):
            return role
    if re.match(rf"{one_of('appendix')}\s*(?:\d+|[A-Z])?\s*(?:[:.–-]|$)", title.strip(), re.IGNORECASE):
        return "appendix"
    bare = re.match(rf"(?i:{one_of('appendix')})\s+(?:\d+|[A-Z])\s+[A-ZÀ-ÖØ-Þ][^.;:]*$", title.strip())
    return "appendix" if bare and title.strip()[0].isupper() and len(title.split()) <= APPENDIX_WORDS else None


def chapter_languages(title: str) -> frozenset[str]:
    """Return the languages in which ``title`` is a chapter heading.

    >>> sorted(chapter_languages("Key messages"))
    ['en']
    """
    plain = title.strip().casefold()
    return frozenset(
        language
        for by_language in CHAPTERS.values()
        for language, some in by_language.items()
        if any(plain == word.casefold() for word in some)
    )
