"""Names of journals, in full or abbreviated, folded to one key: only what has the same abbreviation is the same.

ISO 4 abbreviates each word of a title by a list (LTWA, https://www.issn.org/services/online-services/access-to-the-ltwa/),
leaves out articles, conjunctions and prepositions, and leaves a title of one word as it is. So every word is folded to
its abbreviation, word by word and in order, and keys are equal or not: a guess by common beginnings would take the
*Journal of General Psychology* for the *Journal of Genetic Psychology*. A word that is not in the list stays as it is;
then two spellings of one journal are not found equal, and two journals never are.

What stands in brackets (``Rev Neurol (Paris)``) tells journals of one name apart, so it stays in the key.
"""

import re
import unicodedata

_STOP_WORDS = "an the of and for in on to at by with from de la le les et des du der die das und fur og"
_LEFT_OUT = frozenset(_STOP_WORDS.split())
_ABBREVIATIONS = """
acad academy academic|adv advances advanced|am american|anaesth anaesthesia anaesthesiology
anal analytical analysis|anat anatomy|anesth anesthesia|anesthesiol anesthesiology|ann annals|annu annual|appl applied
arch archives archive|assoc association|aust australian|autoimmun autoimmunity autoimmune
biochem biochemistry biochemical|bioeng bioengineering|biol biology biological|biomed biomedical biomedicine
biophys biophysics biophysical|biotechnol biotechnology|br british|bull bulletin|can canadian
cardiovasc cardiovascular|cell cellular|chem chemistry|chemother chemotherapy|clin clinical clinics
cogn cognitive cognition|commun communications|comp comparative|complement complementary|contemp contemporary
crit critical|curr current|cytom cytometry|dent dental|dev development developmental
diagn diagnostic diagnosis diagnostics|dis disease diseases|disord disorders disorder
econ economics economic|educ education|eng engineering|engl england|environ environmental environment|eur european
eval evaluation|exp experimental|front frontiers|gen general|genet genetics genetic|genom genomics genomic
geriatr geriatrics geriatric|hosp hospital|hum human|immun immunity|immunother immunotherapy
infect infection infections infectious|inflamm inflammation|inform informatics|inst institute|int international
intern internal|interv intervention interventions interventional|investig investigation investigations investigative
j journal|lab laboratory|lett letters|leuk leukemia|mach machine|magn magnetic|manag management
mater materials|med medicine medical|metab metabolism metabolic|mol molecular|monit monitoring|mult multiple
nat nature|natl national|neurochem neurochemistry|neurodegener neurodegenerative neurodegeneration
neuroinflamm neuroinflammation|neurorehabil neurorehabilitation|neurosci neuroscience neurosciences
neurosurg neurosurgery|neurotherap neurotherapeutics|nurs nursing|nutr nutrition|obstet obstetrics|opin opinion
orthop orthopaedics orthopedics orthopaedic|paediatr paediatrics|pediatr pediatrics pediatric|pharm pharmacy
pharmacoecon pharmacoeconomics|phys physics|pract practice|prev prevention preventive|proc proceedings|prog progress
q quarterly|qual quality|regen regenerative regeneration|rehabil rehabilitation|relat related|rep reports report
res research|respir respiratory|rev reviews review|rheum rheumatism rheumatic|scand scandinavian
sci science sciences scientific|scler sclerosis|soc society|spectr spectrum|stat statistics|stud studies
suppl supplement|surg surgery surgical|surv survey|syst systematic systems|technol technology
ther therapy therapeutics therapies|trans transactions|transfus transfusion|transl translational
transplant transplantation|treat treatment|trop tropical|univ university|vis visual
"""
"""Abbreviation, then the English words that LTWA abbreviates so; words in other languages have others or none."""
_OLOGY = re.compile(r"(.{2,}ol)(?:ogy|ogical|ogic)")
"""LTWA: ``-ology -ol.``"""
_SHORT: dict[str, str] = {}
for _entry in _ABBREVIATIONS.strip().replace("\n", "|").split("|"):
    _abbreviation, *_words = _entry.split()
    _SHORT |= dict.fromkeys(_words, _abbreviation)
_SAME: dict[str, str] = {
    "mult scler j": "mult scler",
    "mult scler (houndmills basingstoke england)": "mult scler",
    "lancet (london england)": "lancet",
    "bmj (clinical research ed)": "bmj",
    "br med j": "bmj",
    "br med j (clinical research ed)": "bmj",
    "j am med assoc": "jama",
    "proc natl acad sci united states america": "proc natl acad sci u s a",
    "proc natl acad sci usa": "proc natl acad sci u s a",
    "proc natl acad sci": "proc natl acad sci u s a",
    "pnas": "proc natl acad sci u s a",
    "nejm": "n engl j med",
    "new engl j med": "n engl j med",
    "tidsskr nor laegeforen": "tidsskr nor legeforen",
    "tidsskrift den norske legeforening": "tidsskr nor legeforen",
    "tidsskrift den norske laegeforening": "tidsskr nor legeforen",
    "tidsskrift norske legeforening": "tidsskr nor legeforen",
    "tidsskrift norske laegeforening": "tidsskr nor legeforen",
    "j neurol neurosurg psychiatr": "j neurol neurosurg psychiatry",
}
"""Journals that changed their name, or are known by letters: each pair is one ISSN."""
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "đ": "d", "ł": "l", "þ": "th", "ð": "d"})


def folded(text: str) -> str:
    """Return a text in small letters without accents and punctuation, its words parted by single spaces.

    >>> folded("Holmøy–Müller, J."), folded("O’Byrne")
    ('holmoy muller j', 'obyrne')
    """
    small = unicodedata.normalize("NFKD", re.sub(r"['’`´]", "", text).casefold().translate(_LETTERS))
    return re.sub(r"[\W_]+", " ", "".join(c for c in small if not unicodedata.combining(c))).strip()


def journal_key(name: str) -> str | None:
    """Return the key of a journal's name, equal for its full and its abbreviated form; ``None`` where there is no name.

    >>> [journal_key(n) for n in ("Multiple Sclerosis Journal", "Mult Scler J", "The New England Journal of Medicine")]
    ['mult scler', 'mult scler', 'n engl j med']
    >>> [journal_key(n) for n in ("J. Gen. Psychol.", "Journal of Genetic Psychology", "Rev Neurol (Paris)")]
    ['j gen psychol', 'j genet psychol', 'rev neurol (paris)']
    """
    title, bracket, qualifier = name.partition("(")
    words = folded(title.replace("&", " ")).split()
    kept = [w for w in words if w not in _LEFT_OUT] or words
    if not kept:
        return None
    key = " ".join(kept if len(kept) == 1 else map(_abbreviated, kept))
    if bracket and (place := folded(qualifier)):
        key = f"{key} ({place})"
    return _SAME.get(key, key)


def _abbreviated(word: str) -> str:
    if short := _SHORT.get(word):
        return short
    match = _OLOGY.fullmatch(word)
    return match[1] if match else word
