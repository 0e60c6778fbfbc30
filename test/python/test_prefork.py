"""Forked servers: who is answered, what is imported beforehand, and what a unit does where nobody forks for it."""

from __future__ import annotations

import asyncio
import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import jhub_adoption
import jhub_fork_services
import jhub_prefork
import pytest
from conftest import DEADLINE_SECONDS, ROOT
from jhub_adoption import (
    Refused,
    Standing,
    differences,
    group_directory,
    join_groups,
    join_new_keyring,
    peer_of,
    require_server,
    standing_of,
)
from jhub_environments import WHOLE
from jhub_fork_services import LAUNCHER, ForkService, ForkServices, launch, who_answers
from jhub_limits import END_BEFORE_HUB
from jhub_preload import CannotPreload, Preloaded

UNIT = r"jhub\-class\.[^./]+\.server\.service"
GROUPS = "2:memory:/jhub.slice/jhub-class.slice/jhub-class.ana.server.service\n0::/jhub.slice/jhub-class.ana.server.service\n"
MOUNTS = """\
30 29 0:26 / /sys/fs/cgroup ro - tmpfs tmpfs ro
31 30 0:27 / /sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory
32 30 0:28 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
33 30 0:29 /docker/1 /sys/fs/cgroup/unified rw shared:9 - cgroup2 cgroup2 rw
"""
STANDING = Standing(
    status={
        "Uid": "200000\t200000\t200000\t200000",
        "Gid": "200000\t200000\t200000\t200000",
        "Groups": "200000",
        "NoNewPrivs": "1",
        "CapPrm": "0",
        "CapEff": "0",
        "Seccomp_filters": "15",
    },
    groups=GROUPS,
    limits="",
    oom_score="0",
    priority=0,
    label="",
)
as_root = pytest.mark.skipif(sys.platform != "linux" or os.getuid() != 0, reason="only root forks servers")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only where systemd is")


