"""Which things are the same study, which a part of one, which are kept apart, and on whose word.

``decide`` states a decision that a document or a person takes. ``resolve`` hears all assertions together, those of
documents, of registry records and of curators, and gives every registration exactly one study.
"""

from msevidence.loaders.identity.decisions import Word, decide, word_of
from msevidence.loaders.identity.model import Assertion, Decision, IdentityFinding, MintedStudy, Resolution

__all__ = ["Assertion", "Decision", "IdentityFinding", "MintedStudy", "Resolution", "Word", "decide", "word_of"]
