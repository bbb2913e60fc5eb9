"""How far each rule is trusted: the order in which assertions are heard, since the later one of two that cannot both
hold is stopped. The figures are an order, not measured probabilities.
"""

CONFIDENCE = {
    "curated": 1.0,  # a person looked at both
    "described-in-text": 1.0,  # likewise, in the curation of a document
    "obsolete-number": 0.99,  # the registry itself says that it once gave the record this number
    "transition": 0.98,  # the register that a trial moved to names where it came from
    "mutual-secondary-number": 0.97,  # two sponsors' entries, each naming the other
    "site-list": 0.96,  # a document names the whole and its parts, and a person read it
    "secondary-number": 0.94,  # a registry's own record, where one digit may be wrong
    "recorded-link": 0.93,  # a page or article about the trial that names both numbers
    "named-in-text": 0.92,  # a document that copies numbers, read by a person
    "printed-in-one-row": 0.9,  # the same, read by a loader
    "link-leads-to-other-number": 0.9,
    "follow-up-of": 0.9,
    "title-names-number": 0.88,  # titles name numbers of what they compare with, too
    "same-acronym-title-and-sponsor": 0.86,
    "same-protocol-code-and-sponsor": 0.85,
    "shared-secondary-number": 0.8,
    "mapping": 0.8,  # where another agency's file gives no confidence of its own
}
CURATED = frozenset({"curated", "described-in-text", "named-in-text", "site-list"})
"""Rules by which a person decided, in identity.yaml or in the curation of a document."""
STRONG = CURATED | {"obsolete-number", "transition"}
"""Rules that another condition, acronym or sponsor does not stop: somebody knew both records."""
EXPECTED_TO_DIFFER = frozenset({"mutual-secondary-number"})
"""Rules that another sponsor or acronym does not stop: registries name either in their own way."""


def confidence(rule: str) -> float:
    """Return how far ``rule`` is trusted; a rule that is not listed is not trusted much."""
    return CONFIDENCE.get(rule, 0.5)
