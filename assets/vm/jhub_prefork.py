"""Starts people's servers by forking a process that has imported everything already.

    python jhub_prefork.py SOCKET UNITS ENVIRONMENT

runs as root in the standard environment's own Python, for servers of that environment or of an image's. systemd connects a server's unit to SOCKET as its standard input, before it makes
the unit's process the person's. That process, the launcher (`jhub_fork_services.py`), says `fork`. A fork of this one becomes
what the launcher is (`jhub_adoption.py`), and they agree: `ready`, `yes`. Then it tells systemd that it is the unit's main
process, says `done`, and runs the program that the unit names. Where any of this fails, the launcher runs the program itself.

Nothing but these words is read from the other end. All that counts is asked of the kernel.
"""

from __future__ import annotations

import ctypes
import gc
import importlib.util
import os
import re
import selectors
import socket
import sys
import types
from pathlib import Path

from jhub_adoption import Refused, libc, peer_of, take_account_of, take_limits, take_place_of
from jhub_kernels import Program, agree, answer, forget_shadowed, fork_orphan, fork_parent_of_kernels
from jhub_preload import CannotPreload, Preloaded, preload, renew
from jhub_same_code import let_image_in

JOURNAL = "/run/systemd/journal/stdout"
PR_SET_NAME, PR_SET_MM, PR_SET_MM_MAP = 15, 35, 14
# How long the other end may take for a word, and how often the service looks whether its environment is still there.
ANSWER_SECONDS = 10
LOOK_SECONDS = 60
# Strings of this process that the kernel reads.
shown: list[object] = []


def main(place: str, units: str, environment: str) -> None:
    try:
        preloaded = preload(Path(environment))
    except CannotPreload as error:
        # Not a failure: systemd would start it again.
        print(f"Servers of this environment start in the ordinary way: {error}", flush=True)
        return
    # Garbage collection in a server would make a copy of every page that it looks at.
    gc.collect()
    gc.freeze()
    listener = listen(place)
    tell_systemd(os.environ.pop("NOTIFY_SOCKET", ""), b"READY=1")
    print(f"{len(sys.modules)} modules are ready for servers", flush=True)
    server = serve(listener, units, preloaded)
    if server is None:
        return
    if preloaded.kernels is not None:
        run_kernels_beside(server, preloaded)
    take_on(server, preloaded)
    run_program(server)


def listen(place: str) -> socket.socket:
    Path(place).unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(place)
    os.chmod(place, 0o600)
    listener.listen(128)
    return listener


def serve(listener: socket.socket, units: str, preloaded: Preloaded) -> Program | None:
    """Answers until the environment is removed. In a fork that has become a server, gives its program."""
    # Not epoll: a fork would share it, and take out of it what this process waits for.
    with selectors.PollSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        while Path(sys.prefix).exists():
            for key, _ in selector.select(LOOK_SECONDS):
                if key.fileobj is listener:
                    selector.register(listener.accept()[0], selectors.EVENT_READ)
                    continue
                connection = key.fileobj
                assert isinstance(connection, socket.socket)
                selector.unregister(connection)
                with connection:
                    if not forks(connection):
                        continue
                    for other in [*selector.get_map().values()]:
                        selector.unregister(other.fileobj)
                        other.fileobj.close()  # type: ignore[union-attr]
                    selector.close()
                    return become_server(connection, units, preloaded)
    return None


def forks(connection: socket.socket) -> bool:
    """Forks for whoever asks, and gives True in the fork. Its end, or a closed connection, means an ordinary start."""
    try:
        if connection.recv(16, socket.MSG_DONTWAIT) != b"fork\n":
            return False
        # systemd becomes the parent, and learns how the server ends.
        return fork_orphan()
    except OSError as error:
        print(f"Not forked: {error}", flush=True)
        return False


