"""What can go wrong with a request before it is known what it asks for: errors of HTTP itself (RFC 9110)."""

from __future__ import annotations

from msevidence.server.errors import BadRequest, Problem, Words


class PreconditionFailed(Problem):
    """What the request wants of the thing does not hold (`If-Match`, `If-Unmodified-Since`)."""

    status = 412
    title = Words("It is another one", "Det er en annen")


class RangeNotSatisfiable(Problem):
    """A part of a file is asked for that begins behind its end."""

    status = 416
    title = Words("There is no such part", "Det finnes ingen slik del")

    def __init__(self, size: int) -> None:
        said = Words(f"The file has {size} bytes.", f"Filen har {size} byte.")
        super().__init__(said, headers={"Content-Range": f"bytes */{size}"})


class AddressTooLong(Problem):
    """The address of a page is longer than any that means something."""

    status = 414
    title = Words("The address is too long", "Adressen er for lang")

    def __init__(self, limit: int) -> None:
        said = Words(f"An address here has up to {limit} characters.", f"En adresse her har inntil {limit} tegn.")
        super().__init__(said, limit=limit)


class UnknownTransferCoding(BadRequest):
    """The body comes in a coding that is not known here.

    RFC 9112 (section 6.1) would have 501; the contract (5) has no 5xx for what a client can mend.
    """
