"""What can go wrong, as typed errors; the one place that knows HTTP status codes (``errors_elsewhere`` and
``errors_http`` have four more each).

Each error says what happened (`detail`) and what to do (`advice`, in English and Norwegian). The body is
problem+json (RFC 9457), text for a client that asks for text, and a page for a browser; ``answers.problem`` writes it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from werkzeug.exceptions import HTTPException

from msevidence.server.words import Words as Words  # part of what an error is made of


class Problem(Exception):  # noqa: N818 (the word of RFC 9457)
    """A request that is not answered as asked."""

    status: ClassVar[int]
    title: ClassVar[Words]
    advice: ClassVar[Words | None] = None

    def __init__(self, detail: str | Words, *, headers: Mapping[str, str] | None = None, **extra: Any) -> None:
        self.said = detail if isinstance(detail, Words) else Words(detail, detail)
        super().__init__(self.said.en)
        self.headers = dict(headers or {})
        self.extra = extra

    @property
    def detail(self) -> str:
        """What happened, in English: for logs and programs."""
        return self.said.en

    def language(self, wanted: str) -> str:
        """Return the language that :attr:`said` has for a reader of `wanted`: a detail may be in English alone."""
        return wanted if self.said.en != self.said.nb else "en"

    @property
    def kind(self) -> str:
        """The error's own name, which stays when a sentence is reworded: `syntax-fault`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", type(self).__name__).lower()


class BadRequest(Problem):
    """The request does not follow the protocol."""

    status = 400
    title = Words("Bad request", "Ugyldig forespørsel")


class SyntaxFault(BadRequest):
    """The query text does not follow the grammar; says line and column."""

    title = Words("The query has a syntax error", "Spørringen har en syntaksfeil")
    advice = Words(
        "Mend the query at the place that is named and send it again.",
        "Rett spørringen på stedet som er nevnt, og send den på nytt.",
    )

    @classmethod
    def at(cls, line: int, column: int, message: str, query: str) -> SyntaxFault:
        """Make one that shows the line with a mark under the place."""
        lines = query.splitlines() or [""]
        shown = lines[min(line, len(lines)) - 1] if line > 0 else ""
        start = max(0, column - 60)
        excerpt = f"{shown[start : start + 100]}\n{' ' * (max(column, 1) - 1 - start)}^"
        return cls(f"Line {line}, column {column}: {message}", line=line, column=column, excerpt=excerpt)


class TooComplex(BadRequest):
    """The query is nested or chained beyond what the engine survives."""

    title = Words("The query is too complex", "Spørringen er for innfløkt")
    advice = Words(
        "Nest less deeply, use VALUES or IN for long lists, or ask in several queries.",
        "Bruk færre nivåer, VALUES eller IN for lange lister, eller del opp i flere spørringer.",
    )


class UnknownFunction(BadRequest):
    """The query calls a function that the engine does not have."""

    title = Words("The query calls an unknown function", "Spørringen bruker en ukjent funksjon")
    advice = Words(
        "Use the functions of SPARQL 1.1; other functions are not defined here.",
        "Bruk funksjonene i SPARQL 1.1; andre funksjoner er ikke definert her.",
    )


class Forbidden(Problem):
    """The request asks for what this endpoint does not do for anybody: write, fetch, or ask other endpoints."""

    status = 403
    title = Words("Not allowed here", "Ikke tillatt her")
    advice = Words(
        "The endpoint is read only and asks no other endpoint. Take the dump to work on it in your own store.",
        "Endepunktet er bare for lesing og spør ingen andre. Last ned dumpen og bruk din egen database.",
    )


class NotFound(Problem):
    """There is no such resource; says what was looked for."""

    status = 404
    title = Words("Not found", "Ikke funnet")


class MethodNotAllowed(Problem):
    """The resource has no such method."""

    status = 405
    title = Words("Method not allowed", "Metoden er ikke tillatt")


class NotAcceptable(Problem):
    """None of the media types that the client accepts is offered."""

    status = 406
    title = Words("No acceptable format", "Ingen godtatt format")
    advice = Words("Ask for another format.", "Be om et annet format.")


class ResultTooLarge(Problem):
    """The serialised result is longer than the cap."""

    status = 413
    title = Words("The result is too large", "Resultatet er for stort")
    advice = Words(
        "Ask for less (fewer variables, LIMIT and OFFSET with ORDER BY), or take the dump.",
        "Be om mindre (færre variabler, LIMIT og OFFSET med ORDER BY), eller last ned dumpen.",
    )

    def __init__(self, cap: int, said: Words | None = None) -> None:
        said = said or Words(
            f"The result is longer than {cap} bytes; nothing of it is sent.",
            f"Resultatet er lengre enn {cap} byte; ingenting av det er sendt.",
        )
        super().__init__(said, limit=cap)


