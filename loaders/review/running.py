"""Running all rules: what each showed of each document, and how many things it looked at."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module

from msevidence.loaders.review.outcome import NotApplicable, Outcome, Rule
from msevidence.loaders.review.sparql import sparql_rules
from msevidence.loaders.review.view import View

GROUPS = ("arithmetic", "identifiers", "citations", "dates", "between", "sources", "texts")
"""Sub-packages with rules in Python, in the order of the issue's and the report's groups."""


class ReviewError(Exception):
    """Raised when a rule itself fails: it names the rule, and its cause is what went wrong."""


@dataclass(frozen=True)
class RuleRun:
    """What a rule showed of one document."""

    rule: Rule
    document: str
    """IRI."""
    outcomes: tuple[Outcome, ...]
    """One a thing that it looked at."""
    english: str = ""
    """Why it had nothing to look at, where that is so."""
    norwegian: str = ""

    @property
    def broken(self) -> tuple[Outcome, ...]:
        return tuple(o for o in self.outcomes if o.broken)

    @property
    def checked(self) -> int:
        return len(self.outcomes)

    @property
    def state(self) -> str:
        """Concept of the scheme rule-state."""
        return "fired" if self.broken else "passed" if self.outcomes else "not-applicable"


def all_rules() -> list[Rule]:
    """Return every rule, those in Python by group and then those that are queries; a name stands there once."""
    rules: list[Rule] = []
    for group in GROUPS:
        try:  # TEMPORARY while the groups are being written
            rules += import_module(f"msevidence.loaders.review.{group}").RULES
        except (ModuleNotFoundError, AttributeError, ImportError):
            continue
    rules += sparql_rules()
    names = [r.name for r in rules]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise ReviewError(f"several rules are called {', '.join(twice)}; give each its own name")
    return rules


def run_rules(view: View, rules: Iterable[Rule] | None = None) -> list[RuleRun]:
    """Run rules on a view; returns a run for each rule and document, in this order.

    Raises ReviewError where a rule fails.
    """
    runs = []
    for rule in all_rules() if rules is None else rules:
        outcomes: dict[str, list[Outcome]] = defaultdict(list)
        reasons: dict[str, NotApplicable] = {}
        try:
            for said in rule.check(view):
                if isinstance(said, NotApplicable):
                    reasons[said.document] = said
                else:
                    outcomes[said.document].append(said)
        except Exception as e:
            raise ReviewError(f"the rule {rule.name} failed: {e!r}; this is a fault of the program, report it") from e
        for document in view.documents:
            reason = reasons.get(document.iri)
            none = not outcomes[document.iri]
            english = reason.english if reason else f"It needs {rule.needs}, and the document has none."
            norwegian = reason.norwegian if reason else f"Den trenger {rule.needs_nb}, og dokumentet har ikke det."
            runs.append(
                RuleRun(
                    rule,
                    document.iri,
                    tuple(outcomes[document.iri]),
                    english if none else "",
                    norwegian if none else "",
                )
            )
    return runs
