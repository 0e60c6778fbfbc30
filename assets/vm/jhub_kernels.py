"""Forks the kernels of one server.

Before a forked server runs a line of anybody's, it forks this process: in the same unit, with the same account, limits and
filters, and with all imported that a kernel imports. It waits at one end of a pair of sockets; the server has the other
(`jhub_kernel_provisioner.py`), and nobody else has one. For each request it forks a kernel, which becomes a child of the
server. Where any of this fails, the server starts its kernel in the ordinary way.
"""

from __future__ import annotations

import builtins
import json
import os
import select
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

PROGRAM = "ipykernel_launcher"
MODULES = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    # Those are imported while a kernel starts. Its IPython.core.debugger would take a signal of the terminal for the server too.
    "IPython.core.completerlib",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "tornado.platform.asyncio",
)
MOST_BYTES = 1 << 18
# How long the server may take to say that it has seen the kernel.
ANSWER_SECONDS = 10


@dataclass(frozen=True)
class Program:
    """What a fork is to run."""

    argv: list[str]
    """As `ps` shows it: Python, its script or `-m` and its module, and their arguments."""
    environment: dict[str, str]
    directory: str

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self)).encode()


@dataclass(frozen=True)
class KernelImports:
    """What importing a kernel's modules left behind."""

    packages: frozenset[str]
    """All that was imported then."""
    variables: Mapping[str, str]
    builtins: Mapping[str, Any]
    breakpoint_hook: Any
    """This and the two above are the debugger's, and a server does without."""

    def give_back(self) -> None:
        os.environ.update(self.variables)
        vars(builtins).update(self.builtins)
        sys.breakpointhook = self.breakpoint_hook


def import_for_kernels(load: Callable[[str], None]) -> KernelImports:
    """Imports what a kernel needs, before anything that only a server does."""
    known, variables, hook = set(vars(builtins)), dict(os.environ), sys.breakpointhook
    for name in MODULES:
        load(name)
    made = KernelImports(
        packages=frozenset(name.partition(".")[0] for name in sys.modules),
        variables={name: value for name, value in os.environ.items() if name not in variables},
        builtins={name: value for name, value in vars(builtins).items() if name not in known},
        breakpoint_hook=sys.breakpointhook,
    )
    for name in made.variables:
        del os.environ[name]
    for name in made.builtins:
        delattr(builtins, name)
    sys.breakpointhook = hook
    return made


def fork_orphan() -> bool:
    """Forks, and gives True in the fork. Its parent has ended, or is about to. Raises OSError where there is no room for a process."""
    between = os.fork()
    if between:
        _, status = os.waitpid(between, 0)
        if status:
            raise OSError("a second fork failed")
        return False
    try:
        is_parent = os.fork() != 0
    except OSError:
        os._exit(1)
    if is_parent:
        os._exit(0)
    os.setsid()
    return True


def fork_parent_of_kernels() -> tuple[socket.socket, bool]:
    """Gives the server's end of the sockets and True; in the process that is to answer, the other end. Raises OSError."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    is_server = os.fork() != 0
    (there if is_server else here).close()
    return (here if is_server else there), is_server


def answer(
    requests: socket.socket, why_not: Callable[[Program], str | None]
) -> tuple[Program, socket.socket] | None:
    """Forks a kernel for each request, until the server ends. In such a fork, gives what is to run and the line to the server.

    `why_not` says why a fork would not be what the request asks for.
    """
    while True:
        words, descriptors, _, _ = socket.recv_fds(requests, MOST_BYTES, 1)
        if not words:
            return None
        with close_all(descriptors):
            try:
                kernel, (line,) = Program(**json.loads(words)), descriptors
                why = why_not(kernel) if waits(line) else "its server waits no longer"
                if why is None and fork_orphan():
                    requests.close()
                    return kernel, socket.socket(fileno=os.dup(line))
            except (OSError, ValueError, TypeError, AttributeError) as error:
                # Whatever a person's own program asks for costs the server's other kernels nothing.
                why = str(error)
            if why is not None:
                print(f"A kernel is not forked: {why}", file=sys.stderr, flush=True)


def waits(line: int) -> bool:
    """Whether the other end is still open."""
    end = select.poll()
    end.register(line, 0)
    return not end.poll(0)


@contextmanager
def close_all(descriptors: list[int]) -> Iterator[None]:
    try:
        yield
    finally:
        for each in descriptors:
            os.close(each)


def agree(line: socket.socket) -> bool:
    """Tells the server of this process. False where the server has stopped waiting."""
    with line:
        line.settimeout(ANSWER_SECONDS)
        try:
            line.sendall(f"{os.getpid()}\n".encode())
            return line.recv(16) == b"yes\n"
        except OSError:
            return False


def forget_shadowed(directory: Path, of_kernels: frozenset[str]) -> None:
    """Forgets packages of the server whose names are those of files in the kernel's directory: a kernel looks there first, though not
    before Python's own modules."""
    for name in {each.partition(".")[0] for each in sys.modules} - of_kernels - sys.stdlib_module_names:
        if (directory / f"{name}.py").exists() or (directory / name).is_dir():
            for each in [each for each in sys.modules if each == name or each.startswith(f"{name}.")]:
                del sys.modules[each]
