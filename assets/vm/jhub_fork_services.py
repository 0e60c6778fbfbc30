"""The services that fork servers: one for each environment that people use, as a unit of systemd that the hub starts.

Its socket is in the hub's `run` directory, which only root can enter. systemd connects a server's unit to it as root, before
the unit has anything of the person, so that no person's program can ever speak to a service.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import os
import re
import shlex
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jhub_environments import whole_environment
from jhub_images import given_images
from jhub_limits import END_BEFORE_HUB
from jhub_sandbox import FILTERS
from jhub_sockets import listener_of

PROGRAM = "jhub_prefork.py"
HERE = Path(__file__).parent
SUFFIX = ".prefork.service"
# What Linux takes as the path of a socket, with its closing zero (unix(7)).
LONGEST_PATH = 107
# How long after a start that failed the next one is tried.
PAUSE_SECONDS = 60
# How long a service that is busy with other servers may take to hang up.
AWAKE_SECONDS = 5
# How often the hub looks which images people have, and how much memory has to be free for one more service.
FOLLOW_SECONDS = 10
LEAST_FREE_BYTES = 512 * 1024**2
# After so many forks of one person that did not become a server, where the ordinary start did, theirs start in the ordinary
# way until the hub starts again; and everybody's, after forks of so many people. One person can end forks for nobody else.
MOST_FAILURES = 3
# What a unit runs in place of its program: it offers itself to the service, and runs the program where that does not end well.
# bash sets a few variables, which the program is not to see. systemd wants each `$` twice.
LAUNCHER = (
    "echo fork && read -r -t 15 said && "
    '[ "$$said" = ready ] && echo yes && read -r -t 15 said && [ "$$said" = done ] && exit 0; '
    'exec /usr/bin/env -u _ -u PWD -u OLDPWD -u SHLVL -u NOTIFY_SOCKET "$$@" </dev/null >&2'
)
log = logging.getLogger("jhub")


def launch(command: list[str]) -> list[str]:
    """The command of a unit whose program may be forked."""
    return ["/bin/bash", "-p", "-c", LAUNCHER, "--", *command]


def launch_properties(place: Path) -> dict[str, str]:
    return {
        # The same for both: systemd makes one connection, in both directions.
        "StandardInput": f"file:{place}",
        "StandardOutput": f"file:{place}",
        "StandardError": "journal",
        # The fork tells systemd that it is the main process. The socket for that is out of a person's sight, as all of /run.
        "NotifyAccess": "all",
    }


@dataclass(frozen=True)
class ForkService:
    """A service that answered."""

    place: Path
    pid: int

    async def still_answers(self) -> bool:
        """The very same process, not one that systemd started after it."""
        return await who_answers(self.place) == self.pid


class ForkServices:
    """Starts the services of one hub and knows which of them answers."""

    def __init__(self, settings: Mapping[str, Any], environment: Mapping[str, str]) -> None:
        """`environment` is what every server has and none has as another value."""
        self.settings = settings
        self.environment = dict(environment)
        self.tried: dict[str, float] = {}
        # Environments that a server wanted forked too soon after the last try: they are tried once that may be.
        self.late: set[str] = set()
        # For each environment, how often it failed for which account.
        self.failures: defaultdict[str, Counter[str]] = defaultdict(Counter)

    @property
    def digest(self) -> str:
        """Changes with the hub's configuration, whose directory is named after all that is in it."""
        return hashlib.sha256(repr([str(HERE), sorted(self.environment.items())]).encode()).hexdigest()[:8]

    def unit(self, environment: Path) -> str:
        return f"jhub-{self.settings['name']}.{environment.name}-{self.digest}{SUFFIX}"

    def socket(self, environment: Path) -> Path:
        # The names of images are longer than a socket's path may be.
        name = hashlib.sha256(environment.name.encode()).hexdigest()[:8]
        return Path(self.settings["hubSocket"]).parent / f"{name}-{self.digest}.fork"

    @property
    def standard(self) -> Path:
        return Path(self.settings["userEnvironment"])

    async def find(self, environment: Path, account: str) -> ForkService | None:
        """The environment's service; `None` when it does not answer, and then it is started for the next server."""
        failures = self.failures[environment.name]
        if not self.settings["prefork"] or len(failures) >= MOST_FAILURES or failures[account] >= MOST_FAILURES:
            return None
        place = self.socket(environment)
        if len(os.fsencode(place)) > LONGEST_PATH:
            return None
        if (pid := await who_answers(place)) is not None:
            return ForkService(place, pid)
        await asyncio.to_thread(self.start, environment)
        return None

    def note_failure(self, environment: Path, account: str) -> None:
        """Of a server that started in the ordinary way after its fork did not, while the service was there."""
        failures = self.failures[environment.name]
        failures[account] += 1
        if len(failures) == MOST_FAILURES and failures[account] == 1:
            log.warning("Forks of %s do not become servers here: its servers start in the ordinary way.", environment.name)

    def start(self, environment: Path) -> None:
        """Has systemd start the service, unless it was tried a moment ago. It is ready a few seconds later."""
        now = time.monotonic()
        if now - self.tried.get(environment.name, -PAUSE_SECONDS) < PAUSE_SECONDS:
            self.late.add(environment.name)
            return
        self.late.discard(environment.name)
        self.tried[environment.name] = now
        if free_bytes() < LEAST_FREE_BYTES:
            log.warning("Servers of %s start in the ordinary way: too little memory is free.", environment.name)
            return
        done = subprocess.run(self.start_command(environment), capture_output=True, text=True, check=False)
        if done.returncode != 0 and "already" not in done.stderr:
            log.warning("Servers start in the ordinary way: %s", done.stderr.strip())

    def start_command(self, environment: Path) -> list[str]:
        # Everybody may read a unit, and a company's proxy may have a password.
        file = self.socket(environment).with_suffix(".fork-env")
        file.unlink(missing_ok=True)
        variables = {
            **self.environment,
            "PATH": f"{environment}/bin:{self.environment['PATH']}",
            "VIRTUAL_ENV": str(environment),
            # Nobody's: what is left of them in a server would be found.
            "HOME": "/nonexistent/home-of-the-fork-service",
            "USER": "user-of-the-fork-service",
            "LOGNAME": "user-of-the-fork-service",
            "JUPYTERHUB_SERVICE_PREFIX": "/prefix-of-the-fork-service/",
        }
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.writelines(f"{name}={shlex.quote(value)}\n" for name, value in variables.items())
        properties = {
            "Description": f"jhub {self.settings['name']}: forks servers of {environment.name}",
            "Type": "notify",
            "Slice": "jhub.slice",
            "Restart": "on-failure",
            "RestartSec": "2",
            # Python's answer where the program is gone, with the configuration that it belongs to: starting again mends nothing.
            "RestartPreventExitStatus": "2",
            # One that ends again and again, as by an import that the kernel ends, leaves the machine to people. The next server
            # that starts has it tried anew.
            "StartLimitIntervalSec": "600",
            "StartLimitBurst": "20",
            # Imports on a machine that is busy with other starts take long.
            "TimeoutStartSec": "300",
            # Its forks take it over.
            "OOMScoreAdjust": END_BEFORE_HUB,
            "UMask": "0077",
            "NoNewPrivileges": "yes",
            "ProtectSystem": "strict",
            "ReadWritePaths": str(Path(self.settings["hubSocket"]).parent),
            "ProtectHome": "yes",
            "PrivateTmp": "yes",
            "InaccessiblePaths": f"-{self.settings['secretsFile']} -{self.settings['homesDirectory']} -{Path(self.settings['databaseFile']).parent}",
            **FILTERS,
        }
        units = re.escape(self.settings["unitTemplate"]).replace(re.escape("{ACCOUNT}"), r"[^./]+") + r"\.service"
        return [
            "systemd-run",
            "--quiet",
            "--no-block",
            "--collect",
            f"--unit={self.unit(environment)}",
            *(f"--property={name}={value}" for name, value in properties.items()),
            f"--property=EnvironmentFile={file}",
            # Never the image's own: what that runs at its start would run as root.
            f"{self.standard}/bin/python",
            str(HERE / PROGRAM),
            str(self.socket(environment)),
            units.replace("$", "$$"),
            str(environment),
        ]

    def follow_policy(self, images: Callable[[], Mapping[str, Any]]) -> None:
        """Follows for as long as the hub runs. Programs that only read its configuration have no loop."""
        with contextlib.suppress(RuntimeError):
            self.following = asyncio.get_running_loop().create_task(self.follow(images))

    async def follow(self, images: Callable[[], Mapping[str, Any]]) -> None:
        """Has a service ready for each environment that people get without choosing, and ends those of images that nobody can
        have any more. `images` gives the rules of the policy. Never returns.
        """
        while True:
            await asyncio.sleep(FOLLOW_SECONDS)
            try:
                await self.adjust(images())
            except Exception:
                log.exception("The services that fork servers could not be looked at")

    async def adjust(self, images: Mapping[str, Any]) -> None:
        found = {name: whole_environment(self.standard.parent, each) for name, each in images.get("built", {}).items()}
        built = {name: environment for name, environment in found.items() if environment is not None}
        given = [self.standard, *(built[name] for name in given_images(images) if name in built)]
        everything = (self.standard, *built.values())
        untried = [environment for environment in given if environment.name not in self.tried]
        for environment in (*untried, *(each for each in everything if each.name in self.late)):
            await asyncio.to_thread(self.start, environment)
        possible = {environment.name for environment in everything}
        gone = [name for name in self.tried if name not in possible]
        if gone:
            await asyncio.to_thread(stop, [self.unit(Path(name)) for name in gone])
        for name in gone:
            del self.tried[name]
            self.late.discard(name)

    def end_others(self) -> None:
        """Ends services that another configuration of the hub started, and all of them where nothing is to be forked."""
        prefix, own = f"jhub-{self.settings['name']}.", f"-{self.digest}{SUFFIX}"
        command = ["systemctl", "list-units", "--all", "--plain", "--no-legend", f"{prefix}*{SUFFIX}"]
        listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        units = [line.split()[0] for line in listed.splitlines() if line.strip()]
        others = [unit for unit in units if not self.settings["prefork"] or not unit.endswith(own)]
        now = time.monotonic()
        self.tried |= {unit.removeprefix(prefix).removesuffix(own): now for unit in units if unit not in others}
        stop(others)
        places = Path(self.settings["hubSocket"]).parent
        for place in (*places.glob("*.fork"), *places.glob("*.fork-env")):
            if not self.settings["prefork"] or not place.stem.endswith(f"-{self.digest}"):
                place.unlink(missing_ok=True)


def stop(units: Sequence[str]) -> None:
    if units:
        subprocess.run(["systemctl", "stop", *units], check=False)


def free_bytes() -> int:
    """Memory that programs can still have."""
    (found,) = re.findall(r"^MemAvailable:\s+(\d+) kB$", Path("/proc/meminfo").read_text(), re.M)
    return int(found) * 1024


async def who_answers(place: Path) -> int | None:
    """The process of the service, where it is there and awake: it hangs up on whoever says nothing."""
    try:
        reader, writer = await asyncio.wait_for(asyncio.open_unix_connection(place), AWAKE_SECONDS)
    except (OSError, TimeoutError, asyncio.TimeoutError):
        return None
    try:
        writer.write_eof()
        if await asyncio.wait_for(reader.read(1), AWAKE_SECONDS) != b"":
            return None
        return listener_of(writer.get_extra_info("socket")).pid
    except (OSError, TimeoutError, asyncio.TimeoutError):
        return None
    finally:
        writer.close()
