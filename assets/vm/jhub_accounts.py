"""A numeric account of its own for each person. Who owns a home is the allocation: there is no second list that could be
lost or disagree. Where systemd runs the servers, the machine's own list of accounts has an entry for it, made by the home.

All of it waits for locks and programs: call it in a thread, never on the hub's event loop.
"""

from __future__ import annotations

import fcntl
import grp
import hashlib
import logging
import os
import pwd
import stat
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jhub_names import account_name, old_account_name

FIRST_UID = 200_000
LAST_UID = 260_000
LONGEST = 32
# How long one start waits for others that choose a number, and for a program of the machine, in seconds.
LOCK_DEADLINE = 30.0
PROGRAM_DEADLINE = 60.0
LOGIN_SHELL = "/bin/bash"
NO_LOGIN_SHELL = "/usr/sbin/nologin"
log = logging.getLogger("jhub")


class HomeRefused(Exception):
    """A home cannot be given to this person; what is there is left as it is."""


def find_home(homes: Path, user_name: str) -> Path:
    """Where a person's home is, or will be. One that an older jhub made under a shorter name stays where it is."""
    home, older = homes / account_name(user_name), homes / old_account_name(user_name)
    if os.path.lexists(home) or not os.path.lexists(older) or owner_of(older) not in (None, user_name):
        return home
    return older


def owner_record(home: Path) -> Path:
    return home.parent / f".{home.name}.owner"


def owner_of(home: Path) -> str | None:
    """Whose a home with a shorter name is; `None` before anybody came back to it."""
    try:
        return owner_record(home).read_text()
    except FileNotFoundError:
        return None


