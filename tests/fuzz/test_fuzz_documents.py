"""Changed articles, reports and tables with their metadata: a small number, which ``FUZZ_FILES`` makes larger."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fuzz.file_formats import DOCUMENTS
from tests.fuzz.running_files import Converters
from tests.fuzz.sizes import PROCESSES, hold


@pytest.fixture(scope="module")
def converters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Converters]:
    """Give the processes that read, which all loaders share."""
    with Converters(tmp_path_factory.mktemp("documents"), PROCESSES) as made:
        yield made


@pytest.mark.parametrize("key", sorted(DOCUMENTS))
def test_changed_documents_are_read_or_refused_in_words(key: str, converters: Converters) -> None:
    hold(key, converters)
