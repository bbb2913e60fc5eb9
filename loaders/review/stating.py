"""What the review found, as statements of the graph ``review``: findings, values, verdicts, and the state of each rule.

DQV: a rule is a metric, what it showed of a document a measurement, a finding an annotation of the document's quality
(an Open Annotation: its target is the passages, its body the message). A rule that is a query reports each finding as a
``sh:ValidationResult``, too.
"""

from collections.abc import Iterable

from rdflib import DCTERMS, RDFS, SH, URIRef

from msevidence.loaders.review.outcome import Disagreement, Outcome, Rule, Verdict
from msevidence.loaders.review.running import RuleRun
from msevidence.loaders.review.view import View
from msevidence.loaders.statements import Statements, Tagged, Value
from msevidence.ontology.iris import BASE, Kind, mint, short_hash, under
from msevidence.ontology.namespaces import DQV, MSE, OA, SEPIO, scheme, scheme_label

_SH_SEVERITY = {"error": SH.Violation, "warning": SH.Warning, "note": SH.Info}


def state_runs(review: Statements, view: View, runs: Iterable[RuleRun]) -> list[URIRef]:
    """State rules, what each showed of each document, and their findings; returns the IRIs of the findings."""
    findings: list[URIRef] = []
    stated: set[str] = set()
    for run in runs:
        rule = rule_iri(run.rule)
        if run.rule.name not in stated:
            stated.add(run.rule.name)
            _rule(review, run.rule, rule)
        _state(review, run, rule)
        for outcome in run.outcomes:
            finding = None
            if outcome.broken:
                finding = state_finding(review, view, run.rule.name, outcome, outcome.severity or run.rule.severity)
                review.add(finding, MSE.reviewRule, rule)
                if run.rule.language == "sparql":
                    _validation_result(review, finding, outcome, str(outcome.severity or run.rule.severity))
                findings.append(finding)
            if outcome.verdict is not None:
                verdict = _verdict(review, outcome.verdict, rule)
                if finding is not None:
                    review.add(finding, MSE.hasVerdict, verdict)
    return findings


def rule_iri(rule: Rule) -> URIRef:
    """Return the IRI of a rule."""
    return mint(Kind.REVIEW_RULE, rule.name)


def finding_iri(kind: str, outcome: Outcome) -> URIRef:
    """Return the IRI of a finding: document, kind, and a hash of what it rests on, so that it holds while that does."""
    rests = " ".join((outcome.focus, *outcome.passages, *(c.printed for c in outcome.compared)))
    return mint(Kind.FINDING, f"{_key(outcome.document)}.{kind}.{short_hash(rests)}")


def state_finding(
    review: Statements, view: View, kind: str, outcome: Outcome, severity: str, found_by: str = "machine"
) -> URIRef:
    """State a finding with its message, places and compared values; returns its IRI."""
    finding = finding_iri(kind, outcome)
    concerned = _concerned(view, outcome)
    review.node(
        finding,
        [MSE.Finding, DQV.QualityAnnotation],
        {
            MSE.findingKind: scheme("finding-kind", kind),
            MSE.severity: scheme("severity", severity),
            MSE.foundBy: scheme("finder", found_by),
            MSE.focus: URIRef(outcome.focus),
            RDFS.label: _both(outcome.english, outcome.norwegian),
            MSE.inDocument: URIRef(outcome.document),
            MSE.about: [URIRef(iri) for iri in concerned],
            MSE.statedIn: [URIRef(iri) for iri in outcome.passages],
            OA.hasTarget: [URIRef(iri) for iri in outcome.passages or (outcome.document,)],
        },
    )
    for position, value in enumerate(outcome.compared, 1):
        node = under(Kind.COMPARED_VALUE, finding, position)
        ours = value.source is not None and value.source.startswith(BASE)
        review.node(
            node,
            MSE.ComparedValue,
            {
                RDFS.label: _both(value.label, value.label_nb),
                MSE.printed: value.printed,
                MSE.position: position,
                MSE.statedIn: None if value.passage is None else URIRef(value.passage),
                MSE.about: URIRef(value.source) if ours and value.source else None,
                DCTERMS.source: None if ours else value.source,
            },
        )
        review.add(finding, MSE.hasComparedValue, node)
    if outcome.disagreement is not None:
        review.add(finding, MSE.hasDisagreement, state_disagreement(review, outcome.disagreement, outcome, found_by))
    return finding


def state_disagreement(review: Statements, said: Disagreement, outcome: Outcome, found_by: str) -> URIRef:
    """State a disagreement; it is one node, whichever of its documents it is a finding of."""
    sides = " ".join((said.one, said.other, said.field, str(said.kind)))
    node = mint(Kind.DISAGREEMENT, short_hash(sides))
    review.node(
        node,
        MSE.Disagreement,
        {
            MSE.disagreementKind: scheme("disagreement-kind", said.kind),
            MSE.foundBy: scheme("finder", found_by),
            MSE.differsIn: _both(said.field, said.field_nb),
            MSE.firstPassage: URIRef(said.one),
            MSE.secondPassage: URIRef(said.other),
            MSE.firstSays: said.one_says,
            MSE.secondSays: said.other_says,
            MSE.about: [URIRef(iri) for iri in outcome.about if "/study/" in iri or "/publication/" in iri],
            RDFS.label: _both(said.english, said.norwegian),
        },
    )
    return node


