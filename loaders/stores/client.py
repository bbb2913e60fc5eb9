"""A SPARQL store elsewhere, over http and https: queries and updates by SPARQLWrapper, graphs by requests.

SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/) and Graph Store HTTP Protocol
(https://www.w3.org/TR/sparql11-http-rdf-update/). Who we are to a store is in the environment and nowhere else:
``MSEVIDENCE_STORE_USER`` and ``MSEVIDENCE_STORE_PASSWORD`` (``MSEVIDENCE_STORE_AUTH`` is ``basic`` or ``digest``), or
``MSEVIDENCE_STORE_TOKEN``, a bearer token. They are sent to the addresses that were named, and to no other.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any, cast
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import (
    BaseHandler,
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    HTTPRedirectHandler,
    ProxyHandler,
    build_opener,
)

import pyoxigraph as ox
import requests
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth
from SPARQLWrapper import BASIC, CONSTRUCT, DIGEST, JSON, N3, POST, SELECT, SPARQLExceptions, SPARQLWrapper

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

TIMEOUT = 60.0
"""Seconds that a store may take to begin its answer."""
LONGEST_REASON = 500


TRIPLES = "application/n-triples, text/turtle;q=0.8"
"""What triples are asked for in: N-Triples first, since Turtle of Virtuoso 7 writes decimals as integers."""
BUSY = (429, 502, 503, 504)
"""Answers that say that the same may be asked again later."""


class StoreError(Exception):
    """Raised when a store elsewhere can not be reached, refuses, or answers what is no answer; says which and how."""

    def __init__(self, message: str, *, again: bool = False) -> None:
        super().__init__(message)
        self.again = again
        """Whether the same, asked again later, may be answered."""


class AnswerTooLongError(StoreError):
    """Raised when an answer is longer than whoever asked can take."""


class _Refusing(HTTPRedirectHandler):
    """Follows no redirect: credentials are for the addresses that were named."""

    def redirect_request(self, *_: object) -> None:
        return None


class _Wrapper(SPARQLWrapper):
    """SPARQLWrapper with an opener of its own: no redirects, no proxies, and none left behind for the whole process."""

    def _query(self) -> tuple[Any, str]:
        handlers: list[BaseHandler] = [ProxyHandler({}), _Refusing()]
        if self.user and self.http_auth == DIGEST:
            known = HTTPPasswordMgrWithDefaultRealm()
            known.add_password(None, self.endpoint, self.user, self.passwd or "")
            handlers.append(HTTPDigestAuthHandler(known))
            user, self.user = self.user, ""  # or SPARQLWrapper installs an opener for every request of the process
            try:
                request = self._createRequest()
            finally:
                self.user = user
        else:
            request = self._createRequest()
        return build_opener(*handlers).open(request, timeout=self.timeout), self.returnFormat


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who we are to a store. Its representation hides the secrets."""

    user: str = ""
    password: str = field(default="", repr=False)
    scheme: str = "basic"
    token: str = field(default="", repr=False)

    @classmethod
    def of_environment(cls) -> Credentials:
        """Read them from the environment.

        Raises:
            StoreError: the scheme is not known.
        """
        scheme = os.environ.get("MSEVIDENCE_STORE_AUTH", "basic").casefold()
        if scheme not in ("basic", "digest"):
            raise StoreError(f"MSEVIDENCE_STORE_AUTH is {scheme!r}; it may be basic or digest")
        return cls(
            os.environ.get("MSEVIDENCE_STORE_USER", ""),
            os.environ.get("MSEVIDENCE_STORE_PASSWORD", ""),
            scheme,
            os.environ.get("MSEVIDENCE_STORE_TOKEN", ""),
        )

    def of_requests(self) -> AuthBase | None:
        """Return them as requests wants them; a token is a header (:meth:`headers`)."""
        if self.token or not self.user:
            return None
        if self.scheme == "digest":
            return HTTPDigestAuth(self.user, self.password)
        return HTTPBasicAuth(self.user.encode(), self.password.encode())  # as bytes: requests takes Latin-1 else

    def hidden(self, text: str) -> str:
        """Return a text without the secrets: a store may say in an error what it was sent."""
        pair = base64.b64encode(f"{self.user}:{self.password}".encode()).decode() if self.password else ""
        for secret in (pair, self.password, self.token):
            if secret:
                text = text.replace(secret, "***").replace(quote(secret, safe=""), "***")
        return text

    def headers(self) -> dict[str, str]:
        """Return the header that a token is."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


def address(url: str) -> str:
    """Return an address of a store.

    Raises:
        StoreError: it is not http or https, has no host, or names a user or password.
    """
    if "@" in url:  # also where a slash in the password ends what a parser takes for the host
        raise StoreError(
            "no user or password in an address, where logs and lists of processes show them (write %40 for an @ that"
            " is none); set MSEVIDENCE_STORE_USER and MSEVIDENCE_STORE_PASSWORD"
        )
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise StoreError(f"{url!r}: is no address ({error}); write https://host/path") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise StoreError(f"{parts.scheme or url!r}: a store is asked over http or https; write https://host/path")
    return url


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that a query is asked of (SPARQL 1.1 Protocol, 2.1.4); where there is none, the store's own."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class Client:
    """One store, at the addresses of its services.

    Args:
        query: of its SPARQL query service.
        update: of its update service, where it is written to by updates.
        graph_store: of its Graph Store service, where graphs are written or read whole.
        default_graphs: what queries ask instead of the store's own default graph (``default-graph-uri``).
        timeout: seconds that an answer may take to begin.

    Raises:
        StoreError: an address is none.
    """

    def __init__(
        self,
        query: str,
        update: str | None = None,
        graph_store: str | None = None,
        *,
        credentials: Credentials | None = None,
        default_graphs: Sequence[str] = (),
        timeout: float = TIMEOUT,
    ) -> None:
        self.query = address(query)
        self.update_url = None if update is None else address(update)
        self.graph_store = None if graph_store is None else address(graph_store)
        self.default_graphs = tuple(default_graphs)
        self.timeout = timeout
        self._credentials = Credentials.of_environment() if credentials is None else credentials
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy and no .netrc that nobody named
        self._session.auth = self._credentials.of_requests()
        self._session.headers.update(self._credentials.headers())

    def select(self, text: str) -> list[dict[str, Term]]:
        """Run a SELECT, and return a mapping a solution, without variables that are unbound in it.

        Raises:
            StoreError: the store did not give any, or what answers is no SPARQL query service.
        """
        results = self.results(text)
        try:
            answer = ox.parse_query_results(results, ox.QueryResultsFormat.JSON)
            if not isinstance(answer, ox.QuerySolutions):
                raise ValueError("it has no solutions")
            names = [variable.value for variable in answer.variables]
            rows = [{name: solution[name] for name in names} for solution in answer]
        except (SyntaxError, ValueError) as error:
            why = self._credentials.hidden(str(error))
            raise StoreError(
                f"{self.query}: the answer is no SPARQL result in JSON ({why}); name the address of a SPARQL query"
                " service"
            ) from None
        return [{name: cast(Term, term) for name, term in row.items() if term is not None} for row in rows]

    def results(
        self, text: str, *, timeout: float | None = None, dataset: Dataset | None = None, cap: int | None = None
    ) -> bytes:
        """Run a SELECT or ASK, and return its results in JSON as they came.

        Args:
            text: the query.
            timeout: seconds that the answer may take to begin.
            dataset: what is asked instead of the client's default graphs.
            cap: bytes that the answer may have.

        Raises:
            StoreError: the store did not give any.
        """
        return self._run(text, JSON, timeout, dataset, cap)

    def construct(
        self, text: str, *, timeout: float | None = None, dataset: Dataset | None = None, cap: int | None = None
    ) -> list[ox.Triple]:
        """Run a CONSTRUCT or DESCRIBE, and return its triples; arguments as of :meth:`results`."""
        try:
            answer = self._run(text, N3, timeout, dataset, cap)
            return [q.triple for q in ox.parse(answer, ox.RdfFormat.TURTLE)]
        except (SyntaxError, ValueError) as error:
            raise StoreError(f"{self.query}: the answer is no Turtle ({error})") from error

    def update(self, text: str) -> None:
        """Run an update.

        Raises:
            StoreError: there is no address for updates, or the store refused.
        """
        if self.update_url is None:
            raise StoreError("no address for updates was named; give --update, or --graph-store")
        wrapper = self._wrapper(self.update_url, self.timeout)
        wrapper.setMethod(POST)
        wrapper.setQuery(text)
        self._answer(wrapper, self.update_url)

    def get_graph(self, graph: str | None) -> bytes:
        """Return a graph, or the default graph, as N-Triples or Turtle, which the first contains (GET)."""
        return self._graph("GET", graph, headers={"Accept": TRIPLES}).content

    def put_graph(self, graph: str | None, triples: bytes) -> None:
        """Replace a graph by N-Triples (PUT)."""
        self._graph("PUT", graph, data=triples, headers={"Content-Type": "application/n-triples"})

    def post_graph(self, graph: str | None, triples: bytes) -> None:
        """Add N-Triples to a graph (POST)."""
        self._graph("POST", graph, data=triples, headers={"Content-Type": "application/n-triples"})

    def delete_graph(self, graph: str | None) -> None:
        """Remove a graph; one that is not there is no fault (DELETE)."""
        self._graph("DELETE", graph, missing=True)

    def _graph(self, method: str, graph: str | None, *, missing: bool = False, **asked: Any) -> requests.Response:
        if self.graph_store is None:
            raise StoreError("no address for graphs was named; give --graph-store")
        which = {"default": ""} if graph is None else {"graph": graph}
        try:
            response = self._session.request(
                method, self.graph_store, params=which, timeout=self.timeout, allow_redirects=False, **asked
            )
        except requests.RequestException as error:
            why = self._credentials.hidden(str(error))
            raise StoreError(
                f"{self.graph_store}: {method} failed ({why}); is the store running?", again=True
            ) from None
        if response.status_code == requests.codes.not_found and missing:
            return response
        if not response.ok or response.is_redirect:
            said = self._said(response.status_code, response.text, response.headers.get("Location"))
            of = graph or "the default graph"
            raise StoreError(f"{self.graph_store}: {method} of {of}: {said}", again=response.status_code in BUSY)
        return response

    def server(self) -> Mapping[str, str]:
        """Return the headers of an answer, by which engines are known.

        Raises:
            StoreError: the store does not answer.
        """
        try:
            response = self._session.get(
                self.query, params={"query": "ASK {}"}, timeout=self.timeout, allow_redirects=False
            )
        except requests.RequestException as error:
            why = self._credentials.hidden(str(error))
            raise StoreError(f"{self.query}: no answer ({why}); is the store running?", again=True) from None
        return response.headers

    def _said(self, status: int, text: str, location: str | None = None) -> str:
        """Return what an answer says that is none, without secrets that it may hold."""
        if location is not None and 300 <= status < 400:
            return f"{status}: it points to {self._credentials.hidden(location)}; name that address if it is meant"
        mend = "; set MSEVIDENCE_STORE_USER and _PASSWORD, and _AUTH=digest where the store wants that"
        return f"{status} {self._credentials.hidden(text)[:LONGEST_REASON].strip()}{mend if status == 401 else ''}"

    def _wrapper(self, url: str, timeout: float) -> SPARQLWrapper:
        wrapper = _Wrapper(url, agent="msevidence")
        wrapper.setTimeout(max(1, round(timeout)))
        if self._credentials.token:
            wrapper.addCustomHttpHeader("Authorization", f"Bearer {self._credentials.token}")
        elif self._credentials.user:
            wrapper.setHTTPAuth(DIGEST if self._credentials.scheme == "digest" else BASIC)
            wrapper.setCredentials(self._credentials.user, self._credentials.password)
        return wrapper

    def _run(
        self, text: str, form: str, timeout: float | None, dataset: Dataset | None = None, cap: int | None = None
    ) -> bytes:
        wrapper = self._wrapper(self.query, timeout or self.timeout)
        wrapper.setMethod(POST)
        wrapper.setReturnFormat(form)
        if form == N3:
            wrapper.setOnlyConneg(True)
            wrapper.addCustomHttpHeader("Accept", TRIPLES)
        dataset = dataset or Dataset(self.default_graphs)
        for graph in dataset.default:
            wrapper.addDefaultGraph(graph)
        for graph in dataset.named:
            wrapper.addNamedGraph(graph)
        wrapper.setQuery(text)
        # SPARQLWrapper guesses this from the text, and takes a query with certain words in its comments for an update.
        wrapper.queryType = CONSTRUCT if form == N3 else SELECT
        return self._answer(wrapper, self.query, cap)

    def _answer(self, wrapper: SPARQLWrapper, url: str, cap: int | None = None) -> bytes:
        try:
            response = wrapper.query().response
            answer = bytes(response.read() if cap is None else response.read(cap + 1))
        except HTTPError as error:
            said = self._said(error.code, error.read().decode(errors="replace"), error.headers.get("Location"))
            raise StoreError(f"{url}: {said}", again=error.code in BUSY) from None
        except SPARQLExceptions.SPARQLWrapperException as error:
            raise StoreError(f"{url}: {self._credentials.hidden(str(error))[:LONGEST_REASON]}") from None
        except (URLError, OSError, ValueError, HTTPException) as error:
            why = self._credentials.hidden(str(error))
            raise StoreError(f"{url}: no answer ({why}); is the store running?", again=True) from None
        if cap is not None and len(answer) > cap:
            raise AnswerTooLongError(f"{url}: the answer is longer than {cap} bytes")
        return answer
