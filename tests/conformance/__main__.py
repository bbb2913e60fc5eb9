"""Runs the W3C suites against the real server and prints the counts: ``python -m tests.conformance``.

Protocol: every test that applies to a read-only endpoint must pass. Query evaluation 1.1, 1.0 and 1.2: every test
that pyoxigraph alone passes must pass over HTTP, through guard and worker. Each test that does not apply, or that the
engine itself fails, is listed with the reason. Exit code 1 where something that must pass does not.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.server_fixtures import publish, running

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SHARED = ROOT.parent / "shared" / "conformance"
SUITES = ("1.1", "1.0", "1.2")


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked for, everything by default."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    known = ["protocol", *SUITES]
    parser.add_argument("part", nargs="*", metavar="PART", help=f"of {', '.join(known)}; all by default")
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder of the suites")
    chosen = parser.parse_args(arguments)
    unknown = sorted(set(chosen.part) - set(known))
    if unknown:
        parser.error(f"no part {', '.join(unknown)}; there are {', '.join(known)}")
    parts = chosen.part or known
    failures = 0
    with tempfile.TemporaryDirectory() as scratch:
        for part in parts:
            if part == "protocol":
                failures += protocol(chosen.shared, Path(scratch))
            else:
                failures += evaluation(chosen.shared, part, Path(scratch))
    print(f"{failures} of what must pass failed" if failures else "all that must pass passed")
    return 1 if failures else 0


def protocol(shared: Path, scratch: Path) -> int:
    """Run the protocol, extra, service description and Graph Store tests; return the number of failures."""
    home = scratch / "protocol"
    publish(home, (shared / "protocol" / "protocol-dataset.nq").read_bytes())
    report = scratch / "protocol.json"
    failures = 0
    with running(home) as url:
        runner = [sys.executable, str(shared / "protocol" / "run_protocol.py"), "--query", url, "--json", str(report)]
        run([*runner, "--readonly", "--extra", "--service-description"])
        for title, suite in json.loads(report.read_text()).items():
            tests = suite["tests"]
            print(f"{title}: {suite['passed']} of {suite['passed'] + suite['failed']} passed, "
                  f"{suite['not_applicable']} do not apply")  # fmt: skip
            for test in tests:
                if test["result"] == "n/a" and "update" not in test["id"]:
                    test["result"] = "FAIL"  # the runner could not set it up, which is no reason of ours
                elif test["result"] == "n/a":
                    print(f"  does not apply: {test['id']}: it updates, and the endpoint is read only")
            failures += show_failures(tests)
        graph_store = url.removesuffix("/sparql") + "/graph"
        run([*runner, "--gsp", graph_store, "--setup", "preloaded"])
        tests = json.loads(report.read_text())["W3C Graph Store Protocol"]["tests"]
    applies = reading_tests(shared)
    apply = [test for test in tests if test["id"] in applies]
    print(f"W3C Graph Store Protocol: {sum(t['result'] == 'pass' for t in apply)} of {len(apply)} passed, "
          f"{len(tests) - len(apply)} do not apply")  # fmt: skip
    for test in tests:
        if test["id"] not in applies:
            print(f"  does not apply: {test['id']}: it begins with a write, or names graphs by their own address")
    return failures + show_failures(apply)


def reading_tests(shared: Path) -> set[str]:
    """Return the Graph Store tests that only read, through ?graph= or ?default."""
    spec = json.loads((shared / "protocol" / "gsp_tests.json").read_text())
    found = {
        test["id"]
        for manifest in spec["manifests"]
        for test in manifest["tests"]
        if "DirectGraphIdentification" not in test["requires"]
        and all(request["method"] in ("GET", "HEAD") for request in test["requests"])
    }
    assert found, "no Graph Store test only reads: the suite has changed"
    return found


def evaluation(shared: Path, suite: str, scratch: Path) -> int:
    """Run a query-evaluation suite with and without the server; return the number of tests lost on the way."""
    results = {}
    for name, opener in (("alone", "peer_pyoxigraph:open_dataset"), ("server", "http_session:open_dataset")):
        report = scratch / f"{name}-{suite}.json"
        runner = shared / "query" / "run_query_eval.py"
        run([sys.executable, str(runner), "--callable", opener, "--suite", suite, "--json", str(report)])
        results[name] = {test["id"]: test for test in json.loads(report.read_text())["tests"]}
    alone, server = results["alone"], results["server"]
    assert alone and alone.keys() == server.keys(), "the two runs did not run the same tests"
    passed = {name: sum(passes(test) for test in tests.values()) for name, tests in results.items()}
    print(f"SPARQL {suite} query evaluation: {passed['server']} of {len(server)} passed through guard and worker, "
          f"{passed['alone']} by pyoxigraph alone")  # fmt: skip
    for key, test in alone.items():
        if not passes(test):
            print(f"  the engine alone fails: {key}: {test['detail'][:160]}")
    lost = [server[key] for key, test in alone.items() if passes(test) and not passes(server[key])]
    return show_failures(lost)


def passes(test: dict[str, Any]) -> bool:
    """Tell whether a test passed, exactly or by value."""
    return bool(test["result"].startswith("pass"))


def show_failures(tests: list[dict[str, Any]]) -> int:
    """Print what failed and return how many."""
    failed = [test for test in tests if test["result"] not in ("n/a", "info") and not passes(test)]
    for test in failed:
        print(f"  FAILED: {test['id']}: {test['detail'][:300]}")
    return len(failed)


def run(command: list[str]) -> None:
    """Run one of the shared runners; its own exit code tells of tests that do not apply, too, so it is not judged."""
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join([str(HERE), str(ROOT)]))
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{command[1]} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")


if __name__ == "__main__":
    sys.exit(main())
