"""What a person may have put into a home, and what the program that works there makes of it."""

from __future__ import annotations

import base64
import ctypes
import hashlib
import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import jhub_home
import pytest
from jhub_accounts import FIRST_UID

AT_FDCWD, RENAME_EXCHANGE = -100, 2
ASSETS = Path(__file__).parents[2] / "assets"
as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")


def ask(home: Path, do: str, **request: Any) -> Any:
    answer = jhub_home.main({"path": str(home), "do": do, **request})
    assert "refused" not in answer, answer
    return answer["value"]


def found(home: Path, pattern: str | None, most: int = 1000) -> Any:
    return ask(home, "list", pattern=pattern, mostFiles=most)


def paths(home: Path, pattern: str) -> list[str]:
    return [each["path"] for each in found(home, pattern)["files"]]


def new_file(path: str, text: bytes, **more: Any) -> dict[str, Any]:
    return {"path": path, "size": len(text), "sha256": hashlib.sha256(text).hexdigest(), **more}


def new_part(path: str, text: bytes, *, offset: int = 0, data: bytes | None = None, last: bool = True) -> dict[str, Any]:
    encoded = base64.b64encode(text if data is None else data).decode()
    return new_file(path, text, offset=offset, data=encoded, isLast=last, executable=False)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("hw1.ipynb", ["hw1.ipynb"]),
        ("*.ipynb", ["hw1.ipynb"]),
        ("*/*.ipynb", ["work/hw1.ipynb"]),
        ("**/*.ipynb", ["hw1.ipynb", "work/deep/hw2.ipynb", "work/hw1.ipynb"]),
        ("**/hw1.ipynb", ["hw1.ipynb", "work/hw1.ipynb"]),
        ("work", ["work/deep/hw2.ipynb", "work/hw1.ipynb"]),
        ("work/**", ["work/deep/hw2.ipynb", "work/hw1.ipynb"]),
        ("w*/d??p/[!x]*", ["work/deep/hw2.ipynb"]),
        (".hidden/*", [".hidden/hw1.ipynb"]),
        ("**", ["hw1.ipynb", "work/deep/hw2.ipynb", "work/hw1.ipynb"]),
        ("HW1.ipynb", []),
        ("**/**/hw2.ipynb", ["work/deep/hw2.ipynb"]),
    ],
)
def test_patterns_are_read_as_a_shell_reads_them(tmp_path: Path, pattern: str, expected: list[str]) -> None:
    for place in ("", "work", "work/deep", ".hidden", "work/.ipynb_checkpoints"):
        (tmp_path / place).mkdir(exist_ok=True)
        (tmp_path / place / ("hw2.ipynb" if place == "work/deep" else "hw1.ipynb")).write_text("x")
    assert paths(tmp_path, pattern) == expected


@pytest.mark.parametrize("pattern", ["../x", "a/../x", "/etc/passwd", "a//b", ".", "a/\0"])
def test_no_pattern_leads_out(tmp_path: Path, pattern: str) -> None:
    assert "refused" in jhub_home.main({"path": str(tmp_path), "do": "list", "pattern": pattern, "mostFiles": 9})


def test_a_home_that_is_full_is_listed_up_to_the_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(300):
        (tmp_path / f"{number}.txt").touch()
    assert found(tmp_path, "*.txt", 100)["hasMore"]
    assert len(found(tmp_path, "*.txt", 100)["files"]) == 100
    monkeypatch.setattr(jhub_home, "MOST_SEEN", 200)
    assert found(tmp_path, "*.csv")["hasMore"]
    monkeypatch.setattr(jhub_home, "MOST_NAMES", 50)
    assert found(tmp_path, "1*.txt")["hasMore"]


def test_a_home_with_very_many_files_costs_no_more_than_what_is_asked_of_it(tmp_path: Path) -> None:
    for number in range(100_000):
        (tmp_path / f"{number:06}.txt").touch()
    program = (
        "import json, resource, sys; import jhub_home; "
        "answer = jhub_home.main(json.loads(sys.argv[1]))['value']; "
        "print(json.dumps([len(answer['files']), answer['hasMore'], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))"
    )

    def listed(pattern: str, most: int) -> Any:
        request = json.dumps({"path": str(tmp_path), "do": "list", "pattern": pattern, "mostFiles": most})
        place = {"PYTHONPATH": str(ASSETS / "files")}
        done = subprocess.run([sys.executable, "-B", "-c", program, request], env=place, capture_output=True, check=True)
        return json.loads(done.stdout)

    *_, least_kilobytes = listed("no-such-file", 1000)
    count, has_more, kilobytes = listed("**", 1000)
    assert (count, has_more) == (1000, True)
    assert kilobytes < least_kilobytes + 64 * 1024
    assert listed("**", 100_000)[:2] == [100_000, False]


