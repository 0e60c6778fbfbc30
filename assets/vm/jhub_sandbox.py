"""What a server's unit sees of the machine, as properties of systemd. Every property is known to systemd 249 and newer."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jhub_limits import END_BEFORE_HUB

CGROUPS = "/sys/fs/cgroup"
V1_CONTROLLERS = ("memory", "cpu", "cpuacct", "cpu,cpuacct", "pids", "systemd", "unified")
FAMILIES = "AF_UNIX AF_INET AF_INET6 AF_NETLINK"
# Filters of system calls, and the rights that go with them. A process cannot be given them later: who forks servers has them too.
FILTERS = {
    "ProtectKernelTunables": "yes",
    "ProtectKernelModules": "yes",
    "ProtectKernelLogs": "yes",
    "RestrictSUIDSGID": "yes",
    # Rules by account hold the internet's families; over others (vsock, packet) a program would go past them.
    "RestrictAddressFamilies": FAMILIES,
    # It makes sockets of every family without the call that the line above filters.
    "SystemCallFilter": "~io_uring_setup io_uring_enter io_uring_register",
    "SystemCallErrorNumber": "EPERM",
    "SystemCallArchitectures": "native",
}


@dataclass(frozen=True)
class Sandbox:
    """One server's view of its machine."""

    unit: str
    """Name of its unit, without `.service`."""
    slice: str
    home: str
    disk: str
    """A directory of the person's own: it is /var/tmp to the server, and goes when the unit ends."""
    memory_bytes: int | None
    """The server's memory limit."""
    hidden: Sequence[str]
    visible: Sequence[str]
    """Directories below /run that the server needs."""
    may_sudo: bool
    shared: str = ""
    """A directory in which everybody writes, where the hub has one."""


def unit_properties(sandbox: Sandbox) -> dict[str, str]:
    """Gives the properties. A server with sudo sees the machine as it is: its owner may change everything there anyway."""
    places = own_places(sandbox.memory_bytes)
    common = {
        "BindPaths": f"{sandbox.disk}:/var/tmp",
        "ExecStopPost": f"+/bin/rm -rf -- {sandbox.disk}",
        "OOMScoreAdjust": END_BEFORE_HUB,
        # A kernel that takes too much is ended alone; else systemd would stop the whole server (systemd.service(5)).
        "OOMPolicy": "continue",
        "PrivateIPC": "yes",
        "ProtectProc": "invisible",
    }
    if sandbox.may_sudo:
        return {**common, "TemporaryFileSystem": places}
    visible = [*(f"-{path}" for path in sandbox.visible), *own_cgroups(sandbox.slice, sandbox.unit)]
    return {
        **common,
        # ProtectControlGroups= would win over the empty tree that stands in for everybody's control groups.
        "TemporaryFileSystem": f"{places} /run:mode=0755,size=1M,nr_inodes=1k {CGROUPS}:ro,size=1M,nr_inodes=1k",
        "BindReadOnlyPaths": " ".join(visible),
        "InaccessiblePaths": " ".join(f"-{path}" for path in (*sandbox.hidden, "/var/log")),
        "ProtectSystem": "strict",
        "ReadWritePaths": " ".join([sandbox.home, *([f"-{sandbox.shared}"] if sandbox.shared else [])]),
        "ProtectHome": "yes",
        **FILTERS,
    }


def own_places(memory_bytes: int | None) -> str:
    """/tmp and /dev/shm of the server alone. The kernel counts what is in them as the server's memory."""
    size = "50%" if memory_bytes is None else str(memory_bytes // 2)
    return " ".join(f"{place}:mode=1777,size={size}" for place in ("/tmp", "/dev/shm"))


def own_cgroups(slice_name: str, unit: str) -> list[str]:
    """The server's own control group, in both versions' places: its limits can be read, and nobody else's group is named."""
    group = f"{slice_path(slice_name)}/{unit}.service"
    return [f"-{CGROUPS}/{place}" for place in (group, *(f"{controller}/{group}" for controller in V1_CONTROLLERS))]


def slice_path(name: str) -> str:
    """`jhub-x.slice` is inside `jhub.slice` (systemd.slice(5))."""
    parts = name.removesuffix(".slice").split("-")
    return "/".join(f"{'-'.join(parts[: count + 1])}.slice" for count in range(len(parts)))


def resolver_places(configuration: Path = Path("/etc/resolv.conf"), run: Path = Path("/run")) -> list[str]:
    """Where the resolver's configuration is below /run: its directory, since NetworkManager puts a new file in place of the old
    one; the file alone where a resolver listens on sockets beside it, as systemd-resolved does. Rules of the network do not hold
    what asks for names there.
    """
    file = configuration.resolve()
    if run not in file.parent.parents:
        return []
    return [str(file if has_sockets(file.parent) else file.parent)]


def has_sockets(directory: Path) -> bool:
    """Sockets of the directory or below it; in one that cannot be read there may be some."""
    try:
        return any(stat.S_ISSOCK(entry.lstat().st_mode) for entry in directory.rglob("*"))
    except OSError:
        return directory.exists()
