"""The interface in English and Norwegian bokmål: which language a request asks for, and the words.

The words are in ``translations.toml``, one table a text. The language of the interface (``lang`` of the page) is not
that of the content, which keeps its own. Negotiation: RFC 9110 §12.5.4 (``Accept-Language``), before it ``?lang=``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from werkzeug.datastructures import LanguageAccept

from msevidence.server.errors import BadRequest

LANGUAGES: Mapping[str, str] = {"en": "English", "nb": "Norsk bokmål"}
DEFAULT = "en"
_FILE = Path(__file__).parent / "translations.toml"
# What browsers in Norway send: bokmål is the nearest that there is to all of them.
_NORWEGIAN = ("no", "nn", "nb-no", "nn-no", "no-no")


class UnknownTextError(LookupError):
    """Raised when the translations have no text of this name."""


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """Return all texts by name and language."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def text(name: str, language: str, **values: object) -> str:
    """Return a text of the interface with its values filled in.

    Raises:
        UnknownTextError: there is none of this name, or not in this language.
    """
    try:
        return texts()[name][language].format(**values)
    except KeyError as error:
        raise UnknownTextError(
            f"{_FILE.name}: no text {name!r} in {language!r}, or a value for it is missing"
        ) from error


def counted(name: str, count: int, language: str) -> str:
    """Return a text for one thing (``name.one``) or for several (``name.many``), with the figure."""
    return text(f"{name}-{'one' if count == 1 else 'many'}", language, count=number(count, language))


def number(value: int, language: str) -> str:
    """Write a figure as the language does: 12,345 and 12 345 (with a space that does not break)."""
    return f"{value:,}" if language == "en" else f"{value:,}".replace(",", "\u00a0")


def negotiate(asked: str | None, accepted: LanguageAccept) -> str:
    """Return the language of the interface.

    Args:
        asked: the value of ``?lang=``.
        accepted: what the client accepts.

    Raises:
        BadRequest: `asked` is not a language of the interface.
    """
    if asked:
        if asked not in LANGUAGES:
            raise BadRequest(f"lang={asked[:20]!r}: the interface has the languages {', '.join(LANGUAGES)}")
        return asked
    best = accepted.best_match([*LANGUAGES, *_NORWEGIAN])
    if best is None:
        return DEFAULT
    return "nb" if best.lower() in _NORWEGIAN else best
