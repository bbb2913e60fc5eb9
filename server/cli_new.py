"""``msevidence new``: lay out the folder of a new document, with stubs of its metadata and curation to fill."""

import re
import shutil
from pathlib import Path
from typing import get_args

import click
from ruamel.yaml import YAML
from ruamel.yaml.compat import StringIO

from msevidence.loaders.errors import CurationError
from msevidence.loaders.metadata_schema import Metadata
from msevidence.server.cli_common import data_option

FOLDERS = {"article": "articles", "report": "reports"}
TYPES = {"article": "journal-article", "report": "hta-report"}
LANGUAGES = get_args(Metadata.model_fields["language"].annotation)

METADATA = """\
# What the document is. The keys are explained in data/README.md. Written by `msevidence new`; check every line.

title: {title}
language: {language}          # of the text
type: {type}     # scheme publication-kind
# work: opinion        # scheme work-kind, where the document says so
# container: Tidsskr Nor Legeforen
# published: 2024-02-12     # or 2024-02, or 2024, as printed
# publisher: tidsskriftet   # key in organisations.yaml
# identifiers:
#   - {{scheme: doi, value: 10.4045/tidsskr.23.0770}}
rights: No licence is recorded. Short quotations only.     # as printed; licence: the address of a licence instead
# sections:
#   LITERATURE: {{role: references}}     # scheme section-role, by the printed heading
# What the loader counted. Count in the text, correct what differs, and take the # away: then a build that counts
# otherwise stops.
# expect: {{{expect}}}
"""

CURATION = """\
# What no parser can know about the document. Every quote is copied from {source}. data/README.md explains the keys.
# Nothing here is required: take away the # of what you fill in.

# references:                # which publication of publications.yaml each printed entry names, and why you think so
{references}
# claims:
#   - quote: A sentence of the document.
#     kind: fact             # scheme claim-kind: fact, number, judgement, recommendation, expectation …
#     outcome: relapse       # scheme outcome; also population, intervention, comparator in words, ms_type, about
#     cites: {{1: cites-as-evidence}}

# studies:                   # what the document says of one study of studies.yaml
#   - study: mist
#     quote: Words of the document that name it.

# results:
#   - quote: Words with a figure.
#     study: mist
#     outcome: disability
#     measure: what was measured
#     value: "10.0"
#     value_printed: "10.0"  # as the document prints it
#     unit: percent

# people:
#   - quote: Words that name the person.
#     person: ola-nordmann
#     name: Ola Nordmann
#     role: [author]
"""


@click.command()
@click.argument("kind", type=click.Choice(tuple(FOLDERS)))
@click.argument("key")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--language", type=click.Choice(LANGUAGES), help="Of the text.  [default: en]")
@data_option
def new(kind: str, key: str, file: Path, language: str | None, data: Path) -> None:
    """Lay out a new document: its folder with the bytes of FILE, and metadata and curation to fill.

    KEY is part of addresses on the web (document/KEY), so choose it well: small letters, digits and hyphens. FILE is
    a text; of a report also its tables as CSV or YAML, told by the end of its name.
    Nothing is written when the key is taken or the text cannot be read.

    \b
    Example:
      msevidence new article nygaard-2024 text.txt --language en
      msevidence new report example-2022 tables.csv --language nb
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key):
        raise click.BadParameter(f"{key!r}: small letters, digits and hyphens between them", param_hint="KEY")
    for folder in FOLDERS.values():
        if (data / folder / key).exists():
            raise click.BadParameter(f"{data / folder / key} exists; choose another key", param_hint="KEY")
    target = data / FOLDERS[kind] / key
    aside = data / f".new-{key}"
    if aside.exists():
        shutil.rmtree(aside)  # left by one that was killed
    try:
        counts = _lay_out(kind, file, aside, language or "en")
        target.parent.mkdir(exist_ok=True)
        aside.rename(target)
    finally:
        if aside.exists():
            shutil.rmtree(aside)
    click.echo(f"{target}: {counts}")
    if language is None:
        click.echo("language: en is assumed; correct metadata.yaml, or give --language", err=True)
    click.echo("Next: fill in metadata.yaml and curation.yaml there, then run `msevidence build`.")


def _lay_out(kind: str, file: Path, folder: Path, language: str) -> str:
    """Write the folder and read it as a build would; return what was counted.

    Raises SourceError (about ``file``) when its text cannot be read, CurationError when the loader cannot read it.
    """
    from msevidence.loaders.documents import DocumentFolder, read_document
    from msevidence.loaders.errors import SourceError
    from msevidence.loaders.source import read_source
    from msevidence.loaders.tables import SPELLINGS, told

    if suffix := SPELLINGS.get(file.suffix.lower()):
        first = told(file, suffix)[0] or file.stem
    else:
        first = next(line.strip() for line in read_source(file).splitlines() if line.strip())
    source = f"source{suffix or '.txt'}"
    folder.mkdir()
    shutil.copyfile(file, folder / source)
    fields = {"title": _scalar(first), "language": language, "type": TYPES[kind]}
    (folder / "metadata.yaml").write_text(METADATA.format(**fields, expect=""), encoding="utf-8")
    try:
        parsed = read_document(DocumentFolder(folder, FOLDERS[kind], folder.name.removeprefix(".new-"))).parsed
    except (SourceError, CurationError) as e:
        raise type(e)(e.message, file, e.line, e.field) from e
    if parsed.front.title is not None:
        fields["title"] = _scalar(parsed.passages[parsed.front.title].text)
    counts = {
        "references": len(parsed.references),
        "markers": len(parsed.markers),
        "tables": len(parsed.tables),
        "authors": len(parsed.front.authors),
    }
    if kind == "report":
        counts |= {"study_rows": len(parsed.study_rows), "searches": len(parsed.searches)}
    expect = ", ".join(f"{name}: {count}" for name, count in counts.items())
    references = "".join(f"#   {r.number}: {{publication: KEY, because: WHY}}\n" for r in parsed.references)
    (folder / "metadata.yaml").write_text(METADATA.format(**fields, expect=expect), encoding="utf-8")
    (folder / "curation.yaml").write_text(CURATION.format(references=references, source=source), encoding="utf-8")
    return f"{len(parsed.passages)} passages, {expect}"


def _scalar(text: str) -> str:
    """Return ``text`` as a YAML scalar on one line.

    >>> print(_scalar("A: b"))
    'A: b'
    """
    yaml, out = YAML(typ="safe"), StringIO()
    yaml.width = 10_000
    yaml.default_flow_style = True
    yaml.dump([text], out)
    return out.getvalue().strip()[1:-1]
