"""What everybody reads: the tree that people see is whole at every moment, and is mended where it was damaged."""

from __future__ import annotations

import base64
import hashlib
import os
import stat
import threading
from pathlib import Path
from typing import Any

import jhub_tree
import pytest

Tree = dict[str, bytes]


def file_of(path: str, text: bytes, *, executable: bool = False) -> dict[str, Any]:
    return {"path": path, "size": len(text), "sha256": hashlib.sha256(text).hexdigest(), "executable": executable}


def files_of(tree: Tree) -> list[dict[str, Any]]:
    return [file_of(path, text) for path, text in tree.items()]


def answer(place: Path, do: str, **request: Any) -> Any:
    return jhub_tree.main({"place": str(place), "do": do, **request})


def ask(place: Path, do: str, **request: Any) -> Any:
    found = answer(place, do, **request)
    assert "refused" not in found, found
    return found["value"]


def send(place: Path, file: dict[str, Any], text: bytes, offset: int = 0, *, last: bool = True) -> Any:
    return answer(place, "write", parts=[{**file, "offset": offset, "data": base64.b64encode(text).decode(), "isLast": last}])


def publish(place: Path, tree: Tree) -> None:
    files = files_of(tree)
    for file, here in zip(files, ask(place, "missing", files=files)["here"], strict=True):
        if here is not None:
            assert "refused" not in send(place, file, tree[file["path"]][here:], here)
    ask(place, "publish", files=files)


def seen(place: Path) -> Tree:
    current = place / "current"
    return {str(each.relative_to(current)): each.read_bytes() for each in current.rglob("*") if each.is_file()}


def compared(place: Path, tree: Tree) -> str:
    found = ask(place, "compare", files=files_of(tree))
    return "same" if found["isSame"] else "other" if found["isThere"] else "none"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "materials"


FIRST = {"a.txt": b"one", "Übung 1/データ.csv": b"1,2", "Übung 1/same.txt": b"one"}
SECOND = {"a.txt": b"two", "b\nc.txt": b"odd", "deep/er/x": b""}


def test_people_see_what_was_published_and_cannot_change_it(place: Path) -> None:
    assert compared(place, FIRST) == "none"
    publish(place, FIRST)
    assert seen(place) == FIRST and compared(place, FIRST) == "same"
    publish(place, SECOND)
    assert seen(place) == SECOND and compared(place, FIRST) == "other"
    modes = {stat.S_IMODE(each.stat().st_mode) for each in (place / "current").rglob("*") if each.is_file()}
    assert modes == {0o444}
    assert stat.S_IMODE((place / "store").stat().st_mode) == 0o700


def test_nobody_lists_the_trees_of_before(place: Path) -> None:
    publish(place, FIRST)
    (place / "trees").chmod(0o755)
    publish(place, SECOND)
    assert stat.S_IMODE((place / "trees").stat().st_mode) == 0o711


def test_programs_that_stand_in_a_tree_of_before_go_on(place: Path) -> None:
    publish(place, FIRST)
    before = (place / "current").resolve()
    for number in range(jhub_tree.KEPT_TREES - 1):
        publish(place, {"a.txt": str(number).encode()})
        assert (before / "a.txt").read_bytes() == b"one"
    publish(place, SECOND)
    assert not before.exists() and seen(place) == SECOND


def test_the_disk_does_not_fill_with_what_was(place: Path) -> None:
    for number in range(jhub_tree.KEPT_TREES + 3):
        publish(place, {"a.txt": str(number).encode(), "b.txt": b"same"})
    assert len(list((place / "trees").iterdir())) == jhub_tree.KEPT_TREES
    assert len(list((place / "store").iterdir())) == 2
    assert os.stat(place / "current" / "b.txt").st_nlink == jhub_tree.KEPT_TREES + 1
    publish(place, {})
    assert seen(place) == {} and compared(place, {}) == "same"


def test_what_is_there_is_not_sent_again(place: Path) -> None:
    publish(place, FIRST)
    assert ask(place, "missing", files=files_of(FIRST))["here"] == [None, None, None]


def test_a_copy_that_was_cut_short_goes_on(place: Path) -> None:
    publish(place, FIRST)
    file = file_of("big", b"0123456789")
    ask(place, "missing", files=[file])
    send(place, file, b"0123", last=False)
    assert seen(place) == FIRST
    assert ask(place, "missing", files=[file])["here"] == [4]
    assert send(place, file, b"xx", 2) == {"refused": "another jhub writes the same files"}
    send(place, file, b"456789", 4)
    ask(place, "publish", files=[file])
    assert seen(place) == {"big": b"0123456789"}


def test_a_file_that_changed_on_the_way_is_refused(place: Path) -> None:
    publish(place, FIRST)
    file = file_of("a.txt", b"new")
    ask(place, "missing", files=[file])
    assert send(place, file, b"NEW") == {"refused": "a.txt changed while it was copied"}
    assert ask(place, "missing", files=[file])["here"] == [0]
    assert seen(place) == FIRST


@pytest.mark.parametrize("damage", ["changed", "lost", "added", "mode", "link", "directory"])
def test_what_was_changed_by_hand_is_seen_and_mended(place: Path, damage: str) -> None:
    publish(place, FIRST)
    current = place / "current"
    match damage:
        case "changed":
            (current / "a.txt").chmod(0o644)
            (current / "a.txt").write_bytes(b"bad")
            (current / "a.txt").chmod(0o444)
        case "lost":
            (current / "a.txt").unlink()
        case "added":
            (current / "b.txt").write_bytes(b"more")
        case "mode":
            (current / "a.txt").chmod(0o666)
        case "link":
            (current / "a.txt").unlink()
            (current / "a.txt").symlink_to("/etc/hostname")
        case "directory":
            (current / "Übung 1").chmod(0o777)
    assert compared(place, FIRST) == "other"
    publish(place, FIRST)
    assert seen(place) == FIRST and compared(place, FIRST) == "same"


def test_nobody_ever_sees_half_of_it(place: Path) -> None:
    one, two = ({f"{number}.txt": text for number in range(40)} for text in (b"one", b"two"))
    publish(place, one)
    ended = threading.Event()
    found: list[int] = []

    def look() -> None:
        while not ended.is_set():
            found.append(len(os.listdir(place / "current")))

    looking = threading.Thread(target=look)
    looking.start()
    for _ in range(4):
        publish(place, two)
        publish(place, one)
    ended.set()
    looking.join()
    assert set(found) == {40}


def test_what_may_be_run_and_what_may_not_are_two_files(place: Path) -> None:
    files = [file_of("run.sh", b"x", executable=True), file_of("run.txt", b"x")]
    ask(place, "missing", files=files)
    for file in files:
        send(place, file, b"x")
    ask(place, "publish", files=files)
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in (place / "current").iterdir()}
    assert modes == {"run.sh": 0o555, "run.txt": 0o444}
