"""The stored questions: one ``.rq`` file each, its title, number and parameters in the comment lines at its top.

    # title(en): Which studies does this publication report?
    # title(nb): Hvilke studier rapporterer denne publikasjonen?
    # about(en): One row a study. What goes on in the next line is indented
    #   like this.
    # asks: 3
    # param: publication IRI of Publication
    # param(en): publication The publication; left out, all of them
    # param(nb): publication Publikasjonen; utelatt: alle

Everything else that is needed of a question (the list, the query page, the graph ``queries``) is generated from it.
A parameter is a variable of the query, bound when it is asked (pyoxigraph ``substitutions``; SEP-0007 of the SPARQL
community group), so a SELECT names it in its projection, which is all that the engine binds. Without a value it stays
a variable, or takes the default written as ``date=2024-12-31``. What an IRI is ``of``, a class of the ontology or a
scheme of concepts, says which thing a name or a number means; without it, anything. A question that can only be asked
about something has an ``example: words …``, which its text takes where it is given nothing: who asks here is told so.
A thing that all of a question begins with may be a prefix of the parameter's name instead, ``PREFIX study: <…>``: an
engine then knows it before it plans. Its IRI there is the example, and is replaced by the one that is asked for.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import pyoxigraph as ox

from msevidence.ontology.iris import BASE
from msevidence.ontology.namespaces import MSE, UnknownTermError

LANGUAGES = ("en", "nb")
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPES = {"IRI": None, **{name: XSD + name for name in ("string", "integer", "decimal", "boolean", "date", "gYear")}}
"""Types of parameters, with the datatype of their literals."""

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_HEADER = re.compile(r"#\s?(?P<key>[a-z]+)(?:\((?P<language>[^)]*)\))?:\s*(?P<value>.*)")
_CONTINUED = re.compile(r"#\s{2,}(?P<value>\S.*)")
_PARAM = re.compile(r"(?P<name>[A-Za-z]\w*)\s+(?P<type>[A-Za-z]+)(?:=(?P<default>\S+))?(?:\s+of\s+(?P<of>\S+))?")
_SAID = re.compile(r"(?P<name>[A-Za-z]\w*)\s+(?P<text>\S.*)")
_FORM = re.compile(r"^\s*(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE | re.MULTILINE)
_LEXICAL = {
    "integer": r"[+-]?\d+",
    "decimal": r"[+-]?\d+(\.\d+)?",
    "boolean": "true|false",
    "date": r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])",
    "gYear": r"\d{4}",
}


class QuestionError(Exception):
    """Raised when a stored question is not written as it should be, or there is none of that name."""


class ParameterError(QuestionError):
    """Raised when a value given for a parameter is not of its type, or the question has no such parameter."""


@dataclass(frozen=True)
class Parameter:
    """A variable of a question that can be given a value."""

    name: str
    type: str
    abouts: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What it is, by language."""
    default: str | None = None
    of: str = ""
    """Of an IRI: the class of the things that it may be (``Study``), or ``scheme/…``; empty: of any."""
    example: str | None = None
    """What the text of the question asks about where no value is given: no default that a reader means."""

    prefix: bool = False
    """Whether it is a prefix of the question, and no variable."""

    def term(self, value: str) -> ox.NamedNode | ox.Literal:
        """Return ``value`` as a term; an IRI may be shortened to what follows the base (``study/mist``).

        Raises ParameterError when it is not of the parameter's type.
        """
        if self.type == "IRI":
            iri = value.removeprefix("<").removesuffix(">")
            try:
                return ox.NamedNode(iri if ":" in iri else BASE + iri)
            except ValueError as e:
                raise ParameterError(f"{self.name}={value}: not an IRI; write study/mist, or the whole IRI") from e
        if not re.fullmatch(_LEXICAL.get(self.type, ".*"), value, re.DOTALL):
            raise ParameterError(f"{self.name}={value}: not a value of type {self.type}")
        datatype = TYPES[self.type]
        return ox.Literal(value, datatype=ox.NamedNode(datatype) if datatype else None)


