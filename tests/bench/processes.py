"""CPU time of a process and its descendants, on Linux; elsewhere it is told as not measured."""

from __future__ import annotations

import ctypes
import sys
import time
from pathlib import Path


def cpu_seconds(pid: int) -> float | None:
    """Return the CPU seconds that a process and its living descendants have used, or None where that is not told.

    The clock of another process (clock_getcpuclockid(3)) counts nanoseconds, threads that have ended included;
    /proc/PID/stat counts hundredths of a second, too coarse for half a second of requests.
    """
    if sys.platform != "linux":
        return None
    return sum(clock(process) for process in tree(pid))


def tree(pid: int) -> list[int]:
    """Return a process and its living descendants."""
    found = [pid]
    for parent in found:  # grows while it is walked
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += map(int, children.read_text().split())
            except OSError:  # the thread has ended since it was listed
                continue
    return found


def clock(pid: int) -> float:
    """Return the CPU seconds of one process, threads that have ended included."""
    which = ctypes.c_int()
    if ctypes.CDLL(None).clock_getcpuclockid(pid, ctypes.byref(which)):
        return 0.0  # the process has ended since it was listed
    return time.clock_gettime(which.value)
