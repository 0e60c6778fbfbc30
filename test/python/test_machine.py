"""Names, accounts and control groups on the machine."""

from __future__ import annotations

import fcntl
import grp
import json
import os
import pwd
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import jhub_accounts
import pytest
from jhub_accounts import (
    FIRST_UID,
    LOGIN_SHELL,
    NO_LOGIN_SHELL,
    HomeRefused,
    accounts_file,
    close_logins,
    ensure_account,
    ensure_home,
    find_home,
)
from jhub_cgroups import ServerGroup
from jhub_names import account_name, name_problem, normalise_name, old_account_name
from jhub_process_spawner import process_start_time, processes_at_home

FIXTURES = Path(__file__).parents[1] / "fixtures"
ACCOUNTS = json.loads((FIXTURES / "account-names.json").read_text())
NAMES = json.loads((FIXTURES / "user-names.json").read_text())
# Found in 56,604 tries: an older jhub gave both the same account.
PAIR = ("student-of-physics-2026-25025@uni.example", "student-of-physics-2026-56604@uni.example")
as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can give accounts of their own")


@pytest.mark.parametrize("name", ACCOUNTS)
def test_accounts_are_the_same_as_the_command_lines(name: str) -> None:
    assert {"account": account_name(name), "old": old_account_name(name)} == ACCOUNTS[name]


@pytest.mark.parametrize("name", NAMES["taken"])
def test_names_that_the_command_line_takes_are_taken(name: str) -> None:
    assert name_problem(normalise_name(name)) is None


@pytest.mark.parametrize("name", NAMES["refused"])
def test_names_that_the_command_line_refuses_are_refused(name: str) -> None:
    assert name_problem(normalise_name(name)) is not None


def test_a_shared_account_makes_homes_of_its_own(tmp_path: Path) -> None:
    home, uid = ensure_home(tmp_path, "ana", own_accounts=False)
    assert (home.stat().st_mode & 0o777, uid) == (0o700, os.getuid())
    (home / "diary").write_text("dear diary")
    assert ensure_home(tmp_path, "ana", own_accounts=False) == (home, uid)
    assert (home / "diary").read_text() == "dear diary"


@as_root
def test_each_person_has_an_account_that_stays(tmp_path: Path) -> None:
    homes = tmp_path / "physics" / "homes"
    homes.mkdir(parents=True)
    ana, ben = (ensure_home(homes, name, own_accounts=True)[1] for name in ("ana", "ben"))
    assert (ana, ben) == (FIRST_UID, FIRST_UID + 1)
    assert ensure_home(homes, "ana", own_accounts=True)[1] == ana
    assert (homes / "ana").stat().st_gid == ana


@as_root
def test_people_of_two_hubs_are_never_one_account(tmp_path: Path) -> None:
    physics, chemistry = tmp_path / "physics" / "homes", tmp_path / "chemistry" / "homes"
    for homes in (physics, chemistry):
        homes.mkdir(parents=True)
    uids = [ensure_home(homes, name, own_accounts=True)[1] for name in ("ana", "ben") for homes in (physics, chemistry)]
    assert len(set(uids)) == len(uids)


@as_root
def test_homes_of_others_are_refused(tmp_path: Path) -> None:
    (tmp_path / "roots").mkdir()
    (tmp_path / "link").symlink_to("/etc")
    for account in ("roots", "link"):
        with pytest.raises(HomeRefused):
            ensure_home(tmp_path, account, own_accounts=True)


@pytest.mark.parametrize("own_accounts", [pytest.param(True, marks=as_root), False])
def test_a_home_of_an_older_jhub_stays_where_it_is(tmp_path: Path, own_accounts: bool) -> None:
    older = tmp_path / old_account_name("josé")
    older.mkdir()
    if own_accounts:
        os.chown(older, FIRST_UID, FIRST_UID)
    assert ensure_home(tmp_path, "josé", ["josé", "ana"], own_accounts=own_accounts)[0] == older
    assert find_home(tmp_path, "josé") == older


def test_a_home_of_an_older_jhub_is_not_given_to_another_name_with_the_same_hash(tmp_path: Path) -> None:
    one, other = PAIR
    assert old_account_name(one) == old_account_name(other)
    older = tmp_path / old_account_name(one)
    older.mkdir()
    with pytest.raises(HomeRefused, match="may be that of"):
        ensure_home(tmp_path, other, PAIR, own_accounts=False)
    assert ensure_home(tmp_path, one, [one], own_accounts=False)[0] == older
    assert ensure_home(tmp_path, other, PAIR, own_accounts=False)[0] == tmp_path / account_name(other)
    assert ensure_home(tmp_path, one, PAIR, own_accounts=False)[0] == older


