"""Words of the layout of journal articles, in the languages of ``metadata.yaml``: headings, labels, imprints."""

import re

from msevidence.loaders.printed_dates import find_date

REFERENCE_HEADINGS = frozenset(
    {
        *("references", "reference list", "literature", "literature cited", "bibliography", "works cited"),
        *("cited literature", "references and notes", "notes and references", "literature references"),
        *("källor", "källförteckning", "kildeliste", "litteraturhenvisninger", "litteraturreferanser", "referansar"),
        *("referenzen", "schrifttum", "literaturangaben", "quellenverzeichnis"),
        *(
            "litteratur",
            "litteraturliste",
            "referanser",
            "referanseliste",
            "kilder",
            "referencer",
            "litteraturfortegnelse",
        ),
        *("referenser", "referenslista", "litteraturförteckning", "literatur", "literaturverzeichnis", "quellen"),
        *("références", "bibliographie", "referencias", "bibliografía", "bibliografia", "riferimenti bibliografici"),
        *("referenties", "literatuur", "literatuurlijst", "kirjallisuus", "kirjallisuutta", "viitteet", "referências"),
    }
)
ABSTRACT_HEADINGS = frozenset(
    {
        *("abstract", "summary", "sammendrag", "samandrag", "sammanfattning", "resumé", "resume", "zusammenfassung"),
        *("résumé", "resumen", "riassunto", "samenvatting", "tiivistelmä", "resumo"),
        *("key messages", "key points", "hovedbudskap", "hovudbodskap", "hovedfunn", "huvudbudskap", "kernaussagen"),
    }
)
INTEREST_HEADINGS = frozenset(
    {
        *("conflict of interest", "conflicts of interest", "competing interests", "declaration of interests"),
        *("conflict of interests", "conflict of interest statement", "declaration of competing interest"),
        *("declaration of competing interests", "competing interest", "declarations of interest"),
        *("potentiella bindningar eller jävsförhållanden", "jävsförhållanden", "bindningar"),
        *(
            "disclosure",
            "disclosures",
            "interessekonflikt",
            "interessekonflikter",
            "oppgitte interessekonflikter",
            "habilitet",
        ),
        *(
            "intressekonflikt",
            "intressekonflikter",
            "jäv",
            "interessenkonflikt",
            "interessenkonflikte",
            "conflits d'intérêts",
        ),
    }
)
SECTION_HEADINGS = frozenset(
    {
        *(
            "introduction",
            "background",
            "methods",
            "material and methods",
            "materials and methods",
            "results",
            "discussion",
        ),
        *("conclusion", "conclusions", "acknowledgements", "innledning", "innleiing", "bakgrunn", "metode", "metoder"),
        *("materiale og metode", "resultat", "resultater", "diskusjon", "konklusjon", "inledning", "bakgrund", "metod"),
        *("material och metod", "diskussion", "slutsats", "slutsatser", "indledning", "baggrund", "konklusion"),
        *("einleitung", "einführung", "hintergrund", "methoden", "methodik", "ergebnisse", "schlussfolgerung", "fazit"),
        *(
            "introducción",
            "métodos",
            "resultados",
            "discusión",
            "méthodes",
            "résultats",
            "johdanto",
            "menetelmät",
            "tulokset",
        ),
    }
)
KNOWN_HEADINGS = ABSTRACT_HEADINGS | INTEREST_HEADINGS | SECTION_HEADINGS
TABLE_WORDS = r"Table|Tab\.|Tabell|Tabelle|Tabel|Tableau|Tabla|Tabella|Tabela|Taulukko"
FIGURE_WORDS = r"Figure|Figur|Fig\.|Abbildung|Abb\.|Figura|Figuur|Kuva|Bild"

