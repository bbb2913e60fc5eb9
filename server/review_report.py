"""The review of a document as one file of HTML that prints well: an assessor attaches it to a memo."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache

import jinja2

from msevidence.ontology.namespaces import scheme_label
from msevidence.server import i18n
from msevidence.server.review_model import GROUPS, SEVERITIES, Finding, Review, count_by_severity
from msevidence.server.review_words import new_values, tallied, where

STYLE = """
:root { color-scheme: light; font: 10.5pt/1.45 "Source Serif 4", Georgia, "Times New Roman", serif; }
body { color: #111; background: #fff; margin: 2rem auto; max-width: 46rem; padding: 0 1rem; overflow-wrap: break-word; }
h1 { font-size: 1.5rem; line-height: 1.2; margin-bottom: 0.6rem; }
h2 { border-bottom: 1px solid #999; break-after: avoid; font-size: 1.15rem; margin: 1.8rem 0 0.6rem; }
h3 { break-after: avoid; font-size: 1rem; margin: 1.1rem 0 0.2rem; }
h2::first-letter, h3 .kind::first-letter { text-transform: uppercase; } h3 .kind { display: inline-block; }
.finding { break-inside: avoid; margin: 0 0 1rem; } .finding.long { break-inside: auto; }
.finding p { margin: 0.2rem 0; }
.severity { border: 1px solid #555; border-radius: 3px; font-size: 0.85em; padding: 0 0.35em; }
.error .severity { background: #111; color: #fff; } .warning .severity { background: #ddd; }
blockquote { border-left: 2px solid #888; margin: 0.35rem 0 0; padding-left: 0.7rem; }
.where, .small { color: #444; font-size: 0.85em; } .where::before { content: "— "; }
.aside .message { text-decoration: line-through; }
table { border-collapse: collapse; font-size: 0.9em; margin: 0.6rem 0; } .wide { width: 100%; }
th, td { border: 1px solid #aaa; padding: 0.15rem 0.4rem; text-align: left; vertical-align: top; }
th { font-weight: 600; } .figure { text-align: right; }
thead { display: table-header-group; } tr { break-inside: avoid; } code { font-size: 0.9em; overflow-wrap: anywhere; }
@page { margin: 18mm 16mm; @bottom-right { content: counter(page); font: 9pt Georgia, serif; } }
@media print { body { margin: 0; max-width: none; padding: 0; } a { color: inherit; } }
"""
STYLE_HASH = "sha256-" + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
"""What a Content-Security-Policy lets the style of the file in by."""
LONG = 5
"""A finding that rests on more passages than this may be broken over pages."""


def as_html(
    review: Review, language: str, release: str | None, site: str = "", chosen: Mapping[str, str] | None = None
) -> str:
    """Return the review as HTML.

    Args:
        review: of one document.
        language: of the words around the quotations, ``en`` or ``nb``.
        release: id of the release that was reviewed, ``None`` for a text that is not published.
        site: address of the server with the pages of the findings, without a slash at the end; empty for none.
        chosen: what the findings were chosen by, where not all of them are given.
    """

    def kind(name: str) -> str:
        return concept("finding-kind", name) if name else i18n.text("other", language)

    def concept(scheme: str, name: str) -> str:
        labels = scheme_label(scheme, name)
        return labels.get(language) or labels["en"]

    by_group: dict[str, list[Finding]] = {}
    for finding in review.findings:
        by_group.setdefault(finding.group if finding.group in GROUPS else "", []).append(finding)
    return _template().render(
        review=review,
        groups=by_group,
        tally=count_by_severity,
        lang=language,
        release=release,
        site=site,
        chosen=chosen or {},
        style=STYLE,
        long=LONG,
        severities=SEVERITIES,
        counts=tallied(review.counts(), language),
        new_values=new_values,
        where=where,
        t=lambda name, **values: i18n.text(name, language, **values),
        kind=kind,
        concept=concept,
    )


@cache
def _template() -> jinja2.Template:
    loader = jinja2.PackageLoader("msevidence.server", "templates")
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("review_report.html")