@as_root
def test_numbers_are_never_given_twice(tmp_path: Path) -> None:
    homes = tmp_path / "physics" / "homes"
    homes.mkdir(parents=True)
    home, first = ensure_home(homes, "ana", own_accounts=True)
    home.rmdir()
    assert ensure_home(homes, "ben", own_accounts=True)[1] == first + 1


@as_root
def test_nobody_else_can_hold_up_the_choice_of_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jhub_accounts, "LOCK_DEADLINE", 5.0)
    with tempfile.TemporaryDirectory() as place:
        data = Path(place)
        homes = data / "physics" / "homes"
        homes.mkdir(parents=True)
        for directory in (data, homes.parent, homes):
            directory.chmod(0o755)
        ensure_home(homes, "ana", own_accounts=True)
        check_that_nobody_holds_up(data, homes)


def check_that_nobody_holds_up(data: Path, homes: Path) -> None:
    with stranger_locks([data, homes.parent, homes, *data.rglob("*")]) as locked:
        assert homes in locked
        assert accounts_file(homes) not in locked
        assert ensure_home(homes, "ben", own_accounts=True)[1] == FIRST_UID + 1


@as_root
def test_the_choice_of_a_number_ends_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    homes = tmp_path / "physics" / "homes"
    homes.mkdir(parents=True)
    ensure_home(homes, "ana", own_accounts=True)
    monkeypatch.setattr(jhub_accounts, "LOCK_DEADLINE", 0.1)
    with open(accounts_file(homes)) as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(HomeRefused, match="has held"):
            ensure_home(homes, "ben", own_accounts=True)
    assert ensure_home(homes, "ben", own_accounts=True)[1] == FIRST_UID + 1


