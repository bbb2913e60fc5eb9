"""Texts for the tests of the rules on citations: the documents with errors planted or mended, and small articles."""

import shutil
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from msevidence.loaders.assembly import assemble
from msevidence.loaders.review.view import View
from tests.exports.jats_files import graph_of
from tests.review.reviewing import DATA, Reviewed, reviewed

_PLANTED = {
    "nygaard-2024": [
        # a number loses its reference, and 15 is cited no more
        ("after one year in all 28 patients (15).", "after one year in all 28 patients."),
        # a column of the table loses its reference
        ("Randomised clinical phase 2 trial 2015 (10)\t", "Randomised clinical phase 2 trial 2015\t"),
        # a judgement loses its reference
        ("good effect and an acceptable risk profile (6).", "good effect and an acceptable risk profile."),
        # a number that the list does not have, and 14 is cited no more
        ("increases with time (14).", "increases with time (24)."),
        # a work of 2020 is to show what was so in November 2021; beside it, a plan
        ("The experiences from the first 30", "As of November 2021, the experiences from the first 30"),
        (
            "due to the treatment or whether it reflects the natural course (6).",
            "due to the treatment, and by 2030 half of them are expected to be known (6).",
        ),
        ("*Science* 2023; 380: 470–1.", "*Science* 2027; 380: 470–1."),
        ("*JAMA Neurol* 2023; 80: 702–13.", "*JAMA Neurol* 2025; 80: 702–13."),
        # an author of the document, and another of the same family name
        ("Luna G, Alping P, Burman J", "Luna G, Nygaard GO, Burman J"),
        ("Das J, Snowden JA, Burman J", "Das J, Holmøy KJ, Burman J"),
        ("She is a partner in the EU project EBV-MS.", "She is an adviser to the maker of rituximab."),
    ],
    "fhi-2021": [
        ("(14, s. 165)", "(14, s. 265)"),
        ("(19, s. 801)", "(19, s. 801-2)"),
        ("og ledes fra Helse Bergen.", "og ledes fra Helse Bergen (Kari Nordmann, personlig meddelelse)."),
        (
            "alle symptomene (2). \n",
            "alle symptomene (2). \n \nI Norge har 12 500 personer sykdommen. \n",
        ),
    ],
}
_MENDED = {
    "nygaard-2024": [
        ("and 50 in other countries.", "and 50 in other countries (1)."),
        ("isolated for part of the time.", "isolated for part of the time (5)."),
        ("in Norway and internationally. The", "in Norway and internationally (8). The"),
        ("and that the risk in younger patients with", "and (5) that the risk in younger patients with"),
        ("and challenging in the acute phase.", "and challenging in the acute phase (13)."),
        ("a clinical trial be initiated (8).", "a clinical trial be initiated."),
        ("(Torstein Egeland, personal communication, 1 November 2023)", "(7)"),
        ("Holmøy T, Nygaard GO, Myhr KM et al.", "Torkildsen Ø, Bø L, Myhr KM et al."),
        (
            "He is involved in the RAM-MS study and serves on the steering group for the ENSEMBLE study of ocrelizumab"
            " in multiple sclerosis.",
            "He is involved in teaching.",
        ),
        ("and declares no conflicts of interest.", "and declares the posts named above."),
        ("Table 1) (6, 9–12). The first", "Table 1) (9–12). The first"),
        ("signs of active inflammation (6).", "signs of active inflammation (5)."),
        ("after stem cell therapy (6). A recent", "after stem cell therapy (5). A recent"),
    ],
    "fhi-2021": [
        ("og 21 pasientserier. Studiene", "og 21 pasientserier (1). Studiene"),
    ],
}


@cache
def planted() -> Reviewed:
    """Return the review of the two documents with errors planted.

    A number that the list of a document in ``data/`` lacks is let through as its metadata can: by quarantine.
    """
    with tempfile.TemporaryDirectory(prefix="reviewed-") as folder:
        data = Path(folder) / "data"
        shutil.copytree(DATA, data)
        for key, edits in _PLANTED.items():
            (source,) = data.glob(f"*/{key}/source.txt")
            text = source.read_text(encoding="utf-8")
            for old, new in edits:
                assert text.count(old) == 1, f"{key}: {old!r} stands there {text.count(old)} times"
                text = text.replace(old, new)
            source.write_text(text, encoding="utf-8")
        with (data / "articles" / "nygaard-2024" / "metadata.yaml").open("a", encoding="utf-8") as metadata:
            metadata.write('quarantine:\n  - {text: "(24)", because: planted}\n')
        return Reviewed(View(list(assemble(data, lenient=True).quads())))


def mended() -> Reviewed:
    """Return the review of the two documents with their own errors mended."""
    return reviewed(_MENDED)


def article(folder: Path, path: Path, edits: Sequence[tuple[str, str]] = ()) -> Reviewed:
    """Return the review of a published article with words of its XML changed, beside empty catalogues."""
    text = path.read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1, f"{path.name}: {old!r} stands there {text.count(old)} times"
        text = text.replace(old, new)
    changed = folder / path.name
    changed.write_text(text, encoding="utf-8")
    return Reviewed(View([quad for graph in graph_of([changed], folder) for quad in graph]))


def small(
    folder: Path,
    body: str,
    works: Sequence[str] = ("<year>2015</year>", "<year>2018</year>"),
    authors: Sequence[tuple[str, str]] = (),
    notes: str = "",
) -> Reviewed:
    """Return the review of an article of 2020 with this body; ``works`` are inside the entries of its list.

    ``[1]`` in the body cites the first of them. ``authors`` are family and given names.
    """
    for n in range(1, len(works) + 1):
        body = body.replace(f"[{n}]", f'<xref ref-type="bibr" rid="R{n}">[{n}]</xref>')
    names = "".join(
        f'<contrib contrib-type="author"><name><surname>{s}</surname><given-names>{g}</given-names></name></contrib>'
        for s, g in authors
    )
    listed = "".join(
        f'<ref id="R{n}"><label>{n}</label><element-citation publication-type="journal"><article-title>Work {n}'
        f"</article-title><source>J</source>{work}</element-citation></ref>"
        for n, work in enumerate(works, 1)
    )
    path = folder / "small.xml"
    path.write_text(
        '<article xmlns:xlink="http://www.w3.org/1999/xlink"><front><article-meta>'
        '<article-id pub-id-type="doi">10.1234/small</article-id>'
        f"<title-group><article-title>A view on asthma training</article-title></title-group>"
        f"<contrib-group>{names}</contrib-group>"
        f'<author-notes>{notes}</author-notes><pub-date pub-type="epub"><year>2020</year></pub-date>'
        f"</article-meta></front><body>{body}</body><back><ref-list>{listed}</ref-list></back></article>",
        encoding="utf-8",
    )
    return Reviewed(View([quad for graph in graph_of([path], folder) for quad in graph]))
