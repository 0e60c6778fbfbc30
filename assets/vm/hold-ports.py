"""Listens at ports and becomes another program, to which they are handed as descriptors from 3 on (sd_listen_fds(3)). While that
program lives, nobody else can take them, whatever becomes of the programs that it starts.

    python hold-ports.py ADDRESS PORT [ADDRESS PORT …] -- PROGRAM [WORD …]

A port of `::1` is left out on a machine without IPv6; nothing else may follow it.
"""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import sys
import time
from collections.abc import Sequence

FIRST = 3
OUT_OF_THE_WAY = 64
BACKLOG = 1024
# Seconds. Whoever looks whether a port is free listens there for a moment, as jhub itself does.
PATIENCE = 3


def listen(address: str, port: int, until: float) -> socket.socket | None:
    """Waits for a port in use `until` a time of the monotonic clock. `None` where the machine has no IPv6 for `::1`."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    both = address == "::" and socket.has_dualstack_ipv6()
    while True:
        try:
            return socket.create_server((address, port), family=family, backlog=BACKLOG, dualstack_ipv6=both)
        except OSError as error:
            if address == "::1" and error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                return None
            if error.errno != errno.EADDRINUSE or time.monotonic() >= until:
                raise
        time.sleep(0.05)


def main(words: Sequence[str]) -> None:
    end = words.index("--")
    places = list(zip(words[:end:2], words[1:end:2], strict=False))
    try:
        until = time.monotonic() + PATIENCE
        found = [listen(address, int(port), until) for address, port in places]
    except OSError as error:
        sys.exit(f"The ports {', '.join(port for _, port in places)} cannot be listened at: {error}")
    # First away from where they are to be: one may stand where another is going.
    moved = [fcntl.fcntl(each.fileno(), fcntl.F_DUPFD_CLOEXEC, OUT_OF_THE_WAY) for each in found if each is not None]
    for number, descriptor in enumerate(moved):
        os.dup2(descriptor, FIRST + number, inheritable=True)
    argv = list(words[end + 1 :])
    os.execve(argv[0], argv, {**os.environ, "LISTEN_FDS": str(len(moved))})


if __name__ == "__main__":
    main(sys.argv[1:])
