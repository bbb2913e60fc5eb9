"""What does not add up in the two documents, by reading them: ``tests/expected/review-known.yaml``."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, TypeAdapter

from msevidence.loaders.schema import Entry, Key, Text
from msevidence.loaders.yamlfile import check, read_yaml

EXPECTED = Path(__file__).parents[1] / "expected"


class Other(Entry):
    """The other side of what does not add up: one of the three, and words of it."""

    document: Key | None = None
    publication: Key | None = None
    registration: Text | None = None
    quote: Text


class Known(Entry):
    """Something that does not add up; or, with ``trap``, that looks so and does."""

    id: Key
    document: Key
    kind: Key
    """Concept of the scheme ``finding-kind``."""
    quotes: list[Text] = Field(alias="quote")
    other: Other | None = None
    what: Text
    sure: Literal["yes", "debatable", "no"]
    finder: Literal["machine", "person"] = Field(alias="for")
    trap: bool = False


class Noticed(Entry):
    """Something that no concept is for."""

    document: Key
    quotes: list[Text] = Field(alias="quote")
    what: Text


@cache
def known() -> tuple[list[Known], list[Noticed]]:
    """Return what is known, and what no kind of finding is for."""
    path = EXPECTED / "review-known.yaml"
    content = read_yaml(path)
    for entry in (*content["known"], *content["without_kind"]):
        if isinstance(entry["quote"], str):
            entry["quote"] = [entry["quote"]]
    return (
        check(path, content["known"], TypeAdapter(list[Known])),
        check(path, content["without_kind"], TypeAdapter(list[Noticed])),
    )
