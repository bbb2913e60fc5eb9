"""Inputs of the benchmark of loading: real records of ClinicalTrials.gov, copied with new numbers, written as a stream.

Each copy has an NCT number of its own, and every other number that the record gives goes on in step; one copy in five
is cross-registered, with a EudraCT number of its own. The rest is as the registry has it, so that texts come again,
which suits whoever remembers them: the rdflib loader. Citations stay too; copies cite the same publications.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT.parent / "shared" / "samples"
FIXTURES = ROOT / "tests" / "fixtures" / "exports"
FOLDERS = {"csv": ("ctgov_csv/*.csv", "ctgov_csv/flat.csv"), "json": ("ctgov_v2_json/*.json", "ctgov_json/*.json")}
"""Format → where its records are among the samples, and among the fixtures."""
FIRST = 30_000_000
"""The first NCT number; the registry itself has not come to 08000000."""
CROSS_REGISTERED = 5
"""One copy in so many has a EudraCT number."""
_NUMBER = "Other IDs"
_DIGITS = re.compile(r"\d+")


def nct(copy: int) -> str:
    """Return the number of a copy, from 0: no two alike, and none a placeholder (33333333) below three million."""
    return f"NCT{FIRST + copy:08}"


def eudract(copy: int) -> str:
    """Return the EudraCT number of a copy: the year goes round, and the number in it goes on."""
    return f"{2005 + copy % 19}-{copy // 19 + 1:06}-{copy % 89 + 10}"


def in_step(printed: str, copy: int) -> str:
    """Return another number of a record as a copy has it: its longest run of digits goes on, its form stays.

    >>> in_step("P60DK020579", 7), in_step("2023-A00386-39", 1)
    ('P60DK020586', '2023-A00387-39')
    """
    runs = list(_DIGITS.finditer(printed))
    if not runs:
        return f"{printed}-{copy}"
    run = max(runs, key=lambda m: len(m.group()))
    width = len(run.group())
    return f"{printed[: run.start()]}{(int(run.group()) + copy) % 10**width:0{width}}{printed[run.end() :]}"


def write(kind: str, size: int, path: Path) -> str:
    """Write ``size`` records of ``csv`` or ``json`` to ``path``; return what they were made from."""
    found, source = _originals(kind)
    write_as = {"csv": _write_csv, "json": _write_json}[kind]
    write_as(found, size, path)
    return source


def _originals(kind: str) -> tuple[list[Path], str]:
    """Return the files to copy from, and how to name them."""
    sample, fixture = FOLDERS[kind]
    if found := sorted(SAMPLES.glob(sample)):
        return found, f"real records, ../shared/samples/{sample}"
    return sorted(FIXTURES.glob(fixture)), f"invented records, tests/fixtures/exports/{fixture} (no ../shared here)"


def _write_csv(files: list[Path], size: int, path: Path) -> None:
    """Write one table; the flattened sample has no column for other numbers, so that of the site's own is added."""
    with files[0].open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    column = header.index("NCTId")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*header, _NUMBER])
        for copy in range(size):
            row = list(rows[copy % len(rows)])
            row[column] = nct(copy)
            other = f"|{eudract(copy)}" if copy % CROSS_REGISTERED == 0 else ""
            writer.writerow([*row, f"BENCH-{copy:06}{other}"])


def _write_json(files: list[Path], size: int, path: Path) -> None:
    """Write one page of studies, one a line, as the API gives them: without white space."""
    studies = [study for file in files for study in _studies(json.loads(file.read_text(encoding="utf-8")))]
    templates = [_template(study) for study in studies]
    with path.open("w", encoding="utf-8") as file:
        file.write('{"studies":[\n')
        for copy in range(size):
            file.write(templates[copy % len(templates)](copy))
            file.write(",\n" if copy < size - 1 else "\n")
        file.write("]}\n")


def _studies(content: Any) -> list[dict[str, Any]]:
    return content.get("studies", [content])


def _template(study: dict[str, Any]) -> Callable[[int], str]:
    """Return what makes a copy of a study: the text round its identification is made once."""
    identification = study["protocolSection"]["identificationModule"]
    own = identification["nctId"]
    mark = "\uffff"
    whole = _compact({**study, "protocolSection": {**study["protocolSection"], "identificationModule": mark}})
    before, after = whole.split(_compact(mark))
    before, after = before.split(own), after.split(own)  # such as an address of the study's own page

    def made(copy: int) -> str:
        number = nct(copy)
        copied = {**identification, "nctId": number, "orgStudyIdInfo": dict(identification.get("orgStudyIdInfo", {}))}
        if "id" in copied["orgStudyIdInfo"]:
            copied["orgStudyIdInfo"]["id"] = in_step(copied["orgStudyIdInfo"]["id"], copy)
        given = identification.get("secondaryIdInfos", ())
        others = [{**other, "id": in_step(other["id"], copy)} for other in given if other.get("id")]
        if copy % CROSS_REGISTERED == 0:
            others.append({"id": eudract(copy), "type": "EUDRACT_NUMBER"})
        if others:
            copied["secondaryIdInfos"] = others
        if "nctIdAliases" in copied:
            copied["nctIdAliases"] = [in_step(alias, copy) for alias in copied["nctIdAliases"]]
        return f"{number.join(before)}{_compact(copied)}{number.join(after)}"

    return made


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
