"""A numeric account of its own for each person, without an entry in the machine's list of accounts.

Who owns a home is the allocation: there is no second list that could be lost or disagree.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

FIRST_UID = 200_000


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
    uid = next_uid(homes) if own_accounts else os.getuid()
    partial = homes / f".{home.name}.new"
    partial.mkdir(mode=0o700, exist_ok=True)
    if own_accounts:
        os.chown(partial, uid, uid)
    partial.chmod(0o700)
    partial.rename(home)
    return uid


def next_uid(homes: Path) -> int:
    """One above the highest owner. The hub is one process and asks one at a time."""
    owners = [entry.stat(follow_symlinks=False).st_uid for entry in os.scandir(homes)]
    return max([FIRST_UID - 1, *owners]) + 1
