"""Values of variables written into a query, for a store that takes nothing but text.

The embedded engine binds values as ``substitutions`` (SEP-0007 of the SPARQL community group): the variable has the
value in every group where it is the same variable, in subqueries that project it, and in EXISTS and MINUS. The
protocol has no such thing (https://www.w3.org/TR/sparql11-protocol/), so the term takes the place of the variable in
every pattern and expression, and a VALUES block at the start of the WHERE clause gives the variable to what stands
outside of it: SELECT, GROUP BY, ORDER BY, the template of CONSTRUCT. Of what must be new where it stands (`AS ?x`,
18.2.1) the block stands behind the query, and holds what was made against the value.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from msevidence.server.lexer import Token, tokens
from msevidence.server.settings import Settings
from msevidence.server.wire import Term

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_INNER = ("MINUS",)
"""Groups whose variables must be bound in them to be shared with what stands before."""


def written(sparql: str, values: Mapping[str, Term], *, after: bool = True) -> str:
    """Return a query that gives the answer which the query gives with values for some of its variables.

    Args:
        sparql: a query that the engine reads.
        values: IRIs and literals by the name of the variable, without `?`.
        after: hold what the query makes itself against its value, in a block behind the query.

    Raises:
        errors.Problem: it is no query.

    >>> import pyoxigraph as ox
    >>> written("SELECT ?s ?o WHERE { ?s ?p ?o }", {"o": ox.NamedNode("http://e/a")})
    'SELECT ?s ?o WHERE { VALUES (?o) { (<http://e/a>) } ?s ?p <http://e/a> }'
    """
    if not values:
        return sparql
    limits = Settings()
    found = tokens(sparql, max_tokens=limits.max_tokens, max_depth=limits.max_depth)
    return _Writer(sparql, found, dict(values), after).text()


@dataclass(slots=True)
class _Group:
    """An open brace: what is bound in it, and whether it is a pattern."""

    names: frozenset[str]
    pattern: bool
    modifiers: frozenset[str] = frozenset()
    """Names of a subquery that this brace holds, once its own pattern has ended."""
    select: bool = False
    """It holds a subquery: what stands in it beside the pattern is a projection or a modifier."""


@dataclass(slots=True)
class _Writer:
    sparql: str
    found: list[Token]
    values: dict[str, Term]
    after: bool
    edits: list[tuple[int, int, str]] = field(default_factory=list)
    groups: list[_Group] = field(default_factory=list)

    def text(self) -> str:
        """Return the query with the terms in it."""
        form = next((at for at, token in enumerate(self.found) if self._word(at, *_FORMS)), 0)
        made = self._made(form)
        if self.found[form].text == "DESCRIBE" and not self._has_pattern(form):
            return self._described(form)
        first = {name for name in self.values if name not in made}
        self._walk(form, frozenset(first))
        text, after = [], 0
        for start, end, new in sorted(self.edits):
            text += [self.sparql[after:start], new]
            after = end
        text.append(self.sparql[after:])
        whole = "".join(text)
        last = [name for name in self.values if name in made]
        return f"{whole.rstrip()}\n{self._block(last)}\n" if last and self.after else whole

    def _walk(self, form: int, names: frozenset[str]) -> None:
        """Go through the query once, with the braces that are open."""
        template = self.found[form].text == "CONSTRUCT"
        short = template and self._word(form + 1, "WHERE")
        at = form
        while at < len(self.found):
            token = self.found[at]
            if token.text == "{" and token.kind == "sign":
                self._open(at, names, template and not short)
                template = False
            elif token.text == "}" and token.kind == "sign" and self.groups:
                self.groups.pop()
            elif self._word(at, "VALUES") and self.groups:
                at = self._past_values(at)
                continue
            elif token.kind == "variable" and self.groups:
                self._variable(at)
            at += 1

    def _open(self, at: int, names: frozenset[str], template: bool) -> None:
        """Open a brace: a template, the pattern of a query or subquery, or a group in one."""
        after = self.found[at].start + 1
        around = self.groups[-1] if self.groups else None
        if template:
            self.groups.append(_Group(frozenset(), False))
        elif self._word(at + 1, "SELECT"):
            outer = around.names if around else names
            self.groups.append(_Group(outer & self._projected(at + 1, outer), False, select=True))
        elif around is None or around.select:
            bound = names if around is None else around.names
            self._begin(after, bound, short=around is None and self._short(at))
            self.groups.append(_Group(bound, True))
        else:
            if self._word(at - 1, *_INNER):
                self._begin(after, around.names & self._used(at))
            self.groups.append(_Group(around.names, around.pattern))

    def _begin(self, after: int, names: Collection[str], *, short: bool = False) -> None:
        if names and not short:
            self.edits.append((after, after, f" {self._block(sorted(names))}"))

    def _variable(self, at: int) -> None:
        token, group = self.found[at], self.groups[-1]
        name = token.text[1:]
        if name not in group.names or not group.pattern or self._word(at - 1, "AS"):
            return
        if self._word(at - 2, "BOUND"):
            self.edits.append((self.found[at - 2].start, self.found[at + 1].start + 1, "true"))
        else:
            self.edits.append((token.start, token.start + len(token.text), str(self.values[name])))

    def _past_values(self, at: int) -> int:
        """Return the place after a block of VALUES, which holds no pattern."""
        while self.found[at].text != "{":
            at += 1
        while self.found[at].text != "}":
            at += 1
        return at + 1

    def _used(self, at: int) -> frozenset[str]:
        """Return the variables in the group that opens here."""
        depth = self.found[at].depth
        names = set()
        for token in self.found[at + 1 :]:
            if token.text == "}" and token.depth == depth:
                break
            if token.kind == "variable":
                names.add(token.text[1:])
        return frozenset(names)

    def _projected(self, at: int, names: frozenset[str]) -> frozenset[str]:
        """Return which of the names a subquery shares with what is around it: those that it selects, or all."""
        selected, depth = set(), self.found[at].depth
        while self.found[at].text not in ("{", "WHERE"):
            if self.found[at].text == "*" and self.found[at].depth == depth:
                return names
            if self.found[at].kind == "variable" and self.found[at].depth == depth:
                selected.add(self.found[at].text[1:])
            at += 1
        return frozenset(selected)

    def _made(self, form: int) -> set[str]:
        """Return the variables that the query itself gives a value to in its outermost pattern, or in SELECT."""
        made, inside = set(), []
        for at, token in enumerate(self.found):
            if token.text == "{" and token.kind == "sign":
                inside.append(self._word(at + 1, "SELECT"))
            elif token.text == "}" and token.kind == "sign" and inside:
                inside.pop()
            elif token.kind == "variable" and self._word(at - 1, "AS") and not any(inside):
                made.add(token.text[1:])
        return made

    def _has_pattern(self, form: int) -> bool:
        return any(token.text == "{" and token.kind == "sign" for token in self.found[form:])

    def _described(self, form: int) -> str:
        """Return a DESCRIBE without a pattern, which names the things themselves."""
        text, after = [], 0
        for token in self.found[form:]:
            if token.kind == "variable" and token.text[1:] in self.values:
                text += [self.sparql[after : token.start], str(self.values[token.text[1:]])]
                after = token.start + len(token.text)
        return "".join([*text, self.sparql[after:]])

    def _short(self, at: int) -> bool:
        """Tell whether the brace is the pattern of `CONSTRUCT WHERE`, which is a template too."""
        return self._word(at - 1, "WHERE") and self._word(at - 2, "CONSTRUCT")

    def _word(self, at: int, *words: str) -> bool:
        return 0 <= at < len(self.found) and self.found[at].kind == "word" and self.found[at].text in words

    def _block(self, names: Collection[str]) -> str:
        listed, terms = " ".join(f"?{name}" for name in names), " ".join(str(self.values[name]) for name in names)
        return f"VALUES ({listed}) {{ ({terms}) }}"
