"""Which language a short text is in, and what is none."""

import os
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from msevidence.loaders.languages import CANDIDATES, TAGS, foreign_language
from msevidence.loaders.metadata_schema import Metadata
from msevidence.loaders.search_strings import is_search_string


@pytest.mark.parametrize(
    ("text", "document", "language"),
    [
        ("Én sykdom – to helt forskjellige skjebner", "en", "nb"),
        ("Nasjonal faglig retningslinje. Multipel sklerose", "en", "nb"),
        ("Behandling som begrenser multipel sklerose", "en", "nb"),
        ("Autolog hematopoietisk stamcelletransplantasjon ved multipel sklerose", "en", "nb"),
        ("Haematopoietic stem cell transplantation for multiple sclerosis: Current Status", "nb", "en"),
        ("Autologous mesenchymal stromal cells for multiple sclerosis", "nb", "en"),
        ("Highly active relapsing MS (RRMS, SPMS)", "nb", "en"),
        ("RRMS, SPMS with relapses or PPMS with inflammatory characters", "nb", "en"),
        ("Behandlung der multiplen Sklerose mit autologen Stammzellen", "nb", "de"),
        ("Effekt av ingenting efter ett år", "nb", "sv"),
        ("Behandling av multippel sklerose med stamceller hos norske pasienter", "sv", "nb"),
        ("Treatment of multiple sclerosis", "fr", "en"),
    ],
)
def test_a_text_in_another_language(text: str, document: str, language: str) -> None:
    assert foreign_language(text, document) == language
    assert foreign_language(text, language) is None


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("Vi har ikke funnet noen publikasjon og det foreligger ikke resultater.", "nb"),
        ("RRMS, SPMS", "nb"),  # abbreviations
        ("BEAT-MS NCT04047628", "nb"),
        ("https://www.example.org/the/treatment/of/the/disease", "nb"),
        ("GRO OWREN NYGAARD", "en"),
        ("Simple search", "nb"),  # two words
        ("Behandling af multipel sklerose hos patienter med attakker", "nb"),  # Danish: too alike to be told apart
        ("Sclérose en plaques et greffe de cellules souches", "fr"),
        ("", "en"),
    ],
)
def test_the_language_of_the_document_holds(text: str, document: str) -> None:
    assert foreign_language(text, document) is None


def test_fewer_words_on_request() -> None:
    assert foreign_language("Simple search", "nb", 2) == "en"


def test_a_quotation_counts_where_it_is_the_passage() -> None:
    english = "“Treatment with cells was safe. Further research is needed.”"
    assert foreign_language(f"Forfatternes konklusjon: {english} (14, s. 165)", "nb") == "en"
    assert foreign_language(english, "nb") == "en"
    assert foreign_language(f"I sammendraget av artikkelen skriver forfatterne selv {english}", "nb") is None
    assert foreign_language("Studien er registrert med status «estimated completion date 2019».", "nb") is None


def test_the_model_knows_every_language_that_a_document_may_have() -> None:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    languages = {*get_args(Metadata.model_fields["language"].annotation), *CANDIDATES}
    assert len(languages) == 30
    labels = LanguageIdentifier.from_model_file(MODEL_FILE).labels
    assert languages <= {TAGS.get(name, name) for name in labels}


def test_the_model_is_not_loaded_before_a_text_is_judged() -> None:
    code = "import sys, msevidence.server.cli, msevidence.loaders.languages; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_no_room_for_the_model_is_said_with_the_folder(tmp_path: Path) -> None:
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000));"
        "from msevidence.loaders.languages import foreign_language; foreign_language('All of it is read.', 'nb')"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 1
    assert "free space or set TMPDIR" in done.stderr and str(tmp_path) in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "line",
    [
        "MeSH descriptor: [Stem Cell Transplantation] this term only",
        "MeSH Descriptor: Mesenchymal Stem Cell Transplantation",
        "(MSC or MSCT):ti,ab,kw",
        "#1 or #2",
        "#15 not #11",
        "#3 and #10 with Cochrane Library publication date Between Jan 2014 and Jul 2021",
        "AND",
        "exp Multiple Sclerosis/",
        "(bath* or fairy tale).ti,ab.",
        "bath.tw.",
        "1 or 2",
        "S1 AND S2",
        '"Multiple Sclerosis"[mhe]',
        "multiple sclerosis[MeSH Terms]",
        "'multiple sclerosis'/exp",
        'TITLE-ABS-KEY("multiple sclerosis")',
        "TS=(multiple sclerosis)",
        'Title OR Abstract: "multiple sclerosis" OR "disseminated sclerosis"',
        "bone near/2 transplant",
    ],
)
def test_search_strings(line: str) -> None:
    assert is_search_string(line)


@pytest.mark.parametrize(
    "line",
    [
        "Søket avgrenset til publikasjonsår 2014 eller senere.",
        "Lagt til søkeord for MSC",
        "20 nye referanser, ingen relevante",
        "Advanced search:",
        "Condition or disease: multiple sclerosis",
        "Study type: Interventional studies (clinical trials)",
        "Intervention/treatment: stem cell",
        "Recruitment status is ALL",
        "Publication year from 2014 til 2021",
        "mulitple sclerosis and stem cell transplantation",
        "Begränsat till publiceringsår 2010 eller senare.",
        "Searched at www.fhi.no",
        "Adults and children, 10 or 12 years old",
        "https://www.example.org/search/",
    ],
)
def test_words_on_a_search(line: str) -> None:
    assert not is_search_string(line)
