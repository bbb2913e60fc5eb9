"""How many studies there are, and of which sort: one sentence for every page that shows fewer of them than the list."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from msevidence.server import i18n
from msevidence.server.study_profile import Profile

SORTS = ("about", "named", "parts", "recorded")
"""Of a stated kind of transplantation or type of MS; of neither; part of another; known from a registry's record only.

Their words are texts of the interface, ``studies-<sort>-one`` and ``-many``.
"""


def about(profile: Profile) -> bool:
    """Say whether a document states a kind of transplantation or a type of MS of a study."""
    return bool(profile.values("transplantation") or profile.values("msType"))


def sorts(profiles: Mapping[str, Profile], others: int) -> Mapping[str, int]:
    """Return how many there are of each sort; every study is of one.

    Args:
        profiles: the studies that documents or the catalogue tell of.
        others: how many there are beside these.
    """
    whole = [p for p in profiles.values() if p.whole not in profiles]
    known = sum(map(about, whole))
    numbers = (known, len(whole) - known, len(profiles) - len(whole), others)
    return dict(zip(SORTS, numbers, strict=True))


def sentence(counted: Mapping[str, int], reasons: str, language: str) -> Markup:
    """Return the sentence: how many of each sort, and all together.

    Args:
        counted: as ``sorts`` returns them.
        reasons: address where it stands why those that are only named are in the graph.
        language: of the interface.
    """

    def words(sort: str, number: int) -> Markup:
        said = Markup.escape(i18n.counted(f"studies-{sort}", number, language))
        if sort != "named":
            return said
        return Markup('{} (<a href="{}">{}</a>)').format(said, reasons, i18n.text("studies-why", language))

    there = [words(sort, number) for sort, number in counted.items() if number or sort == SORTS[0]]
    every = i18n.number(sum(counted.values()), language)
    return Markup("{}: {}").format(Markup("; ").join(there), i18n.text("studies-in-all", language, count=every))
