"""Exports with the records of many studies, in the formats of the services, from a seed.

For ``studies`` studies: their records as the site of ClinicalTrials.gov hands them out (CSV), for every fifth a second
record as the WHO's portal has it (XML), with numbers that cross, one PubMed record a study that names its number, and
for every twenty studies an open-access article (JATS) that cites them, a sentence each. All is invented; the numbers
are beyond those that the services have given out. Study 7 is the same whether 10 or 10,000 are written.
"""

import csv
import random
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from tests.bench.copies import eudract

FIRST_NCT, FIRST_PMID = 30_000_000, 50_000_000
CROSS_REGISTERED = 5
"""One study in so many has a second registration."""
CITED = 20
"""Studies that one article cites."""
CSV_FILE, XML_FILE, PUBMED_FILE, ARTICLES = "ctgov.csv", "ictrp.xml", "pubmed.xml", "articles.zip"
_HEADER = (
    "NCT Number,Study Title,Study URL,Acronym,Study Status,Study Results,Conditions,Interventions,"
    "Primary Outcome Measures,Sponsor,Collaborators,Phases,Enrollment,Study Type,Study Design,Other IDs,Start Date,"
    "Primary Completion Date,Completion Date,First Posted,Results First Posted,Last Update Posted,Locations"
)
_TREATMENTS = (
    *("Autologous Haematopoietic Stem Cell Transplantation", "Mesenchymal Stromal Cells", "Alemtuzumab", "Rituximab"),
    *("Cladribine", "Natalizumab", "Ocrelizumab", "Exercise Training", "Cognitive Rehabilitation", "Vitamin D"),
)
_CONDITIONS = ("Multiple Sclerosis", "Relapsing-remitting Multiple Sclerosis", "Progressive Multiple Sclerosis")
_PLACES = (
    *(("Bergen", "Norway"), ("Oslo", "Norway"), ("Uppsala", "Sweden"), ("Sheffield", "United Kingdom")),
    *(("Genova", "Italy"), ("Barcelona", "Spain"), ("Hamburg", "Germany"), ("Ottawa", "Canada")),
)
_STATUSES = ("RECRUITING", "COMPLETED", "COMPLETED", "COMPLETED", "UNKNOWN", "TERMINATED", "ACTIVE_NOT_RECRUITING")
_JOURNALS = ("Mult Scler", "Neurology", "Lancet Neurol", "Bone Marrow Transplant", "J Neurol", "JAMA Neurol")
_NAMES = ("Hansen", "Lindgren", "Moretti", "Garcia", "Schmidt", "Brown", "Tremblay", "Novak", "Silva", "Okafor")
_SYLLABLES = [a + b for a in "bdfghklmnprstv" for b in ("a", "e", "i", "o", "u")]


@dataclass(frozen=True)
class Study:
    """What the records of one study have in common."""

    nct: str
    pmid: str
    doi: str
    title: str
    acronym: str
    sponsor: str
    condition: str
    treatment: str
    city: str
    country: str
    status: str
    enrolment: int
    year: int
    eudract: str | None
    """Number of its second registration, if it has one."""
    author: str
    journal: str


def study(number: int, seed: int = 1) -> Study:
    """Return the study with a number, from 0."""
    rng = random.Random(f"{seed} study {number}")
    treatment, condition = rng.choice(_TREATMENTS), rng.choice(_CONDITIONS)
    city, country = rng.choice(_PLACES)
    word = "".join(rng.choices(_SYLLABLES, k=3))
    acronym = "".join(rng.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=6))
    return Study(
        nct=f"NCT{FIRST_NCT + number:08}",
        pmid=f"{FIRST_PMID + number}",
        doi=f"10.5555/growth.{number}",
        title=f"{acronym}: {word.title()} Trial of {treatment} in {condition}, {rng.randrange(2, 60)} Months",
        acronym=acronym,
        sponsor=f"{city} University Hospital {rng.randrange(500)}",
        condition=condition,
        treatment=treatment,
        city=city,
        country=country,
        status=rng.choice(_STATUSES),
        enrolment=rng.randrange(8, 400),
        year=rng.randrange(2005, 2024),
        eudract=eudract(number) if number % CROSS_REGISTERED == 0 else None,
        author=rng.choice(_NAMES),
        journal=rng.choice(_JOURNALS),
    )


