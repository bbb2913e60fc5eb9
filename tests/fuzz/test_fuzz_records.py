"""Changed files of registries, bibliographies and mappings: a small number, which ``FUZZ_FILES`` makes larger."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fuzz.file_cases import file_case
from tests.fuzz.file_formats import LOADERS
from tests.fuzz.running_files import Converters
from tests.fuzz.sizes import COMMANDS, FILES, PROCESSES, SEED, hold

RECORDS = [one for one in LOADERS if not one.is_document]


@pytest.fixture(scope="module")
def converters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Converters]:
    """Give the processes that read, which all loaders share: to start one takes as long as a hundred files."""
    with Converters(tmp_path_factory.mktemp("records"), PROCESSES) as made:
        yield made


@pytest.mark.parametrize("key", [one.key for one in RECORDS])
def test_changed_files_are_read_or_refused_and_every_record_accounted_for(key: str, converters: Converters) -> None:
    account = hold(key, converters)
    assert account.commands.total() == -(-FILES // COMMANDS)
    if any(one.cut is not None for one in RECORDS if one.key == key):
        assert account.beside >= FILES // 20  # one bad record among good ones


@pytest.mark.parametrize("key", [one.key for one in LOADERS if one.cut is not None])
def test_a_file_cut_into_records_is_whole_again(key: str) -> None:
    (one,) = [one for one in LOADERS if one.key == key]
    assert one.cut is not None
    for data in one.seeds():
        parts = one.cut(data)
        assert len(parts.records) >= 1
        assert one.cut(parts.joined(parts.records)).records == parts.records


def test_a_case_is_the_same_each_time() -> None:
    for one in LOADERS:
        assert file_case(SEED, one.key, 3) == file_case(SEED, one.key, 3)
