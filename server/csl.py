"""CSL-JSON, which Zotero, Pandoc and citation processors read.

Schema: https://resource.citationstyles.org/schema/v1.0/input/json/csl-data.json
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from msevidence.server.bibliography import REGISTRATION, Name, Record, distinct, one_line

MEDIA_TYPE = "application/vnd.citationstyles.csl+json"
_TYPES = {"newspaper-article": "article-newspaper", "web-page": "webpage", "software": "software"}


def write(records: Iterable[Record]) -> str:
    """Write records as CSL-JSON: a list, empty where there are none."""
    return json.dumps([item(record) for record in distinct(records)], ensure_ascii=False, indent=1) + "\n"


def item(record: Record) -> dict[str, Any]:
    """Return a record as an item of CSL."""
    container = "publisher" if record.report or record.kind == REGISTRATION else "container-title"
    texts = {
        "publisher": record.publisher,
        container: record.container,
        "title": record.title or record.key,
        "title-short": record.short_title,
        "volume": record.volume,
        "issue": record.issue,
        "page": "-".join(end for end in record.page_ends if end),
        "DOI": record.doi,
        "PMID": record.pmid,
        "PMCID": record.pmcid,
        "ISSN": record.issn,
        "number": record.number,
        "URL": record.address,
        "language": record.language,
        "genre": record.kind_label,
        "keyword": ", ".join(dict.fromkeys(record.keywords)),
        "note": " ".join(record.notes),
    }
    dates = {"issued": date(record.issued), "accessed": date(record.accessed)}
    return {
        "id": record.key,
        "type": type_of(record),
        **({"author": [_name(name) for name in record.authors]} if record.authors else {}),
        **{name: one_line(text) for name, text in texts.items() if text},
        **{name: value for name, value in dates.items() if value},
    }


def type_of(record: Record) -> str:
    """Return the type of item; CSL has none for a registry record, which is cited as the page that it is."""
    if record.kind == REGISTRATION:
        return "webpage"
    if record.report:
        return "report"
    return "article-journal" if record.in_journal else _TYPES.get(record.kind, "document")


def date(written: str) -> dict[str, Any] | None:
    """Return a date in parts.

    >>> date("2019-01-15"), date("2021-09"), date("about 2019"), date("")
    ({'date-parts': [[2019, 1, 15]]}, {'date-parts': [[2021, 9]]}, {'literal': 'about 2019'}, None)
    """
    parts = written.split("-")
    if all(part.isdecimal() and part.isascii() for part in parts):
        return {"date-parts": [[int(part) for part in parts]]}
    return {"literal": one_line(written)} if written else None


def _name(name: Name) -> dict[str, str]:
    return {"family": name.family, "given": name.given} if name.given else {"literal": name.family}
