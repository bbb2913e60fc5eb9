"""The words of the interface in English and Norwegian bokmål, from ``translations/``, a file a group of pages.

The language of the interface (``lang`` of the page, chosen by ``negotiation.language``) is not that of the content,
which keeps its own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from msevidence.ontology.naming import term as term

LANGUAGES: Mapping[str, str] = {"en": "English", "nb": "Norsk bokmål"}
_FOLDER = Path(__file__).parent / "translations"


class UnknownTextError(LookupError):
    """Raised when the translations have no text of this name."""


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """Return all texts by name and language.

    Raises:
        ValueError: two files have a text of one name.
    """
    found: dict[str, Mapping[str, str]] = {}
    for file in sorted(_FOLDER.glob("*.toml")):
        read = tomllib.loads(file.read_text(encoding="utf-8"))
        if twice := found.keys() & read.keys():
            raise ValueError(f"{file.name}: {', '.join(sorted(twice))}: another file has a text of that name")
        found |= read
    return found


def text(name: str, language: str, **values: object) -> str:
    """Return a text of the interface with its values filled in.

    Raises:
        UnknownTextError: there is none of this name, or not in this language.
    """
    try:
        return texts()[name][language].format(**values)
    except KeyError as error:
        raise UnknownTextError(
            f"{_FOLDER.name}: no text {name!r} in {language!r}, or a value for it is missing"
        ) from error


def counted(name: str, count: int, language: str) -> str:
    """Return a text for one thing (``name.one``) or for several (``name.many``), with the figure."""
    return text(f"{name}-{'one' if count == 1 else 'many'}", language, count=number(count, language))


def number(value: int, language: str) -> str:
    """Write a figure as the language does: 12,345 and 12 345 (with a space that does not break)."""
    return f"{value:,}" if language == "en" else f"{value:,}".replace(",", "\u00a0")