class RequestTooLarge(Problem):
    """The request, or the query in it, is longer than the limit."""

    status = 413
    title = Words("The request is too large", "Forespørselen er for stor")
    advice = Words("Shorten the query or ask in several.", "Kort ned spørringen eller del den opp i flere.")


class HeadersTooLarge(Problem):
    """The header of the request, its URL among it, is longer than the limit."""

    status = 431
    title = Words("The request's header is too large", "Forespørselens hode er for stort")
    advice = Words("Send a long query with POST.", "Send en lang spørring med POST.")


class UnsupportedMediaType(Problem):
    """A POST in a content type that the protocol does not know."""

    status = 415
    title = Words("Unsupported content type", "Innholdstypen støttes ikke")


class TooManyRequests(Problem):
    """One client has too many requests running and waiting."""

    status = 429
    title = Words("Too many requests at once", "For mange samtidige forespørsler")
    advice = Words(
        "Wait for your earlier requests to end, then try again.",
        "Vent til de tidligere forespørslene er ferdige, og prøv igjen.",
    )

    def __init__(self, limit: int) -> None:
        en, nb = (
            f"This address has {limit} requests here already.",
            f"Denne adressen har {limit} forespørsler her allerede.",
        )
        said = Words(en, nb)
        super().__init__(said, headers={"Retry-After": "2"}, limit=limit)


class UntakenAnswers(TooManyRequests):
    """A client asks for more while it has yet to take what was answered to it before."""

    title = Words("Your earlier answers wait", "De tidligere svarene dine venter")
    advice = Words("Read the answers that were sent, then ask again.", "Les svarene som er sendt, og spør på nytt.")

    def __init__(self, limit: int) -> None:
        said = Words(
            f"More than {limit} bytes of answers to this address wait to be read.",
            f"Mer enn {limit} byte svar til denne adressen venter på å bli lest.",
        )
        Problem.__init__(self, said, headers={"Retry-After": "2"}, limit=limit)


class RequestTimeout(Problem):
    """A request did not come to its end in time."""

    status = 408
    title = Words("The request came too slowly", "Forespørselen kom for sakte")


class HeldBack(Problem):
    """A client whose queries ran long asks for the last free worker while others are about."""

    status = 429
    title = Words("One query at a time for now", "Én spørring om gangen for nå")
    advice = Words(
        "Wait for your running query to end before you send the next.",
        "Vent til spørringen som kjører, er ferdig, før du sender den neste.",
    )

    def __init__(self, long: float, seconds: int, *, shared: bool = False) -> None:
        en = f"the last free worker is kept for them for {seconds} s more."
        nb = f"den siste ledige arbeidsprosessen holdes av til dem i {seconds} s til."
        if shared:
            en = f"for {seconds} s more, such queries run in a place of their own, which is taken now."
            nb = f"i {seconds} s til kjører slike spørringer på en egen plass, som er opptatt nå."
        en = f"A query from this address ran for more than {long:g} s a short time ago, and others are asking: {en}"
        nb = f"En spørring fra denne adressen varte i mer enn {long:g} s for kort tid siden, og andre spør: {nb}"
        super().__init__(Words(en, nb), headers={"Retry-After": str(seconds)})


class ServerFault(Problem):
    """A fault of ours; the log has the rest."""

    status = 500
    title = Words("A fault in the server", "Feil i tjeneren")
    advice = Words(
        "Try again; if it happens again, report the query.", "Prøv igjen; meld fra med spørringen hvis det gjentar seg."
    )


class EngineFault(ServerFault):
    """The engine gave up on a query through a fault of its own."""

    title = Words("The query engine failed", "Spørremotoren feilet")
    advice = Words(
        "Ask the same in another way: sort by one variable, or by STR() of it, or not at all.",
        "Spør på en annen måte: sorter etter én variabel, eller etter STR() av den, eller ikke i det hele tatt.",
    )


class DamagedStore(ServerFault):
    """The files of the store are not as they were written."""

    advice = Words(
        "Take the dump, if it is whole; the server's operator must check the disk and build again.",
        "Last ned dumpen, hvis den er hel; den som drifter tjeneren, må sjekke disken og bygge på nytt.",
    )

    def __init__(self) -> None:
        said = Words(
            "The store of this release is damaged; the log says which files.",
            "Databasen til denne utgivelsen er skadet; loggen sier hvilke filer.",
        )
        super().__init__(said)


class BadGateway(Problem):
    """An endpoint that a SERVICE clause names did not answer as it should."""

    status = 502
    title = Words("The other endpoint failed", "Det andre endepunktet svarte ikke")


