"""Servers as units of systemd: an account, a private /tmp and limits for each person, and a slice for all of them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jhub_accounts import ensure_account, ensure_home, find_home, set_membership
from jhub_admin_rights import AdminRights
from jhub_ask_once import AskOnce
from jhub_cgroups import MOST_PROCESSES, limit_connections
from jhub_environments import EnvironmentSpawner
from jhub_fork_services import ForkService, ForkServices, launch, launch_properties
from jhub_limits import LimitedSpawner, list_people, read_policy
from jhub_mirror import ContentMirror
from jhub_names import account_name
from jhub_places import link_places
from jhub_refusal import saying
from jhub_sandbox import CGROUPS, Sandbox, resolver_places, slice_path, unit_properties
from jhub_sockets import SocketRefused, find_listener, link_socket, socket_url, when_ended
from jhub_unit_end import end_whole, why_ended
from systemdspawner import SystemdSpawner, systemd
from tornado import web
from traitlets import Dict, List, Unicode

SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
# How often systemd is asked whether a server that starts has ended: a program is run for it.
LOOK_SECONDS = 1
REMOVE_SECONDS = 60
# The servers of a class wait for it together.
LIMIT_SECONDS = 60
SOCKET = ".jhub-server.sock"
# As the server sees it: its own /var/tmp is `disk`.
OWN_SOCKET = Path("/var/tmp", SOCKET)


class JhubSystemdSpawner(EnvironmentSpawner, LimitedSpawner, SystemdSpawner):
    """One server, one unit."""

    hold_network: AskOnce
    hold_total: AskOnce
    rights: AdminRights
    forks: ForkServices
    mirror: ContentMirror
    settings = Dict(help="The hub's settings, as in `settings.json`.").tag(config=True)
    visible_paths = List(
        Unicode(),
        help="Directories below /run that servers may see, as `/run/munge`. The rest of /run is hidden from them.",
    ).tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.unit_name = self.settings["unitTemplate"].replace("{ACCOUNT}", self.account)
        self.env_keep = self.settings["serverVariables"]
        self.unix_name = ""
        self.uid = 0
        self.watched = 0
        self.telling: asyncio.Future[Any] | None = None

    @property
    def account(self) -> str:
        return account_name(self.user.name)

    @property
    def home(self) -> Path:
        return find_home(Path(self.settings["homesDirectory"]), self.user.name)

    @property
    def disk(self) -> Path:
        return Path(self.settings["temporaryDirectory"]) / self.account

    @property
    def sandbox(self) -> Sandbox:
        return Sandbox(
            unit=self.unit_name,
            slice=self.settings["slice"],
            home=str(self.home),
            disk=str(self.disk),
            memory_bytes=None if self.mem_limit is None else int(self.mem_limit),
            # The unit's RuntimeDirectory is on the tmpfs that the whole machine shares.
            hidden=[self.settings["secretsFile"], f"/run/{self.unit_name}"],
            visible=[*resolver_places(), *self.visible_paths],
            may_sudo=self.may_sudo,
            shared=self.settings["sharedDirectory"],
        )

    @property
    def made_socket(self) -> Path:
        """Where the server makes its socket, as root sees it."""
        return self.disk / SOCKET

    @property
    def linked_socket(self) -> Path:
        """By which the hub and the proxy reach the server."""
        return Path(self.settings["hubSocket"]).parent / f"{self.account}.server.sock"

    @property
    def may_sudo(self) -> bool:
        return bool(self.settings["adminSudo"] and self.user.admin)

    def get_env(self) -> dict[str, str]:
        """A home of one's own, and nothing of the hub's environment."""
        env: dict[str, str] = super().get_env()
        return env | {
            "HOME": str(self.home),
            "USER": self.unix_name,
            "LOGNAME": self.unix_name,
            "PATH": f"{self.environment_path}/bin:{SYSTEM_PATH}",
            "VIRTUAL_ENV": self.environment_path,
            "JUPYTER_RUNTIME_DIR": "/tmp/jupyter",
            "JUPYTERHUB_SERVICE_URL": f"{socket_url(OWN_SOCKET)}{env['JUPYTERHUB_SERVICE_PREFIX']}",
            # What is in /tmp is memory; large downloads belong on disk.
            "TMPDIR": "/var/tmp",
        }

    def get_args(self) -> list[str]:
        """The server and its kernels talk over sockets: on a TCP port anybody on the machine could listen in."""
        return [*super().get_args(), f"--ServerApp.sock={OWN_SOCKET}", "--KernelManager.transport=ipc"]

    async def start(self) -> str:
        homes, people = Path(self.settings["homesDirectory"]), list_people(self.user.db)
        home, uid = await asyncio.to_thread(ensure_home, homes, self.user.name, people, own_accounts=True)
        await asyncio.to_thread(link_places, home, self.settings)
        await self.mirror.refresh()
        self.uid = uid
        await self.give_account(home)
        self.username_template = escape(self.unix_name)
        self.user_workingdir = escape(str(self.home))
        self.default_shell = "/bin/bash"
        await self.hold_network()
        self.disable_user_sudo = not self.may_sudo
        self.slice = self.settings["slice"]
        await self.hold_total()
        had_sudo, fork_service = self.may_sudo, await self.find_fork_service()
        try:
            await self.start_unit(fork_service)
        except web.HTTPError as error:
            if fork_service is None:
                raise
            self.log.warning(
                "%s could not be forked, and starts in the ordinary way: %s", self.unit_name, error.log_message
            )
            # Of one that was killed, the next servers have its successor.
            was_there = await fork_service.still_answers()
            await self.start_unit(None)
            if was_there:
                self.forks.note_failure(Path(self.environment_path), self.account)
        if had_sudo and not self.may_sudo:
            # The end of rights came before there was anything to end.
            raise web.HTTPError(409, "Admin rights ended while the server was starting: start it again")
        return socket_url(self.linked_socket)

    async def give_account(self, home: Path) -> None:
        """The person's account, with the rights that the person has now."""
        may_sudo = self.may_sudo
        self.unix_name = await asyncio.to_thread(
            ensure_account, self.settings["accountPrefix"], self.account, home, self.uid, may_log_in=may_sudo
        )
        if self.settings["adminSudo"]:
            await asyncio.to_thread(set_membership, self.unix_name, self.settings["adminGroup"], may_sudo)
        if may_sudo and not self.may_sudo:
            # Lost in between, and given after the end of rights was looked at.
            self.rights.look_soon()

    async def find_fork_service(self) -> ForkService | None:
        """An admin with sudo has no filters of system calls: nothing that has them can become such a server."""
        if self.may_sudo:
            return None
        return await self.forks.find(Path(self.environment_path), self.account)

    async def start_unit(self, fork_service: ForkService | None) -> None:
        """Starts the unit and waits until the server listens. With a service its program is forked, where that can be done."""
        await end_whole(self.unit_name)
        await asyncio.to_thread(make_empty, self.disk, self.uid)
        self.linked_socket.unlink(missing_ok=True)
        self.unit_extra_properties = self.properties(fork_service)
        command = self.cmd
        if fork_service is not None:
            self.cmd = [escape(word) for word in launch(command)]
        starting = asyncio.ensure_future(super().start())
        try:
            while not starting.done():
                await asyncio.wait({starting}, timeout=LOOK_SECONDS)
                await self.refuse_failed()
            await starting
        finally:
            starting.cancel()
            self.cmd = command
        self.limit_connections()
        await self.wait_for_server()

    def limit_connections(self) -> None:
        """systemd knows nothing of this limit."""
        limit_connections(
            Path(CGROUPS, "memory", slice_path(self.slice), f"{self.unit_name}.service"), self.mem_limit
        )

    async def refuse_failed(self) -> None:
        """Tells at once of a server that failed, with its last words: the hub alone would wait for its whole time."""
        if await systemd.service_failed(self.unit_name):
            await self.refuse_ended()

    async def refuse_ended(self) -> None:
        """The same of a server that was there, and ended in whatever way."""
        if not await systemd.service_running(self.unit_name):
            raise saying(await asyncio.to_thread(why_ended, self.unit_name), status=500)

    async def wait_for_server(self) -> None:
        """Until the person's own account listens on the socket."""
        looked = time.monotonic()
        while True:
            try:
                is_linked = link_socket(self.made_socket, self.linked_socket, self.uid)
            except SocketRefused as error:
                raise saying(str(error), status=500) from error
            if is_linked and await self.watch():
                return
            if time.monotonic() - looked > LOOK_SECONDS:
                await self.refuse_ended()
                looked = time.monotonic()
            await asyncio.sleep(0.05)

    async def watch(self) -> bool:
        """Tells the hub the moment the server ends, so that its route goes; false where nobody listens."""
        listener = await find_listener(self.linked_socket)
        if listener is None:
            return False
        if listener.pid != self.watched and when_ended(listener.pid, self.server_ended):
            self.watched = listener.pid
        return True

    def server_ended(self) -> None:
        self.watched = 0
        if not self._stop_pending:
            self.telling = asyncio.ensure_future(self.poll_and_notify())

    def properties(self, fork_service: ForkService | None) -> dict[str, str]:
        """What systemd holds the unit to, beside the memory that SystemdSpawner writes."""
        properties = {
            "MemorySwapMax": "0",
            "TasksMax": str(MOST_PROCESSES),
            # What the machine does with the memory of crashed programs is outside of the unit and of its limits.
            "LimitCORE": "0",
            "UMask": "0077",
            "Description": f"Server of {self.account}",
        }
        if self.cpu_limit:
            properties["CPUQuota"] = f"{max(1, round(self.cpu_limit * 100))}%"
        if self.mem_guarantee:
            properties["MemoryLow"] = str(int(self.mem_guarantee))
        properties |= unit_properties(self.sandbox)
        if self.mirror.command is not None:
            # The dash: a home that is not filled keeps nobody from their server.
            properties["ExecStartPre"] = "-" + " ".join(self.mirror.command)
        if fork_service is not None:
            properties |= launch_properties(fork_service.place)
        return {name: escape(value) for name, value in properties.items()}

    async def poll(self) -> int | None:
        status: int | None = await super().poll()
        if status is None and not self._start_pending and self.watched == 0:
            await self.watch()
        return status

    async def stop(self, now: bool = False) -> None:
        await super().stop(now=now)
        self.linked_socket.unlink(missing_ok=True)
        # The unit does it too, but for one whose service has ended: systemd connects all that a unit runs to the service.
        with contextlib.suppress(subprocess.SubprocessError):
            await asyncio.to_thread(remove, self.disk)


