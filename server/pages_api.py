"""``/openapi.json``, the description of this server for programs, and ``/api``, the same as a page for people."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from flask import Blueprint, Response, render_template

from msevidence.ontology.naming import Text
from msevidence.server import answers, description, i18n, negotiation, openapi
from msevidence.server.openapi_model import Choices, Operation
from msevidence.server.openapi_operations import operations
from msevidence.server.releases import all_releases
from msevidence.server.store import lanes, pages

blueprint = Blueprint("api", __name__)

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Shown:
    """An operation as the page shows it."""

    method: str
    path: str
    about: str
    parameters: Sequence[tuple[str, Text, Sequence[str]]]
    """Name, what it is, and its values where they are few."""
    answers: Sequence[str]
    """Media types."""


@blueprint.get("/openapi.json")
def of_programs() -> Response:
    """Send the description, in English."""
    lane = pages()
    there, site = _choices("en"), description.site()
    # Which releases are kept is told, and changes without the one that is served.
    kept = [release.id for release in all_releases(lanes().home)]
    tag = answers.entity_tag(lane.release, "openapi", site, kept, negotiation.gzip_wanted())
    if (known := answers.known(tag, JSON)) is not None:
        return known
    body = openapi.document(there, site, version("msevidence"))
    return answers.compressed((json.dumps(body, ensure_ascii=False) + "\n").encode(), JSON, tag)


@blueprint.get("/api")
def overview() -> Response:
    """Show the operations of the server."""
    lane, language = pages(), negotiation.language()
    kept = [release.id for release in all_releases(lanes().home)]
    address = (description.site(), kept, answers.arguments(), language)
    tag = answers.entity_tag(lane.release, "api", *address, negotiation.gzip_wanted())
    if (known := answers.known(tag, answers.PAGE_TYPE, vary="Accept-Language")) is not None:
        return known
    html = render_template(
        "api.html", release=lane.release, page_title=i18n.text("nav-api", language), groups=_groups(_choices(language))
    )
    body = answers.allowed_in_html(html).encode()
    return answers.compressed(body, answers.PAGE_TYPE, tag, vary="Accept-Language")


def _choices(language: str) -> Choices:
    release = pages().release
    kept = sorted(one.id for one in all_releases(lanes().home))
    return Choices(release, kept, language)


def _groups(there: Choices) -> Mapping[str, list[Shown]]:
    found: dict[str, list[Shown]] = {name: [] for name in openapi.GROUPS}
    for endpoint, several in operations(there).items():
        found[openapi.group(endpoint)] += [_shown(endpoint, one, there.language) for one in several]
    return found


def _shown(endpoint: str, one: Operation, language: str) -> Shown:
    parameters = [
        (p.name, Text(openapi.told(p, language), language), list(p.schema.get("enum", ()))[:FEW])
        for p in one.parameters
    ]
    parts: list[Any] = [
        (f"{{{name}}}", Text(i18n.text(f"api-part-{name}", language), language), ()) for name in one.parts
    ]
    return Shown(
        openapi.method(one).upper(),
        one.path,
        openapi.about(endpoint, one, language),
        [*parts, *parameters],
        list(one.answers),
    )


FEW = 12
"""Values of a parameter that the page names; the description for programs has them all."""
