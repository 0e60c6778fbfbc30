"""The directory that everybody writes to, and how people find it and the materials in their home."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Any

import jhub_shared
import pytest
from jhub_places import link_places

as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")


def ask(place: Path, do: str) -> Any:
    found = jhub_shared.main({"place": str(place), "do": do})
    assert "refused" not in found, found
    return found["value"]


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    tmp_path.chmod(0o711)
    return {"materialsDirectory": str(tmp_path / "materials"), "sharedDirectory": str(tmp_path / "shared")}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir(mode=0o700)
    return tmp_path / "home"


def give_materials(settings: dict[str, str]) -> Path:
    current = Path(settings["materialsDirectory"], "current")
    current.mkdir(parents=True)
    return current


def test_shared_is_opened_and_closed_and_keeps_what_is_in_it(tmp_path: Path) -> None:
    place = tmp_path / "shared"
    assert ask(place, "look") == "absent"
    ask(place, "open")
    assert ask(place, "look") == "open" and stat.S_IMODE(place.stat().st_mode) == 0o1777
    (place / "x").write_text("x")
    ask(place, "close")
    assert ask(place, "look") == "closed" and stat.S_IMODE(place.stat().st_mode) == 0o700
    ask(place, "open")
    assert (place / "x").read_text() == "x"
    place.chmod(0o777)
    assert ask(place, "look") == "changed"


@as_root
@pytest.mark.parametrize("do", ["open", "close"])
def test_a_directory_of_another_account_is_refused(tmp_path: Path, do: str) -> None:
    place = tmp_path / "shared"
    place.mkdir(0o755)
    os.chown(place, 200_001, 0)
    refused = f"{place} belongs to uid 200001 (chown 0 {place} gives it back)"
    assert jhub_shared.main({"place": str(place), "do": do}) == {"refused": refused}
    assert stat.S_IMODE(place.stat().st_mode) == 0o755


def test_a_look_changes_nothing(tmp_path: Path) -> None:
    place = tmp_path / "shared"
    place.mkdir()
    place.chmod(0o1777)
    before = place.stat().st_ctime_ns
    assert ask(place, "look") in ("changed", "open")
    assert place.stat().st_ctime_ns == before


def as_person(uid: int, umask: int, work: Any) -> int:
    """Runs it in a process of that account; gives its exit code."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.setgroups([])
            os.setgid(uid)
            os.setuid(uid)
            os.umask(umask)
            work()
            code = 0
        except PermissionError:
            code = 13
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@as_root
def test_others_read_what_a_server_makes_there_and_cannot_change_it(tmp_path: Path) -> None:
    for parent in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        parent.chmod(0o711)
    place = tmp_path / "shared"
    if not ask(place, "open"):
        pytest.skip("no access lists on this disk")
    ana, ben = 200_001, 200_002
    # Servers have this umask: without the list nobody could read it.
    assert as_person(ana, 0o077, lambda: (place / "d").mkdir()) == 0
    assert as_person(ana, 0o077, lambda: (place / "d" / "x").write_text("x")) == 0
    assert as_person(ben, 0o077, lambda: (place / "d" / "x").read_text()) == 0
    assert as_person(ben, 0o077, lambda: (place / "d" / "x").write_text("y")) == 13
    assert as_person(ben, 0o077, lambda: (place / "d").rename(place / "e")) == 13
    assert as_person(ben, 0o077, lambda: (place / "d" / "x").unlink()) == 13


def test_people_find_what_the_hub_has(home: Path, settings: dict[str, str]) -> None:
    link_places(home, settings)
    assert list(home.iterdir()) == []
    current = give_materials(settings)
    ask(Path(settings["sharedDirectory"]), "open")
    link_places(home, settings)
    link_places(home, settings)
    assert {each.name: os.readlink(each) for each in home.iterdir()} == {
        "materials": str(current),
        "shared": settings["sharedDirectory"],
    }


def test_links_to_what_the_hub_has_no_more_go(home: Path, settings: dict[str, str]) -> None:
    current = give_materials(settings)
    ask(Path(settings["sharedDirectory"]), "open")
    link_places(home, settings)
    current.rmdir()
    ask(Path(settings["sharedDirectory"]), "close")
    link_places(home, settings)
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("kind", ["file", "directory", "link", "dangling"])
@pytest.mark.parametrize("has", [True, False])
def test_what_a_person_has_under_these_names_stays(home: Path, settings: dict[str, str], kind: str, has: bool) -> None:
    secret = home.parent / "secret"
    secret.write_text("secret")
    own = home / "materials"
    match kind:
        case "file":
            own.write_text("mine")
        case "directory":
            own.mkdir()
            (own / "x").write_text("mine")
        case "link":
            own.symlink_to(secret)
        case "dangling":
            own.symlink_to("/nowhere")
    before = own.lstat()
    if has:
        give_materials(settings)
    link_places(home, settings)
    assert own.lstat() == before
    assert secret.read_text() == "secret"


def test_a_home_that_is_a_link_is_not_entered(home: Path, settings: dict[str, str]) -> None:
    give_materials(settings)
    link = home.parent / "other"
    link.symlink_to(home)
    with pytest.raises(OSError):
        link_places(link, settings)
    assert list(home.iterdir()) == []


def test_a_link_that_cannot_be_made_keeps_no_server_from_starting(
    home: Path, settings: dict[str, str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    give_materials(settings)
    ask(Path(settings["sharedDirectory"]), "open")
    make = os.symlink

    def full(target: Any, name: str, **more: Any) -> None:
        if name == "materials":
            raise OSError(errno.ENOSPC, "No space left on device")
        make(target, name, **more)

    monkeypatch.setattr(os, "symlink", full)
    link_places(home, settings)
    assert [each.name for each in home.iterdir()] == ["shared"]
    assert "No space left on device" in caplog.text
