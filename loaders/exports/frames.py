"""What processes of a conversion say to each other through a pipe: a line of JSON, then as many bytes as it says."""

import json
from dataclasses import dataclass
from typing import Any, BinaryIO

LINE = 2**20
"""Bytes of the line of JSON, at most."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message: ``kind``, and what goes with it."""

    kind: str
    """``shard`` or ``converted`` (with their bytes), ``done``, ``error`` or ``disk`` (with what is wrong)."""
    told: dict[str, Any]
    content: bytes = b""


def send(stream: BinaryIO, kind: str, content: bytes = b"", **told: Any) -> None:
    """Write a message."""
    head = json.dumps({"kind": kind, "told": told, "bytes": len(content)}).encode()
    stream.write(head + b"\n")
    stream.write(content)
    stream.flush()


def receive(stream: BinaryIO) -> Frame | None:
    """Return the next message, ``None`` where there is none, or it is cut: who writes has ended."""
    head = stream.readline(LINE)
    if not head.endswith(b"\n"):
        return None
    try:
        told = json.loads(head)
        kind, size, details = told["kind"], told["bytes"], told["told"]
    except (ValueError, KeyError, TypeError):
        return None  # the last words of a process that fails
    content = stream.read(size)
    return Frame(kind, details, content) if len(content) == size else None
