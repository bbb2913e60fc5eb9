"""A YAML file as a tree whose words keep their places: the characters of scalars, their style undone (YAML 1.2, §7).

The reader of the metadata and curation (:mod:`~msevidence.loaders.yamlfile`) knows the line of a field; a document
needs the place of each of its words, which only the tree of nodes has.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from msevidence.loaders.errors import SourceError
from msevidence.loaders.source import line_at
from msevidence.loaders.tables_words import Character, Words, words_of
from msevidence.loaders.text import HALF
from msevidence.loaders.yaml_depth import plain_reader

ESCAPES = {
    **{"0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b"},
    **{" ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029"},
}
DIGITS = {"x": 2, "u": 4, "U": 8}
PROPERTIES = re.compile(r"(?:[!&]\S*\s+)*")
FOLD = re.compile(r"[ \t]*(?:\r\n|\r|\n)(?:[ \t]*(?:\r\n|\r|\n))*[ \t]*")
BREAK = re.compile(r"\r\n|\r|\n")
LINE = re.compile(r"(?P<indent> *)(?P<rest>[^\r\n]*)(?P<end>\r\n|\r|\n|$)")


@dataclass(frozen=True)
class Tree:
    """A node of the file: words, a list, or fields with their names in the order of the file."""

    path: Path
    start: int
    line: int
    field: str
    """Where it stands, as the names and numbers that lead to it: ``tables.0.rows.2``."""
    words: Words | None = None
    items: "tuple[Tree, ...]" = ()
    fields: "tuple[tuple[Words, Tree], ...]" = ()
    is_list: bool = False

    def error(self, message: str) -> SourceError:
        """Return the error that says what is wrong here."""
        return SourceError(message, self.path, self.line, self.field or None)


def read_tree(raw: str, path: Path) -> Tree:
    """Return the file as a tree.

    Raises SourceError for bad syntax, a field that stands twice, an alias, or a name that is no text.
    """
    try:
        root = plain_reader().compose(raw)
    except MarkedYAMLError as e:
        mark = e.problem_mark or e.context_mark
        raise SourceError(f"is not YAML: {e.problem or e.context}", path, mark.line + 1 if mark else None) from e
    except RecursionError as e:
        raise SourceError("is not YAML that a person wrote: values are nested too deeply", path) from e
    except (YAMLError, ValueError, TypeError, AttributeError, LookupError, OverflowError) as e:  # whatever it meets
        raise SourceError(f"is not YAML: {e}", path) from e
    if root is None:
        raise SourceError("is empty; put the text of the document into it", path, 1)
    return _Reader(raw, path).tree(root, "")


class _Reader:
    def __init__(self, raw: str, path: Path) -> None:
        self.raw = raw
        self.path = path
        self.seen: set[int] = set()

    def tree(self, node: Node, field: str) -> Tree:
        start = node.start_mark.index
        place = (self.path, start, line_at(self.raw, start), field)
        if id(node) in self.seen:
            message = "an alias (*name) repeats what stands elsewhere; write it out, so that it has its own place"
            raise SourceError(message, self.path, None, field)
        self.seen.add(id(node))
        if isinstance(node, ScalarNode):
            return Tree(*place, words=self.scalar(node, field))
        if isinstance(node, SequenceNode):
            items = tuple(self.tree(n, f"{field}.{i}".lstrip(".")) for i, n in enumerate(node.value))
            return Tree(*place, items=items, is_list=True)
        assert isinstance(node, MappingNode)
        fields: dict[str, tuple[Words, Tree]] = {}
        for name_node, value in node.value:
            if not isinstance(name_node, ScalarNode):
                raise SourceError("the name of a field is a text", self.path, name_node.start_mark.line + 1, field)
            name = self.scalar(name_node, field)
            if name.flat in fields:
                line = name_node.start_mark.line + 1
                raise SourceError(f"{name.flat!r} stands there twice; keep one of the two", self.path, line, field)
            fields[name.flat] = (name, self.tree(value, f"{field}.{name.flat}".lstrip(".")))
        return Tree(*place, fields=tuple(fields.values()))

    def scalar(self, node: ScalarNode, field: str) -> Words:
        """Return the words of a scalar. Raises SourceError where they cannot be told from the file."""
        start, end = node.start_mark.index, node.end_mark.index
        if node.tag == "tag:yaml.org,2002:null":
            return Words((), start, field)
        properties = PROPERTIES.match(self.raw, start, end)
        start = properties.end() if properties else start
        if node.style in ("|", ">"):
            characters = _block(self.raw, start, end, folded=node.style == ">")
        elif node.style in ("'", '"'):
            characters = _flow(self.raw, start + 1, end - 1, node.style)
        else:
            characters = _flow(self.raw, start, end, "")
        if HALF.search(node.value):
            message = "an escape spells half of a character; write the character itself"
            raise SourceError(message, self.path, node.start_mark.line + 1, field)
        if "".join(c for c, _, _ in characters).split() != node.value.split():
            message = "the words of this field cannot be told from the file; write it in quotation marks on one line"
            raise SourceError(message, self.path, node.start_mark.line + 1, field)
        return words_of(characters, start, field)


def _flow(raw: str, i: int, end: int, quote: str) -> list[Character]:
    """Return the characters of a plain or quoted scalar: line breaks folded, escapes read."""
    characters: list[Character] = []
    while i < end:
        fold = FOLD.match(raw, i, end)
        if fold:
            breaks = len(BREAK.findall(fold.group()))
            characters += _spread(" " if breaks == 1 else "\n" * breaks, i, fold.end())
            i = fold.end()
        elif quote == "'" and raw.startswith("''", i):
            characters.append(("'", i, i + 2))
            i += 2
        elif quote == '"' and raw[i] == "\\":
            if broken := FOLD.match(raw, i + 1, end):
                if characters:  # the line goes on: nothing stands for the break
                    c, a, _ = characters[-1]
                    characters[-1] = (c, a, broken.end())
                i = broken.end()
                continue
            digits = DIGITS.get(raw[i + 1], 0)
            c = chr(int(raw[i + 2 : i + 2 + digits], 16)) if digits else ESCAPES[raw[i + 1]]
            characters.append((c, i, i + 2 + digits))
            i += 2 + digits
        else:
            characters.append((raw[i], i, i + 1))
            i += 1
    return characters


def _spread(text: str, start: int, end: int) -> list[Character]:
    """Return the characters that a run of white space is read as, side by side over it."""
    last = len(text) - 1
    return [(c, start + n, end if n == last else start + n + 1) for n, c in enumerate(text)]


def _block(raw: str, start: int, end: int, *, folded: bool) -> list[Character]:
    """Return the characters of a block scalar, without its header and indentation; folded lines joined by a space."""
    head = LINE.match(raw, start)
    assert head is not None
    lines = []
    at = head.end()
    while at < end and (line := LINE.match(raw, at)) and line.end() > at:
        lines.append(line)
        at = line.end()
    filled = [line for line in lines if line["rest"].strip()]
    if not filled:
        return []
    indent = min(len(line["indent"]) for line in filled)
    characters: list[Character] = []
    before = lines[0]
    for line in lines:
        begin = min(line.start() + indent, line.start("end"))
        if characters:
            apart = not line["rest"].strip() or not before["rest"].strip()
            more = max(len(line["indent"]), len(before["indent"])) > indent
            characters.append((" " if folded and not apart and not more else "\n", before.start("end"), begin))
        characters += ((raw[k], k, k + 1) for k in range(begin, line.start("end")))
        before = line
    return characters
