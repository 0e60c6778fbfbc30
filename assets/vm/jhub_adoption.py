"""A forked process takes on all by which systemd made another process what it is, and proves it.

It starts as a process of root with one thread. In the end it equals the other process in control groups, limits, account,
rights, filters of system calls, namespaces and working directory. Filters cannot be taken on: the service runs under those of
a server. All is compared before a line of anybody's program runs, and whoever differs in one field ends. Every step is known
to kernel 5.8 and newer.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import resource
import select
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

libc = ctypes.CDLL(None, use_errno=True)

# prctl(2), capabilities(7), setns(2), keyctl(2)
PR_SET_DUMPABLE, PR_SET_KEEPCAPS, PR_CAPBSET_DROP = 4, 8, 24
CAP_SETPCAP, CAP_SYS_CHROOT, CAP_SYS_ADMIN = 8, 18, 21
CAPABILITY_VERSION = 0x20080522
SO_PEERPIDFD = 77
NAMESPACES = {"mnt": 0x00020000, "cgroup": 0x02000000, "uts": 0x04000000, "ipc": 0x08000000, "net": 0x40000000}
# Nobody can enter these with a process that runs already.
FIXED_NAMESPACES = ("user", "pid", "time")
KEYCTL = {"x86_64": 250, "aarch64": 219}
JOIN_SESSION_KEYRING = 1
COMPARED = (
    "Umask",
    "Uid",
    "Gid",
    "Groups",
    "CapInh",
    "CapPrm",
    "CapEff",
    "CapBnd",
    "CapAmb",
    "NoNewPrivs",
    "Seccomp",
    "Seccomp_filters",
    "Speculation_Store_Bypass",
    "SpeculationIndirectBranch",
    "Cpus_allowed",
    "Mems_allowed",
    "THP_enabled",
)


class Refused(Exception):
    """The other process is not one to be adopted, or cannot be equalled; why, in half a sentence."""


@dataclass(frozen=True)
class Process:
    """Another process, which lives as long as its descriptor says so."""

    pid: int
    descriptor: int

    @property
    def has_ended(self) -> bool:
        return bool(select.select([self.descriptor], [], [], 0)[0])


@dataclass(frozen=True)
class Standing:
    """What the kernel says of a process and everybody may read."""

    status: Mapping[str, str]
    groups: str
    limits: str
    oom_score: str
    priority: int
    label: str

    @property
    def uid(self) -> int:
        return int(self.status["Uid"].split()[0])

    @property
    def gid(self) -> int:
        return int(self.status["Gid"].split()[0])

    def bits(self, name: str) -> int:
        return int(self.status[name], 16)


@dataclass(frozen=True)
class Inheritance:
    """What a server is started with, word by word as systemd gave it to the process that it takes the place of."""

    argv: list[str]
    environment: dict[str, str]
    directory: str


def peer_of(connection: socket.socket) -> Process:
    """Who connected, by the kernel's word. Raises Refused unless root did, and is still there as the process that it was."""
    pid, uid, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    if uid != 0:
        raise Refused(f"uid {uid} connected, not root")
    try:
        descriptor = connection.getsockopt(socket.SOL_SOCKET, SO_PEERPIDFD)
    except OSError:
        # An older kernel. Nobody else has this number while the one who holds the connection lives.
        descriptor = os.pidfd_open(pid)
    peer = Process(pid, descriptor)
    if peer.has_ended or not is_open(connection):
        raise Refused("who connected has ended")
    return peer


def is_open(connection: socket.socket) -> bool:
    """Whether the other end still holds it."""
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def standing_of(pid: int | str) -> Standing:
    place = Path("/proc") / str(pid)
    lines = (line.partition(":") for line in (place / "status").read_text().splitlines())
    return Standing(
        status={name: value.strip() for name, _, value in lines},
        groups=(place / "cgroup").read_text(),
        limits=(place / "limits").read_text(),
        oom_score=(place / "oom_score_adj").read_text(),
        priority=os.getpriority(os.PRIO_PROCESS, 0 if pid == "self" else int(pid)),
        label=read_label(place),
    )


