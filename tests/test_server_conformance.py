"""The W3C suites against the real server; ``python -m tests.conformance`` prints the counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.__main__ import main


@pytest.mark.shared
@pytest.mark.parametrize("part", ["protocol", "1.1", "1.0", "1.2"])
def test_suite(shared_dir: Path, part: str, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        assert main([part, "--shared", str(shared_dir / "conformance")]) == 0
