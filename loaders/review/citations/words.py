"""General words, English and bokmål, that show what a sentence is: a judgement, an opinion, about others' work."""

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


OWN_WORK = _any(
    r"\b(?:we|our|ours|us)\b",
    r"\b(?:this|the present|the current|the included) "
    r"(?:\w+ )?(?:study|studies|trials?|report|review|analysis|paper|article|manuscript|assessment|work|series)\b",
    r"\bincluded (?:studies|trials|articles|publications|patients|participants)\b",
    r"\b(?:vi|oss|vår|våre|vårt)\b",
    r"\bdenne (?:\w+ )?(?:studien|rapporten|kartleggingen|metodevurderingen|oversikten|artikkelen|gjennomgangen)\b",
    r"\binkluderte (?:studi|artik|publikasj|pasient|deltak)\w+",
    r"\bcommission(?:ed)? (?:by|from)\b|\b(?:i|på) oppdrag\b|\boppdraget\b",
)
"""Words of a sentence that tells of the document's own work."""

OTHERS_WORK = _any(
    r"\b(?:previous|earlier|prior|other|another|recent|several|some|many|observational|large|small|older|newer|one|an?)"
    r" (?:[\w-]+ ){0,4}(?:study|studies|trials?|reviews?|surveys?|reports?|meta-analys[ei]s|cohorts?|regist(?:ry|ries)"
    r"|guidelines?|authors?)\b",
    r"\bet al\b|\baccording to\b|\b(?:has|have) been (?:reported|shown|estimated|described)\b|\b(?:is|are) estimated\b",
    r"\bworldwide\b|\bgeneral population\b|\b(?:prevalence|incidence) (?:of|in|is|was)\b|\bliterature\b|\bevery year\b",
    r"\b(?:tidligere|andre|nyere|flere|noen|mange|store|små|en|ei|et)"
    r" (?:[\w-]+ ){0,3}\w*(?:studi(?:e|er)|forsøk|oversikt(?:er)?|undersøkelser?|rapport(?:er)?|metaanalyser?"
    r"|registre|retningslinjer?|forfattere)\b",
    r"\bifølge\b|\ber (?:rapportert|vist|anslått|beskrevet)\b|\banslås\b|\bpå verdensbasis\b|\bforekomst(?:en)?\b"
    r"|\blitteratur(?:en)?\b|\bbefolkningen\b|\bhvert år\b",
)
"""Words of a sentence that tells of the world, or of the work of others."""

LEANING = _any(
    r"(?:however|moreover|also|in addition|furthermore|thus|hence|therefore|for example|for instance|here|likewise"
    r"|similarly|in particular)\b",
    r"that\b|(?:\w+ ){0,2}(?:this|these|those|it|its|they|their|such|both|he|she|former|latter)\b",
    r"(?:(?:in|of|among|after|during|for|at|to|with|from|by) )?the\b",
    r"(?:imidlertid|dessuten|i tillegg|også|videre|dermed|derfor|for eksempel|særlig|likevel|her)\b",
    r"(?:\w+ ){0,2}(?:dette|disse|denne|det|den|de|deres|slik|slike|begge)\b",
    r"(?:(?:i|av|blant|etter|under|for|ved|til|med|fra) )?(?:[a-zæøå-]{4,}(?:ene|ane)|[a-zæøå-]{6,}(?:en|et))\b",
)
"""The beginning of a sentence that leans on the one before it."""

