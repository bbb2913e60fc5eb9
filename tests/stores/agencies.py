"""Two invented agencies that assess the same trial, each with an article, a catalogue and a name of its own for it."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from msevidence.server.cli import run

TRIAL = "NCT00273364"
EMPTY = f"""\
derived_from:
  file: none.json
  sha256: {sha256(b"").hexdigest()}
  note: Invented.
"""
TEXT = """\
{title}
Ada Invented, Bo Madeup
Invented Journal
2026

Summary
This is an invented text for the tests of msevidence.

1. Background
The MIST trial compared transplantation with best available therapy ({number}) [1].
In this invented assessment {sentence}

References
1. Burt RK, Balabanov R. Effect of Nonmyeloablative Hematopoietic Stem Cell Transplantation. JAMA. 2019;321:165-174. \
doi:10.1001/jama.2018.18743
"""
REGISTRATIONS = """\
sources:
  s1: {{address: "https://clinicaltrials.gov/study/{number}"}}
registrations:
  {number}:
    scheme: NCT
    number: {number}
    registry: ClinicalTrials.gov
    fields:
      status: {{value: {registered}, source: s1}}
    registers:
      - study: {study}
        because: The document names the trial with this number.
        where: "{key}, background"
"""
CURATION = """\
studies:
  - study: {study}
    quote:
      - The MIST trial compared transplantation with best available therapy
      - In this invented assessment {sentence}
    status: {status}
    status_printed: {printed}
    because: The sentence names the trial and its number.
"""


@dataclass(frozen=True)
class Agency:
    """What one agency says of the trial."""

    key: str
    title: str
    study: str
    status: str
    printed: str
    sentence: str
    registered: str = "COMPLETED"

    def write(self, data: Path) -> Path:
        """Write its data into a new folder."""
        data.mkdir(parents=True)
        files = {
            "studies": f"studies:\n  {self.study}:\n    label: MIST as {self.key} names it\n    where: {self.key}\n",
            "organisations": "organisations: {}\n",
            "publications": f"{EMPTY}publications: {{}}\n",
            "registrations": EMPTY + REGISTRATIONS.format(number=TRIAL, **self._values()),
            "source-quotes": f"{EMPTY}source_quotes: []\n",
            "identity": "decisions: []\n",
            "review": "as_of: 2026-11-29\njudged: []\ndisagreements: []\ndecisions: {}\n",
        }
        for name, content in files.items():
            (data / f"{name}.yaml").write_text(content, encoding="utf-8")
        source = data.parent / f"{self.key}.txt"
        source.write_text(TEXT.format(number=TRIAL, **self._values()), encoding="utf-8")
        assert run(["new", "article", self.key, str(source), "--language", "en", "--data", str(data)]) == 0
        curation = data / "articles" / self.key / "curation.yaml"
        curation.write_text(CURATION.format(**self._values()), encoding="utf-8")
        return data

    def _values(self) -> dict[str, str]:
        return dict(vars(self))


HERE = Agency(
    "agency-here",
    "Transplantation at the agency here",
    "mist",
    "completed",
    "is completed",
    "the trial is completed, and 110 patients took part.",
)
THERE = Agency(
    "agency-there",
    "Transplantation at the agency there",
    "mist-trial",
    "ongoing",
    "is still ongoing",
    "the trial is still ongoing, and 99 patients take part.",
    "RECRUITING",
)
