"""Confines a worker process: no network, no new program, no file outside the store.

Landlock (https://docs.kernel.org/userspace-api/landlock.html) limits files and TCP, seccomp
(https://docs.kernel.org/userspace-api/seccomp_filter.html) refuses system calls; both through ctypes, neither needs
a privilege. Call :func:`confine` after all imports and before the store opens, so that the threads that RocksDB
starts inherit it. Where the kernel has neither, the report says so and the server decides (see ``serving.serve``).
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from msevidence.server.syscalls import ARCHITECTURES, DENIED, NETWORK

PR_SET_PDEATHSIG = 1
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2
SECCOMP_RET_ALLOW = 0x7FFF0000
SECCOMP_RET_ERRNO = 0x00050000
EPERM, ENOSYS = 1, 38

LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446
LANDLOCK_CREATE_RULESET_VERSION = 1
LANDLOCK_RULE_PATH_BENEATH = 1
LANDLOCK_READ_FILE, LANDLOCK_READ_DIR = 1 << 2, 1 << 3
# Rights known to each version of the interface; a right that the kernel does not know makes the call fail.
LANDLOCK_FS_BITS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}

CLONE_THREAD = 0x00010000
TIOCSTI = 0x5412


@dataclass(frozen=True, slots=True)
class Confinement:
    """What holds a worker: Landlock's interface version (0: none) and whether seccomp is on."""

    landlock: int
    seccomp: bool

    @property
    def complete(self) -> bool:
        """Files and network are both closed."""
        return self.landlock > 0 and self.seccomp

    def warning(self) -> str | None:
        """Say what is missing, or None when nothing is."""
        missing = [name for name, present in (("Landlock", self.landlock), ("seccomp", self.seccomp)) if not present]
        if not missing:
            return None
        return (
            f"queries run without {' and '.join(missing)}: this kernel does not offer it; "
            "a fault in the query engine could reach files or the network"
        )


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when the thread that started it ends; exit if it has ended already."""
    if sys.platform == "linux":
        _libc().prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0)
        if os.getppid() != parent:
            raise SystemExit(0)


def confine(readable: Sequence[Path], *, network: bool = False) -> Confinement:
    """Close everything that answering queries over a read-only store does not need, for good.

    Args:
        readable: folders and files that may be read; nothing may be written anywhere.
        network: leave the network open (only the lane of allow-listed SERVICE clauses does).
    """
    if sys.platform != "linux":
        return Confinement(0, False)
    libc = _libc()
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return Confinement(0, False)
    landlock = _landlock(libc, readable, network)
    return Confinement(landlock, _seccomp(libc, network))


def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
    libc.syscall.restype = ctypes.c_long
    return libc


def _landlock(libc: ctypes.CDLL, readable: Sequence[Path], network: bool) -> int:
    long, size = ctypes.c_long, ctypes.c_size_t
    abi = int(
        libc.syscall(long(LANDLOCK_CREATE_RULESET), None, size(0), ctypes.c_uint32(LANDLOCK_CREATE_RULESET_VERSION))
    )
    if abi < 1:
        return 0
    files = (1 << LANDLOCK_FS_BITS[min(abi, 5)]) - 1
    fields = [files]
    if abi >= 4:
        fields.append(0 if network else 0b11)  # bind and connect of TCP
    if abi >= 6:
        fields.append(0b11)  # abstract Unix sockets of, and signals to, processes outside
    attributes = struct.pack(f"={len(fields)}Q", *fields)
    ruleset = int(libc.syscall(long(LANDLOCK_CREATE_RULESET), attributes, size(len(attributes)), ctypes.c_uint32(0)))
    if ruleset < 0:
        return 0
    try:
        for path in readable:
            rights = LANDLOCK_READ_FILE | (LANDLOCK_READ_DIR if path.is_dir() else 0)
            beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
            try:
                rule = struct.pack("=Qi", rights, beneath)
                added = libc.syscall(
                    long(LANDLOCK_ADD_RULE),
                    long(ruleset),
                    long(LANDLOCK_RULE_PATH_BENEATH),
                    rule,
                    ctypes.c_uint32(0),
                )
            finally:
                os.close(beneath)
            if added != 0:
                return 0
        restricted = libc.syscall(long(LANDLOCK_RESTRICT_SELF), long(ruleset), ctypes.c_uint32(0))
    finally:
        os.close(ruleset)
    return abi if restricted == 0 else 0


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def _seccomp(libc: ctypes.CDLL, network: bool) -> bool:
    architecture = ARCHITECTURES.get(platform.machine())
    if architecture is None or sys.maxsize < 2**32:
        return False
    code = b"".join(struct.pack("=HBBI", *step) for step in _filter(architecture, network, os.getpid()))
    program = _Program(len(code) // 8, code)
    return int(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(program), 0, 0)) == 0


def _filter(
    architecture: tuple[int, int, int, int, int, int, int], network: bool, pid: int
) -> list[tuple[int, int, int, int]]:
    """Write the classic BPF program: refuse by name, look at an argument where a call is needed in one form only."""
    audit, column, clone, clone3, tgkill, prlimit, ioctl = architecture
    load, equal, at_least, any_bit, answer = 0x20, 0x15, 0x35, 0x45, 0x06
    number_at, architecture_at = 0, 4
    argument = [16, 24]  # low halves of 64-bit arguments, little-endian
    refuse = (answer, 0, 0, SECCOMP_RET_ERRNO | EPERM)
    allow = (answer, 0, 0, SECCOMP_RET_ALLOW)
    steps = [
        (load, 0, 0, architecture_at),
        (equal, 1, 0, audit),
        refuse,
        (load, 0, 0, number_at),
        (at_least, 0, 1, 0x40000000),  # the x32 numbers of the same calls
        refuse,
        # clone3 hides its flags from the filter: "not implemented" makes the C library use clone.
        (equal, 0, 1, clone3),
        (answer, 0, 0, SECCOMP_RET_ERRNO | ENOSYS),
    ]
    # RocksDB needs threads: clone is allowed for these only. abort() needs tgkill: to this process only.
    steps += [(equal, 0, 4, clone), (load, 0, 0, argument[0]), (any_bit, 0, 1, CLONE_THREAD), allow, refuse]
    denied = DENIED if network else DENIED | NETWORK
    for numbers in denied.values():
        number = numbers[column]
        if number is not None:
            steps += [(equal, 0, 1, number), refuse]
    steps += [(equal, 0, 4, tgkill), (load, 0, 0, argument[0]), (equal, 0, 1, pid), allow, refuse]
    # A worker limits itself (process 0) once the store is open; it could limit the web process as well.
    steps += [(equal, 0, 4, prlimit), (load, 0, 0, argument[0]), (equal, 0, 1, 0), allow, refuse]
    steps += [(equal, 0, 3, ioctl), (load, 0, 0, argument[1]), (equal, 0, 1, TIOCSTI), refuse, allow]
    return steps