@pytest.mark.parametrize(("number", "is_refused"), [(errno.EDQUOT, True), (errno.EPERM, False), (errno.ENOSYS, False)])
def test_who_has_used_up_their_keys_does_not_share_those_of_the_service(
    number: int, is_refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Kernel:
        @staticmethod
        def syscall(*_: object) -> int:
            ctypes.set_errno(number)
            return -1

    monkeypatch.setattr(jhub_adoption, "libc", Kernel)
    if not is_refused:
        return join_new_keyring()
    with pytest.raises(OSError, match="keys of its own"):
        join_new_keyring()


def test_a_unit_of_a_server_is_answered() -> None:
    require_server(STANDING, UNIT)


@pytest.mark.parametrize(
    ("changed", "groups"),
    [
        ({"Uid": "0\t0\t0\t0"}, GROUPS),
        ({"Uid": "200000\t200000\t0\t200000"}, GROUPS),
        ({"Gid": "0\t0\t0\t0"}, GROUPS),
        ({"Groups": "200000 0"}, GROUPS),
        ({"NoNewPrivs": "0"}, GROUPS),
        ({"CapPrm": "200000"}, GROUPS),
        ({"CapEff": "1"}, GROUPS),
        ({}, GROUPS.replace("class", "other")),
        ({}, "0::/user.slice/user-200000.slice/session-1.scope\n"),
        ({}, "0::/jhub-class.ana.server.service/nested\n"),
        ({}, "0::/jhub-class.a.b.server.service\n"),
        ({}, ""),
    ],
)
def test_nobody_else_is(changed: dict[str, str], groups: str) -> None:
    with pytest.raises(Refused):
        require_server(replace(STANDING, status={**STANDING.status, **changed}, groups=groups), UNIT)


@pytest.mark.parametrize("field", ["Uid", "Seccomp_filters", "CapBnd", "Umask"])
def test_a_difference_in_one_field_is_seen(field: str) -> None:
    assert differences(STANDING, STANDING) == []
    other = replace(STANDING, status={**STANDING.status, field: "other"})
    assert differences(STANDING, other) == [field]
    assert differences(STANDING, replace(STANDING, limits="fewer", label="confined")) == ["limits", "label"]


def test_control_groups_of_both_versions_are_found() -> None:
    assert group_directory("memory", "/a", MOUNTS) == Path("/sys/fs/cgroup/memory/a")
    assert group_directory("cpuacct", "/a", MOUNTS) == Path("/sys/fs/cgroup/cpu,cpuacct/a")
    assert group_directory("", "/docker/1/a", MOUNTS) == Path("/sys/fs/cgroup/unified/a")
    for controllers, path in (("pids", "/a"), ("", "/docker/12/a")):
        with pytest.raises(Refused):
            group_directory(controllers, path, MOUNTS)


def test_only_control_groups_that_differ_are_entered(tmp_path: Path) -> None:
    for name in ("memory", "pids"):
        (tmp_path / name / "unit").mkdir(parents=True)
    mounts = "".join(f"1 0 0:1 / {tmp_path / name} rw - cgroup cgroup rw,{name}\n" for name in ("memory", "pids"))
    join_groups("2:memory:/unit\n1:pids:/unit\n", "2:memory:/service\n1:pids:/unit\n", mounts)
    assert (tmp_path / "memory/unit/cgroup.procs").read_text() == "0"
    assert not (tmp_path / "pids/unit/cgroup.procs").exists()


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    one, other = socket.socketpair(socket.AF_UNIX)
    with one, other:
        yield one, other


@as_root
def test_who_connected_is_known_and_has_to_be_there(pair: tuple[socket.socket, socket.socket]) -> None:
    one, other = pair
    peer = peer_of(one)
    assert peer.pid == os.getpid() and not peer.has_ended
    other.close()
    with pytest.raises(Refused, match="has ended"):
        peer_of(one)


@as_root
def test_who_is_not_root_is_refused() -> None:
    program = f"""
import os, socket, sys
sys.path.insert(0, {str(ROOT / "assets/vm")!r})
import jhub_adoption
os.setgid(65534); os.setuid(65534)
one, other = socket.socketpair(socket.AF_UNIX)
try:
    jhub_adoption.peer_of(one)
except jhub_adoption.Refused as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout == "uid 65534 connected, not root\n", done.stderr


def test_the_kernel_tells_what_a_process_is() -> None:
    if sys.platform == "linux":
        assert standing_of("self").uid == os.getuid()
        assert differences(standing_of(os.getpid()), standing_of("self")) == []


@pytest.mark.parametrize("words", [b"", b"fork", b"fork\nyes\n", b"Fork\n", b'{"pid": 1}'])
def test_other_words_fork_nothing(
    words: bytes, pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("forked"))
    pair[1].sendall(words)
    pair[1].shutdown(socket.SHUT_WR)
    assert not jhub_prefork.forks(pair[0])


def test_no_memory_for_a_fork_is_no_end_of_the_service(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> int:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(os, "fork", fail)
    pair[1].sendall(b"fork\n")
    assert not jhub_prefork.forks(pair[0])
    assert "Cannot allocate memory" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["--"], ["--", "/bin/sh"], ["--", "python"], [sys.executable, "-m", "x"]])
def test_only_programs_of_the_environment_are_run(words: list[str]) -> None:
    with pytest.raises(Refused):
        jhub_prefork.command_of(words)


def test_a_script_of_the_environment_is() -> None:
    script = str(Path(sys.prefix, "bin", "jupyterhub"))
    assert jhub_prefork.command_of(["/bin/bash", "--", script, "--", "x"]) == [script, "--", "x"]


@pytest.mark.parametrize(
    "environment",
    [
        {"LANG": "C.UTF-8", "A": "1"},
        {"LANG": "C.UTF-8", "A": "1", "B": "2"},
        {"A": "0", "LANG": "C.UTF-8", "PYTHONPATH": "/x"},
        {"A": "0", "LANG": "C.UTF-8", "LD_PRELOAD": "/x"},
        {"A": "0", "LANG": "de_DE.UTF-8"},
    ],
)
def test_an_environment_in_which_imports_might_differ_is_refused(environment: dict[str, str]) -> None:
    preloaded = Preloaded(read={"A": "0", "B": None}, early={"LANG": "C.UTF-8"})
    preloaded.require_same({"A": "0", "LANG": "C.UTF-8", "HOME": "/anywhere"})
    with pytest.raises(CannotPreload):
        preloaded.require_same(environment)


def preload(tmp_path: Path, **modules: str) -> str:
    """Preloads modules of that text in a Python of its own; says what was printed, what is imported, or why it cannot be."""
    for name, text in modules.items():
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(text))
    program = f"""
import sys
from pathlib import Path
sys.path[:0] = [{str(ROOT / "assets/vm")!r}, {str(tmp_path)!r}]
import jhub_preload
jhub_preload.MODULES = {tuple(modules)!r}
jhub_preload.extensions = lambda: []
try:
    jhub_preload.preload(Path(sys.prefix))
except jhub_preload.CannotPreload as error:
    print("cannot:", error)
print("imported:", *(name for name in {tuple(modules)!r} if name in sys.modules))
"""
    variables = {
        "HOME": "/nonexistent/home-of-the-fork-service",
        "USER": "user-of-the-fork-service",
        "JUPYTERHUB_SERVICE_PREFIX": "/prefix-of-the-fork-service/",
    }
    command = [sys.executable, "-B", "-c", program]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=True).stdout


@on_linux
def test_what_is_everybodys_is_imported_and_what_reads_a_persons_values_is_not(tmp_path: Path) -> None:
    said = preload(
        tmp_path,
        plain="import json",
        homely="import os; HOME = os.path.expanduser('~')",
        needs="import plain, homely",
        account="import os; ME = os.getuid()",
        careful="try:\n    import homely\nexcept Exception:\n    homely = None",
    )
    assert said.splitlines()[-1] == "imported: plain"
    assert "homely reads HOME" in said and "account reads getuid" in said and "cannot:" not in said


@on_linux
def test_nothing_is_forked_where_a_module_hides_that_it_read_them(tmp_path: Path) -> None:
    said = preload(
        tmp_path, homely="import os; HOME = os.environ['HOME']", hides="try:\n    import homely\nexcept:\n    pass"
    )
    assert "cannot: hides goes on where its import was ended" in said


@on_linux
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()", "starts threads"),
        ("FILE = open('/dev/null')", "keeps files open"),
        ("import mmap; SHARED = mmap.mmap(-1, 4096)", "shares memory"),
        ("import posix; KEPT = [posix.environ[b'HOME']]", "would keep what is the service's"),
        ("import posix; KEPT = {'a': ('x' + posix.environ[b'USER'].decode(),)}", "would keep what is the service's"),
    ],
)
def test_nothing_is_forked_that_forks_would_share(tmp_path: Path, text: str, why: str) -> None:
    assert f"cannot: {why}" in preload(tmp_path, strange=text).replace("a module ", "").replace("a server ", "")


def run_launcher(tmp_path: Path, reply: bytes) -> tuple[list[bytes], str, int]:
    """Runs the launcher as systemd does, answers it, and gives what it said, what its program printed, and its code."""
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\nenv -0\nreadlink /proc/self/fd/0\n")
    program.chmod(0o755)
    script = LAUNCHER.replace("$$", "$")
    here, there = socket.socketpair(socket.AF_UNIX)
    command = ["/bin/bash", "-p", "-c", script, *launch([str(program)])[4:]]
    variables = {"HOME": "/a home", "BASH_ENV": "/nonexistent", "NOTIFY_SOCKET": "/run/x", "PATH": os.environ["PATH"]}
    with here, subprocess.Popen(command, stdin=there, stdout=there, stderr=subprocess.PIPE, env=variables) as process:
        there.close()
        said = [here.recv(16)]
        here.sendall(reply)
        if reply == b"ready\ndone\n":
            said.append(here.recv(16))
        here.shutdown(socket.SHUT_WR)
        assert process.stderr is not None
        printed = process.stderr.read().decode()
    return said, printed, process.returncode


@on_linux
def test_a_forked_program_is_not_run_again(tmp_path: Path) -> None:
    assert run_launcher(tmp_path, b"ready\ndone\n") == ([b"fork\n", b"yes\n"], "", 0)


@on_linux
@pytest.mark.parametrize("reply", [b"", b"no\n", b"ready\n", b"ready\nnot done\n", b"ready", b"done\n"])
def test_without_a_fork_the_program_runs_with_just_its_environment(tmp_path: Path, reply: bytes) -> None:
    _, printed, code = run_launcher(tmp_path, reply)
    *pairs, standard_input = [word for word in printed.replace("\n", "\0").split("\0") if word and "rror" not in word]
    assert code == 0 and standard_input == "/dev/null"
    # What the shell of this test itself sets is not the launcher's doing.
    assert {pair for pair in pairs if not pair.startswith(("PWD=", "_="))} == {
        "HOME=/a home",
        "BASH_ENV=/nonexistent",
        f"PATH={os.environ['PATH']}",
    }


def services(tmp_path: Path, **settings: object) -> ForkServices:
    return ForkServices(
        {
            "name": "class",
            "prefork": True,
            "hubSocket": str(tmp_path / "hub.sock"),
            "userEnvironment": "/env/user-1",
            "unitTemplate": "jhub-class.{ACCOUNT}.server",
            "secretsFile": "/s/secrets.json",
            "homesDirectory": "/d/homes",
            "databaseFile": "/d/database/x",
            **settings,
        },
        {"PATH": "/bin", "HTTPS_PROXY": "http://me:secret@proxy"},
    )


def test_what_a_service_is_given_stands_in_no_unit(tmp_path: Path) -> None:
    made = services(tmp_path)
    command = made.start_command(Path("/env/user-1"))
    assert "secret@" not in " ".join(command)
    (file,) = tmp_path.glob("*.fork-env")
    assert file.stat().st_mode & 0o777 == 0o600 and "secret@" in file.read_text()
    assert f"--unit=jhub-class.user-1-{made.digest}.prefork.service" in command
    assert command[-5:-3] == ["/env/user-1/bin/python", str(Path(jhub_prefork.__file__))]
    # Its filters of system calls are those of a server.
    assert "--property=RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK" in command


def test_a_service_of_an_image_is_run_by_the_standard_python(tmp_path: Path) -> None:
    command = services(tmp_path).start_command(Path("/env/image-small-0123456789ab"))
    assert "/env/user-1/bin/python" in command and "/env/image-small-0123456789ab/bin/python" not in command
    assert command[-1] == "/env/image-small-0123456789ab"


def test_a_service_whose_program_is_gone_is_not_started_for_ever(tmp_path: Path) -> None:
    gone = subprocess.run([sys.executable, str(tmp_path / "gone.py")], capture_output=True, check=False)
    assert f"--property=RestartPreventExitStatus={gone.returncode}" in services(tmp_path).start_command(Path("/env/user-1"))


def test_a_service_that_ends_again_and_again_is_not_started_for_ever(tmp_path: Path) -> None:
    words = services(tmp_path).start_command(Path("/env/user-1"))
    properties = dict(word.removeprefix("--property=").split("=", 1) for word in words if word.startswith("--property="))
    # systemd's own limit, of five starts in ten seconds, is never reached by what starts every two seconds and imports first.
    assert int(properties["StartLimitIntervalSec"]) > int(properties["StartLimitBurst"]) * int(properties["RestartSec"])


def test_a_service_ends_before_the_hub_when_memory_runs_out_and_its_forks_as_servers_do(tmp_path: Path) -> None:
    assert f"--property=OOMScoreAdjust={END_BEFORE_HUB}" in services(tmp_path).start_command(Path("/env/user-1"))


def test_the_socket_of_the_longest_name_fits(tmp_path: Path) -> None:
    made = services(tmp_path, hubSocket="/opt/jhub/state/a-hub-of-the-longest-name-allowed/run/hub.sock")
    place = made.socket(Path(f"/env/image-{'x' * 31}-0123456789ab"))
    assert len(os.fsencode(place)) <= jhub_fork_services.LONGEST_PATH
    assert place != made.socket(Path("/env/image-y-0123456789ab"))


def test_services_follow_the_images_that_people_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environments = tmp_path / "env"
    made = services(tmp_path, userEnvironment=str(environments / "user-1"))
    started, stopped = list[str](), list[str]()
    a, other_a, b, c = (f"image-{name}-0123456789ab" for name in ("a", "a2", "b", "c"))
    for name in (a, other_a, b, c):
        (environments / name).mkdir(parents=True)
        (environments / name / WHOLE).touch()

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        (stopped if command[:2] == ["systemctl", "stop"] else started).append(command[-1])
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(jhub_fork_services, "free_bytes", lambda: jhub_fork_services.LEAST_FREE_BYTES)
    built = {"a": a, "b": b, "c": c}
    asyncio.run(made.adjust({"default": "a", "groups": [["ta", "b"]], "built": built}))
    assert started == [str(environments / name) for name in ("user-1", a, b)] and stopped == []
    # Another build of one, and another is nobody's: it can still be chosen.
    started.clear()
    asyncio.run(made.adjust({"default": "a", "built": built | {"a": other_a}}))
    assert started == [str(environments / other_a)] and stopped == [made.unit(Path(a))]
    monkeypatch.setattr(jhub_fork_services, "free_bytes", lambda: jhub_fork_services.LEAST_FREE_BYTES - 1)
    started.clear()
    asyncio.run(made.adjust({"default": "c", "built": built | {"a": other_a}}))
    assert started == []


def test_a_service_that_a_server_wanted_too_soon_is_started_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    standard = tmp_path / "env" / "user-1"
    made = services(tmp_path, userEnvironment=str(standard))
    started, now = list[str](), [1000.0]

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        started.append(command[-1])
        return subprocess.CompletedProcess(command, 0, "", "")

    async def nobody(_place: Path) -> None:
        return None

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(jhub_fork_services, "free_bytes", lambda: jhub_fork_services.LEAST_FREE_BYTES)
    monkeypatch.setattr(jhub_fork_services, "who_answers", nobody)
    monkeypatch.setattr(jhub_fork_services.time, "monotonic", lambda: now[0])
    made.start(standard)
    started.clear()
    # Somebody stopped it, and the next server comes a moment later.
    now[0] += jhub_fork_services.PAUSE_SECONDS / 2
    assert asyncio.run(made.find(standard, "ana")) is None
    asyncio.run(made.adjust({}))
    assert started == []
    now[0] += jhub_fork_services.PAUSE_SECONDS
    asyncio.run(made.adjust({}))
    asyncio.run(made.adjust({}))
    assert started == [str(standard)]


@pytest.mark.parametrize("reference", ["../elsewhere", "/elsewhere", "image-a-0123456789ab"])
def test_no_service_is_of_what_a_policy_makes_up(reference: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, started = services(tmp_path, userEnvironment=str(tmp_path / "env/user-1")), list[Path]()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / WHOLE).touch()
    monkeypatch.setattr(made, "start", started.append)
    asyncio.run(made.adjust({"default": "a", "built": {"a": reference}}))
    assert started == [made.standard]


def test_a_hub_that_starts_again_knows_the_services_that_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, ran = services(tmp_path), list[list[str]]()
    units = f"{made.unit(Path('/env/image-old-1'))} loaded active\njhub-class.user-0-00000000.prefork.service loaded active\n"

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        ran.append(command)
        return subprocess.CompletedProcess(command, 0, units, "")

    monkeypatch.setattr(subprocess, "run", run)
    made.end_others()
    assert ran[1:] == [["systemctl", "stop", "jhub-class.user-0-00000000.prefork.service"]]
    ran.clear()
    asyncio.run(made.adjust({}))
    assert ["systemctl", "stop", made.unit(Path("/env/image-old-1"))] in ran


def test_forks_that_never_become_servers_are_not_tried_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, environment = services(tmp_path), Path("/env/user-1")

    async def yes(_: Path) -> int:
        return 7

    monkeypatch.setattr(jhub_fork_services, "who_answers", yes)
    for _ in range(jhub_fork_services.MOST_FAILURES):
        assert asyncio.run(made.find(environment, "mallory")) == ForkService(made.socket(environment), 7)
        made.note_failure(environment, "mallory")
    assert asyncio.run(made.find(environment, "mallory")) is None
    # Whoever has a server of theirs fail on purpose ends forks for nobody else.
    for account in ("ana", "ben"):
        assert asyncio.run(made.find(environment, account)) == ForkService(made.socket(environment), 7)
        made.note_failure(environment, account)
    assert asyncio.run(made.find(environment, "cleo")) is None
    assert asyncio.run(made.find(Path("/env/image-x-1"), "cleo")) is not None


def test_a_service_that_is_not_there_or_hangs_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jhub_fork_services, "AWAKE_SECONDS", 0.2)
    place = tmp_path / "x.fork"
    assert asyncio.run(who_answers(place)) is None
    with jhub_prefork.listen(str(place)):
        assert place.stat().st_mode & 0o777 == 0o600
        assert asyncio.run(who_answers(place)) is None, "it listens and hangs"
    assert asyncio.run(who_answers(place)) is None, "it ended and left its socket"


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that answers is not given up because the machine is busy."""
    monkeypatch.setattr(jhub_fork_services, "AWAKE_SECONDS", DEADLINE_SECONDS)


@contextmanager
def service_at(place: Path) -> Iterator[int]:
    """A process that listens and forks. Gives its number, and ends it."""
    service = os.fork()
    if service == 0:
        # Whoever is forked gives up, as where a server cannot be equalled.
        jhub_prefork.become_server = lambda *_: os._exit(1)
        with jhub_prefork.listen(str(place)) as listener:
            jhub_prefork.serve(listener, UNIT, Preloaded({}, {}))
        os._exit(0)
    try:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while asyncio.run(who_answers(place)) != service and time.monotonic() < deadline:
            time.sleep(0.01)
        yield service
    finally:
        os.kill(service, signal.SIGKILL)
        os.waitpid(service, 0)


@on_linux
@pytest.mark.usefixtures("patience")
def test_a_service_goes_on_after_each_fork(tmp_path: Path) -> None:
    place = tmp_path / "x.fork"
    with service_at(place) as service:
        for _ in range(3):
            with socket.socket(socket.AF_UNIX) as launcher:
                launcher.settimeout(DEADLINE_SECONDS)
                launcher.connect(str(place))
                launcher.sendall(b"fork\n")
                assert launcher.recv(16) == b""
            assert asyncio.run(who_answers(place)) == service


@on_linux
@pytest.mark.usefixtures("patience")
def test_a_service_that_was_killed_is_told_from_the_next_one(tmp_path: Path) -> None:
    place = tmp_path / "x.fork"
    with service_at(place) as pid:
        killed = ForkService(place, pid)
        assert asyncio.run(killed.still_answers())
    assert not asyncio.run(killed.still_answers())
    with service_at(place) as pid:
        assert asyncio.run(ForkService(place, pid).still_answers())
        assert not asyncio.run(killed.still_answers())
