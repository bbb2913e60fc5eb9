"""What operations of several kinds share: media types with their schemas, and the parameter of the language."""

from __future__ import annotations

from collections.abc import Mapping

from msevidence.server.formats import RDF_FORMATS, RESULT_FORMATS
from msevidence.server.openapi_model import Parameter
from msevidence.server.openapi_schemas import TEXT, Schema, ref

HTML = "text/html"
LANG = Parameter("lang", TEXT, example="nb")
RDF_TYPES: Mapping[str, Schema] = {f.media_type: TEXT if f.name != "jsonld" else {} for f in RDF_FORMATS.values()}
RESULT_TYPES: Mapping[str, Schema] = {
    f.media_type: ref("SparqlResults") if f.name == "json" else TEXT for f in RESULT_FORMATS.values()
}