def write(folder: Path, studies: int, seed: int = 1) -> list[Path]:
    """Write the exports of ``studies`` studies into ``folder``; return the files, in the order to load them."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / name for name in (CSV_FILE, XML_FILE, PUBMED_FILE, ARTICLES)]
    _write_csv(files[0], studies, seed)
    _write_lines(files[1], "<Trials_downloaded_from_ICTRP>", _portal(studies, seed), "</Trials_downloaded_from_ICTRP>")
    _write_lines(files[2], "<PubmedArticleSet>", _pubmed(studies, seed), "</PubmedArticleSet>")
    with zipfile.ZipFile(files[3], "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for first in range(0, studies, CITED):
            cited = [study(number, seed) for number in range(first, min(first + CITED, studies))]
            name = zipfile.ZipInfo(f"article-{first // CITED:06}.xml", (2026, 1, 1, 0, 0, 0))
            archive.writestr(name, article(first // CITED, cited))
    return files


def _write_csv(path: Path, studies: int, seed: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"{_HEADER}\r\n")
        writer = csv.writer(file)
        writer.writerows(_row(study(number, seed)) for number in range(studies))


def _row(one: Study) -> list[str]:
    numbers = f"{one.acronym}-{one.nct[3:]}" + (f"|{one.eudract}" if one.eudract else "")
    return [
        *(one.nct, one.title, f"https://clinicaltrials.gov/study/{one.nct}", one.acronym, one.status, "NO"),
        *(one.condition, f"BIOLOGICAL: {one.treatment}", "Relapses, Number of relapses, 2 years", one.sponsor, ""),
        *("PHASE2", str(one.enrolment), "INTERVENTIONAL", "Allocation: RANDOMIZED", numbers),
        *(f"{one.year}-03-01", f"{one.year + 3}-06-01", f"{one.year + 4}-01-15", f"{one.year}-01-20", ""),
        *(f"{one.year + 4}-02-01", f"{one.sponsor}, {one.city}, {one.country}"),
    ]


def _write_lines(path: Path, first: str, records: Iterator[str], last: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(f'<?xml version="1.0" encoding="UTF-8"?>\n{first}\n')
        file.writelines(records)
        file.write(f"{last}\n")


def _portal(studies: int, seed: int) -> Iterator[str]:
    for number in range(0, studies, CROSS_REGISTERED):
        one = study(number, seed)
        # Every second one gives the number of ClinicalTrials.gov back.
        secondary = one.nct if number // CROSS_REGISTERED % 2 == 0 else "Nil known"
        yield f"""<Trial><Export_date>03/14/2026 10:20:30</Export_date>
<Internal_Number>{90_000_000 + number}</Internal_Number><TrialID>EUCTR{one.eudract}-SE</TrialID>
<Last_Refreshed_on>9 February 2026</Last_Refreshed_on><Public_title>{escape(one.title)}</Public_title>
<Scientific_title>{escape(one.title)}</Scientific_title><Acronym>{one.acronym}</Acronym>
<Primary_sponsor>{escape(one.sponsor)}</Primary_sponsor><Date_registration3>{one.year}0102</Date_registration3>
<Date_registration>02/01/{one.year}</Date_registration><Source_Register>EU Clinical Trials Register</Source_Register>
<Recruitment_Status>Not Recruiting</Recruitment_Status><Date_enrollement>12/06/{one.year}</Date_enrollement>
<Target_size>{one.enrolment}</Target_size><Study_type>Interventional clinical trial of medicinal product</Study_type>
<Countries>{one.country}</Countries><Condition>{one.condition}</Condition>
<Intervention>{escape(one.treatment)}</Intervention><Primary_outcome>Relapses</Primary_outcome>
<Secondary_ID>{secondary}</Secondary_ID></Trial>
"""


def _pubmed(studies: int, seed: int) -> Iterator[str]:
    for number in range(studies):
        one = study(number, seed)
        yield f"""<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{one.pmid}</PMID>
