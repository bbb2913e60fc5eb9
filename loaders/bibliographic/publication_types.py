"""Which kind of publication a work is, by the publication types of PubMed (MeSH category V) and their like elsewhere.

A work has several types; the most telling of them decides. Types that say nothing of the kind (who paid, which design)
are known without being a kind; one that is not known at all is audited. Nothing falls to a default.

Types: https://www.nlm.nih.gov/mesh/pubtypes.html
"""

from collections.abc import Sequence

from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.records import Coded

KINDS: dict[str, str] = {
    "clinical trial protocol": "protocol",
    "trial registry record": "registration",
    "practice guideline": "guideline",
    "guideline": "guideline",
    "consensus statement": "position-statement",
    "consensus development conference": "position-statement",
    "consensus development conference, nih": "position-statement",
    "systematic review": "systematic-review",
    "meeting abstract": "conference-abstract",
    "conference abstract": "conference-abstract",
    "congress": "conference-abstract",
    "newspaper article": "newspaper-article",
    "comment": "commentary",
    "commentary": "commentary",
    "editorial": "opinion",
    "review": "review-article",
    "review article": "review-article",
    "journal article": "journal-article",
    "journal article review": "review-article",
    "article": "journal-article",
    "article in press": "journal-article",
}
"""In the order in which they decide."""
_KNOWN = """
adaptive clinical trial|address|autobiography|bibliography|biography|book|book chapter|book review|case report
case reports|chapter|classical article|clinical conference|clinical study|clinical trial|clinical trial, phase i
clinical trial, phase ii|clinical trial, phase iii|clinical trial, phase iv|clinical trial, veterinary
collected work|comparative study|conference paper|conference proceeding|conference review
controlled clinical trial|corrected and republished article|data paper|dataset|dictionary|directory
duplicate publication|editorial material|electronic supplementary materials|english abstract|equivalence trial
erratum|evaluation studies|evaluation study|expression of concern|festschrift|government publication
historical article|interactive tutorial|interview|introductory journal article|lecture|legal case|legislation
letter|meta-analysis|monograph|multicenter study|network meta-analysis|news|note|observational study
observational study, veterinary|overall|patient education handout|periodical index|personal narrative|portrait
pragmatic clinical trial|preprint|published erratum|randomized controlled trial
randomized controlled trial, veterinary|research support, american recovery and reinvestment act
research support, n.i.h., extramural|research support, n.i.h., intramural|research support, non-u.s. gov't
research support, u.s. gov't, non-p.h.s.|research support, u.s. gov't, p.h.s.|research support, u.s. government
retracted|retracted publication|retraction notice|retraction of publication|scientific integrity review
scoping review|short survey|study guide|survey|technical report|twin study|validation studies|validation study
video-audio media|webcast
"""
NO_KIND = frozenset(_KNOWN.strip().replace("\n", "|").split("|"))
"""Types that are known, and that are no kind of the scheme: designs, funding, and kinds that the scheme has not."""


def kind_of(printed: Sequence[str], audit: Audit, where: str) -> Coded | None:
    """Return the kind of a work with these types, all of them as printed; ``None`` where it has none.

    >>> kind_of(["Journal Article", "Systematic Review"], Audit(), "")
    Coded(printed='Journal Article; Systematic Review', concept='systematic-review')
    """
    types = [p for p in (t.strip() for t in printed) if p]
    if not types:
        return None
    folded = {t.lower() for t in types}
    for each in types:
        if each.lower() not in KINDS and each.lower() not in NO_KIND:
            audit.tell(f"publication type={each}", where)
    return Coded("; ".join(types), next((kind for name, kind in KINDS.items() if name in folded), None))
