"""One number that several records list: a hub that has fused strangers elsewhere, so it joins only what agrees."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

from msevidence.loaders.identity.contradictions import contradiction
from msevidence.loaders.identity.messages import Messages
from msevidence.loaders.identity.model import Assertion, IdentityFinding
from msevidence.loaders.identity.records import Record, Records

_OF_ONE_REGISTRY = 3
"""A registry gives a trial one number; more records of one registry than this share a programme or a typing error."""
_AT_ALL = 10
"""Records that may list one number; so many registries register one trial at most."""
_ONE_SIDED = frozenset({"secondary-number", "recorded-link"})


def shared_numbers(
    assertions: Iterable[Assertion], records: Records, messages: Messages
) -> dict[Assertion, IdentityFinding]:
    """Return the assertions that rest on a number which too many records list, or records that do not agree.

    A record that the number's own record lists back is not among them.
    """
    listing: dict[str, set[str]] = defaultdict(set)
    resting: dict[str, list[Assertion]] = defaultdict(list)
    for said in assertions:
        if said.relation != "same-study":
            continue
        if said.rule in _ONE_SIDED:
            listing[said.object].add(said.subject)
            resting[said.object].append(said)
        elif said.rule == "mutual-secondary-number":
            listing[said.object].add(said.subject)
            listing[said.subject].add(said.object)
        elif said.through is not None:
            resting[said.through].append(said)
    found: dict[Assertion, IdentityFinding] = {}
    for number, subjects in listing.items():
        if len(subjects) > 1 and number in resting:
            known = [records.of[s] for s in sorted(subjects) if s in records.of]
            if not _agree(known):
                finding = messages.shared(number, sorted(subjects))
                found.update((said, finding) for said in resting[number])
    return found


def _agree(listing: list[Record]) -> bool:
    schemes = [record.scheme for record in listing]
    if len(listing) > _AT_ALL or any(schemes.count(s) > _OF_ONE_REGISTRY for s in set(schemes)):
        return False
    return all(contradiction([one], [other]) is None for one, other in combinations(listing, 2))
