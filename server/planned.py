"""From a query and what comes with it to a plan: the question for a worker, and the format of the answer.

Of Flask nothing is needed here: the event loop plans what it answers itself (``direct``), ``protocol`` the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from msevidence.server import errors, excerpt, guard, negotiation
from msevidence.server.formats import Format
from msevidence.server.parameters import Parameters
from msevidence.server.pool import Question
from msevidence.server.settings import Settings

BRIEF, FEW = 600, 1_500
"""Characters, and tokens, of a query that takes no longer to judge than anybody may wait: 1.4 ms at worst."""
_SIGNS, _BEGINNINGS = b"(){}[]<>.;,|&!+-*/=^", b"?$@:'\"\\"
_COMMENTS = re.compile(r"\A(?:[ \t\r\n]*+#[^\r\n]*+)++")
LONG = 8_192
"""Characters of a query whose judgement is not kept."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a query is to be answered."""

    question: Question
    format: Format  # type: ignore[type-arg]
    as_page: bool
    volatile: bool


def plan(
    query: str,
    given: Parameters,
    accept: str,
    settings: Settings,
    *,
    judge: Callable[[str, Settings], guard.Guarded],
) -> Plan:
    """Make the plan of a query.

    Args:
        query: its text.
        given: the parameters beside it.
        accept: the `Accept` header.
        settings: the limits.
        judge: the guard.

    Raises:
        errors.Problem: 400, 403, 406 or 413: it is not to run, or no format fits.
    """
    if not query.strip():
        raise errors.BadRequest(errors.Words("The query is empty.", "Spørringen er tom."))
    guarded = judge(query, settings)
    formats = negotiation.formats_of(guarded.form)
    explicit = negotiation.named(formats, given.formats())
    as_page, format = (False, explicit) if explicit is not None else _negotiated(guarded.form, accept)
    default, named = given.graphs("default-graph-uri"), given.graphs("named-graph-uri")
    chosen = bool(default or named)  # then the dataset is these and nothing else, whatever FROM says (section 2.1.4)
    question = Question(
        guarded.text,
        excerpt.NAME if as_page else format.name,
        default_graphs=default if chosen else None,
        named_graphs=named if chosen else None,
        prefixes=guarded.prefixes,
        federated=guarded.federated,
    )
    return Plan(question, format, as_page, guarded.volatile)


@lru_cache(maxsize=512)
def _negotiated(form: str, accept: str) -> tuple[bool, Format]:  # type: ignore[type-arg]
    """Tell whether a client gets a page of a query's answer, and else in which format: few headers come often."""
    formats, accepted = negotiation.formats_of(form), negotiation.accepted_of(accept)
    if negotiation.prefers_html(types(formats), accepted):
        return True, next(iter(formats.values()))
    return False, negotiation.choose(formats, None, accepted)


def is_brief(query: str) -> bool:
    """Tell whether a query can be judged at once, whoever waits: by how many tokens it can have at most, roughly.

    The comments before it, such as the header of a stored question, are none.
    """
    if len(query) < BRIEF:
        return True
    if len(query) >= LONG:
        return False
    query = _COMMENTS.sub("", query, count=1)
    data = query.encode(errors="surrogatepass")
    signs, beginnings = (len(data) - len(data.translate(None, these)) for these in (_SIGNS, _BEGINNINGS))
    return len(query.split()) + 2 * signs + beginnings < FEW


def judged(query: str, settings: Settings) -> guard.Guarded:
    """Judge a query; of one that is not long, what was found is kept for those who ask it again."""
    return guard.check(query, settings) if len(query) >= LONG else judged_once(query, settings)


@lru_cache(maxsize=256)
def judged_once(query: str, settings: Settings) -> guard.Guarded:
    """Judge a query, or return what was found before."""
    return guard.check(query, settings)


def types(formats: Mapping[str, Format]) -> list[str]:  # type: ignore[type-arg]
    """Return every media type that asks for one of these formats: a page goes to those who would rather have that."""
    return [name for format in formats.values() for name in (format.media_type, *format.aliases)]
