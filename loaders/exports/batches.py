"""Records checked against the SHACL shapes, many at a time: what breaks one is that record's fault, not the others'.

The shapes look at one record's nodes only, so that a batch says the same as each record alone, but for a node that
several records name: where something is wrong with a node, each record that names it is asked about alone.
"""

import io
from collections.abc import Sequence

import pyoxigraph as ox

from msevidence.ontology.shapes_subset import shapes


def faults(statements: bytes) -> dict[str, str]:
    """Return what breaks a shape in lines of N-Quads: the focus node, and the message with the value at fault."""
    quads = ox.parse(io.BytesIO(statements), format=ox.RdfFormat.N_QUADS)
    found: dict[str, str] = {}
    for violation in shapes().violations(quads):
        value = f" [{violation.value}]" if violation.value else ""
        found.setdefault(violation.focus, f"{violation.message('en')}{value}")
    return found


def broken(blocks: Sequence[bytes]) -> dict[int, str]:
    """Return which records break a shape, by their place in the list, and what they break; empty ones are no records.

    Args:
        blocks: the statements of each record, as lines of N-Quads.
    """
    found = faults(b"".join(blocks))
    if not found:
        return {}
    nodes = [f"<{focus}>".encode() for focus in found]
    named = [n for n, lines in enumerate(blocks) if any(node in lines for node in nodes)]
    alone = {n: next(iter(faults(blocks[n]).values()), "") for n in named}
    return {n: message for n, message in alone.items() if message}
