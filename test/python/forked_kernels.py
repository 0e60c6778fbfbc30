"""A stand-in for a forked server, run by the Python of people's environment: does things with kernels and prints what it saw.

    python forked_kernels.py HOME

What the service does with systemd is left out; all that comes after it is done as there.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import os
import resource
import signal
import sys
import textwrap
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

sys.path[:] = [str(Path(__file__).parents[2] / "assets/vm"), *sys.path[1:]]

import jhub_prefork  # noqa: E402
import jhub_preload  # noqa: E402
from jhub_kernels import Program  # noqa: E402

DEADLINE_SECONDS = 300
RANDOM = "import random; print(random.random())"
FACTS = """
import builtins, json, os, site, sys
status = dict(line.split(":\t", 1) for line in open("/proc/self/status").read().splitlines())
print(json.dumps({
    "signals": [status[name] for name in ("SigBlk", "SigIgn", "SigCgt")],
    "umask": status["Umask"], "limits": open("/proc/self/limits").read(),
    "command": open("/proc/self/cmdline").read().split("\\0")[:-2],
    "name": open("/proc/self/comm").read(),
    "argv": sys.argv[:-1], "orig_argv": sys.orig_argv[:-1], "path": sys.path, "prefix": sys.prefix, "executable": sys.executable,
    "hooks": [sys.breakpointhook.__module__, "runfile" in vars(builtins)],
    "directory": os.getcwd(), "session": os.getsid(0) == os.getpid() == os.getpgid(0),
    "input": sys.stdin.read(), "packages": site.getusersitepackages(),
    "environment": sorted(f"{name}={value}" for name, value in os.environ.items()),
    "parent": os.getppid() == int(os.environ["JPY_PARENT_PID"]),
}))
"""


class Server:
    """Of one person, whose kernels are started with a manager of jupyter_client, as Jupyter Server has it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.number = 0

    async def kernel(self, **options: Any) -> Any:
        manager = self.manager()
        await manager.start_kernel(cwd=str(self.home), **options)
        return manager

    def manager(self) -> Any:
        from jupyter_client.manager import AsyncKernelManager

        self.number += 1
        file = self.home / f"kernel-{self.number}.json"
        return AsyncKernelManager(kernel_name="python3", transport="ipc", connection_file=str(file))

    async def run(self, manager: Any, code: str) -> str:
        """Runs code and gives what it printed, or the name of its error."""
        client = manager.client()
        client.start_channels()
        said: list[str] = []

        def note(message: Any) -> None:
            content = message["content"]
            said.append(content.get("text", "") if message["msg_type"] == "stream" else content.get("ename", ""))

        await client.wait_for_ready(timeout=DEADLINE_SECONDS)
        await client.execute_interactive(textwrap.dedent(code), timeout=DEADLINE_SECONDS, output_hook=note)
        client.stop_channels()
        return "".join(said).strip()

    async def facts(self, manager: Any) -> Any:
        return json.loads(await self.run(manager, FACTS))

    def is_fork(self, manager: Any) -> bool:
        return type(manager.provisioner.process).__name__ == "ForkedProcess"

    async def end(self, manager: Any) -> bool:
        """Whether the kernel has ended, and nothing of it is left."""
        pid = manager.provisioner.process.pid
        await manager.shutdown_kernel()
        return not Path(f"/proc/{pid}").exists()


async def equal(server: Server) -> Any:
    forked = await server.kernel()
    ordinary = await server.kernel(stdout=None)
    seen = [await server.facts(each) for each in (forked, ordinary)]
    return {
        "forks": [server.is_fork(each) for each in (forked, ordinary)],
        "facts": seen,
        "ended": [await server.end(each) for each in (forked, ordinary)],
        "server": [sys.breakpointhook is sys.__breakpointhook__, "runfile" in vars(__builtins__)],
    }


