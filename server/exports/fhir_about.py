"""The first entry of the FHIR bundle: what it is of, who may use it, and what of the graph it does not hold."""

from __future__ import annotations

from msevidence.server import i18n
from msevidence.server.exports.about import about
from msevidence.server.exports.fhir_lost import losses
from msevidence.server.exports.fhir_values import (
    Json,
    made,
    made_iri,
    narrative,
    own_identifier,
    paragraph,
)
from msevidence.server.exports.handover import Handover

PUBLISHER = "msevidence"


def about_iri(handover: Handover) -> str:
    """Return the IRI of the first entry: of the release and of what was chosen of it."""
    return made_iri("bundle", handover.release.id, *handover.scope.named)


def about_bundle(handover: Handover) -> Json:
    """Return the composition that stands first."""
    language = handover.language
    facts = [paragraph(f"{fact.heading}: {fact.value}", link=fact.link) for fact in about(handover)]
    rows = "".join(
        f"<tr>{''.join(paragraph(cell, tag='td') for cell in row)}</tr>" for row in dict.fromkeys(losses(handover))
    )
    heads = [i18n.text(f"fhir-{name}", language) for name in ("kind", "property", "why")]
    head = "".join(paragraph(cell, tag="th") for cell in heads)
    return made(
        resourceType="Composition",
        id=about_iri(handover).removeprefix("urn:uuid:"),
        language=language,
        identifier=[own_identifier(f"{handover.site}releases/{handover.release.id}/")],
        status="preliminary",
        type={"text": i18n.text("fhir-bundle", language)},
        date=handover.release.built,
        author=[{"display": PUBLISHER}],
        title=i18n.text("fhir-bundle", language),
        section=[
            made(
                title=i18n.text("fhir-about", language),
                text=narrative(paragraph(i18n.text("fhir-experimental", language)), *facts),
            ),
            made(
                title=i18n.text("fhir-not-held", language),
                text=narrative(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"),
            ),
        ],
    )
