"""Abbreviations that end in a full stop without ending the sentence, by language (written without the last stop)."""

from functools import cache

COMMON = """
    al etc vs cf ca approx resp incl excl fig figs tab vol vols no nos nr pp p ed eds dr prof mr mrs ms st jr sr inc ltd
    co dept univ e.g i.e viz ibid et.al op.cit spp sp var ref refs eq eqs ch sec suppl
"""
BY_LANGUAGE = {
    "en": "jan feb mar apr jun jul aug sept sep oct nov dec a.m p.m u.s u.k min max wk mo yr yrs",
    "nb": """
        f.o.m t.o.m bl.a f.eks o.l o.a osv mfl m.fl m.m m.v mv dvs d.v.s ev evt evnt iht ift ihht jf jfr kap kl kgl mht
        mill mrd mnd obs pga pkt red s sa sml stk tlf tsk utg utv vedl vha årg el eks f.kr e.kr fork forts gj.sn inkl
        maks max min nv p.g.a m.h.t i.h.t s.k såk u.a hhv avd forf overs pst tidl
    """,
    "sv": """
        bl.a t.ex t.o.m fr.o.m dvs d.v.s osv o.s.v m.m m.fl m.a.o p.g.a pga s.k ev enl exkl inkl jfr kap kl mkt sid s
        f.n f.ö mån mom obs t.v tel uppl
    """,
    "da": "bl.a f.eks fx o.l osv m.fl m.m m.v mv dvs d.v.s ev evt jf jfr kap kl mht mio mia pga s hhv afd inkl ekskl",
    "de": """
        z.b bzw d.h u.a u.u usw u.s.w v.a evtl ggf inkl exkl sog s str abb bd hrsg hr fr jh kap vgl zzt zz sen jun mio
        mrd o.g i.d.r u.ä o.ä m.e s.o s.u z.t z.zt dipl med lat engl max min std bsp
    """,
    "fr": "p.ex c.-à-d env mm mme chap art éd fasc n°",
    "es": "p.ej sra dra pág págs núm art cap aprox",
    "it": "p.es ecc sig dott pag pagg art cap",
    "nl": "bijv o.a d.w.z enz blz m.b.t t.o.v i.p.v e.d hfdst",
    "fi": "esim ym yms ns mm ks vrt n s eli jne ko l nro toim",
    "pt": "p.ex sra dra pág núm art cap aprox",
}
BY_LANGUAGE["nn"] = BY_LANGUAGE["nb"]

FINAL = "etc osv usw mv m.m m.fl mfl o.l o.a jne ym ecc enz u.s.w o.s.v o.ä u.ä e.d a.m p.m inc ltd co"
"""These end a sentence as often as not: a capital after them starts the next one."""

NUMBERED = """
    no nos nr s p pp fig figs tab art vol vols kap kl cap ch sec ed st min max ms sp n l mar jun sa utg el maks pkt mo
"""
"""These are abbreviations only before a number, and not in capitals: ``no. 5``, but ``the answer is no.``, ``MS.``"""

ORDINAL = "jahrhundert jahrhunderts auflage kapitel quartal klasse lebensjahr tag woche monat jahr århundre"
"""After a number with a stop these go on with the sentence (``im 20. Jahrhundert``), as names of months do."""

BEFORE_LETTER = """
    hepatitis hepatitt vitamin type typ group gruppe grupp arm study studie part del phase fase class klasse klass
    category kategori grade grad appendix vedlegg bilaga anhang table tabell tabelle figure figur protein factor faktor
    influenza panel model modell step stage stadium schedule regime regimen level nivå point punkt
"""
"""After these a single capital with a stop is no initial, and the sentence ends (``hepatitis B.``)."""


@cache
def words(text: str) -> frozenset[str]:
    """Return the words of one of the lists above."""
    return frozenset(text.split())


def abbreviations(language: str) -> frozenset[str]:
    """Return the abbreviations of a language (BCP 47 tag); an unknown one has those that all languages share."""
    return words(COMMON) | words(BY_LANGUAGE.get(language.split("-")[0].lower(), ""))
