"""YAML readers (ruamel.yaml) that refuse what makes a small file take long: deep brackets, and aliases.

The scanner looks through every open bracket again at each sign, so that a thousand of them in 2 kB of a file took six
seconds, where a hundred take some milliseconds. An alias (``*name``) repeats what stands elsewhere, and ten lines of
ten aliases each would be unfolded ten thousand million times.
"""

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scanner import RoundTripScanner, Scanner, ScannerError

DEEPEST = 64
"""Brackets within brackets; the curation of documents has three."""


def _refuse_deeper(scanner: Scanner) -> None:
    if len(scanner.flow_context) >= DEEPEST:
        message = f"values are nested more than {DEEPEST} deep; close the brackets"
        raise ScannerError(None, None, message, scanner.reader.get_mark())


class _PlainScanner(Scanner):
    def fetch_flow_collection_start(self, TokenClass: Any, to_push: str) -> None:  # noqa: N803 (as its parent has it)
        _refuse_deeper(self)
        super().fetch_flow_collection_start(TokenClass, to_push)


class _PositionedScanner(RoundTripScanner):
    def fetch_flow_collection_start(self, TokenClass: Any, to_push: str) -> None:  # noqa: N803 (as its parent has it)
        _refuse_deeper(self)
        super().fetch_flow_collection_start(TokenClass, to_push)

    def fetch_alias(self) -> None:
        message = "an alias (*name) repeats what stands elsewhere; write it out"
        raise ScannerError(None, None, message, self.reader.get_mark())


def plain_reader() -> YAML:
    """Return a reader of plain values and of trees of nodes, whose aliases are for the caller to refuse."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Scanner = _PlainScanner
    return yaml


def positioned_reader() -> YAML:
    """Return a reader whose values know their lines, and that refuses aliases."""
    yaml = YAML(typ="rt")
    yaml.Scanner = _PositionedScanner
    return yaml
