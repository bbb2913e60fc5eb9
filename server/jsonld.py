"""A page's content in schema.org's terms (https://schema.org/), as the data block that search engines read.

Only what the graph states is said. Jinja's ``tojson`` writes it, which escapes ``<``, ``>``, ``&`` and ``'``, so that
no text can end the script element; a data block is never run (HTML, "the script element").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msevidence.server.labels import PREFIXES, Text
from msevidence.server.pages_links import DCTERMS, MSE, Value
from msevidence.server.pages_view import View
from msevidence.server.releases import Release
from msevidence.server.sections.base import Sections
from msevidence.server.sections.claim import ClaimSections
from msevidence.server.sections.study import StudySections

CONTEXT = "https://schema.org"
Data = Mapping[str, Any]

FABIO = PREFIXES["fabio"]
PUBLICATIONS: Mapping[str, str] = {
    FABIO + "ReportDocument": "Report",
    FABIO + "NewspaperArticle": "NewsArticle",
    FABIO + "WebPage": "WebPage",
    FABIO + "JournalArticle": "ScholarlyArticle",
    FABIO + "ReviewArticle": "ScholarlyArticle",
    FABIO + "Abstract": "ScholarlyArticle",
}
"""Class of a publication → schema.org's type; a CreativeWork for any other."""
STUDIES: Sequence[tuple[str, frozenset[str]]] = (
    ("MedicalStudy", frozenset(("meta-analysis", "systematic-review", "scoping-review", "clinical-guideline"))),
    (
        "MedicalTrial",
        frozenset(("randomised-controlled-trial", "controlled-trial", "crossover", "placebo-controlled")),
    ),
    (
        "MedicalObservationalStudy",
        frozenset(("registry-study", "observational-study", "cohort-study", "matched-cohort", "case-series")),
    ),
)
"""Type → designs of the scheme study-design, the first that fits; without any of them it is a MedicalStudy."""


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
    """Describe a resource; None for what schema.org has no fitting type for."""
    if isinstance(sections, StudySections):
        return _written(_kind_of_study(view), view, _study(view, sections))
    if isinstance(sections, ClaimSections):
        return _written("Claim", view, _claim(view, sections))
    if {MSE + "Publication", MSE + "Document"} & view.type_iris:
        kinds = (kind for iri, kind in PUBLICATIONS.items() if iri in view.type_iris)
        return _written(next(kinds, "CreativeWork"), view, _publication(view))
    if MSE + "Registration" in view.type_iris:
        return _written("CreativeWork", view, _registration(view))
    if PREFIXES["dcat"] + "Dataset" in view.type_iris:
        return _written("Dataset", view, _dataset(view))
    return None


def _written(kind: str, view: View, parts: Data) -> Data:
    said = {"@context": CONTEXT, "@type": kind, "@id": view.iri, "name": _text(view.heading), **parts}
    return {key: value for key, value in said.items() if value not in (None, "", [], ())}


def _kind_of_study(view: View) -> str:
    """Return the type for a study's designs; a review of studies comes first, since it has their designs too."""
    designs = {value.iri.rpartition("/")[2] for value in view.values(MSE + "studyDesign")}
    return next((kind for kind, those in STUDIES if designs & those), "MedicalStudy")


def _study(view: View, sections: StudySections) -> Data:
    names = [*view.values(MSE + "acronym"), *view.values(MSE + "alternativeName")]
    return {
        "alternateName": [value.text.text for value in names],
        "identifier": [value.text.text for value in sections.values("registrations")],
        "subjectOf": [_named("CreativeWork", value) for value in sections.values("publications")],
    }


def _claim(view: View, sections: ClaimSections) -> Data:
    cited = {
        publication.value.iri: _named("CreativeWork", publication.value)
        for support in sections.support
        for publication in support.publications.values()
    }
    return {
        "text": view.heading.text,
        "inLanguage": view.language,
        "appearance": [_named("CreativeWork", value) for value in view.values(MSE + "inDocument")],
        "citation": list(cited.values()),
    }


def _publication(view: View) -> Data:
    doi = _texts(view.values(PREFIXES["prism"] + "doi"))
    titles = [value.text for value in view.values(DCTERMS + "title")]
    title = next((text for text in titles if text.language == view.language), [*titles, view.heading][0])
    return {
        "name": _text(title),
        "alternateName": _text(view.heading) if view.heading.text != title.text else None,
        "headline": title.text,
        "author": _authors(view),
        "publisher": [_named("Organization", value) for value in view.values(DCTERMS + "publisher") if value.iri],
        "inLanguage": next(iter(_texts(view.values(DCTERMS + "language"))), title.language),
        "datePublished": next(
            iter(_texts([*view.values(DCTERMS + "issued"), *view.values(MSE + "year")])),
            None,
        ),
        "isPartOf": [{"@type": "CreativeWork", "name": text} for text in _texts(view.values(MSE + "container"))],
        "identifier": [f"doi:{value}" for value in doi],
        "sameAs": [f"https://doi.org/{value}" for value in doi],
        "license": _texts(view.values(DCTERMS + "license")),
    }


def _authors(view: View) -> list[Data]:
    """Return the people, in the order in which their names are printed, and the group that signs as author."""
    people = {value.text.text: value for value in view.values(DCTERMS + "creator")}
    printed = sorted(view.values(MSE + "hasAuthorName"), key=_position)
    names = dict.fromkeys([*(value.text.text for value in printed), *people])
    persons = [
        _named("Person", people[name]) if name in people else {"@type": "Person", "name": name} for name in names
    ]
    groups = _texts(view.values(MSE + "groupAuthor"))
    return [*persons, *({"@type": "Organization", "name": name} for name in groups)]


def _position(author_name: Value) -> int:
    """Return which of a document's authors this is: the last part of its key (``author-name/nygaard-2024.2``)."""
    number = author_name.iri.rpartition(".")[2]
    return int(number) if number.isdecimal() else 0


def _registration(view: View) -> Data:
    studies = [g.page.items for g in view.inverse if g.iri == MSE + "registeredAs"]
    return {
        "identifier": _texts(view.values(MSE + "registrationNumber")),
        "about": [_named("MedicalStudy", value) for values in studies for value in values],
    }


def _dataset(view: View) -> Data:
    return {
        "description": [_text(value.text) for value in view.values(DCTERMS + "description")],
        "identifier": _texts(view.values(DCTERMS + "identifier")),
        "version": _texts(view.values(PREFIXES["dcat"] + "version")),
        "datePublished": _texts(view.values(DCTERMS + "issued")),
    }


def _named(kind: str, value: Value) -> Data:
    return {"@type": kind, "@id": value.iri, "name": _text(value.text)}


def _texts(values: Sequence[Value]) -> list[str]:
    return [value.iri or value.text.text for value in values]


def _text(text: Text) -> Any:
    return {"@value": text.text, "@language": text.language} if text.language else text.text