def read_label(place: Path) -> str:
    """What AppArmor or SELinux calls the process; empty without them."""
    try:
        return (place / "attr" / "current").read_text()
    except OSError:
        return ""


def require_server(standing: Standing, unit: str) -> None:
    """Raises Refused unless the process is in the control group of a unit of that pattern, as an account without rights."""
    names = {line.rpartition("/")[2] for line in standing.groups.splitlines()}
    if not any(re.fullmatch(unit, name) for name in names):
        raise Refused("it is not in the control group of a server")
    ids = {word for name in ("Uid", "Gid") for word in standing.status[name].split()}
    if "0" in ids or "0" in standing.status["Groups"].split():
        raise Refused("it has an account or a group of root")
    if standing.status["NoNewPrivs"] != "1" or standing.bits("CapPrm") != 0 or standing.bits("CapEff") != 0:
        raise Refused("it has rights")


def take_account_of(peer: Process, unit: str) -> tuple[Standing, Inheritance]:
    """The first half: its control groups, limits and account. Raises Refused or OSError; this process has to end then."""
    wanted = standing_of(peer.pid)
    require_server(wanted, unit)
    join_groups(wanted.groups, Path("/proc/self/cgroup").read_text(), Path("/proc/self/mountinfo").read_text())
    if peer.has_ended:
        # The group may be that of a later unit of the same name.
        raise Refused("it ended meanwhile")
    Path("/proc/self/oom_score_adj").write_text(wanted.oom_score)
    os.setpriority(os.PRIO_PROCESS, 0, wanted.priority)
    os.umask(int(wanted.status["Umask"], 8))
    change_account(wanted)
    take_limits(peer.pid)
    return wanted, read_inheritance(peer.pid)


def take_place_of(peer: Process, wanted: Standing, directory: str) -> None:
    """The second half: its namespaces and nothing of root's rights. Raises Refused where one field is still another."""
    places = namespaces_of(peer.pid)
    join_namespaces(peer, places)
    drop_rights(wanted)
    os.chdir(directory)
    join_new_keyring()
    difference = differences(wanted, standing_of("self"))
    if places != namespaces_of("self"):
        difference.append("namespaces")
    if difference:
        raise Refused(f"it could not be equalled in {', '.join(difference)}")
    if peer.has_ended:
        raise Refused("it ended meanwhile")


def join_groups(wanted: str, own: str, mounts: str) -> None:
    """Enters the control groups of the other process, in every hierarchy where its group is another."""
    known = set(own.splitlines())
    for line in wanted.splitlines():
        if line in known:
            continue
        _, controllers, path = line.split(":", 2)
        (group_directory(controllers, path, mounts) / "cgroup.procs").write_text("0")


def group_directory(controllers: str, path: str, mounts: str) -> Path:
    """Where a control group of `/proc/PID/cgroup` stands, by `/proc/self/mountinfo` (cgroups(7)). Raises Refused."""
    for line in mounts.splitlines():
        place, _, kind = line.partition(" - ")
        root, point = place.split()[3:5]
        file_system, _, options = kind.split(" ", 2)
        is_there = (
            file_system == "cgroup2"
            if controllers == ""
            else file_system == "cgroup" and set(controllers.split(",")) <= set(options.split(","))
        )
        if is_there and (root == "/" or path == root or path.startswith(f"{root}/")):
            return Path(point + (path if root == "/" else path[len(root) :]))
    raise Refused(f"control groups of {controllers or 'version 2'} are not mounted")


def take_limits(pid: int) -> None:
    """Limits of setrlimit(2). A higher one than systemd gave this process is refused by the kernel where root may not raise it."""
    for name in dir(resource):
        if name.startswith("RLIMIT_"):
            kind = getattr(resource, name)
            wanted = resource.prlimit(pid, kind)
            if wanted != resource.getrlimit(kind):
                resource.setrlimit(kind, wanted)