class Unavailable(Problem):
    """The server can not answer now."""

    status = 503
    title = Words("Not available now", "Ikke tilgjengelig nå")

    def __init__(self, detail: str | Words, retry_after: int = 5) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


class Overloaded(Unavailable):
    """The lane's queue is full, or the wait was too long."""

    title = Words("Too busy now", "For travelt nå")
    advice = Words("Try again in a few seconds.", "Prøv igjen om noen sekunder.")


class Stopping(Unavailable):
    """The server was told to stop."""

    title = Words("The server is stopping", "Tjeneren stopper")
    advice = Words("Try again when it has started anew.", "Prøv igjen når den har startet på nytt.")

    def __init__(self) -> None:
        said = Words(
            "The server was told to stop; this request is not answered.",
            "Tjeneren er bedt om å stoppe; denne forespørselen blir ikke besvart.",
        )
        super().__init__(said, 10)


class OutOfMemory(Unavailable):
    """The query needed more memory than a worker may use."""

    title = Words("The query needs too much memory", "Spørringen trenger for mye minne")
    advice = Words(
        "Join on shared variables, sort and group less, or ask in several queries.",
        "Koble på felles variabler, sorter og grupper mindre, eller del opp i flere spørringer.",
    )

    def __init__(self) -> None:
        said = Words(
            "The query ran out of the memory that one query may use; nothing of it is sent.",
            "Spørringen brukte opp minnet som én spørring kan bruke; ingenting av svaret er sendt.",
        )
        super().__init__(said, 60)


class TimedOut(Problem):
    """The query ran to the deadline."""

    status = 504
    title = Words("The query took too long", "Spørringen tok for lang tid")
    advice = Words(
        "Name more of the pattern (a graph, a class, an IRI), avoid unbounded paths and unconnected patterns.",
        "Oppgi mer av mønsteret (graf, klasse, IRI), unngå ubegrensede stier og mønstre uten forbindelse.",
    )

    def __init__(self, deadline: float, said: Words | None = None) -> None:
        own = Words(
            f"The query did not end within {deadline:g} seconds; nothing of it is sent.",
            f"Spørringen ble ikke ferdig innen {deadline:g} sekunder; ingenting av svaret er sendt.",
        )
        super().__init__(said or own, deadline=deadline)


class PageTimedOut(TimedOut):
    """The queries of one page ran to the deadline that they have together."""

    title = Words("The page took too long", "Siden tok for lang tid")
    advice = Words(
        "Ask at /sparql for the part of it that you need, or take the dump.",
        "Spør på /sparql etter den delen du trenger, eller last ned dumpen.",
    )

    def __init__(self, deadline: float) -> None:
        said = Words(
            f"The queries behind this address did not end within {deadline:g} seconds together; nothing is sent.",
            f"Spørringene bak denne adressen ble ikke ferdige på {deadline:g} sekunder til sammen; ingenting er sendt.",
        )
        super().__init__(deadline, said)


class SearchTimedOut(Problem):
    """What a page looks up in the index of its release took too long."""

    status = 504
    title = Words("The search took too long", "Søket tok for lang tid")
    advice = Words("Use fewer words, or longer ones.", "Bruk færre ord, eller lengre.")

    def __init__(self) -> None:
        said = Words(
            "There is too much that fits to go through it in time.",
            "Det er for mye som passer til å gå gjennom i tide.",
        )
        super().__init__(said)


def of_http(error: HTTPException, method: str, path: str) -> Problem:
    """Return our error for one of the framework's, on this request."""
    status = error.code or ServerFault.status
    detail: str | Words = re.sub(r"\s+", " ", error.description or error.name)
    headers = {name: value for name, value in error.get_headers() if name == "Allow"}
    if status == NotFound.status:
        detail = Words(f"There is nothing at {path} here.", f"Det finnes ingenting på {path} her.")
    elif status == MethodNotAllowed.status:
        detail = f"{method} is not allowed on {path}; allowed: {headers.get('Allow', 'GET, HEAD, OPTIONS')}."
    return of_status(status, detail, headers)


def of_status(status: int, detail: str | Words, headers: Mapping[str, str] | None = None) -> Problem:
    """Return the plainest error of a status; 400 or 500 where there is none of it."""
    plain = (BadRequest, Forbidden, NotFound, MethodNotAllowed, NotAcceptable)
    for kind in (*plain, RequestTooLarge, UnsupportedMediaType, HeadersTooLarge):
        if kind.status == status:
            return kind(detail, headers=headers)
    return BadRequest(detail, headers=headers) if status < ServerFault.status else ServerFault(detail)
