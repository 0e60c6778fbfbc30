"""A numeric account of its own for each person. Who owns a home is the allocation: there is no second list that could be
lost or disagree. Where systemd runs the servers, the machine's own list of accounts has an entry for it, made by the home.
"""

from __future__ import annotations

import fcntl
import grp
import hashlib
import os
import pwd
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FIRST_UID = 200_000
LAST_UID = 260_000
LONGEST = 32


class HomeRefused(Exception):
    """A home is there that was not made for this person; it is left as it is."""


def ensure_home(homes: Path, account: str, *, own_accounts: bool) -> tuple[Path, int]:
    """Makes the home, 0700, where it is missing; gives it and the uid (also the gid) of its owner."""
    home = homes / account
    try:
        facts = home.lstat()
    except FileNotFoundError:
        return home, make_home(homes, home, own_accounts=own_accounts)
    if not stat.S_ISDIR(facts.st_mode):
        raise HomeRefused(f"{home} is not a directory")
    if own_accounts and facts.st_uid < FIRST_UID:
        raise HomeRefused(f"{home} belongs to uid {facts.st_uid}, which is not one of this hub's people")
    if not own_accounts and facts.st_uid != os.getuid():
        raise HomeRefused(f"{home} belongs to uid {facts.st_uid}, and this hub runs as {os.getuid()}")
    return home, facts.st_uid


def make_home(homes: Path, home: Path, *, own_accounts: bool) -> int:
    """Makes a home under another name first, so that a home is never there with the wrong owner."""
    partial = homes / f".{home.name}.new"
    partial.mkdir(mode=0o700, exist_ok=True)
    with alone(homes):
        uid = next_uid(homes) if own_accounts else os.getuid()
        if own_accounts:
            os.chown(partial, uid, uid)
    partial.chmod(0o700)
    partial.rename(home)
    return uid


@contextmanager
def alone(homes: Path) -> Iterator[None]:
    """Holds off the other hubs of this machine while a number is chosen."""
    descriptor = os.open(all_hubs(homes), os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def all_hubs(homes: Path) -> Path:
    """The directory of every hub's data: homes of one stand in `NAME/homes`."""
    return homes.parent.parent


def next_uid(homes: Path) -> int:
    """One above the highest owner on this machine: people of two hubs are never one account."""
    places = {homes, *all_hubs(homes).glob("*/homes")}
    owners = [entry.stat(follow_symlinks=False).st_uid for place in places for entry in os.scandir(place)]
    listed = [entry.pw_uid for entry in pwd.getpwall() if FIRST_UID <= entry.pw_uid < LAST_UID]
    return max([FIRST_UID - 1, *owners, *listed]) + 1


def ensure_account(prefix: str, account: str, home: Path, uid: int) -> str:
    """Makes the entry of a home's owner where it is missing; gives its name. Entries of others are never touched."""
    for name in unix_names(prefix, account):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            make_account(name, home, uid)
            return name
        if (entry.pw_uid, entry.pw_dir) == (uid, str(home)):
            return name
    raise HomeRefused(f"the machine has other accounts named {', '.join(unix_names(prefix, account))}")


def unix_names(prefix: str, account: str) -> tuple[str, str]:
    """The name that is wanted, and the one for when another has it or it is too long."""
    wanted = prefix + account
    mapped = f"{wanted[: LONGEST - 9].rstrip('-')}-{hashlib.sha256(wanted.encode()).hexdigest()[:8]}"
    return (wanted if len(wanted) <= LONGEST else mapped), mapped


def make_account(name: str, home: Path, uid: int) -> None:
    number = str(uid)
    if not any(entry.gr_gid == uid for entry in grp.getgrall()):
        subprocess.run(["groupadd", "--gid", number, name], check=True)
    words = ["--uid", number, "--gid", number, "--home-dir", str(home), "--no-create-home", "--shell", "/bin/bash"]
    subprocess.run(["useradd", *words, "--no-log-init", "--badname", name], check=True)


def set_membership(name: str, group: str, wanted: bool) -> None:
    """Puts an account into a group of the machine, or takes it out."""
    if (name in grp.getgrnam(group).gr_mem) == wanted:
        return
    subprocess.run(["gpasswd", "--add" if wanted else "--delete", name, group], check=True, stdout=subprocess.DEVNULL)
