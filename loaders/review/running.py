"""Running all rules: what each showed of each document, and how many things it looked at."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module

from msevidence.loaders.review.outcome import NotApplicable, Outcome, Rule
from msevidence.loaders.review.sparql import sparql_rules
from msevidence.loaders.review.view import View

GROUPS = ("arithmetic", "identifiers", "citations", "dates", "between", "sources", "texts")
"""Sub-packages with rules in Python, in the order of the issue's and the report's groups."""


class ReviewError(Exception):
    """Raised when the rules cannot be collected: two of them have one name."""


@dataclass(frozen=True)
class RuleRun:
    """What a rule showed of one document."""

    rule: Rule
    document: str
    """IRI."""
    outcomes: tuple[Outcome, ...]
    """Those that have something to tell: what is broken, and verdicts."""
    checked: int = 0
    """Things that it looked at."""
    english: str = ""
    """Why it had nothing to look at, or failed, where that is so."""
    norwegian: str = ""
    failed: bool = False
    """The rule itself went wrong: what it would have found is not known."""

    @property
    def broken(self) -> tuple[Outcome, ...]:
        return tuple(o for o in self.outcomes if o.broken)

    @property
    def state(self) -> str:
        """Concept of the scheme rule-state."""
        if self.failed:
            return "failed"
        return "fired" if self.broken else "passed" if self.checked else "not-applicable"


def all_rules() -> list[Rule]:
    """Return every rule, those in Python by group and then those that are queries.

    Raises ReviewError where several have one name.
    """
    rules: list[Rule] = []
    for group in GROUPS:
        rules += import_module(f"msevidence.loaders.review.{group}").RULES
    rules += sparql_rules()
    names = [r.name for r in rules]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise ReviewError(f"several rules are called {', '.join(twice)}; give each its own name")
    return rules


def run_rules(view: View, rules: Iterable[Rule] | None = None) -> list[RuleRun]:
    """Run rules on a view; returns a run for each rule and document, in this order.

    A rule that fails is told as failed, for every document: a fault in one of them must not hide what the others find.
    """
    return [run for rule in (all_rules() if rules is None else rules) for run in _run(view, rule)]


def _run(view: View, rule: Rule) -> Iterator[RuleRun]:
    outcomes: dict[str, list[Outcome]] = defaultdict(list)
    checked: Counter[str] = Counter()
    reasons: dict[str, NotApplicable] = {}
    try:
        for said in rule.check(view):
            if isinstance(said, NotApplicable):
                reasons[said.document] = said
                continue
            checked[said.document] += 1
            if said.broken or said.verdict is not None:  # of the others, nearly all, their number alone is stated
                outcomes[said.document].append(said)
    except Exception as e:
        english = f"The rule failed with {type(e).__name__}: {e}. This is a fault of the program; report it."
        norwegian = f"Regelen feilet med {type(e).__name__}: {e}. Det er en feil i programmet; meld fra om den."
        for document in view.documents:
            yield RuleRun(rule, document.iri, (), 0, english, norwegian, failed=True)
        return
    for document in view.documents:
        reason = reasons.get(document.iri)
        english = reason.english if reason else f"The document does not have what the rule needs: {rule.needs}."
        norwegian = reason.norwegian if reason else f"Dokumentet har ikke det regelen trenger: {rule.needs_nb}."
        number, found = checked[document.iri], tuple(outcomes[document.iri])
        yield RuleRun(rule, document.iri, found, number, "" if number else english, "" if number else norwegian)