def become_server(connection: socket.socket, units: str, preloaded: Preloaded) -> Program:
    """Gives what is to be run, once this process is the main one of the unit that asked. Ends the process otherwise."""
    try:
        peer = peer_of(connection)
        connection.settimeout(ANSWER_SECONDS)
        standing, inheritance = take_account_of(peer, units)
        argv, environment = command_of(inheritance.argv), inheritance.environment
        preloaded.require_same(environment)
        manager = connect_to_manager(environment.pop("NOTIFY_SOCKET", ""))
        output = open_journal(Path(argv[0]).name)
        take_place_of(peer, standing, inheritance.directory)
        connection.sendall(b"ready\n")
        if connection.recv(16) != b"yes\n":
            raise Refused("the launcher waits no longer")
        become_main_process(manager)
        connection.sendall(b"done\n")
    except BaseException as error:
        print(f"Not forked: {error}", flush=True)
        os._exit(1)
    facts = os.fstat(output)
    environment |= {"JOURNAL_STREAM": f"{facts.st_dev}:{facts.st_ino}", "SYSTEMD_EXEC_PID": str(os.getpid())}
    with open("/dev/null", "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    os.close(peer.descriptor)
    manager.close()
    return Program([sys.executable, *argv], environment, inheritance.directory)


def run_kernels_beside(server: Program, preloaded: Preloaded) -> None:
    """Forks the process that forks kernels. Comes back in the server alone."""
    server_pid = os.getpid()
    try:
        sockets, is_server = fork_parent_of_kernels()
    except OSError as error:
        print(f"Kernels are not forked: {error}", file=sys.stderr, flush=True)
        return
    if is_server:
        import jhub_kernel_provisioner

        jhub_kernel_provisioner.use(sockets)
        return
    show_as([sys.executable, "-m", "jhub_kernels"], server.environment)
    if (found := answer(sockets, lambda kernel: why_not_forked(kernel, preloaded))) is not None:
        # The server may have raised its own, as of open files.
        take_limits(server_pid)
        run_kernel(*found, preloaded)
    os._exit(0)


def why_not_forked(kernel: Program, preloaded: Preloaded) -> str | None:
    try:
        preloaded.require_same(kernel.environment)
    except CannotPreload as error:
        return str(error)
    return None if Path(kernel.directory).is_dir() else "its directory is not there"


def run_kernel(kernel: Program, line: socket.socket, preloaded: Preloaded) -> None:
    """Comes back where the server does not wait any more."""
    assert preloaded.kernels is not None
    os.chdir(kernel.directory)
    take_on(kernel, preloaded)
    forget_shadowed(Path(kernel.directory), preloaded.kernels.packages)
    preloaded.kernels.give_back()
    if agree(line):
        run_program(kernel)


def take_on(program: Program, preloaded: Preloaded) -> None:
    renew(program.environment)
    if preloaded.finder is not None:
        let_image_in(preloaded.finder)
    show_as(program.argv, program.environment)


def command_of(argv: list[str]) -> list[str]:
    """The words after those of the launcher. Raises Refused for all but a Python program of this environment."""
    command = argv[argv.index("--") + 1 :] if "--" in argv else []
    if not command or Path(command[0]).parent != Path(sys.prefix, "bin"):
        raise Refused("its program is not one of this environment")
    with open(command[0], "rb") as file:
        if file.readline(512).rstrip() != f"#!{sys.executable}".encode():
            raise Refused("its program is not run by this Python")
    return command


def open_journal(identifier: str) -> int:
    """Standard output as systemd opens it for a unit: the journal knows the unit by its control group."""
    stream = socket.socket(socket.AF_UNIX)
    stream.connect(JOURNAL)
    stream.shutdown(socket.SHUT_RD)
    priority, has_levels, forward_to = 30, 1, (0, 0, 0)
    stream.sendall("".join(f"{line}\n" for line in (identifier, "", priority, has_levels, *forward_to)).encode())
    return stream.detach()


def connect_to_manager(address: str) -> socket.socket:
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.connect(address.replace("@", "\0", 1) if address.startswith("@") else address)
    return manager


def become_main_process(manager: socket.socket) -> None:
    """Tells systemd (sd_notify(3)), and waits until it has heard."""
    heard, said = os.pipe()
    manager.send(f"MAINPID={os.getpid()}\nSTATUS=forked".encode())
    socket.send_fds(manager, [b"BARRIER=1"], [said])
    os.close(said)
    with selectors.PollSelector() as selector:
        selector.register(heard, selectors.EVENT_READ)
        if not selector.select(ANSWER_SECONDS):
            raise Refused("systemd does not answer")
    os.close(heard)


def tell_systemd(address: str, words: bytes) -> None:
    if address:
        with connect_to_manager(address) as manager:
            manager.send(words)


def show_as(argv: list[str], environment: dict[str, str]) -> None:
    """What `ps` and /proc tell of this process. Where the kernel does not let it (prctl(2), PR_SET_MM_MAP), they tell of the service."""
    libc.prctl(PR_SET_NAME, os.fsencode(Path(argv[0 if argv[1] == "-m" else 1]).name)[:15], 0, 0, 0)
    words = b"".join(os.fsencode(word) + b"\0" for word in argv)
    pairs = b"".join(os.fsencode(f"{name}={value}") + b"\0" for name, value in environment.items())
    buffers = [ctypes.create_string_buffer(text, len(text)) for text in (words, pairs)]
    shown[:] = buffers
    facts = [int(word) for word in re.sub(r"^.*\) . ", "", Path("/proc/self/stat").read_text()).split()]
    # proc(5) counts from 1, and the first three are taken off.
    code, data, heap, stack = facts[22:24], facts[41:43], facts[43], facts[24]
    libc.sbrk.restype = ctypes.c_void_p
    of_words, of_pairs = (ctypes.addressof(buffer) for buffer in buffers)
    strings = [of_words, of_words + len(words), of_pairs, of_pairs + len(pairs)]
    no_vector, no_file = 0, 0xFFFFFFFF << 32
    layout = (ctypes.c_uint64 * 13)(*code, *data, heap, libc.sbrk(0), stack, *strings, no_vector, no_file)
    libc.prctl(PR_SET_MM, PR_SET_MM_MAP, ctypes.byref(layout), ctypes.c_ulong(ctypes.sizeof(layout)), 0)


def run_program(program: Program) -> None:
    """Runs a script or a module in place of this program, as Python does."""
    python, word, *words = program.argv
    place = str(Path(word).parent)
    if word == "-m":
        name, *words = words
        spec = importlib.util.find_spec(name)
        assert spec is not None and spec.origin is not None
        word, place = spec.origin, program.directory
    main = types.ModuleType("__main__")
    main.__file__ = word
    sys.modules["__main__"] = main
    sys.argv = [word, *words]
    sys.orig_argv = [python, *program.argv[1:]]
    sys.path[0] = place
    exec(compile(Path(word).read_bytes(), word, "exec"), main.__dict__)
    sys.exit()


if __name__ == "__main__":
    main(*sys.argv[1:])