_TREATMENT = r"(?:treatment|therapy|therapies|choice|option|alternative|outcomes?|results?|survival|tolerated|efficacy)"
_SIZE = r"(?:good|better|best|dramatic|marked|convincing|considerable|no|poor|poorer|clear)"
_STORRELSE = r"(?:god|gode|bedre|best|beste|stor|liten|ingen|dårlig|dårligere|tydelig|klar)"
JUDGEMENT = _any(
    r"\b(?:cost-?)?(?:in|un)?effective\b|\befficacious\b|\b(?:un)?safer?\b|\bsafest\b|\bsuperior\b|\b(?:non-?)?inferior\b",
    r"\bbeneficial\b|\bharmful\b|\bharmless\b|\bwell[- ]tolerated\b|\brisk(?:y|ier)\b|\bdangerous\b|\bcurative\b",
    r"\b(?:effects?|efficacy|results?|evidence|benefits?|improvements?|responses?) (?:is|was|are|were|has been) "
    r"(?:most|more|less|least|very|quite|rather)? ?(?:convincing|pronounced|marked|impressive|promising|disappointing"
    r"|dramatic|strong(?:er|est)?|weak(?:er|est)?|large(?:r|st)?|small(?:er|est)?|good|better|best|poor(?:er|est)?)\b",
    rf"\b(?:better|worse) than\b|\b(?:better|best|worse|worst) {_TREATMENT}\b|\bfunctions? better\b",
    rf"\b{_SIZE} (?:[\w-]+ )?(?:effects?|efficacy|safety)\b|\b(?:effect|efficacy|safety) (?:is|was|are) {_SIZE}\b",
    r"\b(?:low|high|minimal|acceptable|unacceptable|negligible|higher|lower|greater|favou?rable) (?:[\w-]+ )?risks?\b",
    r"\brisks?\b[^.;]{0,60}\b(?:is|are) (?:[\w-]+ (?:and )?)?(?:low|high|acceptable|unacceptable|negligible|minimal)\b",
    r"\bacceptable (?:risk|safety)\b|\boutweighs?\b",
    r"\bsignificant(?:ly)? (?:[\w-]+ ){0,2}"
    r"(?:improv|reduc|increas|decreas|better|worse|lower|higher|fewer|differen)\w*",
    r"\b(?:considerable|marked|dramatic|substantial|clear) (?:improvement|reduction|increase|decrease|difference)s?\b",
    r"\b(?:improves?|reduces?|increases?|prevents?|prolongs?|inhibits?|lowers?|delays?|worsens?) (?:[\w'-]+ ){0,3}"
    r"(?:risks?|mortality|survival|function\w*|relapses?|pain|symptoms?|quality of life|disability|infections?)\b",
    r"\b(?:effects?|differences?|improvements?|benefits?)\b(?: [\w-]+){0,4} (?:persist|last|maintain)(?:s|ed)?\b",
    r"\b(?:most|all|many|some|few|patients|women|men|children)\b(?: [\w-]+){0,2} (?:experience|develop|suffer)\b",
    r"\b(?:kostnads)?(?:in)?effektiv(?:t|e)?\b|\b(?:u)?trygg(?:t|e|ere)?\b|\bsikker(?:t|e)? behandling",
    r"\bvirkningsfull\w*|\bskadelig\w*|\bgodt tolerert\b|\boverlegen\w*|\brisikabel\w*|\bfarlig\w*",
    r"\b(?:effekten?|virkningen?|resultatene|bedringen|gevinsten) (?:er|var) (?:mest|mer|mindre|minst|svært|ganske)? ?"
    r"(?:overbevisende|uttalt|markant|imponerende|lovende|skuffende|dramatisk|sterk(?:ere|est)?|svak(?:ere|est)?|størst|større"
    r"|stor|minst|mindre|god|bedre|best)\b",
    rf"\b{_STORRELSE} (?:\w+ )?(?:effekt(?:er)?|virkning(?:er)?|sikkerhet)\b",
    r"\bhar? effekt\b|\b(?:bedre|dårligere) enn\b",
    r"\b(?:bedre|beste?|dårligere) (?:behandling\w*|alternativ\w*|resultat\w*|overlevelse\w*)\b",
    r"\b(?:lav|høy|akseptabel|økt|redusert|liten|stor) (?:\w+ )?risiko\b",
    r"\bsignifikant (?:\w+ ){0,2}(?:bedr|reduk|reduser|øk|færre|lavere|høyere|forskjell|dårligere)\w*",
    r"\b(?:betydelig|markert|dramatisk|tydelig) (?:bedring|reduksjon|økning|forskjell|nedgang)\b",
    r"\b(?:bedrer|reduserer|øker|forebygger|forlenger|hemmer|senker|forsinker|forverrer) (?:\w+ ){0,3}\w*(?:risiko\w*"
    r"|dødelighet\w*|overlevelse\w*|funksjon\w*|attakk\w*|smerte\w*|symptom\w*|livskvalitet\w*|infeksjon\w*)\b",
    r"\b(?:effekten?|forskjellen?|bedringen?|virkningen?)\b(?: \w+){0,4} (?:vedvarer|vedvarte|varer|varte)\b",
    r"\b(?:de fleste|alle|mange|noen|få|pasient\w*|kvinner|menn|barn)\b(?: \w+){0,2} (?:opplever|utvikler)\b",
)
"""Words that judge effect or safety."""