def remove(directory: Path) -> None:
    """`rm` follows no link. The time of a person with very many files ends; the next time goes on."""
    subprocess.run(["rm", "-rf", "--", str(directory)], check=True, timeout=REMOVE_SECONDS)


def make_empty(directory: Path, uid: int) -> None:
    """Makes a directory of one person, without what a server before may have left in it."""
    remove(directory)
    directory.mkdir(mode=0o700)
    os.chown(directory, uid, uid)


def shared_environment(settings: dict[str, Any]) -> dict[str, str]:
    """Of the variables that a server's imports may look at, those that are the same for everybody."""
    kept = {name: os.environ[name] for name in settings["serverVariables"] if name in os.environ}
    base = urlsplit(settings["bindUrl"]).path.rstrip("/")
    return kept | {"PATH": SYSTEM_PATH, "JUPYTERHUB_API_URL": f"{settings['hubUrl']}{base}/hub/api"}


def escape(text: str) -> str:
    """Keeps a text as it is where SystemdSpawner expands `{USERNAME}`."""
    return text.replace("{", "{{").replace("}", "}}")


async def limit_slice(name: str, find_database: Callable[[], Any]) -> None:
    """Holds all servers together to the limits of the whole hub, as the policy says now; without limits, to none."""
    total = read_policy(find_database()).get("total", {})
    memory, cpu = total.get("mem_limit"), total.get("cpu_limit")
    properties = [
        f"MemoryMax={'infinity' if memory is None else int(memory)}",
        f"CPUQuota={'' if cpu is None else f'{max(1, round(cpu * 100))}%'}",
    ]
    command = ["systemctl", "set-property", "--runtime", name, *properties]
    await asyncio.to_thread(subprocess.run, command, check=True, timeout=LIMIT_SECONDS)
