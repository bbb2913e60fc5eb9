"""Reviews of changed texts: a copy of ``data/`` (or of a loaded article) with words of its text replaced.

The curation is left as it is: what it says of words that are gone is left out by the lenient reading.
"""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from msevidence.loaders.assembly import assemble
from msevidence.loaders.exports.sources import Sources
from msevidence.loaders.review.outcome import NotApplicable, Outcome, Rule
from msevidence.loaders.review.view import View

DATA = Path(__file__).parents[2] / "data"
Edits = Sequence[tuple[str, str]]


class Reviewed:
    """A view of changed texts, and what rules say of it."""

    def __init__(self, view: View) -> None:
        self.view = view

    def outcomes(self, rule: Rule, document: str | None = None) -> list[Outcome]:
        """Return what a rule says of everything that it looked at, in one document or all."""
        found = [o for o in rule.check(self.view) if not isinstance(o, NotApplicable)]
        return [o for o in found if document is None or o.document.endswith(f"/{document}")]

    def broken(self, rule: Rule, document: str | None = None) -> list[Outcome]:
        """Return what a rule finds not to add up."""
        return [o for o in self.outcomes(rule, document) if o.broken]

    def checked(self, rule: Rule, document: str | None = None) -> int:
        """Return how many things a rule looked at."""
        return len(self.outcomes(rule, document))

    def not_applicable(self, rule: Rule) -> list[NotApplicable]:
        """Return the documents that a rule has nothing to look at in."""
        return [o for o in rule.check(self.view) if isinstance(o, NotApplicable)]

    def text(self, passage: str) -> str:
        """Return the text of a passage, by IRI."""
        return next(d.by_iri[passage].text for d in self.view.documents if passage in d.by_iri)

    def texts(self, outcome: Outcome) -> list[str]:
        """Return the texts of the passages of an outcome."""
        return [self.text(p) for p in outcome.passages]


def reviewed(
    changes: Mapping[str, Edits] | None = None, loaded: Sequence[Path] = (), as_of: str | None = None
) -> Reviewed:
    """Return the review of ``data/`` with texts changed: {key of the document: [(words as in source.txt, new words)]}.

    Words must stand there exactly once. ``loaded`` are files to load (articles, exports). Equal calls share one build.
    """
    frozen = tuple((key, tuple(edits)) for key, edits in sorted((changes or {}).items()))
    return Reviewed(_view(frozen, tuple(loaded), as_of))


def reviewed_jats(path: Path, edits: Edits = (), others: Sequence[Path] = ()) -> Reviewed:
    """Return the review of one JATS article with words of its XML changed, beside those of ``data/``."""
    text = path.read_text(encoding="utf-8")
    changed = Path(tempfile.mkdtemp(prefix="reviewed-")) / path.name
    changed.write_text(_changed(text, edits, path.name), encoding="utf-8")
    return Reviewed(_view((), (changed, *others), None))


@lru_cache(maxsize=4)  # a view takes some 80 MB
def _view(changes: tuple[tuple[str, tuple[tuple[str, str], ...]], ...], loaded: tuple[Path, ...], as_of: str | None):
    with tempfile.TemporaryDirectory(prefix="reviewed-") as folder:
        data, home = Path(folder) / "data", Path(folder) / "home"
        shutil.copytree(DATA, data)
        for key, edits in changes:
            (source,) = data.glob(f"*/{key}/source.txt")
            source.write_text(_changed(source.read_text(encoding="utf-8"), edits, key), encoding="utf-8")
        if loaded:
            sources = Sources(home)
            for path in loaded:
                sources.keep(sources.take(path)[0])
        graph = assemble(data, home=home if loaded else None, lenient=True, findings=False)
        return View(list(graph.quads()), as_of=as_of)


def _changed(text: str, edits: Edits, where: str) -> str:
    for old, new in edits:
        assert text.count(old) == 1, f"{where}: {old!r} stands there {text.count(old)} times"
        text = text.replace(old, new)
    return text
