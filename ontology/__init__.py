"""What may be said: terms, alignments, concept schemes, shapes, review rules, namespaces, identifiers, validation.

``validate`` checks statements against the shapes, ``undeclared_terms`` that every term they use is declared. Both are
imported when first asked for: they need pyshacl, which takes longer to import than all else here.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from msevidence.ontology.validation import undeclared_terms, validate

__all__ = ["undeclared_terms", "validate"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from msevidence.ontology import validation

        return getattr(validation, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