def keep_owner(home: Path, user_name: str, people: Iterable[str]) -> None:
    """Notes whose a home with a shorter name is. `HomeRefused` where it could be that of several people."""
    others = [name for name in people if name != user_name and old_account_name(name) == home.name]
    if others:
        own = home.parent / account_name(user_name)
        raise HomeRefused(
            f"{home} may be that of {others[0]} or of {user_name}: rename it to {own} if it is {user_name}'s"
        )
    descriptor = os.open(owner_record(home), os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w") as record:
        record.write(user_name)


def ensure_home(homes: Path, user_name: str, people: Iterable[str] = (), *, own_accounts: bool) -> tuple[Path, int]:
    """Makes the home, 0700, where it is missing; gives it and the uid (also the gid) of its owner.

    `people` are all of the hub. Raises `HomeRefused`.
    """
    home = find_home(homes, user_name)
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
    if home.name != account_name(user_name) and owner_of(home) is None:
        keep_owner(home, user_name, people)
    return home, facts.st_uid


def make_home(homes: Path, home: Path, *, own_accounts: bool) -> int:
    """Makes a home under another name first, so that a home is never there with the wrong owner."""
    partial = homes / f".{home.name}.new"
    partial.mkdir(mode=0o700, exist_ok=True)
    partial.chmod(0o700)
    if not own_accounts:
        partial.rename(home)
        return os.getuid()
    with alone(homes) as lock:
        uid = next_uid(homes, last_given(lock))
        if uid >= LAST_UID:
            raise HomeRefused(f"every account number from {FIRST_UID} to {LAST_UID} has been given")
        note_given(lock, uid)
        os.chown(partial, uid, uid)
        partial.rename(home)
    return uid


def accounts_file(homes: Path) -> Path:
    """The highest number that was ever given on this machine; also the lock. Only root can open it."""
    return all_hubs(homes) / ".accounts"


@contextmanager
def alone(homes: Path) -> Iterator[int]:
    """Holds off other starts, and the other hubs of this machine, while a number is chosen; gives the open file."""
    place = accounts_file(homes)
    descriptor = os.open(place, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        facts = os.fstat(descriptor)
        if facts.st_uid != os.getuid() or facts.st_mode & 0o077:
            raise HomeRefused(f"{place} must be a file that only uid {os.getuid()} can open")
        deadline = time.monotonic() + LOCK_DEADLINE
        while not try_lock(descriptor):
            if time.monotonic() > deadline:
                raise HomeRefused(f"another program has held {place} for {LOCK_DEADLINE:.0f} seconds")
            time.sleep(0.02)
        yield descriptor
    finally:
        os.close(descriptor)


def try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def last_given(lock: int) -> int:
    text = os.pread(lock, 32, 0).strip()
    return int(text) if text.isdigit() else FIRST_UID - 1


def note_given(lock: int, uid: int) -> None:
    os.pwrite(lock, f"{uid}\n".encode(), 0)


def all_hubs(homes: Path) -> Path:
    """The directory of every hub's data: homes of one stand in `NAME/homes`."""
    return homes.parent.parent


def next_uid(homes: Path, last: int) -> int:
    """Above every number that has an owner on this machine or ever had one: whoever comes new inherits no file."""
    places = {homes, *all_hubs(homes).glob("*/homes")}
    owners = [entry.stat(follow_symlinks=False).st_uid for place in places for entry in os.scandir(place)]
    listed = [entry.pw_uid for entry in pwd.getpwall()]
    return max([last, FIRST_UID - 1, *(uid for uid in (*owners, *listed) if FIRST_UID <= uid < LAST_UID)]) + 1


def ensure_account(prefix: str, account: str, home: Path, uid: int, *, may_log_in: bool = False) -> str:
    """Makes the entry of a home's owner where it is missing; gives its name. Entries of others are never touched.

    `may_log_in`: the machine's own logins, as by ssh, are open to it.
    """
    shell = LOGIN_SHELL if may_log_in else NO_LOGIN_SHELL
    for entry in pwd.getpwall():
        if (entry.pw_uid, entry.pw_dir) == (uid, str(home)):
            if entry.pw_shell != shell:
                run_program("usermod", *login_words(shell), entry.pw_name)
            return entry.pw_name
    for name in unix_names(prefix, account):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            make_account(name, home, uid, shell)
            return name
        if entry.pw_dir == str(home) and FIRST_UID <= entry.pw_uid < LAST_UID:
            # The home of that number was deleted, and this one was made since.
            run_program("userdel", name)
            make_account(name, home, uid, shell)
            return name
    raise HomeRefused(f"the machine has other accounts named {', '.join(unix_names(prefix, account))}")


def close_logins(homes: Path, admin_group: str | None) -> None:
    """Closes the machine's logins to every account with a home of this hub, since an older jhub left them open. Those of the group
    may use sudo, and stay as they are. An account that cannot be closed now, as where another program holds the list, keeps
    no hub from its start: it is closed when its owner's server starts.
    """
    allowed = {name for group in grp.getgrall() if group.gr_name == admin_group for name in group.gr_mem}
    for entry in pwd.getpwall():
        if has_home_in(homes, entry) and entry.pw_shell != NO_LOGIN_SHELL and entry.pw_name not in allowed:
            try:
                close_login(entry.pw_name)
            except HomeRefused as error:
                log.warning("The machine's logins are still open to %s: %s", entry.pw_name, error)


def has_home_in(homes: Path, entry: pwd.struct_passwd) -> bool:
    """Whether an account of the machine is that of a person of this hub."""
    return FIRST_UID <= entry.pw_uid < LAST_UID and Path(entry.pw_dir).parent == homes


def close_login(name: str) -> None:
    """Closes the machine's logins and sudo to an account. Raises `HomeRefused`."""
    run_program("usermod", *login_words(NO_LOGIN_SHELL), name)


def login_words(shell: str) -> tuple[str, ...]:
    """For useradd and usermod. sshd, cron and whatever else asks PAM refuse an account that has expired: they would take a key
    that a person leaves in the home, and run what they are told outside of the server's unit. systemd starts the unit all the same.
    """
    return ("--shell", shell, "--expiredate", "" if shell == LOGIN_SHELL else "1")


def unix_names(prefix: str, account: str) -> tuple[str, str]:
    """The name that is wanted, and the one for when another has it or it is too long."""
    wanted = prefix + account
    mapped = f"{wanted[: LONGEST - 9].rstrip('-')}-{hashlib.sha256(wanted.encode()).hexdigest()[:8]}"
    return (wanted if len(wanted) <= LONGEST else mapped), mapped


def make_account(name: str, home: Path, uid: int, shell: str) -> None:
    number = str(uid)
    if not any(entry.gr_gid == uid for entry in grp.getgrall()):
        if any(entry.gr_name == name and FIRST_UID <= entry.gr_gid < LAST_UID for entry in grp.getgrall()):
            run_program("groupdel", name)
        run_program("groupadd", "--gid", number, name)
    words = ["--uid", number, "--gid", number, "--home-dir", str(home), "--no-create-home", *login_words(shell)]
    # No subordinate numbers: where UID_MAX is high, useradd gives them out from 100000 on, and soon they are other people's own.
    none = [word for kind in ("UID", "GID") for word in ("--key", f"SUB_{kind}_COUNT=0")]
    run_program("useradd", *words, *none, "--no-log-init", "--badname", name)


def set_membership(name: str, group: str, wanted: bool) -> None:
    """Puts an account into a group of the machine, or takes it out."""
    if (name in grp.getgrnam(group).gr_mem) == wanted:
        return
    run_program("gpasswd", "--add" if wanted else "--delete", name, group)


def run_program(*argv: str) -> None:
    """Runs a program of the machine that changes its list of accounts. Raises `HomeRefused` with its own words."""
    try:
        answer = subprocess.run(argv, capture_output=True, text=True, timeout=PROGRAM_DEADLINE, check=False)
    except subprocess.TimeoutExpired:
        raise HomeRefused(f"{argv[0]} did not end in {PROGRAM_DEADLINE:.0f} seconds") from None
    if answer.returncode != 0:
        raise HomeRefused(f"{' '.join(argv)}: {answer.stderr.strip() or answer.returncode}")
