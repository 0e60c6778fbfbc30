"""Control groups, versions 1 and 2: one group for the hub's servers, one below it for each person."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MOST_PROCESSES = 1024
PERIOD_MICROSECONDS = 100_000
# The buffers of a server's connections may take this part of its memory besides, where version 1 counts them apart.
PART_OF_CONNECTIONS = 4
log = logging.getLogger("jhub")


class ServerGroup:
    """The control group of one person's server, in every hierarchy that holds limits."""

    def __init__(self, tree: Mapping[str, Any], account: str) -> None:
        self.version: int = tree["version"]
        keys = ("path",) if self.version == 2 else ("memory", "cpu", "pids")
        self.parents = {key: Path(tree[key]) for key in keys}
        self.places = {key: parent / account for key, parent in self.parents.items()}

    def make(self, total: Mapping[str, float]) -> None:
        """Makes the group, and the hub's above it with the limits of the whole."""
        for parent in set(self.parents.values()):
            parent.mkdir(exist_ok=True)
        if self.version == 2:
            write(self.parents["path"] / "cgroup.subtree_control", "+memory +cpu +pids")
        else:
            hierarchy = self.parents["memory"] / "memory.use_hierarchy"
            if hierarchy.exists() and hierarchy.read_text().strip() == "0":
                write(hierarchy, "1")
        self.limit(self.parents, total.get("mem_limit"), total.get("cpu_limit"), None)
        for place in set(self.places.values()):
            place.mkdir(exist_ok=True)

    def limit(self, places: Mapping[str, Path], memory: float | None, cpu: float | None, processes: int | None) -> None:
        """Writes limits: bytes, cores, processes; `None` is no limit."""
        if self.version == 2:
            place = places["path"]
            write(place / "memory.max", "max" if memory is None else str(int(memory)))
            if (place / "memory.swap.max").exists():
                write(place / "memory.swap.max", "max" if memory is None else "0")
            quota = "max" if cpu is None else str(int(cpu * PERIOD_MICROSECONDS))
            write(place / "cpu.max", f"{quota} {PERIOD_MICROSECONDS}")
            write(place / "pids.max", "max" if processes is None else str(processes))
            return
        write(places["memory"] / "memory.limit_in_bytes", "-1" if memory is None else str(int(memory)))
        limit_connections(places["memory"], memory)
        write(places["cpu"] / "cpu.cfs_quota_us", "-1" if cpu is None else str(int(cpu * PERIOD_MICROSECONDS)))
        write(places["pids"] / "pids.max", "max" if processes is None else str(processes))

    def open_for_joining(self) -> list[int]:
        """Descriptors to which a child writes `0` to join; closed by `exec` and by the caller."""
        return [os.open(place / "cgroup.procs", os.O_WRONLY | os.O_CLOEXEC) for place in set(self.places.values())]

    def members(self) -> set[int]:
        """Pids of everything in the group."""
        files = [place / "cgroup.procs" for place in self.places.values()]
        return {int(pid) for file in files if file.exists() for pid in file.read_text().split()}

    def remove(self) -> None:
        """Takes the group away; one that still has members stays for the next try."""
        for place in set(self.places.values()):
            try:
                place.rmdir()
            except OSError:
                continue


def limit_connections(place: Path, memory: float | None) -> None:
    """Version 1 counts what waits in connections only for a group with a limit for just that. Version 2 counts it as memory.
    A limit that cannot be written, as one below what waits already, stops no server.
    """
    file = place / "memory.kmem.tcp.limit_in_bytes"
    try:
        if file.exists():
            write(file, "-1" if memory is None else str(int(memory) // PART_OF_CONNECTIONS))
    except OSError as error:
        log.warning("The connections of %s are not limited: %s", place.name, error)


def write(file: Path, text: str) -> None:
    with open(file, "w") as out:
        out.write(text)
