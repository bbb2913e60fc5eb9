"""What code that took over a worker would try next, each attempt in a process that is confined as a worker is.

Run as ``python -m tests.attacks.wall RELEASE OUTSIDE PORT held`` (or ``free``): confines itself to the release's folder
(or does not), tries everything, and prints as JSON what came of it: ``done``, or the name of the error. What the C
library does not offer is called by number. Most attempts are made so that they would do no harm if they succeeded.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import mmap
import os
import platform
import resource
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from msevidence.server.sandbox import confine

COLUMN = {"x86_64": 0, "aarch64": 1}
NUMBERS = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "kcmp": (312, 272),
    "prlimit64": (302, 261),
    "sched_setaffinity": (203, 122),
    "sched_setscheduler": (144, 119),
    "sched_setattr": (314, 274),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "setpgid": (109, 154),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424),
    "io_uring_setup": (425, 425),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "execveat": (322, 281),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "add_key": (248, 217),
    "keyctl": (250, 219),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "mount_setattr": (442, 442),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_by_handle_at": (304, 265),
    "init_module": (175, 105),
    "kexec_load": (246, 104),
    "reboot": (169, 142),
    "sethostname": (170, 161),
    "acct": (163, 89),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "personality": (135, 92),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "fanotify_init": (300, 262),
    "socketcall by x32": (0x40000029, None),
    "connect": (42, 203),
    "bind": (49, 200),
    "sendmsg": (46, 211),
    "clone3": (435, 435),
}
CLONE_NEWUSER = 0x10000000
O_TMPFILE = 0o20200000
LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.syscall.restype = ctypes.c_long


def call(name: str, *arguments: int | bytes | ctypes.Array[ctypes.c_char] | None) -> int:
    """Make a system call by number.

    Raises:
        OSError: as the kernel says; ENOSYS for what this machine's architecture does not have.
    """
    number = NUMBERS[name][COLUMN[platform.machine()]]
    if number is None:
        raise OSError(errno.ENOSYS, "not on this architecture")
    made = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result = int(LIBC.syscall(ctypes.c_long(number), *made))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def attempts(folder: Path, outside: Path, port: int) -> dict[str, Callable[[], object]]:
    """Return the attempts by name: nothing of them is of use to a query."""
    parent = os.getppid()
    secret = outside / "secret"
    zeros = ctypes.create_string_buffer(256)
    name = b"attempt\0"
    family = {"tcp": (socket.AF_INET, socket.SOCK_STREAM), "udp": (socket.AF_INET, socket.SOCK_DGRAM)}

    def reach(kind: str) -> None:
        with socket.socket(*family[kind]) as made:
            made.settimeout(5)
            made.connect(("127.0.0.1", port))
            made.send(b"a worker was here")

    def child() -> None:
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)

    def clone(flags: int) -> None:
        number = {"x86_64": 56, "aarch64": 220}[platform.machine()]
        pid = int(LIBC.syscall(ctypes.c_long(number), ctypes.c_long(flags | 17), None, None, None, None))
        if pid == 0:
            os._exit(0)
        if pid < 0:
            raise OSError(ctypes.get_errno(), "clone")
        os.waitpid(pid, 0)

    def in_memory() -> None:
        made = call("memfd_create", name, 0)
        os.write(made, Path("/bin/true").read_bytes())
        os.execve(made, ["true"], {})  # never returns where it succeeds

    def by_number(what: str, *arguments: int | bytes | ctypes.Array[ctypes.c_char] | None) -> Callable[[], object]:
        return lambda: call(what, *arguments)

    files: dict[str, Callable[[], object]] = {
        "read outside": secret.read_bytes,
        "read by a path that climbs": (folder / "store" / ".." / ".." / "outside" / "secret").read_bytes,
        "read by a link that was there": (folder.parent / "link").read_bytes,
        "read the passwords": Path("/etc/passwd").read_bytes,
        "read the program": lambda: Path(__file__).read_bytes(),
        "read the parent's environment": Path(f"/proc/{parent}/environ").read_bytes,
        "read the parent's memory": lambda: os.close(os.open(f"/proc/{parent}/mem", os.O_RDONLY)),
        "list the root": lambda: list(Path("/").iterdir()),
        "list processes": lambda: list(Path("/proc").iterdir()),
        "open a device": lambda: os.close(os.open("/dev/null", os.O_RDWR)),
        "write in the store": lambda: (folder / "store" / "CURRENT").open("r+b").close(),
        "new file": lambda: (folder / "new").write_bytes(b"x"),
        "new file without a name": lambda: os.close(os.open(folder, O_TMPFILE | os.O_RDWR, 0o600)),
        "new folder": lambda: (folder / "folder").mkdir(),
        "new link": lambda: (folder / "symbolic").symlink_to("/etc/passwd"),
        "new hard link": lambda: os.link(folder / "manifest.json", folder / "hard"),
        "new pipe": lambda: os.mkfifo(folder / "pipe"),
        "rename": lambda: (folder / "manifest.json").rename(folder / "moved.json"),
        "remove": lambda: (outside / "removable").unlink(),
        "truncate": lambda: os.truncate(outside / "long", 0),
        "change a mode": lambda: secret.chmod(0o777),
        "change an owner": lambda: os.chown(secret, os.getuid(), os.getgid()),
        "change times": lambda: os.utime(secret),
        "set an attribute": lambda: os.setxattr(secret, "user.a", b"b"),
        "give a handle": by_number("open_by_handle_at", -100, bytes(64), 0),
    }
    network: dict[str, Callable[[], object]] = {
        "tcp to the canary": lambda: reach("tcp"),
        "udp to the canary": lambda: reach("udp"),
        "ask for a name": lambda: socket.getaddrinfo("a.example", 80, type=socket.SOCK_STREAM),
        "listen": lambda: socket.create_server(("127.0.0.1", 0)).close(),
        "ipv6": lambda: socket.socket(socket.AF_INET6, socket.SOCK_STREAM).close(),
        "raw": lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close(),
        "packet": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close(),
        "netlink": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).close(),
        "vsock": lambda: socket.socket(40, socket.SOCK_STREAM).close(),
        "kernel's ciphers": lambda: socket.socket(38, socket.SOCK_SEQPACKET).close(),
        "abstract unix socket": lambda: socket.socket(socket.AF_UNIX).connect("\0attempt"),
        "pair of sockets": lambda: [end.detach() for end in socket.socketpair()],
        "x32 number of socket": by_number("socketcall by x32", 2, 1, 0),
        "connect": by_number("connect", 0, zeros, 16),
        "bind": by_number("bind", 0, zeros, 16),
        "sendmsg": by_number("sendmsg", 0, zeros, 0),
    }
    processes: dict[str, Callable[[], object]] = {
        "fork": child,
        "clone": lambda: clone(0),
        "clone into a new user namespace": lambda: clone(CLONE_NEWUSER),
        "clone3": by_number("clone3", zeros, 88),
        "run a program": lambda: subprocess.run(["/bin/true"], check=True),
        "replace this program": lambda: os.execv("/bin/true", ["true"]),
        "run a program from memory": in_memory,
        "execveat": by_number("execveat", -100, b"/bin/true\0", None, None, 0),
        "signal the parent": lambda: os.kill(parent, 0),
        "signal the group": lambda: os.killpg(os.getpgid(0), 0),
        "signal everybody": lambda: os.kill(-1, 0),
        "tkill the parent": by_number("tkill", parent, 0),
        "tgkill the parent": by_number("tgkill", parent, parent, 0),
        "queue a signal": by_number("rt_sigqueueinfo", parent, 0, zeros),
        "open the parent": lambda: os.close(call("pidfd_open", parent, 0)),
        "signal by handle": by_number("pidfd_send_signal", 0, 0, None, 0),
        "trace the parent": by_number("ptrace", 0x4206, parent, 0, 0),
        "ask to be traced": by_number("ptrace", 0, 0, 0, 0),
        "read the parent's memory at once": by_number("process_vm_readv", parent, None, 0, None, 0, 0),
        "write the parent's memory": by_number("process_vm_writev", parent, None, 0, None, 0, 0),
        "see the parent's limits": lambda: resource.prlimit(parent, resource.RLIMIT_CORE),
        "limit the parent": by_number("prlimit64", parent, resource.RLIMIT_CORE, struct.pack("=QQ", 0, 0), None),
        "cores of the parent": lambda: os.sched_setaffinity(parent, os.sched_getaffinity(parent)),
        "slow the parent": by_number("setpriority", 0, parent, 5),
        "schedule the parent": by_number("sched_setscheduler", parent, 0, bytes(8)),
        "schedule the parent anew": by_number("sched_setattr", parent, struct.pack("=I44x", 48), 0),
        "slow the parent's disk": by_number("ioprio_set", 1, parent, 2 << 13 | 4),
        "group of the parent": by_number("setpgid", parent, parent),
        "compare with the parent": by_number("kcmp", os.getpid(), parent, 0, 0, 0),
        "pages of the parent": by_number("move_pages", parent, 0, None, None, None, 0),
        "move the parent's pages": by_number("migrate_pages", parent, 0, None, None),
    }  # fmt: skip
    kernel: dict[str, Callable[[], object]] = {
        "io_uring": by_number("io_uring_setup", 1, ctypes.create_string_buffer(256)),
        "memory as a file": lambda: os.close(call("memfd_create", name, 0)),
        "secret memory": lambda: os.close(call("memfd_secret", 0)),
        "bpf": by_number("bpf", 0, zeros, 128),
        "count events": by_number("perf_event_open", zeros, 0, -1, -1, 0),
        "page faults": lambda: os.close(call("userfaultfd", 1)),
        "add a key": by_number("add_key", b"user\0", name, b"x", 1, -1),
        "keys": by_number("keyctl", 0, -1, 1),
        "new namespaces": by_number("unshare", CLONE_NEWUSER),
        "other namespaces": by_number("setns", 0, 0),
        "mount": by_number("mount", b"none\0", b"/nowhere\0", b"tmpfs\0", 0, None),
        "unmount": by_number("umount2", b"/nowhere\0", 0),
        "mount attributes": by_number("mount_setattr", -100, b"/nowhere\0", 0, zeros, 32),
        "open a tree": by_number("open_tree", -100, b"/\0", 1),
        "new file system": lambda: os.close(call("fsopen", b"tmpfs\0", 0)),
        "pick a file system": lambda: os.close(call("fspick", -100, b"/\0", 0)),
        "pivot the root": by_number("pivot_root", b"/nowhere\0", b"/nowhere\0"),
        "change the root": by_number("chroot", b"/nowhere\0"),
        "load a module": by_number("init_module", zeros, 0, b"\0"),
        "load a kernel": by_number("kexec_load", 0, 0, None, 0),
        "restart the machine": by_number("reboot", 0, 0, 0, None),
        "name the machine": by_number("sethostname", platform.node().encode(), len(platform.node())),
        "keep accounts": by_number("acct", b"/nowhere\0"),
        "swap": by_number("swapon", b"/nowhere\0", 0),
        "read the kernel's log": by_number("syslog", 10, None, 0),
        "set the clock": by_number("settimeofday", None, None),
        "set another clock": by_number("clock_settime", 0, None),
        "personality": by_number("personality", 0x0004000),
        "shared memory": by_number("shmget", 0, 4096, 0o1600),
        "queue of messages": by_number("msgget", 0, 0o1600),
        "semaphores": by_number("semget", 0, 1, 0o1600),
        "queue with a name": by_number("mq_open", b"attempt\0", 0o102, 0o600, None),
        "watch files of all": by_number("fanotify_init", 0, 0),
        "type into the terminal": lambda: fcntl.ioctl(0, 0x5412, b"x"),
    }
    return files | network | processes | kernel


def harmless(folder: Path) -> dict[str, Callable[[], object]]:
    """Return what a worker does need, so that a wall that refuses everything is not taken for a good one."""
    return {
        "read in the store": lambda: (folder / "store" / "CURRENT").read_bytes(),
        "list the store": lambda: list((folder / "store").iterdir()),
        "take memory": lambda: mmap.mmap(-1, 1 << 20).close(),
        "be told the time": lambda: os.times(),
    }


def main(release: str, outside: str, port: str, held: str) -> None:
    """Try everything, and say what came of it."""
    folder = Path(release)
    report: dict[str, str] = {}
    if held == "held":
        report["confinement"] = "complete" if confine([folder]).complete else "incomplete"
        tried = attempts(folder, Path(outside), int(port))
    else:
        everything = attempts(folder, Path(outside), int(port))
        tried = {name: everything[name] for name in SHOWN}
    for name, attempt in (tried | harmless(folder)).items():
        try:
            attempt()
            report[name] = "done"
        except OSError as error:
            report[name] = errno.errorcode.get(error.errno or 0, type(error).__name__)
        except (subprocess.SubprocessError, ValueError) as error:
            report[name] = type(error).__name__
    print(json.dumps(report))


SHOWN = (
    *("read outside", "read by a path that climbs", "read by a link that was there", "read the passwords"),
    *("list the root", "open a device", "new file", "remove", "truncate", "change times", "tcp to the canary"),
    *("udp to the canary", "listen", "netlink", "pair of sockets", "fork", "clone", "run a program"),
    *("signal the parent", "see the parent's limits", "cores of the parent", "memory as a file"),
)
"""Attempts that any user's process succeeds with and that do no harm: what the wall is compared with."""

if __name__ == "__main__":
    main(*sys.argv[1:])
