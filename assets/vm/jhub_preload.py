"""Imports what every server imports, and nothing that belongs to one person.

While modules are imported, a read of a value that differs between people (`HOME`, the account) raises Personal. That ends the
import of the module that read it, and of every module that needs it: Python takes them back, and each server imports them
itself. The same happens to modules that only an image has (`jhub_same_code.py`). The few places that are worth it are known, and `renew` puts them right in each server. In the end a rehearsal looks
through all that is in memory for what is left of the values that were there during the import.
"""

from __future__ import annotations

import _posixsubprocess
import ctypes
import errno
import gc
import importlib
import json
import os
import posix
import site
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from jhub_kernels import KernelImports, import_for_kernels
from jhub_same_code import OtherPython, SameCodeFinder, take_place_of_standard

# What a server imports sooner or later, beside the extensions that the environment turns on. What is not there is left out.
MODULES = (
    "jupyterhub.singleuser",
    "jupyterhub.singleuser.extension",
    "jupyter_server.serverapp",
    "jupyterlab.labapp",
    "notebook.app",
    "jhub_kernel_provisioner",
)
PERSONAL = frozenset(
    "HOME USER LOGNAME MEM_LIMIT CPU_LIMIT MEM_GUARANTEE CPU_GUARANTEE INVOCATION_ID JOURNAL_STREAM SYSTEMD_EXEC_PID "
    "RUNTIME_DIRECTORY NOTIFY_SOCKET JPY_API_TOKEN JUPYTERHUB_API_TOKEN JUPYTERHUB_ACTIVITY_URL JUPYTERHUB_CLIENT_ID "
    "JUPYTERHUB_OAUTH_ACCESS_SCOPES JUPYTERHUB_OAUTH_CALLBACK_URL JUPYTERHUB_OAUTH_CLIENT_ALLOWED_SCOPES "
    "JUPYTERHUB_OAUTH_SCOPES JUPYTERHUB_SERVER_NAME JUPYTERHUB_SERVICE_PREFIX JUPYTERHUB_SERVICE_URL JUPYTERHUB_USER".split()
)
ACCOUNT = ("getuid", "geteuid", "getgid", "getegid", "getgroups", "getlogin", "getcwd")
# These are read by Python itself and by its libraries before any module is, so that they have to be those of the service.
EARLY = ("PYTHON", "LD_", "LC_", "LANG", "MALLOC_", "GLIBC_", "OPENSSL_")
# Where a module's import may read a person's value: `renew` puts it right.
KNOWN = {
    ("multiprocessing.process", "getcwd"),
    ("wsgiref.handlers", None),
    ("send2trash.plat_other", "HOME"),
    ("send2trash.plat_other", "getuid"),
    ("jupyter_client.session", "USER"),
    ("ipykernel.kernelapp", "JPY_PARENT_PID"),
    ("jupyterhub.services.auth", "JUPYTERHUB_SERVICE_PREFIX"),
    ("jupyterlab.labapp", "HOME"),
}
# They go on without the program that they ask, and ask it anew where it counts: JupyterLab wants yarn's settings of node.
WITHOUT_PROGRAMS = frozenset({"jupyterlab.labapp"})


class Personal(BaseException):
    """A module's import reads what differs between people, or is an image's own. Not an Exception: nobody takes it for a package that is missing."""


class CannotPreload(Exception):
    """Servers of this environment cannot be forked; why, in a sentence."""


@dataclass(frozen=True)
class Preloaded:
    """What the imports depended on."""

    read: Mapping[str, str | None]
    """Variables that were read, with the values of then."""
    early: Mapping[str, str]
    finder: SameCodeFinder | None = None
    """Of an image: keeps its code away from root."""
    kernels: KernelImports | None = None
    """Where kernels can be forked too."""

    def require_same(self, environment: Mapping[str, str]) -> None:
        """Raises CannotPreload where the imports might have gone another way in a server's environment."""
        other = [name for name, value in self.read.items() if environment.get(name) != value]
        if early_variables(environment) != self.early:
            other.append("those of Python and its libraries")
        if other:
            raise CannotPreload(f"its environment differs: {', '.join(other)}")


def preload(environment: Path) -> Preloaded:
    """Imports all that is safe. Raises CannotPreload where a fork would not be what an ordinary start is."""
    early = early_variables(os.environ)
    image = None if environment == Path(sys.prefix) else environment
    guard = Guard(image)
    finder: SameCodeFinder | None = None
    if image is not None:
        try:
            finder = take_place_of_standard(image, guard.refuse)
        except OtherPython as error:
            raise CannotPreload(str(error)) from error
    # Python's own module keeps what it finds; `renew` puts it right.
    sysconfig.get_config_vars()
    with guard:
        kernels = import_for_kernels(guard.load)
        for name in (*MODULES, *extensions()):
            guard.load(name)
    require_forkable()
    rehearse()
    can_fork_kernels = {"ipykernel.kernelapp", "jhub_kernel_provisioner"} <= sys.modules.keys()
    return Preloaded(guard.read, early, finder, kernels if can_fork_kernels else None)


