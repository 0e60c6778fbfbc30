"""Servers as processes of this machine, for a hub without systemd.

As root, each person has an account of their own and the kernel's control groups hold the limits. As an ordinary account,
everybody shares it, and a limit is one on each process (RLIMIT_DATA).
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jhub_accounts import ensure_home, find_home
from jhub_cgroups import MOST_PROCESSES, ServerGroup
from jhub_environments import EnvironmentSpawner
from jhub_limits import END_BEFORE_HUB, LimitedSpawner, list_people, read_policy
from jhub_mirror import ContentMirror
from jhub_names import account_name
from jhub_places import link_places
from jhub_refusal import saying
from jhub_sockets import SocketRefused, find_listener, link_socket, socket_url
from jupyterhub.spawner import LocalProcessSpawner
from traitlets import Dict, Unicode

SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
SHOWN_LINES = 5
SHOWN_BYTES = 8192
# Runs the first three words, whatever becomes of them, and then is the rest.
BRING_FIRST = ["/bin/sh", "-c", '"$1" "$2" "$3"; shift 3; exec "$@"', "sh"]


class JhubProcessSpawner(EnvironmentSpawner, LimitedSpawner, LocalProcessSpawner):
    """One server, one process and what it starts."""

    mirror: ContentMirror
    settings = Dict(help="The hub's settings, as in `settings.json`.").tag(config=True)
    start_time = Unicode("", help="When the process began: a pid alone may by now be another program's.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.uid = os.getuid()
        self.joins: list[int] = []
        self.env_keep = self.settings["serverVariables"]

    @property
    def account(self) -> str:
        return account_name(self.user.name)

    @property
    def own_accounts(self) -> bool:
        return bool(self.settings["accounts"] == "own")

    @property
    def group(self) -> ServerGroup | None:
        tree = self.settings.get("cgroup")
        return None if tree is None else ServerGroup(tree, self.account)

    @property
    def home(self) -> Path:
        return find_home(Path(self.settings["homesDirectory"]), self.user.name)

    @property
    def short_name(self) -> str:
        """Of the server in paths of sockets, which may not be long."""
        return hashlib.sha256(self.account.encode()).hexdigest()[:10]

    @property
    def own_socket(self) -> Path:
        return Path(self.settings["serverSocketsDirectory"]) / self.short_name / "s"

    @property
    def linked_socket(self) -> Path:
        """By which the hub and the proxy reach the server; where all is one account, its own."""
        if not self.own_accounts:
            return self.own_socket
        return Path(self.settings["hubSocket"]).parent / f"{self.short_name}.sock"

    @property
    def log_file(self) -> Path:
        return Path(self.settings["serverLogsDirectory"]) / f"{self.account}.log"

    def user_env(self, env: dict[str, str]) -> dict[str, str]:
        """A home, a private place for temporary files, and nothing of the hub's own environment."""
        temporary = Path(self.settings["temporaryDirectory"]) / self.account
        return env | {
            "HOME": str(self.home),
            "USER": self.account,
            "LOGNAME": self.account,
            "SHELL": "/bin/bash",
            "TMPDIR": str(temporary),
            "PATH": f"{self.environment_path}/bin:{SYSTEM_PATH}",
            "VIRTUAL_ENV": self.environment_path,
        }

    def get_env(self) -> dict[str, str]:
        env: dict[str, str] = super().get_env()
        return env | {"JUPYTERHUB_SERVICE_URL": f"{socket_url(self.own_socket)}{env['JUPYTERHUB_SERVICE_PREFIX']}"}

    def get_args(self) -> list[str]:
        return [*super().get_args(), f"--ServerApp.sock={self.own_socket}"]

    async def start(self) -> str:
        homes, people = Path(self.settings["homesDirectory"]), list_people(self.user.db)
        home, uid = await asyncio.to_thread(ensure_home, homes, self.user.name, people, own_accounts=self.own_accounts)
        await asyncio.to_thread(link_places, home, self.settings)
        await self.mirror.refresh()
        temporary = Path(self.settings["temporaryDirectory"]) / self.account
        for directory in (temporary, self.own_socket.parent):
            directory.mkdir(mode=0o700, exist_ok=True)
            if self.own_accounts:
                os.chown(directory, uid, uid)
        self.uid = uid
        self.joins = self.prepare_group()
        self.log_file.parent.mkdir(mode=0o700, exist_ok=True)
        with open(self.log_file, "ab", opener=lambda path, flags: os.open(path, flags, 0o600)) as log:
            self.popen_kwargs = {
                "cwd": str(home),
                "stdin": subprocess.DEVNULL,
                "stdout": log,
                "stderr": log,
            }
            command = self.cmd
            if self.mirror.command is not None:
                self.cmd = [*BRING_FIRST, *self.mirror.command, *command]
            try:
                await super().start()
            finally:
                self.cmd = command
                for descriptor in self.joins:
                    os.close(descriptor)
        self.start_time = process_start_time(self.pid) or ""
        await self.wait_for_server()
        return socket_url(self.linked_socket)

    async def wait_for_server(self) -> None:
        """Until the person's server listens on its socket. Tells at once of one that ended, with its last words."""
        while True:
            try:
                is_there = not self.own_accounts or link_socket(self.own_socket, self.linked_socket, self.uid)
            except SocketRefused as error:
                raise saying(str(error), status=500) from error
            if is_there and await find_listener(self.linked_socket) is not None:
                return
            if await self.poll() is not None:
                raise saying(f"its process ended: {self.last_words()}", status=500)
            await asyncio.sleep(0.1)

    def prepare_group(self) -> list[int]:
        """Makes the control group with its limits; gives the descriptors by which the server joins it."""
        if self.group is None:
            return []
        self.kill_leftovers()
        self.group.remove()
        total = read_policy(self.user.db).get("total", {})
        self.group.make(total)
        self.group.limit(self.group.places, self.mem_limit or None, self.cpu_limit or None, MOST_PROCESSES)
        return self.group.open_for_joining()

    def make_preexec_fn(self, name: str) -> Callable[[], None]:
        """What the child does before it becomes the server: it joins, takes its limits, and becomes the person."""
        uid, joins = self.uid, self.joins
        memory = int(self.mem_limit) if self.mem_limit and self.group is None else None

        def become() -> None:
            for descriptor in joins:
                os.write(descriptor, b"0")
            if memory is not None and sys.platform == "linux":
                import resource

                # Not RLIMIT_AS: it counts memory that is only reserved, which V8, BLAS and Arrow do by gigabytes.
                resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
            # Not there on a Mac, and refused where all that runs has more already.
            with contextlib.suppress(OSError):
                Path("/proc/self/oom_score_adj").write_text(END_BEFORE_HUB)
            os.umask(0o077)
            if self.own_accounts:
                os.setgroups([])
                os.setgid(uid)
                os.setuid(uid)

        return become

    def get_state(self) -> dict[str, Any]:
        return super().get_state() | ({"start_time": self.start_time} if self.start_time else {})

    def load_state(self, state: dict[str, Any]) -> None:
        super().load_state(state)
        self.start_time = state.get("start_time", "")

    def clear_state(self) -> None:
        super().clear_state()
        self.start_time = ""

    async def poll(self) -> int | None:
        if self.proc is None and self.pid and process_start_time(self.pid) != self.start_time:
            self.clear_state()
            return 0
        status: int | None = await super().poll()
        return status

    async def stop(self, now: bool = False) -> None:
        await super().stop(now=now)
        self.linked_socket.unlink(missing_ok=True)
        self.kill_leftovers()
        if self.group is not None:
            self.group.remove()

    def kill_leftovers(self) -> None:
        """Ends what a server left behind: programs that were put into the background."""
        members = self.group.members() if self.group is not None else processes_at_home(self.home)
        for pid in members - {os.getpid()}:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def last_words(self) -> str:
        """The end of the server's log, for whoever asks why it did not start."""
        try:
            with self.log_file.open("rb") as log:
                # The person may write as much as they like.
                log.seek(max(0, log.seek(0, os.SEEK_END) - SHOWN_BYTES))
                lines = log.read(SHOWN_BYTES).decode(errors="replace").splitlines()
        except FileNotFoundError:
            return ""
        return " / ".join(line.strip() for line in lines[-SHOWN_LINES:])


def process_start_time(pid: int) -> str | None:
    """Ticks since boot on Linux (proc(5), field 22), `ps`'s word elsewhere; `None` when there is no such process.

    One that has ended but for some of its threads (field 20) is there: its ports are in use.
    """
    if sys.platform == "linux":
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return None
        return None if fields[0] == "Z" and int(fields[17]) <= 1 else fields[19]
    answer = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None


def processes_at_home(home: Path) -> set[int]:
    """Pids whose `HOME` is this home, among those of our own account (Linux)."""
    mark = f"HOME={home}".encode()
    found: set[int] = set()
    for entry in Path("/proc").glob("[0-9]*/environ") if sys.platform == "linux" else []:
        try:
            if mark in entry.read_bytes().split(b"\0"):
                found.add(int(entry.parent.name))
        except OSError:
            continue
    return found
