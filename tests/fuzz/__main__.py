"""The command: ``python -m tests.fuzz queries --count N`` and ``python -m tests.fuzz files --per-loader N``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Run what the command line names; return 1 where something does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parts = parser.add_subparsers(dest="part", required=True)
    queries = parts.add_parser("queries", help="mutated queries against a real server")
    queries.add_argument("--count", type=int, default=10_000)
    queries.add_argument("--http-share", type=float, default=1.0, help="share of the queries that are sent")
    queries.add_argument("--suite", action="store_true", help="change the W3C's queries of ../shared as well")
    queries.add_argument("--home", type=Path, help="serve this home instead of a small release")
    queries.add_argument("--only", type=int, help="print this case and what is said of it")
    files = parts.add_parser("files", help="mutated files of every loader")
    files.add_argument("--per-loader", type=int, default=500)
    files.add_argument("--loader", action="append", help="only this one; repeatable")
    files.add_argument("--samples", action="store_true", help="change the files of ../shared/samples as well")
    files.add_argument("--commands", type=int, default=50, metavar="N", help="every Nth through the real command, too")
    files.add_argument("--only", type=int, help="write this case of the one --loader to standard output")
    for part in (queries, files):
        part.add_argument("--seed", type=int, default=7)
        part.add_argument("--processes", type=int)
        part.add_argument("--json", type=Path, metavar="FILE", help="account; a run that was stopped goes on from it")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="msevidence-fuzz-") as folder:
        if chosen.part == "queries":
            from tests.fuzz.command_queries import run_queries

            return run_queries(chosen, Path(folder))
        from tests.fuzz.command_files import run_files

        return run_files(chosen, Path(folder))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
