"""Keeps a directory in which everybody writes: sticky, so that only the owner of a file removes it.

What people make there can be read by the others whatever the umask of their server is, by a default access list. Each request
comes as a line of JSON, each answer goes as a line of JSON. It must run on any Python 3.10 or newer, with the standard library
alone.
"""

from __future__ import annotations

import errno
import os
import stat
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

OPEN, CLOSED = 0o1777, 0o700
ATTRIBUTE = "system.posix_acl_default"
# acl(5), linux/posix_acl_xattr.h: a version, then tag, rights and number of owner, group and others.
NOBODY = 0xFFFFFFFF
READABLE = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", tag, rights, NOBODY) for tag, rights in ((1, 7), (4, 5), (32, 5)))
Answer = dict[str, Any]


class Refused(Exception):
    """A request that cannot be granted, in half a sentence."""


def main(request: Any) -> Answer:
    try:
        return {"value": VERBS[request["do"]](request["place"])}
    except Refused as refusal:
        return {"refused": str(refusal)}
    except OSError as error:
        return {"refused": (error.strerror or type(error).__name__).lower()}


def look(place: str) -> str:
    """`open`, `closed`, or `absent`; `changed` where somebody else changed it."""
    try:
        facts = os.lstat(place)
    except FileNotFoundError:
        return "absent"
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.geteuid():
        return "changed"
    mode = stat.S_IMODE(facts.st_mode)
    if mode == CLOSED:
        return "closed"
    return "open" if mode == OPEN and is_readable(place) else "changed"


def is_readable(place: str) -> bool:
    """Also true where nothing can be done about it: on a file system without access lists."""
    if sys.platform != "linux":
        return True
    try:
        return os.getxattr(place, ATTRIBUTE) == READABLE
    except OSError as error:
        return error.errno != errno.ENODATA


def make_readable(place: int) -> bool:
    if sys.platform != "linux":
        return True
    try:
        os.setxattr(place, ATTRIBUTE, READABLE)
    except OSError:
        return False
    return True


def open_to_all(place: str) -> bool:
    """False where the file system has no access lists: there a file is its owner's alone until its rights are changed."""
    if not os.path.isdir(place):
        os.mkdir(place, CLOSED)
    with own_directory(place) as descriptor:
        has_list = make_readable(descriptor)
        os.fchmod(descriptor, OPEN)
    return has_list


def close(place: str) -> bool:
    """Nobody gets in any more. What is in it stays."""
    with own_directory(place) as descriptor:
        os.fchmod(descriptor, CLOSED)
    return True


@contextmanager
def own_directory(place: str) -> Iterator[int]:
    """A descriptor of it. Its owner could undo whatever another account does to it."""
    descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        owner = os.fstat(descriptor).st_uid
        if owner != os.geteuid():
            raise Refused(f"{place} belongs to uid {owner} (chown {os.geteuid()} {place} gives it back)")
        yield descriptor
    finally:
        os.close(descriptor)


VERBS = {"look": look, "open": open_to_all, "close": close}