@dataclass(frozen=True)
class Question:
    """A stored question."""

    name: str
    sparql: str
    """The whole file: its header is comments of SPARQL."""
    titles: Mapping[str, str]
    asks: tuple[int, ...]
    """Numbers of the questions of users that it answers, or helps to."""
    form: str
    """``select``, ``ask``, ``construct`` or ``describe``."""
    descriptions: Mapping[str, str] = field(default_factory=dict)
    params: tuple[Parameter, ...] = ()

    def examples(self, values: Mapping[str, str]) -> dict[str, str]:
        """Return what the answer is an example of: the values that the question takes where these leave it without."""
        return {p.name: p.example for p in self.params if p.example is not None and p.name not in values}

    def bind(self, values: Mapping[str, str]) -> dict[ox.Variable, Term]:
        """Return the substitutions for ``values``, given as text, and for defaults and examples of other parameters.

        Raises ParameterError for a value of the wrong type or a name that is no parameter.
        """
        known = {p.name: p for p in self.params}
        for name in values:
            if name not in known:
                there = ", ".join(known) or "it has none"
                raise ParameterError(f"{name}: question {self.name!r} has no such parameter ({there})")
        given = {p.name: values.get(p.name, p.default) for p in self.params} | self.examples(values)
        bound = {name: value for name, value in given.items() if value is not None and not known[name].prefix}
        return {ox.Variable(name): known[name].term(value) for name, value in bound.items()}

    def written(self, values: Mapping[str, str]) -> str:
        """Return the text of the question, with the IRIs that its prefixes stand for by ``values``.

        Raises ParameterError for a value that is no IRI.
        """
        text = self.sparql
        for parameter in self.params:
            if parameter.prefix and parameter.name in values:
                iri = str(parameter.term(values[parameter.name]))
                place = _prefix(parameter.name).search(text)
                assert place is not None, "found when it was parsed"
                text = f"{text[: place.start('iri') - 1]}{iri}{text[place.end('iri') + 1 :]}"
        return text


@cache
def load_questions() -> Mapping[str, Question]:
    """Return all stored questions by name, which is the name of the file.

    Raises QuestionError for the first that is not written as it should be.
    """
    found = sorted((entry for entry in files(__package__).iterdir() if entry.name.endswith(".rq")), key=_name)
    return {_name(entry): parse_question(_name(entry), entry.read_text(encoding="utf-8")) for entry in found}


def question(name: str) -> Question:
    """Return the stored question of that name.

    Raises QuestionError when there is none; the message lists those that there are.
    """
    questions = load_questions()
    if name not in questions:
        raise QuestionError(f"no question {name!r}; there are: {', '.join(questions) or 'none'}")
    return questions[name]


def parse_question(name: str, text: str) -> Question:
    """Read a stored question from the text of its file.

    Raises QuestionError, naming the line, for a key that is not known, given twice, or missing.
    """
    titles: dict[str, str] = {}
    descriptions: dict[str, str] = {}
    asks: tuple[int, ...] | None = None
    params: dict[str, Parameter] = {}
    for line, key, language, value in _entries(name, text):
        where = f"{name}.rq:{line}"
        if key in ("title", "about"):
            texts = titles if key == "title" else descriptions
            if language not in LANGUAGES or language in texts or not value:
                raise QuestionError(f"{where}: {key}({language}) must stand once each, for {' and '.join(LANGUAGES)}")
            texts[language] = value
        elif key == "asks" and asks is None:
            if not re.fullmatch(r"\d+(\s*,\s*\d+)*", value):
                raise QuestionError(f"{where}: asks is {value!r}; write the numbers of questions, such as 3 or 3, 4")
            asks = tuple(int(number) for number in value.split(","))
        elif key == "param" and language:
            _say(where, params, language, value)
        elif key == "example" and not language:
            _exemplify(where, params, value)
        elif key == "param":
            parameter = _parameter(where, value, text)
            if params.setdefault(parameter.name, parameter) is not parameter:
                raise QuestionError(f"{where}: the parameter {parameter.name} stands twice")
        else:
            raise QuestionError(
                f"{where}: {key!r} is no key here, or stands twice; keys: title, about, asks, param, example"
            )
    missing = [f"title({language})" for language in LANGUAGES if language not in titles]
    missing += [f"param({one}): {p.name}" for p in params.values() for one in LANGUAGES if one not in p.abouts]
    if missing or asks is None:
        raise QuestionError(f"{name}.rq: has no {(missing or ['asks'])[0]}; add it to the comments at the top")
    form = _FORM.search(text)
    if form is None:
        raise QuestionError(f"{name}.rq: has no line that begins with SELECT, ASK, CONSTRUCT or DESCRIBE")
    _try(name, text, params.values())
    return Question(name, text, titles, asks, form[1].lower(), descriptions, tuple(params.values()))


