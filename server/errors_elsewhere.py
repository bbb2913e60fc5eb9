"""What can go wrong with a store elsewhere that answers for this server (``serve --store``), beside ``errors``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from msevidence.server.errors import Problem, Words


class StoreElsewhere(Problem):
    """The store elsewhere that answers for this server gave no answer that counts; the log has its words."""

    said_of_it: ClassVar[Words]

    def __init__(self, why: str) -> None:
        super().__init__(self.said_of_it, headers=self.told)
        self.why = why

    told: ClassVar[Mapping[str, str]] = {}


class StoreUnreachable(StoreElsewhere):
    """It does not answer."""

    status = 503
    title = Words("The store does not answer", "Databasen svarer ikke")
    advice = Words("Try again in a minute.", "Prøv igjen om et minutt.")
    said_of_it = Words(
        "The store that this server asks does not answer now.", "Databasen som denne tjeneren spør, svarer ikke nå."
    )
    told: ClassVar[Mapping[str, str]] = {"Retry-After": "10"}


class StoreMoved(StoreUnreachable):
    """It holds another release than this server's, or is being written."""

    title = Words("The store is being changed", "Databasen er under endring")
    said_of_it = Words(
        "The store that this server asks does not hold this release whole, as while a release is written to it.",
        "Databasen som denne tjeneren spør, har ikke hele denne utgivelsen, slik det er mens en utgivelse skrives.",
    )


class StoreRefused(StoreElsewhere):
    """It refuses a query that the protocol allows, or answers what is no answer."""

    status = 502
    title = Words("The store gave no answer", "Databasen ga ikke noe svar")
    advice = Words(
        "Ask in another way, or more simply: engines differ in what they can do.",
        "Spør på en annen måte, eller enklere: databaser kan ulike ting.",
    )
    said_of_it = Words(
        "The store that this server asks could not answer the query.",
        "Databasen som denne tjeneren spør, kunne ikke besvare spørringen.",
    )
