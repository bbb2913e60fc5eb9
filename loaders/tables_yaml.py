"""A YAML file as the text and tables of a report: its fields, read in the order of the file.

``title``, ``text`` (paragraphs, or sections with ``heading`` and ``paragraphs`` and any of the other fields),
``tables``, ``searches``, ``search_totals``, ``flow``, ``criteria``, ``references``. data/README.md shows each.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from msevidence.loaders.document import Criterion, PassageKind, Place, Table
from msevidence.loaders.tables_builder import TablesBuilder
from msevidence.loaders.tables_flow import add_box, add_reason, count_of
from msevidence.loaders.tables_rows import add_cell, add_table, unique_label
from msevidence.loaders.tables_search import OpenSearch, add_total
from msevidence.loaders.tables_words import Words, joined
from msevidence.loaders.yaml_words import Tree, read_tree

Fields = dict[str, Tree]
DEEPEST = 6
"""Levels of headings."""


def read_yaml_tables(builder: TablesBuilder) -> None:
    """Add all that the file has.

    Raises SourceError for what is not YAML, a field that is not known, missing or of another form, and a date, count
    or row that does not fit.
    """
    root = read_tree(builder.raw, builder.path)
    for words in _all_words(root):
        builder.found(words)
    _Reader(builder).section(root, 0)


def title_of_yaml(raw: str, path: Path) -> str | None:
    """Return the title that a file gives itself. Raises SourceError for what is not YAML."""
    root = read_tree(raw, path)
    return next((v.words.flat for name, v in root.fields if name.flat == "title" and v.words), None) or None


def _all_words(tree: Tree) -> Iterator[Words]:
    if tree.words is not None:
        yield tree.words
    for child in (*tree.items, *(value for _, value in tree.fields)):
        yield from _all_words(child)


def _listed(tree: Tree) -> tuple[Tree, ...]:
    """Return the items of a list; of anything else, itself."""
    return tree.items if tree.is_list else (tree,)


class _Reader:
    def __init__(self, builder: TablesBuilder) -> None:
        self.builder = builder
        self.parts: dict[str, Callable[[Tree, int], None]] = {
            "text": self._text,
            "paragraphs": self._text,
            "sections": self._text,
            "tables": lambda tree, _: self._each(tree, self._table),
            "searches": lambda tree, _: self._each(tree, self._search),
            "search_totals": lambda tree, _: self._each(tree, self._total),
            "flow": lambda tree, _: self._each(tree, self._box),
            "criteria": lambda tree, _: self._criteria(tree, included=True),
            "inclusion": lambda tree, _: self._criteria(tree, included=True),
            "exclusion": lambda tree, _: self._criteria(tree, included=False),
            "references": lambda tree, _: self._references(tree),
        }

    def section(self, tree: Tree, level: int) -> None:
        """Add what stands under one heading; the file itself is the section without one."""
        own = ("heading",) if level else ("title",)
        fields = self._fields(tree, (*own, *self.parts))
        before = self.builder.section
        for name, value in fields.items():
            if name == "title":
                self.builder.title(self._words(value))
            elif name == "heading":
                if next(iter(fields)) != "heading":
                    raise value.error("the heading stands first; move it up")
                self.builder.section_under(self._words(value), level)
            else:
                self.parts[name](value, level)
        self.builder.section = before

    def _fields(self, tree: Tree, known: tuple[str, ...], needed: tuple[str, ...] = ()) -> Fields:
        if tree.words is not None or tree.is_list:
            raise tree.error(f"this has fields with names ({', '.join(known)}); write them as name: value")
        fields = {name.flat: value for name, value in tree.fields}
        for name, value in fields.items():
            if name not in known:
                raise value.error(f"unknown field; remove it or correct its spelling ({', '.join(known)})")
        for name in needed:
            if name not in fields or (fields[name].words or Words((), 0)).blank:
                raise tree.error(f"needs a field {name!r}; add it")
        # A field without a value is one that is not there.
        return {n: v for n, v in fields.items() if v.words is None or not v.words.blank}

    def _words(self, tree: Tree) -> Words:
        if tree.words is None:
            raise tree.error("one text is wanted here; write it on one line, or after | over several")
        return tree.words

    def _each(self, tree: Tree, read: Callable[[Tree], None]) -> None:
        for item in _listed(tree):
            read(item)

    def _text(self, tree: Tree, level: int) -> None:
        for item in _listed(tree):
            if item.words is not None:
                self.builder.paragraphs(item.words)
            elif level >= DEEPEST:
                raise item.error(f"sections go {DEEPEST} levels deep; move it up")
            else:
                self.section(item, level + 1)

    def _table(self, tree: Tree) -> None:
        fields = self._fields(tree, ("label", "caption", "header", "rows"))
        label, caption = (self._words(fields[n]) if n in fields else None for n in ("label", "caption"))
        listed = _listed(fields["rows"]) if "rows" in fields else ()
        if not listed:
            raise tree.error("needs a field 'rows' with a list; add it")
        header = [self._words(w) for w in _listed(fields["header"])] if "header" in fields else None
        if header is None:
            if listed[0].fields == ():
                raise tree.error("needs a field 'header' with the headings of the columns; add it")
            header = [name for name, _ in listed[0].fields]
            for name in header:
                self.builder.found(name)
        add_table(self.builder, label, caption, [header, *(self._row(row, header) for row in listed)])

    def _row(self, tree: Tree, header: list[Words]) -> list[Words]:
        if not tree.fields:
            return [self._words(cell) for cell in _listed(tree)]
        known = [w.flat for w in header]
        cells: dict[str, Words] = {}
        for name, value in tree.fields:
            if name.flat not in known:
                raise value.error(f"no column is headed {name.flat!r}; the columns are: {', '.join(known)}")
            cells[name.flat] = self._words(value)
        return [cells.get(name, Words((), tree.start)) for name in known]

    def _search(self, tree: Tree) -> None:
        fields = self._fields(tree, ("source", "date", "hits", "strings"), ("source",))
        source = self._words(fields["source"])
        index = self.builder.one(PassageKind.SEARCH_LINE, source)
        search = OpenSearch(self.builder.document.passages[index].text, index)
        for name, value in fields.items():
            if name == "date":
                search.date(self.builder, self._words(value))
            elif name == "hits":
                search.found(self.builder, self._words(value))
                if search.hits is None:
                    raise value.error(f"{self._words(value).flat!r} is no number of hits; write it as 1024 or 1 024")
            elif name == "strings":
                for line in _listed(value):
                    search.strings(self.builder, self._words(line))
        search.close(self.builder)

    def _counted(self, tree: Tree, name: str, count: str) -> tuple[str, int | None, int, Fields]:
        """Add a label and its count as one passage; returns both, the passage, and the fields."""
        more = ("reasons",) if name == "label" else ()
        fields = self._fields(tree, (name, count, *more), (name,))
        label = self._words(fields[name])
        counted = self._words(fields[count]) if count in fields else None
        number = count_of(counted.flat) if counted else None
        if counted and number is None:
            raise fields[count].error(f"{counted.flat!r} is no count; write it as 1024 or 1 024")
        whole = joined(label, counted) or label
        return label.flat, number, self.builder.one(PassageKind.FIGURE_TEXT, whole), fields

    def _box(self, tree: Tree) -> None:
        label, count, passage, fields = self._counted(tree, "label", "count")
        add_box(self.builder, label, count, (passage,))
        for item in _listed(fields["reasons"]) if "reasons" in fields else ():
            reason, number, at, _ = self._counted(item, "reason", "count")
            if number is None:
                raise item.error("needs a field 'count'; add it")
            add_reason(self.builder, reason, number, at)

    def _total(self, tree: Tree) -> None:
        fields = self._fields(tree, ("label", "count"), ("label", "count"))
        label, counted = self._words(fields["label"]), self._words(fields["count"])
        if count_of(counted.flat) is None:
            raise fields["count"].error(f"{counted.flat!r} is no count; write it as 1024 or 1 024")
        index = self.builder.one(PassageKind.SEARCH_LINE, joined(label, counted) or label)
        add_total(self.builder, label.flat, counted.flat, index)

    def _criteria(self, tree: Tree, *, included: bool) -> None:
        """Add the criteria as a table without a header: a name and a value or list, or ``element`` and ``values``."""
        builder = self.builder
        label = unique_label(builder, "")
        rows: list[tuple[tuple[int, ...], ...]] = [((), ())]
        number = len(builder.document.tables)
        builder.document.tables.append(Table(label, None, ()))
        for element, values in self._elements(tree):
            builder.found(element)
            place = Place(label, len(rows), 0)
            first = builder.one(PassageKind.TABLE_CELL, element, place)
            found = [
                p
                for value in _listed(values)
                for p in add_cell(builder, self._words(value), Place(label, len(rows), 1))
            ]
            builder.document.criteria.append(Criterion(element.flat, first, tuple(found), included))
            rows.append(((first,), tuple(found)))
        builder.document.tables[number] = Table(label, None, tuple(rows))

    def _elements(self, tree: Tree) -> Iterator[tuple[Words, Tree]]:
        if tree.words is not None:
            raise tree.error("criteria are fields, such as population: adults; write each so")
        for item in _listed(tree):
            fields: Mapping[str, Tree] = {name.flat: value for name, value in item.fields}
            if "element" in fields:
                fields = self._fields(item, ("element", "values"), ("element",))
                yield self._words(fields["element"]), fields.get("values", Tree(item.path, item.start, 0, ""))
            elif not item.fields:
                raise item.error("criteria are fields, such as population: adults; write each so")
            else:
                for name, value in item.fields:
                    if name.blank:
                        raise value.error("a criterion has no name; write it before the colon")
                    yield name, value

    def _references(self, tree: Tree) -> None:
        for item in _listed(tree):
            self.builder.reference(self._words(item))
