"""Data banks whose accession numbers PubMed records give: registries of studies among banks of sequences and data.

NLM's list: https://www.nlm.nih.gov/bsd/medline_databank_source.html
"""

from msevidence.loaders.bibliographic.publication import accessions
from msevidence.loaders.exports.fields import Audit
from msevidence.loaders.exports.records import PublicationRecord

_REGISTRIES = """ANZCTR|ChiCTR|ClinicalTrials.gov|CRiS|CTRI|CTIS|DRKS|EudraCT|IRCT|ISRCTN|JapicCTI|JMACCT|JPRN|jRCT|KCT
LBCTR|NTR|PACTR|PER|ReBec|REPEC|RPCEC|SLCTR|TCTR|UMIN-CTR|UMIN CTR|UMIN"""
_OTHERS = """BioModels|BioProject|BioSample|dbGaP|dbSNP|dbVar|Dryad|figshare|GDB|GENBANK|GEO|MaveDB|OMIM|PDB|PIR
PROSPERO|PubChem-BioAssay|PubChem-Compound|PubChem-Substance|RefSeq|SRA|SWISSPROT|UniMES|UniParc|UniProtKB|UniRef"""
REGISTRIES = frozenset(_REGISTRIES.replace("\n", "|").split("|"))
OTHERS = frozenset(_OTHERS.replace("\n", "|").split("|"))
"""Banks whose numbers are of no study: passed over (PROSPERO registers reviews)."""


def take_accession(record: PublicationRecord, bank: str, printed: str, audit: Audit, where: str) -> None:
    """Keep the numbers that a record gives for a bank, unless they are of no study; an unknown bank is audited."""
    if bank in OTHERS:
        return
    if bank not in REGISTRIES:
        audit.tell(f"data bank={bank}", where)
    record.registry_numbers.extend(accessions(printed, bank))
