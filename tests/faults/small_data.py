"""A folder of data that builds in seconds: one article of the fixtures, and catalogues without an entry."""

import hashlib
import shutil
from pathlib import Path

FIXTURES = Path(__file__).parents[1] / "fixtures"
_NOTHING = hashlib.sha256(b"nothing").hexdigest()
_DERIVED = f'derived_from:\n  file: nothing\n  sha256: "{_NOTHING}"\n'
CATALOGUES = {
    "studies.yaml": "studies: {}\n",
    "organisations.yaml": "organisations: {}\n",
    "publications.yaml": f"{_DERIVED}publications: {{}}\n",
    "registrations.yaml": f"{_DERIVED}sources: {{}}\nregistrations: {{}}\n",
    "source-quotes.yaml": f"{_DERIVED}source_quotes: []\n",
}


def small_data(folder: Path, word: str = "") -> Path:
    """Write the data to ``folder``; with a ``word``, an organisation of that name makes it other data."""
    shutil.copytree(FIXTURES / "articles" / "prov-2099", folder / "articles" / "prov-2099")
    for name, content in CATALOGUES.items():
        (folder / name).write_text(content, encoding="utf-8")
    if word:
        entry = f"organisations:\n  {word}:\n    name: {word}\n    language: en\n    where: a test\n"
        (folder / "organisations.yaml").write_text(entry, encoding="utf-8")
    return folder
