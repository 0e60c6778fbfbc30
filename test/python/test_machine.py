"""Names, accounts and control groups on the machine."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from jhub_accounts import FIRST_UID, HomeRefused, ensure_home
from jhub_cgroups import ServerGroup
from jhub_names import account_name
from jhub_process_spawner import process_start_time, processes_at_home

NAMES = json.loads((Path(__file__).parents[1] / "fixtures" / "account-names.json").read_text())


@pytest.mark.parametrize("name", NAMES)
def test_accounts_are_the_same_as_the_command_lines(name: str) -> None:
    assert account_name(name) == NAMES[name]


def test_a_shared_account_makes_homes_of_its_own(tmp_path: Path) -> None:
    home, uid = ensure_home(tmp_path, "ana", own_accounts=False)
    assert (home.stat().st_mode & 0o777, uid) == (0o700, os.getuid())
    (home / "diary").write_text("dear diary")
    assert ensure_home(tmp_path, "ana", own_accounts=False) == (home, uid)
    assert (home / "diary").read_text() == "dear diary"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give accounts of their own")
def test_each_person_has_an_account_that_stays(tmp_path: Path) -> None:
    ana, ben = (ensure_home(tmp_path, name, own_accounts=True)[1] for name in ("ana", "ben"))
    assert (ana, ben) == (FIRST_UID, FIRST_UID + 1)
    assert ensure_home(tmp_path, "ana", own_accounts=True)[1] == ana
    assert (tmp_path / "ana").stat().st_gid == ana


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give accounts of their own")
def test_people_of_two_hubs_are_never_one_account(tmp_path: Path) -> None:
    physics, chemistry = tmp_path / "physics" / "homes", tmp_path / "chemistry" / "homes"
    for homes in (physics, chemistry):
        homes.mkdir(parents=True)
    uids = [ensure_home(homes, name, own_accounts=True)[1] for name in ("ana", "ben") for homes in (physics, chemistry)]
    assert len(set(uids)) == len(uids)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give accounts of their own")
def test_homes_of_others_are_refused(tmp_path: Path) -> None:
    (tmp_path / "roots").mkdir()
    (tmp_path / "link").symlink_to("/etc")
    for account in ("roots", "link"):
        with pytest.raises(HomeRefused):
            ensure_home(tmp_path, account, own_accounts=True)


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
    group.limit(group.places, None, 0.5, 10)
    assert (tmp_path / "memory/ana/memory.limit_in_bytes").read_text() == "-1"
    assert (tmp_path / "cpu/ana/cpu.cfs_quota_us").read_text() == "50000"
    assert group.members() == set()


def test_a_process_is_known_by_when_it_began() -> None:
    assert process_start_time(os.getpid()) == process_start_time(os.getpid())
    assert process_start_time(2**22 + 1) is None
    assert os.getpid() in processes_at_home(Path(os.environ["HOME"]))