async def listening(server: Server) -> Any:
    """Whether a kernel's sockets answer as soon as it was started, and again when it was restarted."""
    import socket

    def answers(manager: Any) -> bool:
        with contextlib.ExitStack() as lines:
            return all(
                lines.enter_context(socket.socket(socket.AF_UNIX)).connect_ex(f"{manager.ip}-{port}") == 0
                for port in manager.ports
            )

    manager = await server.kernel()
    seen = [answers(manager)]
    # A restart interrupts it first, which ends a kernel that has not come up yet.
    await server.run(manager, "")
    await manager.restart_kernel()
    seen.append(answers(manager))
    return [*seen, server.is_fork(manager), await server.end(manager)]


async def restarted_at_once(server: Server) -> Any:
    """Where it has not come up yet, its interrupt ends it, and the next kernel is an ordinary one."""
    manager = await server.kernel()
    await manager.restart_kernel()
    return [await server.run(manager, "print(4)"), await server.end(manager)]


async def interrupt(server: Server) -> Any:
    manager = await server.kernel()
    begun = server.home / "begun"
    running = asyncio.ensure_future(server.run(manager, "import time; open('begun', 'w').close(); time.sleep(600)"))
    while not begun.exists():
        await asyncio.sleep(0.05)
    await manager.interrupt_kernel()
    said = await running
    after = await server.run(manager, "print(6 * 7)")
    return [said, after, server.is_fork(manager), await server.end(manager)]


async def install_and_restart(server: Server) -> Any:
    manager = await server.kernel()
    packages = Path((await server.facts(manager))["packages"])
    random = [await server.run(manager, RANDOM)]
    was_there = packages.exists()
    packages.mkdir(parents=True, exist_ok=True)
    (packages / "mine.py").write_text("VALUE = 'installed'")
    elsewhere = server.home / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "editable.py").write_text("VALUE = 'editable'")
    (packages / "editable.pth").write_text(f"{elsewhere}\n")
    (packages / "usercustomize.py").write_text("import builtins; builtins.CUSTOMIZED = True")
    (server.home / "jinja2.py").write_text("VALUE = 'of the person'")
    pid = manager.provisioner.process.pid
    await manager.restart_kernel()
    said = await server.run(
        manager, "import mine, editable, jinja2; print(mine.VALUE, editable.VALUE, CUSTOMIZED, jinja2.VALUE)"
    )
    random.append(await server.run(manager, RANDOM))
    differs = [manager.provisioner.process.pid != pid, random[0] != random[1]]
    return [was_there, said, *differs, server.is_fork(manager), await server.end(manager)]


async def debug(server: Server) -> Any:
    manager = await server.kernel()
    await server.run(manager, "")
    client = manager.client()
    client.start_channels()
    answers = []
    for number, command in enumerate(("initialize", "attach"), 1):
        arguments = {"clientID": "x", "adapterID": "", "pathFormat": "path"} if command == "initialize" else {}
        request = {"type": "request", "seq": number, "command": command, "arguments": arguments}
        sent = client.session.msg("debug_request", request)
        client.control_channel.send(sent)
        while True:
            reply = await client.control_channel.get_msg(timeout=DEADLINE_SECONDS)
            if reply["parent_header"].get("msg_id") == sent["header"]["msg_id"]:
                answers.append(reply["content"].get("success"))
                break
    client.stop_channels()
    return [answers, server.is_fork(manager), await server.end(manager)]


async def other_specs(server: Server) -> Any:
    """Whether kernels of the person's own are forked: of another Python, with options, with paths, and just with a variable."""
    from jupyter_client.kernelspec import KernelSpec

    found = []
    own = f"{sys.executable}3"
    command = ["-m", "ipykernel_launcher", "-f", "{connection_file}"]
    for argv, environment in (
        ([own, *command], {}),
        ([sys.executable, "-Xfrozen_modules=off", *command], {}),
        (["python", *command], {"PYTHONPATH": str(server.home)}),
        (["python", *command], {"MINE": "1"}),
    ):
        manager = server.manager()
        manager._kernel_spec = KernelSpec(argv=argv, env=environment, display_name="mine", language="python")
        await manager.start_kernel(cwd=str(server.home))
        said = await server.run(manager, "import os; print(os.environ.get('MINE'), os.environ.get('PYTHONPATH') is not None)")
        found.append([server.is_fork(manager), said, await server.end(manager)])
    return found