@contextmanager
def stranger_locks(places: list[Path]) -> Iterator[set[Path]]:
    """Another account locks what it can, and holds it."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgid(65_534)
        os.setuid(65_534)
        for place in places:
            try:
                fcntl.flock(os.open(place, os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue
            os.write(writer, f"{place}\n".encode())
        os.write(writer, b"\n")
        signal.pause()
    os.close(writer)
    try:
        with os.fdopen(reader) as lines:
            yield {Path(line.strip()) for line in iter(lines.readline, "\n")}
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


@as_root
def test_at_once_everybody_gets_a_number_of_their_own(tmp_path: Path) -> None:
    homes = tmp_path / "physics" / "homes"
    homes.mkdir(parents=True)
    uids: list[int] = []
    people = [
        threading.Thread(target=lambda n=n: uids.append(ensure_home(homes, n, own_accounts=True)[1]))
        for n in "abcdefgh"
    ]
    for each in people:
        each.start()
    for each in people:
        each.join()
    assert sorted(uids) == list(range(FIRST_UID, FIRST_UID + 8))


def test_who_comes_back_after_the_home_was_deleted_gets_the_account_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts: dict[str, tuple[int, str]] = {}
    entry = type("Entry", (), {})

    def entries() -> list[object]:
        made = []
        for name, (uid, home) in accounts.items():
            found = entry()
            found.pw_name, found.pw_uid, found.pw_dir = name, uid, home  # type: ignore[attr-defined]
            found.pw_shell = NO_LOGIN_SHELL  # type: ignore[attr-defined]
            made.append(found)
        return made

    def by_name(name: str) -> object:
        return next(iter(each for each in entries() if each.pw_name == name), None) or raise_key()  # type: ignore[attr-defined]

    def raise_key() -> object:
        raise KeyError

    def run(*argv: str) -> None:
        if argv[0] == "userdel":
            del accounts[argv[-1]]
        if argv[0] == "useradd":
            assert {"SUB_UID_COUNT=0", "SUB_GID_COUNT=0"} <= set(argv)
            assert argv[argv.index("--expiredate") + 1] == "1" and NO_LOGIN_SHELL in argv, (
                "a key in the home would open it"
            )
            accounts[argv[-1]] = (int(argv[argv.index("--uid") + 1]), argv[argv.index("--home-dir") + 1])

    monkeypatch.setattr(jhub_accounts.pwd, "getpwall", entries)
    monkeypatch.setattr(jhub_accounts.pwd, "getpwnam", by_name)
    monkeypatch.setattr(jhub_accounts.grp, "getgrall", list)
    monkeypatch.setattr(jhub_accounts, "run_program", run)
    home = tmp_path / "ana"
    accounts["root"] = (0, "/root")
    for uid in range(FIRST_UID, FIRST_UID + 4):
        assert ensure_account("lab-", "ana", home, uid) == "lab-ana"
        assert accounts["lab-ana"] == (uid, str(home))
    accounts["lab-ben"] = (1000, "/home/ben")
    assert ensure_account("lab-", "ben", tmp_path / "ben", FIRST_UID + 9).startswith("lab-ben-")
    assert accounts["lab-ben"] == (1000, "/home/ben")


def test_logins_of_the_machine_are_open_to_admins_with_sudo_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def entry(name: str, uid: int, home: Path, shell: str) -> pwd.struct_passwd:
        return pwd.struct_passwd((name, "x", uid, uid, "", str(home), shell))

    entries = [
        entry("lab-ana", FIRST_UID, tmp_path / "ana", LOGIN_SHELL),
        entry("lab-ben", FIRST_UID + 1, tmp_path / "ben", NO_LOGIN_SHELL),
        entry("lab-admin", FIRST_UID + 2, tmp_path / "admin", LOGIN_SHELL),
        entry("other-ana", FIRST_UID + 3, Path("/opt/jhub/other.data/homes/ana"), LOGIN_SHELL),
        entry("teacher", 1000, tmp_path / "teacher", LOGIN_SHELL),
    ]
    ran: list[tuple[str, ...]] = []
    monkeypatch.setattr(jhub_accounts.pwd, "getpwall", lambda: entries)
    monkeypatch.setattr(
        jhub_accounts.grp, "getgrall", lambda: [grp.struct_group(("lab_admins", "x", 990, ["lab-admin"]))]
    )
    monkeypatch.setattr(jhub_accounts, "run_program", lambda *argv: ran.append(argv))
    close_logins(tmp_path, "lab_admins")
    closed = ("usermod", "--shell", NO_LOGIN_SHELL, "--expiredate", "1")
    assert ran == [(*closed, "lab-ana")]
    ran.clear()
    assert ensure_account("lab-", "ana", tmp_path / "ana", FIRST_UID) == "lab-ana"
    assert ensure_account("lab-", "ben", tmp_path / "ben", FIRST_UID + 1, may_log_in=True) == "lab-ben"
    assert ran == [(*closed, "lab-ana"), ("usermod", "--shell", LOGIN_SHELL, "--expiredate", "", "lab-ben")]


def test_an_account_that_cannot_be_closed_keeps_no_hub_from_its_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    entries = [
        pwd.struct_passwd((name, "x", FIRST_UID + number, FIRST_UID + number, "", str(tmp_path / name), LOGIN_SHELL))
        for number, name in enumerate(("ana", "ben"))
    ]
    closed: list[str] = []

    def run(*argv: str) -> None:
        if argv[-1] == "ana":
            raise HomeRefused("usermod: cannot lock /etc/passwd; try again later.")
        closed.append(argv[-1])

    monkeypatch.setattr(jhub_accounts.pwd, "getpwall", lambda: entries)
    monkeypatch.setattr(jhub_accounts, "run_program", run)
    close_logins(tmp_path, None)
    assert closed == ["ben"]


def test_half_a_home_is_made_whole(tmp_path: Path) -> None:
    (tmp_path / ".ana.new").mkdir()
    home, _ = ensure_home(tmp_path, "ana", own_accounts=False)
    assert [entry.name for entry in tmp_path.iterdir()] == [home.name]


def test_limits_are_written_for_version_2(tmp_path: Path) -> None:
    for name in ("hub", "hub/ana"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "memory.swap.max").write_text("")
    group = ServerGroup({"version": 2, "path": str(tmp_path / "hub")}, "ana")
    group.make({"mem_limit": 1024})
    group.limit(group.places, 512, 1.5, 100)
    written = {file.name: file.read_text() for file in (tmp_path / "hub" / "ana").iterdir()}
    assert written == {"memory.max": "512", "memory.swap.max": "0", "cpu.max": "150000 100000", "pids.max": "100"}
    assert (tmp_path / "hub" / "memory.max").read_text() == "1024"
    assert (tmp_path / "hub" / "cgroup.subtree_control").read_text() == "+memory +cpu +pids"


def test_limits_are_written_for_version_1(tmp_path: Path) -> None:
    tree = {"version": 1} | {name: str(tmp_path / name) for name in ("memory", "cpu", "pids")}
    group = ServerGroup(tree, "ana")
    group.make({})
    counted = tmp_path / "memory/ana/memory.kmem.tcp.limit_in_bytes"
    counted.touch()
    group.limit(group.places, 512, 0.5, 10)
    # Else what waits in connections is counted for nobody.
    assert counted.read_text() == "128"
    group.limit(group.places, None, 0.5, 10)
    assert counted.read_text() == "-1"
    assert (tmp_path / "memory/ana/memory.limit_in_bytes").read_text() == "-1"
    assert (tmp_path / "cpu/ana/cpu.cfs_quota_us").read_text() == "50000"
    assert group.members() == set()


def test_a_process_is_known_by_when_it_began() -> None:
    assert process_start_time(os.getpid()) == process_start_time(os.getpid())
    assert process_start_time(2**22 + 1) is None
    assert os.getpid() in processes_at_home(Path(os.environ["HOME"]))
