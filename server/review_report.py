"""The review of a document as one file of HTML that prints well: an assessor attaches it to a memo."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from itertools import groupby

import jinja2

from msevidence.ontology.namespaces import scheme_label
from msevidence.server import i18n
from msevidence.server.review_json import where
from msevidence.server.review_model import SEVERITIES, Review

STYLE = """
:root { color-scheme: light; font: 10.5pt/1.45 "Source Serif 4", Georgia, "Times New Roman", serif; }
body { color: #111; background: #fff; margin: 2rem auto; max-width: 46rem; padding: 0 1rem; overflow-wrap: break-word; }
h1 { font-size: 1.5rem; line-height: 1.2; } h2 { border-bottom: 1px solid #999; font-size: 1.15rem; margin-top: 2rem; }
h3 { font-size: 1rem; margin: 1.2rem 0 0.3rem; } .finding { break-inside: avoid; margin: 0 0 1.1rem; }
.finding p { margin: 0.2rem 0; }
.severity { border: 1px solid #555; border-radius: 3px; font-size: 0.85em; padding: 0 0.35em; }
.error .severity { background: #111; color: #fff; } .warning .severity { background: #ddd; }
blockquote { border-left: 2px solid #888; margin: 0.3rem 0 0; padding-left: 0.7rem; }
.where, .small { color: #444; font-size: 0.85em; } .aside .message { text-decoration: line-through; }
table { border-collapse: collapse; font-size: 0.9em; width: 100%; }
th, td { border: 1px solid #aaa; padding: 0.2rem 0.4rem; text-align: left; vertical-align: top; }
thead { display: table-header-group; } tr { break-inside: avoid; } code { overflow-wrap: anywhere; }
@page { margin: 18mm 16mm; } @media print { body { margin: 0; max-width: none; padding: 0; } a { color: inherit; } }
"""
STYLE_HASH = "sha256-" + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
"""What a Content-Security-Policy lets the style of the file in by."""


def as_html(review: Review, language: str, base: str, release: str | None, site: str = "") -> str:
    """Return the review as HTML.

    Args:
        review: of one document.
        language: of the words around the quotations, ``en`` or ``nb``.
        base: of the addresses of the data, left out of keys.
        release: id of the release that was reviewed, ``None`` for a text that is not published.
        site: address of the server whose pages the findings have, empty where there is none.
    """
    groups = [(group, list(found)) for group, found in groupby(review.findings, key=lambda f: f.group)]
    return _template().render(
        review=review,
        groups=groups,
        lang=language,
        base=base,
        release=release,
        site=site,
        style=STYLE,
        severities=SEVERITIES,
        where=where,
        t=lambda name, **values: i18n.text(name, language, **values),
        kind=lambda name: (
            scheme_label("finding-kind", name).get(language, name) if name else i18n.text("other", language)
        ),
        concept=lambda scheme, name: scheme_label(scheme, name).get(language, name),
    )


def _kind(name: str, language: str) -> str:
    return scheme_label("finding-kind", name).get(language, name) if name else i18n.text("other", language)


@cache
def _template() -> jinja2.Template:
    loader = jinja2.PackageLoader("msevidence.server", "templates")
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("review_report.html")
