"""A process that converts one source, with bounded memory: what a stranger's file does to a parser ends here.

    python -m msevidence.loaders.exports.child PATH NAME SHA256 TARGET MEMORY [--strict]

It writes a line of JSON on standard output for every step (``{"read": 100}``), and a last one: ``{"done": true}``,
``{"error": {…}}``, or ``{"disk": {…}}`` where the outcome cannot be written.
"""

import json
import resource
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Convert the source that the command line names."""
    strict = arguments[-1:] == ["--strict"]
    path, name, sha256, target, memory = *arguments[:4], int(arguments[4])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    from msevidence.loaders.exports.conversion import convert
    from msevidence.loaders.exports.faults import ExportError
    from msevidence.loaders.exports.parent import end_with_parent

    end_with_parent()

    def tell(read: int) -> None:
        print(json.dumps({"read": read}), flush=True)

    try:
        convert(Path(path), name, sha256, Path(target), strict=strict, tell=tell)
    except ExportError as e:
        print(
            json.dumps({"error": {"message": e.message, "path": e.path, "line": e.line, "field": e.field}}), flush=True
        )
        return 1
    except OSError as e:  # of writing: what cannot be read is an ExportError
        print(json.dumps({"disk": {"errno": e.errno, "strerror": e.strerror or str(e)}}), flush=True)
        return 1
    except MemoryError:
        message = f"needs more than {memory // 2**20} MiB to be read; split it, or look at what it holds"
        print(json.dumps({"error": {"message": message, "path": name, "line": None, "field": None}}), flush=True)
        return 1
    print(json.dumps({"done": True}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
