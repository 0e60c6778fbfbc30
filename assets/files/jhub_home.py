"""Works in one person's home for a jhub: lists, reads, writes and empties it, with the rights of that person alone.

Each request comes as a line of JSON, each answer goes as a line of JSON. Started as root, it becomes the owner of the home before
it looks at anything in it. No link is followed, at any depth: each directory is opened from the one above it. It must run on any
Python 3.10 or newer, with the standard library alone.
"""

from __future__ import annotations

import base64
import ctypes
import errno
import fnmatch
import hashlib
import os
import re
import stat
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PR_SET_DUMPABLE = 4
PR_SET_NO_NEW_PRIVS = 38

DEEPEST = 64
LONGEST_PATH = 1024
# What one listing may hold: entries that were looked at, and bytes of paths.
MOST_SEEN = 1_000_000
MOST_NAMES = 8 * 1024 * 1024
MOST_TOLD = 50
MOST_COPIES = 200
# Bytes that a file system takes as one name.
LONGEST_NAME = 255
BLOCK = 1024 * 1024
# What a file system of its own has at its root, which is nobody's file.
OF_THE_VOLUME = "lost+found"
# Links that the hub makes to what everybody sees.
OF_EVERYBODY = ("materials", "shared")

DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
Answer = dict[str, Any]


class Refused(Exception):
    """A request that cannot be granted, in half a sentence."""


class Absent(Exception):
    """There is no home."""


def main(request: Any) -> Answer:
    try:
        home = open_home(request)
        try:
            return {"value": VERBS[request["do"]](home, request)}
        finally:
            os.close(home)
    except Absent:
        return {"value": None}
    except Refused as refusal:
        return {"refused": str(refusal)}
    except OSError as error:
        return {"refused": why(error)}