DECLARES = re.compile(
    r"ICMJE|conflicts?\sof\sinterests?|competing\sinterests?|interessekonflikt|intressekonflikt|interessenkonflikt|\bjäv\b"
    r"|habilitet|conflits?\sd.intérêts?|conflictos?\sde\sinter[eé]s",
    re.I,
)
ABOUT_AUTHOR = re.compile(
    r"(?:The\sauthors?|She|He|They|Forfatter(?:en|ne)|Hun|Han|Hen|De|Författar(?:en|na)|Hon|Der\sAutor|Die\sAutorin|Sie|Er|L.auteure?)\b"
)
AND = re.compile(r"\s*[,;]\s*(?:(?:and|og|och|und|et|y|&)\s+)?|\s+(?:and|og|och|und|et|y|&)\s+")

DATE_WORDS = {
    "received": r"received|submitted|mottatt|motteke|inkom(?:men|met)?|modtaget|eingegangen|reçu|recibido|ontvangen",
    "revised": r"(?:first\s|last\s)?revision\s(?:submitted|received)|revised|revidert|(?:første\s)?revisjon\sinnsendt"
    r"|reviderad|revideret|überarbeitet|révisé|revisado",
    "accepted": r"accepted|godkjent|akseptert|antatt|godkänd|accepterad|antagen|accepteret|angenommen|akzeptiert"
    r"|accepté|aceptado",
    "published": r"published(?:\sonline)?|publisert|publicerad|publiceret|(?:online\s)?veröffentlicht|publié|publicado",
    "copied": r"downloaded|lastet\sned|nedlastet|nedladdad|hämtad|downloadet|heruntergeladen|téléchargé|descargado",
}
"""Keys of ``FrontMatter.dates`` and the words printed before the date."""
DATE_WORD = re.compile("|".join(rf"(?P<{key}>\b(?:{words})\b)" for key, words in DATE_WORDS.items()), re.I)
IMPRINT_WORD = re.compile(
    r"\s*(?:copyright\b|©|\(c\)\s|doi\s?:|(?:https?://)?(?:dx\.)?doi\.org/|(?:citation|cite\sas|sitering|correspondence"
    r"|citera\ssom|zitierweise|\*?\s?correspondence(?:\s(?:to|author|address))?|corresponding\sauthor|korrespondanse"
    r"|korrespondens|korrespondenz(?:adresse|autor)?|e-?mail|e-?post|key\s?words|nøkkelord|stikkord|emneord|nyckelord"
    r"|sökord|schlüsselwörter|schlagwörter|mots-clés|palabras\sclave)\s?:)",
    re.I,
)


JOURNAL_LINE = re.compile(
    r"[A-ZÅÆØÄÖÜ][^.;:!?]{2,80}?(?:[.,]?\s(?:19|20)\d\d(?:\s\w{3,4})?;\s?\d+(?:\s?\([\w ]+\))?(?::\s?[\w–-]+)?"
    r"|\svolume\s\d+,[^.;]{0,60}\((?:19|20)\d\d\))\.?"
)
"""The journal's name with year and volume, as it stands at the head of a page: ``J Test 2020;12:34-8``."""


def is_imprint(text: str) -> bool:
    """Say whether a line is one of the imprint: a date word with its date, a DOI, a copyright, an address of letters.

    >>> [is_imprint(t) for t in ("Received 9.11.2023.", "Publisert: 2024", "Published in 2015, the trial was small.")]
    [True, True, False]
    """
    if len(text) > 400:
        return False
    if IMPRINT_WORD.match(text) or JOURNAL_LINE.fullmatch(text):
        return True
    word = DATE_WORD.match(text)
    if word is None:
        return False
    try:
        found = find_date(text, word.end())
    except ValueError:  # a date all the same: the reader of the imprint says what is wrong with it
        return True
    if found is None:
        return False
    between = text[word.end() : found[1]]
    return not re.search(r"\w", between) and (":" in between or len(found[0].value) == 10)


def heading_key(text: str) -> str:
    """Return a heading in the form in which the lists above hold it: without number, markup, colon and capitals.

    >>> heading_key("4. REFERENCES:")
    'references'
    """
    return re.sub(r"^\d+(?:\.\d+)*\.?\s+", "", text.strip(" *#_:")).strip().casefold()
