"""The address of a nanopublication, ``/np/<claim>/<code>``: TriG, or the page of the claim, which shows it.

The code is made anew from the release and compared: what answers is what the code is of, or nothing does.
"""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Response

from msevidence.server import answers, negotiation, resources
from msevidence.server.errors import NotFound, Words
from msevidence.server.exports.nanopub import named, of_claims, trig
from msevidence.server.formats import RDF_FORMATS, Format
from msevidence.server.labels import Labels
from msevidence.server.store import pages

blueprint = Blueprint("nanopub", __name__)

FORMATS: dict[str, Format[Any]] = {
    "trig": RDF_FORMATS["trig"],
    "html": Format("html", "text/html", cast(Any, None), "html", negotiation.HTML[1:]),
}


@blueprint.get("/np/<key>/<code>")
def nanopublication(key: str, code: str) -> Response:
    """Answer with the nanopublication of a claim.

    Raises:
        NotFound: there is no such claim, or its nanopublication in this release has another code.
    """
    lane = pages()
    claim = resources.find(lane, f"claim/{key}")
    wanted = negotiation.choose(FORMATS, None)
    if wanted.name == "html":
        return answers.see_other(f"../../claim/{key}.html#nanopublication")
    tag = answers.entity_tag(lane.release, "nanopub", key, code, negotiation.gzip_wanted())
    if (known := answers.known(tag, wanted.content_type)) is not None:
        return known
    ((_, one),) = of_claims(lane, Labels(lane, "en"), [claim])
    quads = named(one, lane.release.base)
    made = str(quads[0].graph_name)[1:].partition("#")[0].rpartition("/")[2]
    if made != code:
        here, asked = lane.release.id[:12], code[:60]
        said = Words(
            f"Release {here} makes {made} of the claim {key}; {asked} is signed, or of another release.",
            f"Utgivelse {here} gir {made} av påstanden {key}; {asked} er signert, eller av en annen utgivelse.",
        )
        raise NotFound(said)
    return answers.compressed(trig(quads), wanted.content_type, tag)
