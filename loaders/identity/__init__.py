"""Which things are the same study, which a part of one, which are kept apart, and on whose word.

``decide`` states a decision that a document or a person takes. ``resolve`` hears all assertions together, those of
documents, of registry records and of curators, and gives every registration exactly one study; ``state`` states that.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from msevidence.loaders.identity.decisions import Word, decide, word_of
    from msevidence.loaders.identity.model import Assertion, Decision, IdentityFinding, MintedStudy, Resolution
    from msevidence.loaders.identity.records import Records
    from msevidence.loaders.identity.resolving import resolve
    from msevidence.loaders.identity.stated import assertions_of, assertions_of_links
    from msevidence.loaders.identity.stating import state

__all__ = [
    "Assertion",
    "Decision",
    "IdentityFinding",
    "MintedStudy",
    "Records",
    "Resolution",
    "Word",
    "assertions_of",
    "assertions_of_facts",
    "assertions_of_links",
    "decide",
    "resolve",
    "state",
    "word_of",
]

# The server asks this package what a placeholder is, and how SSSOM is written; networkx and pydantic, which all that
# is named here brings along, would be a fifth of the time of its start.
_FROM = {
    **dict.fromkeys(("Word", "decide", "word_of"), "decisions"),
    **dict.fromkeys(("Assertion", "Decision", "IdentityFinding", "MintedStudy", "Resolution"), "model"),
    **dict.fromkeys(("assertions_of", "assertions_of_links"), "stated"),
    "Records": "records",
    "resolve": "resolving",
    "state": "stating",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for (PEP 562)."""
    if name not in _FROM:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_FROM[name]}"), name)


def assertions_of_facts(records: "Records") -> "Iterator[Assertion]":
    """Yield what the records say of each other by all rules."""
    from msevidence.loaders.identity.name_rules import name_assertions
    from msevidence.loaders.identity.number_rules import number_assertions

    yield from number_assertions(records)
    yield from name_assertions(records)
