"""The menus of every page: what the graph is about, and how it is made and asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app

Entry = tuple[str, str, Mapping[str, Any]]
"""Name of its text (``nav-…``), endpoint, and values of its address."""

MAIN: Sequence[Entry] = (
    ("map", "map.evidence_map", {}),
    ("timeline", "timeline.timeline", {}),
    ("results", "results.results", {}),
    ("studies", "pages.listing", {"name": "studies"}),
    ("documents", "pages.listing", {"name": "documents"}),
    ("browse", "browse.browse", {}),
    ("review", "review.overview", {}),
    ("count", "count.count", {}),
    ("questions", "queries.queries", {}),
)
COLOPHON: Sequence[Entry] = (
    ("export", "export.overview", {}),
    ("compare", "compare.compare", {}),
    ("flow", "flow.flow", {}),
    ("searches", "searches.searches", {}),
    ("vocabulary", "vocabulary.vocabulary", {}),
    ("graphs", "graphs.graphs", {}),
    ("quality", "quality.quality", {}),
    ("sparql", "sparql.by_get", {}),
    ("api", "api.overview", {}),
)


def there(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries whose pages this application has."""
    return [entry for entry in entries if entry[1] in current_app.view_functions]
