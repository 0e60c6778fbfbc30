"""Unix sockets of people's servers, and the way of the hub and the proxy to them.

A server makes its socket in a directory of its own account. Root goes by a second name of that socket, in a directory that
only root can enter: whatever the person puts into their own directory later redirects nobody.
"""

from __future__ import annotations

import asyncio
import functools
import os
import socket
import stat
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import tornado.netutil

PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789-._")


LONGEST_QUEUE = 1024
"""Connections that wait while the hub is busy. A port lets more of them try again; at a full socket they end at once."""


class SocketRefused(Exception):
    """What stands in place of a server's socket was not made by that server's account."""


@dataclass(frozen=True)
class Listener:
    """Who listens on a socket, by the kernel's word."""

    pid: int
    uid: int


def socket_url(path: Path | str) -> str:
    """The address of a socket. JupyterHub turns the host of an address into lower case, so that capitals are encoded too."""
    encoded = "".join(chr(byte) if byte in PLAIN else f"%{byte:02x}" for byte in os.fsencode(path))
    return f"http+unix://{encoded}"


def lengthen_queue() -> None:
    """The hub's own socket takes a whole class at once: Tornado's queue of 128 is too short, and JupyterHub cannot be told."""
    tornado.netutil.bind_unix_socket = functools.partial(tornado.netutil.bind_unix_socket, backlog=LONGEST_QUEUE)


def link_socket(made: Path, link: Path, uid: int) -> bool:
    """Gives the socket that an account made its second name; false while there is none.

    Raises SocketRefused for anything that is not a socket of that account. The second name stays on that very socket.
    """
    partial = link.with_name(f"{link.name}.new")
    partial.unlink(missing_ok=True)
    try:
        os.link(made, partial, follow_symlinks=False)
    except FileNotFoundError:
        return False
    facts = partial.lstat()
    if not stat.S_ISSOCK(facts.st_mode) or facts.st_uid != uid:
        partial.unlink()
        raise SocketRefused(f"{made} is not a socket of uid {uid}")
    partial.replace(link)
    return True


async def find_listener(path: Path) -> Listener | None:
    """Who listens there; `None` when nobody does. Elsewhere than on Linux the listener is only known to be there (pid 0)."""
    try:
        _, writer = await asyncio.open_unix_connection(str(path))
    except OSError:
        return None
    try:
        return listener_of(writer.get_extra_info("socket"))
    finally:
        writer.close()


def listener_of(connection: socket.socket) -> Listener:
    if sys.platform != "linux":
        return Listener(pid=0, uid=os.getuid())
    pid, uid, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    return Listener(pid=pid, uid=uid)


def when_ended(pid: int, act: Callable[[], None]) -> bool:
    """Calls `act` on the event loop as soon as the process has ended; false where the system cannot tell."""
    if not hasattr(os, "pidfd_open"):
        return False
    try:
        descriptor = os.pidfd_open(pid)
    except OSError:
        return False
    loop = asyncio.get_running_loop()

    def ended() -> None:
        loop.remove_reader(descriptor)
        os.close(descriptor)
        act()

    loop.add_reader(descriptor, ended)
    return True
