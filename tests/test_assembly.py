"""The same input gives the same statements: in another folder, locale, time zone and order of hashes."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from msevidence.loaders.assembly import Graph
from tests.graph import DATA

PRINT_HASH = """\
import hashlib, pathlib, sys
from msevidence.loaders.assembly import assemble
lines = sorted(map(str, assemble(pathlib.Path(sys.argv[1])).quads()))
print(hashlib.sha256("\\n".join(lines).encode()).hexdigest())
"""


def test_statements_do_not_depend_on_where_and_when(tmp_path: Path, real_graph: Graph) -> None:
    data = shutil.copytree(DATA, tmp_path / "dåta ü" / "数据")
    elsewhere = {"LC_ALL": "C", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "77", "PYTHONOPTIMIZE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", PRINT_HASH, str(data)],
        cwd=tmp_path,
        env={**os.environ, **elsewhere},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = sorted(map(str, real_graph.quads()))
    assert len(lines) > 30_000
    assert done.stdout.strip() == hashlib.sha256("\n".join(lines).encode()).hexdigest()
