"""The end of sudo, and of what came with it, for whoever is no admin of the hub any more.

A server's start gives an admin these rights (`jhub_systemd_spawner.py`). Who is demoted or removed, by whatever way, would keep
them until the next start, which may never come.
"""

from __future__ import annotations

import asyncio
import contextlib
import grp
import logging
import os
import pwd
import re
import signal
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from jhub_accounts import NO_LOGIN_SHELL, HomeRefused, close_login, find_home, has_home_in, set_membership
from sqlalchemy import event

from jupyterhub import orm

# How often it is looked at who has rights, beside the moments at which the hub says that somebody has lost them, in seconds.
LOOK_SECONDS = 60
# Who starts programs while they are ended is looked at so often.
ROUNDS = 50
ROUND_SECONDS = 0.1
log = logging.getLogger("jhub")


class AdminRights:
    """Of one hub. Without `adminSudo` nobody has any, and nothing is followed."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.homes = Path(settings["homesDirectory"])
        self.group = settings["adminGroup"] if settings["adminSudo"] else None
        self.look_now = asyncio.Event()

    def follow(self, database: Callable[[], Any]) -> None:
        """Follows for as long as the hub runs. Programs that only read its configuration have no loop."""
        if self.group is None:
            return
        with contextlib.suppress(RuntimeError):
            self.following = asyncio.get_running_loop().create_task(self.look_always(database, self.group))
            event.listen(orm.User.admin, "set", self.look_soon)
            event.listen(orm.User, "after_delete", self.look_soon)

    def look_soon(self, *_: object) -> None:
        """Somebody may have lost the rights. Called on the hub's loop, before the hub commits what it changes."""
        self.look_now.set()

    async def look_always(self, database: Callable[[], Any], group: str) -> None:
        while True:
            with contextlib.suppress(TimeoutError, asyncio.TimeoutError):
                await asyncio.wait_for(self.look_now.wait(), LOOK_SECONDS)
            self.look_now.clear()
            try:
                admins = [name for (name,) in database().query(orm.User.name).filter_by(admin=True)]
                await asyncio.to_thread(end_rights, self.homes, group, admins)
            except Exception:
                log.exception("It could not be looked at who has sudo and is no admin")


def end_rights(homes: Path, group: str, admins: Collection[str]) -> None:
    """Closes each account with a home of this hub that is none of the admins', ends all that runs as one that had sudo, its
    server too, and takes it out of the group. Waits for programs and processes.
    """
    of_admins = {find_home(homes, name) for name in admins}
    members = {name for entry in grp.getgrall() if entry.gr_name == group for name in entry.gr_mem}
    for entry in pwd.getpwall():
        if not has_home_in(homes, entry) or Path(entry.pw_dir) in of_admins:
            continue
        try:
            if entry.pw_shell != NO_LOGIN_SHELL:
                # sudo refuses a closed account, also to processes that the kernel still knows as members of the group.
                close_login(entry.pw_name)
            if entry.pw_name in members:
                end_processes(entry.pw_uid)
                set_membership(entry.pw_name, group, False)
                log.warning("%s is no admin any more: its sudo, logins and programs have ended", entry.pw_name)
        except (HomeRefused, OSError, KeyError) as error:
            log.error("%s is no admin any more, and may still have sudo: %s", entry.pw_name, error)


def end_processes(uid: int) -> None:
    """Kills all that runs as an account. Raises `HomeRefused` when it starts programs faster than they end."""
    for _ in range(ROUNDS):
        running = [*processes_of(uid)]
        if not running:
            return
        for pid in running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(ROUND_SECONDS)
    raise HomeRefused(f"processes of account {uid} do not end")


def processes_of(uid: int) -> Iterator[int]:
    """Those with this number as one of their four, but for what has ended and waits for its parent."""
    for place in Path("/proc").iterdir():
        if not place.name.isdigit():
            continue
        try:
            status = (place / "status").read_text(errors="replace")
        except OSError:
            continue
        facts = dict(re.findall(r"^(State|Uid):\s+(.*)$", status, re.M))
        if str(uid) in facts["Uid"].split() and not facts["State"].startswith(("Z", "X")):
            yield int(place.name)