RECOMMENDATION = _any(
    r"\b(?:should|ought to|must)\b(?: [\w-]+){0,3}? (?:offered|available|treated|given|considered|used|recommended"
    r"|prescribed|avoided|introduced|reimbursed|offer|consider|give|use|receive|treat)\b",
    r"\bwe (?:\w+ )?recommend\b|\b(?:is|are) (?:strongly |not )?recommended (?:for|in|as|to)\b",
    r"\b(?:bør|burde|må)\b(?: \w+){0,6}? (?:tilbys|gis|vurderes|behandles|brukes|anbefales|innføres|tilgjengelig|unngås"
    r"|få|tilby|vurdere)\b",
    r"\bvi anbefaler\b",
)
"""Words that recommend a treatment."""

OPINION = _any(
    r"\b(?:we|i) (?:\w+ ){0,2}(?:believe|think|consider|feel|suggest|argue|propose|hold)\b",
    r"\bin (?:our|my) (?:\w+ )?(?:opinion|view|experience|judge?ment)\b|\bour (?:opinion|view|belief)\b|\bwe should\b",
    r"\b(?:vi|jeg) (?:\w+ ){0,2}(?:mener|tror|synes|anser|foreslår)\b|\b(?:mener|tror|synes|anser) (?:vi|jeg)\b",
    r"\better (?:vår|min) (?:\w+ )?(?:mening|oppfatning|vurdering)\b|\bvår (?:mening|oppfatning)\b|\bvi bør\b",
)
"""Words by which a sentence says that it is an opinion."""

EFFECT = _any(
    r"effect|effic|safe|risk|harm|toler|inhibit|improv|surviv|mortal|relaps",
    r"effekt|sikkerhet|risiko|skad|bivirk|overlev|dødelig|bedr",
)
"""What a judgement that a curator recorded must speak about."""

USE = _any(r"treat|therap|offer|behandl|terapi|tilby")
"""What a recommendation that a curator recorded must speak about."""

GENERAL = _any(r"patien|years?$|month|stud(?:y|ies)|trials?$|treatm|therap|pasien|studie|behand|måned|multip")
"""Words that two sentences of a paragraph share whatever they say."""

NO_JUDGEMENT = _any(
    r"\b(?:whether|to what extent|how (?:effective|safe))\b.*|\b(?:aim|purpose|objective|goal)s?\b.*",
    r"\b(?:chance|probability|likelihood|odds) that\b.*|\b(?:is|are) (?:\w+ )?defined\b.*"
    r"|\bno[- ]observed[- ](?:adverse[- ])?effects?[- ]levels?\b"
    r"|\bdifferences? (?:between|among) (?:\w+ )?(?:studies|trials)\b",
    r"\b(?:development|establishment|planning|search|need|utvikling|behov) (?:of|for|av|and \w+ of) "
    r"(?:[\w-]+ ){0,4}eff?e[ck]tiv\w*",
    r"\b(?:lowest |highest )?(?:un)?safe(?:r|st)? (?:[\w-]+ )?(?:limits?|levels?|estimates?|doses?|margins?)\b"
    r"|\b(?:investigators?|researchers?|authors|stud(?:y|ies)|biase?s?)\b[^.;]{0,60}\b(?:should|must)\b.*",
    r"\bto (?:evaluate|assess|examine|investigate|determine|study|compare)\b.*",
    r"\b(?:hvorvidt|om (?:behandling|tiltak|lege|metod)\w+|i hvilken grad)\b.*|\b(?:formål|mål|hensikt)(?:et|en)?\b.*",
    r"\bfor å (?:vurdere|undersøke|sammenligne|studere)\b.*",
)
"""Words, and what follows them, that ask or aim and do not judge."""

PERSONAL = _any(
    r"\bpersonal(?:ly)? (?:communicat|correspond)\w+|\bpers\.? ?comm\b",
    r"\bpersonlig (?:meddelelse|kommunikasjon|opplysning)\b|\bmuntlig meddelelse\b|\bpers\.? ?medd\b",
)
"""Words for what a person told the authors."""

ASIDE = _any(
    r"^(?:authors?['’]? contributions?|acknowledge?ments?|competing interests?|conflicts? of interests?|funding"
    r"|pre-?publication history|supporting information|supplementary|abbreviations|availability|ethic)",
    r"^(?:takk|forfatterbidrag|interessekonflikt|oppgitte interessekonflikter|finansiering|forkortelser|om forfatter)",
)
"""Titles of sections that say nothing about the subject."""