def _rule(review: Statements, rule: Rule, iri: URIRef) -> None:
    kind = scheme("finding-kind", rule.name)
    labels = scheme_label("finding-kind", rule.name)
    review.node(
        iri,
        [MSE.ReviewRule, DQV.Metric],
        {
            RDFS.label: [Tagged(text, language) for language, text in sorted(labels.items())],
            MSE.findingKind: kind,
            MSE.severity: scheme("severity", rule.severity),
            MSE.ruleLanguage: rule.language,
            MSE.ruleFile: rule.file,
            RDFS.comment: _both(f"It needs {rule.needs}.", f"Den trenger {rule.needs_nb}."),
        },
    )


def _state(review: Statements, run: RuleRun, rule: URIRef) -> None:
    node = mint(Kind.RULE_STATE, f"{_key(run.document)}.{run.rule.name}")
    labels = scheme_label("finding-kind", run.rule.name)
    broken = len(run.broken)
    review.node(
        node,
        [MSE.RuleState, DQV.QualityMeasurement],
        {
            RDFS.label: _both(
                f"{labels['en']}: {broken} of {run.checked} in {_key(run.document)}",
                f"{labels['nb']}: {broken} av {run.checked} i {_key(run.document)}",
            ),
            MSE.reviewRule: rule,
            DQV.isMeasurementOf: rule,
            MSE.inDocument: URIRef(run.document),
            DQV.computedOn: URIRef(run.document),
            MSE.ruleState: scheme("rule-state", run.state),
            MSE.checked: run.checked,
            MSE.found: broken,
            DQV.value: broken,
            RDFS.comment: _both(run.english, run.norwegian) if run.english else None,
        },
    )


def _validation_result(review: Statements, finding: URIRef, outcome: Outcome, severity: str) -> None:
    """State a finding of a query as a SHACL validation result (SHACL §3.6.2)."""
    review.node(
        finding,
        [SH.ValidationResult],
        {
            SH.focusNode: URIRef(outcome.focus),
            SH.resultPath: None if outcome.path is None else URIRef(outcome.path),
            SH.value: outcome.compared[0].printed if outcome.compared else None,
            SH.resultSeverity: _SH_SEVERITY[severity],
            SH.sourceConstraintComponent: SH.SPARQLConstraintComponent,
            SH.resultMessage: _both(outcome.english, outcome.norwegian),
        },
    )


def _verdict(review: Statements, said: Verdict, rule: URIRef) -> URIRef:
    rests = " ".join((said.passage, said.publication, said.words, said.source_words or "", str(said.kind)))
    node = mint(Kind.VERDICT, f"{_key(said.passage)}.{short_hash(rests)}")
    review.node(
        node,
        [MSE.Verdict, SEPIO["0000002"]],
        {
            RDFS.label: _both(said.english, said.norwegian),
            MSE.reviewRule: rule,
            MSE.verdict: scheme("verdict", said.kind),
            MSE.verdictBasis: scheme("verdict-basis", said.basis),
            MSE.statedIn: URIRef(said.passage),
            MSE.quotedText: said.words,
            MSE.sourceWords: said.source_words,
            MSE.sourceLanguage: said.source_language,
            MSE.about: URIRef(said.publication),
            SEPIO["0000124"]: URIRef(said.publication),
            DCTERMS.source: said.address,
        },
    )
    review.add(URIRef(said.passage), MSE.hasVerdict, node)
    if said.claim is not None:
        review.add(URIRef(said.claim), SEPIO["0000006"], node)
    return node


def _concerned(view: View, outcome: Outcome) -> list[str]:
    """Return what a finding is about: its focus, what its rule names, the claims of its passages and their studies."""
    found = dict.fromkeys((outcome.focus, *outcome.about))
    named = any("/study/" in iri for iri in found)  # the sentence may speak of several studies, and the rule of one
    for passage in outcome.passages:
        for claim in view.things.pointing(MSE.statedIn, passage):
            if claim.is_a(MSE.Claim):
                found[claim.iri] = None
                found.update(dict.fromkeys(() if named else sorted(claim.values(MSE.about))))
        for mention in view.things.pointing(MSE.inPassage, passage):
            if mention.is_a(MSE.NumberMention):
                found.update(dict.fromkeys(mention.values(MSE.denotesRegistration)))
    return list(found)


def _both(english: str, norwegian: str) -> list[Value]:
    return [Tagged(english, "en"), Tagged(norwegian, "nb")]


def _key(iri: str) -> str:
    return iri.rsplit("/", 1)[-1]
