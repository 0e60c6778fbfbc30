"""Keeps one tree of files that everybody reads and nobody but jhub writes.

    store/     contents, each once, under their digest
    trees/     whole trees, made of hard links to contents
    current    a link to the tree that people see

A tree is made beside the one that people see, and takes its place by the exchange of that link: nobody ever sees half of it.
Each request comes as a line of JSON, each answer goes as a line of JSON. It must run on any Python 3.10 or newer, with the
standard library alone.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

BLOCK = 1024 * 1024
PART = ".part"
# Programs that stand in a tree of before go on reading it. What trees have in common is on the disk once.
KEPT_TREES = 10
Answer = dict[str, Any]


class Refused(Exception):
    """A request that cannot be granted, in half a sentence."""


def main(request: Any) -> Answer:
    os.umask(0o022)
    try:
        return {"value": VERBS[request["do"]](Path(request["place"]), request)}
    except Refused as refusal:
        return {"refused": str(refusal)}
    except OSError as error:
        return {"refused": (error.strerror or type(error).__name__).lower()}


def name_of(file: Any) -> str:
    """Under which a content is stored: what may be run and what may not are two files."""
    return f"{file['sha256']}{'.x' if file['executable'] else ''}"


def mode_of(file: Any) -> int:
    return 0o555 if file["executable"] else 0o444


def digest_of(path: Path) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as content:
        while block := content.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


# compare


def compare(place: Path, request: Any) -> Answer:
    """Whether people see these files, all of them and nothing else, and none that was changed by hand."""
    current = place / "current"
    if not current.is_dir():
        return {"isThere": False, "isSame": False}
    wanted = {file["path"]: file for file in request["files"]}
    directories = {str(parent) for path in wanted for parent in Path(path).parents}
    is_same = all(is_as_wanted(current / path, path, wanted, directories) for path in below(current, ""))
    return {"isThere": True, "isSame": is_same and all(os.path.lexists(current / path) for path in wanted)}


def below(directory: Path, prefix: str) -> Iterator[str]:
    with os.scandir(directory) as entries:
        for entry in entries:
            path = prefix + entry.name
            yield path
            if entry.is_dir(follow_symlinks=False):
                yield from below(Path(entry.path), f"{path}/")


def is_as_wanted(place: Path, path: str, wanted: dict[str, Any], directories: set[str]) -> bool:
    facts = os.lstat(place)
    if stat.S_ISDIR(facts.st_mode):
        return path in directories and facts.st_uid == os.geteuid() and stat.S_IMODE(facts.st_mode) == 0o755
    return path in wanted and is_whole(place, wanted[path])


def is_whole(place: Path, file: Any) -> bool:
    """Whether it is this file, with the rights that it was given."""
    facts = os.lstat(place)
    if not stat.S_ISREG(facts.st_mode) or (facts.st_uid, stat.S_IMODE(facts.st_mode)) != (os.geteuid(), mode_of(file)):
        return False
    return bool(facts.st_size == file["size"] and digest_of(place) == file["sha256"])


# write


def missing(place: Path, request: Any) -> Answer:
    """Of each content how much is here already, in bytes; what was cut short is gone on with. Also the room on the disk."""
    make_directories(place)
    counts = [bytes_here(place / "store" / name_of(file), file) for file in request["files"]]
    facts = os.statvfs(place)
    return {"here": counts, "freeBytes": facts.f_bavail * facts.f_frsize}


def make_directories(place: Path) -> None:
    # Nobody lists the trees of before: what was taken out of the materials is found only by who noted its path.
    for directory, mode in ((place, 0o755), (place / "store", 0o700), (place / "trees", 0o711)):
        directory.mkdir(exist_ok=True)
        directory.chmod(mode)


def bytes_here(content: Path, file: Any) -> int | None:
    """`None`: all of it."""
    if content.exists():
        if is_whole(content, file):
            return None
        # The trees that have it keep it.
        content.unlink()
    partial = content.with_name(content.name + PART)
    size = partial.stat().st_size if partial.exists() else 0
    if size <= file["size"]:
        return size
    partial.unlink()
    return 0


def write(place: Path, request: Any) -> Answer:
    for part in request["parts"]:
        write_part(place / "store" / name_of(part), part)
    return {}


def write_part(content: Path, part: Any) -> None:
    partial = content.with_name(content.name + PART)
    with open(partial, "ab") as file:
        if file.tell() != part["offset"]:
            raise Refused("another jhub writes the same files")
        file.write(base64.b64decode(part["data"]))
        file.flush()
        os.fsync(file.fileno())
    if not part["isLast"]:
        return
    if digest_of(partial) != part["sha256"]:
        partial.unlink()
        raise Refused(f"{part['path']} changed while it was copied")
    partial.chmod(mode_of(part))
    partial.rename(content)


# publish


def publish(place: Path, request: Any) -> Answer:
    """Shows people these files in place of those before, in one step; then removes what is too old."""
    name = os.urandom(8).hex()
    tree = place / "trees" / f".{name}"
    tree.mkdir()
    for file in request["files"]:
        target = tree / file["path"]
        target.parent.mkdir(parents=True, exist_ok=True)
        give_name(place / "store" / name_of(file), target)
    tree.rename(place / "trees" / name)
    exchange(place, name)
    clear(place, name, {name_of(file) for file in request["files"]})
    return {}


def give_name(content: Path, target: Path) -> None:
    try:
        os.link(content, target)
    except OSError:
        # A file system without hard links, or one that lets a file have only so many.
        shutil.copy2(content, target)


def exchange(place: Path, name: str) -> None:
    new = place / ".current"
    new.unlink(missing_ok=True)
    new.symlink_to(f"trees/{name}")
    new.rename(place / "current")


def clear(place: Path, name: str, used: set[str]) -> None:
    trees = sorted((each for each in (place / "trees").iterdir() if each.name != name), key=lambda each: each.stat().st_mtime_ns)
    whole = [each for each in trees if not each.name.startswith(".")]
    kept = set(whole[1 - KEPT_TREES :])
    for tree in trees:
        if tree not in kept:
            shutil.rmtree(tree)
    for content in (place / "store").iterdir():
        if content.name not in used:
            content.unlink()


VERBS: dict[str, Callable[[Path, Any], Answer]] = {
    "compare": compare,
    "missing": missing,
    "write": write,
    "publish": publish,
}