<DateRevised><Year>2025</Year><Month>11</Month><Day>05</Day></DateRevised>
<Article PubModel="Print"><Journal><JournalIssue CitedMedium="Internet"><Volume>{number % 90 + 1}</Volume>
<PubDate><Year>{one.year + 5}</Year><Month>Feb</Month></PubDate></JournalIssue><Title>{one.journal}</Title>
<ISOAbbreviation>{one.journal}</ISOAbbreviation></Journal>
<ArticleTitle>{escape(one.title)}: results.</ArticleTitle>
<Pagination><MedlinePgn>{number % 900 + 1}-{number % 900 + 9}</MedlinePgn></Pagination>
<ELocationID EIdType="doi" ValidYN="Y">{one.doi}</ELocationID>
<Abstract><AbstractText>In {one.city}, {one.enrolment} people took part. Registered: {one.nct}.</AbstractText>
</Abstract>
<AuthorList CompleteYN="Y"><Author ValidYN="Y"><LastName>{one.author}</LastName><Initials>A</Initials></Author>
<Author ValidYN="Y"><LastName>{_NAMES[number % len(_NAMES)]}</LastName><Initials>B</Initials></Author></AuthorList>
<Language>eng</Language><DataBankList CompleteYN="Y"><DataBank><DataBankName>ClinicalTrials.gov</DataBankName>
<AccessionNumberList><AccessionNumber>{one.nct}</AccessionNumber></AccessionNumberList></DataBank></DataBankList>
<PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType>
<PublicationType UI="D016449">Randomized Controlled Trial</PublicationType></PublicationTypeList></Article>
</MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType="pubmed">{one.pmid}</ArticleId>
<ArticleId IdType="doi">{one.doi}</ArticleId></ArticleIdList></PubmedData></PubmedArticle>
"""


def article(number: int, cited: list[Study]) -> str:
    """Return an open-access article that cites studies, a sentence each, and prints the numbers of every fourth."""
    sentences = "".join(f"<p>{_sentence(position, one)}</p>\n" for position, one in enumerate(cited, 1))
    references = "".join(_reference(position, one) for position, one in enumerate(cited, 1))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<article article-type="review-article" xml:lang="en"><front><journal-meta><journal-title-group>
<journal-title>Journal of Growth</journal-title></journal-title-group></journal-meta><article-meta>
<article-id pub-id-type="doi">10.5555/growth.review.{number}</article-id>
<title-group><article-title>Treatment of multiple sclerosis, part {number}: a review</article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>{_NAMES[number % len(_NAMES)]}</surname>
<given-names>C</given-names></name></contrib></contrib-group>
<pub-date pub-type="epub"><day>5</day><month>3</month><year>2025</year></pub-date><volume>{number % 90 + 1}</volume>
<fpage>{number}</fpage>
<permissions><license><license-p>Invented, free to use.</license-p></license></permissions>
</article-meta></front><body>
<sec sec-type="intro"><title>Introduction</title>
{sentences}</sec>
<sec><title>Conclusion</title><p>More studies are needed.</p></sec></body>
<back><ref-list><title>References</title>
{references}</ref-list></back></article>
"""


def _sentence(position: int, one: Study) -> str:
    mark = f'[<xref ref-type="bibr" rid="R{position}">{position}</xref>]'
    registered = f" (registered as {one.nct})" if position % 4 == 0 else ""
    return (
        f"In {one.city}, {escape(one.treatment)} was given to {one.enrolment} people with {one.condition.lower()}"
        f" in the trial {one.acronym}{registered}, which ended in {one.year + 4} {mark}."
    )


def _reference(position: int, one: Study) -> str:
    return (
        f'<ref id="R{position}"><label>{position}.</label><element-citation publication-type="journal">'
        f'<person-group person-group-type="author"><name><surname>{one.author}</surname><given-names>A</given-names>'
        f"</name></person-group><article-title>{escape(one.title)}: results</article-title>"
        f"<source>{one.journal}</source><year>{one.year + 5}</year>"
        f'<pub-id pub-id-type="doi">{one.doi}</pub-id><pub-id pub-id-type="pmid">{one.pmid}</pub-id>'
        "</element-citation></ref>\n"
    )
