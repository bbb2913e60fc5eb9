"""The words of the interface: every text in both languages, with the same values, and each in use."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pyoxigraph as ox
import pytest

from msevidence.ontology.namespaces import FOLDER, schemes
from msevidence.ontology.naming import TERM_LABELS, term
from msevidence.server import (
    claim_judged,
    claim_support,
    i18n,
    identity_figure,
    map_findings,
    map_reasons,
    map_rows,
    map_tables,
    nanopublication_shown,
    navigation,
    pages_export,
    pages_home,
    pages_map,
    pages_timeline,
    reading_tables,
    studies_counted,
    study_facts,
    study_tables,
)
from msevidence.server.browse_classes import GROUPS
from msevidence.server.browse_classes import OTHER as OTHER_CLASSES
from msevidence.server.browse_columns import HEADED, KINDS
from msevidence.server.compare_model import DOCUMENT_FIELDS, STUDY_FIELDS
from msevidence.server.compare_model import STATES as COMPARE_STATES
from msevidence.server.diff_model import CHANGED, GONE, MERGED, NEW, SPLIT
from msevidence.server.diff_model import GROUPS as DIFF_GROUPS
from msevidence.server.diff_tables import COLUMNS as DIFF_COLUMNS
from msevidence.server.diff_tables import GRAPHS as DIFF_GRAPHS
from msevidence.server.diff_tables import MOVED as DIFF_MOVED
from msevidence.server.diff_words import WHAT as DIFF_WHAT
from msevidence.server.exports import csvw as export_csvw
from msevidence.server.exports import ro_crate_told
from msevidence.server.exports import tables_read as export_tables
from msevidence.server.exports import tables_words as export_tables_words
from msevidence.server.exports import workbook as export_workbook
from msevidence.server.exports.fhir_lost import REASONS as FHIR_REASONS
from msevidence.server.exports.fhir_studies import NOTED as FHIR_NOTED
from msevidence.server.exports.formats import EXPORTS
from msevidence.server.exports.ro_crate import FOLDERS as CRATE_FOLDERS
from msevidence.server.exports.scope import KINDS as KINDS_OF_EXPORTS
from msevidence.server.exports.tables_model import KINDS as TABLE_KINDS
from msevidence.server.flow_checks import STATES as FLOW_STATES
from msevidence.server.flow_layout import PHASES as FLOW_PHASES
from msevidence.server.flow_tables import HEADINGS as FLOW_HEADINGS
from msevidence.server.labels import PREFIXES, RDF_TYPE, short
from msevidence.server.pages_lists import CLASSES, COUNTED
from msevidence.server.pages_queries import AUDIENCES, OTHER
from msevidence.server.pages_question import VIEWS
from msevidence.server.publication_tables import COLUMNS as PUBLICATION
from msevidence.server.results_choice import FACETS as RESULT_FACETS
from msevidence.server.results_model import AROUND, DOUBTS
from msevidence.server.results_model import STANDINGS as RESULT_STANDINGS
from msevidence.server.results_table import COLUMNS as RESULT_COLUMNS
from msevidence.server.review_model import SEVERITIES, STANDINGS
from msevidence.server.search import ORDER as SEARCH_KINDS
from msevidence.server.search_examples import KINDS as SEARCH_EXAMPLES
from msevidence.server.search_tables import HEADINGS as SEARCH_HEADINGS
from msevidence.server.sections import concept, decision, organisation, person, registration, study
from msevidence.server.sections.study import STUDY_KINDS
from msevidence.server.study_dates import Nature
from msevidence.server.study_filters import HAS_RESULTS
from msevidence.server.study_profile import DESIGNS, PHASES
from msevidence.server.timeline_figure import COLUMNS as TIMELINE_COLUMNS
from msevidence.server.timeline_moved import COLUMNS as MOVED_COLUMNS

SERVER = Path(i18n.__file__).parent
SECTION_HEADINGS = {"person": person.HEADINGS, "organisation": organisation.HEADINGS, "decision": decision.HEADINGS}
SOURCES = [*sorted((SERVER / "templates").rglob("*.*")), *sorted(SERVER.rglob("*.py"))]
LISTS = {*CLASSES, "claims", "questions"}
MADE = {
    *(name for name in i18n.texts() if name.startswith("api-")),  # by operation, group, parameter and part
    *(
        "quality-support",
        "quality-verdicts",
        "quality-part",
        "graphs-part",
        "graphs-part-files",
        "used-one",
        "used-many",
    ),
    *(f"task-{task[0]}{end}" for task in pages_home.TASKS for end in ("", "-lead")),
    *(f"studies-first-by-{'-'.join(before)}" for before in (pages_map.BEFORE, pages_timeline.BEFORE)),
    *(f"news-{what}" for what in ("new", "changed", "gone")),
    *(f"export-{part}-{name}" for name in EXPORTS for part in ("format", "for")),
    *(f"export-group-{group}" for group in pages_export.GROUPS),
    *(f"export-kind-{kind}" for kind in KINDS_OF_EXPORTS),
    *(f"export-crate-{folder}" for folder in (*CRATE_FOLDERS.values(), "release")),
    *(*ro_crate_told.NAMED.values(), *ro_crate_told.ENDED.values()),
    *(f"export-choose-{name}" for name in pages_export.CHOICES),
    *(f"export-link-{name}" for name in ("along", *pages_export.GRAPHS)),
    *(f"nav-{entry[0]}" for entry in (*navigation.MAIN, *navigation.COLOPHON)),
    *(heading for _, heading, _ in (*claim_support.COLUMNS, *claim_judged.COLUMNS)),
    *(f"read-column-{name}" for name in (*reading_tables.OF_PASSAGES, *reading_tables.OF_CLAIMS)),
    *(f"nano-{name}" for name in nanopublication_shown.NAMED),
    *(f"{name}-{n}" for name in ("claim-by-reference", "claim-and-disagrees") for n in ("one", "many")),
    *(f"{name}-{n}" for name in ("claim-interests-others", "read-whole") for n in ("one", "many")),
    *COUNTED,
    *LISTS,
    *(f"{name}-lead" for name in LISTS),
    *(f"asked-by-{audience}{end}" for audience in (*AUDIENCES, OTHER) for end in ("", "-lead")),
    *(f"view-{view}" for view in VIEWS),
    *(f"chart-{why}" for why in ("no-rows", "cut", "no-names", "too-many", "not-told-apart", "no-groups")),
    *(f"group-{kind}" for kind in STUDY_KINDS),
    *(f"pub-{name.replace('_', '-')}" for table, keys in PUBLICATION.items() for name in (table, f"no-{table}", *keys)),
    *(f"browse-{group}" for group in (*GROUPS, OTHER_CLASSES)),
    *(f"column-{column.replace('_', '-')}" for column in HEADED),
    *(f"concept-{name}" for name in concept.LISTS),
    *(f"concept-column-{name}" for name in concept.COLUMNS),
    *(f"concept-said-{name.lower()}" for name in concept.SAID),
    *(f"{name}-{n}" for name in ("list-no-longer", "list-later-status") for n in ("one", "many")),
    *(f"refs-{name}-{n}" for name in ("records", "studies") for n in ("one", "many")),
    *(f"sort-{sort}" for kind in KINDS.values() for sort in kind.sorts),
    *(f"fact-{key}" for key in study_facts.FACTS),
    *(f"registered-by-{field}" for field in study_facts.REGISTERED_BY),
    *(f"head-{key}" for key in study.HEADS if key != "yes"),
    *(f"study-column-{key}" for key in study_tables.COLUMNS),
    *(f"{which}-{key}" for which in ("table", "none") for key in ("arms", "results", "registered", "reports")),
    *("table-interests", "waiting-for", "expected-then", "identity-description-of"),
    *(f"identity-{key}" for key in (*identity_figure.COLUMNS, "study", "number")),
    *(f"mention-{key}" for key in registration.MENTIONS),
    *(f"{name}-{number}" for name in ("results-stated", "reports") for number in ("one", "many")),
    *(f"search-{fit}" for fit in ("exact", "near", "words", "alike", "mentions")),
    *(f"search-try-{kind}" for kind in SEARCH_EXAMPLES),
    *(f"search-kind-{kind}" for kind in (*SEARCH_KINDS, "other")),
    *(f"statements-{number}" for number in ("one", "many")),
    *(f"severity-{severity}{number}" for severity in SEVERITIES for number in ("", "-one", "-many")),
    *(f"{name}-{number}" for name in ("findings", "rests-on") for number in ("one", "many")),
    *(f"standing-{standing}" for standing in STANDINGS),
    *(f"decision-{decision}" for decision in schemes()["review-decision"]),
    *(f"state-{state}" for state in schemes()["rule-state"]),
    *(f"timeline-{nature.value}" for nature in Nature),
    *(f"due-{name}" for name in ("come", "begun", "passed", "age-one", "age-many", "record", "said")),
    *("first-moved-later", "first-moved-earlier"),
    *(f"timeline-described-{number}" for number in ("one", "many")),
    *(f"counts-stated-{number}" for number in ("one", "many")),
    *(f"timeline-column-{name}" for name in TIMELINE_COLUMNS),
    *(f"timeline-where-{place}" for place in ("record", "description")),
    *(f"timeline-moved-{name}" for name in MOVED_COLUMNS),
    *(f"timeline-sort-{sort}" for sort in pages_timeline.SORTS),
    *(f"filter-{key}" for key in pages_map.FILTERS),
    *(f"map-phase-{phase}" for phase in PHASES),
    *(f"map-design-{design}" for design in DESIGNS),
    *(f"map-choose-{choice}" for choice in HAS_RESULTS),
    *(f"map-column-{name}" for name in map_tables.COLUMNS),
    *(f"map-results-{name}" for name in map_tables.COUNTS),
    *(f"map-reason-{way}" for way in map_reasons.WAYS),
    *(f"map-screen-{key}" for key, _, _ in map_rows.SCREEN),
    *(f"map-finding-{severity}" for severity in map_findings.MARKED),
    *(f"map-size-{kind}" for kind in map_tables.SIZES),
    *(f"map-{thing}-{number}" for thing in ("studies", "participants") for number in ("one", "many")),
    *("map-has-results", "map-no-results", "map-yes", "map-no", "map-not-dated", "map-size-unknown", "map-results-all"),
    "map-results-named",
    *(f"studies-{sort}-{number}" for sort in studies_counted.SORTS for number in ("one", "many")),
    *(f"flow-{kind}-{state}" for kind in ("state", "mark") for state in FLOW_STATES),
    *(f"flow-phase-{phase}" for phase in FLOW_PHASES),
    *(f"flow-{heading}" for heading in FLOW_HEADINGS),
    *(f"searches-{heading}" for heading in SEARCH_HEADINGS),
    *(f"{one}-{heading}" for one, headings in SECTION_HEADINGS.items() for heading in headings),
    *(f"results-standing-{standing}" for standing in RESULT_STANDINGS),
    *(f"results-short-{standing}" for standing in DOUBTS),
    *(f"review-in-{parts}" for parts in ("tables", "sections")),
    *(f"results-around-{where}" for where in AROUND),
    *(f"results-facet-{facet}" for facet in (*RESULT_FACETS, "by")),
    *(f"results-{name}-{by}" for name in ("by", "of-no") for by in ("outcome", "study")),
    *(f"results-panel-{measure}" for measure in ("changes", "shares", "ratios", "unit")),
    *(f"results-describe-{measure}" for measure in ("changes", "ratios", "one", "many")),
    *(f"results-column-{name}" for name in (*RESULT_COLUMNS, "finding", "severity", "kind")),
    *(f"results-{name}" for name in ("yes", "no", "of-result", "as-printed", "in-words", "can-quote")),
    *(f"compare-state-{name}" for name in (*COMPARE_STATES, "disagree")),
    *(f"fhir-why-{reason}" for reason in FHIR_REASONS),
    *(f"fhir-{term.partition(':')[2]}" for term in FHIR_NOTED),
    *(f"fhir-{name}" for name in ("kind", "property", "why", "treatment", "follow-up")),
    *(f"fhir-{name}" for name in ("direction", "qualifier", "timePoint", "place")),
    *(f"compare-field-{name}" for name in (*STUDY_FIELDS, *DOCUMENT_FIELDS)),
    *(f"compare-how-{how}" for how in ("entry", "inferred", "listed", "named")),
    *(f"compare-column-{name}" for name in ("first", "second", "first_says", "second_says", "kind", "verdict")),
    *(f"compare-column-{name}" for name in ("field", "study", "found_by")),
    *(f"diff-group-{group}" for group in DIFF_GROUPS),
    *(f"diff-column-{name}" for name in (*DIFF_COLUMNS, *DIFF_GRAPHS, *DIFF_MOVED)),
    *(f"diff-how-{how}" for how in (NEW, GONE, CHANGED, MERGED, SPLIT)),
    *(f"diff-{how}" for how in (MERGED, SPLIT)),
    *(f"diff-what-{word}" for word in DIFF_WHAT.values()),
    *(f"diff-per-{kind}{end}" for kind in ("registry", "export", "document", "catalogue") for end in ("", "-undated")),
    *(f"sheet-{table.name.replace('_', '-')}" for table in export_tables.ORDER),
    *(f"field-{column.name.replace('_', '-')}" for table in export_tables.ORDER for column in table.columns),
    *(*export_csvw.NOTES, *export_workbook.NOTES, *export_workbook.HEADS, *export_tables_words.NOTED),
    *(f"tables-kind-{kind}" for kind in TABLE_KINDS),
    *(
        f"means-{column.name.replace('_', '-')}"
        for table in export_tables.ORDER
        for column in table.columns
        if not export_tables_words.ours(column)
    ),
}
"""Names that the templates put together."""


def named() -> set[str]:
    """Return the names that templates and modules write out."""
    assert len(SOURCES) > 30
    pattern = re.compile(r"""(?:\bt\(|i18n\.text\(|_text\(|\btext\()\s*["']([a-z0-9-]+)["']\s*[,)]""")
    found = {name for path in SOURCES for name in pattern.findall(path.read_text(encoding="utf-8"))}
    for path in SOURCES:  # t("a" if … else "b")
        for one, other in re.findall(r'text\("([a-z-]+)" if [^)]*? else "([a-z-]+)"', path.read_text(encoding="utf-8")):
            found |= {one, other}
    return found


def test_every_text_has_both_languages_and_the_same_values() -> None:
    assert len(i18n.texts()) > 100
    for name, words in i18n.texts().items():
        assert set(words) == set(i18n.LANGUAGES), name
        values = [sorted(re.findall(r"\{(\w+)\}", text)) for text in words.values()]
        assert values[0] == values[1], name
        assert all(text.strip() for text in words.values()), name


def test_every_text_is_used_and_every_used_text_is_there() -> None:
    used = named()
    assert len(used) > 60
    assert used | MADE == set(i18n.texts())


def test_a_text_that_is_not_there_is_an_error() -> None:
    with pytest.raises(i18n.UnknownTextError, match="no text 'nothing'"):
        i18n.text("nothing", "en")
    with pytest.raises(i18n.UnknownTextError):
        i18n.text("home", "sv")
    with pytest.raises(i18n.UnknownTextError):
        i18n.text("shown", "en", first=1)


def test_figures_are_written_as_the_language_writes_them() -> None:
    assert i18n.number(12345, "en") == "12,345"
    assert i18n.number(12345, "nb") == "12\u00a0345"
    assert i18n.counted("statements", 1, "nb") == "1 utsagn"
    assert i18n.counted("statements", 2000, "en") == "2,000 statements"


def test_terms_of_other_vocabularies_are_named_in_both_languages() -> None:
    terms = tomllib.loads((FOLDER / TERM_LABELS).read_text(encoding="utf-8"))
    assert len(terms) > 100
    prefixes = {name.partition(":")[0] for name in terms}
    assert prefixes <= set(PREFIXES) - {"mse"}
    for name, words in terms.items():
        assert set(words) == set(i18n.LANGUAGES), name
        assert all(word.strip() for word in words.values()), name
    assert term("cito:cites", "nb") == "siterer"
    assert term("cito:nothing", "nb") is None


def test_every_term_that_the_real_graph_uses_has_a_name(real_store: ox.Store) -> None:
    label = ox.NamedNode(PREFIXES["rdfs"] + "label")
    used = {quad.predicate.value for quad in real_store}
    used |= {q.object.value for q in real_store.quads_for_pattern(None, ox.NamedNode(RDF_TYPE), None)}
    assert len(used) > 150
    unnamed = {
        short(iri)
        for iri in used
        if term(short(iri), "en") is None
        and not any(True for _ in real_store.quads_for_pattern(ox.NamedNode(iri), label, None))
    }
    assert unnamed == set()


def test_norwegian_has_one_form_of_a_word() -> None:
    """Both sammenligne and sammenlikne are right; a reader should meet one of them, also in what is searched for."""
    files = sorted((Path(__file__).parent.parent / "ontology").rglob("*.ttl"))
    assert len(files) > 20
    assert [file.name for file in files if "ammenlikn" in file.read_text(encoding="utf-8")] == []
    assert not any("ammenlikn" in words["nb"] for words in i18n.texts().values())


def test_one_is_told_as_one() -> None:
    assert i18n.counted("results-describe", 1, "nb") == "1 merke."
    assert i18n.counted("results-describe", 2, "en") == "2 marks."