def make_deep(home: Path, levels: int) -> None:
    current = os.open(home, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir("d", dir_fd=current)
        below = os.open("d", os.O_RDONLY, dir_fd=current)
        os.close(current)
        current = below
    os.close(os.open("end.txt", os.O_CREAT | os.O_WRONLY, dir_fd=current))
    os.close(current)


def test_a_tree_that_never_ends_is_said_and_removed(tmp_path: Path) -> None:
    make_deep(tmp_path, 3000)
    (tmp_path / "hw.txt").write_text("x")
    listed = found(tmp_path, "**")
    assert [each["path"] for each in listed["files"]] == ["hw.txt"]
    assert listed["skipped"][0]["why"] == "it stands deeper than 64 directories"
    ask(tmp_path, "empty")
    assert os.listdir(tmp_path) == []


def test_names_are_taken_as_they_are(tmp_path: Path) -> None:
    for name in (b"new\nline", b"\xff.txt", b"\xe2\x80\xae.txt", b"-rf", b"a\\b"):
        with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:
            file.write(name)
    listed = json.loads(json.dumps(found(tmp_path, "*")))["files"]
    parts = [{"path": each["path"], "version": each["version"], "offset": 0, "length": each["size"]} for each in listed]
    assert [base64.b64decode(each["data"]) for each in ask(tmp_path, "read", parts=parts)] == [
        os.fsencode(each["path"]) for each in listed
    ]


@pytest.mark.parametrize("written", ["\u00dcbung.txt", "U\u0308bung.txt"])
@pytest.mark.parametrize("typed", ["\u00dcbung.txt", "U\u0308*", "\u00dc*", "[\u00dc]bung.txt"])
def test_a_name_from_a_mac_is_the_name_that_was_typed(tmp_path: Path, written: str, typed: str) -> None:
    (tmp_path / written).touch()
    assert paths(tmp_path, typed) == [written]


def test_what_is_not_a_file_is_never_opened(tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("of somebody else")
    home = tmp_path / "home"
    home.mkdir()
    os.mkfifo(home / "fifo")
    (home / "link").symlink_to(tmp_path / "outside")
    (home / "directory").symlink_to(tmp_path)
    assert paths(home, "**") == []
    kinds = {each["path"]: each["kind"] for each in found(home, None)["others"]}
    assert kinds == {"fifo": "special", "link": "link", "directory": "link"}
    for path in ("fifo", "link", "directory/outside"):
        for version in ("", "1.2.3.4.5"):
            assert ask(home, "read", parts=[{"path": path, "version": version, "offset": 0, "length": 9}]) == [{"changed": True}]


def test_a_directory_that_becomes_a_link_meanwhile_leads_nowhere(tmp_path: Path) -> None:
    outside, home = tmp_path / "outside", tmp_path / "home"
    for place in (outside, home / "work"):
        place.mkdir(parents=True)
        (place / "hw.txt").write_text(place.name)
    (home / "link").symlink_to(outside)
    is_over = threading.Event()

    exchange = ctypes.CDLL(None).renameat2
    names = [os.fsencode(home / name) for name in ("work", "link")]

    def swap() -> None:
        while not is_over.is_set():
            exchange(AT_FDCWD, names[0], AT_FDCWD, names[1], RENAME_EXCHANGE)

    swapping = threading.Thread(target=swap)
    swapping.start()
    try:
        for number in range(300):
            for each in found(home, "**/hw.txt")["files"]:
                part = {"path": each["path"], "version": each["version"], "offset": 0, "length": each["size"]}
                [answer] = ask(home, "read", parts=[part])
                assert answer in ({"changed": True}, {"data": base64.b64encode(b"work").decode()})
            ask(home, "write", parts=[new_part("work/new.txt", str(number).encode())])
    finally:
        is_over.set()
        swapping.join()
    assert os.listdir(outside) == ["hw.txt"]


def test_a_file_that_changes_is_not_read_in_two_halves(tmp_path: Path) -> None:
    file = tmp_path / "hw.txt"
    file.write_text("aaaa")
    [listed] = found(tmp_path, "*")["files"]
    part = {"path": "hw.txt", "version": listed["version"], "offset": 2, "length": 2}
    assert ask(tmp_path, "read", parts=[part]) == [{"data": base64.b64encode(b"aa").decode()}]
    facts = file.stat()
    file.write_text("bbbb")
    os.utime(file, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert ask(tmp_path, "read", parts=[part]) == [{"changed": True}]


def test_a_new_file_has_no_name_before_it_is_whole(tmp_path: Path) -> None:
    text = b"the task"
    ask(tmp_path, "write", parts=[new_part("hw.txt", text, data=b"the ", last=False)])
    assert not (tmp_path / "hw.txt").exists()
    assert paths(tmp_path, "**") == []
    [answer] = ask(tmp_path, "write", parts=[new_part("hw.txt", text, offset=4, data=b"task")])
    assert answer == {"as": "hw.txt"}
    assert (tmp_path / "hw.txt").read_bytes() == text
    [answer] = ask(tmp_path, "write", parts=[new_part("other.txt", text, data=b"not the")])
    assert answer == {"problem": "it changed while it was written"}
    assert os.listdir(tmp_path) == ["hw.txt"]


def test_a_place_that_was_prepared_is_not_written_through(tmp_path: Path) -> None:
    text = b"the task"
    victim = tmp_path / "victim"
    home = tmp_path / "home"
    home.mkdir()
    partial = home / f".jhub-{hashlib.sha256(text).hexdigest()[:24]}.part"
    for prepare in (partial.symlink_to, lambda target: os.link(target, partial)):
        victim.write_text("what was there")
        prepare(victim)
        [answer] = ask(home, "write", parts=[new_part("hw.txt", text, offset=4, data=b"task")])
        assert "problem" in answer
        ask(home, "write", parts=[new_part("hw.txt", text)])
        assert victim.read_text() == "what was there"
        assert (home / "hw.txt").read_bytes() == text
        partial.unlink(missing_ok=True)
        (home / "hw.txt").unlink()


def test_copies_have_the_first_free_name(tmp_path: Path) -> None:
    (tmp_path / "hw.tar.gz").write_bytes(b"mine")
    (tmp_path / "hw.tar-Copy1.gz").symlink_to("/nowhere")
    (tmp_path / "README").mkdir()
    files = [new_file(name, b"task") for name in ("hw.tar.gz", "README", "new/deep.txt")]
    assert [each["as"] for each in ask(tmp_path, "plan", files=files)] == ["hw.tar-Copy2.gz", "README-Copy1", "new/deep.txt"]
    (tmp_path / "hw.tar-Copy2.gz").write_bytes(b"task")
    assert ask(tmp_path, "plan", files=files[:1]) == [{"as": "hw.tar-Copy2.gz", "isThere": True}]


@pytest.mark.parametrize("name", ["x" * 249 + ".ipynb", "\u4e1a" * 83 + ".ipynb"])
def test_a_copy_of_the_longest_name_has_a_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"mine")
    [written] = ask(tmp_path, "write", parts=[new_part(name, b"task")])
    assert written["as"].endswith("-Copy1.ipynb")
    assert (tmp_path / written["as"]).read_bytes() == b"task"
    assert ask(tmp_path, "plan", files=[new_file(name, b"task")]) == [{"as": written["as"], "isThere": True}]
    assert (tmp_path / name).read_bytes() == b"mine"


def test_a_home_is_emptied_whatever_is_in_it_and_nothing_else(tmp_path: Path) -> None:
    outside, home = tmp_path / "outside", tmp_path / "home"
    (outside / "kept").mkdir(parents=True)
    (outside / "kept" / "file").write_text("kept")
    (home / "closed" / "below").mkdir(parents=True)
    (home / "closed" / "below" / "file").write_text("x")
    (home / "closed").chmod(0)
    (home / "link").symlink_to(outside)
    (home / ".hidden").write_text("x")
    os.mkfifo(home / "fifo")
    os.link(outside / "kept" / "file", home / "hard")
    ask(home, "empty")
    assert os.listdir(home) == []
    assert (outside / "kept" / "file").read_text() == "kept"


def run_as_jhub_does(homes: Path, user: str, **request: Any) -> Any:
    """In a process of its own, since it gives its rights away."""
    program = "import json, sys, jhub_home; print(json.dumps(jhub_home.main(json.loads(sys.stdin.read()))))"
    places = os.pathsep.join(str(ASSETS / place) for place in ("hub", "vm", "files"))
    done = subprocess.run(
        [sys.executable, "-B", "-c", program],
        input=json.dumps({"homes": str(homes), "user": user, "people": [user], **request}),
        env={"PYTHONPATH": places},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


@as_root
def test_root_becomes_the_person_first(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    for parent in list(tmp_path.parents)[:2]:
        parent.chmod(0o755)
    homes = tmp_path / "hub" / "homes"
    homes.mkdir(parents=True)
    [written] = run_as_jhub_does(homes, "ana", do="write", make=True, parts=[new_part("a/hw.txt", b"x")])["value"]
    assert written == {"as": "a/hw.txt"}
    facts = (homes / "ana" / "a" / "hw.txt").stat()
    assert (facts.st_uid, facts.st_gid) == (FIRST_UID, FIRST_UID)
    root_only = homes / "ana" / "of-root"
    root_only.write_text("secret")
    root_only.chmod(0o600)
    [listed] = run_as_jhub_does(homes, "ana", do="list", pattern="of-root", mostFiles=9)["value"]["files"]
    assert listed["problem"] == "permission denied"
    (homes / "ana" / "closed").touch(mode=0)
    os.chown(homes / "ana" / "closed", FIRST_UID, FIRST_UID)
    both = run_as_jhub_does(homes, "ana", do="list", pattern="**", mostFiles=9)["value"]["files"]
    assert {each["path"]: each.get("problem") for each in both} == {
        "a/hw.txt": None,
        "closed": "permission denied",
        "of-root": "permission denied",
    }
    part = {"path": "of-root", "version": listed["version"], "offset": 0, "length": 6}
    assert run_as_jhub_does(homes, "ana", do="read", parts=[part])["value"] == [{"changed": True}]
    (homes / "system").mkdir()
    assert "not one of this hub's people" in run_as_jhub_does(homes, "system", do="empty")["refused"]
    (homes / "link").symlink_to(homes / "ana")
    assert run_as_jhub_does(homes, "link", do="list", pattern="**", mostFiles=9)["value"] is None
    assert run_as_jhub_does(homes, "nobody", do="list", pattern="**", mostFiles=9) == {"value": None}
    assert stat.S_IMODE((homes / "ana").stat().st_mode) == 0o700


@as_root
def test_a_persons_own_lost_and_found_is_one_of_their_directories(tmp_path: Path) -> None:
    own, of_the_volume = tmp_path / "own", tmp_path / "volume"
    for home, uid in ((own, 65534), (of_the_volume, 0)):
        (home / "lost+found").mkdir(parents=True)
        (home / "lost+found" / "thesis.ipynb").write_text("{}")
        os.chown(home / "lost+found", uid, uid)
    assert paths(own, "**") == ["lost+found/thesis.ipynb"]
    assert paths(of_the_volume, "**") == []
    for home in (own, of_the_volume):
        ask(home, "empty")
    assert [os.listdir(own), os.listdir(of_the_volume)] == [[], ["lost+found"]]


@as_root
def test_what_cannot_be_removed_is_named(tmp_path: Path) -> None:
    for parent in (tmp_path, *list(tmp_path.parents)[:2]):
        parent.chmod(0o755)
    home = tmp_path / "homes" / "ana"
    home.parent.mkdir()
    [written] = run_as_jhub_does(home.parent, "ana", do="write", make=True, parts=[new_part("a/hw.txt", b"x")])["value"]
    assert written == {"as": "a/hw.txt"}
    (home / "a" / "of-root").mkdir()
    (home / "a" / "of-root" / "kept").write_text("x")
    refused = run_as_jhub_does(home.parent, "ana", do="empty")["refused"]
    assert refused == "a/of-root/kept cannot be removed (permission denied)"