def _try(name: str, text: str, params: Iterable[Parameter]) -> None:
    """Ask the question of an empty store, with every parameter bound, so that a mistake shows when it is read."""
    anything: dict[ox.Variable, Term] = {ox.Variable(p.name): ox.NamedNode(BASE) for p in params if not p.prefix}
    try:
        ox.Store().query(text, substitutions=anything)
    except SyntaxError as e:
        raise QuestionError(f"{name}.rq: not SPARQL: {e}") from e
    except RuntimeError as e:
        raise QuestionError(f"{name}.rq: a parameter must stand among the variables of SELECT: {e}") from e


def _entries(name: str, text: str) -> list[tuple[int, str, str, str]]:
    """Return line, key, language and value of each entry of the header, with continued lines joined."""
    entries: list[tuple[int, str, str, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#"):
            break
        if entries and (more := _CONTINUED.fullmatch(line)):
            at, key, language, value = entries[-1]
            entries[-1] = (at, key, language, f"{value} {more['value'].strip()}".strip())
        elif entry := _HEADER.fullmatch(line):
            entries.append((number, entry["key"], entry["language"] or "", entry["value"].strip()))
        else:
            raise QuestionError(f"{name}.rq:{number}: not a line of the form `# key: value`: {line!r}")
    return entries


def _parameter(where: str, value: str, text: str) -> Parameter:
    match = _PARAM.fullmatch(value)
    if match is None or match["type"] not in TYPES:
        raise QuestionError(
            f"{where}: write `param: name TYPE`, or `name IRI of Class`, TYPE one of {', '.join(TYPES)}"
        )
    prefix = _prefix(match["name"]).search(text) if match["type"] == "IRI" else None
    if not prefix and not re.search(rf"[?$]{match['name']}\b", text):
        raise QuestionError(f"{where}: the query has no variable ?{match['name']}")
    example = prefix["iri"].removeprefix(BASE) if prefix else None
    parameter = Parameter(
        match["name"], match["type"], {}, match["default"], match["of"] or "", example, prefix is not None
    )
    if parameter.of and (parameter.type != "IRI" or not _is_kind(parameter.of)):
        raise QuestionError(f"{where}: of {parameter.of}: write a class of the ontology, or scheme/NAME, for an IRI")
    if parameter.default is not None:
        try:
            parameter.term(parameter.default)
        except ParameterError as e:
            raise QuestionError(f"{where}: the default is wrong: {e}") from e
    return parameter


def _exemplify(where: str, params: dict[str, Parameter], value: str) -> None:
    """Give a parameter its example."""
    match = _SAID.fullmatch(value)
    parameter = params.get(match["name"]) if match else None
    if match is None or parameter is None or parameter.default is not None or parameter.example is not None:
        raise QuestionError(f"{where}: write `example: name value` once, below `param: name TYPE` without a default")
    try:
        parameter.term(match["text"])
    except ParameterError as e:
        raise QuestionError(f"{where}: the example is wrong: {e}") from e
    params[parameter.name] = replace(parameter, example=match["text"])


def _is_kind(name: str) -> bool:
    """Say whether a parameter can be of this: a class of the ontology, or a scheme of concepts."""
    if name.startswith("scheme/"):
        return name.count("/") == 1
    try:
        return name[:1].isupper() and bool(MSE[name])
    except UnknownTermError:
        return False


def _prefix(name: str) -> re.Pattern[str]:
    return re.compile(rf"^PREFIX\s+{name}:\s*<(?P<iri>[^>]*)>", re.MULTILINE | re.IGNORECASE)


def _say(where: str, params: dict[str, Parameter], language: str, value: str) -> None:
    """Add to a parameter what it is, in one language."""
    match = _SAID.fullmatch(value)
    if match is None or match["name"] not in params:
        raise QuestionError(f"{where}: write `param({language}): name description` below `param: name TYPE`")
    parameter = params[match["name"]]
    if language not in LANGUAGES or language in parameter.abouts:
        once = f"must stand once each, for {' and '.join(LANGUAGES)}"
        raise QuestionError(f"{where}: param({language}): {parameter.name} {once}")
    params[parameter.name] = replace(parameter, abouts={**parameter.abouts, language: match["text"]})


def _name(entry: Traversable) -> str:
    return entry.name.removesuffix(".rq")
