"""How a forked server starts kernels: as forks of a process beside it, where they are its environment's own IPython kernel."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

import jupyter_client.provisioning
from jhub_adoption import libc
from jhub_kernels import PROGRAM, Program
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

PR_SET_CHILD_SUBREAPER = 36
# A server does nothing else while it waits for a fork, which takes a few milliseconds. After one that was late, as on a machine
# that is busy with a class, kernels start in the ordinary way for a while.
FORK_SECONDS = 2
PAUSE_SECONDS = 60
# A kernel that takes longer is waited for as an ordinary one.
LISTEN_SECONDS = 5
PORTS = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")
# What may be asked of a fork. With anything else, a kernel starts in the ordinary way.
KNOWN_OPTIONS = frozenset({"env", "cwd", "independent"})
# The server's end of the sockets; none where nothing forks kernels any more.
parent: socket.socket | None = None
# When a fork was last late, by the clock of `time.monotonic`.
late_at = -math.inf


class NotForked(Exception):
    """Why no kernel was forked, in half a sentence."""


class ForkedProcess:
    """A child process, with what `LocalProvisioner` uses of `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        return self.look(os.WNOHANG)

    def wait(self) -> int | None:
        return self.look(0)

    def look(self, options: int) -> int | None:
        if self.returncode is None:
            try:
                pid, status = os.waitpid(self.pid, options)
            except ChildProcessError:
                # Somebody else has asked. As `subprocess` has it.
                self.returncode = 0
            else:
                self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class ForkingProvisioner(LocalProvisioner):
    """Forks a kernel, or starts it as `LocalProvisioner` does: also after one that did not end well, whatever the cause."""

    forked: ForkedProcess | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        options = self._scrub_kwargs(kwargs)
        try:
            if self.forked is not None and self.forked.returncode != 0:
                raise NotForked("the kernel before did not end well")
            self.forked = self.process = fork_kernel(cmd, options)
        except NotForked as why:
            self.forked = None
            self.log.debug("Kernel %s is not forked: %s", self.kernel_id, why)
            return await super().launch_kernel(cmd, **kwargs)
        self.pid = self.pgid = self.forked.pid
        self.cwd = kwargs.get("cwd", Path.cwd())
        await wait_until_it_listens(self.forked, self.connection_info)
        return self.connection_info


async def wait_until_it_listens(kernel: ForkedProcess, connection: KernelConnectionInfo) -> None:
    """A forked kernel listens after a few hundredths of a second. Whoever connects before tries again a tenth later, and has missed
    what the kernel said meanwhile; a server then asks it again after half a second."""
    if connection.get("transport") != "ipc":
        return
    sockets = [f"{connection['ip']}-{connection[port]}" for port in PORTS]
    until = time.monotonic() + LISTEN_SECONDS
    while kernel.poll() is None and time.monotonic() < until and not all(map(listens, sockets)):
        await asyncio.sleep(0.005)


def listens(path: str) -> bool:
    """Whether somebody does: the socket of a kernel that has ended is still there after a restart."""
    with socket.socket(socket.AF_UNIX) as line:
        line.setblocking(False)
        return line.connect_ex(path) == 0


def fork_kernel(command: list[str], options: dict[str, Any]) -> ForkedProcess:
    """Gives a process that is about to run the kernel. Raises NotForked; nothing of a fork is left then."""
    global parent, late_at
    if parent is None:
        raise NotForked("nothing forks kernels here")
    if time.monotonic() - late_at < PAUSE_SECONDS:
        raise NotForked("one was late a moment ago")
    if command[:3] != [sys.executable, "-m", PROGRAM] or any(word.startswith("~") for word in command):
        raise NotForked("it is another program")
    if not KNOWN_OPTIONS.issuperset(options):
        raise NotForked("it wants what a fork does not have")
    environment = dict(options.get("env") or os.environ)
    if not options.get("independent"):
        environment["JPY_PARENT_PID"] = str(os.getpid())
    kernel = Program(command, environment, os.path.abspath(options.get("cwd") or os.getcwd()))
    here, there = socket.socketpair()
    with here, adopting_orphans():
        here.settimeout(FORK_SECONDS)
        try:
            with there:
                socket.send_fds(parent, [kernel.to_bytes()], [there.fileno()])
            pid = int(here.recv(16) or 0)
            if pid == 0:
                raise NotForked("it hung up")
            wait_for_child(pid)
            here.sendall(b"yes\n")
        except TimeoutError as error:
            # The fork ends when it hears nothing.
            late_at = time.monotonic()
            raise NotForked("it is late") from error
        except (OSError, ValueError) as error:
            parent.close()
            parent = None
            raise NotForked(str(error)) from error
    return ForkedProcess(pid)


@contextlib.contextmanager
def adopting_orphans() -> Any:
    """Meanwhile, this process becomes the parent of descendants whose own has ended (prctl(2))."""
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def wait_for_child(pid: int) -> None:
    """Until the process is a child of this one. Raises TimeoutError, and ChildProcessError when it has ended."""
    until = time.monotonic() + FORK_SECONDS
    while True:
        try:
            ended, _ = os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            if time.monotonic() > until:
                raise TimeoutError(f"{pid} is no child of the server") from None
            time.sleep(0.001)
            continue
        if ended:
            raise ChildProcessError(f"{pid} has ended")
        return


def use(sockets: socket.socket) -> None:
    """From now on this server's kernels are forked. The entry point of the ordinary provisioner loads its class by this name."""
    global parent
    # Requests that nobody reads fill the socket.
    sockets.settimeout(FORK_SECONDS)
    parent = sockets
    jupyter_client.provisioning.LocalProvisioner = ForkingProvisioner  # type: ignore[misc]
