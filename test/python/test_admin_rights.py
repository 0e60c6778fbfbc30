"""The end of sudo for whoever is no admin any more."""

from __future__ import annotations

import asyncio
import grp
import os
import pwd
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jhub_accounts
import jhub_admin_rights
import pytest
from jhub_accounts import FIRST_UID, LOGIN_SHELL, NO_LOGIN_SHELL, HomeRefused
from jhub_admin_rights import AdminRights, end_processes, end_rights
from sqlalchemy import event

from jupyterhub import orm

GROUP = "lab_admins"
CLOSED = ("usermod", "--shell", NO_LOGIN_SHELL, "--expiredate", "1")
as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can start programs of another account")


class Machine:
    """The machine's list of accounts, and what is done to it, in order."""

    def __init__(self, homes: Path) -> None:
        self.homes = homes
        self.shells = {"ana": LOGIN_SHELL, "ben": NO_LOGIN_SHELL, "admin": LOGIN_SHELL}
        self.members = ["lab-ana", "lab-admin"]
        self.done: list[tuple[str, ...]] = []

    def entries(self) -> list[pwd.struct_passwd]:
        numbered = enumerate(self.shells.items(), FIRST_UID)
        return [
            pwd.struct_passwd((f"lab-{name}", "x", uid, uid, "", str(self.homes / name), shell))
            for uid, (name, shell) in numbered
        ] + [pwd.struct_passwd(("teacher", "x", 1000, 1000, "", "/home/teacher", LOGIN_SHELL))]

    def group(self) -> grp.struct_group:
        return grp.struct_group((GROUP, "x", 990, [*self.members, "teacher"]))

    def run(self, *argv: str) -> None:
        self.done.append(argv)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path)
    monkeypatch.setattr(pwd, "getpwall", made.entries)
    monkeypatch.setattr(grp, "getgrall", lambda: [made.group()])
    monkeypatch.setattr(grp, "getgrnam", lambda _: made.group())
    monkeypatch.setattr(jhub_accounts, "run_program", made.run)
    monkeypatch.setattr(jhub_admin_rights, "end_processes", lambda uid: made.run("end", str(uid)))
    return made


def test_who_is_no_admin_loses_sudo_and_logins_and_nobody_else_does(machine: Machine) -> None:
    end_rights(machine.homes, GROUP, ["ana", "admin"])
    assert machine.done == []
    end_rights(machine.homes, GROUP, ["admin"])
    # Closed before all that runs ends: else a login could open in between.
    assert machine.done == [(*CLOSED, "lab-ana"), ("end", str(FIRST_UID)), ("gpasswd", "--delete", "lab-ana", GROUP)]


def test_an_account_that_only_has_a_login_is_closed_and_its_server_runs_on(machine: Machine) -> None:
    machine.members = ["lab-admin"]
    end_rights(machine.homes, GROUP, ["admin"])
    assert machine.done == [(*CLOSED, "lab-ana")]


def test_what_cannot_be_taken_from_one_is_taken_from_the_others(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def end(uid: int) -> None:
        if uid == FIRST_UID:
            raise HomeRefused("they start too fast")

    monkeypatch.setattr(jhub_admin_rights, "end_processes", end)
    end_rights(machine.homes, GROUP, [])
    # The group is what the next look goes by.
    assert [words[-2:] for words in machine.done if words[0] == "gpasswd"] == [("lab-admin", GROUP)]


def demote(db: Any) -> None:
    orm.User.find(db, "ana").admin = False


def remove(db: Any) -> None:
    db.delete(orm.User.find(db, "ana"))


@pytest.mark.parametrize("lose", [demote, remove])
def test_the_hub_looks_as_soon_as_somebody_is_demoted_or_removed(
    lose: Callable[[Any], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(jhub_admin_rights, "end_rights", lambda _, group, admins: looked.append((group, sorted(admins))))
    monkeypatch.setattr(jhub_admin_rights, "LOOK_SECONDS", 3600)
    db = orm.new_session_factory("sqlite://")()
    db.add_all([orm.User(name=name, admin=True) for name in ("ana", "admin")])
    db.commit()
    rights = AdminRights({"homesDirectory": str(tmp_path), "adminGroup": GROUP, "adminSudo": True})

    async def play() -> None:
        rights.follow(lambda: db)
        lose(db)
        db.commit()
        while not looked:
            await asyncio.sleep(0.01)
        rights.following.cancel()

    try:
        asyncio.run(asyncio.wait_for(play(), 60))
    finally:
        event.remove(orm.User.admin, "set", rights.look_soon)
        event.remove(orm.User, "after_delete", rights.look_soon)
    assert looked == [(GROUP, ["admin"])]


def test_without_sudo_for_admins_nothing_is_followed(tmp_path: Path) -> None:
    rights = AdminRights({"homesDirectory": str(tmp_path), "adminGroup": GROUP, "adminSudo": False})

    async def play() -> None:
        rights.follow(lambda: None)

    asyncio.run(play())
    assert not hasattr(rights, "following")


@as_root
def test_all_that_runs_as_an_account_ends_whatever_it_started() -> None:
    uid = 259_999
    program = 'trap "" TERM HUP; setsid sleep 600 & setsid sleep 600 & echo ready; sleep 600; sleep 600'
    started = subprocess.Popen(["/bin/sh", "-c", program], user=uid, stdout=subprocess.PIPE)
    assert started.stdout is not None
    started.stdout.readline()
    end_processes(uid)
    assert started.wait(60) < 0
    deadline = time.monotonic() + 60
    while [*jhub_admin_rights.processes_of(uid)] and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [*jhub_admin_rights.processes_of(uid)] == []
