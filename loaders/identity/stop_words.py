"""Words that say nothing of what a trial is about, or of who its sponsor is; folded, in the languages of registries."""

_ENGLISH = """
    the and for with from that this than are was were been not who whom which their its into onto via per vs versus
    study studies studie studien studier trial trials research clinical controlled control controls randomised
    randomized random randomisation randomization double single triple blind blinded masked open label openlabel
    placebo parallel group groups arm arms crossover cross over multicentre multicenter multi centre center
    international national phase prospective retrospective observational interventional pilot exploratory
    feasibility comparative compare compared comparing comparison evaluate evaluation evaluating assess assessment
    assessing investigate investigation investigating determine efficacy effectiveness effect effects effective
    safety safe tolerability pharmacokinetics treatment treatments treated therapy therapies patients patient
    participants subjects people persons adults adult children paediatric pediatric women men disease diseases
    disorder disorders syndrome standard care usual dose doses early late new long term short follow extension month
    months week weeks year years day days using use used after before during between among without based different
    two three active acute chronic severe failing
"""
"""Of titles of trials in any field, and small words."""
_OTHERS = """
    los las del una uno con por para que ensayo clinico estudio aleatorizado aleatorizada doble ciego controlado
    fase eficacia seguridad tratamiento pacientes enfermedad evaluar les des une avec pour dans sur etude essai
    clinique randomisee randomise aveugle efficacite securite tolerance traitement patients maladie evaluer phase
    der die das den dem des und mit von fur zur zum bei eine einer einem eines randomisierte randomisierter
    kontrollierte doppelblinde klinische prufung wirksamkeit sicherheit behandlung patienten erkrankung gli della
    delle dei nei con per uno una studio clinico randomizzato controllato doppio cieco efficacia sicurezza
    trattamento pazienti malattia het een met voor van bij onderzoek gerandomiseerd gecontroleerd behandeling
    patienten werkzaamheid veiligheid og med ved for hos som til av behandling behandlingen pasienter patienter
    randomisert randomiseret kontrollert kontrolleret effekt sikkerhet klinisk klinikk
"""
"""Spanish, French, German, Italian, Dutch, and the Nordic languages."""
STOP = frozenset((_ENGLISH + _OTHERS).split())

_LEGAL = """
    ag gmbh kg kgaa ltd limited inc incorporated llc llp plc lp corp corporation co company sa sas sarl srl spa slu
    sl bv nv as asa ab aps oy oyj kft sp zoo pty pvt se sro the of and for de des du da do del della dell di der die
    das den fur et y e og i in at am an im la le les los las to
"""
LEGAL = frozenset(_LEGAL.split())

_GENERIC = """
    university universitat universite universidad universita universiteit universitet universitetet universitaire
    universitario universitaria universitair hospital hospitals hospitalier hospitalaria hospitalario hopital
    hopitaux ospedale ospedaliera ospedaliero azienda krankenhaus klinikum klinik kliniken universitatsklinikum
    universitatsmedizin universitatsspital universitatskrankenhaus universitetssykehus universitetssykehuset
    universitetssjukehus universitetssjukhus universitetshospital sykehus sykehuset sjukehus sjukhus sjukhuset
    ziekenhuis chu chru umc centre center centro centrum zentrum medical medisch medico medicine medizinische
    medicinal clinic clinical teaching nhs trust foundation fundacion fundacio fondation fondazione stiftung
    institute institut instituto istituto institutt institutet department faculty school health healthcare sante
    salud services service research investigacion recherche ricerca forschung pharma pharmaceutical pharmaceuticals
    pharmaceutica biopharma biotech therapeutics laboratories laboratoires laboratory labs group holding
    international global europe general public policlinico regional
"""
GENERIC = frozenset(_GENERIC.split())
