"""A page's content in schema.org's terms (https://schema.org/), as the data block that search engines read.

Only what the graph states is said. Jinja's ``tojson`` writes it, which escapes ``<``, ``>``, ``&`` and ``'``, so that
no text can end the script element; a data block is never run (HTML, "the script element").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msevidence.server.labels import PREFIXES, Text
from msevidence.server.pages_sections import ClaimSections, Sections, StudySections
from msevidence.server.pages_view import DCTERMS, MSE, Value, View
from msevidence.server.releases import Release

CONTEXT = "https://schema.org"
Data = Mapping[str, Any]


def dataset(release: Release, title: str, description: str, site: str) -> Data:
    """Describe the release as a Dataset, for the home page.

    Args:
        release: what is served.
        title: in the reader's language.
        description: in the reader's language.
        site: address of this server, with a slash at the end.
    """
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "@id": release.base + "dataset/msevidence",
        "name": title,
        "description": description,
        "identifier": release.id,
        "version": release.version,
        "datePublished": release.built,
        "url": site,
        "distribution": {
            "@type": "DataDownload",
            "encodingFormat": "application/n-quads",
            "contentUrl": f"{site}releases/{release.id}/data.nq",
        },
    }


def of_resource(view: View, sections: Sections) -> Data | None:
    """Describe a study, publication, document or claim; None for what schema.org has no fitting type for."""
    if isinstance(sections, StudySections):
        return _written("MedicalTrial", view, _study(view, sections))
    if isinstance(sections, ClaimSections):
        return _written("Claim", view, _claim(view, sections))
    if {MSE + "Publication", MSE + "Document"} & view.type_iris:
        return _written("ScholarlyArticle", view, _article(view))
    return None


def _written(kind: str, view: View, parts: Data) -> Data:
    said = {"@context": CONTEXT, "@type": kind, "@id": view.iri, "name": _text(view.heading), **parts}
    return {key: value for key, value in said.items() if value not in (None, "", [], ())}


def _study(view: View, sections: StudySections) -> Data:
    names = [*view.values(MSE + "acronym"), *view.values(MSE + "alternativeName")]
    return {
        "alternateName": [value.text.text for value in names],
        "identifier": [value.text.text for value in sections.values("registrations")],
        "subjectOf": [
            {"@type": "ScholarlyArticle", "@id": value.iri, "name": _text(value.text)}
            for value in sections.values("publications")
        ],
    }


def _claim(view: View, sections: ClaimSections) -> Data:
    cited = {
        publication.value.iri: {
            "@type": "CreativeWork",
            "@id": publication.value.iri,
            "name": _text(publication.value.text),
        }
        for support in sections.support
        for publication in support.publications.values()
    }
    return {
        "text": view.heading.text,
        "inLanguage": view.language,
        "appearance": [
            {"@type": "CreativeWork", "@id": value.iri, "name": _text(value.text)}
            for value in view.values(MSE + "inDocument")
        ],
        "citation": list(cited.values()),
    }


def _article(view: View) -> Data:
    doi = _texts(view.values(PREFIXES["prism"] + "doi"))
    return {
        "headline": view.heading.text,
        "inLanguage": next(iter(_texts(view.values(DCTERMS + "language"))), view.language),
        "datePublished": next(
            iter(_texts([*view.values(DCTERMS + "issued"), *view.values(MSE + "year")])),
            None,
        ),
        "isPartOf": [{"@type": "CreativeWork", "name": text} for text in _texts(view.values(MSE + "container"))],
        "identifier": [f"doi:{value}" for value in doi],
        "sameAs": [f"https://doi.org/{value}" for value in doi],
        "license": _texts(view.values(DCTERMS + "license")),
    }


def _texts(values: Sequence[Value]) -> list[str]:
    return [value.iri or value.text.text for value in values]


def _text(text: Text) -> Any:
    return {"@value": text.text, "@language": text.language} if text.language else text.text