def early_variables(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(EARLY)}


def extensions() -> list[str]:
    """The server extensions that the environment turns on for everybody."""
    found: dict[str, bool] = {}
    for file in sorted(Path(sys.prefix, "etc/jupyter/jupyter_server_config.d").glob("*.json")):
        try:
            found |= json.loads(file.read_text())["ServerApp"]["jpserver_extensions"]
        except (ValueError, KeyError, TypeError):
            continue  # The server will say so.
    return [name for name, is_on in found.items() if is_on is True]


class Guard:
    """Watches over what modules read while they are imported, and has them run nothing of the image's, where it is one's."""

    def __init__(self, image: Path | None) -> None:
        self.image = image
        # Imports may set variables, and read them then.
        self.before = dict(os.environ)
        self.read: dict[str, str | None] = {}
        self.raised = 0
        self.undo: list[Callable[[], None]] = []

    def __enter__(self) -> Guard:
        environ_class: Any = type(os.environ)
        read_variable = environ_class.__getitem__

        def guarded_variable(environ: Any, key: Any) -> Any:
            self.look(os.fsdecode(key))
            return read_variable(environ, key)

        self.replace(environ_class, "__getitem__", guarded_variable)
        for name in ACCOUNT:
            self.replace(os, name, self.guarded(name, getattr(os, name)))
        if self.image is not None:
            self.forbid_programs(self.image)
        return self

    def forbid_programs(self, image: Path) -> None:
        """The first place in `PATH` is the image's, and so are the scripts and libraries beside its modules."""

        def run_program(*_: Any, **__: Any) -> NoReturn:
            module = importing_module()
            if module in WITHOUT_PROGRAMS:
                raise PermissionError(errno.EACCES, "Nothing of an image's is run")
            self.refuse(f"{module} runs a program")

        load_library: Any = vars(ctypes)["_dlopen"]

        def guarded_library(name: Any, *rest: Any) -> Any:
            if name is not None and image in Path(os.path.abspath(os.fsdecode(name))).parents:
                self.refuse(f"{importing_module()} loads {os.fsdecode(name)}")
            return load_library(name, *rest)

        self.replace(subprocess.Popen, "_execute_child", run_program)
        self.replace(_posixsubprocess, "fork_exec", run_program)
        for name in ("system", "posix_spawn", "posix_spawnp"):
            self.replace(os, name, run_program)
        self.replace(ctypes, "_dlopen", guarded_library)

    def __exit__(self, *_: object) -> None:
        self.before.clear()
        for undo in reversed(self.undo):
            undo()

    def replace(self, owner: Any, name: str, value: Any) -> None:
        before = getattr(owner, name)
        self.undo.append(lambda: setattr(owner, name, before))
        setattr(owner, name, value)

    def guarded(self, name: str, function: Callable[[], Any]) -> Callable[[], Any]:
        def ask() -> Any:
            self.look(name)
            return function()

        return ask

    def look(self, name: str) -> None:
        """Notes what is read, or raises Personal."""
        module = importing_module()
        if module is None or (module, name) in KNOWN or (module, None) in KNOWN:
            return
        if name in PERSONAL or name in ACCOUNT:
            self.refuse(f"{module} reads {name}")
        self.read[name] = self.before.get(name)

    def refuse(self, why: str) -> NoReturn:
        self.raised += 1
        raise Personal(why)

    def load(self, name: str) -> None:
        before = self.raised
        try:
            importlib.import_module(name)
        except Personal as error:
            print(f"Each server imports {name} itself: {error}", flush=True)
            return
        except (Exception, SystemExit) as error:
            print(f"Each server imports {name} itself: {error!r}", flush=True)
            return
        if self.raised != before:
            raise CannotPreload(f"{name} goes on where its import was ended")


def importing_module() -> str | None:
    """The module whose text runs now; `None` outside of imports."""
    frame: Any = sys._getframe(2)
    while frame is not None:
        if frame.f_code.co_name == "<module>":
            name = frame.f_globals.get("__name__")
            return None if name == "__main__" else name
        frame = frame.f_back
    return None


def require_forkable() -> None:
    """Raises CannotPreload for what forks would share with each other."""
    if len(os.listdir("/proc/self/task")) != 1:
        raise CannotPreload("a module starts threads when it is imported")
    opened = [name for name in os.listdir("/proc/self/fd") if int(name) > 2]
    # One of them is that by which the list is read.
    if len(opened) > 1:
        raise CannotPreload("a module keeps files open when it is imported")
    for line in Path("/proc/self/maps").read_text().splitlines():
        if line.split()[1].endswith("s") and "w" in line.split()[1]:
            raise CannotPreload("a module shares memory when it is imported")