async def killed(server: Server) -> Any:
    """As the kernel of Linux does where memory has run out: the next start is an ordinary one."""
    manager = await server.kernel()
    was_fork = server.is_fork(manager)
    os.kill(manager.provisioner.process.pid, signal.SIGKILL)
    while await manager.is_alive():
        await asyncio.sleep(0.05)
    await manager.restart_kernel(now=True)
    return [was_fork, server.is_fork(manager), await server.run(manager, "print(1)"), await server.end(manager)]


def children_of_server() -> list[int]:
    return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]


def parent_of_kernels() -> int:
    (found,) = (pid for pid in children_of_server() if b"jhub_kernels" in Path(f"/proc/{pid}/cmdline").read_bytes())
    return found


async def stopped_parent(server: Server) -> Any:
    """It does not answer, and goes on later: there is one kernel for each start, and the last is a fork again."""
    import jhub_kernel_provisioner

    parent = parent_of_kernels()
    os.kill(parent, signal.SIGSTOP)
    jhub_kernel_provisioner.FORK_SECONDS = 1
    late = await server.kernel()
    jhub_kernel_provisioner.FORK_SECONDS = DEADLINE_SECONDS
    os.kill(parent, signal.SIGCONT)
    soon = await server.kernel()
    jhub_kernel_provisioner.late_at = -math.inf
    later = await server.kernel()
    kernels = (late, soon, later)
    said = [await server.run(each, "print(2)") for each in kernels]
    others = set(children_of_server()) - {parent, *(each.provisioner.process.pid for each in kernels)}
    return [[server.is_fork(each) for each in kernels], said, sorted(others), [await server.end(each) for each in kernels]]


async def ended_parent(server: Server) -> Any:
    """Nothing forks kernels any more: they start in the ordinary way."""
    parent = parent_of_kernels()
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    manager = await server.kernel()
    return [server.is_fork(manager), await server.run(manager, "print(3)"), await server.end(manager)]


SCENARIOS: list[Callable[[Server], Awaitable[Any]]] = [equal, listening, restarted_at_once, interrupt, install_and_restart, debug, other_specs, killed, stopped_parent, ended_parent]


async def play(server: Server) -> None:
    found: dict[str, Any] = {}
    for scenario in SCENARIOS:
        try:
            found[scenario.__name__] = await asyncio.wait_for(scenario(server), DEADLINE_SECONDS)
        except Exception as error:
            found[scenario.__name__] = repr(error)
    print(json.dumps(found), flush=True)


def be_patient() -> None:
    """Nothing is given up here because the machine is busy."""
    import jhub_kernel_provisioner
    import jhub_kernels

    for name in ("FORK_SECONDS", "PAUSE_SECONDS", "LISTEN_SECONDS"):
        setattr(jhub_kernel_provisioner, name, DEADLINE_SECONDS)
    jhub_kernels.ANSWER_SECONDS = DEADLINE_SECONDS


def main(home: str) -> None:
    jhub_preload.MODULES = ("jinja2", "jhub_kernel_provisioner")
    jhub_preload.extensions = lambda: []
    variables = dict(os.environ)
    preloaded = jhub_preload.preload(Path(sys.prefix))
    be_patient()
    environment = {**variables, "HOME": home, "USER": "ana", "LOGNAME": "ana", "JUPYTERHUB_SERVICE_PREFIX": "/user/ana/"}
    server = Program([sys.executable, __file__], environment, home)
    os.chdir(home)
    jhub_prefork.run_kernels_beside(server, preloaded)
    jhub_prefork.take_on(server, preloaded)
    # As Jupyter Server does, in the other direction.
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    asyncio.run(play(Server(Path(home))))


if __name__ == "__main__":
    main(sys.argv[1])