def why(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "there is no room left for the files of this person"
    return (error.strerror or type(error).__name__).lower()


# The home


def open_home(request: Any) -> int:
    """A descriptor of the home. From here on this process is the person."""
    if "path" in request:
        home = os.open(request["path"], DIRECTORY)
    else:
        home = find_and_open(request)
        become_owner(home)
    os.umask(0o022)
    return home


def find_and_open(request: Any) -> int:
    import jhub_accounts

    homes, user = Path(request["homes"]), request["user"]
    try:
        if request.get("make"):
            place, _ = jhub_accounts.ensure_home(homes, user, request["people"], own_accounts=os.getuid() == 0)
        else:
            place = jhub_accounts.find_home(homes, user)
        return os.open(place, DIRECTORY)
    except jhub_accounts.HomeRefused as refusal:
        raise Refused(str(refusal)) from None
    except (FileNotFoundError, NotADirectoryError):
        raise Absent from None


def become_owner(home: int) -> None:
    """Root's rights end here. What runs with the same number may neither look into this process nor change it."""
    import jhub_accounts

    owner = os.fstat(home).st_uid
    if os.getuid() != 0:
        if owner != os.getuid():
            raise Refused(f"the home belongs to uid {owner}")
        return
    if not jhub_accounts.FIRST_UID <= owner < jhub_accounts.LAST_UID:
        raise Refused(f"the home belongs to uid {owner}, which is not one of this hub's people")
    os.setgroups([])
    os.setresgid(owner, owner, owner)
    os.setresuid(owner, owner, owner)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        for option, value in ((PR_SET_DUMPABLE, 0), (PR_SET_NO_NEW_PRIVS, 1)):
            if libc.prctl(option, value, 0, 0, 0) != 0:
                raise OSError(ctypes.get_errno(), "prctl failed")


# Going down


@contextmanager
def opened(name: str, flags: int, parent: int, mode: int = 0o600) -> Iterator[int]:
    descriptor = os.open(name, flags, mode, dir_fd=parent)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def parent_of(home: int, path: str, *, make: bool = False) -> Iterator[tuple[int, str]]:
    """The directory in which a file stands, and its name there."""
    *directories, name = parts_of(path)
    current = os.dup(home)
    try:
        for each in directories:
            if make:
                try:
                    os.mkdir(each, 0o755, dir_fd=current)
                except FileExistsError:
                    pass
            below = os.open(each, DIRECTORY, dir_fd=current)
            os.close(current)
            current = below
        yield current, name
    finally:
        os.close(current)


def parts_of(path: str) -> list[str]:
    parts = path.split("/")
    if len(parts) > DEEPEST or any(part in ("", ".", "..") or "\0" in part for part in parts):
        raise Refused("a path that is not one below a home")
    return parts


def version_of(facts: os.stat_result) -> str:
    """Changes whenever the file does: nobody can set the time at which the system last changed it."""
    return f"{facts.st_dev}.{facts.st_ino}.{facts.st_size}.{facts.st_mtime_ns}.{facts.st_ctime_ns}"


# list


class Pattern:
    """A shell's pattern, part by part: `*` finds no hidden name, `**` any number of directories, a directory all that is in it."""

    def __init__(self, text: str | None) -> None:
        self.finds_hidden = text is None
        parts = [] if text is None else parts_of(text)
        self.parts: list[Callable[[str], object] | None] = [self.part(each) for each in parts]
        self.start = self.closed({0})

    def part(self, text: str) -> Callable[[str], object] | None:
        if text == "**":
            return None
        matches = re.compile(fnmatch.translate(composed(text))).fullmatch
        finds_hidden = text.startswith(".")
        return lambda name: (finds_hidden or not name.startswith(".")) and matches(composed(name))

    def closed(self, positions: set[int]) -> frozenset[int]:
        found = set(positions)
        for position in sorted(positions):
            while position < len(self.parts) and self.parts[position] is None:
                position += 1
                found.add(position)
        return frozenset(found)

    def below(self, positions: Iterable[int], name: str) -> frozenset[int]:
        """The positions in a directory, or of a file, of this name; at the last one, all that is below is found."""
        found = set()
        is_plain = self.finds_hidden or not name.startswith(".")
        for position in positions:
            if position == len(self.parts):
                found |= {position} if is_plain else set()
            elif (matches := self.parts[position]) is None:
                found |= {position} if is_plain else set()
            elif matches(name):
                found.add(position + 1)
        return self.closed(found)

    def is_found(self, positions: frozenset[int]) -> bool:
        return len(self.parts) in positions


def composed(text: str) -> str:
    """A Mac writes one letter as two signs (`u` and its dots), most others as one: people see the same name."""
    return unicodedata.normalize("NFC", text)


class Listing:
    """What a pattern finds, up to the limits."""

    def __init__(self, pattern: Pattern, most_files: int, everything: bool) -> None:
        self.pattern, self.most_files, self.everything = pattern, most_files, everything
        self.files: list[Answer] = []
        self.others: list[Answer] = []
        self.skipped: list[Answer] = []
        self.seen = self.names = self.left_out = 0
        self.has_more = False

    def skip(self, path: str, reason: str) -> None:
        self.left_out += 1
        if len(self.skipped) < MOST_TOLD:
            self.skipped.append({"path": path[:LONGEST_PATH], "why": reason})

    def walk(self, directory: int, prefix: str, positions: frozenset[int], depth: int) -> None:
        with os.scandir(directory) as entries:
            names = []
            for entry in entries:
                self.seen += 1
                if self.seen > MOST_SEEN:
                    self.has_more = True
                    break
                next_positions = self.pattern.below(positions, entry.name)
                if next_positions:
                    names.append((entry.name, next_positions))
        for name, below in sorted(names):
            if self.has_more:
                return
            try:
                if depth == 0 and is_of_the_volume(directory, name):
                    continue
                self.take(directory, prefix, name, below, depth)
            except FileNotFoundError:
                continue
            except OSError as error:
                self.skip(prefix + name, why(error))

    def take(self, directory: int, prefix: str, name: str, positions: frozenset[int], depth: int) -> None:
        path, facts = prefix + name, os.stat(name, dir_fd=directory, follow_symlinks=False)
        is_found = self.pattern.is_found(positions)
        if len(os.fsencode(path)) > LONGEST_PATH:
            self.skip(path, f"its path is longer than {LONGEST_PATH} bytes")
        elif stat.S_ISDIR(facts.st_mode):
            if self.everything:
                self.add(self.others, path, {"kind": "directory", "mode": stat.S_IMODE(facts.st_mode)}, facts)
            if depth >= DEEPEST:
                self.skip(path, f"it stands deeper than {DEEPEST} directories")
                return
            with opened(name, DIRECTORY, directory) as below:
                self.walk(below, f"{path}/", positions, depth + 1)
        elif not is_found:
            return
        elif stat.S_ISREG(facts.st_mode):
            problem = {} if os.access(name, os.R_OK, dir_fd=directory) else {"problem": os.strerror(errno.EACCES).lower()}
            self.add(self.files, path, {"size": facts.st_size, "version": version_of(facts), **problem}, facts)
        elif self.everything and stat.S_ISLNK(facts.st_mode):
            self.add(self.others, path, {"kind": "link", "target": os.readlink(name, dir_fd=directory)}, facts)
        elif self.everything:
            self.add(self.others, path, {"kind": "special"}, facts)
        elif not (stat.S_ISLNK(facts.st_mode) and path in OF_EVERYBODY):
            self.skip(path, "it is a link" if stat.S_ISLNK(facts.st_mode) else "it is not a file")

    def add(self, kind: list[Answer], path: str, item: Answer, facts: os.stat_result) -> None:
        self.names += len(os.fsencode(path))
        if len(self.files) + len(self.others) >= self.most_files or self.names > MOST_NAMES:
            self.has_more = True
            return
        modified, changed = facts.st_mtime_ns // 1_000_000, facts.st_ctime_ns // 1_000_000
        kind.append({"path": path, **item, "executable": bool(facts.st_mode & 0o100), "modified": modified, "changed": changed})


def list_files(home: int, request: Any) -> Answer:
    everything = request["pattern"] is None
    listing = Listing(Pattern(request["pattern"]), request["mostFiles"], everything)
    listing.walk(home, "", listing.pattern.start, 0)
    return {
        "files": listing.files,
        "others": listing.others,
        "skipped": listing.skipped,
        "leftOut": listing.left_out,
        "hasMore": listing.has_more,
    }


# read


def read_parts(home: int, request: Any) -> list[Answer]:
    return [read_part(home, part) for part in request["parts"]]


def read_part(home: int, part: Any) -> Answer:
    try:
        with parent_of(home, part["path"]) as (parent, name), opened(name, READ, parent) as file:
            if not is_version(file, part["version"]):
                return {"changed": True}
            data = bytearray()
            while len(data) < part["length"]:
                block = os.pread(file, min(BLOCK, part["length"] - len(data)), part["offset"] + len(data))
                if not block:
                    return {"changed": True}
                data += block
            return {"data": base64.b64encode(data).decode()} if is_version(file, part["version"]) else {"changed": True}
    except OSError:
        return {"changed": True}


def is_version(file: int, version: str) -> bool:
    facts = os.fstat(file)
    return stat.S_ISREG(facts.st_mode) and version_of(facts) == version


# write


def plan_files(home: int, request: Any) -> list[Answer]:
    return [attempt(lambda file=file: plan_file(home, file)) for file in request["files"]]  # type: ignore[misc]


def attempt(action: Callable[[], Answer]) -> Answer:
    try:
        return action()
    except Refused as refusal:
        return {"problem": str(refusal)}
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            return {"problem": "a link or a file is where a directory is needed"}
        return {"problem": why(error)}


def plan_file(home: int, file: Any) -> Answer:
    """Under which name a file would be written, and whether the person has it already."""
    path = file["path"]
    try:
        with parent_of(home, path) as (parent, _):
            for candidate in copies_of(path):
                name = candidate.rsplit("/", 1)[-1]
                if not exists(parent, name):
                    return {"as": candidate, "isThere": False}
                if has_content(parent, name, file["size"], file["sha256"]):
                    return {"as": candidate, "isThere": True}
    except FileNotFoundError:
        return {"as": path, "isThere": False}
    raise Refused(f"{MOST_COPIES} copies of it are there")


def copies_of(path: str) -> Iterator[str]:
    """The path, and then those of copies beside it, as JupyterLab names them."""
    yield path
    directory, slash, name = path.rpartition("/")
    stem, suffix = os.path.splitext(name)
    for number in range(1, MOST_COPIES):
        ending = f"-Copy{number}{suffix}"
        while stem and len(os.fsencode(stem + ending)) > LONGEST_NAME:
            stem = stem[:-1]
        yield f"{directory}{slash}{stem}{ending}"


def exists(parent: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=parent, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def has_content(parent: int, name: str, size: int, sha256: str) -> bool:
    try:
        with opened(name, READ, parent) as file:
            facts = os.fstat(file)
            return stat.S_ISREG(facts.st_mode) and facts.st_size == size and digest_of(file) == sha256
    except OSError:
        return False


def digest_of(file: int) -> str:
    digest, offset = hashlib.sha256(), 0
    while block := os.pread(file, BLOCK, offset):
        digest.update(block)
        offset += len(block)
    return digest.hexdigest()


def write_parts(home: int, request: Any) -> list[Answer]:
    return [attempt(lambda part=part: write_part(home, part)) for part in request["parts"]]  # type: ignore[misc]


def write_part(home: int, part: Any) -> Answer:
    """Writes on at the end of a file that has no name yet; the last part gives it the first name that is free."""
    data = base64.b64decode(part["data"])
    with parent_of(home, part["path"], make=True) as (parent, _):
        partial = f".jhub-{part['sha256'][:24]}.part"
        if part["offset"] == 0:
            try:
                os.unlink(partial, dir_fd=parent)
            except FileNotFoundError:
                pass
        new = os.O_CREAT | os.O_EXCL if part["offset"] == 0 else 0
        with opened(partial, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK | new, parent) as file:
            facts = os.fstat(file)
            if not stat.S_ISREG(facts.st_mode) or facts.st_nlink != 1 or facts.st_size != part["offset"]:
                raise Refused("it changed while it was written")
            try:
                write_all(file, data, part["offset"])
                if not part["isLast"]:
                    return {"as": part["path"]}
                if digest_of(file) != part["sha256"]:
                    raise Refused("it changed while it was written")
                os.fchmod(file, 0o755 if part["executable"] else 0o644)
                os.fsync(file)
            except (OSError, Refused):
                os.unlink(partial, dir_fd=parent)
                raise
        return {"as": give_name(parent, partial, part["path"])}


def write_all(file: int, data: bytes, offset: int) -> None:
    done = 0
    while done < len(data):
        done += os.pwrite(file, data[done:], offset + done)


def give_name(parent: int, partial: str, path: str) -> str:
    """Never takes the place of anything: a name that is taken meanwhile is left to whoever took it."""
    for candidate in copies_of(path):
        name = candidate.rsplit("/", 1)[-1]
        try:
            os.link(partial, name, src_dir_fd=parent, dst_dir_fd=parent, follow_symlinks=False)
        except FileExistsError:
            continue
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS):
                raise
            # A file system without hard links.
            if exists(parent, name):
                continue
            os.rename(partial, name, src_dir_fd=parent, dst_dir_fd=parent)
            return candidate
        os.unlink(partial, dir_fd=parent)
        return candidate
    raise Refused(f"{MOST_COPIES} copies of it are there")


def is_of_the_volume(home: int, name: str) -> bool:
    """What a file system keeps for itself. A person's own directory of that name is one like any other."""
    if name != OF_THE_VOLUME:
        return False
    facts = os.stat(name, dir_fd=home, follow_symlinks=False)
    return stat.S_ISDIR(facts.st_mode) and facts.st_uid == 0


# empty


def empty(home: int, request: Any) -> Answer:
    """Removes all that is in the home."""
    while names := [name for name in os.listdir(home) if not is_of_the_volume(home, name)]:
        for name in names:
            remove(home, home, name, 0)
    return {"isEmpty": True}


def remove(home: int, parent: int, path: str, depth: int) -> None:
    """Removes a tree. What stands too deep to go down to is moved up to the home, where it is found again."""
    name = path.rsplit("/", 1)[-1]
    try:
        if stat.S_ISDIR(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode):
            remove_directory(home, parent, path, depth)
        else:
            os.unlink(name, dir_fd=parent)
    except OSError as error:
        raise Refused(f"{path} cannot be removed ({why(error)})") from error


def remove_directory(home: int, parent: int, path: str, depth: int) -> None:
    name = path.rsplit("/", 1)[-1]
    if depth >= DEEPEST:
        os.rename(name, f".jhub-{os.urandom(12).hex()}", src_dir_fd=parent, dst_dir_fd=home)
        return
    with opened_fully(name, parent) as below:
        for each in os.listdir(below):
            remove(home, below, f"{path}/{each}", depth + 1)
    os.rmdir(name, dir_fd=parent)


@contextmanager
def opened_fully(name: str, parent: int) -> Iterator[int]:
    """A directory in which anything may be removed, also where its owner closed it."""
    if not os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode & 0o700 == 0o700:
        # Should a link take its place now, it can only point to what is this person's own.
        os.chmod(name, 0o700, dir_fd=parent)
    with opened(name, DIRECTORY, parent) as below:
        yield below


VERBS: dict[str, Callable[[int, Any], Any]] = {
    "list": list_files,
    "read": read_parts,
    "plan": plan_files,
    "write": write_parts,
    "empty": empty,
}