def change_account(wanted: Standing) -> None:
    """The account, its groups and the bounding set; what it takes to enter namespaces is left for a moment."""
    bounding = wanted.bits("CapBnd")
    if bounding & ~standing_of("self").bits("CapBnd"):
        raise Refused("it may be given rights that this process may not")
    for capability in range(64):
        if not bounding >> capability & 1 and libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            break  # Beyond the last one that this kernel knows.
    os.setgroups([int(word) for word in wanted.status["Groups"].split()])
    os.setresgid(wanted.gid, wanted.gid, wanted.gid)
    check(libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0), "keep capabilities")
    os.setresuid(wanted.uid, wanted.uid, wanted.uid)
    needed = 1 << CAP_SYS_ADMIN | 1 << CAP_SYS_CHROOT | 1 << CAP_SETPCAP
    set_capabilities(effective=needed, permitted=standing_of("self").bits("CapPrm"), inheritable=0)


def read_inheritance(pid: int) -> Inheritance:
    """As the process's own account, to which alone the kernel shows it."""
    place = Path("/proc") / str(pid)
    words = (place / "environ").read_bytes().split(b"\0")
    pairs = (os.fsdecode(word).partition("=") for word in words if word)
    return Inheritance(
        argv=[os.fsdecode(word) for word in (place / "cmdline").read_bytes().split(b"\0")[:-1]],
        environment={name: value for name, _, value in pairs},
        directory=os.readlink(place / "cwd"),
    )


def namespaces_of(pid: int | str) -> dict[str, int]:
    return {name: os.stat(f"/proc/{pid}/ns/{name}").st_ino for name in (*NAMESPACES, *FIXED_NAMESPACES)}


def join_namespaces(peer: Process, wanted: Mapping[str, int]) -> None:
    own = namespaces_of("self")
    other = [name for name in wanted if wanted[name] != own[name]]
    for name in other:
        if name in FIXED_NAMESPACES:
            raise Refused(f"it has a namespace of its own for {name}")
    kinds = sum(NAMESPACES[name] for name in other)
    if kinds:
        check(libc.setns(peer.descriptor, kinds), "enter namespaces")


def drop_rights(wanted: Standing) -> None:
    """Ends all rights of root for good. As an ordinary program, the process can be looked at by its own account."""
    set_capabilities(effective=0, permitted=0, inheritable=wanted.bits("CapInh"))
    check(libc.prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0), "drop capabilities")
    check(libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), "become an ordinary process")


def set_capabilities(*, effective: int, permitted: int, inheritable: int) -> None:
    header = struct.pack("Ii", CAPABILITY_VERSION, 0)
    halves = ((bits >> shift & 0xFFFFFFFF) for shift in (0, 32) for bits in (effective, permitted, inheritable))
    check(libc.capset(header, struct.pack("6I", *halves)), "set capabilities")


def join_new_keyring() -> None:
    """Keys of the service are nobody's, as `KeyringMode=private` has it. Where the call is filtered, nobody can use keys. Who has
    used up the keys of their account is refused: else they would share those of the service.
    """
    number = KEYCTL.get(os.uname().machine)
    if number is None:
        raise Refused("this kind of processor is not known")
    joined = libc.syscall(ctypes.c_long(number), ctypes.c_long(JOIN_SESSION_KEYRING), None)
    if joined == -1 and ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):
        check(joined, "have keys of its own")


def differences(wanted: Standing, seen: Standing) -> list[str]:
    """Names of the fields in which two processes differ."""
    found = [name for name in COMPARED if wanted.status.get(name) != seen.status.get(name)]
    fields = ("groups", "limits", "oom_score", "priority", "label")
    return [*found, *(name for name in fields if getattr(wanted, name) != getattr(seen, name))]


def check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{os.strerror(number)} ({what})")