def rehearse() -> None:
    """Renews everything in a fork, as for somebody else, and looks for what is left. Raises CannotPreload."""
    # Made of parts: these words themselves must not be found.
    marks = [os.environ[name] for name in ("HOME", "USER", "JUPYTERHUB_SERVICE_PREFIX")]
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        try:
            encoded = [mark[::-1] for mark in marks]
            marks.clear()
            left = look_after_renewal(encoded)
        except BaseException as error:
            left = repr(error)
        os.write(writing, left.encode()[:4096])
        os._exit(0)
    os.close(writing)
    with open(reading) as answer:
        left = answer.read()
    _, status = os.waitpid(pid, 0)
    if left or status:
        raise CannotPreload(f"a server would keep what is the service's: {left}")


def look_after_renewal(reversed_marks: list[str]) -> str:
    environment = {**os.environ, "HOME": "/", "USER": "nobody", "LOGNAME": "nobody", "JUPYTERHUB_SERVICE_PREFIX": "/"}
    renew(environment)
    gc.collect()
    return find_text(lambda text: any(mark[::-1] in text for mark in reversed_marks)) or ""


def find_text(matches: Callable[[str], bool]) -> str | None:
    """Looks through everything in memory; says where a text stands, roughly."""
    seen: set[int] = set()
    todo: list[tuple[Any, Any]] = [(each, None) for each in gc.get_objects()]
    own = {id(todo), id(seen), id(sys._getframe())}
    while todo:
        each, holder = todo.pop()
        if id(each) in own or isinstance(each, types_of_frames):
            continue
        if isinstance(each, (str, bytes)):
            text = each if isinstance(each, str) else each.decode(errors="replace")
            if matches(text):
                return f"{text[:200]} in {describe(holder)}"
            continue
        if id(each) in seen:
            continue
        seen.add(id(each))
        todo.extend((inner, each) for inner in gc.get_referents(each))
    return None


types_of_frames = (type(sys._getframe()),)


def describe(holder: Any) -> str:
    if isinstance(holder, dict):
        return f"a dict with {', '.join(repr(key)[:40] for key in list(holder)[:6])}"
    return f"{type(holder).__module__}.{type(holder).__qualname__}"


def renew(environment: Mapping[str, str]) -> None:
    """Makes the environment and all that imported modules took of it those of one server."""
    os.environ.clear()
    os.environ.update(environment)
    posix.environ.clear()
    posix.environ.update({os.fsencode(name): os.fsencode(value) for name, value in environment.items()})
    time.tzset()
    tempfile.tempdir = None
    renew_python()
    processes: Any = sys.modules.get("multiprocessing.process")
    if processes is not None:
        processes.ORIGINAL_DIR = os.getcwd()
    handlers: Any = sys.modules.get("wsgiref.handlers")
    if handlers is not None:
        handlers.BaseHandler.os_environ = dict(os.environ.items())
    trash = sys.modules.get("send2trash.plat_other")
    if trash is not None:
        # Its functions look into the same module.
        importlib.reload(trash)
    renew_default("jupyter_client.session", "Session", "username", lambda _: os.environ.get("USER", "username"))
    renew_default("ipykernel.kernelapp", "IPKernelApp", "parent_handle", lambda _: int(os.environ.get("JPY_PARENT_PID") or 0))
    prefix = os.environ.get("JUPYTERHUB_SERVICE_PREFIX") or "/"
    renew_default("jupyterhub.services.auth", "HubAuth", "base_url", lambda _: prefix)
    renew_default("jupyterlab.labapp", "LabApp", "user_settings_dir", lambda lab: lab.get_user_settings_dir())
    renew_default("jupyterlab.labapp", "LabApp", "workspaces_dir", lambda lab: lab.get_workspaces_dir())


def renew_python() -> None:
    """Packages in a person's home, as Python's `site` looks for them: after the environment's own, before the system's."""
    site.USER_BASE = site.USER_SITE = None
    base, packages = site.getuserbase(), site.getusersitepackages()
    sysconfig.get_config_vars()["userbase"] = base
    if not site.ENABLE_USER_SITE or not os.path.isdir(packages):
        return
    own = sysconfig.get_path("purelib")
    before = list(sys.path)
    site.addsitedir(packages)
    added = [place for place in sys.path if place not in before]
    place = before.index(own) + 1 if own in before else len(before)
    sys.path[:] = [*before[:place], *added, *before[place:]]
    importlib.invalidate_caches()
    site.execusercustomize()  # type: ignore[attr-defined]


def renew_default(module_name: str, class_name: str, trait_name: str, value_of: Callable[[Any], Any]) -> None:
    """Gives a trait the default that it would have if its class were made now, there and where it is inherited."""
    module: Any = sys.modules.get(module_name)
    if module is None:
        return
    owner = getattr(module, class_name)
    trait, value = getattr(owner, trait_name), value_of(module)
    trait.default_value = value
    todo = [owner]
    while todo:
        each = todo.pop()
        todo += each.__subclasses__()
        # traitlets keeps a copy of plain defaults with each class.
        if getattr(each, trait_name) is trait and trait_name in getattr(each, "_static_immutable_initial_values", {}):
            each._static_immutable_initial_values[trait_name] = value
