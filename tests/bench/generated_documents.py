"""A folder of data as ``data/`` is, with further articles: the real article with words and numbers of each copy.

The copies have no curation, as an article that nobody has read yet: what a machine sees in it is stated all the same.
"""

import random
import re
import shutil
from pathlib import Path

from tests.bench.generated_records import study
from tests.graph import DATA

STUDIES = 200
"""Studies for each article: one of them in so many has an article of this kind beside those that are loaded."""
ORIGINAL = "nygaard-2024"
_LONG = re.compile(r"\b[a-z]{9,}\b")


def write(folder: Path, studies: int, seed: int = 1) -> Path:
    """Write the data of ``studies`` studies: what ``data/`` has, and an article for every 200 of them; return it."""
    shutil.copytree(DATA, folder, dirs_exist_ok=True)
    text = (DATA / "articles" / ORIGINAL / "source.txt").read_text(encoding="utf-8")
    metadata = (DATA / "articles" / ORIGINAL / "metadata.yaml").read_text(encoding="utf-8")
    for number in range(-(-studies // STUDIES)):
        article = folder / "articles" / f"growth-{number:05}"
        article.mkdir(parents=True, exist_ok=True)
        (article / "source.txt").write_text(_copied(text, number, seed), encoding="utf-8")
        own = metadata.replace("10.4045/tidsskr.23.0770", f"10.5555/growth.article.{number}")
        own = re.sub(r"(?m)^title: .*$", f"title: {_title(text, number)}", own)
        (article / "metadata.yaml").write_text(own, encoding="utf-8")
    return folder


def _title(text: str, number: int) -> str:
    return f"{text.strip().splitlines()[0]}, part {number}"


def _copied(text: str, number: int, seed: int) -> str:
    """Return the text with its own title, one long word in six exchanged, and the numbers of some studies."""
    rng = random.Random(f"{seed} article {number}")
    first = text.strip().splitlines()[0]
    words = sorted(set(_LONG.findall(text)))
    body = text.replace(first, _title(text, number), 1).replace(
        "10.4045/tidsskr.23.0770", f"10.5555/growth.article.{number}"
    )
    body = _LONG.sub(lambda m: rng.choice(words) if rng.random() < 1 / 6 else m.group(), body)
    one = study(number * STUDIES, seed)
    return body.replace("In short, the treatment", f"In the trial {one.acronym} ({one.nct}), the treatment", 1)
